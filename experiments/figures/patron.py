"""The patron over time: what it has, what the war takes, what it lost, how credible it is, where it looks."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from experiments.figures import style

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from model.record import Run

PANEL, GAP, LEFT, PLOT = 1.35, 0.5, 0.9, 6.9
"""Inches: height of a panel, space between two, left edge and width."""

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


def _lines(axes: Axes, run: Run, columns: list[tuple[str, str, str, style.Dash]]) -> list[Line2D]:
    places = np.arange(len(run.patron))
    handles = []
    for column, text, colour, dash in columns:
        (line,) = axes.plot(
            places, run.patron[column], color=colour, linestyle=dash, linewidth=1.7, label=text
        )
        handles.append(line)
    return handles


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
    months = list(run.patron["month"])
    rival = run.scenario.patron.main_rival
    rivals = run.scenario.rivals
    rival_name = (
        "the main rival" if rival is None else (rivals[rival].label if rival in rivals else None) or rival
    )
    top = style.HEADER + 0.42
    height = top + 4 * PANEL + 3 * GAP + 0.5 + style.FOOTER
    page = style.Page(
        run, f"{run.scenario.patron.name}: assets and credibility", run.scenario.title, 10.0, height
    )

    def panel(number: int, title: str) -> Axes:
        axes = page.axes(LEFT, top + number * (PANEL + GAP), PLOT, PANEL)
        axes.set_title(title, loc="left", pad=4, fontweight="bold")
        axes.grid(axis="y", color=style.GRID, linewidth=0.6)
        axes.yaxis.set_label_coords(-0.055, 0.5)
        style.month_axis(axes, months, labels=number == 3)
        return axes

    def key(number: int, handles: list[Line2D] | list[Patch]) -> None:
        page.legend(handles, LEFT + PLOT + 0.15, top + number * (PANEL + GAP) + 0.05, ncols=1)

    solid: style.Dash = "-"
    dashed: style.Dash = (0, (5, 1.5))
    budget = panel(0, "What it can spend")
    key(0, _lines(budget, run, [("budget", "budget", style.GOOD, solid)]))
    budget.set_ylabel("index (1 = normal)")
    low, high = float(run.patron["budget"].min()), float(run.patron["budget"].max())
    budget.set_ylim(min(0.5, 0.9 * low), max(1.2, 1.05 * high))

    burden = panel(1, "What the war takes")
    key(1, _lines(burden, run, [("burden", "burden of the war", WAR, solid)]))
    burden.set_ylabel("share (0–1)")
    burden.set_ylim(0, 1.05)

    losses = panel(2, "What it has lost, and how credible it is")
    lines: list[tuple[str, str, str, style.Dash]] = [
        ("credibility", "credibility\n(value-weighted\nmean protection)", style.PROTECTION, solid),
        ("lost_assets", "assets lost", style.RESOLVE, solid),
        ("defected_share", "clients that defected", style.PATRON_THREAT, dashed),
    ]
    key(2, _lines(losses, run, lines))
    losses.set_ylabel("share (0–1)")
    losses.set_ylim(0, 1.05)

    attention = panel(3, "Where its attention goes")
    war = run.patron["attention_war"].to_numpy(dtype=float)
    track = run.patron["attention_rival_track"].to_numpy(dtype=float)
    parts = [("all clients together", CLIENTS), (f"track with {rival_name}", TRACK), ("the war", WAR)]
    clients = np.clip(1 - war - track, 0, 1)
    style.stacked(attention, [war, track, clients], [WAR, TRACK, CLIENTS], steps=False)
    attention.set_ylabel("share (0–1)")
    attention.set_ylim(0, 1)
    attention.set_xlabel("month")
    room = page.width - LEFT - PLOT - 0.75
    key(3, [Patch(color=colour, label=page.fit(text, room, style.BODY)) for text, colour in parts])

    where, assumed = _war_path(run, months)
    if where is not None:
        for number, axes in enumerate((budget, burden, losses, attention)):
            axes.axvline(where - 0.5, color=style.INK, linewidth=0.8, linestyle=(0, (2, 2)))
            if number == 1:
                x = LEFT + PLOT * where / len(months)
                text = f"from {months[where]} {assumed}"
                right = x + page.text_width(text, style.SMALL) > page.width - 0.4
                page.text(
                    LEFT + PLOT if right else x,
                    top + PANEL + GAP - 0.16,
                    text,
                    size=style.SMALL,
                    ha="right" if right else "left",
                )
    return page.figure
