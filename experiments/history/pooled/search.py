"""Search for the peaks of a posterior in standard normal coordinates, so that sampling need not find them by chance.

Where data say much of many parameters, hardly a point of the prior lies near the posterior. Each peak is climbed by
the method of scoring with the outer product of the gradients of single observations in place of the curvature
(Berndt, Hall, Hall & Hausman 1974, *Annals of Economic and Social Measurement* 3:653), damped until a step goes up.
Where priors have mass at zero, there is a peak for each mechanism present and for it absent.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from papertiger.experiments.history.calibrate.priors import Spiked
from papertiger.experiments.history.pooled.sampler import PLAIN, Mixture, Proposal, first_points

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from papertiger.experiments.history.pooled.coordinates import Coordinates

STARTS = 32
"""Points of the prior of which the best is where the first climb begins."""
STEPS = 25
ENOUGH = 0.05
"""A step that gains less than this many nats is the last."""
LITTLE = 1e-3
"""By how much a coordinate is changed to see what it does."""
INSIDE = 0.05
"""How far from the edge of the mass at zero a climb stays."""
WIDER = 1.3
"""Variances of what is drawn around a peak, against those that its curvature says."""


@dataclass(frozen=True)
class Peak:
    """Hold a peak.

    Attributes
    ----------
    point
        Where it is, length D.
    cover
        Covariance that its curvature says, D x D.
    height
        Logarithm of likelihood times prior, but for a constant.
    """

    point: NDArray[np.float64]
    cover: NDArray[np.float64]
    height: float


def around(peaks: list[Peak]) -> Proposal:
    """Return a proposal that is drawn around peaks, in equal shares.

    Parameters
    ----------
    peaks
        At least one.
    """
    dimensions = len(peaks[0].point)
    factors = np.linalg.cholesky(np.stack([WIDER * peak.cover for peak in peaks]))
    share = np.full(len(peaks), 1.0 / len(peaks))
    return Proposal(dimensions, (Mixture(PLAIN, share, np.stack([peak.point for peak in peaks]), factors),))


def search(
    coordinates: Coordinates, log_steps: Callable[[NDArray[np.float64]], NDArray[np.float64]], seed: int
) -> list[Peak]:
    """Return a peak for each choice of mechanisms that are present.

    Parameters
    ----------
    coordinates
        What is learned.
    log_steps
        From a point, length D, to the log likelihood of each observation.
    seed
        Of the points of the prior.
    """
    edges = spike_edges(coordinates)
    drawn = first_points(len(coordinates.names), STARTS, seed, 0)
    best = drawn[np.argmax([float(log_steps(point).sum()) for point in drawn])]
    peaks: list[Peak] = []
    for present in itertools.product((True, False), repeat=len(edges)):
        start, low = best.copy(), np.full(len(best), -np.inf)
        held = np.zeros(len(best), dtype=np.bool_)
        for (column, edge), there in zip(edges.items(), present, strict=True):
            if there:
                low[column] = edge + INSIDE
                start[column] = max(start[column], edge + 0.5)
            else:
                # Below the edge only the prior says anything: its mean there is as good a place as any.
                held[column], start[column] = True, edge - 0.8
        peaks.append(climb(log_steps, start, low, held))
        best = peaks[0].point
    return peaks


def spike_edges(coordinates: Coordinates) -> dict[int, float]:
    """Return the coordinates whose priors have mass at zero, with where that mass ends, by their numbers."""
    from scipy.special import ndtri  # noqa: PLC0415 - slow to import

    edges: dict[int, float] = {}
    for number, (kind, path, _) in enumerate(coordinates.names):
        prior = coordinates.scales[path] if kind == "scale" else coordinates.priors[path]
        if kind in ("shared", "mean", "scale") and isinstance(prior, Spiked):
            edges[number] = float(ndtri(prior.zero))
    return edges


def climb(
    log_steps: Callable[[NDArray[np.float64]], NDArray[np.float64]],
    start: NDArray[np.float64],
    low: NDArray[np.float64],
    held: NDArray[np.bool_],
) -> Peak:
    """Return the peak that a climb from a point comes to.

    Parameters
    ----------
    log_steps
        As `search` takes it.
    start
        Where it begins, length D.
    low
        Least value of each coordinate.
    held
        Coordinates that stay where they are.
    """
    point, now = start, log_steps(start)
    damping, moving = 1.0, np.flatnonzero(~held)
    curvature, fresh = np.eye(len(point)), True
    slope = np.zeros(len(point))
    for _ in range(STEPS):
        if fresh:
            slope, curvature = _shape(log_steps, point, now, moving)
        step = np.linalg.solve(curvature + damping * np.diag(np.diag(curvature)), slope)
        there = np.maximum(point + step, low)
        then = log_steps(there)
        gain = _height(there, then) - _height(point, now)
        fresh = gain > 0.0
        if not fresh:
            damping *= 5.0
        # Far from the peak single gradients are large, so that the curvature is taken for more than it is.
        while fresh:
            point, now = there, then
            damping, step = max(damping / 5.0, 1e-4), 2.0 * step
            there = np.maximum(point + step, low)
            then = log_steps(there)
            if _height(there, then) - _height(point, now) < ENOUGH:
                break
        if abs(gain) < ENOUGH:
            break
    _, curvature = _shape(log_steps, point, now, moving)
    return Peak(point, np.linalg.inv(curvature), _height(point, now))


def _height(point: NDArray[np.float64], steps: NDArray[np.float64]) -> float:
    return float(steps.sum() - 0.5 * point @ point)


def _shape(
    log_steps: Callable[[NDArray[np.float64]], NDArray[np.float64]],
    point: NDArray[np.float64],
    now: NDArray[np.float64],
    moving: NDArray[np.intp],
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return the slope of the logarithm of likelihood times prior, and its curvature by the outer product."""
    each = np.zeros((len(now), len(point)))
    for column in moving:
        beside = point.copy()
        beside[column] += LITTLE
        each[:, column] = (log_steps(beside) - now) / LITTLE
    slope = each.sum(axis=0) - point
    slope[np.setdiff1d(np.arange(len(point)), moving)] = 0.0
    return slope, each.T @ each + np.eye(len(point))
