"""Predict by a nested model under weighted draws of its parameters, and under other weights than those.

Leaving a client out of the training, or coding what was observed in another way, only changes the weights of the
draws, by the likelihood of what is no longer, or differently, seen. So no left-out posterior is stored: it is worked
out from the draws, and the effective number of draws says whether that was good enough.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from papertiger.experiments.history.calibrate.importance import effective, prior_points, weights
from papertiger.experiments.history.calibrate.likelihood import Likelihood, Match
from papertiger.experiments.history.calibrate.models import MODELS
from papertiger.experiments.history.calibrate.problem import trained_steps

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from papertiger.experiments.history.calibrate.posterior import Posterior
    from papertiger.experiments.history.calibrate.problem import CalibrationProblem

KINDS = ("one step ahead", "from the origin")


@dataclass(frozen=True)
class Predictions:
    """Hold forecasts of every draw for the half-years that are tested.

    Attributes
    ----------
    model
        Name of the nested model.
    match
        What it is held against.
    periods
        Indices of the half-years that are forecast, length Q.
    one_step, ahead
        M x Q x N x 5: from the posture observed a half-year before, and from the last one before the test.
    lasting
        M x Q x N: probability of being at the posture of the origin at every end of a half-year up to then.
    log_clients
        Log-likelihood of each client's observed steps in the training span, M x N.
    weight
        Of each draw, which sum to 1.
    """

    model: str
    match: Match
    periods: tuple[int, ...]
    one_step: NDArray[np.float64]
    ahead: NDArray[np.float64]
    lasting: NDArray[np.float64]
    log_clients: NDArray[np.float64]
    weight: NDArray[np.float64]

    @property
    def clients(self) -> tuple[str, ...]:
        """Return the names of the clients."""
        return self.match.postures.clients

    def weight_without(self, clients: Collection[str]) -> NDArray[np.float64]:
        """Return the weights of the draws as learned without some clients.

        Parameters
        ----------
        clients
            Names.
        """
        columns = [self.clients.index(name) for name in clients]
        unseen = self.log_clients[:, columns].sum(axis=1)
        with np.errstate(divide="ignore"):
            return weights(np.log(self.weight) - unseen)

    def forecast(self, kind: str, weight: NDArray[np.float64] | None = None) -> NDArray[np.float64]:
        """Return the forecast of all draws together, Q x N x 5.

        Parameters
        ----------
        kind
            One of `KINDS`.
        weight
            Of the draws; blank takes their own.
        """
        probabilities = self.one_step if kind == KINDS[0] else self.ahead
        return np.tensordot(self.weight if weight is None else weight, probabilities, axes=1)

    def left_out(self, kind: str) -> NDArray[np.float64]:
        """Return the forecast of each client as learned from all others, Q x N x 5."""
        averages = np.empty(self.one_step.shape[1:])
        source = self.one_step if kind == KINDS[0] else self.ahead
        for column, name in enumerate(self.clients):
            averages[:, column] = np.tensordot(self.weight_without([name]), source[:, :, column], axes=1)
        return averages

    def effective_left_out(self) -> dict[str, float]:
        """Return the effective number of draws behind each client's left-out forecast."""
        return {name: effective(self.weight_without([name])) for name in self.clients}


def predict(
    problem: CalibrationProblem, posterior: Posterior, learned: CalibrationProblem | None = None
) -> Predictions:
    """Return the predictions of a posterior's draws.

    Parameters
    ----------
    problem
        What is forecast.
    posterior
        The draws.
    learned
        What they were learned in, where that is something else: events and observations that came later, or another
        coder's, were not in it, so leaving a client out cannot take them back.
    """
    likelihoods: dict[str, Likelihood] = {}
    rows = []
    for world, values in posterior.each():
        if world not in likelihoods:
            likelihoods[world] = Likelihood(problem.match(posterior.model, world))
        rows.append((likelihoods[world], values))
    even = np.full(len(rows), 1.0 / len(rows))
    predictions = _predictions(problem, posterior.model, rows, even)
    if learned is None or learned is problem:
        return predictions
    return replace(predictions, log_clients=_learned(learned, posterior, predictions.clients))


def _learned(problem: CalibrationProblem, posterior: Posterior, clients: Sequence[str]) -> NDArray[np.float64]:
    """Return what each draw makes of the steps that some clients were learned from, M x N."""
    likelihood = Likelihood(problem.match(posterior.model))
    match = likelihood.match
    trained = trained_steps(match, problem)
    columns = [match.postures.clients.index(name) if name in match.postures.clients else -1 for name in clients]
    log_likelihoods = np.empty((len(posterior), len(clients)))
    for number, (_, values) in enumerate(posterior.each()):
        steps = np.where(trained, likelihood.log_steps(values), 0.0).sum(axis=0)
        log_likelihoods[number] = [0.0 if column < 0 else steps[column] for column in columns]
    return log_likelihoods


def predict_from_prior(
    problem: CalibrationProblem, model: str, match: Match, points: int, fixed: Mapping[str, float] | None = None
) -> Predictions:
    """Return predictions of a model that is calibrated on the way, by weighting points from its prior.

    Parameters
    ----------
    problem
        Gives spans, free parameters and seed.
    model
        Name of the nested model.
    match
        A changed scenario, already built under the model, or changed observations.
    points
        How many, a power of 2.
    fixed
        Numbers by path that stand beside the free parameters.
    """
    likelihood = Likelihood(match)
    paths = MODELS[model].free(problem.plan.paths)
    priors = problem.priors(model, likelihood.figures)
    values = prior_points(priors, points, problem.plan.seed, 0)
    rows = [(likelihood, {**(fixed or {}), **dict(zip(paths, map(float, row), strict=True))}) for row in values]
    predictions = _predictions(problem, model, rows, np.full(points, 1.0 / points))
    learned = weights(predictions.log_clients.sum(axis=1))
    return replace(predictions, weight=learned)


def _predictions(
    problem: CalibrationProblem,
    model: str,
    rows: Sequence[tuple[Likelihood, Mapping[str, float]]],
    weight: NDArray[np.float64],
) -> Predictions:
    match = rows[0][0].match
    postures = match.postures
    first, last = problem.plan.testing.first, problem.plan.testing.last
    periods = tuple(number for number, period in enumerate(postures.periods) if first <= period <= last)
    origin = periods[0] - 1
    trained = trained_steps(match, problem)
    shape = (len(rows), len(periods), len(postures.clients))
    one_step, ahead, lasting = np.empty((*shape, 5)), np.empty((*shape, 5)), np.empty(shape)
    log_clients = np.empty((len(rows), len(postures.clients)))
    tested = list(periods)
    for number, (likelihood, values) in enumerate(rows):
        matrices = likelihood.matrices(values)
        one_step[number] = match.one_step(matrices)[tested]
        ahead[number] = match.ahead(matrices, origin)[tested]
        lasting[number] = match.lasting(matrices, origin)[tested]
        log_clients[number] = np.where(trained, match.log_steps(matrices), 0.0).sum(axis=0)
    return Predictions(model, match, periods, one_step, ahead, lasting, log_clients, weight)
