"""Let people join, choose a seat and leave."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache
from io import BytesIO
from textwrap import shorten
from typing import TYPE_CHECKING

from starlette.responses import HTMLResponse, JSONResponse, PlainTextResponse, Response

from papertiger.wargame.i18n.catalogue import languages
from papertiger.wargame.rules import seats
from papertiger.wargame.server.auth import FACILITATOR, GUEST, OBSERVER, TEAM, AuthError, Identity, digest
from papertiger.wargame.server.pages.desk import keep_what_can_be
from papertiger.wargame.server.request import RefusedError, give_cookie

if TYPE_CHECKING:
    from papertiger.wargame.server.request import PageRequest
    from papertiger.wargame.server.roster import Person
    from papertiger.wargame.server.state import ServerState

MAX_NAME = 40
MARK, MARK_OF_TEAM = 6, 8
"""Digits after a holder's name; by a team's own number nobody who types its names can be taken for it."""


def join_page(request: PageRequest) -> Response:
    """Show the form to join with, or send whoever is in already to their page."""
    if request.identity is not None:
        return request.go(request.home(request.role))
    typed = "".join(char for char in request.http.query_params.get("code", "")[:12] if char.isalnum())
    if request.cookie:
        return request.page("join.html", code=typed, wrong=False)
    # A name for the browser, so that the form can carry a token of its own; nothing is kept about it here.
    request.cookie = request.state.auth.tokens()
    response = request.page("join.html", code=typed, wrong=False)
    give_cookie(response, request.cookie)
    return response


def join(request: PageRequest) -> Response:
    """Let somebody in who knows the code."""
    code = request.field("code", 200)
    admitted, person = request.state.auth.admits(code), request.state.roster.person(code)
    if person is not None:
        return come_in(request, person)
    if not admitted and not request.state.auth.seat_of(code):
        client = request.http.client
        address = client.host if client is not None else ""
        waits = request.state.guesses.is_full(address)
        request.state.guesses.count(address)
        # Whoever guesses on and on is answered without a page; the right code is let in nevertheless.
        return PlainTextResponse(request.translator.text("join.wrong"), 429) if waits else _wrong(request)
    guest = guest_of(request)
    return request.sign_in(guest) if admitted else take_over(request, guest, code)


def guest_of(request: PageRequest) -> Identity:
    """Return whoever a form to join with says."""
    language = request.field("language", 10)
    name = one_line(request.field("name", 200))
    chosen = language if language in languages() else request.language
    return Identity(GUEST, name=name or request.translator.text("join.nameless"), language=chosen)


def one_line(name: str) -> str:
    """Return a name as pages show it."""
    return " ".join(name.split())[:MAX_NAME]


def _wrong(request: PageRequest) -> Response:
    return request.page("join.html", 403, code="", wrong=True)


def take_over(request: PageRequest, identity: Identity, code: str) -> Response:
    """Seat whoever has a pass, in place of whoever sat there; if that cannot be kept, the pass still holds."""
    session, auth = request.state.session, request.state.auth
    with request.state.taking:
        seat = auth.seat_of(code)
        if not seat:
            raise RefusedError(403, "join.wrong")
        # While the pass holds, nobody else can claim the seat.
        session.release(seats.parse(seat))
        response = sit_down(request, identity, seat)
        auth.end_seat(seat, but=session.game.holders[seat])
    request.state.hub.tell_all()
    return response


def come_in(request: PageRequest, person: Person) -> Response:
    """Let somebody in by their own link: to their seat, in place of whoever sits there, or to the free ones."""
    guest = replace(guest_of(request), name=person.name)
    session, auth = request.state.session, request.state.auth
    if person.seat not in map(str, session.game.seats):
        return request.sign_in(guest)
    with request.state.taking:
        team = request.state.roster.team(person.seat)
        holder = session.game.holders.get(person.seat, "")
        if len(team) > 1:
            guest = replace(guest, name=_together(team))
            name, _, mark = holder.rpartition(" #")
            if name == guest.name and len(mark) == MARK_OF_TEAM:
                # Somebody of the team sits there already: all of them hold the seat.
                return request.sign_in(replace(guest, name=person.name, role=TEAM, seat=person.seat, holder=holder))
        session.release(seats.parse(person.seat))
        response = sit_down(request, guest, person.seat, MARK_OF_TEAM if len(team) > 1 else MARK)
        auth.end_seat(person.seat, but=session.game.holders[person.seat])
    request.state.hub.tell_all()
    return response


def _together(names: tuple[str, ...]) -> str:
    """Return what those who share a seat are called as its holder, as far as a record has room for it."""
    return shorten(", ".join(names), MAX_NAME, placeholder=" …")


def take_away(state: ServerState, seat: str, key: str = "") -> None:
    """Take a seat away from whoever holds it; a form that comes late, once more, shuts out nobody who came since."""
    state.session.release(seats.parse(seat), key=key)
    state.auth.end_seat(seat, but=state.session.game.holders.get(seat, ""))
    state.hub.tell_all()
    state.session.resolve_if_due()


def sit_down(request: PageRequest, identity: Identity, seat: str, mark: int = MARK) -> Response:
    """Seat somebody and send them to their desk; the mark after the name has so many digits."""
    # A name that nobody else has, so that two of the same name cannot both be the holder.
    holder = f"{identity.name} #{digest(request.state.auth.tokens())[:mark]}"
    request.state.session.claim(seats.parse(seat), holder)
    try:
        return request.sign_in(replace(identity, role=TEAM, seat=seat, holder=holder))
    except AuthError:
        # Nobody could ever sit there with a cookie that was not kept.
        request.state.session.release(seats.parse(seat))
        raise


def enter(request: PageRequest) -> Response:
    """Exchange the facilitator's key for a cookie, so that it leaves the address."""
    if not request.state.auth.opens(request.http.query_params.get("key", "")):
        raise RefusedError(404, "error.nothing")
    response = request.sign_in(Identity(FACILITATOR, language=request.language))
    if request.http.headers.get("sec-fetch-site") == "cross-site":
        # From the file that the program opened the browser with: a redirect from there would come without the cookie.
        icon = '<link rel="icon" href="/static/icon.svg">'  # or the browser asks for another one
        refresh = f'<meta http-equiv="refresh" content="0;url={request.home(FACILITATOR)}">'
        page = HTMLResponse(f"<!doctype html>{icon}{refresh}")
        page.headers["set-cookie"] = response.headers["set-cookie"]
        return page
    return response


