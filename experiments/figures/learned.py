"""Draw what other patrons say of the constants of the model, and what that foretells of one that taught nothing."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from papertiger.experiments.figures import style

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

WIDTH, ROW = 10.0, 0.3
PRIOR, NARROW = "#dcdcdc", "#56B4E9"
NAMES, NUMBERS, CONSTANTS = 2.05, 1.2, 2.35
"""Inches for the names of constants, for their numbers, and for what is drawn of them."""
LEAST = 3.4
"""Inches that the gains at the right take at least."""


@dataclass(frozen=True)
class ConstantRow:
    """Hold a constant as it is drawn: intervals of 90 % before and after the data, and the value that ships."""

    name: str
    prior: tuple[float, float, float]
    posterior: tuple[float, float, float]
    shipped: float
    speaks: bool
    logarithmic: bool
    narrow: bool


@dataclass(frozen=True)
class GainRow:
    """Hold a gain over a reference with its interval; without one its ends are no numbers."""

    reference: str
    gain: float
    low: float
    high: float


@style.styled
def learned(
    constants: Sequence[ConstantRow],
    gains: Mapping[str, Sequence[GainRow]],
    title: str,
    subtitle: str,
    origin: str,
) -> Figure:
    """Draw constants at the left and gains at the right.

    Parameters
    ----------
    constants
        From top to bottom.
    gains
        By kind of forecast.
    title, subtitle, origin
        The words at the top, and where the numbers come from.
    """
    top, tall = style.HEADER + 0.72, max(LEAST, ROW * len(constants))
    page = style.Page(origin, title, subtitle, WIDTH, top + tall + 0.55 + style.FOOTER)
    page.legend(
        [
            Patch(facecolor=PRIOR, label="before the data"),
            Line2D([], [], color=style.SERIES[0], marker="o", markersize=5, linewidth=2.2, label="the data speak"),
            Line2D([], [], color=NARROW, marker="o", markersize=5, linewidth=2.2, label="in logarithms alone"),
            Line2D([], [], color=style.FAINT, marker="o", markersize=5, linewidth=2.2, label="they do not"),
            Line2D([], [], color=style.INK, marker="|", markersize=9, linestyle="none", label="value that ships"),
        ],
        0.35,
        style.HEADER + 0.06,
    )
    axes = page.axes(NAMES, top, CONSTANTS, tall)
    _constants(page, axes, constants, top, tall / len(constants))
    left = NAMES + CONSTANTS + NUMBERS + 1.55
    space = 0.62
    each = (tall - space * (len(gains) - 1)) / len(gains)
    for number, (kind, rows) in enumerate(gains.items()):
        beside = page.axes(left, top + number * (each + space), WIDTH - left - 0.35, each)
        _gains(beside, kind, rows, number == len(gains) - 1)
    return page.figure


def _constants(page: style.Page, axes: Axes, constants: Sequence[ConstantRow], top: float, each: float) -> None:
    for place, row in enumerate(constants):
        low, middle, high = (_at(row, value) for value in row.posterior)
        axes.barh(place, 1.0, left=0.0, height=0.56, color=PRIOR, linewidth=0)
        colour = style.SERIES[0] if row.speaks else NARROW if row.narrow else style.FAINT
        axes.plot([low, high], [place, place], color=colour, linewidth=2.2, solid_capstyle="butt")
        axes.plot(middle, place, "o", color=colour, markersize=4.5)
        axes.plot(max(_at(row, row.shipped), -0.12), place, "|", color=style.INK, markersize=9, markeredgewidth=1.2)
        told = f"{_short(row.posterior[1])} [{_short(row.posterior[0])}, {_short(row.posterior[2])}]"
        y = top + each * (place + 0.5)
        page.text(NAMES + CONSTANTS + 0.1, y, told, size=style.SMALL, va="center", color="#444444")
    axes.set_yticks(range(len(constants)), [style.fit(row.name, NAMES - 0.45, style.BODY - 0.5) for row in constants])
    axes.set_ylim(len(constants) - 0.5, -0.5)
    axes.set_xlim(-0.16, 1.4)
    axes.set_xticks([0.0, 1.0], ["5 %", "95 %"])
    axes.tick_params(axis="y", length=0)
    axes.set_xlabel("against the prior's interval of 90 %")
    axes.set_title("What four patrons say of each constant", loc="left")


def _at(row: ConstantRow, value: float) -> float:
    """Return where a value lies in the prior's interval, 0 to 1 within it."""
    ends = (row.prior[0], row.prior[2])
    if row.logarithmic:
        value = math.log(max(value, 1e-12))
        ends = (math.log(ends[0]), math.log(ends[1]))
    return (value - ends[0]) / (ends[1] - ends[0])


def _gains(axes: Axes, kind: str, rows: Sequence[GainRow], last: bool) -> None:
    axes.axvline(0, color=style.INK, linewidth=0.8)
    for place, row in enumerate(rows):
        clear = row.low > 0.0 or row.high < 0.0
        colour = style.FAINT if not clear else style.GOOD if row.gain > 0.0 else style.BAD
        axes.plot([row.low, row.high], [place, place], color=colour, linewidth=1.8, solid_capstyle="butt")
        axes.plot(row.gain, place, "o", color=colour, markersize=5)
    axes.set_yticks(range(len(rows)), [f"over {row.reference}" for row in rows])
    axes.set_ylim(len(rows) - 0.5, -0.5)
    axes.tick_params(axis="y", length=0)
    axes.grid(axis="x", color=style.GRID, linewidth=0.6)
    axes.locator_params(axis="x", nbins=4)
    axes.ticklabel_format(axis="x", style="plain", useOffset=False)
    axes.set_title(f"Gain in score, {kind}", loc="left")
    if last:
        axes.set_xlabel("better to the right; grey: not clearly so")


def _short(value: float) -> str:
    return f"{value:.2f}" if abs(value) >= 0.1 or value == 0.0 else f"{value:.2g}"
