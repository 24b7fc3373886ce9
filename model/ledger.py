"""Keep the ledger: why each belief changed, exactly.

Every piece of evidence is written down with its month, client, cause and channel. Forgetting and Beta counts are
linear in the evidence, so a cause x still holds A_x(t) = sum of lambda^(t - t') r_x(t') of the good count and B_x
likewise of the bad one, and with n = alpha + beta

    m - m0 = sum over x of [(1 - m0) A_x - m0 B_x] / n

holds without remainder. The change of protection pi = m_C m_W splits symmetrically:

    pi - pi0 = (m_C - m_C0)(m_W + m_W0) / 2 + (m_W - m_W0)(m_C + m_C0) / 2

so each cause's part of pi is a sum of its parts on capability and resolve, free of order. A share also moves when
others add evidence, since n grows. A regime loss scales what the causes hold by the successor's continuity, and
the change of the prior itself goes to the row "succession".
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from papertiger.model.rules.beliefs import Counts

SUCCESSION = ("succession", "succession")

type Key = tuple[str, str]
"""A cause and its channel: own, witnessed, war or succession."""


@dataclass(frozen=True, slots=True)
class Entry:
    """Evidence as it entered the counts: bad news after its weight, in units of evidence."""

    month: int
    client: int
    cause: str
    channel: str
    good_capability: float
    bad_capability: float
    good_resolve: float
    bad_resolve: float


@dataclass(frozen=True, slots=True)
class Closing:
    """A regime loss or a new treaty: the prior means from now on, and the share of evidence carried over."""

    month: int
    client: int
    prior_capability: float
    prior_resolve: float
    continuity: float


@dataclass(frozen=True, slots=True)
class Break:
    """A break away from the patron or towards it.

    ``cause`` is a place of `papertiger.model.rules.breaks.BREAK_CAUSES`, ``before`` and ``after`` are rungs, and
    ``hazard`` is the chance of a break in this direction that the month had.
    """

    month: int
    client: int
    before: int
    after: int
    cause: int
    hazard: float


@dataclass(frozen=True, slots=True)
class Share:
    """A cause's part of the distance of a client's beliefs from the first regime's prior."""

    capability: float
    resolve: float
    protection: float


@dataclass
class Held:
    """What each cause holds of one client's counts at one month: A and B of capability, A and B of resolve."""

    prior_capability: float
    prior_resolve: float
    first_capability: float
    first_resolve: float
    by_cause: dict[Key, list[float]] = field(default_factory=dict)


class Ledger:
    """The log of evidence of one run."""

    def __init__(self) -> None:
        self.entries: list[Entry] = []
        self.closings: list[Closing] = []
        self.breaks: list[Break] = []

    def add(
        self,
        month: int,
        client: int,
        cause: str,
        channel: str,
        counts: Counts,
    ) -> None:
        """Write down one piece of evidence."""
        self.entries.append(Entry(month, client, cause, channel, *counts))

    def close(
        self, month: int, client: int, prior_capability: float, prior_resolve: float, continuity: float
    ) -> None:
        """Close an account whose prior changes, by a lost regime or a treaty, at the end of the month's evidence."""
        self.closings.append(Closing(month, client, prior_capability, prior_resolve, continuity))

    def note_break(self, month: int, client: int, before: int, after: int, cause: int, hazard: float) -> None:
        """Write down a break, with its strongest cause and the chance that it had."""
        self.breaks.append(Break(month, client, before, after, cause, hazard))


def held_evidence(
    entries: Iterable[Entry],
    closings: Iterable[Closing],
    until: int,
    forgetting: float,
    prior_capability: float,
    prior_resolve: float,
) -> Held:
    """Return what each cause holds at the end of a month.

    Parameters
    ----------
    entries, closings
        Of one client.
    until
        The month, counted from the start of the run; evidence of that month included.
    forgetting
        lambda, share kept each month.
    prior_capability, prior_resolve
        Prior means of the first regime.
    """
    held = Held(prior_capability, prior_resolve, prior_capability, prior_resolve)
    kept_by_regimes = [closing for closing in closings if closing.month <= until]
    for entry in entries:
        if entry.month > until:
            continue
        weight = 1.0
        for _ in range(until - entry.month):
            weight *= forgetting
        for closing in kept_by_regimes:
            if closing.month >= entry.month:
                weight *= closing.continuity
        counts = held.by_cause.setdefault((entry.cause, entry.channel), [0.0, 0.0, 0.0, 0.0])
        counts[0] += weight * entry.good_capability
        counts[1] += weight * entry.bad_capability
        counts[2] += weight * entry.good_resolve
        counts[3] += weight * entry.bad_resolve
    if kept_by_regimes:
        held.prior_capability = kept_by_regimes[-1].prior_capability
        held.prior_resolve = kept_by_regimes[-1].prior_resolve
    return held


def shares(held: Held, prior_strength: float) -> dict[Key, Share]:
    """Return each cause's part of the distance from the first regime's prior; the parts sum to it.

    Parameters
    ----------
    held
        What each cause holds, from :func:`held_evidence`.
    prior_strength
        alpha0 + beta0.
    """
    total = [sum(counts[i] for counts in held.by_cause.values()) for i in range(4)]
    n_capability = prior_strength + total[0] + total[1]
    n_resolve = prior_strength + total[2] + total[3]
    prior_c, prior_w = held.prior_capability, held.prior_resolve
    capability = (prior_strength * prior_c + total[0]) / n_capability
    resolve = (prior_strength * prior_w + total[2]) / n_resolve
    shares_by_key: dict[Key, Share] = {}
    for key, (good_c, bad_c, good_w, bad_w) in held.by_cause.items():
        part_c = ((1.0 - prior_c) * good_c - prior_c * bad_c) / n_capability
        part_w = ((1.0 - prior_w) * good_w - prior_w * bad_w) / n_resolve
        part = part_c * (resolve + prior_w) / 2.0 + part_w * (capability + prior_c) / 2.0
        shares_by_key[key] = Share(part_c, part_w, part)
    if (prior_c, prior_w) != (held.first_capability, held.first_resolve):
        shares_by_key[SUCCESSION] = Share(
            prior_c - held.first_capability,
            prior_w - held.first_resolve,
            prior_c * prior_w - held.first_capability * held.first_resolve,
        )
    return shares_by_key


def change(before: dict[Key, Share], after: dict[Key, Share]) -> dict[Key, Share]:
    """Return each cause's part of the change between two months: the difference of two such sums."""
    nothing = Share(0.0, 0.0, 0.0)
    return {
        key: Share(
            after.get(key, nothing).capability - before.get(key, nothing).capability,
            after.get(key, nothing).resolve - before.get(key, nothing).resolve,
            after.get(key, nothing).protection - before.get(key, nothing).protection,
        )
        for key in (*before, *(key for key in after if key not in before))
    }
