"""Serve the review of a class: the same measure after the same turn in each group, and where two groups parted."""

from __future__ import annotations

from typing import TYPE_CHECKING

from papertiger.wargame.server.parallel.facilitator import row_of
from papertiger.wargame.server.parallel.join import class_of
from papertiger.wargame.server.request import RefusedError
from papertiger.wargame.views.parallel import (
    compare_scores,
    compare_turn,
    differ_by_orders_alone,
    first_difference,
    played_together,
    sides_of,
)

if TYPE_CHECKING:
    from starlette.responses import Response

    from papertiger.wargame.server.request import PageRequest


def review(request: PageRequest) -> Response:
    """Show the groups side by side, with every secret; the address says beside which group the others are set."""
    state = class_of(request)
    groups = state.formed
    if not groups:
        raise RefusedError(409, "class.nobody")
    games = [group.session for group in groups]
    asked = request.http.query_params.get("beside", "")
    chosen = next((one for one in groups if str(one.group.number) == asked), groups[0])
    sides, turns = sides_of(games), played_together(games)
    parted = [
        (group.called(request.language), first_difference(chosen.session, group.session))
        for group in groups
        if group is not chosen
    ]
    return request.page(
        "class_review.html",
        orders_alone=differ_by_orders_alone(games),
        rows=[row_of(group, request.language) for group in groups],
        chosen=chosen.group.number,
        chosen_name=chosen.called(request.language),
        parted=parted,
        by_turn=[(turn, compare_turn(games, sides, turn)) for turn in range(1, turns + 1)],
        scores=compare_scores(games),
    )
