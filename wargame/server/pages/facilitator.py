"""Serve the facilitator's room: every team's state, and what the white cell can do."""

from __future__ import annotations

import hashlib
from functools import partial
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from papertiger.scenarios.schema.values import POSTURES
from papertiger.wargame.i18n.formats import percent
from papertiger.wargame.practice import can_practise
from papertiger.wargame.rules import seats
from papertiger.wargame.rules.conditions import PostureHeld, PostureReached, ShareReached
from papertiger.wargame.rules.refusals import RefusalError
from papertiger.wargame.server.pages import desk as team
from papertiger.wargame.server.pages import prepared
from papertiger.wargame.server.pages.forms import fields_of, sheet_of
from papertiger.wargame.server.pages.handout import lesson_of
from papertiger.wargame.server.pages.join import take_away
from papertiger.wargame.server.request import RefusedError, status_of
from papertiger.wargame.views.adversary_desk import AdversaryDesk
from papertiger.wargame.views.client_desk import ClientDesk
from papertiger.wargame.views.facilitator import white_cell
from papertiger.wargame.views.patron_desk import PatronDesk
from papertiger.wargame.views.plain import plain
from papertiger.wargame.views.rival_desk import RivalDesk

if TYPE_CHECKING:
    from starlette.responses import Response

    from papertiger.wargame.rules.conditions import Condition
    from papertiger.wargame.server.request import PageRequest
    from papertiger.wargame.views.seats import SeatView

STRUCTURAL = ("attack", "offer", "offer_withdrawn")
MAX_MINUTES = 600


def room(request: PageRequest) -> Response:
    """Show everything."""
    session = request.state.session
    cell = white_cell(session.snapshot())
    view = cell.common
    return request.page(
        "room.html",
        cell=cell,
        view=view,
        code=request.state.auth.code,
        address=request.state.address,
        reachable=request.state.places.is_reachable,
        hosts=request.state.places.hosts(),
        shown=request.state.places.host,
        **prepared.plan_of(request, cell.script),
        library=prepared.library_of(request),
        can_practise=can_practise(session.game),
        has_kit=lesson_of(session) is not None,
        kinds=[*STRUCTURAL, *session.game.scenario.signals],
        clients=list(session.game.scenario.clients),
        rivals=list(session.game.scenario.rivals),
        months=months_ahead(request),
        passes={str(seat): request.state.auth.pass_for(str(seat)) for seat in session.game.seats},
        by_itself=session.game.by_itself,
        figures=session.game.figures,
        minutes=request.state.minutes(),
        ended=session.game.ended and session.game.branch.turn <= session.game.schedule.turns,
        resolving=session.game.branch.closed and session.game.branch.resolving,
        resumed=request.state.resumed,
        answers=sorted(session.game.answers.items()),
        orders_of=lambda sheet: [plain(order) for order in sheet.orders],
        state_of=lambda desk: state_of(request, desk),
        everybody=[str(seat) for seat in session.game.seats],
        chart=team.credibility_of(request.translator, view),
        network=team.network_of(request, view),
    )


def state_of(request: PageRequest, desk: object) -> str:
    """Return a team's state in a line."""
    translator, say, number = request.translator, request.translator.text, request.translator.number
    share = partial(percent, language=request.language)
    match desk:
        case ClientDesk():
            return (
                f"{say('posture.' + desk.posture)}; {say('belief.protection')} {share(desk.protection)} = "
                f"{share(desk.capability)} · {share(desk.resolve)}"
                + (f"; {say('desk.contacts')} {translator.rival(desk.contacts)}" if desk.contacts else "")
            )
        case PatronDesk():
            return f"{say('word.budget')} {number(desk.budget)}; {say('word.burden')} {number(desk.burden)}"
        case RivalDesk():
            offers = sorted(desk.clients, key=lambda one: -one.offers)[:2]
            return f"{say('order.offer')}: " + ", ".join(
                f"{translator.client(one.client)} {number(one.offers)}" for one in offers
            )
        case AdversaryDesk():
            return f"{say('desk.threatens')}: " + ", ".join(
                f"{translator.client(one.client)} {number(one.threat)}" for one in desk.clients[:4]
            )
        case _:
            return ""


