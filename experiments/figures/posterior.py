"""Draw what a calibration learned: prior and posterior of each parameter, and the nested models' evidence."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from papertiger.experiments.figures import style

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from matplotlib.figure import Figure
    from numpy.typing import NDArray
    from pandas import DataFrame

WIDTH, PANEL, GAP, LEFT = 10.0, 1.55, 0.62, 0.55
COLUMNS = 3
BINS = 28
PRIOR = "#d5d5d5"


@dataclass(frozen=True)
class Learned:
    """Hold weighted points of one model.

    Attributes
    ----------
    title
        What the legend calls the model.
    values
        By name of the parameter, one per point.
    weight
        One per point; they sum to 1.
    """

    title: str
    values: Mapping[str, NDArray[np.float64]]
    weight: NDArray[np.float64]


@style.styled
def posteriors(
    models: Sequence[Learned], labels: Mapping[str, str], title: str, subtitle: str, origin: str
) -> Figure:
    """Draw the prior of each parameter, and what the data made of it under some models.

    Parameters
    ----------
    models
        The last one, the fullest, is drawn filled; at most four.
    labels
        What each parameter is called, in the order in which they are drawn.
    title, subtitle, origin
        The words at the top, and where the numbers come from.
    """
    rows = -(-len(labels) // COLUMNS)
    top = style.HEADER + 0.42
    page = style.Page(origin, title, subtitle, WIDTH, top + rows * (PANEL + GAP) + style.FOOTER)
    colours = [*style.SERIES[1 : len(models)], style.SERIES[0]]
    handles: list[Any] = [Patch(color=PRIOR, label="prior")]
    for number, model in enumerate(models):
        dash = style.DASHES[number % len(style.DASHES)]
        last = number == len(models) - 1
        line = Line2D([], [], color=colours[number], linestyle="-" if last else dash, label=model.title)
        handles.append(Patch(color=colours[number], alpha=0.55, label=model.title) if last else line)
    page.legend(handles, 0.35, style.HEADER + 0.04)
    width = (WIDTH - LEFT - 0.35 - (COLUMNS - 1) * 0.35) / COLUMNS
    for number, (name, label) in enumerate(labels.items()):
        row, column = divmod(number, COLUMNS)
        axes = page.axes(LEFT + column * (width + 0.35), top + row * (PANEL + GAP), width, PANEL)
        _panel(axes, models, name, colours)
        axes.set_title(style.fit(label, width, style.BODY), loc="left", fontsize=style.BODY)
    return page.figure


def _panel(axes: Any, models: Sequence[Learned], name: str, colours: Sequence[str]) -> None:
    full = models[-1].values[name]
    edges = np.linspace(full.min(), full.max(), BINS + 1)
    even = np.full(len(full), 1.0 / len(full))
    height, _ = np.histogram(full, edges, weights=even)
    axes.stairs(height, edges, fill=True, color=PRIOR)
    for number, model in enumerate(models):
        if name not in model.values:
            continue
        height, _ = np.histogram(model.values[name], edges, weights=model.weight)
        if number == len(models) - 1:
            axes.stairs(height, edges, fill=True, color=colours[number], alpha=0.55)
        else:
            dash = style.DASHES[number % len(style.DASHES)]
            axes.stairs(height, edges, color=colours[number], linestyle=dash, linewidth=1.2)
    axes.set_xlim(edges[0], edges[-1])
    axes.set_ylim(bottom=0)
    axes.set_yticks([])
    axes.spines["left"].set_visible(False)


@style.styled
def evidences(rows: DataFrame, title: str, subtitle: str, origin: str) -> Figure:
    """Draw the evidence of nested models, and how well each foretells clients it was not learned from.

    Parameters
    ----------
    rows
        ``model``, ``title``, ``log_evidence``, ``error``, ``log_left_out``, in nats.
    title, subtitle, origin
        The words at the top, and where the numbers come from.
    """
    step, top, left = 0.5, style.HEADER + 0.42, 2.1
    page = style.Page(origin, title, subtitle, WIDTH, top + step * len(rows) + 0.55 + style.FOOTER)
    page.legend(
        [
            Patch(color=style.SERIES[0], label="evidence: all clients, parameters averaged over their priors"),
            Patch(color=style.SERIES[2], label="each client foretold from all others"),
        ],
        0.35,
        style.HEADER + 0.04,
    )
    axes = page.axes(left, top, WIDTH - left - 0.6, step * len(rows))
    places = np.arange(len(rows))
    for column, colour, shift in (("log_evidence", style.SERIES[0], -0.19), ("log_left_out", style.SERIES[2], 0.19)):
        values = rows[column].to_numpy(dtype=float)
        axes.barh(places + shift, values, height=0.36, color=colour, linewidth=0)
        for place, value in zip(places + shift, values, strict=True):
            axes.text(value - 0.1, place, f"{value:.1f}", va="center", ha="right", fontsize=style.SMALL)
    axes.set_yticks(places, [f"{row.model}  {row.title}" for row in rows.itertuples()])
    axes.set_ylim(len(rows) - 0.5, -0.5)
    axes.tick_params(axis="y", length=0)
    axes.set_xlim(min(rows["log_evidence"].min(), rows["log_left_out"].min()) * 1.12, 0)
    axes.set_xlabel("log-likelihood of the training span (nats; nearer to 0 is better)")
    axes.grid(axis="x", color=style.GRID, linewidth=0.6)
    return page.figure
