"""Serve the review of a class: the same measure after the same turn in each group, and where two groups parted."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.responses import Response

from papertiger.wargame.server.parallel.facilitator import row_of
from papertiger.wargame.server.parallel.join import class_of
from papertiger.wargame.server.request import RefusedError
from papertiger.wargame.views.lab_export import files_of, packed
from papertiger.wargame.views.parallel import (
    compare_scores,
    compare_turn,
    differ_by_orders_alone,
    first_difference,
    played_together,
    sides_of,
)
from papertiger.wargame.views.parallel_lab import RUNS, compare_orders

if TYPE_CHECKING:
    from papertiger.wargame.server.parallel.state import GroupState
    from papertiger.wargame.server.request import PageRequest


VERDICTS = {
    "higher": "class.higher",
    "lower": "class.lower",
    "no clear difference": "class.not_clear",
    "no difference": "class.no_difference",
    "not comparable": "class.not_clear",
}
"""What an interval allows to say, as keys of the catalogues."""


def _groups(request: PageRequest) -> tuple[list[GroupState], GroupState]:
    """Return the groups, and the one that the address sets the others beside."""
    groups = class_of(request).formed
    if not groups:
        raise RefusedError(409, "class.nobody")
    asked = request.http.query_params.get("beside", "")
    return groups, next((one for one in groups if str(one.group.number) == asked), groups[0])


def lab(request: PageRequest) -> Response:
    """Show what the groups' orders do over many fates: each group's ensemble beside that of one of them."""
    groups, chosen = _groups(request)
    games = [group.session for group in groups]
    turns = played_together(games)
    if not turns:
        raise RefusedError(409, "class.no_turn")
    compared = compare_orders(games, groups.index(chosen), turns, RUNS)
    return request.page(
        "class_lab.html",
        rows=[(group.group.number, group.called(request.language)) for group in groups],
        chosen=chosen.group.number,
        chosen_name=chosen.called(request.language),
        compared=compared,
        turns=turns,
        runs=RUNS,
        verdicts=VERDICTS,
    )


def export(request: PageRequest) -> Response:
    """Return the groups' orders as an experiment that the lab runs."""
    groups, chosen = _groups(request)
    turns = played_together([group.session for group in groups])
    if not turns:
        raise RefusedError(409, "class.no_turn")
    named = [(group.group.number, group.called(request.language), group.session) for group in groups]
    data = packed(files_of(named, chosen.group.number, turns))
    headers = {"content-disposition": 'attachment; filename="papertiger-lab.zip"'}
    return Response(data, media_type="application/zip", headers=headers)


def review(request: PageRequest) -> Response:
    """Show the groups side by side, with every secret; the address says beside which group the others are set."""
    groups, chosen = _groups(request)
    games = [group.session for group in groups]
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
