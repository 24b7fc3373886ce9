"""Draw where clients stand at a date in one scenario and in another, as stacked bars."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from papertiger.experiments.figures import style
from papertiger.scenarios.schema.values import POSTURES

if TYPE_CHECKING:
    from matplotlib.figure import Figure
    from pandas import DataFrame

WIDTH, ROW, LEFT = 10.0, 0.25, 3.2


@style.styled
def bars(rows: DataFrame, title: str, subtitle: str, origin: str) -> Figure:
    """Draw the shares of runs on each rung, scenario under scenario.

    Parameters
    ----------
    rows
        One row a scenario and question: ``measure`` (whose posture when, in words), ``scenario`` (in words), and
        a column for each rung with its share of the runs.
    title, subtitle, origin
        The words at the top, and where the numbers come from.

    Returns
    -------
    Figure
        One panel a measure with one bar a scenario.
    """
    panels = [(str(name), part) for name, part in rows.groupby("measure", sort=False)]
    top, head, gap = style.HEADER + 0.45, 0.24, 0.2
    depth = sum(head + ROW * len(part) + gap for _, part in panels)
    height = top + depth + 0.45 + style.FOOTER
    page = style.Page(origin, title, subtitle, WIDTH, height)
    page.legend(style.posture_legend(), 0.35, style.HEADER + 0.04)
    y, plot = top, WIDTH - LEFT - 0.6
    for number, (name, part) in enumerate(panels):
        page.text(0.35, y, style.fit(name, WIDTH - 0.7, style.BODY, "bold"), weight="bold")
        axes = page.axes(LEFT, y + head, plot, ROW * len(part))
        for place, row in enumerate(part.to_dict("records")):
            left = 0.0
            for rung, colour in zip(POSTURES, style.POSTURE_COLOURS, strict=True):
                share = 100 * float(row[rung])
                axes.barh(place, share, left=left, height=0.78, color=colour, edgecolor="white", linewidth=0.5)
                if share >= 7:
                    ink = "white" if rung in POSTURES[3:] else style.INK
                    look: dict[str, Any] = {"size": style.SMALL, "ha": "center", "va": "center", "color": ink}
                    axes.text(left + share / 2, place, f"{share:.0f}", **look)
                left += share
            middle = y + head + (place + 0.5) * ROW
            words, size = style.wrapped(str(row["scenario"]), LEFT - 0.55, style.BODY, style.SMALL)
            page.text(LEFT - 0.1, middle, words, size=size, va="center", ha="right")
        axes.set_xlim(0, 100)
        axes.set_ylim(len(part) - 0.5, -0.5)
        axes.set_yticks([])
        axes.spines["left"].set_visible(False)
        last = number == len(panels) - 1
        axes.tick_params(axis="x", labelbottom=last, length=3 if last else 0)
        if last:
            axes.set_xlabel("share of runs (%)")
        y += head + ROW * len(part) + gap
    return page.figure
