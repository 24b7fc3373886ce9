"""Average the rows of a sweep to what an analysis takes: one value for each design point."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from papertiger.experiments.statistics.arguments import AnalysisError, check_figure, check_rows
from papertiger.experiments.statistics.survival import restricted_times
from papertiger.scenarios.arguments import check_text
from papertiger.scenarios.errors import shorten

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

FACTOR = "x:"
"""How the columns of factors begin in a table of results."""


@dataclass(frozen=True)
class Sweep:
    """Hold a measure over a design: one row of factors and one mean over replicates for each point.

    Attributes
    ----------
    factors
        Names, length F.
    points
        Their values, P x F, in the order of the design.
    values
        Mean of the measure over the replicates, length P.
    replicates
        How many replicates each point has.
    noise
        Variance of those means that is the luck of the replicates, see `sweep`.
    """

    factors: tuple[str, ...]
    points: NDArray[np.float64]
    values: NDArray[np.float64]
    replicates: int
    noise: float

    @property
    def noise_share(self) -> float:
        """Return the share of the variance between points that is luck; more replicates make it less."""
        total = float(np.var(self.values, ddof=1)) if len(self.values) > 1 else 0.0
        return min(1.0, self.noise / total) if total > 0.0 else 0.0


def sweep(frame: pd.DataFrame, measure: str, scenario: str | None = None, *, horizon: float | None = None) -> Sweep:
    r"""Average a measure over the replicates of each design point.

    The points share their draws, replicate by replicate, so what a replicate adds to all points alike tells nothing
    about the factors and is no noise between them. What is left is the interaction of point and replicate, in a
    two-way layout without repetition :math:`\sum (y_{pr} - \bar y_p - \bar y_r + \bar y)^2 / ((P - 1)(R - 1))`
    (Scheffé 1959, *The Analysis of Variance*, section 4.2); a mean over R replicates has an R-th of it.

    Parameters
    ----------
    frame
        Rows of results with the columns ``scenario``, ``point``, ``replicate``, ``x:...`` and the measure.
    measure
        Its column.
    scenario
        Which scenario; may be left out where there is one.
    horizon
        Of a time to an event: the month up to which it is restricted, see `restricted`.

    Raises
    ------
    AnalysisError
        If points or replicates are missing, runs failed, nothing was varied, or a time has no horizon.
    """
    check_rows("frame", frame, hashed=["scenario"])
    check_text("measure", measure, "the name of a column")
    if scenario is not None:
        check_text("scenario", scenario, "the name of a scenario")
    names = factor_columns(frame, measure)
    check_rows("frame", frame, numbers=names)
    rows = _of_scenario(frame, scenario)
    check_once(rows)
    rows = restricted(rows, measure, horizon)
    table = rows.pivot(index="point", columns="replicate", values=measure).astype(float).sort_index()
    points = rows.drop_duplicates("point").set_index("point").sort_index()[names]
    factors = tuple(name.removeprefix(FACTOR) for name in names)
    check_points(table.index.to_numpy())
    return sweep_of(
        factors,
        points.to_numpy(dtype=float),
        np.array(table.to_numpy(), order="F"),
        measure,
        replicates=table.columns.to_numpy(),
    )


def sweep_of(
    factors: tuple[str, ...],
    points: NDArray[np.float64],
    values: NDArray[np.float64],
    measure: str,
    *,
    replicates: NDArray[np.int64] | None = None,
) -> Sweep:
    """Average a measure that stands in an array, points down and replicates across, as `sweep` does that of rows.

    Parameters
    ----------
    factors, points
        Names, and one row of their values for each point.
    values
        The measure. It is used up; in the order of Fortran, as a table's columns lie, or it is copied first, since
        sums are taken in that order.
    measure, replicates
        Name of the measure and numbers of the replicates, for messages.

    Raises
    ------
    AnalysisError
        If a value is missing.
    """
    values = np.asfortranarray(values, dtype=float)
    _no_holes(values, measure, np.arange(values.shape[1]) if replicates is None else replicates)
    means = values.mean(axis=1)
    return Sweep(factors, points, means, values.shape[1], _noise(values))


def check_points(present: NDArray[np.int64]) -> None:
    """Refuse results in which a design point before the last is missing.

    Parameters
    ----------
    present
        Numbers of the points that have results, in order.

    Raises
    ------
    AnalysisError
        Saying which.
    """
    expected = np.arange(int(present.max()) + 1) if len(present) else np.arange(1)
    absent = np.setdiff1d(expected, present)
    if len(absent):
        raise AnalysisError(
            f"{len(absent)} of {len(expected)} design points have no results, the first is point {absent[0]}: "
            "let the experiment finish first"
        )


def factor_columns(frame: pd.DataFrame, measure: str) -> list[str]:
    """Return the columns of the factors of rows of results that have a measure, or refuse the rows.

    Raises
    ------
    TypeError, ValueError
        If they are no rows of results, points or replicates are no whole numbers, or nothing was varied.
    """
    check_text("measure", measure, "the name of a column")
    check_rows("frame", frame, numbers=["point", "replicate"])
    if measure not in frame.columns:
        raise AnalysisError(f"there is no measure {shorten(measure)} in the results")
    check_rows("frame", frame, numbers=[measure])
    for column in ("point", "replicate"):
        if not ((frame[column] >= 0) & (frame[column] % 1 == 0)).all():
            raise AnalysisError(f"frame: expected whole numbers from 0 on in the column '{column}'")
    names = [name for name in frame.columns if isinstance(name, str) and name.startswith(FACTOR)]
    if not names:
        raise AnalysisError("nothing was varied: the results have no factors")
    return names


def check_once(rows: pd.DataFrame) -> None:
    """Refuse rows of results in which a replicate of a point comes twice."""
    if rows.duplicated(["point", "replicate"]).any():
        raise AnalysisError("a replicate of a point appears twice in the results")


def restricted(frame: pd.DataFrame, measure: str, horizon: float | None) -> pd.DataFrame:
    """Return rows of results in which a time to an event is a restricted time; other measures as they are.

    Where the event does not happen, the stored time is the month up to which the run was watched and not one at which
    anything happened, so that its mean would be that of no quantity.

    Parameters
    ----------
    frame, measure
        Rows, and a column; it is a time to an event if ``MEASURE:event`` stands beside it.
    horizon
        The month up to which every event is waited for, see
        `papertiger.experiments.statistics.survival.restricted_times`.

    Raises
    ------
    AnalysisError
        If the measure is a time and there is no horizon.
    """
    check_text("measure", measure, "the name of a column")
    check_rows("frame", frame, numbers=[measure])
    if horizon is not None:
        horizon = check_figure("horizon", horizon, 0.0)
    event = f"{measure}:event"
    if event not in frame.columns:
        return frame
    if horizon is None:
        raise AnalysisError(
            f"'{measure}' is a time to an event that may not happen ('{event}' says whether it did), and a run "
            "without it has no time: give the horizon, to analyse the restricted mean time"
        )
    return frame.assign(**{measure: restricted_times(frame[measure], frame[event], horizon)})


def _of_scenario(frame: pd.DataFrame, scenario: str | None) -> pd.DataFrame:
    present = list(frame["scenario"].unique())
    if scenario is None:
        if len(present) != 1:
            raise AnalysisError(f"name one of the scenarios {', '.join(map(str, present))}")
        return frame
    if scenario not in present:
        raise AnalysisError(
            f"there is no scenario '{scenario}' in the results; there are {', '.join(map(str, present))}"
        )
    return frame[frame["scenario"] == scenario]


def _no_holes(values: NDArray[np.float64], measure: str, replicates: NDArray[np.int64]) -> None:
    holes = np.isnan(values)
    count = int(holes.sum())
    if count:
        point = int(np.flatnonzero(holes.any(axis=1))[0])
        replicate = replicates[int(np.flatnonzero(holes[point])[0])]
        raise AnalysisError(
            f"'{measure}' is missing in {count} of {values.size} runs, the first is replicate "
            f"{replicate} of point {point}: runs that failed or are not done leave a hole in the design"
        )


def _noise(values: NDArray[np.float64]) -> float:
    """Return the variance of the points' means that is luck, and use the values up."""
    points, replicates = values.shape
    if points < 2 or replicates < 2:
        return 0.0
    of_points, of_replicates = values.mean(axis=1, keepdims=True), values.mean(axis=0, keepdims=True)
    mean = values.mean()
    # In place: of a large design there is no room for another array of this size.
    rest = values
    rest -= of_points
    rest -= of_replicates
    rest += mean
    np.multiply(rest, rest, out=rest)
    return float(rest.sum() / ((points - 1) * (replicates - 1)) / replicates)
