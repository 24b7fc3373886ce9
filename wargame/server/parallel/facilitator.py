"""Serve the facilitator's page of a class: a row for each group, and what is done in all of them at once."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING

from papertiger.scenarios.errors import ScenarioError
from papertiger.wargame.log.records import STEPS
from papertiger.wargame.parallel import MAX_GROUPS
from papertiger.wargame.practice import can_practise, is_practising
from papertiger.wargame.rules import seats
from papertiger.wargame.rules.refusals import RefusalError
from papertiger.wargame.server.pages import facilitator as white
from papertiger.wargame.server.pages import prepared
from papertiger.wargame.server.pages import wall as projector
from papertiger.wargame.server.pages.debrief import MAX_STEP
from papertiger.wargame.server.pages.debrief import resize as resize_debrief
from papertiger.wargame.server.pages.handout import lesson_of
from papertiger.wargame.server.pages.practise import practise
from papertiger.wargame.server.parallel.debrief import debrief_of, groups_over, own_step, places_of
from papertiger.wargame.server.parallel.join import class_of, in_group
from papertiger.wargame.server.request import RefusedError, status_of

if TYPE_CHECKING:
    from starlette.responses import Response

    from papertiger.wargame.server.parallel.state import ClassState, GroupState
    from papertiger.wargame.server.request import PageRequest

type Answer = Callable[[PageRequest], Response]


@dataclass(frozen=True)
class Row:
    """What the facilitator sees of a group in a line.

    Attributes
    ----------
    deciding
        Seats that are taken and not ready.
    ordered
        How many seats gave orders for the open turn.
    """

    number: int
    name: str
    formed: bool
    phase: str
    turn: int
    taken: int
    deciding: tuple[str, ...]
    ordered: int
    left: int | None
    running: bool
    at: str


def row_of(group: GroupState, language: str) -> Row:
    """Return a group's line."""
    view, line = group.session.view(seats.THE_OBSERVER), group.session.game.branch
    return Row(
        number=group.group.number,
        name=group.called(language),
        formed=group.group.formed,
        phase=view.phase,
        turn=view.turn,
        taken=sum(one.claimed for one in view.seats),
        deciding=tuple(one.seat for one in view.seats if one.claimed and not one.ready),
        ordered=sum(turn == view.turn for turn, _ in line.sheets),
        left=group.seconds_left(),
        running=bool(group.session.game.timer.until),
        at=group.at,
    )


def room(request: PageRequest) -> Response:
    """Show all groups."""
    state = class_of(request)
    rows = [row_of(group, request.language) for group in list(state.groups.values())]
    playing = [row for row in rows if row.formed and row.phase != "over"]
    left, running = state.clock_of_all()
    game = state.session.game
    first = in_group(request, state.formed[0]) if state.formed else request
    # The group that is behind says which turn is next.
    turn = min((row.turn for row in playing), default=0)
    return request.page(
        "class.html",
        rows=rows,
        playing=playing,
        formed=[row for row in rows if row.formed],
        turn=turn,
        turns=game.schedule.turns,
        closed=bool(playing) and all(row.phase == "closed" for row in playing if row.turn == turn),
        last=max((row.turn - 1 for row in rows if row.formed), default=0),
        left=left,
        running=running,
        minutes=(state.formed[0] if state.formed else state).minutes(),
        by_itself=all(one.session.game.by_itself for one in state.formed) and bool(state.formed),
        figures=all(one.session.game.figures for one in state.formed),
        begun=state.games.has_begun,
        fewest=max((row.number for row in rows if row.formed), default=1),
        most=MAX_GROUPS,
        code=state.auth.code,
        address=state.address,
        reachable=state.places.is_reachable,
        hosts=state.places.hosts(),
        shown=state.places.host,
        wall_pass=state.auth.pass_for(seats.OBSERVER),
        library=prepared.library_of(request),
        practising=any(is_practising(one.session.game) for one in state.formed),
        can_practise=bool(playing) and all(can_practise(one.session.game) for one in state.formed),
        has_kit=lesson_of(state.session) is not None,
        kinds=[*white.STRUCTURAL, *game.scenario.signals],
        clients=list(game.scenario.clients),
        rivals=list(game.scenario.rivals),
        months=white.months_ahead(first),
        everybody=[str(seat) for seat in game.seats],
        steps=STEPS,
        debrief=debrief_of(state),
        over=groups_over(state),
    )


def _everywhere(request: PageRequest, groups: list[GroupState], answer: Answer) -> Response:
    """Do in several groups what a page of each one does, and say which of them refused."""

    def attempt(group: GroupState) -> tuple[int, list[str]]:
        one = in_group(request, group)
        try:
            answer(one)
        except RefusedError as error:
            return error.status, [one.translator.text(error.text)]
        except (RefusalError, ScenarioError) as error:
            return status_of(error), one.translator.reasons(error)
        return 0, []

    if not groups:
        raise RefusedError(409, "class.nobody")
    # At once, so that no group's turn stays open while the engine plays another group's.
    with ThreadPoolExecutor(len(groups)) as pool:
        answers = list(pool.map(attempt, groups))
    refused = [(group, lines) for group, (status, lines) in zip(groups, answers, strict=True) if status]
    if not refused:
        return request.go("/class")
    details = [f"{group.called(request.language)}: {line}" for group, lines in refused for line in lines]
    return request.complaint(max(status for status, _ in answers), "error.rules", details)


