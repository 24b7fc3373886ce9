"""Ask what if: the same game with one order changed and the same luck, and the same orders with other luck."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from papertiger.model.decisions import Decisions
from papertiger.scenarios.schema.values import POSTURES
from papertiger.wargame.engine.fan import FanRequest
from papertiger.wargame.engine.replay import fingerprint
from papertiger.wargame.rules import seats
from papertiger.wargame.rules.objections import OrderError, check_sheet
from papertiger.wargame.rules.orders import Ask, Hedge, Offers, Posture, Press, Respond, Sheet
from papertiger.wargame.views.debrief_facts import Case, Sentence, sentence
from papertiger.wargame.views.forecast import forecast_seed
from papertiger.wargame.views.plain import plain
from papertiger.wargame.views.score import is_played

if TYPE_CHECKING:
    from collections.abc import Iterator

    from papertiger.wargame.engine.fan import Fan
    from papertiger.wargame.engine.months import MonthState
    from papertiger.wargame.engine.replay import Replay
    from papertiger.wargame.rules.orders import Order
    from papertiger.wargame.rules.request import ReplayRequest

LUCKS = 400
MAX_OTHERS = 2
"""Clients that would stand elsewhere at the end of play, which a page names one by one."""


def guess(case: Case) -> list[Sentence]:
    """Say which order is changed, and ask what would have come of it."""
    return [*_question(case), sentence("guess", client=case.point.client)]


def what_if(case: Case) -> list[Sentence]:
    """Say what one other order would have changed, and how often other luck would have brought the same."""
    said, changed = _question(case), change_of(case)
    if changed is not None:
        said += _differences(case, replay_with(case, *changed))
    return [*said, *_luck(case)]


def _question(case: Case) -> list[Sentence]:
    changed = change_of(case)
    if changed is None:
        return [sentence("what_if_none", client=case.point.client)]
    seat, order = changed
    given = next((one for one in _own(case, seat) if one.slot == order.slot), None)
    if given is None:
        return [sentence("what_if_added", seat=str(seat), order=plain(order))]
    return [sentence("what_if_instead", seat=str(seat), order=plain(order), given=plain(given))]


def change_of(case: Case) -> tuple[seats.Seat, Order] | None:
    """Return the order to change: the first that its seat could have given, by a rule that knows no outcome.

    First comes the patron's answer to a crisis of the client, then the client's own move, its adversary's pressure,
    the rivals' offers and its call for help. A seat that somebody plays goes before one that the rules play.
    """
    candidates = list(_candidates(case))
    candidates.sort(key=lambda one: not is_played(case.snapshot, one[0]))
    return next((one for one in candidates if _can_be_given(case, *one)), None)


def _candidates(case: Case) -> Iterator[tuple[seats.Seat, Order]]:
    point, offered = case.point, case.snapshot.game.seats
    months = case.snapshot.turn_months(point.turn)
    crisis = any(crisis.client == case.place for month in months for crisis in month.crises)
    if crisis and seats.THE_PATRON in offered:
        orders = [one for one in case.orders(seats.THE_PATRON) if isinstance(one, Respond)]
        helped = orders[0].answer == "help" if orders else _helped(case, months)
        yield seats.THE_PATRON, Respond(client=point.client, answer="words" if helped else "help")
    own = case.own_seat
    if own is not None and point.rungs:
        yield own, Posture.model_validate({"posture": point.before})
    for seat in case.involved:
        given = case.orders(seat)
        if seat.kind == seats.ADVERSARY:
            pressed = any(isinstance(one, Press) and one.intensity for one in given)
            yield seat, Press(client=point.client, intensity=0 if pressed or crisis else 2)
        if seat.kind == seats.RIVAL:
            offers = any(isinstance(one, Offers) and one.act for one in given)
            yield seat, Offers(client=point.client, act=not offers)
    if own is not None:
        asks = [one for one in case.orders(own) if isinstance(one, Ask)]
        yield own, Ask(ask=not asks[0].ask if asks else False)


def _helped(case: Case, months: tuple[MonthState, ...]) -> bool:
    signals = {signal.signal for month in months for signal in month.clients[case.place].signals}
    return bool(signals & {"intervened", "help_failed", "help_tried"})


def _own(case: Case, seat: seats.Seat) -> tuple[Order, ...]:
    given = case.given(seat)
    return given.sheet.orders if given is not None else ()


def sheet_with(case: Case, seat: seats.Seat, order: Order) -> Sheet:
    """Return a seat's sheet of the turn with one order in the place of what it said of the same."""
    kept = [
        one
        for one in _own(case, seat)
        if one.slot != order.slot
        if not (isinstance(order, Posture) and isinstance(one, Hedge) and not one.covert)
    ]
    given = case.given(seat)
    blank = Sheet(seat=str(seat), turn=case.point.turn)
    return (given.sheet if given is not None else blank).model_copy(update={"orders": (*kept, order)})


