"""Entry: how people come in, choose a seat and leave."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache
from io import BytesIO
from typing import TYPE_CHECKING

from starlette.responses import Response

from papertiger.wargame.rules import seats
from papertiger.wargame.server.auth import FACILITATOR, GUEST, OBSERVER, TEAM, AccessError, Session, digest
from papertiger.wargame.server.request import HOME, LANGUAGES, RefusedError, give_cookie

if TYPE_CHECKING:
    from papertiger.wargame.server.request import Ask
    from papertiger.wargame.server.state import Room

MOST_NAME = 40


def join_page(ask: Ask) -> Response:
    """Show the form to join with, or send whoever is in already to their page."""
    if ask.session is not None:
        return ask.go(HOME[ask.role])
    typed = "".join(char for char in ask.request.query_params.get("code", "")[:12] if char.isalnum())
    if ask.cookie:
        return ask.page("join.html", code=typed, wrong=False)
    # A name for the browser, so that the form can carry a token of its own; nothing is kept about it here.
    ask.cookie = ask.room.access.tokens()
    response = ask.page("join.html", code=typed, wrong=False)
    give_cookie(response, ask.cookie)
    return response


def join(ask: Ask) -> Response:
    """Let somebody in who knows the code."""
    client = ask.request.client
    address = client.host if client is not None else ""
    if ask.room.joins.is_full(address):
        raise RefusedError(429, "error.wait")
    code = ask.field("code", 200)
    admitted = ask.room.access.admits(code)
    if not admitted and not ask.room.access.seat_of(code):
        ask.room.joins.count(address)
        return ask.page("join.html", 403, code="", wrong=True)
    language = ask.field("language", 10)
    name = " ".join(ask.field("name", 200).split())[:MOST_NAME]
    chosen = language if language in LANGUAGES else ask.language
    guest = Session(GUEST, name=name or ask.speech.text("join.nameless"), language=chosen)
    return ask.sign_in(guest) if admitted else take_over(ask, guest, code)


def take_over(ask: Ask, session: Session, code: str) -> Response:
    """Seat whoever has a pass, in place of whoever sat there; if that cannot be kept, the pass still holds."""
    play, access = ask.room.play, ask.room.access
    with ask.room.taking:
        seat = access.seat_of(code)
        if not seat:
            raise RefusedError(403, "join.wrong")
        # While the pass holds, nobody else can claim the seat.
        play.release(seats.parse(seat))
        response = sit_down(ask, session, seat)
        access.end_seat(seat, but=play.game.holders[seat])
    ask.room.hub.tell_all()
    return response


def take_away(room: Room, seat: str, key: str = "") -> None:
    """Take a seat away from whoever holds it; a form that comes late, once more, shuts out nobody who came since."""
    room.play.release(seats.parse(seat), key=key)
    room.access.end_seat(seat, but=room.play.game.holders.get(seat, ""))
    room.hub.tell_all()
    room.play.go_on()


def sit_down(ask: Ask, session: Session, seat: str) -> Response:
    """Seat somebody and send them to their desk."""
    # A name that nobody else has, so that two of the same name cannot both be the holder.
    holder = f"{session.name} #{digest(ask.room.access.tokens())[:6]}"
    ask.room.play.claim(seats.parse(seat), holder)
    try:
        return ask.sign_in(replace(session, role=TEAM, seat=seat, holder=holder))
    except AccessError:
        # Nobody could ever sit there with a cookie that was not kept.
        ask.room.play.release(seats.parse(seat))
        raise


def enter(ask: Ask) -> Response:
    """Exchange the facilitator's key for a cookie, so that it leaves the address."""
    client = ask.request.client
    address = f"key {client.host if client is not None else ''}"
    if ask.room.joins.is_full(address):
        raise RefusedError(429, "error.wait")
    if not ask.room.access.opens(ask.request.query_params.get("key", "")):
        ask.room.joins.count(address)
        raise RefusedError(404, "error.nothing")
    return ask.sign_in(Session(FACILITATOR, language=ask.language))


def lobby(ask: Ask) -> Response:
    """Show who sits where and which seats are free."""
    view = ask.room.play.view(seats.THE_OBSERVER)
    return ask.page("lobby.html", view=view, free=[str(seat) for seat in ask.room.free_seats()])


def claim(ask: Ask) -> Response:
    """Let somebody take a seat, or only watch."""
    session, wanted = ask.session, ask.field("seat", 200)
    assert session is not None  # the route lets only guests here
    if wanted == seats.OBSERVER:
        return ask.sign_in(replace(session, role=OBSERVER))
    if wanted not in map(str, ask.room.play.game.seats):
        raise RefusedError(422, "error.seat")
    if ask.room.access.pass_for(wanted):
        raise RefusedError(409, "error.reserved")
    return sit_down(ask, session, wanted)


def leave(ask: Ask) -> Response:
    """Let somebody go; a team's seat is free again."""
    if ask.session is not None and ask.session.role == TEAM:
        ask.room.play.release(ask.seat)
    ask.room.access.end(ask.cookie)
    ask.room.hub.tell_all()
    ask.room.play.go_on()  # the others may all be ready
    response = ask.go("/")
    give_cookie(response, ask.room.access.tokens())
    return response


def language(ask: Ask) -> Response:
    """Change the language of somebody's pages."""
    wanted = ask.field("language", 10)
    if wanted not in LANGUAGES:
        raise RefusedError(422, "error.nothing")
    assert ask.session is not None  # the route lets no stranger here
    ask.room.access.change(ask.cookie, replace(ask.session, language=wanted))
    return ask.go(HOME[ask.role])


def code_image(ask: Ask) -> Response:
    """Return the address to join at as a QR code; the facilitator's key is never in it."""
    return Response(_drawn(f"{ask.room.address}/?code={ask.room.access.code}"), media_type="image/svg+xml")


@lru_cache(4)
def _drawn(address: str) -> bytes:
    """Return a QR code; every page with a code asks for the same one."""
    import segno  # noqa: PLC0415 - only a room with a projector needs it

    out = BytesIO()
    segno.make(address, error="m").save(out, kind="svg", scale=6, border=2, xmldecl=False)
    return out.getvalue()
