"""Draw ties over time: what the patron has of each client's arms and economy, beside the client's posture."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from matplotlib.lines import Line2D

from papertiger.experiments.figures import style
from papertiger.experiments.figures.multiples import MAX_PANELS, Columns, small_multiples, widest
from papertiger.experiments.names import patrons_in_words

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from papertiger.model.run import Run

LINES: tuple[tuple[str, str, str, style.Dash], ...] = (
    ("arms_tie", "share of arms", style.CAPABILITY, "-"),
    ("economy_tie", "share of the economy", style.RESOLVE, (0, (5, 1.5))),
)


def most_turned(run: Run, most: int) -> list[str]:
    """Return the clients in the scenario's order; of more than `most`, those whose ties moved most."""

    def span(client: str) -> float:
        rows = run.of_client(client)
        there = rows["in_network"]
        return sum(float(np.ptp(rows[name][there])) if there.any() else 0.0 for name, *_ in LINES)

    return widest(run, span, most)


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
    return small_multiples(
        run,
        f"What clients buy from and do with {patrons_in_words(run.scenario)}",
        most_turned(run, MAX_PANELS),
        "turned",
        [Line2D([], [], color=colour, linestyle=dash, label=text) for _, text, colour, dash in LINES],
        "share (0–1)",
        lambda axes, client: _curves(axes, run.of_client(client)),
    )


def _curves(axes: Axes, rows: Columns) -> None:
    """Draw the patron's shares, blank where the client is not in the network."""
    for name, _, colour, dash in LINES:
        shares = np.where(rows["in_network"], rows[name], np.nan)
        lone = "o" if len(shares) == 1 else None
        axes.plot(np.arange(len(shares)), shares, color=colour, linestyle=dash, linewidth=1.5, marker=lone)
