"""Let happen by one click what the scenario has prepared, and show the facilitator what is planned, turn by turn."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any

from papertiger.wargame.i18n import formats
from papertiger.wargame.server.request import RefusedError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from starlette.responses import Response

    from papertiger.wargame.server.request import PageRequest
    from papertiger.wargame.views.facilitator import InjectState


def library_of(request: PageRequest) -> list[tuple[str, str]]:
    """Return what is prepared, by name, with what everyone would read."""
    library = request.state.session.game.game.library or {}
    return [(name, one.says.text(request.language)) for name, one in library.items()]


def let_happen(request: PageRequest) -> Response:
    """Let something that is prepared happen in the first month of the open turn."""
    session, name = request.state.session, request.field("name", 60)
    one = (session.game.game.library or {}).get(name)
    if one is None:
        raise RefusedError(422, "error.inject")
    # Named after the form, so that a form that is sent twice is one inject, and two clicks are two.
    mark = hashlib.sha256((request.key or request.state.ids()).encode()).hexdigest()[:8]
    session.inject(
        f"white cell {mark}: {name}", one.fields(session.game.scenario.signals), when="now", key=request.key
    )
    return request.go("/room#plan")


def plan_of(request: PageRequest, script: Iterable[InjectState]) -> dict[str, Any]:
    """Return what is planned: by turn what has a month, and apart from it what waits for something."""
    game = request.state.session.game
    schedule, language = game.schedule, request.language
    months = {turn: [game.month(index) for index in schedule.months(turn)] for turn in range(1, schedule.turns + 1)}
    turns = [
        (turn, formats.span(names, language), [one for one in script if one.date[:7] in names])
        for turn, names in months.items()
    ]
    return {"plan": turns, "waiting": [one for one in script if not one.date]}
