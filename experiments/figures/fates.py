"""Draw what became of runs, as stacked bars: where a client went first, whether its regime was lost, or neither."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from matplotlib.patches import Patch

from papertiger.experiments.figures import style
from papertiger.experiments.figures.survival import legend_height
from papertiger.experiments.statistics.fates import HAPPENS, LOST, STAYS
from papertiger.scenarios.schema.values import POSTURES

if TYPE_CHECKING:
    from matplotlib.figure import Figure
    from pandas import DataFrame

WIDTH, ROW, LEFT = 10.0, 0.25, 3.4
REST = {HAPPENS: style.POSTURE_COLOURS[3], LOST: style.OTHER, STAYS: "#f0f0f0"}
ORDER = (*POSTURES, HAPPENS, LOST, STAYS)
DARK = (POSTURES[3], POSTURES[4], HAPPENS, LOST)


def colours(names: list[str]) -> dict[str, str]:
    """Return the colour of each fate, in the order in which they are stacked."""
    known = {**dict(zip(POSTURES, style.POSTURE_COLOURS, strict=True)), **REST}
    others = [name for name in names if name not in known]
    known |= {name: style.SERIES[number % 8] for number, name in enumerate(others)}
    order = [*POSTURES, *others, HAPPENS, LOST, STAYS]
    return {name: known[name] for name in order if name in names}


@style.styled
def bars(rows: DataFrame, title: str, subtitle: str, origin: str) -> Figure:
    """Draw shares of runs by what became of them, group under group.

    Parameters
    ----------
    rows
        One row a group and fate: ``panel`` and ``group`` (in words), ``destination`` and ``incidence``, its share.
    title, subtitle, origin
        The words at the top, and where the numbers come from.

    Returns
    -------
    Figure
        One panel for each of ``panel``, with one bar a group.
    """
    look = colours(list(dict.fromkeys(rows["destination"])))
    panels = [(str(name), part) for name, part in rows.groupby("panel", sort=False)]
    deep = legend_height(len(look), 4)
    top, head, gap = style.HEADER + deep + 0.15, 0.24, 0.2
    groups = {name: list(dict.fromkeys(part["group"])) for name, part in panels}
    depth = sum(head + ROW * len(groups[name]) + gap for name, _ in panels)
    page = style.Page(origin, title, subtitle, WIDTH, top + depth + 0.45 + style.FOOTER)
    for number, (name, colour) in enumerate(look.items()):
        row, column = divmod(number, 4)
        patch = Patch(facecolor=colour, edgecolor="#999999", linewidth=0.6, label=style.fit(name, 1.9, style.BODY))
        page.legend([patch], 0.35 + column * (WIDTH - 0.7) / 4, style.HEADER + 0.04 + 0.22 * row)
    y, plot = top, WIDTH - LEFT - 0.6
    for number, (name, part) in enumerate(panels):
        page.text(0.35, y, style.fit(name, WIDTH - 0.7, style.BODY, "bold"), weight="bold")
        axes = page.axes(LEFT, y + head, plot, ROW * len(groups[name]))
        for place, group in enumerate(groups[name]):
            shares = part[part["group"] == group].set_index("destination")["incidence"]
            left = 0.0
            for fate, colour in look.items():
                share = 100 * float(shares.get(fate, 0.0))
                axes.barh(place, share, left=left, height=0.78, color=colour, edgecolor="white", linewidth=0.5)
                if share >= 7:
                    ink: dict[str, Any] = {"size": style.SMALL, "ha": "center", "va": "center"}
                    ink["color"] = "white" if fate in DARK or fate not in ORDER else style.INK
                    axes.text(left + share / 2, place, f"{share:.0f}", **ink)
                left += share
            words, size = style.wrapped(group, LEFT - 0.55, style.BODY, style.SMALL)
            page.text(LEFT - 0.1, y + head + (place + 0.5) * ROW, words, size=size, va="center", ha="right")
        axes.set_xlim(0, 100)
        axes.set_ylim(len(groups[name]) - 0.5, -0.5)
        axes.set_yticks([])
        axes.spines["left"].set_visible(False)
        last = number == len(panels) - 1
        axes.tick_params(axis="x", labelbottom=last, length=3 if last else 0)
        if last:
            axes.set_xlabel("share of runs (%)")
        y += head + ROW * len(groups[name]) + gap
    return page.figure
