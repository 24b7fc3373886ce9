"""Sample a posterior in standard normal coordinates by adaptive importance.

The first round goes through the prior along a randomised Sobol sequence. Each later one is drawn from mixtures of
Student distributions, in one view of the coordinates or several, that are fitted to all points so far under their
weights, with a share that stays with the prior, so that no region is forgotten; earlier points are weighed against
the mixture of all rounds (Cornuet, Marin, Mira & Robert 2012, *Scandinavian Journal of Statistics* 39:798). Before a
fit is told by enough points, it is made to a tempered likelihood. The second half of the rounds is all drawn from
what the first half came to, and only these points count: a proposal that was fitted to the very points it weighs
finds too little evidence, and the more so the fewer they are.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from papertiger.experiments.history.calibrate.importance import effective, weights

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

FREEDOM = 5
"""Degrees of freedom of the Student distributions: tails that are heavier than those of a posterior."""
FROM_PRIOR = 0.15
"""Share of each later round that is drawn from the prior."""
COMPONENTS = 3
STEPS = 20
"""Of the expectation-maximisation of the mixture."""
LEAST_VARIANCE = 1e-5
FARTHEST = 30.0


@dataclass(frozen=True)
class View:
    """Look at points in other coordinates, in which a posterior may have a simpler shape.

    Attributes
    ----------
    there, back
        From points to the view, and from the view to points, M x D.
    log_stretch
        Logarithm of how much ``there`` stretches volumes, at points, length M.
    """

    there: Callable[[NDArray[np.float64]], NDArray[np.float64]]
    back: Callable[[NDArray[np.float64]], NDArray[np.float64]]
    log_stretch: Callable[[NDArray[np.float64]], NDArray[np.float64]]


PLAIN = View(lambda points: points, lambda points: points, lambda points: np.zeros(len(points)))
"""The coordinates themselves."""


@dataclass(frozen=True)
class Mixture:
    """Hold a mixture of Student distributions in a view.

    Attributes
    ----------
    view
        In which coordinates it stands.
    share
        Of each component, length C; they sum to 1.
    mean, factor
        C x D, and C x D x D: Cholesky factors of the scale matrices.
    """

    view: View
    share: NDArray[np.float64]
    mean: NDArray[np.float64]
    factor: NDArray[np.float64]

    def log_density(self, points: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return the logarithm of the density at points, length M."""
        seen = self.view.there(points)
        parts = [
            math.log(share) + _log_student(seen, mean, factor)
            for share, mean, factor in zip(self.share, self.mean, self.factor, strict=True)
        ]
        return np.asarray(np.logaddexp.reduce(parts, axis=0) + self.view.log_stretch(points))

    def draw(self, count: int, rng: np.random.Generator) -> NDArray[np.float64]:
        """Return points, count x D."""
        normal = rng.standard_normal((count, self.mean.shape[1]))
        wide = np.sqrt(FREEDOM / rng.chisquare(FREEDOM, count))
        chosen = rng.choice(len(self.share), count, p=self.share)
        moved = np.einsum("mde,me->md", self.factor[chosen], normal)
        return self.view.back(self.mean[chosen] + wide[:, None] * moved)


