"""Begin and end a practice turn, for the facilitator."""

from __future__ import annotations

from typing import TYPE_CHECKING

from papertiger.wargame.practice import begin_practice, end_practice

if TYPE_CHECKING:
    from starlette.responses import Response

    from papertiger.wargame.server.request import PageRequest


def practise(request: PageRequest) -> Response:
    """Send the teams into a practice turn, or bring them back to the game that counts."""
    with request.state.turning():
        if request.field("do", 10) == "end":
            end_practice(request.state.session, key=request.key)
        else:
            begin_practice(request.state.session, key=request.key)
    return request.go("/room")