def for_all(answer: Answer, *, of_turn: bool = False, resolved: bool = False) -> Answer:
    """Return what does in all groups that are formed what a page of each one does.

    Parameters
    ----------
    answer
        Of the group's page.
    of_turn
        Whether it is about a turn: a group that is at another one is left alone.
    resolved
        Whether that turn is the last that was played, and not the open one.
    """

    def everywhere(request: PageRequest) -> Response:
        groups = _open_groups(class_of(request)) if not resolved else class_of(request).formed
        if of_turn:
            turn = request.number("turn", 1, 1200) + resolved
            groups = [one for one in groups if one.session.game.branch.turn == turn]
            if not groups:
                return request.go("/class")  # a click that comes late
        return _everywhere(request, groups, answer)

    return everywhere


def _open_groups(state: ClassState) -> list[GroupState]:
    return [one for one in state.formed if not one.session.snapshot().over]


def _to_all(request: PageRequest) -> Response:
    return _everywhere(request, class_of(request).formed, white.message)


def _reveal(request: PageRequest) -> Response:
    state = class_of(request)
    over = [one for one in state.formed if one.session.snapshot().over]
    return _everywhere(request, over, white.reveal)


def _debrief(request: PageRequest) -> Response:
    """Let the debriefs of all groups whose play is over come to a step of the class."""
    groups = groups_over(class_of(request))
    places, step = places_of(groups), request.number("step", 0, MAX_STEP)

    def go(one: PageRequest) -> Response:
        group = next(group for group in groups if group is one.state)
        group.session.debrief(own_step(group, places, step), key=one.key)
        return one.go("/debrief")

    answer = _everywhere(request, groups, go)
    return request.go("/class#debrief") if answer.status_code == 303 else answer


def _debrief_length(request: PageRequest) -> Response:
    """Make the debriefs of all groups brief or whole."""
    answer = _everywhere(request, groups_over(class_of(request)), resize_debrief)
    return request.go("/class#debrief") if answer.status_code == 303 else answer


def _show(request: PageRequest) -> Response:
    return _everywhere(request, class_of(request).formed, projector.show)


FOR_ALL: tuple[tuple[str, Answer], ...] = (
    ("resolve", for_all(white.resolve, of_turn=True)),
    ("close", for_all(white.close, of_turn=True)),
    ("undo", for_all(white.undo, of_turn=True, resolved=True)),
    ("timer", for_all(white.timer)),
    ("pace", for_all(white.pace)),
    ("figures", for_all(white.figures)),
    ("inject", for_all(white.inject)),
    ("prepared", for_all(prepared.let_happen)),
    ("practise", for_all(practise)),
    ("end", for_all(white.end)),
    ("message", _to_all),
    ("reveal", _reveal),
    ("debrief", _debrief),
    ("length", _debrief_length),
    ("show", _show),
)
"""What is done in all groups at once, by the name of its address."""


def resize(request: PageRequest) -> Response:
    """Let there be more or fewer groups, before play begins."""
    state, count = class_of(request), request.number("groups", 1, MAX_GROUPS)
    try:
        state.resize(count)
    except ValueError:
        raise RefusedError(409, "class.begun") from None
    state.hub.tell_all()
    return request.go("/class")


def form(request: PageRequest) -> Response:
    """Form the next group, so that it takes part although nobody sits there yet."""
    state, number = class_of(request), request.number("group", 1, MAX_GROUPS)
    with state.taking:
        # The group that the button was about, so that a form that is sent twice forms one.
        if next((one.number for one in state.games.groups if not one.formed), 0) == number:
            state.games.form("")
    state.hub.tell_all()
    return request.go("/class")


def rotate(request: PageRequest) -> Response:
    """Give out another code."""
    request.state.auth.rotate()
    _tell(class_of(request))
    return request.go("/class")


def show_address(request: PageRequest) -> Response:
    """Let all walls show another one of this machine's addresses."""
    white.choose_address(request)
    _tell(class_of(request))
    return request.go("/class")


def _tell(state: ClassState) -> None:
    state.hub.tell_all()
    for group in list(state.groups.values()):
        group.hub.tell_all()


def pass_for_wall(request: PageRequest) -> Response:
    """Give out a pass for the wall of all groups, or void it: whoever types it in place of the code looks on."""
    if request.field("do", 5) == "void":
        request.state.auth.void(seats.OBSERVER)
    else:
        request.state.auth.hand_over(seats.OBSERVER)
    return request.go("/class")