def _can_be_given(case: Case, seat: seats.Seat, order: Order) -> bool:
    game, turn = case.snapshot.game, case.point.turn
    standing = case.snapshot.replay.standings[turn - 1]
    try:
        check_sheet(sheet_with(case, seat, order), case.snapshot.setting, game.game, standing, game.schedule.turns)
    except OrderError:
        return False
    return True


def request_with(case: Case, seat: seats.Seat, order: Order) -> ReplayRequest:
    """Return the game to play once more with one order changed, all others and the luck as they were."""
    request = case.snapshot.game.request(case.snapshot.line.number)
    turn, changed = case.point.turn, sheet_with(case, seat, order)
    sheets = [one for one in request.sheets[turn - 1] if one.seat != str(seat)]
    of_turn = tuple(sorted((*sheets, changed), key=lambda one: one.seat))
    return replace(request, sheets=(*request.sheets[: turn - 1], of_turn, *request.sheets[turn:]))


def replay_with(case: Case, seat: seats.Seat, order: Order) -> Replay:
    """Return the game as it would have gone with one order changed."""
    request = request_with(case, seat, order)
    return case.session.once(("what if", fingerprint(request)), lambda: case.session.engine.replay(request))


def _differences(case: Case, other: Replay) -> list[Sentence]:
    """Say what would have been otherwise at the end of the turn, and at the end of play."""
    point, snapshot = case.point, case.snapshot
    place = snapshot.game.schedule.months(point.turn)[-1] - snapshot.game.schedule.first
    would = POSTURES[other.months[place].clients[case.place].posture]
    name = "what_if_same" if would == point.after else "what_if_other"
    said = [sentence(name, client=point.client, turn=point.turn, would=would, after=point.after)]
    names = [own.name for own in snapshot.setting.clients]
    ends = [
        sentence("what_if_end", client=name, would=POSTURES[then.posture], after=POSTURES[now.posture])
        for name, then, now in zip(names, other.now.clients, snapshot.now.clients, strict=True)
        if now.present and then.posture != now.posture
    ]
    if point.turn < snapshot.line.resolved:
        said += ends[:MAX_OTHERS] or [sentence("what_if_end_same")]
    elif others := [one for one in ends if dict(one.values)["client"] != point.client]:
        said += others[:MAX_OTHERS]
    now, then = snapshot.now.credibility, other.now.credibility
    if round(100 * now) == round(100 * then):
        return [*said, sentence("what_if_trust_same", now=now)]
    return [*said, sentence("what_if_trust", now=now, would=then)]


def fates_of(case: Case) -> Fan:
    """Return the turn many times over, with its orders as they were and other luck."""
    snapshot, turn = case.snapshot, case.point.turn
    request = FanRequest(
        scenario=snapshot.replay.scenario,
        state=snapshot.before(turn),
        last=snapshot.game.schedule.months(turn)[-1],
        seed=forecast_seed(seats.THE_FACILITATOR, turn),
        runs=LUCKS,
        orders=_within(snapshot.replay.book, snapshot.game.schedule.months(turn)),
    )
    return case.session.once(("fates", snapshot.known, turn), lambda: case.session.engine.fan(request))


def _within(book: Decisions, months: range) -> Decisions:
    """Return the decisions of some months: an ensemble takes none of a month that it does not run."""
    return Decisions(
        {key: value for key, value in book.decisions.items() if key[0] in months},
        {key: value for key, value in book.offers.items() if key[0] in months},
        {key: value for key, value in book.attention.items() if key[0] in months},
    )


def _luck(case: Case) -> list[Sentence]:
    fan, point = fates_of(case), case.point
    rung = POSTURES.index(point.after)
    share = fan.postures[fan.clients.index(point.client)][-1][rung]
    return [
        sentence(
            "what_if_luck",
            client=point.client,
            turn=point.turn,
            after=point.after,
            same=round(share * fan.runs),
            runs=fan.runs,
        )
    ]
