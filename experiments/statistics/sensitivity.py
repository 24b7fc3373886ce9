"""Compute which factors matter: variance-based indices, elementary effects, and plain main effects."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from papertiger.experiments.statistics.arguments import (
    AnalysisError,
    check_factors,
    check_level,
    check_numbers,
    check_resamples,
    check_rows,
)
from papertiger.experiments.statistics.intervals import LEVEL
from papertiger.experiments.statistics.paired import PairedDifference, paired_difference
from papertiger.experiments.statistics.sweep import FACTOR, check_once, factor_columns, restricted
from papertiger.model.randomness import check_seed, check_whole
from papertiger.scenarios.arguments import check_truth

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import ArrayLike, NDArray

RESAMPLES = 200
MAX_FACTORS = 1_000_000
MAX_LEVELS = 1_000_000
MAX_POINT = 2**63 - 1
EFFECT = ("mean", "effect", "low", "high", "alike")
"""Columns of an effect, the last three as in `papertiger.experiments.statistics.paired.PairedDifference`."""


def sobol(
    factors: Sequence[str],
    values: ArrayLike,
    *,
    second_order: bool = False,
    seed: int = 1,
    resamples: int = RESAMPLES,
    level: float = LEVEL,
) -> pd.DataFrame:
    """Split the variance of a measure among the factors.

    ``S1`` is the share of variance that goes when one factor is fixed (first order, estimator of Saltelli et al.
    2010, *Computer Physics Communications* 181:259, table 2 b), ``ST`` the share that stays when all others are fixed
    (total, estimator of Jansen 1999, *Computer Physics Communications* 117:35). The intervals are the index plus and
    minus ``..._conf``, a normal quantile times the standard deviation over bootstrap samples. Computed by SALib.

    An estimate may fall a little below 0 or above 1; where its interval does not reach back, the sample is too
    small. See `papertiger.experiments.statistics.convergence.indices_by_size`.

    Parameters
    ----------
    factors
        Names in the order of the design's columns.
    values
        The measure at the points of a Sobol design in its order, as `SALib.sample.sobol` makes it: N blocks of
        F + 2 points, or of 2 F + 2 with `second_order`.
    second_order
        Whether the design was made for second-order indices.
    seed, resamples, level
        Key, number and coverage of the bootstrap.

    Returns
    -------
    pandas.DataFrame
        ``factor``, ``S1``, ``S1_conf``, ``ST``, ``ST_conf``, in the order of the factors.

    Raises
    ------
    AnalysisError
        If a value is missing, the number of values does not fit the design, or all are the same.
    """
    factors = check_factors(factors)
    indices = _sobol(factors, values, check_truth("second_order", second_order), seed, resamples, level)
    columns = {name: np.asarray(indices[name], dtype=float) for name in ("S1", "S1_conf", "ST", "ST_conf")}
    return pd.DataFrame({"factor": list(factors), **columns})


def sobol_pairs(
    factors: Sequence[str],
    values: ArrayLike,
    *,
    seed: int = 1,
    resamples: int = RESAMPLES,
    level: float = LEVEL,
) -> pd.DataFrame:
    """Give the share of variance that each pair of factors has beyond their two first-order shares.

    Estimator of Saltelli 2002, *Computer Physics Communications* 145:280; arguments as for `sobol` with
    ``second_order=True``.

    Returns
    -------
    pandas.DataFrame
        ``factor``, ``other``, ``S2``, ``S2_conf``; one row per pair.
    """
    factors = check_factors(factors)
    indices = _sobol(factors, values, True, seed, resamples, level)
    names = np.asarray(factors, dtype=object)
    first, second = np.triu_indices(len(factors), 1)
    return pd.DataFrame(
        {
            "factor": names[first],
            "other": names[second],
            "S2": np.asarray(indices["S2"])[first, second],
            "S2_conf": np.asarray(indices["S2_conf"])[first, second],
        }
    )


def block_size(factors: int, second_order: bool) -> int:
    """Return how many points of a Sobol design belong together."""
    number = check_whole("factors", factors, 1, MAX_FACTORS)
    return 2 * number + 2 if check_truth("second_order", second_order) else number + 2


def _sobol(
    factors: Sequence[str], values: ArrayLike, second_order: bool, seed: int, resamples: int, level: float
) -> Any:
    from SALib.analyze import sobol as salib  # noqa: PLC0415 - slow to import

    seed, resamples, level = check_seed(seed), check_resamples(resamples), check_level(level)
    given = _values(values)
    block = block_size(len(factors), second_order)
    if len(given) % block or len(given) < 2 * block:
        raise AnalysisError(
            f"{len(given)} points are no Sobol design of {len(factors)} factors: expected a multiple of {block}, "
            f"at least {2 * block}"
        )
    # SALib takes seed 0 for no seed.
    return salib.analyze(
        _problem(factors),
        given,
        calc_second_order=second_order,
        num_resamples=resamples,
        conf_level=level,
        seed=seed + 1,
    )


def morris(
    factors: Sequence[str],
    points: ArrayLike,
    values: ArrayLike,
    *,
    levels: int = 4,
    seed: int = 1,
    resamples: int = RESAMPLES,
    level: float = LEVEL,
) -> pd.DataFrame:
    """Screen the factors by their elementary effects.

    An elementary effect is what one step of one factor changes, divided by the step as a share of its range (Morris
    1991, *Technometrics* 33:161). ``mu`` is their mean, ``sigma`` their standard deviation, which is large where the
    factor interacts or bends, and ``mu_star`` the mean of their sizes (Campolongo, Cariboni & Saltelli 2007,
    *Environmental Modelling & Software* 22:1509), with an interval of plus and minus ``mu_star_conf``. Computed by
    SALib.

    Parameters
    ----------
    factors
        Names, in the order of the columns of `points`.
    points
        P x F; trajectories one after the other, each of F + 1 points of which neighbours differ in one factor.
    values
        The measure at the points.
    levels
        Number of levels of the design's grid.
    seed, resamples, level
        Key, number and coverage of the bootstrap.

    Returns
    -------
    pandas.DataFrame
        ``factor``, ``mu``, ``mu_star``, ``mu_star_conf``, ``sigma``, in the order of the factors.
    """
    from SALib.analyze import morris as salib  # noqa: PLC0415 - slow to import

    factors = check_factors(factors)
    levels = check_whole("levels", levels, 2, MAX_LEVELS)
    seed, resamples, level = check_seed(seed), check_resamples(resamples), check_level(level)
    given = _values(values)
    places = check_numbers("points", points, "one row for each point", axes=2)
    size = len(factors) + 1
    if places.shape != (len(given), len(factors)):
        raise AnalysisError(f"expected {len(given)} points of {len(factors)} factors, got shape {places.shape}")
    if len(given) % size or len(given) < 2 * size:
        raise AnalysisError(
            f"{len(given)} points are no Morris design of {len(factors)} factors: expected a multiple of {size}, "
            f"at least {2 * size}"
        )
    steps = np.diff(places.reshape(-1, size, len(factors)), axis=1) != 0.0
    if not ((steps.sum(axis=2) == 1).all() and (steps.sum(axis=1) == 1).all()):
        raise AnalysisError("the points are no Morris design: each step of a trajectory moves one factor, each once")
    effects = salib.analyze(
        _problem(factors), places, given, num_resamples=resamples, conf_level=level, num_levels=levels, seed=seed
    )
    names = ("mu", "mu_star", "mu_star_conf", "sigma")
    return pd.DataFrame({"factor": list(factors), **{name: np.asarray(effects[name], dtype=float) for name in names}})


def one_at_a_time(
    frame: pd.DataFrame,
    measure: str,
    *,
    base: int = 0,
    seed: int = 1,
    level: float = LEVEL,
    horizon: float | None = None,
) -> pd.DataFrame:
    """Summarise a design that moves one factor at a time away from a base point.

    Parameters
    ----------
    frame
        Rows of results of one scenario, with ``point``, ``replicate``, ``x:...`` and the measure.
    measure
        Its column.
    base
        Number of the base point.
    seed, level
        Key and coverage of the intervals, see `papertiger.experiments.statistics.paired.paired_difference`.
    horizon
        Of a time to an event: the month up to which it is restricted, see
        `papertiger.experiments.statistics.sweep.restricted`.

    Returns
    -------
    pandas.DataFrame
        ``factor``, ``value``, ``mean``, ``effect`` (of moving this factor alone, replicate by replicate), ``low``,
        ``high``, ``alike`` (as in `papertiger.experiments.statistics.paired.PairedDifference`); in the order of the
        design.
    """
    seed, level = check_seed(seed), check_level(level)
    base = check_whole("base", base, 0, MAX_POINT)
    names = factor_columns(frame, measure)
    check_rows("frame", frame, numbers=names)
    check_once(frame)
    frame = restricted(frame, measure, horizon)
    table = frame.pivot(index="replicate", columns="point", values=measure).astype(float)
    if base not in table.columns:
        raise AnalysisError(f"the base point {base} has no results")
    points = frame.drop_duplicates("point").set_index("point").sort_index()[names].astype(float)
    rows = []
    for point in points.index.difference([base]):
        there = points.loc[point].to_numpy()
        moved = np.flatnonzero(there != points.loc[base].to_numpy())
        if len(moved) != 1:
            raise AnalysisError(f"point {point} moves {len(moved)} factors away from point {base}, expected one")
        difference = paired_difference(table[base], table[point], seed=seed, level=level)
        place = (names[moved[0]].removeprefix(FACTOR), float(there[moved[0]]))
        rows.append((*place, *_effect(difference)))
    return pd.DataFrame(rows, columns=["factor", "value", *EFFECT])


def main_effects(
    frame: pd.DataFrame, measure: str, *, seed: int = 1, level: float = LEVEL, horizon: float | None = None
) -> pd.DataFrame:
    """Summarise a full grid: what each level of a factor does on average over the levels of all others.

    The main effect of a level is its mean minus the mean of all points (Box, Hunter & Hunter 2005, *Statistics for
    Experimenters*, 2nd ed., chapter 5). The interval resamples replicates, which the points have in common.

    Parameters
    ----------
    frame
        Rows of results of one scenario, with ``point``, ``replicate``, ``x:...`` and the measure.
    measure
        Its column.
    seed, level
        Key and coverage of the intervals, see `papertiger.experiments.statistics.paired.paired_difference`.
    horizon
        Of a time to an event: the month up to which it is restricted, see
        `papertiger.experiments.statistics.sweep.restricted`.

    Returns
    -------
    pandas.DataFrame
        ``factor``, ``value``, ``mean``, ``effect``, ``low``, ``high``, ``alike``; one row per factor and level.
    """
    seed, level = check_seed(seed), check_level(level)
    names = factor_columns(frame, measure)
    check_rows("frame", frame, hashed=names)
    whole = restricted(frame, measure, horizon).dropna(subset=[measure])
    everywhere = whole.groupby("replicate")[measure].mean()
    rows = []
    for name in names:
        for value, part in whole.groupby(name):
            here = part.groupby("replicate")[measure].mean().reindex(everywhere.index)
            difference = paired_difference(everywhere, here, seed=seed, level=level)
            rows.append((name.removeprefix(FACTOR), value, *_effect(difference)))
    return pd.DataFrame(rows, columns=["factor", "value", *EFFECT])


def _effect(difference: PairedDifference) -> tuple[float, float, float, float, float]:
    """Return the columns of an effect; see `EFFECT`."""
    alike = np.nan if difference.alike is None else difference.alike
    return difference.mean_b, difference.difference, difference.low, difference.high, alike


def _problem(factors: Sequence[str]) -> dict[str, Any]:
    return {"num_vars": len(factors), "names": list(factors), "bounds": [[0.0, 1.0]] * len(factors)}


def _values(values: ArrayLike) -> NDArray[np.float64]:
    given = check_numbers("values", values, "one value for each point", missing=True, infinite=True)
    missing = np.flatnonzero(~np.isfinite(given))
    if len(missing):
        raise AnalysisError(
            f"{len(missing)} of {len(given)} points have no value, the first is point {missing[0]}: "
            "the design has no use for a part of a block, so all points are needed"
        )
    # A difference in the last digit is rounding; indices of it would be made of nothing.
    if len(given) and np.ptp(given) <= 1e-12 * max(1.0, float(np.abs(given).max())):
        raise AnalysisError(
            f"the measure is {given[0]:g} at every point: no factor moves it, so no share can be told"
        )
    return given