def lobby(request: PageRequest) -> Response:
    """Show who sits where and which seats are free."""
    view = request.state.session.view(seats.THE_OBSERVER)
    return request.page("lobby.html", view=view, free=[str(seat) for seat in request.state.free_seats()])


def claim(request: PageRequest) -> Response:
    """Let somebody take a seat, or only watch."""
    identity, wanted = request.identity, request.field("seat", 200)
    assert identity is not None  # the route lets only guests here
    if wanted == seats.OBSERVER:
        return request.sign_in(replace(identity, role=OBSERVER))
    if wanted not in map(str, request.state.session.game.seats):
        raise RefusedError(422, "error.seat")
    if request.state.auth.pass_for(wanted):
        raise RefusedError(409, "error.reserved")
    return sit_down(request, identity, wanted)


def leave(request: PageRequest) -> Response:
    """Let somebody go; a team's seat is free again."""
    who, auth = request.identity, request.state.auth
    if who is not None and who.role == TEAM and not auth.is_shared(who.holder, request.cookie):
        request.state.session.release(request.seat)
    auth.end(request.cookie)
    request.state.hub.tell_all()
    request.state.session.resolve_if_due()  # the others may all be ready
    response = request.go("/")
    give_cookie(response, request.state.auth.tokens())
    return response


def language(request: PageRequest) -> Response:
    """Change the language of somebody's pages."""
    wanted = request.field("language", 10)
    if wanted not in languages():
        raise RefusedError(422, "error.nothing")
    assert request.identity is not None  # the route lets no stranger here
    if request.role == TEAM:
        keep_what_can_be(request)  # the button may stand in the form of a desk
    request.state.auth.change(request.cookie, replace(request.identity, language=wanted))
    return request.go(request.home(request.role))


def edition(request: PageRequest) -> Response:
    """Say what the socket says, and what the room's clock shows, for pages that have no socket or were asleep."""
    return JSONResponse(request.state.edition(request.identity) | {"left": request.state.seconds_left()})


def code_image(request: PageRequest) -> Response:
    """Return the address to join at as a QR code; the facilitator's key is never in it.

    An address that reaches only this machine is never drawn: whoever scanned it would reach their own.
    """
    if not request.state.places.is_reachable:
        raise RefusedError(404, "error.nothing")
    return Response(drawn(f"{request.state.address}/?code={request.state.auth.code}"), media_type="image/svg+xml")


@lru_cache(64)
def drawn(address: str) -> bytes:
    """Return a QR code; pages ask for the same ones again and again."""
    import segno  # noqa: PLC0415 - only a room with a projector needs it

    out = BytesIO()
    segno.make(address, error="m").save(out, kind="svg", scale=6, border=2, xmldecl=False)
    return out.getvalue()
