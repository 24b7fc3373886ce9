"""Draw ties over time: what the patron has of each client's arms and economy, beside the client's posture."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from matplotlib.lines import Line2D

from papertiger.experiments.figures import style
from papertiger.experiments.figures.beliefs import MAX_PANELS
from papertiger.experiments.names import label

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from numpy.typing import NDArray

    from papertiger.model.run import Run

LINES: tuple[tuple[str, str, str, style.Dash], ...] = (
    ("arms_tie", "share of arms", style.CAPABILITY, "-"),
    ("economy_tie", "share of the economy", style.RESOLVE, (0, (5, 1.5))),
)


def most_turned(run: Run, most: int) -> list[str]:
    """Return the clients in the scenario's order; of more than `most`, those whose ties moved most."""
    clients = [client.name for client in run.setting.clients]
    if len(clients) <= most:
        return clients

    def span(client: str) -> float:
        rows = run.of_client(client)
        there = rows["in_network"]
        return sum(float(np.ptp(rows[name][there])) if there.any() else 0.0 for name, *_ in LINES)

    turned = sorted(clients, key=lambda client: (-span(client), client))[:most]
    return [client for client in clients if client in set(turned)]


@style.styled
def overview(run: Run) -> Figure:
    """Draw the patron's shares of all clients as small multiples on shared axes, each with its posture as a band.

    Parameters
    ----------
    run
        A finished run. Of more than 30 clients those whose ties moved most are drawn.

    Returns
    -------
    Figure
        One panel for each client.
    """
    clients = most_turned(run, MAX_PANELS)
    total = len(run.setting.clients)
    columns = min(len(clients), 5 if len(clients) > 9 else 3)
    depth = -(-len(clients) // columns)
    left, gap, panel_height = 0.75, 0.16, 1.45
    width = 11.0 if columns > 3 else 10.0
    panel = (width - left - 0.35 - gap * (columns - 1)) / columns
    top = style.HEADER + 0.85
    step = panel_height + 0.42
    height = top + depth * step + 0.25 + style.FOOTER
    count = f"{total} clients" if total == len(clients) else f"the {len(clients)} of {total} clients that turned most"
    patron = run.scenario.patron.name
    page = style.Page(
        run, f"What clients buy from and do with {patron}", f"{run.scenario.title} — {count}", width, height
    )
    handles = [Line2D([], [], color=colour, linestyle=dash, label=text) for _, text, colour, dash in LINES]
    page.legend(handles, 0.35, style.HEADER + 0.04)
    page.legend(style.posture_legend(), 0.35, style.HEADER + 0.29)
    for index, client in enumerate(clients):
        row, column = divmod(index, columns)
        rows = run.of_client(client)
        months = rows["month"].tolist()
        x, y = left + column * (panel + gap), top + row * step
        axes = page.axes(x, y, panel, panel_height - 0.14)
        _curves(axes, rows)
        axes.set_title(style.fit(label(run.scenario.clients, client), panel, style.BODY + 0.5), loc="left", pad=3)
        style.month_axis(axes, months, labels=False, most=4)
        axes.tick_params(axis="x", length=0)
        axes.tick_params(axis="y", labelleft=column == 0)
        band = page.axes(x, y + panel_height - 0.13, panel, 0.12)
        there = zip(rows["posture"], rows["in_network"], strict=True)
        style.posture_band(band, [int(posture) if present else None for posture, present in there])
        style.month_axis(band, months, labels=index + columns >= len(clients), most=4)
        band.set_yticks([])
        if column == 0:
            axes.set_ylabel("share (0–1)")
    page.text(left + (width - left - 0.35) / 2, top + depth * step - 0.02, "month", size=style.BODY, ha="center")
    return page.figure


def _curves(axes: Axes, rows: dict[str, NDArray[Any]]) -> None:
    """Draw the patron's shares, blank where the client is not in the network."""
    for name, _, colour, dash in LINES:
        shares = np.where(rows["in_network"], rows[name], np.nan)
        lone = "o" if len(shares) == 1 else None
        axes.plot(np.arange(len(shares)), shares, color=colour, linestyle=dash, linewidth=1.5, marker=lone)
    axes.set_ylim(0, 1)
    axes.set_yticks([0, 0.5, 1])
    axes.grid(axis="y", color=style.GRID, linewidth=0.6)
