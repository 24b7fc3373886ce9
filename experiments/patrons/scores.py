"""Score forecasts of what was not learned from, and say how sure a difference of two is."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from numpy.typing import NDArray

    from papertiger.experiments.patrons.pooling import Vector
    from papertiger.experiments.patrons.problems import Design, OutcomeProblem

CLIENTS, PERIODS = "clients", "patron-periods"


@dataclass(frozen=True)
class Split:
    """Name rows that are learned from and rows that are scored."""

    name: str
    train: NDArray[np.bool_]
    test: NDArray[np.bool_]


def patron_splits(problem: OutcomeProblem) -> Iterator[Split]:
    """Yield a split for each patron that has rows: it is scored, and the others are learned from."""
    for place, patron in enumerate(sorted(problem.plan.codes)):
        mine = problem.rows.patron == place
        if mine.any() and not mine.all():
            yield Split(str(patron), ~mine, mine)


def time_split(problem: OutcomeProblem) -> Split:
    """Return the split by years."""
    late = problem.rows.calendar >= problem.plan.scores.from_year
    return Split("time", ~late, late)


def held_out(
    problem: OutcomeProblem, design: Design, scales: Sequence[Sequence[float]] | None = None
) -> tuple[Vector, list[list[float]]]:
    """Return the log score of every row, learned from the other patrons, and the scales over patrons of each fit.

    Parameters
    ----------
    problem, design
        What is fitted.
    scales
        Take these, a pair for each patron, in place of the best.
    """
    scores = np.zeros(problem.rows.patron.size)
    used = []
    for place, split in enumerate(patron_splits(problem)):
        pair = (float(scales[place][0]), float(scales[place][1])) if scales else None
        fitted = problem.fit(design, split.train, pair)
        scores[split.test] = problem.scores(fitted, design, split.test)
        used.append(list(fitted.scales))
    return scores, used


def later_years(problem: OutcomeProblem, design: Design) -> Vector:
    """Return the log scores of the later years, learned from the earlier ones."""
    split = time_split(problem)
    if not split.test.any() or not split.train.any():
        return np.zeros(0)
    return problem.scores(problem.fit(design, split.train), design, split.test)


@dataclass(frozen=True)
class Gain:
    """Hold how much better one forecast is than another, in nats, with an interval for each way of resampling."""

    total: float
    clients: tuple[float, float]
    periods: tuple[float, float]

    @property
    def clear(self) -> bool:
        """Tell whether it lies above zero in both intervals."""
        return self.clients[0] > 0.0 and self.periods[0] > 0.0

    @property
    def low(self) -> float:
        """Return the lower of both lower ends."""
        return min(self.clients[0], self.periods[0])

    @property
    def high(self) -> float:
        """Return the higher of both upper ends."""
        return max(self.clients[1], self.periods[1])


def gain(problem: OutcomeProblem, better: Vector, than: Vector, where: NDArray[np.bool_] | None = None) -> Gain:
    """Return the gain of one set of log scores over another with bootstrap intervals.

    Parameters
    ----------
    problem
        Gives clusters: clients, and patrons by period.
    better, than
        Log scores of the same rows.
    where
        The rows that were scored; None for all.
    """
    difference = better - than
    rows = problem.rows
    clients = rows.client if where is None else rows.client[where]
    periods = rows.period if where is None else rows.period[where]
    return Gain(
        float(difference.sum()),
        resampled(difference, clients, problem.plan.scores.bootstrap, problem.plan.scores.level, problem.plan.seed),
        resampled(difference, periods, problem.plan.scores.bootstrap, problem.plan.scores.level, problem.plan.seed),
    )


def resampled(
    values: Vector, clusters: NDArray[np.int64], times: int, level: float, seed: int
) -> tuple[float, float]:
    """Return a percentile interval of a sum by resampling whole clusters.

    Parameters
    ----------
    values, clusters
        What is summed, and to which cluster each belongs.
    times, level, seed
        Of the bootstrap.
    """
    _, member = np.unique(clusters, return_inverse=True)
    if member.size == 0:
        return 0.0, 0.0
    sums = np.bincount(member, weights=values)
    low, high = np.quantile(_weights(sums.size, times, seed) @ sums, [(1.0 - level) / 2.0, (1.0 + level) / 2.0])
    return float(low), float(high)


@lru_cache(maxsize=16)
def _weights(size: int, times: int, seed: int) -> NDArray[np.float64]:
    """Return how often each of some clusters is drawn, time by time: the same for the same question."""
    drawn = np.random.default_rng(seed).multinomial(size, np.full(size, 1.0 / size), size=times)
    return drawn.astype(np.float64)


def model_result(problem: OutcomeProblem, keys: Sequence[str]) -> dict[str, Any]:
    """Return what is stored of a model: posterior, effects by patron, evidence, and its scores.

    Parameters
    ----------
    problem
        The outcome.
    keys
        Mechanisms of the model; none is the climatology.
    """
    design = problem.design(keys)
    everything = np.ones(problem.rows.patron.size, dtype=bool)
    fitted = problem.fit(design, everything)
    pool = design.pool
    spread = np.sqrt(np.diag(fitted.cov))
    of_patrons = {}
    for place in pool.pooled:
        pairs = []
        for patron in range(pool.patrons):
            both = list(pool.of_patron(place, patron))
            pairs.append([float(fitted.mean[both].sum()), float(np.sqrt(fitted.cov[np.ix_(both, both)].sum()))])
        of_patrons[pool.columns[place].name] = pairs
    lopo, scales = held_out(problem, design)
    return {
        "keys": list(keys),
        "columns": [one.name for one in pool.columns],
        "mean": fitted.mean[: len(pool.columns)].tolist(),
        "sd": spread[: len(pool.columns)].tolist(),
        "patrons": of_patrons,
        "evidence": fitted.evidence,
        "scales": list(fitted.scales),
        "lopo": lopo.tolist(),
        "lopo_scales": scales,
        "time": later_years(problem, design).tolist(),
    }


def placebo_gains(
    problem: OutcomeProblem, key: str, model: dict[str, Any], reference: dict[str, Any], names: Sequence[str]
) -> dict[str, float]:
    """Return what a mechanism's placebos gain in its place with one patron left out, by their names.

    Parameters
    ----------
    problem
        The outcome.
    key
        Of the mechanism.
    model, reference
        Results of the model with it and of the one it is added to.
    names
        Of the placebos.
    """
    than = np.array(reference["lopo"])
    gains = {}
    for name in names:
        scores, _ = held_out(problem, problem.design(model["keys"], (key, name)), model["lopo_scales"])
        gains[name] = float((scores - than).sum())
    return gains


def probability_of_zero(model: dict[str, Any], reference: dict[str, Any], prior: float) -> float:
    """Return the posterior probability that a mechanism does nothing, from both marginal likelihoods."""
    odds = prior / (1.0 - prior) * np.exp(np.clip(reference["evidence"] - model["evidence"], -500.0, 500.0))
    return float(odds / (1.0 + odds))


type Progress = Callable[[str, int, int], None]
