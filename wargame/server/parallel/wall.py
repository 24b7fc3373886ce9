"""Serve the wall of a class: what everyone in each group knows, side by side, with what differs marked."""

from __future__ import annotations

from typing import TYPE_CHECKING

from papertiger.wargame.server.parallel.facilitator import row_of
from papertiger.wargame.server.parallel.join import class_of
from papertiger.wargame.views.parallel import compare_turn, differ_by_orders_alone, played_together, sides_of

if TYPE_CHECKING:
    from starlette.responses import Response

    from papertiger.wargame.server.request import PageRequest


def wall(request: PageRequest) -> Response:
    """Show the groups side by side, after the last turn that all of them have played."""
    state = class_of(request)
    groups = state.formed
    games = [group.session for group in groups]
    turn = played_together(games)
    game, (left, running) = state.session.game, state.clock_of_all()
    return request.page(
        "class_wall.html",
        orders_alone=differ_by_orders_alone(games),
        rows=[row_of(group, request.language) for group in groups],
        measures=compare_turn(games, sides_of(games), turn) if turn else (),
        turn=turn,
        turns=game.schedule.turns,
        months=[game.month(index) for index in game.schedule.months(turn)] if turn else [],
        left=left,
        running=running,
        code=state.auth.code,
        address=state.address,
        reachable=state.places.is_reachable,
    )
