"""Hold a month of play in plain numbers, and go on from one."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from papertiger.model.ensemble.start import Start


@dataclass(frozen=True)
class Signal:
    """Own evidence of a client's month, after the cap and before the weight of bad news."""

    signal: str
    cause: str
    intensity: float
    good_capability: float
    bad_capability: float
    good_resolve: float
    bad_resolve: float


@dataclass(frozen=True)
class ClientMonth:
    """A client at the end of a month; names as in `papertiger.model.ensemble.tables.STATE`.

    ``threat`` is tau0, the outlook's; ``offers`` is z and ``raised`` what was offered this month, by rival;
    ``arms_ties``, ``economy_ties`` and ``first_attraction`` as `papertiger.model.rules.ties` has them.
    """

    posture: int
    regime: int
    outlook: int
    destination: int
    covert_rival: int
    present: bool
    reviewed: bool
    capability_good: float
    capability_bad: float
    resolve_good: float
    resolve_bad: float
    attack_level: float
    claim_level: float
    missing_support: float
    contested_months: float
    unanswered_intensity: float
    unanswered_cause: int
    anchor: float
    dependence: float
    patron_trust_good: float
    patron_trust_bad: float
    trust_bad: float
    attention: float
    offers: tuple[float, ...]
    raised: tuple[float, ...]
    arms_ties: tuple[float, ...]
    economy_ties: tuple[float, ...]
    first_attraction: tuple[float, ...]
    signals: tuple[Signal, ...] = ()

    @property
    def capability(self) -> float:
        """Mean belief that the patron can protect it."""
        return self.capability_good / (self.capability_good + self.capability_bad)

    @property
    def resolve(self) -> float:
        """Mean belief that the patron will protect it."""
        return self.resolve_good / (self.resolve_good + self.resolve_bad)

    @property
    def protection(self) -> float:
        """Probability, as the client sees it, that help comes and works."""
        return self.capability * self.resolve

    @property
    def trust(self) -> float:
        """The patron's trust in the client."""
        return self.patron_trust_good / (self.patron_trust_good + self.patron_trust_bad)


@dataclass(frozen=True)
class CrisisMonth:
    """A crisis of a month; ``event`` names the dated event that it came from, if any.

    ``from_air`` is not in the text that a turn's digest is of, since games of earlier versions have none.
    """

    client: int
    intensity: float
    event: str
    from_air: bool = field(default=True, repr=False)


@dataclass(frozen=True)
class MonthState:
    """The world at the end of a month, and the crises of that month."""

    index: int
    clients: tuple[ClientMonth, ...]
    crises: tuple[CrisisMonth, ...]
    income: float
    budget: float
    burden: float
    pressure: float
    lost_assets: float
    even_attention: float
    credibility: float


COPIED = (
    "posture",
    "regime",
    "outlook",
    "destination",
    "covert_rival",
    "capability_good",
    "capability_bad",
    "resolve_good",
    "resolve_bad",
    "attack_level",
    "claim_level",
    "missing_support",
    "contested_months",
    "unanswered_intensity",
    "unanswered_cause",
    "anchor",
    "dependence",
    "patron_trust_good",
    "patron_trust_bad",
    "trust_bad",
)


def start_from(state: MonthState) -> Start:
    """Return the state of an ensemble that goes on from the end of a month."""
    import numpy as np  # noqa: PLC0415

    from papertiger.model.ensemble.records import PATRON, STATE  # noqa: PLC0415
    from papertiger.model.ensemble.start import Start  # noqa: PLC0415

    clients = np.zeros(len(state.clients), STATE)
    for row, client in zip(clients, state.clients, strict=True):
        for name in COPIED:
            row[name] = getattr(client, name)
    patron = np.zeros(1, PATRON)
    for name in ("income", "budget", "burden", "pressure", "lost_assets", "even_attention"):
        patron[0][name] = getattr(state, name)
    rivals = len(state.clients[0].offers)
    offers = np.array([client.offers for client in state.clients], dtype="f8").reshape(len(state.clients), rivals)
    ties = np.array([(client.arms_ties, client.economy_ties) for client in state.clients], dtype="f8")
    first = np.array([client.first_attraction for client in state.clients], dtype="f8")
    return Start(state.index + 1, clients, offers, ties, first, patron)
