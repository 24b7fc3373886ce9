"""Draw how many clients stand where: the share on each rung over time, in one run or on average over several."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from papertiger.experiments.figures import style
from papertiger.scenarios.schema.values import POSTURES

if TYPE_CHECKING:
    from matplotlib.figure import Figure
    from numpy.typing import NDArray

    from papertiger.model.run import Run


def counts(run: Run) -> NDArray[np.int64]:
    """Count the clients of the network on each rung, month by month.

    Parameters
    ----------
    run
        A run.

    Returns
    -------
    ndarray
        T x 5: one row a month and one column a rung.
    """
    table = np.zeros((run.months_run, len(POSTURES)), dtype=np.int64)
    for client in run.setting.clients:
        rows = run.of_client(client.name)
        table[np.arange(len(table)), rows["posture"]] += rows["in_network"]
    return table


@style.styled
def shares(run: Run, tables: Sequence[NDArray[np.int64]] | None = None) -> Figure:
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
    tables = [counts(run)] if tables is None else list(tables)
    months = list(run.setting.months[: run.months_run])
    total = np.zeros(tables[0].shape)
    for table in tables:
        numbers = table.astype(float)
        size = numbers.sum(axis=1, keepdims=True)
        total += np.divide(numbers, size, out=np.zeros_like(numbers), where=size > 0)
    mean = 100 * total / len(tables)

    plot, top = 3.3, style.HEADER + 0.42
    height = top + plot + 0.5 + style.FOOTER
    clients = len(run.setting.clients)
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
