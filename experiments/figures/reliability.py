"""Draw whether probabilities mean what they say: how often things came that were given about the same one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from matplotlib.ticker import FixedLocator, FuncFormatter, NullLocator

from papertiger.experiments.figures import style

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from numpy.typing import NDArray
    from pandas import DataFrame

LEFT, RIGHT, GAP = 0.95, 0.4, 0.95
SQUARE, STRIP, BETWEEN, BELOW = 3.55, 0.75, 0.16, 0.85
"""Inches: a panel is a square with a strip of counts under it."""
BAR = "#b9d5e8"
TICKS = (0.0, 0.03, 0.1, 0.3, 0.5, 0.7, 0.9, 0.97, 1.0)


def _stretched(share: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.asarray(np.arcsin(np.sqrt(np.clip(share, 0.0, 1.0))))


def _back(place: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.asarray(np.sin(np.clip(place, 0.0, np.pi / 2.0)) ** 2)


def _percent(share: float, _: Any = None) -> str:
    return f"{100 * share:.0f}"


@style.styled
def diagram(tables: Mapping[str, DataFrame], title: str, subtitle: str, origin: str) -> Figure:
    """Draw reliability diagrams.

    Parameters
    ----------
    tables
        By name (in words), the table of `papertiger.experiments.history.evaluate.skill.reliability`.
    title, subtitle, origin
        The words at the top, and where the numbers come from.

    Returns
    -------
    Figure
        One panel a forecaster, two in a row: the share that came true against the probability given, and below it how
        many forecasts there were. The axes are stretched at both ends (by the arcsine of the root), where nearly all
        forecasts of rare changes lie.
    """
    columns = min(2, len(tables))
    depth = -(-len(tables) // columns)
    top = style.HEADER + 0.62
    tall = SQUARE + BETWEEN + STRIP + BELOW
    width = max(LEFT + RIGHT + columns * SQUARE + (columns - 1) * GAP, 7.6)
    page = style.Page(origin, title, subtitle, width, top + depth * tall - 0.15 + style.FOOTER)
    page.legend(
        [
            Line2D([], [], color=style.CAPABILITY, marker="o", markersize=5, linestyle="none", label="came true"),
            Line2D([], [], color=style.FAINT, linewidth=0.9, label="95 %, if cases were independent"),
            Line2D([], [], color=style.INK, linewidth=0.9, linestyle=style.DASHES[1], label="as it should be"),
            Patch(color=BAR, label="how many forecasts"),
        ],
        0.35,
        style.HEADER + 0.04,
    )
    left = LEFT + (width - (LEFT + RIGHT + columns * SQUARE + (columns - 1) * GAP)) / 2.0
    most = max((int(table["count"].max()) for table in tables.values() if len(table)), default=1)
    for index, (name, table) in enumerate(tables.items()):
        row, column = divmod(index, columns)
        x, y = left + column * (SQUARE + GAP), top + row * tall
        shares = page.axes(x, y, SQUARE, SQUARE)
        _shares(shares, table)
        shares.set_title(style.fit(name, SQUARE, style.BODY + 0.5), loc="left", pad=5)
        counts = page.axes(x, y + SQUARE + BETWEEN, SQUARE, STRIP)
        _counts(counts, table, most)
        counts.set_xlabel("probability given (per cent)")
        if column == 0:
            shares.set_ylabel("share that came true (per cent)")
            counts.set_ylabel("forecasts")
    return page.figure


def _shares(axes: Axes, table: DataFrame) -> None:
    axes.plot([0, 1], [0, 1], color=style.INK, linewidth=0.9, linestyle=style.DASHES[1])
    given = table["forecast"].to_numpy(dtype=float)
    came = table["frequency"].to_numpy(dtype=float)
    low = np.maximum(came - table["frequency_low"].to_numpy(dtype=float), 0.0)
    high = np.maximum(table["frequency_high"].to_numpy(dtype=float) - came, 0.0)
    axes.errorbar(given, came, yerr=[low, high], fmt="none", ecolor=style.FAINT, elinewidth=0.9, capsize=2)
    # No line joins the points: between bins without forecasts it would claim something.
    axes.plot(given, came, "o", color=style.CAPABILITY, markersize=5, clip_on=False, zorder=3)
    for axis, axes_scale in ((axes.xaxis, axes.set_xscale), (axes.yaxis, axes.set_yscale)):
        axes_scale("function", functions=(_stretched, _back))
        axis.set_major_locator(FixedLocator(TICKS))
        axis.set_minor_locator(NullLocator())
        axis.set_major_formatter(FuncFormatter(_percent))
    axes.set_xlim(0, 1)
    axes.set_ylim(0, 1)
    axes.tick_params(axis="x", labelbottom=False)
    axes.grid(color=style.GRID, linewidth=0.6)


def _counts(axes: Axes, table: DataFrame, most: int) -> None:
    low, high = table["low"].to_numpy(dtype=float), table["high"].to_numpy(dtype=float)
    axes.set_xscale("function", functions=(_stretched, _back))
    axes.set_yscale("log")
    floor = 0.7  # below one, so that a single forecast is a bar that can be seen
    heights = table["count"].to_numpy(dtype=float) - floor
    axes.bar(low, heights, width=high - low, align="edge", bottom=floor, color=BAR)
    axes.set_xlim(0, 1)
    axes.set_ylim(floor, most * 1.6)
    axes.xaxis.set_major_locator(FixedLocator(TICKS))
    axes.xaxis.set_minor_locator(NullLocator())
    axes.xaxis.set_major_formatter(FuncFormatter(_percent))
    powers = [10.0**power for power in range(len(str(most)))]
    axes.yaxis.set_major_locator(FixedLocator(powers))
    axes.yaxis.set_minor_locator(NullLocator())
    axes.yaxis.set_major_formatter(FuncFormatter(lambda count, _: f"{count:,.0f}"))
