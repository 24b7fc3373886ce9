"""Compare two scenarios on common random numbers: the difference of outcomes, run by run, with its uncertainty.

Run k of one scenario and run k of the other share every draw that both make, so their difference is a paired one and
far less noisy than a difference of two independent samples (common random numbers: Law 2015, *Simulation Modeling
and Analysis*, 5th ed., section 11.2).

The interval is the bias-corrected and accelerated one, BCa (Efron & Tibshirani 1993, *An Introduction to the
Bootstrap*, section 14.3). It corrects for skewness to the second order, where the plain percentile interval is right
only to the first; paired differences of rare outcomes are skewed, and for a mean the acceleration costs nothing,
since it has a closed form. `scipy.stats.bootstrap` has the same interval; it is worked out here because the result
may not depend on the order of the runs, has to turn its sign when the scenarios change places, and must fit into
memory for a million runs.
"""

from __future__ import annotations

import math
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

import numpy as np

from papertiger.experiments.statistics.arguments import (
    check_labels,
    check_level,
    check_numbers,
    check_resamples,
)
from papertiger.experiments.statistics.intervals import (
    LEVEL,
    NORMAL,
    ROUNDING,
    Verdict,
    all_alike,
    min_alike_share,
    verdict_of,
)
from papertiger.model.randomness import check_seed

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

RESAMPLES = 2_000
FEW_VALUES = 256
"""Up to so many distinct differences, their counts are drawn at once; beyond, the runs are drawn one by one."""
MANY_VALUES = 20_000
GROUPS = 10_000
"""From so many distinct differences on, so many groups of them are resampled."""
MAX_DRAWS = 4_000_000
"""Draws that are in memory at a time."""


@dataclass(frozen=True)
class PairedDifference:
    """Hold what the second of two scenarios has more than the first, run by run.

    Attributes
    ----------
    mean_a, mean_b
        Means of the first scenario (the baseline) and of the second, over the same runs.
    difference
        ``mean_b - mean_a``: positive where the second has more than the baseline.
    low, high
        Its interval; not numbers where every pair differs by the same, so that there is no spread to make one of.
    alike
        Where every pair differs by the same, the least share of all pairs that do, with the certainty of the level
        (see `papertiger.experiments.statistics.intervals.min_alike_share`); elsewhere None.
    effect_size
        The difference in units of the standard deviation of the paired differences (Cohen 1988, *Statistical Power
        Analysis*, section 2.3.5: d of paired samples). Zero where there is no difference, infinite where every pair
        differs by the same.
    variance_saved
        How much of the variance of an unpaired comparison the pairing took away, ``1 - var(b - a) / (var a + var
        b)``; negative where the pairing did harm, not a number where neither scenario varies.
    changed
        Share of the pairs whose two outcomes are not the same.
    n
        Pairs that were compared: runs, or clusters of them.
    dropped
        Pairs left out because one of the two outcomes is missing.
    level, resamples, seed
        How the interval was made.
    """

    mean_a: float
    mean_b: float
    difference: float
    low: float
    high: float
    effect_size: float
    variance_saved: float
    changed: float
    n: int
    dropped: int
    level: float
    resamples: int
    seed: int
    alike: float | None = None

    @property
    def verdict(self) -> Verdict:
        """Return what the interval allows to say of the second scenario against the first."""
        return verdict_of(self.low, self.high, changed=self.changed, difference=self.difference, alike=self.alike)

    def as_dict(self) -> dict[str, float | int | str]:
        """Return the fields and the verdict, as a row of a table."""
        return {**asdict(self), "verdict": self.verdict, "alike": math.nan if self.alike is None else self.alike}


