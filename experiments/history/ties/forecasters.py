"""Say what each forecaster takes a share to be a reading of: the model's tie, the last share, a line.

A forecast of a training year knows the years before it, one of a test year knows those up to the training's last. How
far readings stray is learned the same way for all, from the training years.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from papertiger.experiments.history.calibrate.importance import effective, resample
from papertiger.experiments.history.ties.likelihood import ErrorGrid, log_likelihoods, log_means

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from papertiger.experiments.history.ties.readings import Readings

ENTRY = "share at entry"
PERSISTENCE = "persistence"
TREND = "linear trend"
BASELINES = (PERSISTENCE, TREND, ENTRY)


@dataclass(frozen=True)
class Forecaster:
    """Hold what a forecaster learned.

    Attributes
    ----------
    name
        As tables call it.
    centres
        What each share is a reading of, K x R: a row for each point of the model, one for a baseline.
    weight
        Of each point and cell of the error grid, by kind, K x G each; each sums to 1.
    log_likelihood
        Of the training years at each point, errors averaged over, K.
    grids
        Of the errors, by kind.
    """

    name: str
    centres: NDArray[np.float64]
    weight: tuple[NDArray[np.float64], ...]
    log_likelihood: NDArray[np.float64]
    grids: tuple[ErrorGrid, ...]

    @property
    def points(self) -> NDArray[np.float64]:
        """Return the weight of each point, K."""
        top = np.exp(self.log_likelihood - self.log_likelihood.max())
        return np.asarray(top / top.sum())

    @property
    def effective(self) -> float:
        """Return the effective number of points."""
        return effective(self.points)

    def draws(self, place: int, kind: int, band: int, count: int) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Return equally likely centres and spreads of one share's forecast.

        Parameters
        ----------
        place, kind
            Which share.
        band
            Of the volume that is expected.
        count
            How many draws.
        """
        weight, grid = self.weight[kind], self.grids[kind]
        taken = resample(weight.ravel(), count)
        point, cell = np.unravel_index(taken, weight.shape)
        return self.centres[point, place], grid.spread[cell] * grid.per_band[cell] ** band


def learn(
    name: str,
    readings: Readings,
    trained: NDArray[np.bool_],
    centres: NDArray[np.float64],
    grids: tuple[ErrorGrid, ...],
) -> Forecaster:
    """Return a forecaster with every point and every error weighted by the likelihood of the training years.

    Parameters
    ----------
    name
        As tables call it.
    readings, trained
        What was observed, and which of it is learned from.
    centres
        What each is a reading of, K x R, by points that are equally likely beforehand.
    grids
        Of the errors, by kind.
    """
    tables = log_likelihoods(readings, trained, centres, grids)
    means = [log_means(table) for table in tables]
    total = np.asarray(sum(means))
    weights = []
    for table, mean in zip(tables, means, strict=True):
        joint = table + (total - mean)[:, None]
        scaled = np.exp(joint - joint.max())
        weights.append(scaled / scaled.sum())
    return Forecaster(name, centres, tuple(weights), total, grids)


def entry_centres(readings: Readings, entry: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the patron's share at each client's entry: nothing ever moves, R."""
    return np.asarray(entry[readings.client, readings.kind])


def persistence_centres(readings: Readings, origin: int, entry: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the last share that a forecast knows, or that at entry where there is none, R.

    Parameters
    ----------
    readings
        What was observed.
    origin
        Last year that a forecast of a later one knows.
    entry
        Shares at entry, N x 2.
    """
    last = readings.last_by(origin)
    return np.where(last >= 0, readings.share[last], entry_centres(readings, entry))


def trend_centres(readings: Readings, origin: int, entry: NDArray[np.float64], least: int) -> NDArray[np.float64]:
    """Return where a line through all shares that a forecast knows leads to, R; with too few of them the last one.

    Parameters
    ----------
    readings
        What was observed.
    origin
        Last year that a forecast of a later one knows.
    entry
        Shares at entry, N x 2.
    least
        Fewest shares that a line is drawn through.
    """
    centres = persistence_centres(readings, origin, entry)
    for place in range(len(readings)):
        known = (
            (readings.client == readings.client[place])
            & (readings.kind == readings.kind[place])
            & (readings.year < readings.year[place])
            & (readings.year <= origin)
        )
        if known.sum() >= least:
            years = readings.year[known] - float(readings.year[place])
            centres[place] = np.polynomial.polynomial.polyfit(years, readings.share[known], 1)[0]
    return centres


def change_centres(
    readings: Readings, origin: int, yearly: NDArray[np.float64], first: int, entry: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Return the last share that a forecast knows plus what the model's tie has changed since, K x R.

    Parameters
    ----------
    readings
        What was observed.
    origin
        Last year that a forecast of a later one knows.
    yearly
        The model's ties, K x Y x N x 2.
    first
        Its first year; before it ties stood as at entry.
    entry
        Shares at entry, N x 2.
    """
    last = readings.last_by(origin)
    now = path_centres(readings, yearly, first, entry)
    then = _ties(readings, yearly, np.where(last >= 0, readings.year[last], readings.year), first, entry)
    return np.where(last >= 0, readings.share[last] + now - then, now)


def path_centres(
    readings: Readings, yearly: NDArray[np.float64], first: int, entry: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Return the model's ties in the year of each share, K x R; arguments as in `change_centres`."""
    return _ties(readings, yearly, readings.year, first, entry)


def _ties(
    readings: Readings, yearly: NDArray[np.float64], year: NDArray[np.intp], first: int, entry: NDArray[np.float64]
) -> NDArray[np.float64]:
    row = np.clip(year - first, 0, yearly.shape[1] - 1)
    there = yearly[:, row, readings.client, readings.kind]
    return np.where(year < first, entry_centres(readings, entry), there)


def usual_bands(readings: Readings, origin: int) -> NDArray[np.intp]:
    """Return the band of volume that a forecast expects: the lower median of what it knows, small if nothing, R.

    The volume of a year is not known before it is over, so that no forecast may use it.
    """
    bands = np.zeros(len(readings), dtype=np.intp)
    for place in range(len(readings)):
        known = (
            (readings.client == readings.client[place])
            & (readings.kind == readings.kind[place])
            & (readings.year <= origin)
        )
        if known.any():
            ordered = np.sort(readings.band[known])
            bands[place] = ordered[(len(ordered) - 1) // 2]
    return bands
