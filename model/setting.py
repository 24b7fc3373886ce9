"""Hold the world of one run in numbers: what both engines start from.

A scenario names things and says where they come from; a :class:`Setting` holds only what the month needs, with
names turned into indices, figures into numbers and dates into months.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from papertiger.scenarios.schema.events import NOT_INPUTS, STRUCTURAL_KINDS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from papertiger.model.constants import Constants


(
    ATTACK,
    OFFER,
    OFFER_WITHDRAWN,
    INVASION,
    REGIME_LOSS,
    LEADER_HEALTH,
    NEW_SITUATION,
    LEADER_CHANGE,
    DISENGAGEMENT,
    RIVAL_PLEDGE,
    SIGNAL,
) = range(11)
"""Numbers of the kinds of event: the structural ones in the schema's order, then every signal."""
STRUCTURAL = {kind: number for number, kind in enumerate(STRUCTURAL_KINDS) if kind not in NOT_INPUTS}
NOBODY = -1
NEVER = 1_000_000
"""A month that no span reaches."""


@dataclass(frozen=True)
class Outlook:
    """What a regime stands in: its priors, dependence, exposure and options.

    ``base_protection``, ``base_economy`` and ``openness`` have one entry per rival; ``arms_ties`` and
    ``economy_ties`` the shares at entry of the patron, of each rival and of others. ``dependence`` is that at entry.
    ``arms_now`` and ``economy_now`` are the patron's shares that a new situation puts the ties at, or -1.
    """

    prior_capability: float
    prior_resolve: float
    threat: float
    exposure: float
    dependence: float
    base_protection: tuple[float, ...]
    base_economy: tuple[float, ...]
    openness: tuple[float, ...]
    arms_ties: tuple[float, ...]
    economy_ties: tuple[float, ...]
    arms_now: float = -1.0
    economy_now: float = -1.0


@dataclass(frozen=True)
class ClientSetting:
    """One bond of a client with a patron in numbers.

    ``assets`` has one share per asset of all patrons, in their order. ``patron`` is a place among them, and ``lead``
    the place of the client's first bond, which is the bond itself where there is one patron.
    """

    name: str
    key: int
    posture: int
    enters: int
    leaves: int
    sub_state: bool
    outlook: Outlook
    border: float
    value: float
    supplied_air_defence: bool
    air_attacks: float
    assets: tuple[float, ...]
    adversary: str
    clash: float
    worth: float
    patron: int = 0
    lead: int = 0

    def is_in_network(self, month: int) -> bool:
        """Tell whether the client is in the network in a month."""
        return self.enters <= month < self.leaves


@dataclass(frozen=True)
class SignalSetting:
    """One row of the signal table in numbers."""

    name: str
    good: bool
    weight: float
    loading: float
    excusable: bool
    patron_threat: bool
    coercive: bool
    response: bool
    witnessed: bool
    system: int


@dataclass(frozen=True)
class DatedEvent:
    """One dated event in numbers; ``signal``, ``client`` and ``rival`` are indices or ``NOBODY``.

    ``outlook`` is a successor's after a regime loss, and the client's own in a new situation. ``answer_known`` is
    false of an attack of which the record does not say whether the patron failed to answer. ``from_air`` is the
    chance that an attack comes from the air, and ``patron`` the place of the patron whose an invasion is.
    """

    name: str
    month: int
    kind: int
    client: int
    rival: int
    intensity: float
    signal: int
    loading: float | None
    always: bool
    outlook: Outlook | None
    continuity: float
    clash: float
    answer_known: bool = True
    from_air: float = 1.0
    patron: int = 0


@dataclass(frozen=True)
class PatronSetting:
    """One patron in numbers.

    Attributes
    ----------
    name, key
        Its name, and the key of its draws.
    war_burden, sanctions, rival_track, income_known
        Paths, length T; ``sanctions`` is -1 where the burden stands for them, and ``income_known`` the logarithm
        of the income index times the elasticity.
    income_drawn_from
        First month whose income is drawn, or T.
    asset_names, asset_values
        Its assets, and one path of length T for each.
    """

    name: str
    key: int
    war_burden: tuple[float, ...]
    sanctions: tuple[float, ...]
    rival_track: tuple[float, ...]
    income_known: tuple[float, ...]
    income_drawn_from: int
    income_persistence: float
    income_noise: float
    asset_names: tuple[str, ...]
    asset_values: tuple[tuple[float, ...], ...]


@dataclass(frozen=True)
class Setting:
    """A whole world in numbers.

    Attributes
    ----------
    first_month
        Number of the first month (see `papertiger.model.calendar`); draws are keyed by absolute months.
    months
        Names of the months, length T.
    generative
        Whether crises are drawn in that month, length T.
    patrons
        The patrons, the first one first.
    clients
        Every bond of a client with a patron.
    rivals
        Names of the rivals and, where there are several patrons, of the patrons behind them, since each of these is
        an option against the others.
    beside
        Place of the client's bond with the patron that stands in a rival's place, or ``NOBODY``, N x K; empty where
        there is one patron.
    offer_keys
        Key of the draws of one rival's offers to one client, N x K.
    similarity
        N x N, zero on the diagonal.
    own_parameters
        Values of parameters of a modeler's own, by name; the shipped rules read none.
    """

    seed: int
    run: int
    first_month: int
    months: tuple[str, ...]
    generative: tuple[bool, ...]
    constants: Constants
    patrons: tuple[PatronSetting, ...]
    clients: tuple[ClientSetting, ...]
    rivals: tuple[str, ...]
    beside: tuple[tuple[int, ...], ...]
    offer_keys: tuple[tuple[int, ...], ...]
    adversaries: tuple[str, ...]
    signals: tuple[SignalSetting, ...]
    signal_index: Mapping[str, int]
    events: tuple[DatedEvent, ...]
    similarity: tuple[tuple[float, ...], ...]
    own_parameters: Mapping[str, float] = field(default_factory=dict)
