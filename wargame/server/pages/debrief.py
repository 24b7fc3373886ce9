"""Serve the debrief: step by step on the wall, on desks with what is their own, to the facilitator with *Next*."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from papertiger.wargame.i18n import formats
from papertiger.wargame.i18n.debrief import say_sentence
from papertiger.wargame.rules import seats
from papertiger.wargame.server.auth import TEAM
from papertiger.wargame.server.pages import charts
from papertiger.wargame.server.request import RefusedError
from papertiger.wargame.views.debrief import is_brief, part_of, paths_of, same_step, step_now, steps_of, tell
from papertiger.wargame.views.debrief_groups import beside
from papertiger.wargame.views.plain import plain
from papertiger.wargame.views.review import placed
from papertiger.wargame.views.score import briers

if TYPE_CHECKING:
    from markupsafe import Markup
    from starlette.responses import Response

    from papertiger.wargame.server.request import PageRequest
    from papertiger.wargame.server.state import ServerState
    from papertiger.wargame.views.debrief import Step
    from papertiger.wargame.views.debrief_facts import Sentence

MAX_STEP = 1000
MAX_COLUMNS = 8


def steps_for(state: ServerState) -> tuple[Step, ...]:
    """Return the steps of a game's debrief, with the other groups of its class."""
    return steps_of(state.session, len(state.neighbours()))


def _now(state: ServerState) -> int:
    return step_now(state.session, len(state.neighbours()))


def _told(state: ServerState, step: Step) -> tuple[Sentence, ...]:
    if step.name != "groups":
        return tell(state.session, step).sentences
    # Another group's secrets come first in its own debrief.
    return tuple(
        beside(state.session, one.session if _has_told_all(one) else None, number)
        for number, one in part_of(state.neighbours(), step)
    )


def _has_told_all(state: ServerState) -> bool:
    """Tell whether a group's own debrief has come so far that nothing secret is still to be told in it."""
    now = _now(state)
    return now > 0 and all(step.name in ("groups", "along") for step in steps_for(state)[now:])


def contents(request: PageRequest) -> dict[str, Any]:
    """Return what the present step says; before the first there is nothing."""
    say = request.translator
    now, steps = _now(request.state), steps_for(request.state)
    step = steps[now - 1] if now else None
    lines = _told(request.state, step) if step is not None else ()
    return {
        "step": step,
        "now": now,
        "steps": len(steps),
        "brief": is_brief(request.state.session),
        "lines": [say_sentence(say, one) for one in lines],
        "ask": _ask(step, lines) if step is not None else "",
        # Where the client went is for the steps that tell it, not for those of what was planned and known before.
        "told": step is not None and step.name not in ("plan", "view"),
        "paths": _paths(request) if step is not None and step.name == "changes" else (),
        "fan": _fan(request) if step is not None and step.name == "fan" else "",
    }


def _ask(step: Step, lines: tuple[Sentence, ...]) -> str:
    """Return which text the facilitator reads at a step: of luck only where the step tells of it."""
    if step.name == "what_if" and not any(one.name == "what_if_luck" for one in lines):
        return "what_if_ordered"
    return step.name


def _paths(request: PageRequest) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Return where those who moved stood, as far as a table has room for the turns."""
    snapshot = request.state.session.snapshot()
    return paths_of(snapshot) if 0 < snapshot.line.resolved <= MAX_COLUMNS else ()


def _fan(request: PageRequest) -> Markup:
    session, say = request.state.session, request.translator
    where = placed(session)
    months = [formats.short_month(month, say.language) for month in where.fan.months]
    came = session.view(seats.THE_OBSERVER).public.credibility[-len(where.fan.months) :]
    return charts.fan(say.text("chart.fan"), months, where.fan.credibility, came, language=say.language, close=True)


def on_wall(request: PageRequest) -> Response | None:
    """Return the wall's page of the present step, or nothing while no debrief is on."""
    if not _now(request.state):
        return None
    return request.page("wall_debrief.html", **contents(request))


def page(request: PageRequest) -> Response:
    """Show the present step: to the facilitator with *Next* and a sentence, to a team with what is its own."""
    session = request.state.session
    if not session.snapshot().over:
        raise RefusedError(409, "error.not_over")
    said = contents(request)
    own = _own(request, said["step"]) if request.role == TEAM and said["step"] is not None else []
    return request.page("debrief.html", own=own, **said)


def _own(request: PageRequest, step: Step) -> list[str]:
    """Return what a team alone reads at a step: its own orders of the turn, or its own forecasts."""
    snapshot, say, name = request.state.session.snapshot(), request.translator, str(request.seat)
    if step.name == "plan" and step.point is not None:
        given = snapshot.line.sheets.get((step.point.turn, name))
        orders = [plain(order) for order in given.sheet.orders] if given is not None else []
        return [say.order(order) + (f" – {order['why']}" if order.get("why") else "") for order in orders]
    if step.name == "forecasts":
        return [
            f"{say.question(plain(one))}: {formats.percent(one.probability, say.language)} → {say.number(score)}"
            for one, score in briers(snapshot, request.seat)
        ]
    return []


def go(request: PageRequest) -> Response:
    """Let the debrief come to a step; the form names it, so that a click that is sent twice goes one step."""
    session = request.state.session
    step = request.number("step", 0, MAX_STEP)
    if session.snapshot().over:
        step = min(step, len(steps_for(request.state)))
    session.debrief(step, key=request.key)
    return request.go("/debrief")


def resize(request: PageRequest) -> Response:
    """Make the debrief brief or whole, and stay at what it tells."""
    session, brief = request.state.session, request.field("length", 10) == "brief"
    if not session.snapshot().over:
        raise RefusedError(409, "error.not_over")
    before, now = steps_for(request.state), _now(request.state)
    after = steps_of(session, len(request.state.neighbours()), brief=brief)
    step = same_step(before[now - 1], after) if now else 0
    session.debrief(step, length="brief" if brief else "whole", key=request.key)
    return request.go("/debrief")
