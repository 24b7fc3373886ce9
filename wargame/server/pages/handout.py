"""Hand the kit of a game's lesson to the facilitator, as one archive."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.responses import Response

from papertiger.wargame.kit.measured import measure
from papertiger.wargame.kit.shipped import shipped_lesson
from papertiger.wargame.server.pages.kit import packed, pages_of
from papertiger.wargame.server.request import RefusedError

if TYPE_CHECKING:
    from papertiger.scenarios.lessons.loader import Read
    from papertiger.wargame.server.request import PageRequest
    from papertiger.wargame.session import Session


def lesson_of(session: Session) -> Read | None:
    """Return the lesson of a session's scenario, if one is shipped."""
    return session.once(("lesson",), lambda: shipped_lesson(session.game.scenario))


def kit(request: PageRequest) -> Response:
    """Return the kit of the lesson; its games are played when it is first asked for."""
    session = request.state.session
    read = lesson_of(session)
    if read is None:
        raise RefusedError(404, "error.nothing")
    scenario = session.game.scenario
    measurements = session.once(("kit",), lambda: measure(read, scenario))
    data = packed(pages_of(scenario, read.lesson, measurements, request.language, scenario.name))
    headers = {"content-disposition": f'attachment; filename="papertiger-kit-{request.language}.zip"'}
    return Response(data, media_type="application/zip", headers=headers)