def resolve(request: PageRequest) -> Response:
    """Play the turn."""
    with request.state.turning():
        request.state.session.resolve(request.number("turn", 1, 1200))
    return request.go("/room")


def close(request: PageRequest) -> Response:
    """Take no more orders, or take them again."""
    turn = request.number("turn", 1, 1200)
    if request.field("open", 5) == "yes":
        request.state.session.reopen_turn(turn, key=request.key)
    else:
        request.state.session.close_turn(turn, key=request.key)
    return request.go("/room")


def undo(request: PageRequest) -> Response:
    """Take the last turn back."""
    request.state.session.undo(request.number("turn", 1, 1200), key=request.key)
    return request.go("/room")


def branch(request: PageRequest) -> Response:
    """Begin a branch; where asked, play it to where the teams are, so that the review has it beside theirs."""
    session, turn = request.state.session, request.number("turn", 1, 1200)
    number = session.branch_off(
        request.field("name", 80) or f"{turn}",
        turn,
        luck="other" if request.field("luck", 10) == "other" else "same",
        key=request.key,
    )
    if request.field("play", 5) == "yes":
        session.play_out(number, session.game.branch.resolved)
    return request.go("/room#branches")


def activate(request: PageRequest) -> Response:
    """Let the teams go on in a branch."""
    number = request.number("branch", 0, 1000)
    if number >= len(request.state.session.game.branches):
        raise RefusedError(422, "error.number")
    request.state.session.activate(number, key=request.key)
    return request.go("/room")


def months_ahead(request: PageRequest) -> list[str]:
    """Return the months in which something can still be made to happen."""
    game = request.state.session.game
    if game.branch.turn > game.schedule.turns:
        return []
    return [game.month(index) for index in range(game.schedule.months(game.branch.turn)[0], game.schedule.last + 1)]


def inject(request: PageRequest) -> Response:
    """Let an event happen."""
    game = request.state.session.game
    kind, client, news = request.field("kind", 60), request.field("client", 60), request.field("news", 500)
    if client not in game.scenario.clients or kind not in (*STRUCTURAL, *game.scenario.signals):
        raise RefusedError(422, "error.inject")
    said: dict[str, Any] = {
        "kind": kind,
        "client": client,
        "intensity": request.number("intensity", 1, 3),
        "what": news or request.translator.kind(kind),
    }
    if kind in game.scenario.signals:
        said["news"] = game.scenario.signals[kind].news
    elif kind == "attack":
        said["adversary"] = game.scenario.clients[client].adversary
        if said["adversary"] is None:
            raise RefusedError(422, "error.inject_adversary")
    else:
        said["rival"] = request.field("rival", 60)
        if said["rival"] not in game.scenario.rivals:
            raise RefusedError(422, "error.inject_rival")
    # Named after the form, so that a form that is sent twice is one inject.
    mark = hashlib.sha256((request.key or request.state.ids()).encode()).hexdigest()[:8]
    request.state.session.inject(
        f"white cell {mark}: {kind}"[:60], said, when=_when(request, client), news=news, key=request.key
    )
    return request.go("/room#injects")


def _when(request: PageRequest, client: str) -> str | Condition:
    """Return when something is to happen: now, in a month, or once something is seen."""
    posture = request.field("posture", 20)
    match request.field("when", 20):
        case "month":
            return request.field("month", 10)
        case "beyond" if posture in POSTURES:
            return PostureReached(client=client, posture=posture)
        case "within" if posture in POSTURES:
            return PostureHeld(client=client, posture=posture)
        case "share":
            return ShareReached(share=request.number("share", 0, 100) / 100)
        case "now":
            return "now"
        case _:
            raise RefusedError(422, "error.when")


def recall(request: PageRequest) -> Response:
    """Take an inject back that has not happened yet."""
    request.state.session.recall(request.field("name", 60), key=request.key)
    return request.go("/room#injects")


def kick(request: PageRequest) -> Response:
    """Take a seat away from whoever holds it; the next one who joins can claim it."""
    take_away(request.state, str(_wanted(request, request.field("seat", 200))), request.key)
    return request.go("/room")


