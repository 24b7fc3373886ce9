"""Score constants of other patrons on one that nothing was learned from, beside what any forecast must beat."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from papertiger.experiments.errors import ExperimentError
from papertiger.experiments.history.calibrate.importance import prior_points
from papertiger.experiments.history.calibrate.likelihood import Likelihood
from papertiger.experiments.history.calibrate.models import MODELS
from papertiger.experiments.history.calibrate.plan import BASELINE, FULL
from papertiger.experiments.history.calibrate.posterior import Posterior, posterior_of
from papertiger.experiments.history.calibrate.problem import trained_steps
from papertiger.experiments.history.evaluate.scoring import ALL, CLIMATOLOGY, LANDSCAPE, PERSISTENCE, Examination
from papertiger.experiments.history.forecast.predictions import KINDS, predict
from papertiger.scenarios.errors import Problem

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from papertiger.experiments.history.calibrate.problem import CalibrationProblem
    from papertiger.experiments.history.evaluate.skill import Skill
    from papertiger.experiments.history.forecast.predictions import Predictions
    from papertiger.scenarios.posteriors import Draws

LEARNED = "constants of other patrons"
BY_HAND = "priors made by hand"
FITTED = "fitted to the patron itself"
STRUCTURE = BASELINE
POINTS = 512
"""Draws of the priors made by hand, a power of 2."""
REFERENCES = (PERSISTENCE, CLIMATOLOGY, STRUCTURE, BY_HAND)
"""What the constants of other patrons are held against."""


@dataclass(frozen=True)
class Trial:
    """Hold the forecasters, scored on the same cases.

    Attributes
    ----------
    problem
        The calibration whose test they are held against.
    examination
        Of all forecasters.
    """

    problem: CalibrationProblem
    examination: Examination

    def against(self, reference: str, kind: str, score: str = "RPS", name: str = LEARNED) -> Skill:
        """Return how one forecaster stands to another.

        Parameters
        ----------
        reference, kind, score
            As `papertiger.experiments.history.evaluate.scoring.Examination.skill` takes them.
        name
            Of the forecaster.
        """
        return self.examination.skill(name, reference, ALL, kind, score)

    @property
    def names(self) -> tuple[str, ...]:
        """Return the forecasters, in the order of tables and figures."""
        return (LEARNED, BY_HAND, FITTED, STRUCTURE, CLIMATOLOGY, PERSISTENCE, LANDSCAPE)

    def means(self) -> dict[tuple[str, str, str], float]:
        """Return mean scores by kind of forecast, score and forecaster."""
        means = {}
        for kind in KINDS:
            for score in ("RPS", "Brier", "log"):
                for name in self.names:
                    values, _ = self.examination.scored(name, ALL, kind, score)
                    means[kind, score, name] = float(values.mean())
        return means

    def log_evidence(self, name: str) -> float:
        """Return the log probability of the training span's steps, which neither prior draws nor others' have seen.

        Parameters
        ----------
        name
            `LEARNED` or `BY_HAND`.
        """
        log = self.examination.predictions[name].log_clients.sum(axis=1)
        return float(np.logaddexp.reduce(log) - math.log(len(log)))

    def log_evidence_of_clients(self, name: str) -> dict[str, float]:
        """Return the mean log probability of each client's steps in the training span, over the draws.

        Parameters
        ----------
        name
            `LEARNED` or `BY_HAND`.
        """
        predictions = self.examination.predictions[name]
        return dict(zip(predictions.clients, predictions.log_clients.mean(axis=0).tolist(), strict=True))


def carry_out(
    problem: CalibrationProblem,
    draws: Draws,
    fitted: Mapping[str, Posterior] | None = None,
    show: Callable[[str], None] = lambda _: None,
) -> Trial:
    """Return the scores of constants that were learned from other patrons.

    Parameters
    ----------
    problem
        A calibration with a test to be held against.
    draws
        Of other patrons' constants; parameters that they do not name stand at the scenario's values.
    fitted
        Draws of `BASELINE` and `FULL` that were learned from the patron itself; blank takes those that ship.
    show
        Is told what is being done.

    Raises
    ------
    ExperimentError
        If the draws name a parameter that the scenario has not.
    """
    likelihood = Likelihood(problem.match(FULL))
    unknown = [path for path in draws.paths if path not in likelihood.figures]
    if unknown:
        message = f"draws of {unknown[0]}, which {problem.scenario.name} has not"
        raise ExperimentError([Problem(draws.name, message=message)])
    paths = MODELS[FULL].free(problem.plan.paths)
    points = prior_points(problem.priors(FULL, likelihood.figures), POINTS, problem.plan.seed, 0)
    posteriors = {
        LEARNED: _posterior(problem, draws.paths, np.array(draws.values)),
        BY_HAND: _posterior(problem, paths, points),
        FITTED: posterior_of(problem, FULL) if fitted is None else fitted[FULL],
        STRUCTURE: posterior_of(problem, BASELINE) if fitted is None else fitted[BASELINE],
    }
    predictions: dict[str, Predictions] = {}
    for name, posterior in posteriors.items():
        show(f"forecasts: {name}")
        predictions[name] = predict(problem, posterior)
    return Trial(problem, Examination(problem, predictions))


def trained_count(problem: CalibrationProblem) -> int:
    """Return how many steps the training span has."""
    return int(trained_steps(problem.match(FULL), problem).sum())


def _posterior(problem: CalibrationProblem, paths: tuple[str, ...], values: np.ndarray) -> Posterior:
    return Posterior(FULL, paths, values, (problem.scenario.name,) * len(values))
