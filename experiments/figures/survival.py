"""Draw times to an event: Kaplan–Meier curves with numbers at risk, and cumulative incidence by destination."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from matplotlib.lines import Line2D

from papertiger.experiments.figures import style

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from pandas import DataFrame

WIDTH, LEFT, PLOT, TALL = 10.0, 2.6, 7.05, 3.4


def _handles(names: Sequence[str], width: float) -> list[Line2D]:
    return [
        Line2D([], [], color=style.SERIES[i % 8], linestyle=style.DASHES[i % 4], linewidth=1.7,
               label=style.fit(name, width, style.BODY))
        for i, name in enumerate(names)
    ]  # fmt: skip


def legend_rows(page: style.Page, handles: Sequence[Line2D], columns: int = 2) -> None:
    """Write a legend of long names in columns under the title."""
    wide = (page.width - 0.7) / columns
    for index, handle in enumerate(handles):
        row, column = divmod(index, columns)
        page.legend([handle], 0.35 + column * wide, style.HEADER + 0.04 + 0.22 * row)


def legend_height(count: int, columns: int = 2) -> float:
    """Return the inches that `legend_rows` takes."""
    return 0.22 * -(-count // columns) + 0.24


def _extended(table: DataFrame, column: str, start: float, horizon: float) -> tuple[list[float], list[float]]:
    """Return times and values of a step function from 0 to the horizon."""
    times = [0.0, *table["time"].astype(float)]
    values = [start, *table[column].astype(float)]
    return [*times, horizon], [*values, values[-1]]


def _at(table: DataFrame, time: float) -> int:
    """Return how many are at risk just before a time."""
    later = table.loc[table["time"] >= time, "at_risk"]
    return int(later.iloc[0]) if len(later) else 0


@style.styled
def curves(
    tables: Mapping[str, DataFrame], title: str, subtitle: str, origin: str, *, horizon: float, event: str
) -> Figure:
    """Draw Kaplan–Meier curves with their bands and the numbers at risk.

    Parameters
    ----------
    tables
        By scenario (in words), the table of `papertiger.experiments.statistics.survival.kaplan_meier`.
    title, subtitle, origin
        The words at the top, and where the numbers come from.
    horizon
        The last month that was looked at.
    event
        What is waited for, as in "has not yet left".

    Returns
    -------
    Figure
        The curves, and under them how many runs are at risk.
    """
    names = list(tables)
    top = style.HEADER + legend_height(len(names))
    below = 0.62 + 0.19 * len(names)
    page = style.Page(origin, title, subtitle, WIDTH, top + TALL + below + 0.25 + style.FOOTER)
    legend_rows(page, _handles(names, 4.0))
    axes = page.axes(LEFT, top, PLOT, TALL)
    for index, (_, table) in enumerate(tables.items()):
        colour = style.SERIES[index % 8]
        times, low = _extended(table, "low", 1.0, horizon)
        _, high = _extended(table, "high", 1.0, horizon)
        axes.fill_between(times, low, high, step="post", color=colour, alpha=0.15, linewidth=0)
        times, values = _extended(table, "survival", 1.0, horizon)
        axes.step(times, values, where="post", color=colour, linestyle=style.DASHES[index % 4], linewidth=1.7)
    _months(axes, horizon)
    axes.set_ylim(0, 1.02)
    axes.set_ylabel(style.fit(f"share of runs in which {event}", TALL, style.BODY))
    axes.grid(axis="y", color=style.GRID, linewidth=0.6)
    start = top + TALL + 0.55
    page.text(0.35, start - 0.04, "Not yet, in runs", size=style.SMALL, weight="bold")
    ticks = [tick for tick in axes.get_xticks() if 0 <= tick <= horizon]
    for index, (name, table) in enumerate(tables.items()):
        y = start + 0.2 + 0.19 * index
        words = style.fit(name, LEFT - 0.75, style.SMALL)
        page.text(0.35, y, words, size=style.SMALL, va="center", color=style.SERIES[index % 8])
        for tick in ticks:
            x = LEFT + PLOT * tick / horizon
            page.text(x, y, str(_at(table, tick)), size=style.SMALL, va="center", ha="center")
    return page.figure


def _months(axes: Axes, horizon: float) -> None:
    every = 12 if horizon > 30 else 6 if horizon > 12 else max(1, round(horizon / 6))
    axes.set_xticks(np.arange(0, horizon + 0.5, every))
    axes.set_xlim(0, horizon)
    axes.set_xlabel("months since the start")


@style.styled
def incidence(
    panels: Mapping[str, Mapping[str, DataFrame]], title: str, subtitle: str, origin: str, *, horizon: float
) -> Figure:
    """Draw the cumulative incidence of each cause, one panel a scenario.

    Parameters
    ----------
    panels
        By scenario and then by cause (both in words), a table with ``time`` and ``incidence``.
    title, subtitle, origin
        The words at the top, and where the numbers come from.
    horizon
        The last month that was looked at.

    Returns
    -------
    Figure
        Panels of step curves, three in a row at most.
    """
    causes = list(dict.fromkeys(cause for panel in panels.values() for cause in panel))
    columns = min(3, len(panels))
    top, left, gap, tall = style.HEADER + legend_height(len(causes), 4) + 0.2, 0.85, 0.3, 1.9
    wide = (WIDTH - left - 0.35 - gap * (columns - 1)) / columns
    depth = -(-len(panels) // columns)
    page = style.Page(origin, title, subtitle, WIDTH, top + depth * (tall + 0.45) + 0.3 + style.FOOTER)
    legend_rows(page, _handles(causes, 1.8), 4)
    highest = max((float(t["incidence"].max()) for panel in panels.values() for t in panel.values()), default=0.0)
    for index, (name, panel) in enumerate(panels.items()):
        row, column = divmod(index, columns)
        axes = page.axes(left + column * (wide + gap), top + row * (tall + 0.45), wide, tall)
        axes.set_title(style.fit(name, wide, style.BODY + 0.5), loc="left", pad=3)
        for cause, table in panel.items():
            number = causes.index(cause)
            times, values = _extended(table, "incidence", 0.0, horizon)
            look: dict[str, Any] = {
                "color": style.SERIES[number % 8],
                "linestyle": style.DASHES[number % 4],
                "linewidth": 1.6,
            }
            axes.step(times, values, where="post", **look)
        _months(axes, horizon)
        axes.set_ylim(0, min(1.0, 1.12 * highest) or 1.0)
        axes.grid(axis="y", color=style.GRID, linewidth=0.6)
        axes.tick_params(axis="y", labelleft=column == 0)
        axes.tick_params(axis="x", labelbottom=index + columns >= len(panels))
        if index + columns < len(panels):
            axes.set_xlabel("")
        if column == 0:
            axes.set_ylabel("share of runs")
    return page.figure
