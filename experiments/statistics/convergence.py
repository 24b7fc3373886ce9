"""Tell whether there is enough: whether the result still moves with more replicates, or more points."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from papertiger.experiments.statistics.arguments import (
    AnalysisError,
    check_factors,
    check_figure,
    check_level,
    check_numbers,
)
from papertiger.experiments.statistics.intervals import LEVEL, MAX_COUNT, ROUNDING, normal_quantile
from papertiger.experiments.statistics.sensitivity import block_size, sobol
from papertiger.model.randomness import check_whole
from papertiger.scenarios.arguments import check_truth

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import ArrayLike, NDArray

ROWS = 200
LARGE = 10**9
"""Replicates from which on Student's quantile is the normal one."""
MAX_NEEDED = 10**18
"""Stands for every larger number of replicates: nobody could run them."""


@dataclass(frozen=True)
class Precision:
    """Tell whether there are enough replicates for a tolerance.

    Attributes
    ----------
    enough
        Whether half the interval is within the tolerance.
    needed
        How many replicates it takes, judged by the variance seen so far; at most `MAX_NEEDED`.
    n
        How many there are.
    half_width
        Half of the interval that they give.
    tolerance
        What was asked for.
    spread
        Whether the values differ at all; where they do not, `needed` is what the sample itself cannot tell.
    """

    enough: bool
    needed: int
    n: int
    half_width: float
    tolerance: float
    spread: bool


def running_interval(values: ArrayLike, *, level: float = LEVEL, rows: int = ROWS) -> pd.DataFrame:
    r"""Follow a mean and its interval as replicates come in.

    The interval is Student's, :math:`\bar x_n \pm t_{n-1} s_n / \sqrt n`. Of values that are all 0 or 1 it is that of
    Agresti & Coull (1998, *The American Statistician* 52:119), which does not shrink to a point as long as all runs
    agree.

    Parameters
    ----------
    values
        One value per replicate, in the order of the replicates; for a comparison, the paired differences. Missing
        ones are left out.
    level
        Coverage of the interval.
    rows
        At most so many rows, equally spaced; the last replicate is always among them.

    Returns
    -------
    pandas.DataFrame
        ``n``, ``mean``, ``low``, ``high``; the last two are blank as long as all values are the same.
    """
    level, rows = check_level(level), check_whole("rows", rows, 2, MAX_COUNT)
    given = _present(values)
    n = np.unique(np.linspace(2, len(given), min(rows, len(given) - 1)).astype(int))
    mean, low, high = _intervals(given, n, level)
    return pd.DataFrame({"n": n, "mean": mean, "low": low, "high": high})


def enough(values: ArrayLike, tolerance: float, *, level: float = LEVEL) -> Precision:
    r"""Tell whether the mean is known to a tolerance, and else how many replicates it takes.

    :math:`n \ge (t_{n-1} s / \epsilon)^2`, the rule of sample size for a given half width with the variance estimated
    from the runs at hand (Law 2015, *Simulation Modeling and Analysis*, 5th ed., section 9.4.1); for shares the same
    rule solved for the interval of Agresti & Coull.

    Parameters
    ----------
    values
        One value per replicate; for a comparison, the paired differences. Missing ones are left out.
    tolerance
        Largest half width of the interval, in units of the values.
    level
        Coverage of the interval.

    Returns
    -------
    Precision
        Whether there are enough, and how many are needed.
    """
    level, tolerance = check_level(level), check_figure("tolerance", tolerance)
    if not tolerance > 0.0:
        raise ValueError(f"tolerance: expected a tolerance above 0, got {tolerance:g}")
    given = _present(values)
    n = len(given)
    if _is_share(given):
        z = normal_quantile(level)
        share = (given.sum() + z * z / 2.0) / (n + z * z)
        half = z * math.sqrt(share * (1.0 - share) / (n + z * z))
        variance, square = z * z * share * (1.0 - share), tolerance * tolerance
        needed = MAX_NEEDED if variance >= MAX_NEEDED * square else math.ceil(variance / square - z * z)
    else:
        spread = float(np.std(given, ddof=1)) if np.ptp(given) > 0.0 else 0.0
        half = float(_student(n - 1, level)) * spread / math.sqrt(n)
        needed = _needed(spread, tolerance, level)
    return Precision(half <= tolerance, max(2, needed), n, half, tolerance, bool(np.ptp(given) > 0.0))


