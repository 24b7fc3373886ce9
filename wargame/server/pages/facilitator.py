"""White: the facilitator's room: every team's state, and what the white cell can do."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from papertiger.scenarios.schema.values import POSTURES
from papertiger.wargame.rules import seats
from papertiger.wargame.rules.conditions import PostureHeld, PostureReached, ShareReached
from papertiger.wargame.rules.refusals import RefusalError
from papertiger.wargame.server.pages import desk as team
from papertiger.wargame.server.pages.forms import fields_of, sheet_of
from papertiger.wargame.server.pages.join import take_away
from papertiger.wargame.server.request import RefusedError, status_of
from papertiger.wargame.views.facilitator import white_cell
from papertiger.wargame.views.seats import AdversaryDesk, ClientDesk, PatronDesk, RivalDesk, plain

if TYPE_CHECKING:
    from starlette.responses import Response

    from papertiger.wargame.rules.conditions import Condition
    from papertiger.wargame.server.request import Ask
    from papertiger.wargame.views.seats import View

STRUCTURAL = ("attack", "offer", "offer_withdrawn")
MOST_MINUTES = 600


def room(ask: Ask) -> Response:
    """Show everything."""
    play = ask.room.play
    cell = white_cell(play.scene())
    view = cell.common
    return ask.page(
        "room.html",
        cell=cell,
        view=view,
        code=ask.room.access.code,
        address=ask.room.address,
        kinds=[*STRUCTURAL, *play.game.scenario.signals],
        clients=list(play.game.scenario.clients),
        rivals=list(play.game.scenario.rivals),
        months=months_ahead(ask),
        passes={str(seat): ask.room.access.pass_for(str(seat)) for seat in play.game.seats},
        by_itself=play.game.by_itself,
        orders_of=lambda sheet: [plain(order) for order in sheet.orders],
        state_of=lambda desk: state_of(ask, desk),
        everybody=[str(seat) for seat in play.game.seats],
        chart=team.credibility_of(ask.speech, view),
        network=team.network_of(ask, view),
    )


def state_of(ask: Ask, desk: object) -> str:
    """Return a team's state in a line."""
    speech, say, number = ask.speech, ask.speech.text, ask.speech.number
    match desk:
        case ClientDesk():
            return (
                f"{say('posture.' + desk.posture)}; {say('belief.protection')} {number(desk.protection)} = "
                f"{number(desk.capability)} · {number(desk.resolve)}"
                + (f"; {say('desk.contacts')} {speech.rival(desk.contacts)}" if desk.contacts else "")
            )
        case PatronDesk():
            return f"{say('word.budget')} {number(desk.budget)}; {say('word.burden')} {number(desk.burden)}"
        case RivalDesk():
            offers = sorted(desk.clients, key=lambda one: -one.offers)[:2]
            return ", ".join(f"{speech.client(one.client)} {number(one.offers)}" for one in offers)
        case AdversaryDesk():
            return ", ".join(f"{speech.client(one.client)} {number(one.threat)}" for one in desk.clients[:4])
        case _:
            return ""


def resolve(ask: Ask) -> Response:
    """Play the turn."""
    ask.room.play.resolve(ask.number("turn", 1, 1200))
    return ask.go("/room")


def close(ask: Ask) -> Response:
    """Take no more orders, or take them again."""
    turn = ask.number("turn", 1, 1200)
    if ask.field("open", 5) == "yes":
        ask.room.play.reopen_turn(turn, key=ask.key)
    else:
        ask.room.play.close_turn(turn, key=ask.key)
    return ask.go("/room")


def undo(ask: Ask) -> Response:
    """Take the last turn back."""
    ask.room.play.undo(ask.number("turn", 1, 1200), key=ask.key)
    return ask.go("/room")


def branch(ask: Ask) -> Response:
    """Begin a branch; where asked, play it to where the teams are, so that the review has it beside theirs."""
    play, turn = ask.room.play, ask.number("turn", 1, 1200)
    number = play.branch_off(
        ask.field("name", 80) or f"{turn}",
        turn,
        luck="other" if ask.field("luck", 10) == "other" else "same",
        key=ask.key,
    )
    if ask.field("play", 5) == "yes":
        play.play_out(number, play.game.branch.resolved)
    return ask.go("/room#branches")


def activate(ask: Ask) -> Response:
    """Let the teams go on in a branch."""
    number = ask.number("branch", 0, 1000)
    if number >= len(ask.room.play.game.branches):
        raise RefusedError(422, "error.number")
    ask.room.play.activate(number, key=ask.key)
    return ask.go("/room")


def months_ahead(ask: Ask) -> list[str]:
    """Return the months in which something can still be made to happen."""
    game = ask.room.play.game
    if game.branch.turn > game.schedule.turns:
        return []
    return [game.month(index) for index in range(game.schedule.months(game.branch.turn)[0], game.schedule.last + 1)]


