"""Test whether one forecaster is better than another, and whether its probabilities mean what they say.

The gain is S_ref - S, above 0 for the better forecaster; skill is the same as a share, 1 - S / S_ref, and has no
interval of its own, since it divides by what may be next to nothing. Steps of one client are anything but
independent, so the interval of the gain weighs whole clients, each with all its steps. It answers what would happen
with other clients of the same kind; that clients also react to each other and to the same war is not in it.

Few clients move. Among sixteen there may be none of those whose moves decide between two forecasters, and no drawing
of those that are there makes up for it: such intervals cover .7 where they say .95. So one client more is weighed
whose gain is as low, or as high, as the published forecasts let any client's become (`interval_of_gain`). How often
the interval holds the truth is measured in `papertiger.experiments.history.evaluate.coverage`.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from papertiger.experiments.statistics.arguments import (
    check_labels,
    check_level,
    check_numbers,
    check_resamples,
)
from papertiger.experiments.statistics.intervals import (
    LEVEL,
    ROUNDING,
    Verdict,
    all_alike,
    min_alike_share,
    normal_quantile,
    verdict_of,
)
from papertiger.model.randomness import check_seed

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import ArrayLike, NDArray

RESAMPLES = 4000

EDGES = (0.0, 0.01, 0.03, 0.1, 0.3, 0.5, 0.7, 0.9, 0.97, 0.99, 1.0)
"""Edges of the bins of a reliability table: narrow at both ends, where nearly all forecasts of rare changes lie."""


@dataclass(frozen=True)
class Skill:
    """Measure how much better a forecaster is than a reference, with an interval of the gain.

    Attributes
    ----------
    skill
        1 - S / S_ref. Minus infinity where only the reference is perfect.
    gain, gain_low, gain_high
        S_ref - S, in units of the score, and its interval: above 0 is better than the reference.
    score, reference
        Mean scores S and S_ref over all cases.
    steps, clients
        How many steps are scored, and how many clients they are of.
    alike
        Where all clients have the same gain and nothing is known of what others could have, there is no interval, and
        its ends are not numbers. This is the least share of all clients that would, see
        `papertiger.experiments.statistics.intervals.min_alike_share`; elsewhere None.
    """

    skill: float
    gain: float
    gain_low: float
    gain_high: float
    score: float
    reference: float
    steps: int
    clients: int
    alike: float | None = None

    @property
    def without_interval(self) -> str:
        """Return in words that there is no interval, and why; blank where there is one."""
        if self.alike is not None:
            return "no interval: the same for every client" if self.clients > 1 else "no interval: one client"
        return ""

    @property
    def verdict(self) -> Verdict:
        """Return what the interval of the gain allows to say: ``higher`` is better than the reference."""
        rounding = ROUNDING * max(self.score, self.reference)
        apart = abs(self.gain) > rounding or (self.alike is None and self.gain_high - self.gain_low > rounding)
        return verdict_of(self.gain_low, self.gain_high, changed=float(apart), difference=self.gain, alike=self.alike)


def skill(
    score: ArrayLike,
    reference: ArrayLike,
    client: Sequence[str] | NDArray[np.str_],
    *,
    reach: tuple[float, float] | None = None,
    level: float = LEVEL,
    resamples: int = RESAMPLES,
    seed: int = 0,
) -> Skill:
    """Compare two forecasters on the same cases, with an interval of the gain over clients.

    Parameters
    ----------
    score, reference
        Scores of the forecaster and of the reference, one a case (a client at a half-year), where less is better.
    client
        Whose case it is, of the same length.
    reach
        The least and the largest mean gain that any client could have come to, see `interval_of_gain`. None takes
        those of the clients that are there, which is too narrow where rare moves decide.
    level
        Coverage of the interval, between 0 and 1.
    resamples, seed
        How many times clients are weighed, and from where; the same seed gives the same interval.

    Raises
    ------
    ValueError
        If there is no case, lengths differ, a score is not a number, or both are infinite somewhere.
    """
    level, resamples, seed = check_level(level), check_resamples(resamples), check_seed(seed)
    ours, theirs = (
        check_numbers(name, values, "one score for each case", missing=True, infinite=True)
        for name, values in (("score", score), ("reference", reference))
    )
    names = np.asarray(check_labels("client", client, "a client for each case"))
    if ours.ndim != 1 or not ours.shape == theirs.shape == names.shape or not len(ours):
        raise ValueError("expected one score, one reference and one client for each of at least one case")
    if np.isnan(ours).any() or np.isnan(theirs).any() or (np.isinf(ours).any() and np.isinf(theirs).any()):
        raise ValueError("expected scores that are numbers, and infinite ones of one forecaster at most")
    members, block = np.unique(names, return_inverse=True)
    count = len(members)
    totals = np.bincount(block, weights=theirs - ours, minlength=count)
    sizes = np.bincount(block, minlength=count).astype(np.float64)
    alike = None
    if not np.isfinite(totals).all():
        low = high = math.nan
    elif reach is None and all_alike(totals / sizes, scale=max(float(ours.mean()), float(theirs.mean()))):
        low, high, alike = math.nan, math.nan, min_alike_share(count, level)
    else:
        low, high = interval_of_gain(totals, sizes, reach, level=level, resamples=resamples, seed=seed)
    mean, mean_reference = float(ours.mean()), float(theirs.mean())
    share = _skill(mean, mean_reference)
    return Skill(share, mean_reference - mean, low, high, mean, mean_reference, len(ours), count, alike)


def interval_of_gain(
    totals: NDArray[np.float64],
    sizes: NDArray[np.float64],
    reach: tuple[float, float] | None = None,
    *,
    level: float = LEVEL,
    resamples: int = RESAMPLES,
    seed: int = 0,
) -> tuple[float, float]:
    """Return the interval of a mean over clients of whom few are known, and of those fewer that matter.

    Clients get weights that are drawn evenly (Rubin 1981, *Annals of Statistics* 9:130), and with them one client
    more, who has the least mean there can be for the lower end, and the largest for the upper one (Gaffke 2005;
    Learned-Miller & Thomas 2020, arXiv 1905.06208). The ends are quantiles of the weighted means. For a mean of
    values within the reach no case is known in which an end misses more often than it says.

    Parameters
    ----------
    totals, sizes
        Sum of each client's gains, and how many steps they are of.
    reach
        The least and the largest mean of a client; None takes those of the clients that are there.
    level, resamples, seed
        As for `skill`.
    """
    level, resamples, seed = check_level(level), check_resamples(resamples), check_seed(seed)
    totals, sizes = (
        check_numbers(name, values, "a number for each client")
        for name, values in (("totals", totals), ("sizes", sizes))
    )
    if totals.shape != sizes.shape or not len(totals) or not (sizes > 0.0).all():
        raise ValueError("sizes: expected a number above 0 for each of at least one client, as totals has them")
    if reach is not None:
        ends = check_numbers("reach", reach, "the least and the largest mean", infinite=True)
        if ends.shape != (2,):
            raise ValueError(f"reach: expected the least and the largest mean, got {len(ends)} numbers")
        reach = float(ends[0]), float(ends[1])
    means = totals / sizes
    low, high = (float(means.min()), float(means.max())) if reach is None else reach
    low, high = min(low, float(means.min())), max(high, float(means.max()))
    weight = np.random.default_rng(seed).exponential(size=(resamples, len(totals) + 1))
    size = float(sizes.mean())
    whole = weight[:, :-1] @ sizes + weight[:, -1] * size
    known = weight[:, :-1] @ totals
    tail = (1.0 - level) / 2.0
    # Where something was called impossible, there is no end to what it would have cost.
    lower, upper = (
        float(np.quantile((known + weight[:, -1] * size * end) / whole, share)) if math.isfinite(end) else end
        for end, share in ((low, tail), (high, 1.0 - tail))
    )
    return lower, upper


def _skill(ours: float, theirs: float) -> float:
    """Return 1 - ours / theirs; 0 where both are perfect, minus infinity where only the reference is."""
    if not math.isfinite(theirs):
        return 1.0
    if theirs > 0.0:
        return 1.0 - ours / theirs
    return -math.inf if ours > 0.0 else 0.0


def reliability(probability: ArrayLike, happened: ArrayLike, edges: Sequence[float] = EDGES) -> pd.DataFrame:
    """Return how often things happened that were given about the same probability.

    Parameters
    ----------
    probability
        Forecast probabilities, one a case.
    happened
        Whether each came true.
    edges
        Edges of the bins, from 0 to 1 and rising; a bin holds its upper edge, and the first one 0, too.

    Returns
    -------
    DataFrame
        One row a bin that holds cases: ``low`` and ``high`` (its edges), ``count``, ``forecast`` (mean probability),
        ``frequency`` (share that came true), ``frequency_low`` and ``frequency_high`` (Wilson 1927, 95 %, as if the
        cases were independent, which steps of one client are not: the truth is wider).
    """
    said = check_numbers("probability", probability, "a probability for each case", axes=None).ravel()
    came = check_numbers("happened", happened, "for each case whether it happened", axes=None).ravel()
    if said.shape != came.shape or not ((said >= 0.0) & (said <= 1.0)).all() or not np.isin(came, (0.0, 1.0)).all():
        raise ValueError("expected probabilities from 0 to 1, and for each whether it came true")
    bounds = check_numbers("edges", edges, "edges that rise from 0 to 1")
    if len(bounds) < 2 or bounds[0] != 0.0 or bounds[-1] != 1.0 or not (np.diff(bounds) > 0.0).all():
        raise ValueError("edges: expected edges that rise from 0 to 1")
    which = np.maximum(np.searchsorted(bounds, said, side="left") - 1, 0)
    size = len(bounds) - 1
    count = np.bincount(which, minlength=size)
    held = count > 0
    number = count[held]
    frequency = np.bincount(which, weights=came, minlength=size)[held] / number
    low, high = wilson(frequency, number)
    return pd.DataFrame(
        {
            "low": bounds[:-1][held],
            "high": bounds[1:][held],
            "count": number,
            "forecast": np.bincount(which, weights=said, minlength=size)[held] / number,
            "frequency": frequency,
            "frequency_low": low,
            "frequency_high": high,
        }
    )


def each_category(forecast: ArrayLike, outcome: ArrayLike) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    """Return the probabilities of all categories of all cases, and whether each came, for a reliability table.

    Parameters
    ----------
    forecast
        Probabilities, cases x K.
    outcome
        The category that came, one a case.
    """
    given = check_numbers("forecast", forecast, "a row of probabilities for each case", axes=2)
    outcomes = check_numbers("outcome", outcome, "the category that came, for each case")
    if len(outcomes) != len(given):
        raise ValueError(f"outcome: expected one for each of {len(given)} cases, got {len(outcomes)}")
    came = outcomes[:, None] == np.arange(given.shape[1])
    return given.ravel(), came.ravel()


def wilson(
    share: NDArray[np.float64], count: NDArray[np.int64], level: float = LEVEL
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return the interval of a share by Wilson (1927, *Journal of the American Statistical Association* 22:209).

    Parameters
    ----------
    share
        Observed shares.
    count
        Of how many cases each.
    level
        Coverage of the interval.
    """
    z = normal_quantile(level)
    share = check_numbers("share", share, "a share for each count")
    sizes = check_numbers("count", count, "a number of cases for each share")
    if share.shape != sizes.shape or not ((share >= 0.0) & (share <= 1.0)).all() or not (sizes > 0.0).all():
        raise ValueError("share, count: expected shares from 0 to 1, and for each a number of cases above 0")
    scale = 1.0 + z * z / sizes
    middle = (share + z * z / (2.0 * sizes)) / scale
    half = z * np.sqrt(share * (1.0 - share) / sizes + z * z / (4.0 * sizes * sizes)) / scale
    return np.asarray(np.maximum(middle - half, 0.0)), np.asarray(np.minimum(middle + half, 1.0))
