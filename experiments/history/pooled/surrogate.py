"""Draw from a cheap stand-in for a posterior, so that nearly every costly evaluation counts.

Near a peak the log likelihood is a quadratic that its curvature gives, and what is left of it is learned from the
points that were evaluated, by a regression on quadratic and cubic terms whose ridge is chosen by leaving points out.
Draws from prior times stand-in are made by importance resampling, which costs nothing; weighed against the true
likelihood they are a sample of the posterior (importance sampling from an emulator; Rasmussen 2003, *Bayesian
Statistics* 7:651, puts a Gaussian process in its place). A share is drawn around the peaks, so that no region that
the stand-in has wrong is left out.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from papertiger.experiments.history.calibrate.importance import effective, resample, weights
from papertiger.experiments.history.pooled.sampler import Proposal, fit_mixture, log_prior
from papertiger.experiments.history.pooled.search import around

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from papertiger.experiments.history.pooled.search import Peak

RIDGES = (1.0, 3.0, 10.0, 30.0, 100.0)
NEAR, FAR = 10.0, 40.0
"""Nats below the best point over which a point's say in the regression falls by e, and from which it has none."""
CHEAP, LAST = 4096, 65_536
"""Points of each round on the stand-in, and of the last one, which draws are taken from."""
ROUNDS = 6
AROUND = 0.1
"""Share that is drawn around the peaks."""
HIGHER = 0.5
"""Nats by which the stand-in may exceed the best point that was evaluated."""


