"""Draw whether the replicates are enough: the estimate and its interval as replicates are added."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from papertiger.experiments.figures import style

if TYPE_CHECKING:
    from matplotlib.figure import Figure
    from pandas import DataFrame

WIDTH = 10.0


@style.styled
def running(tables: Mapping[str, DataFrame], title: str, subtitle: str, origin: str, unit: str = "") -> Figure:
    """Draw how an estimate settles.

    Parameters
    ----------
    tables
        By name (in words), the table of `papertiger.experiments.statistics.convergence.running_interval`.
    title, subtitle, origin
        The words at the top, and where the numbers come from.
    unit
        Unit of the estimate.

    Returns
    -------
    Figure
        Panels with the running mean and its interval, two in a row.
    """
    columns = min(2, len(tables))
    depth = -(-len(tables) // columns)
    left, gap, tall, top = 1.1, 0.9, 1.5, style.HEADER + 0.3
    wide = (WIDTH - left - 0.4 - gap * (columns - 1)) / columns
    page = style.Page(origin, title, subtitle, WIDTH, top + depth * (tall + 0.5) + 0.3 + style.FOOTER)
    for index, (name, table) in enumerate(tables.items()):
        row, column = divmod(index, columns)
        axes = page.axes(left + column * (wide + gap), top + row * (tall + 0.5), wide, tall)
        numbers = table["n"].to_numpy(dtype=float)
        low, high = table["low"].to_numpy(dtype=float), table["high"].to_numpy(dtype=float)
        axes.fill_between(numbers, low, high, color="#cfe3f1", linewidth=0)
        axes.plot(numbers, table["mean"].to_numpy(dtype=float), color=style.CAPABILITY, linewidth=1.6)
        axes.axhline(0, color=style.INK, linewidth=0.7)
        axes.set_title(style.fit(name, wide, style.BODY + 0.5), loc="left", pad=4)
        axes.grid(axis="y", color=style.GRID, linewidth=0.6)
        # The first few replicates say little, and would press all that follows together.
        settled = numbers >= min(numbers[-1], max(5.0, 0.08 * numbers[-1]))
        bottom, top_value = min(0.0, float(low[settled].min())), max(0.0, float(high[settled].max()))
        room = 0.06 * (top_value - bottom) or 1.0
        axes.set_ylim(bottom - room, top_value + room)
        axes.set_xlim(numbers[0], max(numbers[-1], numbers[0] + 1))
        axes.locator_params(axis="y", nbins=5)
        style.whole_numbers(axes)
        style.plain_numbers(axes)
        if index + columns >= len(tables):
            axes.set_xlabel("replicates")
        if column == 0:
            axes.set_ylabel(style.fit(unit, tall, style.BODY))
    return page.figure
