"""Say what a grid came to: tables and sentences."""

from __future__ import annotations

from typing import TYPE_CHECKING

from papertiger.wargame.balance.grid import RULES
from papertiger.wargame.balance.strategies import STRATEGIES
from papertiger.wargame.balance.verdict import seat_balance
from papertiger.wargame.rules.seats import parse

if TYPE_CHECKING:
    from papertiger.wargame.balance.grid import Column, Grid
    from papertiger.wargame.balance.verdict import Bound

HEADINGS = ("seat", "strategy", "does", "against the rules", "lowest", "highest", "best against", "beaten most by")
NOTE = (
    "Each number is the seat's own score as a share of the most it can reach, without what it forecast. Against the "
    "rules: the rules play all other seats. Lowest and highest: the means over all columns, which are the rules and "
    "each strategy of each other seat with all else by the rules. Best against: in how many of them no other "
    "strategy of the seat does better. Beaten most by: which other strategy beats it by most, by more than chance, "
    "and against whom."
)


def rows(grid: Grid) -> list[tuple[str, ...]]:
    """Return a row a strategy, each seat's from the best against the rules to the worst."""
    bounds: list[tuple[str, ...]] = []
    for seat in grid.seats:
        one = seat_balance(grid, seat)
        does = {strategy.name: strategy.does for strategy in STRATEGIES[parse(seat).kind]}
        for name in one.strategies:
            low, high = one.ranges[name]
            beaten = one.beaten_by[name]
            bounds.append(
                (
                    seat,
                    name,
                    does[name],
                    f"{one.against_rules[name]:.3f}",
                    f"{low:.3f}",
                    f"{high:.3f}",
                    f"{one.best_against[name]} of {one.columns}",
                    "nobody" if beaten is None else f"{beaten[1]}, by {beaten[2]:.3f}, against {against(beaten[0])}",
                )
            )
    return bounds


def against(column: Column) -> str:
    """Return a column in words."""
    return "the rules" if column == RULES else f"{column[0]}: {column[1]}"


def lines(bounds: tuple[Bound, ...]) -> list[str]:
    """Return a line a bound."""
    return [f"{'holds' if bound.holds else 'FAILS'}  {bound.asks}: {bound.measured}" for bound in bounds]


def conclusion(bounds: tuple[Bound, ...]) -> str:
    """Return the verdict in a sentence."""
    failed = sum(not bound.holds for bound in bounds)
    if not failed:
        return f"All {len(bounds)} bounds hold: decisions count in this game."
    return f"{failed} of {len(bounds)} bounds fail: there are decisions in this game that do not count."


def answer(grid: Grid, bounds: tuple[Bound, ...]) -> str:
    """Return the table, the bounds and the verdict in Markdown, as they stand on a page."""
    shown = [HEADINGS, ["---"] * len(HEADINGS), *rows(grid)]
    table = "".join(f"| {' | '.join(cells)} |\n" for cells in shown)
    held = "".join(f"- {line}\n" for line in lines(bounds))
    return f"{table}\n{NOTE}\n\n{held}\n{conclusion(bounds)}"
