"""Draw what a study of patrons found: readings around events, hazards since them, gains, and shared constants."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from matplotlib.lines import Line2D

from papertiger.experiments.figures import style

if TYPE_CHECKING:
    from collections.abc import Sequence

    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

WIDTH = 11.0
ROW = 0.29
"""Inches of a row of a forest."""
MARKERS = ("o", "s", "^", "D", "v", "P")


@dataclass(frozen=True)
class Curve:
    """Hold a curve over years around an event, with the half-width of its band."""

    title: str
    years: Sequence[float]
    middle: Sequence[float]
    low: Sequence[float]
    high: Sequence[float]
    note: str = ""


@dataclass(frozen=True)
class Bar:
    """Hold a row of a forest: the main estimate with its interval, and marks beside it.

    Attributes
    ----------
    label, verdict
        At its left, and at its right.
    middle, low, high
        The estimate.
    marks
        Other estimates, one for each name of the legend; None draws nothing.
    """

    label: str
    middle: float
    low: float
    high: float
    marks: tuple[float | None, ...] = ()
    verdict: str = ""


@style.styled
def event_studies(
    events: Sequence[str],
    readings: Sequence[str],
    curves: dict[tuple[int, int], Curve],
    title: str,
    subtitle: str,
    origin: str,
) -> Figure:
    """Draw readings in the years around events: a row an event, a column a reading.

    Parameters
    ----------
    events, readings
        Titles of rows and columns.
    curves
        By row and column.
    title, subtitle, origin
        The words at the top, and where the numbers come from.
    """  # fmt: skip
    left, gap, panel = 2.2, 0.55, 0.95
    width = (WIDTH - left - 0.35 - gap * (len(readings) - 1)) / len(readings)
    top, step = style.HEADER + 0.35, panel + 0.22
    page = style.Page(origin, title, subtitle, WIDTH, top + len(events) * step + 0.4 + style.FOOTER)
    reach = [
        1.05 * max(abs(end) for (_, c), one in curves.items() if c == column for end in (*one.low, *one.high))
        for column in range(len(readings))
    ]
    for (row, column), one in curves.items():
        axes = page.axes(left + column * (width + gap), top + row * step, width, panel)
        axes.axhline(0.0, color=style.FAINT, linewidth=0.7)
        axes.axvline(-0.5, color=style.FAINT, linewidth=0.7, linestyle=style.DASHES[2])
        axes.fill_between(one.years, one.low, one.high, color=style.CAPABILITY, alpha=0.18, linewidth=0)
        axes.plot(one.years, one.middle, color=style.CAPABILITY, linewidth=1.4, marker="o", markersize=2.4)
        axes.set_ylim(-reach[column], reach[column])
        axes.set_xlim(min(one.years) - 0.3, max(one.years) + 0.3)
        axes.set_xticks([int(year) for year in one.years if int(year) % 5 == 0 or int(year) == -1])
        axes.tick_params(axis="x", labelbottom=row == len(events) - 1)
        axes.locator_params(axis="y", nbins=4)
        axes.grid(axis="y", color=style.GRID, linewidth=0.6)
        if row == 0:
            axes.set_title(style.fit(readings[column], width, style.BODY + 0.5), loc="left", pad=4)
        if column == 0:
            page.text(0.35, top + row * step + 0.3, style.two_lines(events[row], left - 1.0, style.BODY))
        axes.text(
            0.99,
            0.97,
            one.note,
            transform=axes.transAxes,
            ha="right",
            va="top",
            fontsize=style.SMALL,
            color="#555555",
        )
    page.text(left + (WIDTH - left - 0.35) / 2, top + len(events) * step + 0.04, "years since the event", ha="center")
    return page.figure


@style.styled
def hazards(curves: Sequence[Curve], base: float, title: str, subtitle: str, origin: str) -> Figure:
    """Draw the yearly chance of a break by years since an event, a panel for each event.

    Parameters
    ----------
    curves
        Of the events; the last point of each is of dyad-years without one.
    base
        The chance in all dyad-years.
    title, subtitle, origin
        The words at the top, and where the numbers come from.
    """
    columns = min(3, len(curves))
    depth = -(-len(curves) // columns)
    left, gap, panel = 0.8, 0.3, 1.5
    width = (WIDTH - left - 0.35 - gap * (columns - 1)) / columns
    top, step = style.HEADER + 0.4, panel + 0.6
    page = style.Page(origin, title, subtitle, WIDTH, top + depth * step + 0.2 + style.FOOTER)
    # Intervals of events so rare that none was followed by a break would set the scale for all; they leave the panel.
    ceiling = 1.08 * max([base, *(end for one in curves if max(one.middle[:-1]) > 0.0 for end in one.high)])
    for place, one in enumerate(curves):
        row, column = divmod(place, columns)
        axes = page.axes(left + column * (width + gap), top + row * step, width, panel)
        axes.axhline(base, color=style.FAINT, linewidth=0.9, linestyle=style.DASHES[1])
        middle = np.array(one.middle)
        spread = [middle - np.array(one.low), np.array(one.high) - middle]
        axes.errorbar(one.years, middle, yerr=spread, fmt="none", ecolor=style.FAINT, elinewidth=1.2)
        axes.plot(one.years[:-1], middle[:-1], "o-", color=style.RESOLVE, markersize=4, linewidth=1.2)
        axes.plot(one.years[-1:], middle[-1:], "s", color=style.INK, markersize=4)
        axes.set_ylim(0, ceiling)
        ticks = [str(int(year)) for year in one.years[:-1]]
        axes.set_xticks(list(one.years), labels=[*ticks, "none"])
        axes.yaxis.set_major_formatter(lambda value, _: f"{100 * value:g} %")
        axes.tick_params(axis="y", labelleft=column == 0)
        axes.grid(axis="y", color=style.GRID, linewidth=0.6)
        axes.set_title(style.fit(one.title, width, style.BODY + 0.5), loc="left", pad=4)
        axes.set_title(one.note, loc="right", pad=4, fontsize=style.SMALL, color="#555555")
    page.text(left + (WIDTH - left - 0.35) / 2, top + depth * step - 0.1, "years since the last event", ha="center")
    return page.figure


@dataclass(frozen=True)
class Forest:
    """Hold a forest: its title, its rows, and whether its numbers are logarithms of ratios, or need room near 0.

    Attributes
    ----------
    title, rows
        What is drawn.
    ratio
        Whether the axis is labelled with ratios.
    bent
        Up to this number to both sides the scale is straight, and logarithmic beyond; None for straight.
    """

    title: str
    rows: Sequence[Bar]
    ratio: bool = False
    bent: float | None = None


@style.styled
def forests(
    panels: Sequence[Forest], names: Sequence[str], main: str, title: str, subtitle: str, origin: str, *, columns: int
) -> Figure:
    """Draw forests: main estimates with intervals, and other estimates as marks.

    Parameters
    ----------
    panels
        What is drawn.
    names
        Of the marks.
    main
        What the legend calls the main estimate.
    title, subtitle, origin
        The words at the top, and where the numbers come from.
    columns
        How many forests stand side by side.
    """
    left, between = 2.75, 0.75
    depths = [max(len(one.rows) for one in panels[i : i + columns]) for i in range(0, len(panels), columns)]
    top = style.HEADER + 0.7
    height = top + sum(depths) * ROW + between * len(depths) + style.FOOTER - 0.1
    page = style.Page(origin, title, subtitle, WIDTH, height)
    handles = [Line2D([], [], color=style.INK, marker="|", markersize=8, linewidth=1.6, label=main)]
    handles += [
        Line2D([], [], color=style.SERIES[i], marker=MARKERS[i], markersize=4.5, linestyle="none", label=name)
        for i, name in enumerate(names)
    ]
    page.legend(handles, 0.35, style.HEADER + 0.04)
    share = (WIDTH - 0.2) / columns
    for place, one in enumerate(panels):
        row, column = divmod(place, columns)
        begun = top + sum(depths[:row]) * ROW + between * row
        wordy = any(bar.verdict for bar in one.rows)
        width = share - left - (1.35 if wordy else 0.2)
        x = column * share + left
        axes = page.axes(x, begun, width, len(one.rows) * ROW)
        _forest(axes, one)
        axes.set_title(style.fit(one.title, width + 1.0, style.BODY + 0.5), loc="left", pad=5)
        for line, bar in enumerate(one.rows):
            y = begun + (line + 0.5) * ROW
            page.text(x - 0.1, y, style.fit(bar.label, left - 0.25, style.BODY), ha="right", va="center")
            if bar.verdict:
                page.text(x + width + 0.08, y, bar.verdict, va="center", size=style.BODY)
    return page.figure


def _forest(axes: Axes, forest: Forest) -> None:
    """Draw one forest into its axes."""
    rows = forest.rows
    ends = [end for one in rows for end in (one.low, one.high, *(mark for mark in one.marks if mark is not None))]
    low, high = min(0.0, *ends), max(0.0, *ends)
    axes.axvline(0.0, color=style.FAINT, linewidth=0.8)
    for line, one in enumerate(rows):
        if line % 2:
            axes.axhspan(line - 0.5, line + 0.5, color="#f6f6f6", linewidth=0)
        axes.plot([one.low, one.high], [line, line], color=style.INK, linewidth=1.6, zorder=2)
        axes.plot([one.middle], [line], "|", color=style.INK, markersize=9, markeredgewidth=1.8, zorder=3)
        for i, mark in enumerate(one.marks):
            if mark is not None:
                axes.plot([mark], [line], MARKERS[i], color=style.SERIES[i], markersize=4, alpha=0.85, zorder=4)
    axes.set_ylim(max(len(rows), 1) - 0.5, -0.5)
    axes.set_yticks([])
    axes.spines["left"].set_visible(False)
    axes.grid(axis="x", color=style.GRID, linewidth=0.6)
    if forest.bent is not None:
        axes.set_xscale("symlog", linthresh=forest.bent)
        axes.set_xlim(min(1.3 * low, -0.3 * forest.bent), max(1.3 * high, 0.3 * forest.bent))
        steps = [sign * one for one in (1.0, 3.0, 10.0, 30.0, 100.0, 300.0, 1000.0) for sign in (-1.0, 1.0)]
        steps = [one for one in (0.0, *steps) if 1.3 * low <= one <= 1.3 * high]
        axes.set_xticks(steps, labels=[f"{one:g}".replace("-", "\N{MINUS SIGN}") for one in steps])
        axes.minorticks_off()
        return
    pad = 0.05 * (high - low or 1.0)
    axes.set_xlim(low - pad, high + pad)
    if forest.ratio:
        steps = [one for one in (0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0, 20.0) if low - pad <= np.log(one) <= high + pad]
        axes.set_xticks([float(np.log(one)) for one in steps], labels=[f"{one:g}" for one in steps])
