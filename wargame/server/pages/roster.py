"""Give out a link to each person on a class list, to be printed and cut."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.responses import Response

from papertiger.wargame.rules import seats
from papertiger.wargame.server.pages.join import drawn
from papertiger.wargame.server.request import RefusedError
from papertiger.wargame.server.roster import read_list

if TYPE_CHECKING:
    from papertiger.wargame.server.request import PageRequest

MAX_TEXT = 8000
MAX_DIGITS = 4


def show(request: PageRequest) -> Response:
    """Show the list with its links, to be printed and cut."""
    return _page(request, _written(request))


def slips(request: PageRequest) -> Response:
    """Show a slip for each person, with the link as a QR code, to be printed and cut."""
    state = request.state
    return request.page(
        "roster_slips.html", people=state.roster.people, address=state.address, reachable=state.places.is_reachable
    )


def code_image(request: PageRequest) -> Response:
    """Return a person's link as a QR code: the person by number, so that the link stands in no address of a page."""
    state, asked = request.state, request.http.query_params.get("person", "")
    number = int(asked) if asked.isascii() and asked.isdecimal() and len(asked) < MAX_DIGITS else 0
    people = state.roster.people
    if not (state.places.is_reachable and 1 <= number <= len(people)):
        raise RefusedError(404, "error.nothing")
    return Response(drawn(f"{state.address}/?code={people[number - 1].code}"), media_type="image/svg+xml")


def _page(request: PageRequest, text: str, problems: list[str] | None = None) -> Response:
    state = request.state
    return request.page(
        "roster.html",
        422 if problems else 200,
        people=state.roster.people,
        everybody=[str(seat) for seat in state.session.game.seats],
        address=state.address,
        reachable=state.places.is_reachable,
        text=text,
        problems=problems or [],
    )


def _written(request: PageRequest) -> str:
    """Return the list as a facilitator would write it."""
    called = request.translator.actor
    return "\n".join(
        f"{one.name}; {called(one.seat) if _plain(request, one.seat) else one.seat}" if one.seat else one.name
        for one in request.state.roster.people
    )


def _plain(request: PageRequest, seat: str) -> bool:
    """Tell whether the name of a seat's state means that seat alone."""
    called = request.translator.actor
    return [called(str(one)) for one in request.state.session.game.seats].count(called(seat)) == 1


def change(request: PageRequest) -> Response:
    """Take another list; who was on the last one keeps the link."""
    text = request.field("text", MAX_TEXT)
    people, wrong = read_list(text, _ways(request))
    if wrong:
        say = request.translator.text
        return _page(request, text, [say(one.text, line=one.line, given=one.given) for one in wrong])
    request.state.roster.replace(people)
    return request.go("/room/roster")


def _ways(request: PageRequest) -> dict[str, str]:
    """Return the seats by each way in which a list may write them; where two are written alike, neither."""
    translator, ways = request.translator, dict[str, str]()
    doubled: set[str] = set()
    for seat in map(str, request.state.session.game.seats):
        for way in {seat, translator.seat(seat), translator.actor(seat), seats.parse(seat).name or seat}:
            folded = way.casefold()
            if ways.setdefault(folded, seat) != seat:
                doubled.add(folded)
    return {way: seat for way, seat in ways.items() if way not in doubled}
