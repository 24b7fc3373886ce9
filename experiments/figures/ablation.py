"""Draw what each of several things adds to where clients stand: a row a client, a panel a thing."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from papertiger.experiments.figures import style

if TYPE_CHECKING:
    from matplotlib.figure import Figure
    from pandas import DataFrame

WIDTH, ROW, LEFT, GAP = 10.0, 0.25, 1.75, 0.22


@style.styled
def shifts(rows: DataFrame, title: str, subtitle: str, origin: str) -> Figure:
    """Draw differences of mean rungs with their intervals, all on one scale.

    Parameters
    ----------
    rows
        ``of`` (a panel), ``client`` (a row), ``difference``, ``low``, ``high`` and ``clear``.
    title, subtitle, origin
        The words at the top, and where the numbers come from.
    """
    panels, clients = list(dict.fromkeys(rows["of"])), list(dict.fromkeys(rows["client"]))
    top = style.HEADER + 0.62
    tall = ROW * len(clients)
    page = style.Page(origin, title, subtitle, WIDTH, top + tall + 0.55 + style.FOOTER)
    note = "dot: mean paired difference in rungs · line: its interval · hollow: the interval includes zero"
    page.text(0.35, style.HEADER + 0.06, note, size=style.SMALL, color="#555555")
    width = (WIDTH - LEFT - 0.35 - GAP * (len(panels) - 1)) / len(panels)
    ends = rows[["low", "high", "difference"]].to_numpy(dtype=float)
    low, high = min(0.0, float(np.nanmin(ends))), max(0.0, float(np.nanmax(ends)))
    room = 0.07 * (high - low) or 1.0
    for number, panel in enumerate(panels):
        axes = page.axes(LEFT + number * (width + GAP), top, width, tall)
        axes.set_xlim(low - room, high + room)
        axes.set_ylim(len(clients) - 0.5, -0.5)
        axes.grid(axis="x", color=style.GRID, linewidth=0.6)
        axes.axvline(0, color=style.INK, linewidth=0.9)
        axes.set_title(style.two_lines(panel, width, style.BODY), loc="left", fontsize=style.BODY)
        axes.set_yticks(
            range(len(clients)) if number == 0 else [],
            [style.fit(client, LEFT - 0.5, style.BODY) for client in clients] if number == 0 else [],
        )
        axes.tick_params(axis="y", length=0)
        axes.tick_params(axis="x", labelsize=style.SMALL)
        axes.set_xlabel("rungs", fontsize=style.SMALL)
        for row in rows[rows["of"] == panel].to_dict("records"):
            place = clients.index(row["client"])
            colour = style.CAPABILITY if row["clear"] else style.OTHER
            axes.plot([row["low"], row["high"]], [place, place], color=colour, linewidth=1.8, solid_capstyle="butt")
            axes.plot(
                row["difference"], place, "o", markersize=4.5, color=colour,
                markerfacecolor=colour if row["clear"] else "white",
            )  # fmt: skip
    return page.figure
