"""Ask whether two beliefs can be told apart: how far capability and resolve go together over months and clients."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from papertiger.experiments.history.calibrate.models import MODELS
from papertiger.experiments.history.calibrate.plan import FULL
from papertiger.experiments.history.observed.periods import last_month
from papertiger.model.ensemble.exact import exact_chain
from papertiger.scenarios.bonds import bonds_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from papertiger.experiments.history.calibrate.posterior import Posterior
    from papertiger.experiments.history.calibrate.problem import CalibrationProblem


@dataclass(frozen=True)
class BeliefCorrelation:
    """Hold correlations of capability and resolve over client-months.

    Attributes
    ----------
    together
        Over all clients and months.
    within
        Of what moves over time, each client's mean taken out.
    months
        How many client-months there are.
    """

    together: float
    within: float
    months: int


def belief_correlation(problem: CalibrationProblem, posterior: Posterior) -> BeliefCorrelation:
    """Return how far the beliefs of the full model go together, at the mean of its posterior.

    Parameters
    ----------
    problem
        Whose scenario and clients it is about; the sub-states and months before a client entered do not count.
    posterior
        Draws of the full model.
    """
    values = dict(zip(posterior.paths, map(float, posterior.values.mean(axis=0)), strict=True))
    chain = exact_chain(MODELS[FULL].build(problem.scenario), values)
    end = chain.months.index(last_month(problem.plan.testing.last)) + 1
    clients = bonds_of(problem.scenario)
    counts = np.array(
        [
            [not clients[name].sub_state and clients[name].is_in_network(month) for name in chain.clients]
            for month in chain.months[:end]
        ]
    )
    return correlation_of(chain.beliefs[:end], counts)


def correlation_of(beliefs: NDArray[np.float64], counts: NDArray[np.bool_]) -> BeliefCorrelation:
    """Return the correlations of two beliefs.

    Parameters
    ----------
    beliefs
        T x N x 2.
    counts
        T x N: which client-months count.
    """
    pairs = beliefs[counts]
    months = counts.sum(axis=0)[None, :, None]
    means = np.where(counts[..., None], beliefs, 0.0).sum(axis=0, keepdims=True) / np.maximum(months, 1)
    inside = (beliefs - means)[counts]
    return BeliefCorrelation(_correlation(pairs), _correlation(inside), len(pairs))


def _correlation(pairs: NDArray[np.float64]) -> float:
    centred = pairs - pairs.mean(axis=0)
    scale = float(np.sqrt((centred[:, 0] ** 2).sum() * (centred[:, 1] ** 2).sum()))
    return float((centred[:, 0] * centred[:, 1]).sum()) / scale if scale > 0.0 else float("nan")
