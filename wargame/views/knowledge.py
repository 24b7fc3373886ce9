"""Tell what everyone can see of a replay, and what one seat hears of the rest.

Public is what the model's signals tell (witnessed ones), crises, postures, regimes and successions, complaints, and
the patron's budget and war. Secret are beliefs, contacts under cover, offers in play, and the trust that hangs on
what was found out. The levels that public acts leave behind are worked out here from those acts alone, so that a
secret act moves nothing in them; they start from the state at the beginning of play, which everybody has studied.

What a seat hears about others' beliefs is the truth with an error of its own, drawn anew each turn from the game's
seed and from who hears, about whom and when, and from nothing else.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from statistics import NormalDist
from typing import TYPE_CHECKING

from papertiger.model.decisions import FREE, Decision, Decisions
from papertiger.model.rules import beliefs, threat
from papertiger.model.rules.choice import HEDGING
from papertiger.model.setting import INVASION, NOBODY, OFFER, OFFER_WITHDRAWN
from papertiger.wargame.engine.replay import outlooks_of

if TYPE_CHECKING:
    from papertiger.model.setting import Setting
    from papertiger.wargame.engine.months import ClientMonth, MonthState
    from papertiger.wargame.engine.replay import Replay
    from papertiger.wargame.rules.seats import Seat

NEGLIGIBLE = 1e-9
_LOWEST, _HIGHEST = 0.02, 0.98


@dataclass(frozen=True)
class PublicMonth:
    """What can be worked out about a client from public acts, and what happened in secret in the month.

    Attributes
    ----------
    claim_level, trust_good, trust_bad
        y and the patron's trust as public acts alone leave them.
    public_offers
        z by rival, from offers that were in the news.
    rival_offers
        z by rival as that rival knows it: its own offers, without what contacts under cover added.
    found_out
        Whether the patron found contacts under cover this month.
    complained
        How often the client complained in public this month.
    withdrawn
        By rival, whether it took an offer back that was turned down this month.
    """

    claim_level: float
    trust_good: float
    trust_bad: float
    public_offers: tuple[float, ...]
    rival_offers: tuple[float, ...]
    found_out: bool = False
    complained: int = 0
    withdrawn: tuple[bool, ...] = ()


def seen_by_all(replay: Replay, setting: Setting) -> tuple[tuple[PublicMonth, ...], ...]:
    """Return what is seen of each client: at the beginning of play, then month by month.

    Parameters
    ----------
    replay
        What happened.
    setting
        Of the replayed scenario.
    """
    rows = [tuple(_at_start(client) for client in replay.start.clients)]
    before = replay.start
    for month in replay.months:
        rows.append(
            tuple(
                _next(i, rows[-1][i], before.clients[i], month.clients[i], month, replay.book, setting)
                for i in range(len(setting.clients))
            )
        )
        before = month
    return tuple(rows)


def _at_start(client: ClientMonth) -> PublicMonth:
    return PublicMonth(
        client.claim_level, client.patron_trust_good, client.patron_trust_bad, client.offers, client.offers
    )


def _next(
    i: int,
    seen: PublicMonth,
    before: ClientMonth,
    after: ClientMonth,
    month: MonthState,
    book: Decisions,
    setting: Setting,
) -> PublicMonth:
    constants = setting.constants
    fallen = after.regime != before.regime
    claims = _claims(before, after, month, setting)
    given = book.decision(month.index, i, Decision.COVERT)
    contacts = _contacts(before, after, fallen, given, setting.clients[i].sub_state)
    found_out = contacts != NOBODY and after.covert_rival == NOBODY
    level = 0.0 if fallen else threat.fade(seen.claim_level, constants.patron_threat_memory)
    trust_bad = after.trust_bad - (constants.covert_trust_cost if found_out else 0.0)
    stepped = 0.0 if fallen else max(0, after.posture - before.posture) and constants.step_trust_cost
    cost = constants.complaint_trust_cost
    complained = round((trust_bad - stepped) / cost) if cost > NEGLIGIBLE else 0
    closer = 0.0 if fallen or after.posture >= before.posture else constants.step_trust_cost
    forgetting = constants.trust_forgetting
    news, withdrawn_news = offers_in_news(i, month.index, setting)
    withdrawn = _withdrawn(before, after, fallen, contacts, withdrawn_news, setting)
    rivals = range(len(setting.rivals))
    return PublicMonth(
        claim_level=level + claims,
        trust_good=beliefs.forget(seen.trust_good, constants.trust_prior_good, forgetting) + closer,
        trust_bad=beliefs.forget(seen.trust_bad, constants.trust_prior_bad, forgetting) + max(0.0, trust_bad),
        public_offers=tuple(
            _moved(seen.public_offers[k], fallen, news[k], withdrawn_news[k], setting) for k in rivals
        ),
        rival_offers=tuple(
            _moved(
                seen.rival_offers[k],
                fallen,
                after.raised[k],
                withdrawn_news[k] + (after.raised[k] if withdrawn[k] else 0.0),
                setting,
            )
            for k in rivals
        ),
        found_out=found_out,
        complained=max(0, complained),
        withdrawn=withdrawn,
    )


def _moved(level: float, fallen: bool, raised: float, withdrawn: float, setting: Setting) -> float:
    remainder = 0.0 if fallen else threat.fade(level, setting.constants.offer_memory)
    return max(0.0, remainder + raised - withdrawn)


def _claims(before: ClientMonth, after: ClientMonth, month: MonthState, setting: Setting) -> float:
    """Return what public claims, coercion and invasions of the month add to y."""
    constants = setting.constants
    added = 0.0
    for event in setting.events:
        if (
            event.kind == INVASION
            and event.month == month.index
            and (event.always or not setting.generative[event.month])
        ):
            added += threat.invasion_impulse(constants.invasion_threat, outlooks_of(setting)[before.outlook].exposure)
    for signal in after.signals:
        if setting.signals[setting.signal_index[signal.signal]].patron_threat:
            added += threat.impulse(constants.claim_threat, signal.intensity)
    return added


def _contacts(before: ClientMonth, after: ClientMonth, fallen: bool, given: int, sub_state: bool) -> int:
    """Return the rival whose offer contacts under cover added to this month, found out or not, or `NOBODY`.

    Parameters
    ----------
    given
        What the client ordered of its contacts, or `FREE`.
    sub_state
        Whether it is part of the patron's own state, which may talk while it is loyal in public.
    """
    if after.posture > HEDGING or (after.posture < HEDGING and not sub_state):
        return NOBODY
    if given != FREE:
        return given - 1
    return NOBODY if fallen else before.covert_rival


def offers_in_news(i: int, month: int, setting: Setting) -> tuple[list[float], list[float]]:
    """Return what dated events of the month added to z and took from it, by rival."""
    raised, withdrawn = [0.0] * len(setting.rivals), [0.0] * len(setting.rivals)
    for event in setting.events:
        if event.month == month and event.client == i and (event.always or not setting.generative[month]):
            amount = threat.impulse(setting.constants.offer_size, event.intensity)
            if event.kind == OFFER:
                raised[event.rival] += amount
            elif event.kind == OFFER_WITHDRAWN:
                withdrawn[event.rival] += amount
    return raised, withdrawn


def _withdrawn(
    before: ClientMonth,
    after: ClientMonth,
    fallen: bool,
    contacts: int,
    withdrawn_news: list[float],
    setting: Setting,
) -> tuple[bool, ...]:
    """Tell of each rival whether it took back what it had raised this month and was turned down.

    What contacts under cover added is set off first: where it is as much as was taken back, the offer itself does not
    move, and a rival that is not told of its own withdrawal could tell that somebody hedges towards it.
    """
    constants = setting.constants
    withdrawals = []
    for k, raised in enumerate(after.raised):
        remainder = 0.0 if fallen else threat.fade(before.offers[k], constants.offer_memory)
        growth = constants.covert_growth if contacts == k else 0.0
        stands = max(0.0, remainder + raised - withdrawn_news[k]) + growth
        taken = max(0.0, stands - raised)
        withdrawals.append(raised > NEGLIGIBLE and abs(after.offers[k] - taken) < abs(after.offers[k] - stands))
    return tuple(withdrawals)


@dataclass(frozen=True)
class Estimate:
    """What a seat hears about a client's beliefs: the likely value, and a range that holds two thirds of the time."""

    client: str
    capability: float
    resolve: float
    error: float

    @property
    def protection(self) -> float:
        """Likely value of the protection that the client believes in."""
        return self.capability * self.resolve


