"""Draw whether a forecaster is better than its references, and what it said of each client."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from matplotlib.lines import Line2D

from papertiger.experiments.figures import style

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from matplotlib.figure import Figure
    from numpy.typing import NDArray
    from pandas import DataFrame

WIDTH, ROW = 10.0, 0.34


@style.styled
def skills(rows: DataFrame, title: str, subtitle: str, origin: str) -> Figure:
    """Draw gains over references, with intervals.

    Parameters
    ----------
    rows
        ``forecast``, ``split``, ``forecaster``, ``against``, ``gain``, ``low``, ``high``; the ends may be blank.
    title, subtitle, origin
        The words at the top, and where the numbers come from.

    Returns
    -------
    Figure
        One panel for each kind of forecast; one row for each split and forecaster, coloured by reference.
    """
    kinds = list(dict.fromkeys(rows["forecast"]))
    references = list(dict.fromkeys(rows["against"]))
    names = [tuple(pair) for pair in rows[["split", "forecaster"]].drop_duplicates().itertuples(index=False)]
    top, left, gap = style.HEADER + 0.62, 3.15, 0.35
    tall = ROW * len(names) * max(1.0, 0.45 * len(references))
    page = style.Page(origin, title, subtitle, WIDTH, top + tall + 0.6 + style.FOOTER)
    page.legend(
        [
            Line2D([], [], color=style.SERIES[number], marker="o", markersize=5, label=f"over {name}")
            for number, name in enumerate(references)
        ],
        0.35,
        style.HEADER + 0.04,
    )
    width = (WIDTH - left - 0.35 - gap * (len(kinds) - 1)) / len(kinds)
    for panel, kind in enumerate(kinds):
        axes = page.axes(left + panel * (width + gap), top, width, tall)
        axes.axvline(0, color=style.INK, linewidth=0.8)
        for place, (split, forecaster) in enumerate(names):
            for number, reference in enumerate(references):
                chosen = rows[
                    (rows["forecast"] == kind)
                    & (rows["split"] == split)
                    & (rows["forecaster"] == forecaster)
                    & (rows["against"] == reference)
                ]
                if chosen.empty:
                    continue
                low, middle, high = (float(chosen[name].iloc[0]) for name in ("low", "gain", "high"))
                y = place + (number - (len(references) - 1) / 2) * 0.22
                colour = style.SERIES[number]
                axes.plot([low, high], [y, y], color=colour, linewidth=1.4, solid_capstyle="butt")
                axes.plot(middle, y, "o", color=colour, markersize=4.5)
        axes.set_ylim(len(names) - 0.5, -0.5)
        labels = [style.fit(split, left - 0.5, style.BODY) for split, _ in names] if panel == 0 else []
        axes.set_yticks(range(len(names)) if panel == 0 else [], labels)
        axes.tick_params(axis="y", length=0)
        axes.grid(axis="x", color=style.GRID, linewidth=0.6)
        axes.set_title(kind, loc="left")
        axes.ticklabel_format(axis="x", style="plain", useOffset=False)
        axes.locator_params(axis="x", nbins=5)
        axes.set_xlabel("gain; 0 is as good as the reference")
    return page.figure


@style.styled
def by_client(
    forecasts: Mapping[str, NDArray[np.float64]],
    observed: NDArray[np.integer],
    scored: NDArray[np.bool_],
    clients: Sequence[str],
    periods: Sequence[str],
    title: str,
    subtitle: str,
    origin: str,
) -> Figure:
    """Draw what forecasters said of each client, half-year by half-year, and what was observed.

    Parameters
    ----------
    forecasts
        By name, Q x N x 5.
    observed, scored
        Q x N: the posture that came, and whether it counts; where it does not, the mark is hollow.
    clients, periods
        Names, lengths N and Q.
    title, subtitle, origin
        The words at the top, and where the numbers come from.
    """
    top, left, gap, step = style.HEADER + 0.62, 1.35, 0.3, 0.36
    tall = step * len(clients)
    page = style.Page(origin, title, subtitle, WIDTH, top + tall + 0.45 + style.FOOTER)
    mark = Line2D([], [], color=style.INK, marker="D", markersize=4, linestyle="none", label="observed")
    hollow = Line2D(
        [], [], color="white", marker="D", markersize=4, linestyle="none", markeredgecolor=style.INK,
        label="observed, not scored",
    )  # fmt: skip
    page.legend([*style.posture_legend(), mark, hollow], 0.35, style.HEADER + 0.04)
    width = (WIDTH - left - 0.35 - gap * (len(forecasts) - 1)) / len(forecasts)
    for panel, (name, values) in enumerate(forecasts.items()):
        axes = page.axes(left + panel * (width + gap), top, width, tall)
        axes.set_title(name, loc="left")
        for column in range(len(clients)):
            floor = column + 0.42 - np.zeros(len(periods))
            for rung, colour in enumerate(style.POSTURE_COLOURS):
                share = values[:, column, rung] * 0.84
                axes.bar(range(len(periods)), -share, bottom=floor, width=0.92, color=colour, linewidth=0)
                floor = floor - share
            came = observed[:, column]
            below = np.array([values[row, column, :rung].sum() for row, rung in enumerate(came)])
            middle = below + np.array([values[row, column, rung] for row, rung in enumerate(came)]) / 2
            places = column + 0.42 - 0.84 * middle
            counts = scored[:, column]
            numbers = np.arange(len(periods))
            axes.plot(
                numbers[counts], places[counts], "D", color=style.INK, markersize=3,
                markeredgecolor="white", markeredgewidth=0.6,
            )  # fmt: skip
            axes.plot(
                numbers[~counts], places[~counts], "D", color="white", markersize=2.4, markeredgecolor=style.INK
            )
        axes.set_xlim(-0.5, len(periods) - 0.5)
        axes.set_ylim(len(clients) - 0.5, -0.5)
        axes.set_xticks(range(len(periods)), periods)
        axes.set_yticks(range(len(clients)) if panel == 0 else [], clients if panel == 0 else [])
        axes.tick_params(length=0)
        for side in ("left", "bottom"):
            axes.spines[side].set_visible(False)
    return page.figure


@style.styled
def placebos(
    worlds: Mapping[str, Sequence[float]], true: float, unit: str, title: str, subtitle: str, origin: str
) -> Figure:
    """Draw what placebo worlds came to beside the true one.

    Parameters
    ----------
    worlds
        Values by kind of placebo, in words.
    true
        The true world's value.
    unit
        What is measured, and which side is better.
    title, subtitle, origin
        The words at the top, and where the numbers come from.
    """
    top, left, step = style.HEADER + 0.42, 4.6, 0.5
    page = style.Page(origin, title, subtitle, WIDTH, top + step * len(worlds) + 0.6 + style.FOOTER)
    page.legend(
        [
            Line2D([], [], color=style.SERIES[0], marker="o", linestyle="none", alpha=0.5, label="a placebo world"),
            Line2D([], [], color=style.RESOLVE, linewidth=1.6, label="the true world"),
        ],
        0.35,
        style.HEADER + 0.04,
    )
    axes = page.axes(left, top, WIDTH - left - 0.5, step * len(worlds))
    for place, values in enumerate(worlds.values()):
        # Spread over the row in the order in which they came, so that equal values do not hide each other.
        spread = place + 0.5 * ((np.arange(len(values)) * 0.618) % 1.0 - 0.5)
        axes.plot(values, spread, "o", color=style.SERIES[0], alpha=0.5, markersize=4.5, markeredgewidth=0)
    axes.axvline(true, color=style.RESOLVE, linewidth=1.6)
    axes.set_yticks(range(len(worlds)), [style.fit(name, left - 0.5, style.BODY) for name in worlds])
    axes.set_ylim(len(worlds) - 0.5, -0.5)
    axes.tick_params(axis="y", length=0)
    axes.grid(axis="x", color=style.GRID, linewidth=0.6)
    axes.set_xlabel(unit)
    return page.figure
