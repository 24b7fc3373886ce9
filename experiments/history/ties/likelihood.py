"""Compute the likelihood of observed shares: a normal reading of the tie, cut off at 0 and 1.

In a year with few deliveries all of them come from one supplier or none do, so that shares pile up at 0 and at 1. The
two-limit model of Tobin (Rosett & Nelson 1975, *Econometrica* 43:141) gives such a pile the probability that lies
beyond the limit, and needs no logit, which has no value there. The standard deviations are not known: each lies on a
grid over its range, and all of the grid is averaged over.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from papertiger.experiments.history.ties.readings import KINDS

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from papertiger.experiments.history.ties.plan import LogRange, ReadingError
    from papertiger.experiments.history.ties.readings import Readings

CELLS = 12
"""Values of each standard deviation on its grid, in the middle of as many equal parts of its logarithm."""
LOG_ROOT = 0.5 * np.log(2.0 * np.pi)


@dataclass(frozen=True)
class ErrorGrid:
    """Hold the standard deviations that a kind of reading may have.

    Attributes
    ----------
    spread
        Of a reading of small volume, length G.
    per_band
        By what it is multiplied for each band above, length G.
    """

    spread: NDArray[np.float64]
    per_band: NDArray[np.float64]

    def of(self, band: NDArray[np.intp]) -> NDArray[np.float64]:
        """Return the standard deviations of some readings, G x R."""
        return np.asarray(self.spread[:, None] * self.per_band[:, None] ** band)


def error_grids(error: ReadingError) -> tuple[ErrorGrid, ...]:
    """Return the grid of each of `KINDS`; trade has no bands."""
    spread, per_band = (values.ravel() for values in np.meshgrid(_cells(error.arms), _cells(error.per_band)))
    economy = _cells(error.economy)
    grids = {"arms": ErrorGrid(spread, per_band), "economy": ErrorGrid(economy, np.ones(len(economy)))}
    return tuple(grids[kind] for kind in KINDS)


def _cells(ends: LogRange) -> NDArray[np.float64]:
    low, high = np.log(ends)
    return np.asarray(np.exp(low + (np.arange(CELLS) + 0.5) / CELLS * (high - low)))


def log_density(
    share: NDArray[np.float64], centre: NDArray[np.float64], spread: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Return the log-likelihood of shares: a density between 0 and 1, a probability at either end.

    Parameters
    ----------
    share
        What was observed, 0 to 1.
    centre
        What it is a reading of.
    spread
        Standard deviation before it is cut off.
    """
    from scipy.special import log_ndtr  # noqa: PLC0415 - slow to import

    inside = -0.5 * ((share - centre) / spread) ** 2 - np.log(spread) - LOG_ROOT
    ends = np.where(share <= 0.0, log_ndtr(-centre / spread), log_ndtr((centre - 1.0) / spread))
    return np.asarray(np.where((share > 0.0) & (share < 1.0), inside, ends))


def log_likelihoods(
    readings: Readings, chosen: NDArray[np.bool_], centres: NDArray[np.float64], grids: tuple[ErrorGrid, ...]
) -> tuple[NDArray[np.float64], ...]:
    """Return the log-likelihood of each kind's chosen shares at every point and every cell of the grid, K x G each.

    Parameters
    ----------
    readings
        What was observed.
    chosen
        Which of them, length R.
    centres
        What each is a reading of, K x R.
    grids
        Of each kind.
    """
    tables = []
    for kind, grid in enumerate(grids):
        places = np.flatnonzero(chosen & (readings.kind == kind))
        table = np.zeros((len(centres), len(grid.spread)))
        spreads = grid.of(readings.band[places])
        for column, place in enumerate(places):
            table += log_density(readings.share[place], centres[:, place, None], spreads[None, :, column])
        tables.append(table)
    return tuple(tables)


def log_means(table: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the logarithm of the mean likelihood over the grid, K."""
    top = table.max(axis=1)
    return np.asarray(top + np.log(np.exp(table - top[:, None]).mean(axis=1)))