def paired_difference(
    a: ArrayLike,
    b: ArrayLike,
    *,
    seed: int = 1,
    resamples: int = RESAMPLES,
    level: float = LEVEL,
    cluster: ArrayLike | None = None,
) -> PairedDifference:
    """Compare two outcomes that come in pairs.

    Parameters
    ----------
    a, b
        Outcomes of the baseline and of the other scenario; row k of both is the same run. Numbers, or 0 and 1 (or
        booleans) for whether something happened: the difference is then one of shares. Pairs with a missing outcome
        are left out and counted.
    seed
        Key of the resampling: the same arguments give the same bytes, in whatever order the pairs come.
    resamples
        How many bootstrap samples.
    level
        Coverage of the interval.
    cluster
        A label for each pair. Pairs of one label are first averaged, and labels are resampled instead of pairs. So
        the runs of a sweep are clustered by design point to carry the result over to other points, or by replicate to
        carry it over to other luck at these points.

    Returns
    -------
    PairedDifference
        The difference ``b - a`` with its BCa interval.

    Raises
    ------
    TypeError, ValueError
        If an argument is of another kind, the two are not of the same length, or fewer than two pairs are left.
    """
    seed, resamples, level = check_seed(seed), check_resamples(resamples), check_level(level)
    first, second, dropped = _pairs(a, b, cluster)
    n = len(first)
    # In the order of their size, so that sums and draws do not depend on the order of the runs.
    ordered = np.sort(second - first)
    difference = math.fsum(ordered) / n
    # Shares of seventeen clients differ by the same, and not to the last digit.
    scale = max(float(np.abs(first).max()), float(np.abs(second).max()))
    same = all_alike(ordered, scale)
    if same and abs(difference) <= ROUNDING * scale:
        difference, ordered = 0.0, np.zeros(n)
    low, high = (math.nan, math.nan) if same else _interval(ordered, difference, seed, resamples, level)
    spread = 0.0 if same else _variance(ordered)
    apart = _variance(np.sort(first)) + _variance(np.sort(second))
    if spread > 0.0:
        effect = difference / math.sqrt(spread)
    else:
        effect = math.copysign(math.inf, difference) if difference else 0.0
    return PairedDifference(
        mean_a=math.fsum(first) / n,
        mean_b=math.fsum(second) / n,
        difference=difference,
        low=low,
        high=high,
        effect_size=effect,
        variance_saved=1.0 - spread / apart if apart > 0.0 else math.nan,
        changed=float(np.mean(ordered != 0.0)),
        n=n,
        dropped=dropped,
        level=level,
        resamples=resamples,
        seed=seed,
        alike=min_alike_share(n, level) if same else None,
    )


def _pairs(
    a: ArrayLike, b: ArrayLike, cluster: ArrayLike | None
) -> tuple[NDArray[np.float64], NDArray[np.float64], int]:
    first, second = (
        check_numbers(name, values, "one outcome for each run", missing=True, infinite=True)
        for name, values in (("a", a), ("b", b))
    )
    if first.shape != second.shape:
        raise ValueError(f"b: expected a column of the same length as a, {len(first)}, got {len(second)}")
    whole = ~(np.isnan(first) | np.isnan(second))
    if not (np.isfinite(first[whole]).all() and np.isfinite(second[whole]).all()):
        raise ValueError("an outcome is infinite, and a mean of it has no meaning")
    dropped = int(len(whole) - whole.sum())
    if cluster is not None:
        labels = np.asarray(check_labels("cluster", cluster, "a label for each pair"))
        if labels.shape != first.shape:
            raise ValueError(f"expected a cluster for each of {len(first)} pairs, got shape {labels.shape}")
        first, second = _cluster_means(labels[whole], first[whole], second[whole])
    else:
        first, second = first[whole], second[whole]
    if len(first) < 2:
        raise ValueError(
            f"expected at least 2 pairs with both outcomes, got {len(first)}: chance cannot be told from one"
        )
    return first, second, dropped


