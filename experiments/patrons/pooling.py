"""Pool coefficients over patrons: a shared one, and for each patron a deviation from it with a scale."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise, product
from typing import TYPE_CHECKING, Literal

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    from papertiger.experiments.patrons.plan import Outcome

type Vector = NDArray[np.float64]
type Role = Literal["intercept", "nuisance", "event", "state"]
"""What a column is: nuisance columns are shared by all patrons alike."""


@dataclass(frozen=True)
class Column:
    """Name a column of a design and say what it is."""

    name: str
    role: Role


@dataclass(frozen=True)
class Pool:
    """Lay out the coefficients of a model: shared ones first, then each pooled column's deviations by patron.

    Attributes
    ----------
    columns
        Of the design.
    patrons
        How many there are.
    plan
        Gives the priors.
    """

    columns: tuple[Column, ...]
    patrons: int
    plan: Outcome

    @cached_property
    def pooled(self) -> tuple[int, ...]:
        """Return the places of the columns whose coefficients differ by patron."""
        return tuple(place for place, one in enumerate(self.columns) if one.role != "nuisance")

    @cached_property
    def size(self) -> int:
        """Return how many coefficients there are."""
        return len(self.columns) + len(self.pooled) * self.patrons

    def map_to(self, patron: int) -> NDArray[np.float64]:
        """Return the matrix from all coefficients to those of the columns for one patron: shared and deviation."""
        k = len(self.columns)
        chosen = np.zeros((k, self.size))
        chosen[range(k), range(k)] = 1.0
        for number, place in enumerate(self.pooled):
            chosen[place, k + number * self.patrons + patron] = 1.0
        return chosen

    def mean(self) -> Vector:
        """Return the prior mean of each coefficient."""
        mean = np.zeros(self.size)
        for place, one in enumerate(self.columns):
            if one.role == "intercept":
                mean[place] = self.plan.intercept.mean
        return mean

    def sd(self, scales: tuple[float, float]) -> Vector:
        """Return the prior standard deviation of each, given the scales of intercepts and of effects over patrons."""
        own = {
            "intercept": self.plan.intercept.sd,
            "nuisance": 1.0,
            "event": self.plan.event_sd,
            "state": self.plan.state_sd,
        }
        shared = [own[one.role] for one in self.columns]
        apart = [
            scales[0] if self.columns[place].role == "intercept" else scales[1]
            for place in self.pooled
            for _ in range(self.patrons)
        ]
        return np.array(shared + apart)

    def scales(self) -> Iterator[tuple[float, float]]:
        """Yield the pairs of scales that the data choose among."""
        effects = any(self.columns[place].role != "intercept" for place in self.pooled)
        grid = self.plan.patron_effect_sd if effects else self.plan.patron_effect_sd[:1]
        yield from product(self.plan.patron_intercept_sd, grid)

    def of_patron(self, place: int, patron: int) -> tuple[int, int]:
        """Return where the shared coefficient of a column and a patron's deviation from it stand."""
        return place, len(self.columns) + self.pooled.index(place) * self.patrons + patron


@dataclass(frozen=True)
class Fit:
    """Hold a posterior by Laplace's approximation.

    Attributes
    ----------
    mean, cov
        Of the coefficients; for a linear model they are exact.
    evidence
        Log marginal likelihood.
    scales
        Over patrons, of intercepts and of effects.
    """

    mean: Vector
    cov: NDArray[np.float64]
    evidence: float
    scales: tuple[float, float]


@dataclass(frozen=True)
class Rows:
    """Hold the rows of a design, patron by patron, without the many columns of the deviations.

    Attributes
    ----------
    values
        Rows by columns; rows of a patron lie together.
    parts
        The slice of each patron's rows, and the matrix from all coefficients to its own.
    """

    values: NDArray[np.float64]
    parts: tuple[tuple[slice, NDArray[np.float64]], ...]

    @classmethod
    def of(cls, pool: Pool, values: NDArray[np.float64], patron: NDArray[np.int64]) -> Rows:
        """Return rows of a design.

        Parameters
        ----------
        pool
            The layout of the coefficients.
        values
            Rows by columns.
        patron
            Place of each row's patron, rising.
        """
        ends = np.searchsorted(patron, np.arange(pool.patrons + 1))
        return cls(
            values,
            tuple(
                (slice(int(first), int(last)), pool.map_to(place))
                for place, (first, last) in enumerate(pairwise(ends))
                if last > first
            ),
        )

    @classmethod
    def plain(cls, values: NDArray[np.float64]) -> Rows:
        """Return rows whose coefficients nobody deviates from."""
        return cls(values, ((slice(None), np.eye(values.shape[1])),))

    def linear(self, beta: Vector) -> Vector:
        """Return the linear predictor of each row."""
        out = np.empty(self.values.shape[0])
        for where, own in self.parts:
            out[where] = self.values[where] @ (own @ beta)
        return out

    def pull(self, weights: Vector) -> Vector:
        """Return the sum of the rows with weights, on all coefficients."""
        return np.asarray(sum(own.T @ (self.values[where].T @ weights[where]) for where, own in self.parts))

    def gram(self, weights: Vector | None = None) -> NDArray[np.float64]:
        """Return the sum of the rows' outer products with weights, on all coefficients."""
        size = self.parts[0][1].shape[1]
        total = np.zeros((size, size))
        for where, own in self.parts:
            mine = self.values[where]
            weighted = mine if weights is None else mine * weights[where, None]
            total += own.T @ (weighted.T @ mine) @ own
        return total

    def predict(self, fitted: Fit) -> tuple[Vector, Vector]:
        """Return mean and variance of the linear predictor of each row."""
        middle = self.linear(fitted.mean)
        variance = np.empty(middle.size)
        for where, own in self.parts:
            mine = self.values[where]
            variance[where] = np.einsum("ij,ij->i", mine @ (own @ fitted.cov @ own.T), mine)
        return middle, variance


def best(fits: Sequence[Fit]) -> Fit:
    """Return the fit with the largest evidence, of equals the first."""
    return max(fits, key=lambda one: one.evidence)
