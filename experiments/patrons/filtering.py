"""Filter closeness: a linear Gaussian state space of every dyad at once, whitened for regression.

With given scales the filter turns readings into independent ones of variance 1, and every column of a design with
them, so that effects are learned by ridge regression and their posterior is exact (de Jong 1991).
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from papertiger.experiments.patrons.pooling import Vector

type Array = NDArray[np.float64]


@dataclass(frozen=True)
class Scales:
    """Hold the scales of the state space.

    Attributes
    ----------
    keep
        Share of the latent that is left after a year; its variance is 1.
    loadings
        Of the indicators on the latent, words first and arms last.
    keep_words, sd_words
        Of the slow part that words have of their own, in units of the latent.
    keep_arms, sd_arms
        The same of arms, in units of the share.
    noise, offsets
        Standard deviations of each indicator's noise and of its offset by dyad.
    """

    keep: float
    loadings: tuple[float, ...]
    keep_words: float
    sd_words: float
    keep_arms: float
    sd_arms: float
    noise: tuple[float, ...]
    offsets: tuple[float, ...]

    def free(self) -> Vector:
        """Return them as numbers without bounds; a loading of words is above 0, that of arms may be any."""
        parts: list[float] = []
        for one in fields(self):
            value = getattr(self, one.name)
            if one.name.startswith("keep"):
                parts.append(float(np.log(value / (1.0 - value))))
            elif one.name == "loadings":
                parts += [float(np.log(each)) for each in value[:-1]] + [float(value[-1])]
            else:
                parts += [float(np.log(each)) for each in np.atleast_1d(value)]
        return np.array(parts)

    @classmethod
    def bound(cls, free: Vector, indicators: int) -> Scales:
        """Return the scales that such numbers stand for."""
        n = indicators
        share = [float(1.0 / (1.0 + np.exp(-free[place]))) for place in (0, n + 1, n + 3)]
        up = [float(one) for one in np.exp(free)]
        return cls(
            share[0],
            (*up[1:n], float(free[n])),
            share[1],
            up[n + 2],
            share[2],
            up[n + 4],
            tuple(up[n + 5 : 2 * n + 5]),
            tuple(up[2 * n + 5 : 3 * n + 5]),
        )


def start(indicators: int) -> Scales:
    """Return scales to begin a search with."""
    return Scales(0.9, (*[0.6] * (indicators - 1), 0.2), 0.5, 0.4, 0.7, 0.5, (0.4,) * indicators, (0.5,) * indicators)


@dataclass(frozen=True)
class StateSpace:
    """Hold the matrices of the state space of given scales.

    The state is the latent and the slow part of arms over the years of the window, the slow part of words, and the
    offset of each indicator.

    Attributes
    ----------
    transition, shocks, first
        Of the state: what is kept, the covariance of what is new, and that of the first year.
    readings
        Of each indicator on the state.
    noise
        Variance of each indicator.
    window
        Years over which the last indicator is a mean.
    """

    transition: Array
    shocks: Array
    first: Array
    readings: Array
    noise: Vector
    window: int

    def ahead(self, covariance: Array) -> Array:
        """Return covariances a year later: what is remembered moves on, and only three places are new."""
        w = self.window
        size = covariance.shape[-1]
        fresh = [0, w, 2 * w]
        source = np.arange(size)
        source[1:w] = np.arange(w - 1)
        source[w + 1 : 2 * w] = np.arange(w, 2 * w - 1)
        factor = np.ones(size)
        factor[fresh] = self.transition[fresh, fresh]
        moved = covariance[:, source[:, None], source[None, :]] * np.outer(factor, factor)
        moved[:, fresh, fresh] += self.shocks[fresh, fresh]
        return np.asarray(moved)

    @classmethod
    def of(cls, scales: Scales, window: int) -> StateSpace:
        """Return the matrices.

        Parameters
        ----------
        scales
            Of the state space.
        window
            Years over which the last indicator is a mean.
        """
        n, w = len(scales.loadings), window
        size = 2 * w + 1 + n
        transition, shocks, first = (np.zeros((size, size)) for _ in range(3))
        lags = np.abs(np.subtract.outer(np.arange(w), np.arange(w)))
        for place, keep, variance in ((0, scales.keep, 1.0), (w, scales.keep_arms, scales.sd_arms**2)):
            transition[place, place] = keep
            transition[range(place + 1, place + w), range(place, place + w - 1)] = 1.0
            shocks[place, place] = variance * (1.0 - keep**2)
            first[place : place + w, place : place + w] = variance * keep**lags
        words = 2 * w
        transition[words, words] = scales.keep_words
        first[words, words] = scales.sd_words**2
        shocks[words, words] = scales.sd_words**2 * (1.0 - scales.keep_words**2)
        readings = np.zeros((n, size))
        for place in range(n):
            offset = words + 1 + place
            transition[offset, offset] = 1.0
            first[offset, offset] = scales.offsets[place] ** 2
            readings[place, offset] = 1.0
            if place < n - 1:
                readings[place, [0, words]] = scales.loadings[place]
            else:
                readings[place, :w] = scales.loadings[place] / w
                readings[place, w : 2 * w] = 1.0 / w
        return cls(transition, shocks, first, readings, np.square(scales.noise), w)


@dataclass(frozen=True)
class Filter:
    """Hold what the filter does to any column: gains and spreads, which no reading moves.

    Attributes
    ----------
    space
        The state space.
    seen
        Dyads by years by indicators: what was read.
    gains, spreads
        By year and indicator, of each dyad; a gain is 0 where nothing was read.
    """

    space: StateSpace
    seen: NDArray[np.bool_]
    gains: Array
    spreads: Array

    @classmethod
    def of(cls, space: StateSpace, seen: NDArray[np.bool_]) -> Filter:
        """Run the recursion of the covariances."""
        dyads, years, n = seen.shape
        size = space.transition.shape[0]
        gains = np.zeros((years, n, dyads, size))
        spreads = np.ones((years, n, dyads))
        covariance = np.broadcast_to(space.first, (dyads, size, size)).copy()
        for t, (at, known) in enumerate(_in_sight(seen)):
            if at.size == 0:
                continue
            current = covariance[at]
            if known.any():
                # Of a dyad that nothing was read of yet the first covariance stands, since it is stationary.
                current[known] = space.ahead(current[known])
            for i in range(n):
                row = space.readings[i]
                cross = current @ row
                spread = cross @ row + space.noise[i]
                gain = np.where(seen[at, t, i, None], cross / spread[:, None], 0.0)
                current -= gain[:, :, None] * cross[:, None, :]
                gains[t, i, at], spreads[t, i, at] = gain, spread
            covariance[at] = current
        return cls(space, seen, gains, spreads)

    def log_determinant(self) -> float:
        """Return the log determinant of the covariance of all readings."""
        return float(np.log(self.spreads.transpose(2, 0, 1)[self.seen]).sum())

    def whiten(self, columns: Array) -> Array:
        """Return columns as independent rows of variance 1.

        Parameters
        ----------
        columns
            Dyads by years by indicators by columns; what was not read does not matter.

        Returns
        -------
        Array
            A row for each reading, in the order of `seen`.
        """
        dyads, _, n, count = columns.shape
        out = np.zeros(columns.shape)
        state = np.zeros((dyads, self.space.transition.shape[0], count))
        given = np.where(self.seen[..., None], columns, 0.0)
        for t, (at, _) in enumerate(_in_sight(self.seen)):
            if at.size == 0:
                continue
            current = np.matmul(self.space.transition, state[at])  # of a dyad without any reading yet it is 0
            for i in range(n):
                surprise = given[at, t, i] - np.matmul(self.space.readings[i], current)
                current += self.gains[t, i, at][:, :, None] * surprise[:, None, :]
                out[at, t, i] = surprise / np.sqrt(self.spreads[t, i, at])[:, None]
            state[at] = current
        return out[self.seen]


def _in_sight(seen: NDArray[np.bool_]) -> Iterator[tuple[NDArray[np.int64], NDArray[np.bool_]]]:
    """Yield for each year the dyads between their first and last reading, and which had their first before."""
    anything = seen.any(axis=2)
    years = anything.shape[1]
    first = np.where(anything.any(axis=1), anything.argmax(axis=1), years)
    last = years - 1 - anything[:, ::-1].argmax(axis=1)
    for t in range(years):
        at = np.flatnonzero((first <= t) & (t <= last))
        yield at, first[at] < t
