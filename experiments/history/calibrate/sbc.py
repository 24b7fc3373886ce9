"""Test by simulation whether posteriors mean what they say, on histories whose parameters are known.

Parameters are drawn from the prior, a history is simulated with each of them, and the posterior of that history is
worked out as if it had been observed. If model and sampler are right, the share of the posterior that lies below the
true value is uniform between 0 and 1, for each parameter (Cook, Gelman & Rubin 2006; Talts et al. 2018). All
histories are weighed on the same points of the prior, so that three hundred posteriors cost little more than one.

What it cannot show: whether the model is true of the world, and, for a parameter of which the data say nothing,
whether the likelihood is right. `Ranks.moved` says which those are.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from papertiger.experiments.history.calibrate.importance import effective, prior_points, weights
from papertiger.experiments.history.calibrate.likelihood import SMALLEST, Likelihood
from papertiger.experiments.history.calibrate.models import MODELS
from papertiger.experiments.history.calibrate.priors import prior_quantile
from papertiger.experiments.history.calibrate.problem import trained_steps
from papertiger.experiments.history.observed.ceiling import coded, filtered
from papertiger.experiments.history.observed.readings import forward, simulate_readings
from papertiger.scenarios.schema.values import POSTURES

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from papertiger.experiments.history.calibrate.problem import CalibrationProblem

HISTORIES, POINTS = 300, 2048
LEVEL = 0.9
RUNGS = len(POSTURES)


@dataclass(frozen=True)
class Ranks:
    """Hold where the true values lie in the posteriors of simulated histories.

    Attributes
    ----------
    model
        Name of the nested model.
    paths
        Of the free parameters, length D.
    rank
        S x D: share of the posterior below the true value.
    truth, mean
        S x D: the true value, and the mean of the posterior.
    moved
        Length D: how much of the prior's variance the posteriors take away, on average; near 0 the data say nothing.
    effective
        Length S: effective number of points behind each posterior.
    """

    model: str
    paths: tuple[str, ...]
    rank: NDArray[np.float64]
    truth: NDArray[np.float64]
    mean: NDArray[np.float64]
    moved: NDArray[np.float64]
    effective: NDArray[np.float64]

    def uniformity(self) -> dict[str, float]:
        """Return for each parameter the p value of the Kolmogorov-Smirnov test of uniform ranks."""
        from scipy.stats import kstest  # noqa: PLC0415 - slow to import

        return {
            path: float(kstest(ranks, "uniform").pvalue) for path, ranks in zip(self.paths, self.rank.T, strict=True)
        }

    def coverage(self, level: float = LEVEL) -> dict[str, float]:
        """Return for each parameter how often the middle interval of the posterior holds the true value.

        Parameters
        ----------
        level
            What the interval claims, between 0 and 1.
        """
        inside = np.abs(self.rank - 0.5) <= level / 2.0
        return dict(zip(self.paths, map(float, inside.mean(axis=0)), strict=True))

    def rows(self) -> list[dict[str, object]]:
        """Return a row per parameter, for people and for a file."""
        uniform, held = self.uniformity(), self.coverage()
        return [
            {
                "model": self.model,
                "parameter": path.partition(".")[2],
                "histories": len(self.rank),
                "p_uniform": uniform[path],
                "interval_90_holds": held[path],
                "moved": float(self.moved[column]),
                "correlation": float(np.corrcoef(self.truth[:, column], self.mean[:, column])[0, 1]),
                "least_effective_points": float(self.effective.min()),
            }
            for column, path in enumerate(self.paths)
        ]


def simulated_ranks(
    problem: CalibrationProblem,
    model: str,
    *,
    histories: int = HISTORIES,
    points: int = POINTS,
    sharpened: float = 1.0,
    progress: Callable[[int, int], None] | None = None,
) -> Ranks:
    """Return the ranks of true values in the posteriors of simulated histories.

    Parameters
    ----------
    problem
        Spans, priors and seed; each history begins with the postures that were observed first.
    model
        Name of the nested model.
    histories
        How many are simulated.
    points
        Of the prior, a power of 2; the posteriors are weights on them.
    sharpened
        Power to which the likelihood is raised; only 1 is right, others serve to see that it would be noticed.
    progress
        Is told how many parameter sets are worked out, and of how many.
    """
    likelihood = Likelihood(problem.match(model))
    paths = MODELS[model].free(problem.plan.paths)
    priors = problem.priors(model, likelihood.figures)
    rng = np.random.default_rng([problem.plan.seed, histories])
    truth = np.array([[prior_quantile(prior, float(rng.random())) for prior in priors] for _ in range(histories)])
    # Sequence 0 of another seed than the calibration's own, so that no true value hangs on the points.
    values = prior_points(priors, points, problem.plan.seed + 1, 0)
    counted = trained_steps(likelihood.match, problem)
    ceiling, observed = likelihood.match.ceiling, likelihood.match.postures.posture.astype(int)
    readings, gaps = likelihood.match.readings, likelihood.match.postures.gaps
    seen = None if gaps is None else ~gaps
    table = np.empty((points, *counted.shape, RUNGS, RUNGS), dtype=np.float32)
    for number, row in enumerate(values):
        table[number] = likelihood.matrices(dict(zip(paths, map(float, row), strict=True)))
        if progress is not None:
            progress(number + 1, points + histories)
    rank, mean = np.empty(truth.shape), np.empty(truth.shape)
    left, counts = np.zeros(len(paths)), np.empty(histories)
    variance = values.var(axis=0)
    for number, row in enumerate(truth):
        matrices = likelihood.matrices(dict(zip(paths, map(float, row), strict=True)))
        if readings is None:
            path = simulate(matrices, observed, counted, ceiling, rng, gaps)
            predicted = filtered(table, path, ceiling, seen).predicted
            chance = np.take_along_axis(predicted, path[None, :, :, None], axis=3)[..., 0]
            log_steps = np.where(counted, np.log(np.maximum(chance, SMALLEST)), 0.0)
        else:
            read = simulate_readings(matrices, readings, counted, rng)
            log_steps = np.where(counted, forward(table, read, readings.start).log, 0.0)
        weight = weights(sharpened * log_steps.sum(axis=(1, 2)))
        rank[number] = weight @ (values < row)
        if (same := values == row).any():  # mass at zero: any place within it is as good as another
            rank[number] += rng.random(len(row)) * (weight @ same)
        mean[number] = weight @ values
        left += weight @ (values - mean[number]) ** 2 / variance / histories
        counts[number] = effective(weight)
        if progress is not None:
            progress(points + number + 1, points + histories)
    return Ranks(model, paths, rank, truth, mean, 1.0 - left, counts)


def simulate(
    matrices: NDArray[np.float64],
    observed: NDArray[np.int64],
    counted: NDArray[np.bool_],
    ceiling: NDArray[np.int64],
    rng: np.random.Generator,
    gaps: NDArray[np.bool_] | None = None,
) -> NDArray[np.int64]:
    """Return one simulated history as it would be coded, P x N, of the steps that count; all else is as observed.

    A step that does not count is not in the likelihood. Were it simulated, too, where it leads would say something of
    the parameters that the posterior does not hear. From such a step on a client stands where it was observed. Where
    nobody looked it goes on unseen.

    Parameters
    ----------
    matrices
        Transition matrices of half-years, P x N x 5 x 5.
    observed
        Postures, P x N.
    counted
        Which steps are simulated, P x N.
    ceiling
        Farthest posture at which each client can be coded, length N.
    rng
        Where the luck comes from.
    gaps
        P x N: where nobody looked; None where every client was seen in every period.
    """
    unseen = np.zeros(observed.shape, dtype=bool) if gaps is None else gaps
    path, latent = observed.copy(), observed[0].copy()
    places = np.arange(path.shape[1])
    for period in range(1, len(path)):
        reached = np.cumsum(matrices[period, places, latent], axis=1)
        drawn = np.minimum((rng.random(len(places))[:, None] >= reached).sum(axis=1), RUNGS - 1)
        latent = np.where(counted[period] | unseen[period], drawn, observed[period])
        path[period] = coded(latent, ceiling)
    return path
