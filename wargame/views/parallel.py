"""Set the games of a class side by side: they share world and luck, so what differs is a decision."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from papertiger.wargame.rules import seats
from papertiger.wargame.views.plain import as_bytes, plain
from papertiger.wargame.views.review import Side, side_by_side
from papertiger.wargame.views.score import is_played, score_of

if TYPE_CHECKING:
    from collections.abc import Hashable, Sequence

    from papertiger.wargame.rules.orders import Sheet
    from papertiger.wargame.rules.request import PlannedInject, ReplayRequest
    from papertiger.wargame.session import Session

ORDER, INJECT, LUCK = "order", "inject", "luck"


@dataclass(frozen=True)
class ComparedMeasure:
    """One measure after one turn, in each game.

    Attributes
    ----------
    measure
        ``posture``, ``credibility``, ``defected`` or ``crises``.
    client
        Of a posture; else blank.
    values
        One of each game.
    unlike
        Which of them are not what most games have.
    """

    measure: str
    client: str
    values: tuple[str | float | int, ...]
    unlike: tuple[bool, ...]


@dataclass(frozen=True)
class ComparedScore:
    """A seat's score in each game, as a share of the most; ``None`` where nobody played it."""

    seat: str
    values: tuple[float | None, ...]


@dataclass(frozen=True)
class FirstDifference:
    """The first thing that was done otherwise in two games.

    Attributes
    ----------
    turn
        In which turn.
    kind
        ``order``, ``inject`` where only one facilitator let something happen, or ``luck``.
    seat
        Whose order it is; else blank.
    one, other
        The order in either game as plain data, or ``None`` where it was left to the rule.
    """

    turn: int
    kind: str
    seat: str = ""
    one: dict[str, Any] | None = None
    other: dict[str, Any] | None = None


def unlike(values: Sequence[Hashable]) -> tuple[bool, ...]:
    """Tell of each value whether no more than half of all are like it; where all are the same, none is unlike."""
    count = Counter(values)
    return tuple(len(count) > 1 and 2 * count[value] <= len(values) for value in values)


def played_together(games: Sequence[Session]) -> int:
    """Return how many turns are resolved in all games."""
    return min((game.game.branch.resolved for game in games), default=0)


def sides_of(games: Sequence[Session]) -> tuple[Side, ...]:
    """Return the branch of each game in which its teams play, turn by turn."""
    return tuple(next(side for side in side_by_side(game) if side.branch == game.game.active) for game in games)


def compare_turn(games: Sequence[Session], sides: Sequence[Side], turn: int) -> tuple[ComparedMeasure, ...]:
    """Return the measures of all games after one turn that was resolved in each of them.

    Clients with a seat come first; of the others, those that do not stand in the same place everywhere.
    """
    rows = [
        _compared("credibility", "", [round(side.credibility[turn - 1], 2) for side in sides]),
        _compared("defected", "", [round(side.defected_share[turn - 1], 2) for side in sides]),
        _compared("crises", "", [side.crises[turn - 1] for side in sides]),
    ]
    postures = [dict(side.postures[turn - 1]) for side in sides]
    seated = {seat.name for seat in games[0].game.seats if seat.kind == seats.CLIENT}
    lines = [(name, [one[name] for one in postures]) for name in postures[0]]
    lines = [(name, values) for name, values in lines if name in seated or len(set(values)) > 1]
    lines.sort(key=lambda line: line[0] not in seated)
    return (*rows, *(_compared("posture", name, values) for name, values in lines))


def _compared(measure: str, client: str, values: Sequence[Any]) -> ComparedMeasure:
    return ComparedMeasure(measure, client, tuple(values), unlike(values))


def compare_scores(games: Sequence[Session]) -> tuple[ComparedScore, ...]:
    """Return the score of each seat that somebody played in any of the games."""
    snapshots = [game.snapshot() for game in games]
    rows = []
    for seat in games[0].game.seats:
        played = [is_played(snapshot, seat) for snapshot in snapshots]
        if any(played):
            scores = [
                score_of(snapshot, seat) if sat else None for snapshot, sat in zip(snapshots, played, strict=True)
            ]
            rows.append(
                ComparedScore(
                    str(seat),
                    tuple(one.points / one.most if one is not None and one.most else None for one in scores),
                )
            )
    return tuple(rows)


def first_difference(one: Session, other: Session) -> FirstDifference | None:
    """Return what was done otherwise first in two games, over the turns that are resolved in both."""
    turns = played_together((one, other))
    first, second = one.game.request(turns=turns), other.game.request(turns=turns)
    names = [str(seat) for seat in one.game.seats]
    for turn in range(1, turns + 1):
        if _luck(first, turn) != _luck(second, turn):
            return FirstDifference(turn, LUCK)
        orders, others = _orders(first.sheets[turn - 1]), _orders(second.sheets[turn - 1])
        for name in names:
            mine, theirs = orders.get(name, {}), others.get(name, {})
            for slot in sorted({*mine, *theirs}):
                if mine.get(slot) != theirs.get(slot):
                    return FirstDifference(turn, ORDER, name, mine.get(slot), theirs.get(slot))
        if _given(first.planned, turn) != _given(second.planned, turn):
            return FirstDifference(turn, INJECT)
    return None


def differ_by_orders_alone(games: Sequence[Session]) -> bool:
    """Tell whether all games still share luck and injects, so that whatever differs comes of an order."""
    turns = played_together(games)
    requests = [game.game.request(turns=turns) for game in games]
    conditions = {
        tuple((_luck(one, turn), *_given(one.planned, turn)) for turn in range(1, turns + 1)) for one in requests
    }
    return len(conditions) <= 1


def _luck(request: ReplayRequest, turn: int) -> int:
    """Return the number of the run that a turn is drawn from."""
    return [run for since, run in request.runs if since <= turn][-1]


def _orders(sheets: Sequence[Sheet]) -> dict[str, dict[tuple[str, str], dict[str, Any]]]:
    """Return what each seat ordered, without why: the reason changes nothing in the world."""
    said = {}
    for sheet in sheets:
        orders = {order.slot: plain(order) for order in sheet.orders}
        said[sheet.seat] = {
            slot: {name: value for name, value in order.items() if name != "why"} for slot, order in orders.items()
        }
    return said


def _given(planned: Sequence[PlannedInject], turn: int) -> list[bytes]:
    """Return what the facilitator had set going by a turn."""
    return sorted(as_bytes((one.event, one.condition, one.since)) for one in planned if one.since <= turn + 1)
