"""Lay out what a pooled fit learns as independent standard normal coordinates, and make parameter values of them.

Each parameter has a prior with quantile function Q and, where it is pooled, a scale σ. A coordinate z is standard
normal beforehand. With Φ the standard normal distribution function,

    shared       Q(Φ(z)), one for all patrons
    own          Q(Φ(z_k)), one for each patron k
    pooled       Q(Φ(m + σ d_k)), with m the shared mean, σ = Q_σ(Φ(s)) and d_k a deviation of each patron

so that m, s and the d_k are independent coordinates as well (the non-centred form: Papaspiliopoulos, Roberts & Sköld
2007, *Statistical Science* 22:59), a value never leaves the range of its prior, and where the prior is lognormal the
pooling is of logarithms. Mass at zero of a pooled parameter belongs to the shared mean: the mechanism is absent for
all patrons. Mass at zero of σ means that all have the same value.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from papertiger.experiments.history.calibrate.priors import AnyPrior, Spiked, prior_quantiles

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

LARGEST = 1.0 - 1e-16
LEAST_SCALE = 0.05


class Coordinate(NamedTuple):
    """Name a coordinate: what it does, for which parameter, and of which patron (blank for all)."""

    kind: str
    path: str
    patron: str = ""


@dataclass(frozen=True)
class Coordinates:
    """Hold the coordinates of a pooled fit.

    Attributes
    ----------
    patrons
        Names, length K.
    shared, own, pooled
        Dotted paths of parameters.
    priors
        By path.
    scales
        Priors of σ, by the path of each pooled parameter.
    """

    patrons: tuple[str, ...]
    shared: tuple[str, ...]
    own: tuple[str, ...]
    pooled: tuple[str, ...]
    priors: Mapping[str, AnyPrior]
    scales: Mapping[str, AnyPrior]

    @property
    def paths(self) -> tuple[str, ...]:
        """Return the parameters: shared, own, pooled."""
        return (*self.shared, *self.own, *self.pooled)

    @cached_property
    def names(self) -> tuple[Coordinate, ...]:
        """Return the coordinates, length D."""
        return (
            *(Coordinate("shared", path) for path in self.shared),
            *(Coordinate("mean", path) for path in self.pooled),
            *(Coordinate("scale", path) for path in self.pooled),
            *(Coordinate("own", path, patron) for path in self.own for patron in self.patrons),
            *(Coordinate("deviation", path, patron) for path in self.pooled for patron in self.patrons),
        )

    def _of(self, points: NDArray[np.float64], kind: str, path: str, patron: str = "") -> NDArray[np.float64]:
        return points[:, self.names.index(Coordinate(kind, path, patron))]

    def values(self, points: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return the value of every parameter for every patron, M x K x F.

        Parameters
        ----------
        points
            M x D.
        """
        values = np.empty((len(points), len(self.patrons), len(self.paths)))
        for column, path in enumerate(self.paths):
            for row, patron in enumerate(self.patrons):
                values[:, row, column] = self._value(points, path, patron)
        return values

    def _value(self, points: NDArray[np.float64], path: str, patron: str) -> NDArray[np.float64]:
        if path in self.shared:
            return _quantiles(self.priors[path], self._of(points, "shared", path))
        if path in self.own:
            return _quantiles(self.priors[path], self._of(points, "own", path, patron))
        return self.around_mean(points, path, self._of(points, "deviation", path, patron))

    def around_mean(
        self, points: NDArray[np.float64], path: str, deviation: NDArray[np.float64]
    ) -> NDArray[np.float64]:
        """Return the value of a pooled parameter for a patron with a deviation, length M.

        Parameters
        ----------
        points
            M x D.
        path
            A pooled parameter.
        deviation
            Standard normal beforehand, length M; zeros give the shared mean itself.
        """
        prior, (middle, absent) = self.priors[path], self._middle(points, path)
        slab = prior.slab if isinstance(prior, Spiked) else prior
        return np.where(absent, 0.0, _quantiles(slab, middle + self.scale(points, path) * deviation))

    def _middle(self, points: NDArray[np.float64], path: str) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
        """Return the shared mean on the scale of the slab's normal scores, and where the mechanism is absent."""
        from scipy.special import ndtr, ndtri  # noqa: PLC0415 - slow to import

        prior, mean = self.priors[path], self._of(points, "mean", path)
        if not isinstance(prior, Spiked):
            return mean, np.zeros(len(points), dtype=np.bool_)
        # What the mass at zero leaves of the coordinate is the slab's, as a coordinate of its own.
        level = ndtr(mean)
        absent = level < prior.zero
        within = ndtri(np.clip((level - prior.zero) / (1.0 - prior.zero), 1e-16, LARGEST))
        return np.where(absent, 0.0, within), absent

    def centred(self, points: NDArray[np.float64], *, back: bool = False) -> NDArray[np.float64]:
        """Return points whose deviations are replaced by where the patrons stand, m + σ d, or the other way round.

        Where the data say much of each patron, that is the simpler shape. A scale below `LEAST_SCALE` counts as that,
        so that the way back is always there.

        Parameters
        ----------
        points
            M x D.
        back
            From where the patrons stand to deviations.
        """
        changed = points.copy()
        for path in self.pooled:
            columns = [number for number, name in enumerate(self.names) if name[:2] == ("deviation", path)]
            middle, scale = self._middle(points, path)[0][:, None], self._spread(points, path)[:, None]
            here = points[:, columns]
            changed[:, columns] = (here - middle) / scale if back else middle + scale * here
        return changed

    def log_stretch(self, points: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return the logarithm of how much `centred` stretches volumes, length M."""
        logs = [np.log(self._spread(points, path)) for path in self.pooled]
        return len(self.patrons) * np.sum(logs, axis=0) if logs else np.zeros(len(points))

    def _spread(self, points: NDArray[np.float64], path: str) -> NDArray[np.float64]:
        return np.maximum(self.scale(points, path), LEAST_SCALE)

    def scale(self, points: NDArray[np.float64], path: str) -> NDArray[np.float64]:
        """Return σ of a pooled parameter, length M."""
        return _quantiles(self.scales[path], self._of(points, "scale", path))

    def learned(self, points: NDArray[np.float64]) -> dict[tuple[str, str], NDArray[np.float64]]:
        """Return what a pooled fit learns, by parameter and whose value it is.

        ``all patrons`` is a shared value, ``shared mean`` and ``scale`` are those of a pooled one, and every patron
        has its own value.
        """
        learned: dict[tuple[str, str], NDArray[np.float64]] = {}
        for path in self.shared:
            learned[path, "all patrons"] = self._value(points, path, "")
        for path in self.pooled:
            learned[path, "shared mean"] = self.around_mean(points, path, np.zeros(len(points)))
            learned[path, "scale"] = self.scale(points, path)
        for path in (*self.pooled, *self.own):
            for patron in self.patrons:
                learned[path, patron] = self._value(points, path, patron)
        return learned

    def of_another(self, points: NDArray[np.float64], rng: np.random.Generator) -> NDArray[np.float64]:
        """Return the values of a patron that is not among them, M x F: deviations and own values are drawn anew.

        Parameters
        ----------
        points
            M x D.
        rng
            Where the luck comes from.
        """
        columns = []
        for path in self.paths:
            fresh = rng.standard_normal(len(points))
            if path in self.shared:
                columns.append(self._value(points, path, ""))
            elif path in self.own:
                columns.append(_quantiles(self.priors[path], fresh))
            else:
                columns.append(self.around_mean(points, path, fresh))
        return np.column_stack(columns)

    @property
    def spikes(self) -> int:
        """Return how many priors have mass at zero."""
        return sum(isinstance(prior, Spiked) for prior in (*self.priors.values(), *self.scales.values()))


def _quantiles(prior: AnyPrior, coordinate: NDArray[np.float64]) -> NDArray[np.float64]:
    from scipy.special import ndtr  # noqa: PLC0415 - slow to import

    return prior_quantiles(prior, np.minimum(ndtr(coordinate), LARGEST))
