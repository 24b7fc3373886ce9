"""Draw paired differences of scenarios as a forest plot: a dot and its interval each, a panel a measure."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from papertiger.experiments.figures import style
from papertiger.experiments.phrases import digits_apart, signed
from papertiger.experiments.statistics.intervals import leaves_out_zero

if TYPE_CHECKING:
    from matplotlib.figure import Figure
    from pandas import DataFrame

WIDTH, ROW, LEFT, RIGHT = 10.0, 0.27, 3.4, 1.75
"""Inches: the page, one row, the words on the left and, at least, the numbers on the right."""
HEAD = 0.3
GAP = 0.32


@style.styled
def forest(rows: DataFrame, title: str, subtitle: str, origin: str, interval: str = "interval") -> Figure:
    """Draw paired differences with their intervals.

    Parameters
    ----------
    rows
        One row a comparison: ``measure`` (in words), ``unit``, ``against`` (in words), ``difference``, ``low``,
        ``high`` (blank where all draws of luck come to the same) and ``sure``, whether it is one. Rows of one measure
        stand in one panel with a scale of its own.
    title, subtitle, origin
        The words at the top, and where the numbers come from.
    interval
        What the line is: which interval, of how many pairs.

    Returns
    -------
    Figure
        Panels of dots with intervals around a line at no difference; an interval that leaves out zero is filled.
    """
    panels = [(str(name), part) for name, part in rows.groupby("measure", sort=False)]
    top = style.HEADER + 0.35
    depth = sum(HEAD + ROW * len(part) + GAP for _, part in panels)
    height = top + depth + 0.1 + style.FOOTER
    page = style.Page(origin, title, subtitle, WIDTH, height)
    note = f"dot: mean paired difference · line: its {interval} · hollow: the interval includes zero"
    page.text(0.35, style.HEADER + 0.06, note, size=style.SMALL, color="#555555")
    y = top
    written = {name: [_numbers(row, _digits(part)) for row in part.to_dict("records")] for name, part in panels}
    widest = max(style.text_width(text, style.SMALL) for texts in written.values() for text in texts)
    # Ends that lie close together take more digits, which must not run into the plot.
    plot = WIDTH - LEFT - max(RIGHT, widest + 0.15) - 0.35
    for name, part in panels:
        unit = str(part["unit"].iloc[0])
        page.text(0.35, y, style.fit(name, WIDTH - 2.9, style.BODY, "bold"), weight="bold")
        page.text(WIDTH - 0.35, y, style.fit(unit, 2.0, style.SMALL), size=style.SMALL, color="#555555", ha="right")
        axes = page.axes(LEFT, y + HEAD - 0.06, plot, ROW * len(part))
        low, high = _reach(part)
        axes.set_xlim(low, high)
        axes.set_ylim(len(part) - 0.5, -0.5)
        axes.set_yticks([])
        axes.spines["left"].set_visible(False)
        axes.grid(axis="x", color=style.GRID, linewidth=0.6)
        axes.axvline(0, color=style.INK, linewidth=0.9)
        axes.ticklabel_format(axis="x", style="plain", useOffset=False)
        axes.xaxis.set_major_locator(_locator())
        axes.tick_params(axis="x", labelsize=style.SMALL, pad=2)
        for place, (row, numbers) in enumerate(zip(part.to_dict("records"), written[name], strict=True)):
            _one(axes, place, row)
            middle = y + HEAD - 0.06 + (place + 0.5) * ROW
            words, size = style.wrapped(str(row["against"]), LEFT - 0.7, style.BODY, style.SMALL)
            page.text(LEFT - 0.15, middle, words, size=size, va="center", ha="right")
            page.text(WIDTH - 0.35, middle, numbers, size=style.SMALL, va="center", ha="right")
        y += HEAD + ROW * len(part) + GAP
    return page.figure


def _digits(part: DataFrame) -> int:
    """Return how many digits the numbers of a panel have after the point."""
    low, high = _reach(part)
    return next((digits for digits, wide in ((1, 8), (2, 0.2), (3, 0.02), (4, 0.002)) if high - low > wide), 6)


def _numbers(row: dict[Any, Any], digits: int) -> str:
    if not np.isfinite(row["low"]):
        return f"{signed(row['difference'], digits)}  each time"
    digits = digits_apart(row["low"], row["high"], digits)
    low, high = signed(row["low"], digits), signed(row["high"], digits)
    return f"{signed(row['difference'], digits)}  [{low}, {high}]"


def _one(axes: Any, place: int, row: dict[Any, Any]) -> None:
    sure = row.get("sure", leaves_out_zero(row["low"], row["high"]))
    colour = style.CAPABILITY if sure else style.OTHER
    axes.plot([row["low"], row["high"]], [place, place], color=colour, linewidth=1.8, solid_capstyle="butt")
    axes.plot(
        row["difference"], place, "o", markersize=5.5, color=colour, markerfacecolor=colour if sure else "white"
    )


def _locator() -> Any:
    from matplotlib.ticker import MaxNLocator  # noqa: PLC0415 - needed here only

    return MaxNLocator(6)


def _reach(part: DataFrame) -> tuple[float, float]:
    """Return the ends of a scale that shows every interval and zero, with some room."""
    values = part[["low", "high", "difference"]].to_numpy(dtype=float)
    values = values[np.isfinite(values)]
    low, high = min(0.0, values.min(initial=0.0)), max(0.0, values.max(initial=0.0))
    if high == low:
        return -1.0, 1.0
    room = 0.06 * (high - low)
    return low - room, high + room
