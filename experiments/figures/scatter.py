"""Draw what a measure comes to against each factor of a sampled sweep: a dot a design point, and the running mean."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from papertiger.experiments.figures import style

if TYPE_CHECKING:
    from collections.abc import Mapping

    from matplotlib.figure import Figure
    from numpy.typing import NDArray

WIDTH, LEFT, GAP, TALL = 10.0, 0.95, 0.3, 2.1
BINS = 8
"""Groups of equally many points whose means make the line."""
MAX_LEVELS = 12
"""Up to so many levels the line goes through the mean of each."""


@style.styled
def panels(
    factors: Mapping[str, NDArray[np.float64]], values: NDArray[np.float64], unit: str, title: str, subtitle: str,
    origin: str,
) -> Figure:  # fmt: skip
    """Draw one panel for each factor, three in a row.

    Parameters
    ----------
    factors
        By its name in words, the value of a factor at each design point.
    values
        What the measure comes to at each, as it is shown.
    unit
        Label of the vertical axes.
    title, subtitle, origin
        The words at the top, and where the numbers come from.
    """
    columns = min(3, len(factors))
    wide = (WIDTH - LEFT - 0.35 - GAP * (columns - 1)) / columns
    top = style.HEADER + 0.3
    depth = -(-len(factors) // columns)
    page = style.Page(origin, title, subtitle, WIDTH, top + depth * (TALL + 0.75) + style.FOOTER)
    for index, (name, numbers) in enumerate(factors.items()):
        row, column = divmod(index, columns)
        axes = page.axes(LEFT + column * (wide + GAP), top + row * (TALL + 0.75), wide, TALL)
        axes.scatter(numbers, values, s=9, color=style.SERIES[0], alpha=0.35, linewidths=0)
        groups = _groups(numbers)
        axes.plot(
            [numbers[group].mean() for group in groups], [values[group].mean() for group in groups],
            color=style.INK, linewidth=1.6,
        )  # fmt: skip
        axes.grid(axis="y", color=style.GRID, linewidth=0.6)
        axes.set_xlabel(style.fit(name, wide, style.BODY))
        axes.tick_params(axis="y", labelleft=column == 0)
        style.plain_numbers(axes)
        if column == 0:
            axes.set_ylabel(style.fit(unit, TALL, style.BODY))
    return page.figure


def _groups(numbers: NDArray[np.float64]) -> list[NDArray[np.int64]]:
    """Return the points of each level where there are few levels, else of groups of equally many."""
    levels = np.unique(numbers)
    if len(levels) <= MAX_LEVELS:
        return [np.flatnonzero(numbers == level) for level in levels]
    return list(np.array_split(np.argsort(numbers, kind="stable"), min(BINS, max(1, len(numbers) // 4))))