@dataclass(frozen=True)
class Proposal:
    """Hold what a round is drawn from: the prior, and mixtures in equal shares beside it.

    Attributes
    ----------
    dimensions
        How many coordinates there are.
    mixtures
        With none the proposal is the prior itself.
    """

    dimensions: int
    mixtures: tuple[Mixture, ...] = ()

    @property
    def shares(self) -> tuple[float, ...]:
        """Return the shares of the prior and of each mixture."""
        count = len(self.mixtures)
        return (FROM_PRIOR, *((1.0 - FROM_PRIOR) / count,) * count) if count else (1.0,)

    def log_density(self, points: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return the logarithm of the density at points, length M."""
        parts = [log_prior(points), *(mixture.log_density(points) for mixture in self.mixtures)]
        shares = self.shares
        logs = [math.log(share) + part for share, part in zip(shares, parts, strict=True)]
        return np.asarray(np.logaddexp.reduce(logs, axis=0))

    def draw(self, count: int, rng: np.random.Generator) -> NDArray[np.float64]:
        """Return points, count x D.

        Parameters
        ----------
        count
            How many.
        rng
            Where the luck comes from.
        """
        points = rng.standard_normal((count, self.dimensions))
        chosen = rng.choice(len(self.shares), count, p=self.shares)
        for number, mixture in enumerate(self.mixtures, start=1):
            here = chosen == number
            points[here] = mixture.draw(int(here.sum()), rng)
        # Nothing is lost where no number could be told from the next one.
        return np.clip(points, -FARTHEST, FARTHEST)


def first_points(dimensions: int, count: int, seed: int, sequence: int) -> NDArray[np.float64]:
    """Return a randomised Sobol sequence through the prior, count x D.

    Parameters
    ----------
    dimensions, count
        How many coordinates, and how many points, a power of 2.
    seed, sequence
        Key of the randomisation.
    """
    from scipy.special import ndtri  # noqa: PLC0415 - slow to import
    from scipy.stats import qmc  # noqa: PLC0415

    unit = qmc.Sobol(dimensions, rng=np.random.default_rng([seed, sequence])).random(count)
    return np.asarray(ndtri(np.clip(unit, 1e-12, 1.0 - 1e-12)))


def log_prior(points: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the logarithm of the standard normal density, length M."""
    return np.asarray(-0.5 * (points**2).sum(axis=1) - 0.5 * points.shape[1] * math.log(2.0 * math.pi))


def log_ratio(points: NDArray[np.float64], proposals: list[Proposal], counts: list[int]) -> NDArray[np.float64]:
    """Return the logarithm of prior over proposal of points that several rounds drew, length M.

    Parameters
    ----------
    points
        Of all rounds.
    proposals, counts
        What each round was drawn from, and how many points it has.
    """
    whole = sum(counts)
    parts = [math.log(count / whole) + one.log_density(points) for one, count in zip(proposals, counts, strict=True)]
    return np.asarray(log_prior(points) - np.logaddexp.reduce(parts, axis=0))


def fit_proposal(
    points: NDArray[np.float64],
    log_likelihood: NDArray[np.float64],
    ratio: NDArray[np.float64],
    rng: np.random.Generator,
    views: tuple[View, ...] = (PLAIN,),
) -> Proposal:
    """Return the mixtures that are fitted to weighted points, one in each view.

    Parameters
    ----------
    points, log_likelihood, ratio
        All points so far, their log likelihood, and the logarithm of prior over proposal.
    rng
        Chooses where components begin.
    views
        In which coordinates mixtures are fitted.
    """
    weight = weights(_power(points.shape[1], log_likelihood, ratio) * log_likelihood + ratio)
    return Proposal(points.shape[1], tuple(_mixture(view, view.there(points), weight, rng) for view in views))


def fit_mixture(points: NDArray[np.float64], weight: NDArray[np.float64], rng: np.random.Generator) -> Proposal:
    """Return the mixture that is fitted to points under given weights.

    Parameters
    ----------
    points, weight
        The weights sum to 1.
    rng
        Chooses where components begin.
    """
    return Proposal(points.shape[1], (_mixture(PLAIN, points, weight, rng),))


def _mixture(
    view: View, points: NDArray[np.float64], weight: NDArray[np.float64], rng: np.random.Generator
) -> Mixture:
    """Return the mixture that is fitted to weighted points of a view, by expectation-maximisation."""
    counted = weight > weight.max() * 1e-9
    points, weight = points[counted], weight[counted] / weight[counted].sum()
    spread = _covariance(points, weight, weight @ points)
    share = np.full(COMPONENTS, 1.0 / COMPONENTS)
    mean = points[rng.choice(len(points), COMPONENTS, p=weight)]
    cover = np.repeat(spread[None], COMPONENTS, axis=0)
    for _ in range(STEPS):
        log_part = np.stack(
            [math.log(s) + _log_normal(points, m, c) for s, m, c in zip(share, mean, cover, strict=True)], axis=1
        )
        owns = np.exp(log_part - np.logaddexp.reduce(log_part, axis=1)[:, None]) * weight[:, None]
        share = np.maximum(owns.sum(axis=0), 1e-12)
        mean = (owns.T @ points) / share[:, None]
        # A component that few points tell of leans on the spread of all of them.
        lean = [1.0 / (1.0 + effective(own) / (2.0 * points.shape[1])) if own.any() else 1.0 for own in owns.T]
        cover = np.stack(
            [
                (1.0 - part) * _covariance(points, own / total, centre) + part * spread
                for own, total, centre, part in zip(owns.T, share, mean, lean, strict=True)
            ]
        )
        share = share / share.sum()
    return Mixture(view, share, mean, np.linalg.cholesky(cover))


def _power(dimensions: int, log_likelihood: NDArray[np.float64], ratio: NDArray[np.float64]) -> float:
    """Return the largest power of the likelihood under which enough points count to fit a mixture to them."""
    enough = min(0.5 * len(ratio), 8.0 * dimensions)

    def count(power: float) -> float:
        return effective(weights(power * log_likelihood + ratio))

    if count(1.0) >= enough:
        return 1.0
    low, high = 0.0, 1.0
    for _ in range(40):
        middle = (low + high) / 2.0
        low, high = (middle, high) if count(middle) >= enough else (low, middle)
    return low


def _covariance(
    points: NDArray[np.float64], weight: NDArray[np.float64], centre: NDArray[np.float64]
) -> NDArray[np.float64]:
    apart = points - centre
    return np.asarray((weight[:, None] * apart).T @ apart + LEAST_VARIANCE * np.eye(points.shape[1]))


def _log_normal(
    points: NDArray[np.float64], mean: NDArray[np.float64], cover: NDArray[np.float64]
) -> NDArray[np.float64]:
    factor = np.linalg.cholesky(cover)
    far = np.linalg.solve(factor, (points - mean).T)
    return np.asarray(-0.5 * (far**2).sum(axis=0) - np.log(np.diag(factor)).sum())


def _log_student(
    points: NDArray[np.float64], mean: NDArray[np.float64], factor: NDArray[np.float64]
) -> NDArray[np.float64]:
    dimensions = points.shape[1]
    far = (np.linalg.solve(factor, (points - mean).T) ** 2).sum(axis=0)
    half = (FREEDOM + dimensions) / 2.0
    constant = math.lgamma(half) - math.lgamma(FREEDOM / 2.0) - 0.5 * dimensions * math.log(FREEDOM * math.pi)
    return np.asarray(constant - np.log(np.diag(factor)).sum() - half * np.log1p(far / FREEDOM))
