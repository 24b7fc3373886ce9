"""Draw fan charts of an ensemble: how wide the runs spread, client by client."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from papertiger.experiments.figures import style
from papertiger.experiments.names import label, patrons_in_words
from papertiger.scenarios.schema.values import POSTURES

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from pandas import DataFrame

    from papertiger.model.ensemble.ensemble import Ensemble
    from papertiger.scenarios import Scenario

MAX_PANELS = 30
WIDE, NARROW = "#cfe3f1", "#8dbddd"
"""Colours of the middle 90 and the middle 50 per cent of the runs."""

PATRON_WORDS = {
    "budget": ("What it can spend", "index (1 = normal)"),
    "burden": ("What the war takes", "share (0–1)"),
    "lost_assets": ("Assets lost", "share (0–1)"),
    "credibility": ("Credibility: value-weighted mean protection", "share (0–1)"),
    "attention_war": ("Attention that the war takes", "share (0–1)"),
    "attention_rival_track": ("Attention to the track with the main rival", "share (0–1)"),
    "defected_share": ("Clients that defected (successors counted)", "share (0–1)"),
}


def _fan(axes: Axes, rows: DataFrame) -> None:
    """Draw mean, median and the two bands of one quantity over time."""
    places = np.arange(len(rows))
    axes.fill_between(places, rows["q05"].to_numpy(), rows["q95"].to_numpy(), color=WIDE, linewidth=0)
    axes.fill_between(places, rows["q25"].to_numpy(), rows["q75"].to_numpy(), color=NARROW, linewidth=0)
    lone = "o" if len(rows) == 1 else None
    axes.plot(places, rows["q50"].to_numpy(), color=style.CAPABILITY, linewidth=1.4, marker=lone, markersize=4)
    axes.plot(places, rows["mean"].to_numpy(), color=style.INK, linewidth=0.9, linestyle=style.DASHES[1])


def _handles() -> list[Patch | Line2D]:
    return [
        Line2D([], [], color=style.CAPABILITY, linewidth=1.4, label="median"),
        Line2D([], [], color=style.INK, linewidth=0.9, linestyle=style.DASHES[1], label="mean"),
        Patch(color=NARROW, label="middle half of the runs"),
        Patch(color=WIDE, label="nine runs in ten"),
    ]


def _origin(result: Ensemble) -> str:
    return f"{result.scenario.name} · seed {result.setting.seed} · {result.runs} runs"


def _most_spread(clients: tuple[str, ...], sizes: dict[str, float]) -> list[str]:
    """Return the clients in order; of more than fit on a page, those with the largest sizes."""
    if len(clients) <= MAX_PANELS:
        return list(clients)
    chosen = set(sorted(clients, key=lambda client: (-sizes.get(client, 0.0), client))[:MAX_PANELS])
    return [client for client in clients if client in chosen]


def _subtitle(scenario: Scenario, shown: int, total: int) -> str:
    count = f"{total} clients" if shown == total else f"the {shown} of {total} clients that moved most"
    return f"{scenario.title} — {count}"


class _Multiples:
    """Lay out a page of small panels on shared axes, one a client."""

    def __init__(
        self,
        result: Ensemble,
        clients: list[str],
        title: str,
        unit: str,
        handles: list[Patch | Line2D],
        note: str = "",
    ):
        self.scenario, self.clients, self.unit = result.scenario, clients, unit
        self.columns = min(len(clients), 5 if len(clients) > 9 else 3)
        self.left, self.gap, self.tall = 0.8, 0.16, 1.3
        self.width = 11.0 if self.columns > 3 else 10.0
        self.panel = (self.width - self.left - 0.35 - self.gap * (self.columns - 1)) / self.columns
        depth = -(-len(clients) // self.columns)
        self.top = style.HEADER + 0.6
        height = self.top + depth * (self.tall + 0.4) + 0.25 + style.FOOTER
        subtitle = _subtitle(result.scenario, len(clients), len(result.clients)) + (f" — {note}" if note else "")
        self.page = style.Page(_origin(result), title, subtitle, self.width, height)
        self.page.legend(handles, 0.35, style.HEADER + 0.04)
        middle = self.left + (self.width - self.left - 0.35) / 2
        self.page.text(middle, self.top + depth * (self.tall + 0.4) - 0.02, "month", size=style.BODY, ha="center")

    def draw(self, months: list[str], fill: Callable[[Axes, str], None]) -> Figure:
        """Let `fill` draw each panel on axes from 0 to 1."""
        for index, client in enumerate(self.clients):
            row, column = divmod(index, self.columns)
            x = self.left + column * (self.panel + self.gap)
            axes = self.page.axes(x, self.top + row * (self.tall + 0.4), self.panel, self.tall)
            fill(axes, client)
            axes.set_ylim(0, 1)
            axes.set_yticks([0, 0.5, 1])
            axes.grid(axis="y", color=style.GRID, linewidth=0.6)
            name = style.fit(label(self.scenario.clients, client), self.panel, style.BODY + 0.5)
            axes.set_title(name, loc="left", pad=3)
            style.month_axis(axes, months, labels=index + self.columns >= len(self.clients), most=4)
            axes.tick_params(axis="y", labelleft=column == 0)
            if column == 0:
                axes.set_ylabel(self.unit)
        return self.page.figure


@style.styled
def protection(result: Ensemble) -> Figure:
    """Draw for each client how its belief in protection spreads over the runs.

    Parameters
    ----------
    result
        An ensemble that kept its bands. Of more than 30 clients those whose mean moved most are drawn.

    Returns
    -------
    Figure
        One panel a client with median, mean and the bands that hold half and nine tenths of the runs.
    """
    tables = {str(client): rows for client, rows in result.bands.groupby("client", sort=False)}
    moved = {client: float(rows["mean"].max() - rows["mean"].min()) for client, rows in tables.items()}
    clients = _most_spread(result.clients, moved)
    title = f"Protection by {patrons_in_words(result.scenario)} as its clients see it, and how far the runs spread"
    agree = float((result.bands["q95"] - result.bands["q05"]).median()) < 0.005
    note = "in a replay beliefs follow from dated events, so most runs agree" if agree else ""
    view = _Multiples(result, clients, title, "probability", _handles(), note)
    months = list(tables[clients[0]]["month"])
    return view.draw(months, lambda axes, client: _fan(axes, tables[client]))


@style.styled
def postures(result: Ensemble) -> Figure:
    """Draw for each client in which share of the runs it stands on each rung.

    Parameters
    ----------
    result
        An ensemble. Of more than 30 clients those whose shares moved most are drawn.

    Returns
    -------
    Figure
        One panel a client with the shares of the rungs stacked over time; blank before the client enters.
    """
    tables = {
        str(client): rows[list(POSTURES)].to_numpy(dtype=float)
        for client, rows in result.posture_shares.groupby("client", sort=False)
    }
    moved = {client: float(np.ptp(shares, axis=0).max()) for client, shares in tables.items()}
    clients = _most_spread(result.clients, moved)
    title = f"In which share of the runs the clients of {patrons_in_words(result.scenario)} stand where"
    view = _Multiples(result, clients, title, "share of runs", list(style.posture_legend()))
    months = list(dict.fromkeys(result.posture_shares["month"]))

    def fill(axes: Axes, client: str) -> None:
        style.stacked(axes, list(tables[client].T), style.POSTURE_COLOURS, steps=False)

    return view.draw(months, fill)


@style.styled
def patron(result: Ensemble) -> Figure:
    """Draw how the patron's measures spread over the runs.

    Parameters
    ----------
    result
        An ensemble that kept its bands.

    Returns
    -------
    Figure
        One panel a measure, two in a row, with median, mean and the two bands.
    """
    tables = {str(name): rows for name, rows in result.patron_bands.groupby("measure", sort=False)}
    tall, wide, left, top = 1.35, 4.1, 0.9, style.HEADER + 0.6
    depth = -(-len(tables) // 2)
    height = top + depth * (tall + 0.5) + 0.15 + style.FOOTER
    title = f"{patrons_in_words(result.scenario)}: what it has, and how far the runs spread"
    page = style.Page(_origin(result), title, result.scenario.title, 10.0, height)
    page.legend(_handles(), 0.35, style.HEADER + 0.04)
    for index, (name, rows) in enumerate(tables.items()):
        row, column = divmod(index, 2)
        axes = page.axes(left + column * (wide + 0.65), top + row * (tall + 0.5), wide, tall)
        _fan(axes, rows)
        words, unit = PATRON_WORDS.get(name, (name.replace("_", " "), "value"))
        axes.set_title(words, loc="left", pad=4)
        high = float(rows["q95"].max())
        axes.set_ylim(0, 1 if unit.startswith("share") else 1.1 * max(high, 1.0))
        axes.set_ylabel(unit)
        axes.grid(axis="y", color=style.GRID, linewidth=0.6)
        style.month_axis(axes, list(rows["month"]), labels=index + 2 >= len(tables), most=8)
    return page.figure
