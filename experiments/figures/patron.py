"""Draw the patron over time: what it has, what the war takes, what it lost, its credibility, where it looks."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from papertiger.experiments.figures import style
from papertiger.experiments.names import label

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from papertiger.model.run import Run

WIDTH, PANEL, GAP, LEFT, PLOT = 10.0, 1.35, 0.5, 0.9, 6.9
TOP = style.HEADER + 0.42
"""Inches: the page, the height of a panel, the space between two, left edge, width and top of the panels."""

WAR = "#4d4d4d"
TRACK = "#E69F00"
CLIENTS = "#56B4E9"
AFTER = {
    "continues": "assumed: the war continues at its last level",
    "ends": "assumed: the war ends",
    "escalates": "assumed: the war escalates",
}


def _war_path(run: Run, months: list[str]) -> tuple[int | None, str]:
    """Return where the data on the war end, and what the scenario assumes from there."""
    last = max(run.scenario.war.burden.points)
    if last < months[0] or last >= months[-1]:
        return None, ""
    return sum(month <= last for month in months), AFTER[run.scenario.war.after]


class _Panels:
    """Lay out four panels on one time axis, each with its key at the right."""

    def __init__(self, run: Run) -> None:
        self.run, self.columns = run, run.columns("patron")
        self.months = self.columns["month"].tolist()
        name = run.scenario.patron.name
        height = TOP + 4 * PANEL + 3 * GAP + 0.5 + style.FOOTER
        self.page = style.Page(run, f"{name}: assets and credibility", run.scenario.title, WIDTH, height)

    def panel(self, number: int, title: str, unit: str, low: float, high: float) -> Axes:
        """Add the panel of a number, from the top."""
        axes = self.page.axes(LEFT, TOP + number * (PANEL + GAP), PLOT, PANEL)
        axes.set_title(title, loc="left", pad=4, fontweight="bold")
        axes.grid(axis="y", color=style.GRID, linewidth=0.6)
        axes.set_ylabel(unit)
        axes.yaxis.set_label_coords(-0.055, 0.5)
        axes.set_ylim(low, high)
        style.month_axis(axes, self.months, labels=number == 3)
        return axes

    def key(self, number: int, handles: list[Line2D] | list[Patch]) -> None:
        """Add the key of a panel."""
        self.page.legend(handles, LEFT + PLOT + 0.15, TOP + number * (PANEL + GAP) + 0.05, ncols=1)

    def lines(self, number: int, axes: Axes, columns: list[tuple[str, str, str, style.Dash]]) -> None:
        """Draw columns of the frame as lines, with their key."""
        handles = []
        for column, text, colour, dash in columns:
            values = self.columns[column].astype(float)
            (line,) = axes.plot(
                np.arange(len(values)), values, color=colour, linestyle=dash, linewidth=1.7, label=text
            )
            if len(values) == 1:
                line.set_marker("o")
            handles.append(line)
        self.key(number, handles)

    def attention(self, number: int, axes: Axes) -> None:
        """Stack the shares of attention, with their key."""
        war = self.columns["attention_war"].astype(float)
        track = self.columns["attention_rival_track"].astype(float)
        clients = np.clip(1 - war - track, 0, 1)
        style.stacked(axes, [war, track, clients], [WAR, TRACK, CLIENTS], steps=False)
        room = WIDTH - LEFT - PLOT - 0.75
        track_text = f"track with\n{style.fit(_main_rival(self.run), room, style.BODY)}"
        parts = [("all clients together", CLIENTS), (track_text, TRACK), ("the war", WAR)]
        self.key(number, [Patch(color=colour, label=text) for text, colour in parts])

    def war_path(self, panels: list[Axes]) -> None:
        """Mark where the data on the war end, and what is assumed from there."""
        where, assumed = _war_path(self.run, self.months)
        if where is None:
            return
        for axes in panels:
            axes.axvline(where - 0.5, color=style.INK, linewidth=0.8, linestyle=(0, (2, 2)))
        text = f"from {self.months[where]} {assumed}"
        left = LEFT + PLOT * where / len(self.months)
        fits = left + style.text_width(text, style.SMALL) <= WIDTH - 0.4
        place = (left, "left") if fits else (LEFT + PLOT, "right")
        self.page.text(place[0], TOP + PANEL + GAP - 0.16, text, size=style.SMALL, ha=place[1])


def _main_rival(run: Run) -> str:
    name = run.scenario.patron.main_rival
    if name is None:
        return "the main rival"
    return label(run.scenario.rivals, name)


@style.styled
def assets_and_credibility(run: Run) -> Figure:
    """Draw the patron's budget, burden, losses, credibility and attention.

    Parameters
    ----------
    run
        A finished run.

    Returns
    -------
    Figure
        Four panels on one time axis, with the month marked from which the war's path is an assumption.
    """
    panels = _Panels(run)
    solid: style.Dash = "-"
    low, high = float(panels.columns["budget"].min()), float(panels.columns["budget"].max())
    spread = (min(0.5, 0.9 * low), max(1.2, 1.05 * high))
    budget = panels.panel(0, "What it can spend", "index (1 = normal)", *spread)
    panels.lines(0, budget, [("budget", "budget", style.GOOD, solid)])
    burden = panels.panel(1, "What the war takes", "share (0–1)", 0, 1.05)
    panels.lines(1, burden, [("burden", "burden of the war", WAR, solid)])
    losses = panels.panel(2, "What it has lost, and how credible it is", "share (0–1)", 0, 1.05)
    lines: list[tuple[str, str, str, style.Dash]] = [
        ("credibility", "credibility\n(value-weighted\nmean protection)", style.PROTECTION, solid),
        ("lost_assets", "assets lost", style.RESOLVE, solid),
        ("defected_share", "clients that defected\n(successors counted)", style.PATRON_THREAT, (0, (5, 1.5))),
    ]
    panels.lines(2, losses, lines)
    attention = panels.panel(3, "Where its attention goes", "share (0–1)", 0, 1)
    attention.set_xlabel("month")
    panels.attention(3, attention)
    panels.war_path([budget, burden, losses, attention])
    return panels.page.figure
