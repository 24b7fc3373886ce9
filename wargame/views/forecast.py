"""Forecast where thousands of continuations lead, for a seat only from what that seat knows.

Its own beliefs are exact, those of others are what it heard about them; levels that public acts leave behind are
what everyone can work out; nobody else hedges in secret, and no event to come is known. The draws are those of a
seed made from the seat and the turn, never of the game's own, so a forecast says nothing about the luck to come.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from papertiger.model.decisions import Decision, Decisions
from papertiger.model.setting import NOBODY
from papertiger.wargame.engine.fan import Fan, FanRequest
from papertiger.wargame.rules import seats
from papertiger.wargame.rules.background import in_the_background, quiet
from papertiger.wargame.rules.decisions import decide
from papertiger.wargame.rules.orders import Sheet
from papertiger.wargame.rules.questions import CrisisBreaksOut, DefectedShare, PostureBeyond
from papertiger.wargame.views.options import crisis_chance

if TYPE_CHECKING:
    from papertiger.wargame.engine.months import ClientMonth, MonthState
    from papertiger.wargame.engine.worker import Engine
    from papertiger.wargame.rules.questions import Question
    from papertiger.wargame.rules.seats import Seat
    from papertiger.wargame.views.knowledge import PublicMonth
    from papertiger.wargame.views.snapshot import Snapshot

RUNS = 2000


@dataclass(frozen=True)
class Forecast:
    """A seat's forecast to the end of play.

    Attributes
    ----------
    seat, turn
        Whose, and before which turn.
    with_orders
        Whether it takes the seat's own orders as given.
    fan
        Where the continuations lead.
    """

    seat: str
    turn: int
    with_orders: bool
    fan: Fan


def forecast_seed(seat: Seat, turn: int) -> int:
    """Return the seed of a seat's forecast before a turn; it holds nothing of the game's."""
    text = f"forecast\0{seat}\0{turn}"
    return int.from_bytes(hashlib.blake2b(text.encode(), digest_size=8).digest(), "big") >> 1


def forecast(
    snapshot: Snapshot, seat: Seat, engine: Engine, sheet: Sheet | None = None, runs: int = RUNS
) -> Forecast:
    """Return where a seat may expect things to go.

    Parameters
    ----------
    snapshot
        The branch in which the teams play.
    seat
        Who asks; the facilitator's is made from the truth.
    engine
        What runs the continuations.
    sheet
        Orders of the seat to take as given, checked; blank leaves everything to the rules.
    runs
        How many continuations.
    """
    return Forecast(str(seat), snapshot.turn, sheet is not None, engine.fan(request_of(snapshot, seat, sheet, runs)))


def request_of(snapshot: Snapshot, seat: Seat, sheet: Sheet | None = None, runs: int = RUNS) -> FanRequest:
    """Return what a seat's forecast depends on: nothing but what the seat knows."""
    known = snapshot.now if seat.kind == seats.FACILITATOR else _known_state(snapshot, seat)
    scenario = snapshot.replay.scenario
    until = snapshot.setting.months[min(snapshot.now.index + 1, len(snapshot.setting.months) - 1)]
    # What happened is in the state and what is dated for the coming month is in the news; the rest is to come.
    events = {name: event for name, event in scenario.events.items() if event.date[:7] <= until}
    schedule = snapshot.game.schedule
    orders = quiet(snapshot.game.game, snapshot.setting, range(snapshot.now.index + 1, schedule.last + 1))
    if not snapshot.over:
        month = snapshot.game.schedule.months(snapshot.turn)[0]
        _know_crises(snapshot, month, orders)
        if sheet is not None:
            span = snapshot.game.schedule.months(snapshot.turn)
            decided = decide([sheet], span, snapshot.setting, snapshot.replay.standings[-1])
            orders.decisions |= decided.book.decisions
            orders.offers |= decided.book.offers
            orders.attention |= decided.book.attention
    return FanRequest(
        scenario=scenario.model_copy(update={"events": events}),
        state=known,
        last=max(snapshot.game.schedule.last, snapshot.now.index + 1),
        seed=forecast_seed(seat, snapshot.turn),
        runs=runs,
        orders=orders,
    )


