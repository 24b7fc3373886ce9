"""Test whether one forecaster is better than another, and whether its probabilities mean what they say.

Skill is 1 - S / S_ref: 1 for a perfect forecaster, 0 for one as good as the reference, below 0 for a worse one. Steps
of one client are anything but independent, so the intervals come from drawing whole clients with replacement, each
with all its steps. They answer what would happen with other clients of the same kind; that clients also react to each
other and to the same war is not in them.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from papertiger.experiments.statistics.intervals import (
    LEVEL,
    ROUNDING,
    Verdict,
    all_alike,
    min_alike_share,
    normal_quantile,
    verdict_of,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import ArrayLike, NDArray

RESAMPLES = 4000

EDGES = (0.0, 0.01, 0.03, 0.1, 0.3, 0.5, 0.7, 0.9, 0.97, 0.99, 1.0)
"""Edges of the bins of a reliability table: narrow at both ends, where nearly all forecasts of rare changes lie."""


@dataclass(frozen=True)
class Skill:
    """Measure how much better a forecaster is than a reference, with intervals by drawing clients.

    Attributes
    ----------
    skill, skill_low, skill_high
        1 - S / S_ref, and its interval. Minus infinity where only the reference is perfect.
    gain, gain_low, gain_high
        S_ref - S, the same in units of the score, which needs no division: above 0 is better than the reference.
    score, reference
        Mean scores S and S_ref over all cases.
    steps, clients
        How many steps are scored, and how many clients they are of.
    alike
        Where every draw of clients gives the same gain, as that of one client does, there is no interval, and its
        ends are not numbers. This is the least share of all clients that would, see
        `papertiger.experiments.statistics.intervals.min_alike_share`; elsewhere None.
    """

    skill: float
    skill_low: float
    skill_high: float
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
        if math.isnan(self.skill_low):
            return "no interval: the same in every draw of clients" if self.clients > 1 else "no interval: one client"
        return ""

    @property
    def verdict(self) -> Verdict:
        """Return what the interval of the gain allows to say: ``higher`` is better than the reference."""
        rounding = ROUNDING * max(self.score, self.reference)
        changed = float(self.alike is None or abs(self.gain) > rounding)
        return verdict_of(self.gain_low, self.gain_high, changed=changed, difference=self.gain, alike=self.alike)


def skill(
    score: ArrayLike,
    reference: ArrayLike,
    client: Sequence[str] | NDArray[np.str_],
    *,
    level: float = LEVEL,
    resamples: int = RESAMPLES,
    seed: int = 0,
) -> Skill:
    """Compare two forecasters on the same cases, with a bootstrap over clients.

    Parameters
    ----------
    score, reference
        Scores of the forecaster and of the reference, one a case (a client at a half-year), where less is better.
    client
        Whose case it is, of the same length.
    level
        Coverage of the intervals, between 0 and 1. They are percentiles of the drawn values (Efron & Tibshirani 1993,
        *An Introduction to the Bootstrap*, chapter 13), taken as they are and never between two, since some may be
        infinite.
    resamples, seed
        How many sets of clients are drawn, and from where; the same seed gives the same intervals.

    Raises
    ------
    ValueError
        If there is no case, lengths differ, a score is not a number, or both are infinite somewhere.
    """
    ours, theirs = np.asarray(score, dtype=np.float64), np.asarray(reference, dtype=np.float64)
    names = np.asarray(client)
    if ours.ndim != 1 or not ours.shape == theirs.shape == names.shape or not len(ours):
        raise ValueError("expected one score, one reference and one client for each of at least one case")
    if np.isnan(ours).any() or np.isnan(theirs).any() or (np.isinf(ours).any() and np.isinf(theirs).any()):
        raise ValueError("expected scores that are numbers, and infinite ones of one forecaster at most")
    if not 0.0 < level < 1.0:
        raise ValueError(f"expected a level between 0 and 1, got {level:g}")
    members, block = np.unique(names, return_inverse=True)
    count = len(members)
    # Rows: our total, the reference's total and the cases of each client.
    totals = np.stack([np.bincount(block, weights=weights, minlength=count) for weights in (ours, theirs)])
    sizes = np.bincount(block, minlength=count).astype(np.float64)
    drawn = np.random.default_rng(seed).multinomial(count, np.full(count, 1.0 / count), size=resamples)
    sums = _sums(drawn, totals)
    skills = _skill(sums[:, 0], sums[:, 1])
    gains = (sums[:, 1] - sums[:, 0]) / (drawn @ sizes)
    ends = ((1.0 - level) / 2.0, (1.0 + level) / 2.0)
    skill_low, skill_high = map(float, np.quantile(skills, ends, method="inverted_cdf"))
    gain_low, gain_high = map(float, np.quantile(gains, ends, method="inverted_cdf"))
    alike = None
    if np.isfinite(gains).all() and all_alike(gains, scale=max(float(ours.mean()), float(theirs.mean()))):
        gain_low, gain_high, alike = math.nan, math.nan, min_alike_share(count, level)
    if (skills == skills[0]).all() or (np.isfinite(skills).all() and all_alike(skills)):
        skill_low = skill_high = math.nan
    whole = _skill(np.array([ours.sum()]), np.array([theirs.sum()]))
    return Skill(
        float(whole[0]),
        skill_low,
        skill_high,
        float(theirs.mean() - ours.mean()),
        gain_low,
        gain_high,
        float(ours.mean()),
        float(theirs.mean()),
        len(ours),
        count,
        alike,
    )


def _sums(drawn: NDArray[np.int64], totals: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the totals of each drawn set of clients, resamples x 2; zero times infinity is zero here."""
    finite = np.where(np.isinf(totals), 0.0, totals)
    sums = np.asarray(drawn @ finite.T, dtype=np.float64)
    for row, infinite in enumerate(np.isinf(totals)):
        sums[(drawn[:, infinite] > 0).any(axis=1), row] = math.inf
    return sums


def _skill(ours: NDArray[np.float64], theirs: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return 1 - ours / theirs; 0 where both are perfect, minus infinity where only the reference is."""
    skills = np.where(ours > 0.0, -math.inf, 0.0)
    finite = np.isfinite(theirs)
    positive = finite & (theirs > 0.0)
    skills[positive] = 1.0 - ours[positive] / theirs[positive]
    skills[~finite] = 1.0
    return skills


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
    said, came = np.asarray(probability, dtype=np.float64).ravel(), np.asarray(happened, dtype=np.float64).ravel()
    if said.shape != came.shape or not ((said >= 0.0) & (said <= 1.0)).all() or not np.isin(came, (0.0, 1.0)).all():
        raise ValueError("expected probabilities from 0 to 1, and for each whether it came true")
    bounds = np.asarray(edges, dtype=np.float64)
    if bounds[0] != 0.0 or bounds[-1] != 1.0 or not (np.diff(bounds) > 0.0).all():
        raise ValueError("expected edges that rise from 0 to 1")
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
    given = np.asarray(forecast, dtype=np.float64)
    came = np.asarray(outcome)[:, None] == np.arange(given.shape[1])
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
    scale = 1.0 + z * z / count
    middle = (share + z * z / (2.0 * count)) / scale
    half = z * np.sqrt(share * (1.0 - share) / count + z * z / (4.0 * count * count)) / scale
    return np.asarray(np.maximum(middle - half, 0.0)), np.asarray(np.minimum(middle + half, 1.0))
