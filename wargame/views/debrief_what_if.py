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
from papertiger.wargame.views.debrief_facts import Scene, Sentence, sentence
from papertiger.wargame.views.debrief_point import posture_ordered
from papertiger.wargame.views.forecast import forecast_seed
from papertiger.wargame.views.plain import plain
from papertiger.wargame.views.score import is_played

if TYPE_CHECKING:
    from collections.abc import Iterator

    from papertiger.wargame.engine.fan import Fan
    from papertiger.wargame.engine.months import ClientMonth, MonthState
    from papertiger.wargame.engine.replay import Replay
    from papertiger.wargame.rules.orders import Order
    from papertiger.wargame.rules.request import ReplayRequest

LUCKS = 400
MAX_OTHERS = 2
"""Clients that would stand elsewhere at the end of play, which a page names one by one."""
MAX_SAID = 6
"""Sentences that the wall has room for."""


def guess(scene: Scene) -> list[Sentence]:
    """Say which order is changed, and ask what would have come of it."""
    return [*_question(scene), sentence("guess", client=scene.point.client)]


def what_if(scene: Scene) -> list[Sentence]:
    """Say what one other order would have changed, and how often other luck would have brought the same."""
    said, luck, changed = _question(scene), _luck(scene), change_of(scene)
    if changed is not None:
        said += _differences(scene, replay_with(scene, *changed), MAX_SAID - len(said) - len(luck))
    return [*said, *luck]


def _question(scene: Scene) -> list[Sentence]:
    changed = change_of(scene)
    if changed is None:
        return [sentence("what_if_none", client=scene.point.client)]
    seat, order = changed
    given = next((one for one in _own(scene, seat) if one.slot == order.slot), None)
    if given is None:
        return [sentence("what_if_added", seat=str(seat), order=plain(order))]
    return [sentence("what_if_instead", seat=str(seat), order=plain(order), given=plain(given))]


def change_of(scene: Scene) -> tuple[seats.Seat, Order] | None:
    """Return the order to change: the first that its seat could have given, by a rule that knows no outcome.

    First comes the patron's answer to a crisis of the client, then the client's own move, its adversary's pressure,
    the rivals' offers and its call for help. A seat that somebody plays goes before one that the rules play.
    """
    candidates = list(_candidates(scene))
    candidates.sort(key=lambda one: not is_played(scene.snapshot, one[0]))
    return next((one for one in candidates if _can_be_given(scene, *one)), None)


def _candidates(scene: Scene) -> Iterator[tuple[seats.Seat, Order]]:
    point, offered = scene.point, scene.snapshot.game.seats
    months = scene.snapshot.turn_months(point.turn)
    crisis = any(crisis.client == scene.place for month in months for crisis in month.crises)
    if crisis and seats.THE_PATRON in offered:
        orders = [one for one in scene.orders(seats.THE_PATRON) if isinstance(one, Respond)]
        helped = orders[0].answer == "help" if orders else _helped(scene, months)
        yield seats.THE_PATRON, Respond(client=point.client, answer="words" if helped else "help")
    own = scene.own_seat
    if own is not None and point.rungs:
        yield own, Posture.model_validate({"posture": point.before})
    for seat in scene.involved:
        given = scene.orders(seat)
        if seat.kind == seats.ADVERSARY:
            pressed = any(isinstance(one, Press) and one.intensity for one in given)
            yield seat, Press(client=point.client, intensity=0 if pressed or crisis else 2)
        if seat.kind == seats.RIVAL:
            offers = any(isinstance(one, Offers) and one.act for one in given)
            yield seat, Offers(client=point.client, act=not offers)
    if own is not None:
        asks = [one for one in scene.orders(own) if isinstance(one, Ask)]
        yield own, Ask(ask=not asks[0].ask if asks else False)


def _helped(scene: Scene, months: tuple[MonthState, ...]) -> bool:
    signals = {signal.signal for month in months for signal in month.clients[scene.place].signals}
    return bool(signals & {"intervened", "help_failed", "help_tried"})


def _own(scene: Scene, seat: seats.Seat) -> tuple[Order, ...]:
    given = scene.given(seat)
    return given.sheet.orders if given is not None else ()


def sheet_with(scene: Scene, seat: seats.Seat, order: Order) -> Sheet:
    """Return a seat's sheet of the turn with one order in the place of what it said of the same."""
    others = [
        one
        for one in _own(scene, seat)
        if one.slot != order.slot
        if not (isinstance(order, Posture) and isinstance(one, Hedge) and not one.covert)
    ]
    given = scene.given(seat)
    blank = Sheet(seat=str(seat), turn=scene.point.turn)
    return (given.sheet if given is not None else blank).model_copy(update={"orders": (*others, order)})