def _know_crises(snapshot: Snapshot, month: int, orders: Decisions) -> None:
    """Take the crises that everyone reads of as given; where they were announced, no other comes that month."""
    told = {item.client: int(item.intensity) for item in snapshot.coming if item.kind == "crisis"}
    for i, own in enumerate(snapshot.setting.clients):
        sits = own.adversary and str(seats.Seat(seats.ADVERSARY, own.adversary)) in snapshot.game.holders
        if not sits:
            orders.decisions[month, i, Decision.PRESS] = told.get(own.name, 0)


def _known_state(snapshot: Snapshot, seat: Seat) -> MonthState:
    """Return the present as a seat believes it to be."""
    heard = {estimate.client: estimate for estimate in snapshot.heard_by(seat)}
    strength = snapshot.setting.constants.prior_strength
    clients = []
    for i, (own, client) in enumerate(zip(snapshot.setting.clients, snapshot.now.clients, strict=True)):
        if seat.kind == seats.CLIENT and seat.name == own.name:
            # All that moves the patron's trust in it is in the news, or it was found out and knows that.
            clients.append(client)
            continue
        outlook = snapshot.outlooks[i]
        estimate = heard.get(own.name)
        capability = estimate.capability if estimate is not None else outlook.prior_capability
        resolve = estimate.resolve if estimate is not None else outlook.prior_resolve
        clients.append(_believed(snapshot, seat, i, client, capability * strength, resolve * strength, strength))
    return replace(snapshot.now, clients=tuple(clients), crises=())


def _believed(
    snapshot: Snapshot, seat: Seat, i: int, client: ClientMonth, capability: float, resolve: float, strength: float
) -> ClientMonth:
    """Return another client as a seat believes it to be."""
    seen: PublicMonth = snapshot.seen[-1][i]
    offers = list(seen.public_offers)
    if seat.kind == seats.RIVAL:
        k = snapshot.setting.rivals.index(seat.name)
        offers[k] = seen.rival_offers[k]
    patron = seat.kind == seats.PATRON
    # Secret contacts draw ties, too, so that what others know of them is what everybody studied before play.
    studied = snapshot.replay.start.clients[i]
    return replace(
        client,
        dependence=studied.dependence,
        arms_ties=studied.arms_ties,
        economy_ties=studied.economy_ties,
        covert_rival=NOBODY,
        capability_good=capability,
        capability_bad=strength - capability,
        resolve_good=resolve,
        resolve_bad=strength - resolve,
        claim_level=client.claim_level if patron else seen.claim_level,
        patron_trust_good=client.patron_trust_good if patron else seen.trust_good,
        patron_trust_bad=client.patron_trust_bad if patron else seen.trust_bad,
        trust_bad=0.0,
        reviewed=False,
        attention=0.0,
        offers=tuple(offers),
        raised=(0.0,) * len(offers),
        signals=(),
    )


def chance_of(question: Question, estimate: Forecast, snapshot: Snapshot) -> float | None:
    """Return the probability that a forecast gives to a question, or ``None`` if it cannot say."""
    last = snapshot.game.schedule.months(question.turn)[-1]
    month = snapshot.setting.months[last]
    if month not in estimate.fan.months:
        return None
    match question:
        case PostureBeyond():
            return estimate.fan.beyond(question.client, month, question.rung)
        case DefectedShare():
            return estimate.fan.defected(month, question.share)
        case CrisisBreaksOut():
            return _chance_of_crisis(question, snapshot)


def _chance_of_crisis(question: CrisisBreaksOut, snapshot: Snapshot) -> float | None:
    """Return the chance of a crisis in the open turn, by rule: threats are public, so everyone can work it out."""
    if question.turn != snapshot.turn or question.client not in snapshot.game.scenario.clients:
        return None
    if any(item.client == question.client and item.kind in ("crisis", "attack") for item in snapshot.coming):
        return 1.0
    i = [own.name for own in snapshot.setting.clients].index(question.client)
    if i in in_the_background(snapshot.game.game, snapshot.setting):
        return 0.0
    span = snapshot.game.schedule.months(question.turn)
    # The first month's crises are in the news, so only the later months are open, unless somebody sits who decides.
    adversary = snapshot.setting.clients[i].adversary
    sits = adversary and str(seats.Seat(seats.ADVERSARY, adversary)) in snapshot.game.holders
    everything = crisis_chance(snapshot.now.clients[i], snapshot.outlooks[i], snapshot.setting, len(span))
    first = 0.0 if sits else crisis_chance(snapshot.now.clients[i], snapshot.outlooks[i], snapshot.setting, 1)
    return 1.0 - (1.0 - everything) / (1.0 - first) if first < 1.0 else 1.0