def inject(ask: Ask) -> Response:
    """Let an event happen."""
    game = ask.room.play.game
    kind, client, news = ask.field("kind", 60), ask.field("client", 60), ask.field("news", 500)
    if client not in game.scenario.clients or kind not in (*STRUCTURAL, *game.scenario.signals):
        raise RefusedError(422, "error.inject")
    said: dict[str, Any] = {
        "kind": kind,
        "client": client,
        "intensity": ask.number("intensity", 1, 3),
        "what": news or ask.speech.kind(kind),
    }
    if kind in game.scenario.signals:
        said["news"] = game.scenario.signals[kind].news
    elif kind == "attack":
        said["adversary"] = game.scenario.clients[client].adversary
        if said["adversary"] is None:
            raise RefusedError(422, "error.inject_adversary")
    else:
        said["rival"] = ask.field("rival", 60)
        if said["rival"] not in game.scenario.rivals:
            raise RefusedError(422, "error.inject_rival")
    # Named after the form, so that a form that is sent twice is one inject.
    mark = hashlib.sha256((ask.key or ask.room.ids()).encode()).hexdigest()[:8]
    ask.room.play.inject(f"white cell {mark}: {kind}"[:60], said, when=_when(ask, client), news=news, key=ask.key)
    return ask.go("/room#injects")


def _when(ask: Ask, client: str) -> str | Condition:
    """Return when something is to happen: now, in a month, or once something is seen."""
    posture = ask.field("posture", 20)
    match ask.field("when", 20):
        case "month":
            return ask.field("month", 10)
        case "beyond" if posture in POSTURES:
            return PostureReached(client=client, posture=posture)
        case "within" if posture in POSTURES:
            return PostureHeld(client=client, posture=posture)
        case "share":
            return ShareReached(share=ask.number("share", 0, 100) / 100)
        case "now":
            return "now"
        case _:
            raise RefusedError(422, "error.when")


def recall(ask: Ask) -> Response:
    """Take an inject back that has not happened yet."""
    ask.room.play.recall(ask.field("name", 60), key=ask.key)
    return ask.go("/room#injects")


def kick(ask: Ask) -> Response:
    """Take a seat away from whoever holds it; the next one who joins can claim it."""
    take_away(ask.room, str(_wanted(ask, ask.field("seat", 200))), ask.key)
    return ask.go("/room")


def hand_over(ask: Ask) -> Response:
    """Give out a pass for a seat, or void it: whoever joins with it takes the seat over from whoever holds it."""
    team.give_pass(ask, str(_wanted(ask, ask.field("seat", 200))))
    return ask.go("/room#teams")


def _wanted(ask: Ask, name: str) -> seats.Seat:
    if name not in map(str, ask.room.play.game.seats):
        raise RefusedError(404, "error.nothing")
    return seats.parse(name)


def _empty(ask: Ask) -> seats.Seat:
    """Return the seat of the address, if nobody holds it."""
    wanted = _wanted(ask, ask.path.get("seat", ""))
    if str(wanted) in ask.room.play.game.holders:
        raise RefusedError(409, "error.held")
    return wanted


def seat(ask: Ask) -> Response:
    """Show a seat's desk as the seat has it, and the form for its orders while nobody sits there."""
    wanted = _wanted(ask, ask.path.get("seat", ""))
    view = ask.room.play.view(wanted)
    return _show_seat(ask, view, fields_of(view.sheet))


def _show_seat(ask: Ask, view: View, fields: dict[str, str], status: int = 200, **more: Any) -> Response:
    held = view.seat in ask.room.play.game.holders
    return team.show(ask, view, fields, status, act="" if held else f"/room/seat/{quote(view.seat)}", **more)


def order(ask: Ask) -> Response:
    """Give the orders of a seat that nobody holds; the review says who gave them."""
    play, turn = ask.room.play, ask.number("turn", 1, 1200)
    wanted = _empty(ask)
    view = play.view(wanted)
    fields = team.order_fields(ask)
    try:
        play.submit(sheet_of(view, turn, fields), by=seats.THE_FACILITATOR, key=ask.key)
    except RefusalError as error:
        return _show_seat(ask, view, fields, status_of(error), problems=ask.speech.reasons(error))
    return ask.go("/room#teams")


def withdraw(ask: Ask) -> Response:
    """Take the orders of a seat that nobody holds back, so that the rule plays it."""
    ask.room.play.withdraw(_empty(ask), ask.number("turn", 1, 1200), key=ask.key)
    return ask.go("/room#teams")


def pace(ask: Ask) -> Response:
    """Let turns go on by themselves once all teams are ready, or only when the facilitator says so."""
    ask.room.play.pace(ask.field("by_itself", 5) == "yes", key=ask.key)
    return ask.go("/room")


def rotate(ask: Ask) -> Response:
    """Give out another code."""
    ask.room.access.rotate()
    return ask.go("/room")


def timer(ask: Ask) -> Response:
    """Start, stop or continue the room's clock."""
    do = ask.field("do", 10)
    match do:
        case "start":
            minutes = ask.number("minutes", 1, MOST_MINUTES)
            ask.room.start_timer(60 * minutes, ask.key and f"{ask.key}/{minutes}")
        case "stop":
            ask.room.stop_timer(ask.key and f"{ask.key}/stop")
        case _:
            ask.room.start_timer(ask.room.seconds_left() or 0, ask.key and f"{ask.key}/go")
    return ask.go("/room")


def message(ask: Ask) -> Response:
    """Send a message to a team or to all."""
    team.send(ask, seats.THE_FACILITATOR)
    return ask.go("/room#messages")


def reveal(ask: Ask) -> Response:
    """Reveal one kind of secret up to a turn."""
    ask.room.play.reveal(ask.field("step", 20), ask.number("turn", 1, 1200), key=ask.key)
    return ask.go("/review#reveal")


def end(ask: Ask) -> Response:
    """End play."""
    ask.room.play.end(key=ask.key)
    return ask.go("/review")
