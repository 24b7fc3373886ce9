"""Pool coefficients over patrons: a shared one, and for each patron a deviation from it with a scale."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from itertools import product
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

    def expand(self, design: NDArray[np.float64], patron: NDArray[np.int64]) -> NDArray[np.float64]:
        """Return a design with the columns of the deviations.

        Parameters
        ----------
        design
            Rows by columns.
        patron
            Place of each row's patron.
        """
        member = patron[:, None] == np.arange(self.patrons)
        blocks = [design[:, [place]] * member for place in self.pooled]
        return np.hstack([design, *blocks])

    def mean(self) -> Vector:
        """Return the prior mean of each coefficient."""
        mean = np.zeros(len(self.columns) + len(self.pooled) * self.patrons)
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

    def predict(self, rows: NDArray[np.float64]) -> tuple[Vector, Vector]:
        """Return mean and variance of the linear predictor of each row."""
        return rows @ self.mean, np.einsum("ij,ij->i", rows @ self.cov, rows)


def best(fits: Sequence[Fit]) -> Fit:
    """Return the fit with the largest evidence, of equals the first."""
    return max(fits, key=lambda one: one.evidence)