def hand_over(request: PageRequest) -> Response:
    """Give out a pass for a seat, or void it: whoever joins with it takes the seat over from whoever holds it."""
    team.give_pass(request, str(_wanted(request, request.field("seat", 200))))
    return request.go("/room#teams")


def _wanted(request: PageRequest, name: str) -> seats.Seat:
    if name not in map(str, request.state.session.game.seats):
        raise RefusedError(404, "error.nothing")
    return seats.parse(name)


def _empty(request: PageRequest) -> seats.Seat:
    """Return the seat of the address, if nobody holds it."""
    wanted = _wanted(request, request.path.get("seat", ""))
    if str(wanted) in request.state.session.game.holders:
        raise RefusedError(409, "error.held")
    return wanted


def seat(request: PageRequest) -> Response:
    """Show a seat's desk as the seat has it, and the form for its orders while nobody sits there."""
    wanted = _wanted(request, request.path.get("seat", ""))
    view = request.state.session.view(wanted)
    return _show_seat(request, view, fields_of(view.sheet))


def _show_seat(
    request: PageRequest, view: SeatView, fields: dict[str, str], status: int = 200, **more: Any
) -> Response:
    held = view.seat in request.state.session.game.holders
    return team.show(request, view, fields, status, act="" if held else f"/room/seat/{quote(view.seat)}", **more)


def order(request: PageRequest) -> Response:
    """Give the orders of a seat that nobody holds; the review says who gave them."""
    session, turn = request.state.session, request.number("turn", 1, 1200)
    wanted = _empty(request)
    view = session.view(wanted)
    fields = team.order_fields(request, view)
    try:
        session.submit(sheet_of(view, turn, fields), by=seats.THE_FACILITATOR, key=request.key)
    except RefusalError as error:
        return _show_seat(request, view, fields, status_of(error), **team.wrong_of(request, error))
    return request.go("/room#teams")


def withdraw(request: PageRequest) -> Response:
    """Take the orders of a seat that nobody holds back, so that the rule plays it."""
    request.state.session.withdraw(_empty(request), request.number("turn", 1, 1200), key=request.key)
    return request.go("/room#teams")


def pace(request: PageRequest) -> Response:
    """Let turns go on by themselves once all teams are ready, or only when the facilitator says so."""
    request.state.session.pace(request.field("by_itself", 5) == "yes", key=request.key)
    return request.go("/room")


def figures(request: PageRequest) -> Response:
    """Let the desks offer the model's figures and advice, or not."""
    request.state.session.figures(request.field("shown", 5) == "yes", key=request.key)
    return request.go("/room")


def rotate(request: PageRequest) -> Response:
    """Give out another code."""
    request.state.auth.rotate()
    return request.go("/room")


def choose_address(request: PageRequest) -> None:
    """Take another one of this machine's addresses as the one that walls show, or refuse what is none of them."""
    host = request.field("address", 300)
    if not request.state.places.choose(host):
        raise RefusedError(422, "error.address")
    request.state.auth.show(host)


def show_address(request: PageRequest) -> Response:
    """Let the wall show another one of this machine's addresses."""
    choose_address(request)
    request.state.hub.tell_all()
    return request.go("/room")


def timer(request: PageRequest) -> Response:
    """Start, stop or continue the room's clock."""
    do = request.field("do", 10)
    match do:
        case "start":
            minutes = request.number("minutes", 1, MAX_MINUTES)
            request.state.start_timer(60 * minutes, request.key and f"{request.key}/{minutes}")
        case "stop":
            request.state.stop_timer(request.key and f"{request.key}/stop")
        case _:
            request.state.start_timer(request.state.seconds_left() or 0, request.key and f"{request.key}/go")
    return request.go("/room")


def message(request: PageRequest) -> Response:
    """Send a message to a team or to all."""
    team.send(request, seats.THE_FACILITATOR)
    return request.go("/room#messages")


def reveal(request: PageRequest) -> Response:
    """Reveal one kind of secret up to a turn."""
    request.state.session.reveal(request.field("step", 20), request.number("turn", 1, 1200), key=request.key)
    return request.go("/review#reveal")


def end(request: PageRequest) -> Response:
    """End play; the debrief is next."""
    request.state.session.end(key=request.key)
    return request.go("/debrief")
