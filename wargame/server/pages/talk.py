"""Take what seats say to each other besides messages: proposals, answers to them, what was read, and press lines."""

from __future__ import annotations

from typing import TYPE_CHECKING, get_args

from papertiger.wargame.rules import seats
from papertiger.wargame.rules.pledges import WITH_POSTURE, Pledge
from papertiger.wargame.rules.refusals import RefusalError
from papertiger.wargame.server.pages import desk as team
from papertiger.wargame.server.request import RefusedError, status_of
from papertiger.wargame.talking import Reply
from papertiger.wargame.views.threads import find, last_of

if TYPE_CHECKING:
    from starlette.responses import Response

    from papertiger.wargame.server.request import PageRequest

MAX_WORDS, MAX_LINE, MAX_FIELD = 500, 140, 200
MAX_TURN = 1200
REPLIES: tuple[Reply, ...] = get_args(Reply.__value__)


def propose(request: PageRequest) -> Response:
    """Propose something to another seat."""
    session, turn = request.state.session, request.number("turn", 1, MAX_TURN)
    known = {str(seat): seat for seat in session.game.seats if seat != request.seat}
    try:
        to = _partner(request, known)
        session.propose(
            request.seat,
            to,
            turn,
            gives=_pledge(request, "gives", turn),
            asks=_pledge(request, "asks", turn),
            text=request.field("text", MAX_WORDS),
            key=request.key,
        )
    except (RefusalError, RefusedError) as error:
        return _objected(request, error)
    team.keep_what_can_be(request, but=("to", "text", *team.DEAL))
    return request.go("/desk?done=proposed#sent")


def _partner(request: PageRequest, known: dict[str, seats.Seat]) -> seats.Seat:
    seat = known.get(request.field("to", MAX_FIELD))
    if seat is None:
        raise RefusedError(422, "error.deal")
    return seat


def _objected(request: PageRequest, error: RefusalError | RefusedError) -> Response:
    """Show the desk with all that was typed, and say at the messages what is wrong."""
    view, say = request.state.session.view(request.seat), request.translator
    lines = say.reasons(error) if isinstance(error, RefusalError) else [say.text(error.text)]
    status = status_of(error) if isinstance(error, RefusalError) else error.status
    return team.show(request, view, team.order_fields(request, view), status, objected=lines)


def _pledge(request: PageRequest, field: str, turn: int) -> Pledge | None:
    """Return what a field of the form promises."""
    said = request.field(field, MAX_FIELD)
    if not said:
        return None
    do, _, about = said.partition("/")
    until = request.number("lasts", 1, MAX_TURN) if request.field("lasts", 10) else turn
    fields = {"do": do, "until": until, "posture" if do in WITH_POSTURE else "client": about or None}
    try:
        return Pledge.model_validate(fields)
    except ValueError:
        raise RefusedError(422, "error.deal") from None


def reply(request: PageRequest) -> Response:
    """Accept or refuse a proposal, or withdraw one's own."""
    session, turn = request.state.session, request.number("turn", 1, MAX_TURN)
    said, _, place = request.field("deal", MAX_FIELD).partition(" ")
    name, _, other = place.partition(" ")
    answer: Reply | None = next((one for one in REPLIES if one == said), None)
    if answer is None:
        return _objected(request, RefusedError(422, "error.deal"))
    proposal = find(session.snapshot(), str(request.seat), other, name)
    if proposal is None:
        return _objected(request, RefusedError(409, "error.lapsed"))
    try:
        session.reply(request.seat, proposal.seq, turn, answer, key=request.key)
    except RefusalError as error:
        return _objected(request, error)
    team.keep_what_can_be(request)
    return request.go("/desk?done=replied#sent")


def read(request: PageRequest) -> Response:
    """Mark what a thread showed as read."""
    session = request.state.session
    number, _, other = request.field("read", MAX_FIELD).partition(" ")
    if not (number.isascii() and number.isdecimal() and len(number) < 6):
        raise RefusedError(422, "error.number")
    until = last_of(session.snapshot(), str(request.seat), other, int(number))
    if not until:
        raise RefusedError(422, "error.number")
    session.mark_read(request.seat, other, until, key=request.key)
    team.keep_what_can_be(request)
    return request.go("/desk?done=read#messages")


def publish(request: PageRequest) -> Response:
    """Publish the seat's line of the turn."""
    session, turn = request.state.session, request.number("turn", 1, MAX_TURN)
    try:
        session.publish(request.seat, turn, _line(request), key=request.key)
    except (RefusalError, RefusedError) as error:
        return _objected(request, error)
    team.keep_what_can_be(request, but=("line",))
    return request.go("/desk?done=published#sent")


def _line(request: PageRequest) -> str:
    """Return the line of the form, on one line."""
    text = " ".join(request.field("line", MAX_LINE).split())
    if not text:
        raise RefusedError(422, "error.line")
    return text


def take_off(request: PageRequest) -> Response:
    """Take a line off the wall."""
    known = {str(seat): seat for seat in request.state.session.game.seats}
    seat = known.get(request.field("seat", MAX_FIELD))
    if seat is None:
        raise RefusedError(422, "error.line")
    request.state.session.take_off(seat, request.number("turn", 1, MAX_TURN), key=request.key)
    return request.go("/room#press")