def indices_by_size(
    factors: Sequence[str],
    values: ArrayLike,
    *,
    second_order: bool = False,
    seed: int = 1,
    level: float = LEVEL,
) -> pd.DataFrame:
    """Follow Sobol indices as the design grows.

    The first blocks of a Sobol design are a smaller design, balanced where their number is a power of two; indices
    that still move between the last sizes by more than their intervals are not to be trusted (Sarrazin, Pianosi &
    Wagener 2016, *Environmental Modelling & Software* 79:135).

    Parameters
    ----------
    factors, values, second_order, seed, level
        As for `papertiger.experiments.statistics.sensitivity.sobol`.

    Returns
    -------
    pandas.DataFrame
        ``n`` (points), and the columns of `papertiger.experiments.statistics.sensitivity.sobol`; for 16, 32, 64 …
        blocks and all of them.
    """
    factors, second_order = check_factors(factors), check_truth("second_order", second_order)
    given = check_numbers("values", values, "one value for each point", missing=True, infinite=True)
    block = block_size(len(factors), second_order)
    blocks = len(given) // block
    sizes = [size for power in range(4, 40) if (size := 2**power) < blocks]
    frames = []
    for size in [*sizes, blocks]:
        # A small part of the design may not vary yet, which says nothing about the whole.
        part = given[: size * block]
        if size < blocks and np.isfinite(part).all() and np.ptp(part) == 0.0:
            continue
        whole = given if size == blocks else part
        indices = sobol(factors, whole, second_order=second_order, seed=seed, level=level)
        indices.insert(0, "n", len(whole))
        frames.append(indices)
    return pd.concat(frames, ignore_index=True)


def _present(values: ArrayLike) -> NDArray[np.float64]:
    given = check_numbers("values", values, "one value for each replicate", missing=True)
    given = given[~np.isnan(given)]
    if len(given) < 2:
        raise AnalysisError(f"expected at least 2 replicates, got {len(given)}: chance cannot be told from one")
    return given


def _is_share(values: NDArray[np.float64]) -> bool:
    return bool(np.isin(values, (0.0, 1.0)).all())


def _student(freedom: ArrayLike, level: float) -> NDArray[np.float64]:
    from scipy.special import stdtrit  # noqa: PLC0415 - slow to import

    return np.asarray(stdtrit(np.asarray(freedom, dtype=float), (1.0 + level) / 2.0), dtype=float)


def _intervals(
    values: NDArray[np.float64], n: NDArray[np.int64], level: float
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    sums = np.cumsum(values)[n - 1]
    mean = sums / n
    if _is_share(values):
        z = normal_quantile(level)
        centre = (sums + z * z / 2.0) / (n + z * z)
        half = z * np.sqrt(centre * (1.0 - centre) / (n + z * z))
        return mean, np.maximum(centre - half, 0.0), np.minimum(centre + half, 1.0)
    # Around the first value, so that a small variance beside a large mean is not lost in rounding.
    away = values - values[0]
    squares = np.cumsum(away**2)[n - 1] - np.cumsum(away)[n - 1] ** 2 / n
    half = _student(n - 1, level) * np.sqrt(np.maximum(squares, 0.0) / (n - 1) / n)
    # As long as all come to the same there is no spread, from which Student's interval would have no width.
    reach = np.maximum.accumulate(np.abs(away))[n - 1]
    half[reach <= ROUNDING * np.maximum.accumulate(np.abs(values))[n - 1]] = np.nan
    return mean, mean - half, mean + half


def _needed(spread: float, tolerance: float, level: float) -> int:
    if spread == 0.0:
        return 2
    reach = normal_quantile(level) * spread
    if reach >= MAX_NEEDED**0.5 * tolerance:
        return MAX_NEEDED
    needed = max(2, math.ceil((reach / tolerance) ** 2))
    # Student's quantile asks for a few more than the normal one, which is where the search starts.
    while needed < LARGE and float(_student(needed - 1, level)) * spread / math.sqrt(needed) > tolerance:
        needed += 1
    return needed
