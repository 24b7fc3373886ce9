"""Draw ranks of true values in posteriors of simulated histories: flat if posteriors mean what they say."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from papertiger.experiments.figures import style

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from matplotlib.figure import Figure

    from papertiger.experiments.history.calibrate.sbc import Ranks

WIDTH, PANEL, GAP, LEFT, BETWEEN = 10.0, 1.0, 0.62, 0.95, 0.3
BARS = "#8fbde0"
EDGE = (0, (2.0, 1.6))
PER_BIN, FEWEST, MOST = 15, 5, 20
"""Histories that a bar should hold on average, and bounds of the number of bars."""
SURE = 0.99


@style.styled
def ranks(models: Sequence[Ranks], labels: Mapping[str, str], title: str, subtitle: str, origin: str) -> Figure:
    """Draw the histogram of ranks of each parameter, one row of panels a model.

    Parameters
    ----------
    models
        What `papertiger.experiments.history.calibrate.sbc.simulated_ranks` gave.
    labels
        What parameters are called; one that is not here keeps its own name.
    title, subtitle, origin
        The words at the top, and where the numbers come from.
    """
    top = style.HEADER + 0.68
    height = top + len(models) * (PANEL + GAP) - 0.1 + style.FOOTER
    page = style.Page(origin, title, subtitle, WIDTH, height)
    page.legend(
        [
            Patch(facecolor=BARS, edgecolor="none", label="simulated histories"),
            Line2D(
                [], [], color=style.INK, linewidth=0.8, linestyle=EDGE, label=f"where {SURE:.0%} of bars should end"
            ),
            Line2D([], [], color=style.INK, linewidth=0.8, label="their mean; p: of the test that they are flat"),
        ],
        0.35,
        style.HEADER + 0.04,
    )
    used = {path.partition(".")[2]: path for model in models for path in model.paths}
    names = [used[name] for name in dict.fromkeys((*labels, *used)) if name in used]
    columns = len(names)
    width = (WIDTH - LEFT - 0.35 - (columns - 1) * BETWEEN) / columns
    for row, model in enumerate(models):
        above = top + row * (PANEL + GAP)
        uniform = model.uniformity()
        for path in model.paths:
            axes = page.axes(LEFT + names.index(path) * (width + BETWEEN), above, width, PANEL)
            _panel(axes, model, model.paths.index(path))
            name = path.partition(".")[2]
            label = style.fit(labels.get(name, name), width, style.BODY)
            axes.text(0.0, 1.19, label, transform=axes.transAxes, fontsize=style.BODY)
            p = uniform[path]
            said = f"p = {p:.2f}" if p >= 0.005 else "p < 0.01"
            axes.text(0.0, 1.04, said, transform=axes.transAxes, fontsize=style.SMALL, color=style.OTHER)
            if row == len(models) - 1:
                axes.set_xlabel("share below the true value", fontsize=style.SMALL)
        page.figure.text(
            0.35 / WIDTH,
            1.0 - (above + PANEL / 2) / height,
            model.model,
            fontsize=style.BODY,
            weight="bold",
            va="center",
        )
    return page.figure


def _panel(axes: Any, model: Ranks, column: int) -> None:
    from scipy.stats import binom  # noqa: PLC0415 - slow to import

    count = len(model.rank)
    bins = int(np.clip(count // PER_BIN, FEWEST, MOST))
    edges = np.linspace(0.0, 1.0, bins + 1)
    height, _ = np.histogram(model.rank[:, column], edges)
    low, high = binom(count, 1.0 / bins).ppf([(1 - SURE) / 2, (1 + SURE) / 2])
    axes.stairs(height, edges, fill=True, color=BARS)
    for edge in (low, high):
        axes.axhline(edge, color=style.INK, linewidth=0.8, linestyle=EDGE)
    axes.axhline(count / bins, color=style.INK, linewidth=0.8)
    axes.set_xlim(0.0, 1.0)
    axes.set_ylim(0.0, max(float(height.max()), high) * 1.1)
    axes.set_xticks([0.0, 0.5, 1.0], ["0", "½", "1"])
    axes.tick_params(labelsize=style.SMALL)
