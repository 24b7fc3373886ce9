"""Draw what a measure does as one factor moves through its levels, and over two of them as a map."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from matplotlib.lines import Line2D

from papertiger.experiments.figures import style
from papertiger.experiments.figures.survival import legend_height, legend_rows

if TYPE_CHECKING:
    from matplotlib.figure import Figure
    from pandas import DataFrame

WIDTH = 10.0


@style.styled
def lines(rows: DataFrame, title: str, subtitle: str, origin: str) -> Figure:
    """Draw the mean of measures over the levels of factors, with intervals.

    Parameters
    ----------
    rows
        ``factor``, ``level``, ``scenario``, ``measure`` (in words), ``unit``, ``mean``, ``low``, ``high``.
    title, subtitle, origin
        The words at the top, and where the numbers come from.

    Returns
    -------
    Figure
        One panel a measure (down) and factor (across), one line a scenario.
    """
    factors = list(dict.fromkeys(rows["factor"]))[:4]
    measures = list(dict.fromkeys(rows["measure"]))
    names = list(dict.fromkeys(rows["scenario"]))
    left, gap, tall = 1.1, 0.25, 1.75
    top = style.HEADER + legend_height(len(names)) + 0.22
    wide = (WIDTH - left - 0.4 - gap * (len(factors) - 1)) / len(factors)
    step = tall + 0.42
    page = style.Page(origin, title, subtitle, WIDTH, top + len(measures) * step + 0.35 + style.FOOTER)
    legend_rows(page, [_handle(index, name) for index, name in enumerate(names)])
    for row, measure in enumerate(measures):
        part = rows[rows["measure"] == measure]
        # Where all replicates come to the same there is a mean and no interval.
        ends = part[["mean", "low", "high"]].to_numpy(dtype=float)
        low, high = (float(end) for end in (np.nanmin(ends), np.nanmax(ends)))
        room = 0.08 * (high - low) or 0.05
        page.text(
            left, top + row * step - 0.2, style.fit(measure, WIDTH - left - 0.4, style.BODY, "bold"), weight="bold"
        )
        for column, factor in enumerate(factors):
            axes = page.axes(left + column * (wide + gap), top + row * step, wide, tall)
            here = part[part["factor"] == factor]
            for index, name in enumerate(names):
                _line(axes, here[here["scenario"] == name], index)
            axes.set_ylim(low - room, high + room)
            axes.locator_params(axis="y", nbins=5)
            if (here["level"] % 1 == 0).all():
                style.whole_numbers(axes)
            else:
                axes.locator_params(axis="x", nbins=5)
            style.plain_numbers(axes)
            axes.grid(axis="y", color=style.GRID, linewidth=0.6)
            axes.tick_params(axis="y", labelleft=column == 0)
            last = row == len(measures) - 1
            axes.tick_params(axis="x", labelbottom=last)
            if last:
                axes.set_xlabel(style.fit(factor, wide, style.BODY))
            if column == 0:
                axes.set_ylabel(style.fit(str(part["unit"].iloc[0]), tall, style.BODY))
    return page.figure


def _handle(index: int, name: str) -> Line2D:
    look: dict[str, Any] = {"color": style.SERIES[index % 8], "linestyle": style.DASHES[index % 4]}
    return Line2D([], [], marker="o", markersize=4, linewidth=1.6, label=style.fit(name, 4.0, style.BODY), **look)


def _line(axes: Any, rows: DataFrame, index: int) -> None:
    rows = rows.sort_values("level")
    colour = style.SERIES[index % 8]
    levels = rows["level"].to_numpy(dtype=float)
    axes.fill_between(levels, rows["low"], rows["high"], color=colour, alpha=0.15, linewidth=0)
    look = {"color": colour, "linestyle": style.DASHES[index % 4], "linewidth": 1.6, "marker": "o", "markersize": 4}
    axes.plot(levels, rows["mean"].to_numpy(dtype=float), **look)


@style.styled
def heat(rows: DataFrame, title: str, subtitle: str, origin: str) -> Figure:
    """Draw the mean of one measure over two factors, the third (if any) as panels side by side.

    Parameters
    ----------
    rows
        ``x``, ``y``, ``panel`` (text, may be the same for all) and ``mean``; the attributes ``x``, ``y`` and ``unit``
        of the frame name the axes and the unit.
    title, subtitle, origin
        The words at the top, and where the numbers come from.

    Returns
    -------
    Figure
        A map with the numbers written in the cells.
    """
    panels = list(dict.fromkeys(rows["panel"]))[:4]
    columns, depth = sorted(set(rows["x"])), sorted(set(rows["y"]))
    left, gap = 1.0, 0.25
    wide = (WIDTH - left - 0.4 - gap * (len(panels) - 1)) / len(panels)
    tall = min(0.42 * len(depth), 4.0) if len(depth) > 2 else 1.0
    top = style.HEADER + 0.35
    page = style.Page(origin, title, subtitle, WIDTH, top + tall + 0.6 + style.FOOTER)
    low, high = float(rows["mean"].min()), float(rows["mean"].max())
    for index, panel in enumerate(panels):
        axes = page.axes(left + index * (wide + gap), top, wide, tall)
        here = rows[rows["panel"] == panel].pivot_table(index="y", columns="x", values="mean")
        values = here.reindex(index=depth, columns=columns).to_numpy(dtype=float)
        axes.imshow(
            values, cmap="cividis_r", vmin=low, vmax=high if high > low else low + 1, aspect="auto", origin="lower"
        )
        for (y, x), value in np.ndenumerate(values):
            if np.isfinite(value) and wide / len(columns) > 0.28:
                dark = high > low and (value - low) / (high - low) > 0.55
                look: dict[str, Any] = {
                    "size": style.SMALL,
                    "ha": "center",
                    "va": "center",
                    "color": "white" if dark else style.INK,
                }
                axes.text(x, y, f"{value:.2f}", **look)
        axes.set_xticks(range(len(columns)), [f"{level:g}" for level in columns])
        axes.set_yticks(range(len(depth)), [f"{level:g}" for level in depth])
        axes.tick_params(length=0, labelleft=index == 0)
        axes.set_title(style.fit(panel, wide, style.BODY), loc="left", pad=4)
        axes.set_xlabel(style.fit(str(rows.attrs["x"]), wide, style.BODY))
        if index == 0:
            axes.set_ylabel(style.fit(str(rows.attrs["y"]), tall, style.BODY))
    return page.figure