@dataclass(frozen=True)
class StandIn:
    """Hold a stand-in for a log likelihood.

    Attributes
    ----------
    peak
        The highest one.
    precision
        Of the likelihood at the peak, D x D.
    edges
        Where mass at zero ends, by the number of the coordinate.
    regression
        Coefficients of what the quadratic leaves.
    top
        What it never exceeds.
    """

    peak: Peak
    precision: NDArray[np.float64]
    edges: Mapping[int, float]
    regression: NDArray[np.float64]
    top: float

    def __call__(self, points: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return the stand-in at points, length M."""
        quadratic = _quadratic(self.peak, self.precision, _seen(points, self.edges))
        said = quadratic + _terms(points, self.peak, self.edges) @ self.regression
        # Far from the points a cubic may rise; half of the quadratic that the curvature gives bounds it.
        far = quadratic - _quadratic(self.peak, self.precision, self.peak.point[None])
        return np.minimum(said, self.top + np.minimum(0.0, 0.5 * far + NEAR / 3.0))


def fit_stand_in(
    peaks: list[Peak],
    edges: Mapping[int, float],
    points: NDArray[np.float64],
    log_likelihood: NDArray[np.float64],
) -> StandIn:
    """Return the stand-in that is fitted to points.

    Parameters
    ----------
    peaks
        At least one; the first is of all mechanisms present.
    edges
        Where mass at zero ends, by the number of the coordinate.
    points, log_likelihood
        That were evaluated.
    """
    peak = peaks[0]
    precision = np.linalg.inv(peak.cover) - np.eye(len(peak.point))
    best = float(log_likelihood.max())
    near = log_likelihood > best - FAR
    say = np.exp((log_likelihood[near] - best) / NEAR)
    terms = _terms(points[near], peak, edges)
    left = log_likelihood[near] - _quadratic(peak, precision, _seen(points[near], edges))
    fits = []
    for ridge in RIDGES:
        normal = terms.T @ (say[:, None] * terms) + ridge * np.diag([1e-3] + [1.0] * (terms.shape[1] - 1))
        solved = np.linalg.solve(normal, (say[:, None] * terms).T)
        regression = solved @ left
        leverage = np.minimum(np.einsum("mi,im->m", terms, solved), 0.99)
        missed = (left - terms @ regression) / (1.0 - leverage)
        fits.append((float(say @ missed**2), ridge, regression))
    return StandIn(peak, precision, edges, min(fits, key=lambda one: one[:2])[2], best + HIGHER)


@dataclass(frozen=True)
class StandInProposal(Proposal):
    """Draw from prior times stand-in, with a share around the peaks.

    Attributes
    ----------
    stand_in
        In the place of the log likelihood.
    near
        What the share around the peaks is drawn from.
    log_scale
        Logarithm of the integral of prior times stand-in.
    pool
        Points that draws are taken from.
    """

    stand_in: StandIn = field(kw_only=True)
    near: Proposal = field(kw_only=True)
    log_scale: float = field(kw_only=True)
    pool: NDArray[np.float64] = field(kw_only=True)

    @staticmethod
    def of(stand_in: StandIn, peaks: list[Peak], rng: np.random.Generator) -> StandInProposal:
        """Return the proposal of a stand-in.

        Parameters
        ----------
        stand_in, peaks
            As `fit_stand_in` gives and takes them.
        rng
            Of the rounds on the stand-in.
        """
        near = proposal = around(peaks)
        for _ in range(ROUNDS):
            drawn = proposal.draw(CHEAP, rng)
            log = stand_in(drawn) + log_prior(drawn) - proposal.log_density(drawn)
            proposal = fit_mixture(drawn, weights(_tempered(log, 8.0 * near.dimensions) * log), rng)
        drawn = proposal.draw(LAST, rng)
        log = stand_in(drawn) + log_prior(drawn) - proposal.log_density(drawn)
        return StandInProposal(
            near.dimensions,
            stand_in=stand_in,
            near=near,
            log_scale=float(np.logaddexp.reduce(log) - math.log(LAST)),
            pool=drawn[resample(weights(log), LAST // 4)],
        )

    def log_density(self, points: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return the logarithm of the density at points, length M."""
        own = math.log(1.0 - AROUND) + self.stand_in(points) + log_prior(points) - self.log_scale
        return np.asarray(np.logaddexp(own, math.log(AROUND) + self.near.log_density(points)))

    def draw(self, count: int, rng: np.random.Generator) -> NDArray[np.float64]:
        """Return points, count x D."""
        taken = self.pool[rng.choice(len(self.pool), count, replace=False)]
        return np.where((rng.random(count) < AROUND)[:, None], self.near.draw(count, rng), taken)


def _tempered(log: NDArray[np.float64], enough: float) -> float:
    """Return the largest power of weights under which enough points count."""
    powers = np.linspace(1.0, 0.0, 101)
    return float(next(power for power in powers if power == 0.0 or effective(weights(power * log)) >= enough))


def _seen(points: NDArray[np.float64], edges: Mapping[int, float]) -> NDArray[np.float64]:
    """Return points in which a coordinate whose mechanism is absent stands at the edge: the data see no more."""
    seen = points.copy()
    for column, edge in edges.items():
        seen[:, column] = np.maximum(seen[:, column], edge)
    return seen


def _quadratic(peak: Peak, precision: NDArray[np.float64], seen: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the log likelihood that the curvature at the peak gives; the slope there is that of the prior."""
    apart = seen - peak.point
    top = peak.height + 0.5 * float(peak.point @ peak.point)
    return np.asarray(top + apart @ peak.point - 0.5 * np.einsum("md,de,me->m", apart, precision, apart))


def _terms(points: NDArray[np.float64], peak: Peak, edges: Mapping[int, float]) -> NDArray[np.float64]:
    """Return what the regression stands on: 1, whether each mechanism is absent, and powers of the coordinates."""
    own = (_seen(points, edges) - peak.point) / np.sqrt(np.diag(peak.cover))
    rows, columns = np.triu_indices(points.shape[1])
    absent = [(points[:, column] < edge).astype(np.float64) for column, edge in edges.items()]
    products = own[:, rows] * own[:, columns]
    return np.column_stack([np.ones(len(points)), *absent, own, products, own**3 / 3.0])
