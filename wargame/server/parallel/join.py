"""Let people join a class, choose or form a group, and leave."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, cast

from papertiger.wargame.rules import seats
from papertiger.wargame.server.auth import OBSERVER
from papertiger.wargame.server.pages import join as entry
from papertiger.wargame.server.parallel.state import name_of
from papertiger.wargame.server.request import PageRequest, RefusedError, give_cookie

if TYPE_CHECKING:
    from starlette.responses import Response

    from papertiger.wargame.server.parallel.state import ClassState, GroupState


def class_of(request: PageRequest) -> ClassState:
    """Return the class that a request is about; only its own pages ask."""
    return cast("ClassState", request.state)


def in_group(request: PageRequest, group: GroupState) -> PageRequest:
    """Return a request as if it had been made to a group's pages."""
    return PageRequest(group, request.http, request.cookie, group.identity(request.cookie), request.fields, {})


def join_page(request: PageRequest) -> Response:
    """Show the form to join with, or send whoever is in already to their page, a group's member to the group's."""
    group = class_of(request).group_of(request.cookie) if request.identity is None else None
    return entry.join_page(request if group is None else in_group(request, group))


def join(request: PageRequest) -> Response:
    """Let somebody in who knows the code, or who has a pass: for a group's seat, or for the wall."""
    state, code = class_of(request), request.field("code", 200)
    # All are asked, whichever it is.
    passes = [(group, group.auth.seat_of(code)) for group in list(state.groups.values())]
    people = [(group, group.roster.person(code)) for group in list(state.groups.values())]
    for group, person in people:
        if person is not None and group.group.formed:
            return entry.come_in(in_group(request, group), person)
    for group, seat in passes:
        if seat:
            return entry.take_over(in_group(request, group), entry.guest_of(request), code)
    if state.auth.seat_of(code) == seats.OBSERVER:
        response = request.sign_in(replace(entry.guest_of(request), role=OBSERVER))
        state.auth.void(seats.OBSERVER)
        return response
    return entry.join(request)


def lobby(request: PageRequest) -> Response:
    """Show the groups that there are, and whether another one can be formed."""
    state = class_of(request)
    rows = []
    for group in state.formed:
        claimed = len(group.session.game.holders)
        rows.append((group.group.number, group.called(request.language), claimed, len(group.free_seats())))
    return request.page("groups.html", rows=rows, room=len(state.games.groups) - len(rows))


def pick(request: PageRequest) -> Response:
    """Let somebody join a group that was formed."""
    state, number = class_of(request), request.number("group", 1, 99)
    group = next((one for one in state.formed if one.group.number == number), None)
    if group is None:
        raise RefusedError(409, "class.no_group")
    return _enter(request, group)


def form(request: PageRequest) -> Response:
    """Let somebody form a group, and join it; a form that is sent twice forms one."""
    state, name = class_of(request), entry.one_line(request.field("name", 200))
    with state.taking:
        if name and any(name == name_of(one, request.language) for one in state.games.formed):
            raise RefusedError(409, "class.same_name")
        formed = state.games.form(name)
        if formed is None:
            raise RefusedError(409, "class.full")
    state.hub.tell_all()
    return _enter(request, state.groups[formed.number])


def _enter(request: PageRequest, group: GroupState) -> Response:
    """Let a guest of the class go on as a guest of a group: the class knows them no more."""
    assert request.identity is not None  # the route lets only guests here
    response = in_group(request, group).sign_in(request.identity)
    request.state.auth.end(request.cookie)
    return response


def leave(request: PageRequest) -> Response:
    """Let somebody go."""
    request.state.auth.end(request.cookie)
    request.state.hub.tell_all()
    response = request.go("/")
    give_cookie(response, request.state.auth.tokens())
    return response
