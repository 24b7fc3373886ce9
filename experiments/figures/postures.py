"""How many clients stand where: the share on each rung over time, in one run or on average over several."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from papertiger.experiments.figures import style
from papertiger.scenarios.schema.values import POSTURES

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from papertiger.model.run import Run


def counts(clients: pd.DataFrame) -> pd.DataFrame:
    """Count the clients of the network on each rung, month by month.

    Parameters
    ----------
    clients
        The frame `clients` of a run.

    Returns
    -------
    DataFrame
        One row a month and one column a rung.
    """
    present = clients[clients["in_network"]]
    table = pd.crosstab(present["month"], present["posture"])
    months = list(dict.fromkeys(clients["month"]))
    return table.reindex(index=months, columns=range(len(POSTURES)), fill_value=0)


@style.styled
def shares(run: Run, tables: Sequence[pd.DataFrame] | None = None) -> Figure:
    """Draw the share of clients on each rung of the ladder as a stacked area.

    Parameters
    ----------
    run
        A run, for its scenario and months.
    tables
        What `counts` returned for each of several runs, whose mean is drawn; by default `run` alone.

    Returns
    -------
    Figure
        The stacked area, with the number of clients in the subtitle.
    """
    tables = [counts(run.clients)] if tables is None else list(tables)
    months = list(tables[0].index)
    total = np.zeros(tables[0].shape)
    for table in tables:
        numbers = table.to_numpy(dtype=float)
        size = numbers.sum(axis=1, keepdims=True)
        total += np.divide(numbers, size, out=np.zeros_like(numbers), where=size > 0)
    mean = 100 * total / len(tables)

    plot, top = 3.3, style.HEADER + 0.42
    height = top + plot + 0.5 + style.FOOTER
    clients = run.clients["client"].nunique()
    one = len(tables) == 1
    over = f"{clients} clients" if one else f"{clients} clients, mean of {len(tables)} runs"
    page = style.Page(
        run, "Where the clients stand", f"{run.scenario.title} — {over}", 10.0, height, runs=len(tables)
    )
    page.legend(style.posture_legend(), 0.35, style.HEADER + 0.04)
    axes = page.axes(0.9, top, 8.75, plot)
    style.stacked(axes, list(mean.T), style.POSTURE_COLOURS, steps=one)
    style.month_axis(axes, months)
    axes.set_ylim(0, 100)
    axes.set_ylabel("share of clients (%)")
    axes.set_xlabel("month")
    return page.figure
