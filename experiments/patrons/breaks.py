"""Fit the yearly hazard of a break: complementary log-log, normal priors, Laplace's approximation.

The hazard is that of the model's breaks: log-linear in stocks of causes, ``1 - exp(-exp(eta))`` by the year.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.polynomial.hermite_e import hermegauss
from scipy.linalg import cho_factor, cho_solve

from papertiger.experiments.patrons.pooling import Fit, Pool, best

if TYPE_CHECKING:
    from papertiger.experiments.patrons.pooling import Rows, Vector

LOWEST, HIGHEST = -40.0, 5.0
"""Linear predictors beyond are held there, where a hazard is 0 or 1 to the last digit."""
MAX_STEPS, CLOSE = 60, 1e-9
NODES, WEIGHTS = hermegauss(15)


def log_likelihood(eta: Vector, y: Vector) -> tuple[float, Vector, Vector]:
    """Return the log likelihood of breaks with its gradient and its curvature (above 0), by row.

    Parameters
    ----------
    eta
        Log of the cumulative hazard of the year.
    y
        1 where the pledge broke in the year.
    """
    rate = np.exp(np.clip(eta, LOWEST, HIGHEST))
    broke = y > 0.0
    value = float(-rate[~broke].sum() + np.log(-np.expm1(-rate[broke])).sum())
    slope, curve = -rate, rate.copy()
    hit = rate[broke]
    up = hit / np.expm1(hit)
    slope[broke] = up
    curve[broke] = up * (hit / -np.expm1(-hit) - 1.0)
    return value, slope, curve


def fit_given(rows: Rows, y: Vector, mean: Vector, sd: Vector, scales: tuple[float, float], start: Vector) -> Fit:
    """Return the posterior of a hazard, its mode by Newton's method: the log posterior is concave.

    Parameters
    ----------
    rows, y
        Design and outcome.
    mean, sd
        Of the normal priors.
    scales
        Noted in the fit.
    start
        Where the search begins.
    """
    precision = sd**-2.0
    beta = start.copy()

    def posterior(at: Vector) -> tuple[float, Vector, Vector]:
        value, slope, curve = log_likelihood(rows.linear(at), y)
        return value - 0.5 * float((precision * (at - mean) ** 2).sum()), slope, curve

    value, slope, curve = posterior(beta)
    for _ in range(MAX_STEPS):
        gradient = rows.pull(slope) - precision * (beta - mean)
        hessian = rows.gram(curve)
        hessian[np.diag_indices_from(hessian)] += precision
        step = cho_solve(cho_factor(hessian), gradient)
        size, gain = 1.0, float(gradient @ step)
        while True:
            ahead = posterior(beta + size * step)
            if ahead[0] >= value + 1e-4 * size * gain or size < 1e-6:
                break
            size *= 0.5
        if ahead[0] > value:
            beta = beta + size * step
            value, slope, curve = ahead
        if gain < CLOSE:
            break
    hessian = rows.gram(curve)
    hessian[np.diag_indices_from(hessian)] += precision
    factor = cho_factor(hessian)
    determinant = 2.0 * float(np.log(np.diag(factor[0])).sum())
    evidence = value - float(np.log(sd).sum()) - 0.5 * determinant
    return Fit(beta, cho_solve(factor, np.eye(beta.size)), evidence, scales)


def fit(rows: Rows, y: Vector, pool: Pool, scales: tuple[float, float] | None = None) -> Fit:
    """Return the posterior with the scales over patrons that the data choose by marginal likelihood.

    Parameters
    ----------
    rows, y
        Design and outcome.
    pool
        The layout of the coefficients.
    scales
        Take these in place of the best.
    """
    mean = pool.mean()
    fits, start = [], mean
    for pair in [scales] if scales else pool.scales():
        fits.append(fit_given(rows, y, mean, pool.sd(pair), pair, start))
        start = fits[-1].mean
    return best(fits)


def log_scores(fitted: Fit, rows: Rows, y: Vector) -> Vector:
    """Return the log of the chance that the posterior gave to what happened, row by row."""
    middle, variance = rows.predict(fitted)
    eta = middle[:, None] + np.sqrt(variance)[:, None] * NODES
    stays = (np.exp(-np.exp(np.clip(eta, LOWEST, HIGHEST))) * WEIGHTS).sum(axis=1) / WEIGHTS.sum()
    tiny = 1e-300
    return np.where(y > 0.0, np.log(np.maximum(1.0 - stays, tiny)), np.log(np.maximum(stays, tiny)))