def heard(seat: Seat, turn: int, replay: Replay, setting: Setting, seed: int, error: float) -> tuple[Estimate, ...]:
    """Return what a seat hears about the beliefs of all other clients in the network.

    Parameters
    ----------
    seat, turn
        Who hears, and when.
    replay, setting
        The truth.
    seed
        Of the game; the error cannot be told from it without knowing it.
    error
        Standard deviation.
    """
    estimates = []
    for own, client in zip(setting.clients, replay.now.clients, strict=True):
        if own.name == seat.name and seat.kind == "client":
            continue
        if not client.present:
            continue
        values = [
            min(_HIGHEST, max(_LOWEST, value + error * _luck(seed, str(seat), turn, own.name, what)))
            for value, what in ((client.capability, "capability"), (client.resolve, "resolve"))
        ]
        estimates.append(Estimate(own.name, round(values[0], 2), round(values[1], 2), error))
    return tuple(estimates)


def _luck(seed: int, seat: str, turn: int, client: str, what: str) -> float:
    """Draw a standard normal number that belongs to one hearing."""
    text = "\0".join(("intelligence", str(seed), seat, str(turn), client, what))
    word = int.from_bytes(hashlib.blake2b(text.encode(), digest_size=8).digest(), "big")
    return NormalDist().inv_cdf((word + 0.5) / 2.0**64)