def _can_be_given(scene: Scene, seat: seats.Seat, order: Order) -> bool:
    game, turn = scene.snapshot.game, scene.point.turn
    standing = scene.snapshot.replay.standings[turn - 1]
    try:
        check_sheet(sheet_with(scene, seat, order), scene.snapshot.setting, game.game, standing, game.schedule.turns)
    except OrderError:
        return False
    return True


def request_with(scene: Scene, seat: seats.Seat, order: Order) -> ReplayRequest:
    """Return the game to play once more with one order changed, all others and the luck as they were."""
    request = scene.snapshot.game.request(scene.snapshot.line.number)
    turn, changed = scene.point.turn, sheet_with(scene, seat, order)
    sheets = [one for one in request.sheets[turn - 1] if one.seat != str(seat)]
    of_turn = tuple(sorted((*sheets, changed), key=lambda one: one.seat))
    return replace(request, sheets=(*request.sheets[: turn - 1], of_turn, *request.sheets[turn:]))


def replay_with(scene: Scene, seat: seats.Seat, order: Order) -> Replay:
    """Return the game as it would have gone with one order changed."""
    request = request_with(scene, seat, order)
    return scene.session.once(("what if", fingerprint(request)), lambda: scene.session.engine.replay(request))


def _differences(scene: Scene, other: Replay, room: int) -> list[Sentence]:
    """Say what would have been otherwise at the end of the turn, and at the end of play."""
    point, snapshot = scene.point, scene.snapshot
    place = snapshot.game.schedule.months(point.turn)[-1] - snapshot.game.schedule.first
    would = POSTURES[other.months[place].clients[scene.place].posture]
    name = "what_if_same" if would == point.after else "what_if_other"
    said = [sentence(name, client=point.client, turn=point.turn, would=would, after=point.after)]
    said += _belief(scene, other.months[place].clients[scene.place])
    others_named = min(MAX_OTHERS, room - len(said) - 1)
    names = [own.name for own in snapshot.setting.clients]
    ends = [
        sentence("what_if_end", client=name, would=POSTURES[then.posture], after=POSTURES[now.posture])
        for name, then, now in zip(names, other.now.clients, snapshot.now.clients, strict=True)
        if now.present and then.posture != now.posture
    ]
    if point.turn < snapshot.line.resolved:
        said += ends[:others_named] or [sentence("what_if_end_same")]
    elif others := [one for one in ends if dict(one.values)["client"] != point.client]:
        said += others[:others_named]
    now, then = snapshot.now.credibility, other.now.credibility
    if round(100 * now) == round(100 * then):
        return [*said, sentence("what_if_trust_same", now=now)]
    return [*said, sentence("what_if_trust", now=now, would=then)]


def _belief(scene: Scene, then: ClientMonth) -> list[Sentence]:
    """Say what the client itself would believe then, beside what it believed before the turn and after it."""
    if not then.present:
        return []
    was, now, would = scene.before.protection, scene.after.protection, then.protection
    facts = {"client": scene.point.client, "turn": scene.point.turn, "was": was, "now": now}
    if round(100 * now) == round(100 * would):
        return [sentence("what_if_belief_same", **facts)]
    return [sentence("what_if_belief", **facts, would=would)]


def fates_of(scene: Scene) -> Fan:
    """Return the turn many times over, with its orders as they were and other luck."""
    snapshot, turn = scene.snapshot, scene.point.turn
    request = FanRequest(
        scenario=snapshot.replay.scenario,
        state=snapshot.before(turn),
        last=snapshot.game.schedule.months(turn)[-1],
        seed=forecast_seed(seats.THE_FACILITATOR, turn),
        runs=LUCKS,
        orders=_within(snapshot.replay.book, snapshot.game.schedule.months(turn)),
    )
    return scene.session.once(("fates", snapshot.known, turn), lambda: scene.session.engine.fan(request))


def _within(book: Decisions, months: range) -> Decisions:
    """Return the decisions of some months: an ensemble takes none of a month that it does not run."""
    return Decisions(
        {key: value for key, value in book.decisions.items() if key[0] in months},
        {key: value for key, value in book.offers.items() if key[0] in months},
        {key: value for key, value in book.attention.items() if key[0] in months},
    )


def _luck(scene: Scene) -> list[Sentence]:
    """Say how often other luck brought the same; nothing where the team ordered the posture and no luck undid it."""
    fan, point = fates_of(scene), scene.point
    rung = POSTURES.index(point.after)
    share = fan.postures[fan.clients.index(point.client)][-1][rung]
    same = round(share * fan.runs)
    if same == fan.runs and posture_ordered(scene) == point.after:
        return []
    return [
        sentence(
            "what_if_luck",
            client=point.client,
            turn=point.turn,
            after=point.after,
            same=same,
            runs=fan.runs,
        )
    ]