def _cluster_means(
    labels: NDArray[np.generic], first: NDArray[np.float64], second: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    if len(labels) == 0:
        return first, second
    # Sorted within the clusters too: a sum of floats depends on its order.
    clusters, which = np.unique(labels, return_inverse=True)
    order = np.lexsort((second, first, which))
    starts = np.searchsorted(which[order], np.arange(len(clusters)))
    sizes = np.diff(np.append(starts, len(order)))
    return np.add.reduceat(first[order], starts) / sizes, np.add.reduceat(second[order], starts) / sizes


def _variance(ordered: NDArray[np.float64]) -> float:
    return 0.0 if ordered[0] == ordered[-1] else float(np.var(ordered, ddof=1))


def _interval(
    ordered: NDArray[np.float64], estimate: float, seed: int, resamples: int, level: float
) -> tuple[float, float]:
    """Return the BCa interval of the mean of values that are not all the same."""
    # Values and their mirror image are resampled alike, so that changing places changes the sign and nothing else.
    mirrored = np.sort(-ordered)
    unequal = np.flatnonzero(ordered != mirrored)
    if len(unequal) and ordered[unequal[0]] < mirrored[unequal[0]]:
        low, high = _bca(mirrored, -estimate, seed, resamples, level)
        return -high, -low
    low, high = _bca(ordered, estimate, seed, resamples, level)
    if not len(unequal):
        high = max(high, -low)
        low = -high
    return low, high


def _bca(
    ordered: NDArray[np.float64], estimate: float, seed: int, resamples: int, level: float
) -> tuple[float, float]:
    r"""Return the BCa interval of a mean.

    With :math:`\hat z_0 = \Phi^{-1}` of the share of bootstrap means below the estimate (ties by half) and, for a
    mean, the acceleration :math:`\hat a = \sum u_i^3 / (6 (\sum u_i^2)^{3/2})`, :math:`u_i = x_i - \bar x`, the
    limits are the quantiles :math:`\Phi(\hat z_0 + (\hat z_0 + z) / (1 - \hat a (\hat z_0 + z)))` of the bootstrap
    means, for z the normal quantile of either tail (Efron & Tibshirani 1993, equations 14.9, 14.10, 14.14 and 14.15).
    """
    means = np.sort(_bootstrap_means(ordered, seed, resamples))
    below = np.searchsorted(means, estimate, "left")
    to_here = np.searchsorted(means, estimate, "right")
    share = (below + to_here) / (2 * resamples)
    bias = NORMAL.inv_cdf(min(max(share, 0.5 / resamples), 1.0 - 0.5 / resamples))
    away = ordered - estimate
    acceleration = float((away**3).sum() / (6.0 * (away**2).sum() ** 1.5))
    limits = []
    for tail in ((1.0 - level) / 2.0, (1.0 + level) / 2.0):
        shifted = bias + NORMAL.inv_cdf(tail)
        place = NORMAL.cdf(bias + shifted / (1.0 - acceleration * shifted))
        limits.append(float(np.quantile(means, place)))
    # With a handful of pairs the correction can overshoot; an interval that lacks its own estimate helps nobody.
    return min(*limits, estimate), max(*limits, estimate)


def _bootstrap_means(ordered: NDArray[np.float64], seed: int, resamples: int) -> NDArray[np.float64]:
    """Return the means of samples drawn with replacement from values in order.

    Of very many distinct values, groups drawn by lot are resampled in place of single ones: the bootstrap means keep
    their variance and their skewness, which are all that the interval of a mean makes use of.
    """
    rng = np.random.Generator(np.random.Philox(seed))
    values, counts = np.unique(ordered, return_counts=True)
    if len(values) <= FEW_VALUES:
        drawn = rng.multinomial(len(ordered), counts / len(ordered), size=resamples)
        return np.asarray(drawn @ values / len(ordered))
    sums, sizes = ordered, np.ones(len(ordered))
    if len(ordered) > MANY_VALUES:
        mixed = rng.permutation(ordered)
        starts = np.linspace(0, len(mixed), GROUPS, endpoint=False).astype(int)
        sums, sizes = np.add.reduceat(mixed, starts), np.diff(starts, append=len(mixed)).astype(float)
    means = np.empty(resamples)
    rows = max(1, MAX_DRAWS // len(sums))
    for start in range(0, resamples, rows):
        size = min(rows, resamples - start)
        drawn = rng.integers(0, len(sums), size=(size, len(sums)))
        means[start : start + size] = sums[drawn].sum(axis=1) / sizes[drawn].sum(axis=1)
    return means
