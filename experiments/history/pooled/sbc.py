"""Test by simulation whether pooled posteriors mean what they say, on histories whose parameters are known.

As `papertiger.experiments.history.calibrate.sbc`, for several patrons at once: true values are drawn from the prior
of shared means, scales and deviations, a history of every patron is simulated with its own values, and all of them
together are weighed on the same points of the prior.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from papertiger.experiments.history.calibrate.importance import effective, weights
from papertiger.experiments.history.calibrate.likelihood import SMALLEST
from papertiger.experiments.history.calibrate.problem import trained_steps
from papertiger.experiments.history.calibrate.sbc import simulate
from papertiger.experiments.history.observed.ceiling import filtered
from papertiger.experiments.history.observed.readings import forward, simulate_readings
from papertiger.experiments.history.pooled.sampler import first_points

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from papertiger.experiments.history.calibrate.likelihood import Likelihood
    from papertiger.experiments.history.pooled.problem import PooledProblem


@dataclass(frozen=True)
class PooledRanks:
    """Hold where the true values lie in the pooled posteriors of simulated histories.

    Attributes
    ----------
    learned
        What is learned, as (parameter, whose), length D.
    rank
        S x D: share of the posterior below the true value; ties of mass at zero are broken by chance.
    moved
        Length D: how much of the prior's variance the posteriors take away, on average.
    effective
        Length S: effective number of points behind each posterior.
    """

    learned: tuple[tuple[str, str], ...]
    rank: NDArray[np.float64]
    moved: NDArray[np.float64]
    effective: NDArray[np.float64]

    def uniformity(self) -> dict[tuple[str, str], float]:
        """Return for each thing learned the p value of the Kolmogorov-Smirnov test of uniform ranks."""
        from scipy.stats import kstest  # noqa: PLC0415 - slow to import

        return {
            name: float(kstest(ranks, "uniform").pvalue)
            for name, ranks in zip(self.learned, self.rank.T, strict=True)
        }


def pooled_ranks(
    problem: PooledProblem, *, histories: int = 100, points: int = 2048, sharpened: float = 1.0
) -> PooledRanks:
    """Return the ranks of true values in the pooled posteriors of simulated histories.

    Parameters
    ----------
    problem
        Patrons, spans, priors and seed; each history begins with the postures that were observed first.
    histories
        How many are simulated, each of all patrons.
    points
        Of the prior, a power of 2; the posteriors are weights on them.
    sharpened
        Power to which the likelihood is raised; only 1 is right, others serve to see that it would be noticed.
    """
    coordinates, seed = problem.coordinates, problem.plan.seed
    rng = np.random.default_rng([seed, histories, 7])
    truth = rng.standard_normal((histories, len(coordinates.names)))
    drawn = first_points(len(coordinates.names), points, seed + 1, 0)
    at, values = coordinates.values(truth), coordinates.values(drawn)
    total = np.zeros((histories, points))
    for column, (name, part) in enumerate(problem.parts.items()):
        likelihood = problem.likelihoods[name]
        match = likelihood.match
        counted, observed = trained_steps(match, part), match.postures.posture.astype(int)
        gaps = match.postures.gaps
        seen = None if gaps is None else ~gaps

        def matrices(
            row: NDArray[np.float64], likelihood: Likelihood = likelihood, column: int = column
        ) -> NDArray[np.float64]:
            return likelihood.matrices(dict(zip(coordinates.paths, map(float, row[column]), strict=True)))

        table = np.stack([matrices(row).astype(np.float32) for row in values])
        for number, row in enumerate(at):
            if match.readings is None:
                path = simulate(matrices(row), observed, counted, match.ceiling, rng, gaps)
                predicted = filtered(table, path, match.ceiling, seen).predicted
                chance = np.take_along_axis(predicted, path[None, :, :, None], axis=3)[..., 0]
                log = np.log(np.maximum(chance, SMALLEST))
            else:
                read = simulate_readings(matrices(row), match.readings, counted, rng)
                log = forward(table, read, match.readings.start).log
            total[number] += np.where(counted, log, 0.0).sum(axis=(1, 2))
    learned, true = coordinates.learned(drawn), coordinates.learned(truth)
    rank, moved = np.empty((histories, len(learned))), np.zeros(len(learned))
    counts = np.empty(histories)
    for number in range(histories):
        weight = weights(sharpened * total[number])
        counts[number] = effective(weight)
        for column, (what, one) in enumerate(learned.items()):
            value = true[what][number]
            ties = float(weight[one == value].sum())
            rank[number, column] = float(weight[one < value].sum()) + rng.random() * ties
            left = float(weight @ (one - weight @ one) ** 2)
            moved[column] += (1.0 - left / float(one.var())) / histories
    return PooledRanks(tuple(learned), rank, moved, counts)
