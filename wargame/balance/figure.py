"""Draw a grid: for each seat its strategies, against the rules and over all that they were played against."""

from __future__ import annotations

from typing import TYPE_CHECKING

from papertiger.experiments.figures import style
from papertiger.wargame.balance.verdict import SeatBalance, seat_balance

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from papertiger.wargame.balance.grid import Grid

WIDTH, LEFT, GAP, ROW, COLUMNS = 9.6, 1.25, 1.45, 0.21, 2


@style.styled
def balance_figure(grid: Grid) -> Figure:
    """Draw the scores of all strategies, a panel a seat.

    Parameters
    ----------
    grid
        What was played.

    Returns
    -------
    Figure
        A dot a strategy for its mean against the rules, and a bar for its means over all columns.
    """
    balances = [seat_balance(grid, seat) for seat in grid.seats]
    depth = -(-len(balances) // COLUMNS)
    most = max(len(one.strategies) for one in balances)
    tall, wide = ROW * most, (WIDTH - LEFT - 0.35 - GAP * (COLUMNS - 1)) / COLUMNS
    top = style.HEADER + 0.3
    page = style.Page(
        f"{grid.scenario} · {len(grid.lucks)} lucks",
        f"{grid.title}: what each seat's strategies bring it",
        "Own score as a share of the most; dot: the rules play all others; bar: mean scores over all that it was "
        "played against. A filled dot is best against something.",
        WIDTH,
        top + depth * (tall + 0.55) + style.FOOTER,
    )
    for place, one in enumerate(balances):
        row, column = divmod(place, COLUMNS)
        axes = page.axes(
            LEFT + column * (wide + GAP), top + row * (tall + 0.55), wide, tall * len(one.strategies) / most
        )
        axes.set_title(f"{one.seat}   spread {one.spread:.2f}", loc="left", pad=3)
        _draw(axes, one)
    return page.figure


def _draw(axes: object, one: SeatBalance) -> None:
    from matplotlib.axes import Axes  # noqa: PLC0415 - for its type

    assert isinstance(axes, Axes)
    for y, name in enumerate(one.strategies):
        low, high = one.ranges[name]
        axes.plot([low, high], [y, y], color=style.FAINT, linewidth=2.2, solid_capstyle="butt")
        best = one.best_against[name] > 0
        face = style.CAPABILITY if best else "white"
        axes.plot(
            [one.against_rules[name]], [y], "o", markersize=5, markeredgecolor=style.CAPABILITY, markerfacecolor=face
        )
    axes.set_yticks(range(len(one.strategies)), one.strategies)
    axes.set_ylim(len(one.strategies) - 0.5, -0.5)
    axes.set_xlim(0, 1)
    axes.grid(axis="x", color=style.GRID, linewidth=0.6)
