"""Check posterior predictions: whether a replay with the posterior looks like what happened."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from papertiger.experiments.errors import ExperimentError
from papertiger.experiments.history.calibrate.likelihood import Likelihood
from papertiger.experiments.history.observed.ceiling import coded
from papertiger.experiments.history.observed.coding import latest
from papertiger.scenarios.errors import Problem, listing
from papertiger.scenarios.schema.values import POSTURES

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from papertiger.experiments.history.calibrate.posterior import Posterior
    from papertiger.experiments.history.calibrate.problem import CalibrationProblem
    from papertiger.experiments.history.observed.coding import Postures

QUANTILES = (0.05, 0.95)


@dataclass(frozen=True)
class Replayed:
    """Hold what replays with posterior draws come to, from the first observed postures on.

    Attributes
    ----------
    postures
        What was observed, with the steps that count.
    marginals
        P x N x 5: probability of each posture at the end of each half-year, all draws together.
    changes
        S x P: simulated changes of posture in each half-year, of the steps that count.
    """

    postures: Postures
    marginals: NDArray[np.float64]
    changes: NDArray[np.int64]

    def probability(self, client: str, period: str, least: int, most: int = len(POSTURES) - 1) -> float:
        """Return the probability that a client is between two postures at the end of a half-year."""
        row, column = self.postures.period(period), self.postures.clients.index(client)
        return float(self.marginals[row, column, least : most + 1].sum())

    def changes_between(self, first: str, last: str) -> tuple[int, float, float, float]:
        """Return changes observed in some half-years, and the mean and 90 % range of those replayed."""
        rows = slice(self.postures.period(first), self.postures.period(last) + 1)
        posture = self.postures.posture
        moved = np.zeros(posture.shape, dtype=bool)
        moved[1:] = posture[1:] != posture[:-1]
        observed = int((moved & self.postures.scored)[rows].sum())
        simulated = self.changes[:, rows].sum(axis=1)
        low, high = np.quantile(simulated, QUANTILES)
        return observed, float(simulated.mean()), float(low), float(high)


def replay(problem: CalibrationProblem, posterior: Posterior, seed: int = 1) -> Replayed:
    """Return the replays of a posterior's draws: exact probabilities, and one simulated history for each draw.

    Parameters
    ----------
    problem
        Scenario and observations; the first observed half-year is where replays begin.
    posterior
        The draws.
    seed
        Of the simulated histories.
    """
    if not problem.postures.seen[0].all():
        late = [
            name for name, seen in zip(problem.postures.clients, problem.postures.seen[0], strict=True) if not seen
        ]
        message = f"a replay begins where clients were first seen; nobody looked at {listing(late)} then"
        raise ExperimentError([Problem(problem.observed.name, None, "gaps", message)])
    likelihoods: dict[str, Likelihood] = {}
    rng = np.random.default_rng(seed)
    total: NDArray[np.float64] | None = None
    changes = []
    for world, values in posterior.each():
        if world not in likelihoods:
            likelihoods[world] = Likelihood(problem.match(posterior.model, world))
        match = likelihoods[world].match
        matrices = likelihoods[world].matrices(values)
        ahead = match.ahead(matrices, 0)
        total = ahead if total is None else total + ahead
        path = coded(simulate(matrices, match.postures.posture[0].astype(int), rng), match.ceiling)
        if match.postures.gaps is not None:
            # A change in a gap is seen at its end, if it is still there.
            path = np.take_along_axis(path, latest(match.postures.seen), axis=0)
        moved = np.zeros(path.shape, dtype=bool)
        moved[1:] = path[1:] != path[:-1]
        changes.append((moved & match.scored).sum(axis=1))
    assert total is not None
    postures = next(iter(likelihoods.values())).match.postures
    marginals = total / len(posterior)
    marginals[0] = np.eye(len(POSTURES))[postures.posture[0].astype(int)]
    return Replayed(postures, marginals, np.array(changes))


def simulate(matrices: NDArray[np.float64], start: NDArray[np.int64], rng: np.random.Generator) -> NDArray[np.int64]:
    """Return one simulated history of all clients, as they stand and not as they are coded, P x N.

    Parameters
    ----------
    matrices
        Transition matrices of half-years, P x N x 5 x 5; the first is not looked at.
    start
        Postures at the end of the first half-year, length N.
    rng
        Where the luck comes from.
    """
    path = np.empty(matrices.shape[:2], dtype=np.int64)
    path[0] = start
    places = np.arange(matrices.shape[1])
    for period in range(1, len(matrices)):
        reached = np.cumsum(matrices[period, places, path[period - 1]], axis=1)
        path[period] = np.minimum((rng.random(len(places))[:, None] >= reached).sum(axis=1), len(POSTURES) - 1)
    return path
