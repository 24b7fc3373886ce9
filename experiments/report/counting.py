"""Read an experiment part by part for its analyses, so that no table of all its rows is ever in memory."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, NamedTuple, cast

import numpy as np

from papertiger.experiments.statistics.arguments import AnalysisError
from papertiger.experiments.statistics.survival import restricted_times
from papertiger.experiments.statistics.sweep import Sweep, check_points, sweep_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from papertiger.experiments.run.results import Results


class TimeCounts(NamedTuple):
    """Say of the runs of a scenario how often each time, event and destination came.

    Attributes
    ----------
    time, event
        What the rows hold, each pair of them (and of a destination) once.
    goal
        Destinations, blank where none is asked for or known.
    runs
        How many runs there are of each.
    """

    time: NDArray[np.float64]
    event: NDArray[np.float64]
    goal: NDArray[np.object_]
    runs: NDArray[np.float64]


def count_times(results: Results, measure: str, destination: str | None = None) -> dict[str, TimeCounts]:
    """Return how often each time of a measure came, by scenario; runs that have no time are left out.

    Parameters
    ----------
    results
        An opened folder of results.
    measure
        A time to an event.
    destination
        The measure that says where a client went; blank asks for none.
    """
    event = f"{measure}:event"
    totals: dict[str, Counter[tuple[float, float, str]]] = {name: Counter() for name in results.experiment.labels}
    columns = ["scenario", measure, event, *([] if destination is None else [destination])]
    for rows in results.batches(columns):
        known = rows[rows[measure].notna() & rows[event].notna()]
        goal = "" if destination is None else known[destination].fillna("").astype(str)
        keyed = known.assign(**{measure: known[measure].astype(float), event: known[event].astype(float), "": goal})
        sizes = keyed.groupby(["scenario", measure, event, ""], sort=False, observed=True).size()
        for key, size in sizes.items():
            scenario, *rest = cast("tuple[str, float, float, str]", key)
            totals[str(scenario)][cast("tuple[float, float, str]", tuple(rest))] += int(size)
    return {scenario: _sorted(total) for scenario, total in totals.items()}


def _sorted(total: Counter[tuple[float, float, str]]) -> TimeCounts:
    keys = sorted(total)
    return TimeCounts(
        np.array([key[0] for key in keys], dtype=float),
        np.array([key[1] for key in keys], dtype=float),
        np.array([key[2] for key in keys], dtype=object),
        np.array([total[key] for key in keys], dtype=float),
    )


def stream_sweep(results: Results, measure: str, scenario: str, *, horizon: float | None = None) -> Sweep:
    """Average a measure over the replicates of each design point; equal to `sweep` of all rows, to the last bit.

    One array of the measure is held.

    Parameters
    ----------
    results
        An opened folder of results.
    measure, scenario
        A column of numbers, and a label.
    horizon
        Of a time to an event: the month up to which it is restricted.

    Raises
    ------
    AnalysisError
        If nothing was varied, or runs are missing.
    """
    names = results.points.names
    if not names:
        raise AnalysisError("nothing was varied: the results have no factors")
    size = results.manifest.points, results.manifest.replicates
    values = np.full(size, np.nan, order="F")
    points, replicates = (np.zeros(length, dtype=bool) for length in size)
    columns = ["scenario", "point", "replicate", measure, *([] if horizon is None else [f"{measure}:event"])]
    for rows in results.batches(columns):
        mine = rows[rows["scenario"] == scenario]
        here = mine[measure].to_numpy(dtype=float, na_value=np.nan)
        if horizon is not None:
            here = restricted_times(here, mine[f"{measure}:event"].to_numpy(dtype=float, na_value=np.nan), horizon)
        point, replicate = mine["point"].to_numpy(), mine["replicate"].to_numpy()
        values[point, replicate] = here
        points[point] = replicates[replicate] = True
    if not points.any():
        raise AnalysisError(f"there is no scenario '{scenario}' in the results")
    present = np.flatnonzero(points)
    check_points(present)
    if not replicates.all():
        values = values[:, replicates]
    return sweep_of(
        names, results.points.values[: len(present)], values[: len(present)], measure,
        replicates=np.flatnonzero(replicates),
    )  # fmt: skip
