"""Tell what became of runs by a horizon, and how restricted mean times differ between halves of a factor's range.

A run has one fate: the event with its destination, the loss of the regime, after which the event can no longer
happen, or neither by the horizon. The share of a fate is the cumulative incidence at the horizon (Aalen &
Johansen 1978, *Scandinavian Journal of Statistics* 5:141), which is a plain share here, since a model loses nobody
from sight.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from papertiger.experiments.statistics.arguments import check_level, check_numbers, check_resamples
from papertiger.experiments.statistics.intervals import LEVEL, all_alike
from papertiger.model.randomness import check_seed

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

RESAMPLES = 2_000
HAPPENS, LOST, STAYS = "it happens", "regime lost first", "neither by the horizon"


class Change(NamedTuple):
    """Hold how far two means are apart, with an interval; not numbers where there is none."""

    difference: float
    low: float
    high: float


def fates(time: ArrayLike, event: ArrayLike, goal: ArrayLike | None, horizon: float) -> NDArray[np.object_]:
    """Return what became of each run by the horizon.

    Parameters
    ----------
    time, event
        Time of the event, or up to which a run was watched, and whether it happened; of any shape, not a number where
        a run is missing.
    goal
        Where to, of the same shape; None where the event has no destinations.
    horizon
        How long every run is looked at.

    Returns
    -------
    numpy.ndarray
        Texts: the destination or `HAPPENS`, `LOST`, `STAYS`; empty where a run is missing.
    """
    times = check_numbers("time", time, "a time for each run", axes=None, missing=True, infinite=True)
    flags = check_numbers("event", event, "whether it happened", axes=None, missing=True, infinite=True)
    where = np.full(times.shape, HAPPENS, dtype=object) if goal is None else np.asarray(goal, dtype=object)
    if not times.shape == flags.shape == where.shape:
        raise ValueError(f"expected one shape, got {times.shape}, {flags.shape} and {where.shape}")
    there = np.isfinite(times) & np.isfinite(flags)
    happened = there & (flags == 1.0) & (times <= horizon)
    lost = there & (flags == 0.0) & (times < horizon)
    fate = np.where(happened, where, np.where(lost, LOST, np.where(there, STAYS, "")))
    return fate.astype(object)


def half_difference(
    means: ArrayLike, upper: ArrayLike, blocks: ArrayLike, *, seed: int = 1, level: float = LEVEL
) -> Change:
    """Return the mean over the points in the upper half of a range less that over those in the lower half.

    Points of a block were drawn together, so that blocks are resampled (percentile bootstrap; Efron & Tibshirani
    1993, chapter 13). The halves hold other values of the other factors, too, which the interval takes in.

    Parameters
    ----------
    means
        The mean of each design point.
    upper
        Whether it lies in the upper half.
    blocks
        The label of the block that it was drawn with.
    seed
        Key of the resampling.
    level
        Coverage of the interval.
    """
    seed, level = check_seed(seed), check_level(level)
    values = check_numbers("means", means, "a mean for each design point", missing=True)
    high = np.asarray(upper, dtype=bool)
    there = np.isfinite(values)
    values, high, labels = values[there], high[there], np.asarray(blocks)[there]
    if not high.any() or high.all():
        return Change(np.nan, np.nan, np.nan)
    difference = float(values[high].mean() - values[~high].mean())
    names, which = np.unique(labels, return_inverse=True)
    if len(names) < 2 or all_alike(values):
        return Change(difference, np.nan, np.nan)

    def totals(weights: NDArray[np.float64]) -> NDArray[np.float64]:
        return np.bincount(which, weights=weights, minlength=len(names))

    sums = np.stack([totals(values * high), totals(high * 1.0), totals(values * ~high), totals(~high * 1.0)], axis=1)
    rng = np.random.Generator(np.random.Philox(seed))
    drawn = rng.multinomial(len(names), np.full(len(names), 1 / len(names)), size=check_resamples(RESAMPLES)) @ sums
    whole = drawn[(drawn[:, 1] > 0) & (drawn[:, 3] > 0)]
    if not len(whole):
        return Change(difference, np.nan, np.nan)
    apart = whole[:, 0] / whole[:, 1] - whole[:, 2] / whole[:, 3]
    low, top = np.quantile(apart, [(1 - level) / 2, (1 + level) / 2])
    return Change(difference, float(low), float(top))
