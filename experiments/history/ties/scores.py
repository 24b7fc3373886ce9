"""Score forecasts of a share: a mixture of normals, each cut off at 0 and 1. All scores are losses."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from papertiger.experiments.statistics.intervals import LEVEL, leaves_out_zero

if TYPE_CHECKING:
    from numpy.typing import NDArray

STEPS = 400
"""Steps of the integrals on either side of what came."""
TRIALS = 4000
"""Sets of clients by which the coverage of an interval is simulated."""


def distribution(
    at: NDArray[np.float64], centre: NDArray[np.float64], spread: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Return the probability of a share up to each of some values from 0 to below 1; up to 1 it is 1.

    Parameters
    ----------
    at
        Values, length X.
    centre, spread
        Of the equally likely normals, length M.
    """
    from scipy.special import ndtr  # noqa: PLC0415 - slow to import

    return np.asarray(ndtr((at[:, None] - centre) / spread).mean(axis=1))


def crps(share: float, centre: NDArray[np.float64], spread: NDArray[np.float64]) -> float:
    """Return the continuous ranked probability score, ∫ (F(x) - [x ≥ y])² dx from 0 to 1, in units of the share.

    For a forecast without spread it is the absolute error. Matheson & Winkler 1976, *Management Science* 22:1087.

    Parameters
    ----------
    share
        What came, y.
    centre, spread
        Of the equally likely normals, length M.
    """
    below, above = np.linspace(0.0, share, STEPS + 1), np.linspace(share, 1.0, STEPS + 1)
    total = np.trapezoid(distribution(below, centre, spread) ** 2, below)
    total += np.trapezoid((1.0 - distribution(above, centre, spread)) ** 2, above)
    return float(total)


def median(centre: NDArray[np.float64], spread: NDArray[np.float64]) -> float:
    """Return the median of a forecast, which is the share with the least expected absolute error.

    Parameters
    ----------
    centre, spread
        Of the equally likely normals, length M.
    """
    low, high = 0.0, 1.0
    if distribution(np.array([0.0]), centre, spread)[0] >= 0.5:
        return 0.0
    if distribution(np.array([1.0]), centre, spread)[0] < 0.5:
        return 1.0
    for _ in range(40):
        middle = (low + high) / 2.0
        if distribution(np.array([middle]), centre, spread)[0] < 0.5:
            low = middle
        else:
            high = middle
    return (low + high) / 2.0


@dataclass(frozen=True)
class Gain:
    """Compare two forecasters, client by client.

    Attributes
    ----------
    gain
        Mean over clients of the reference's loss less the forecaster's: above 0 the forecaster is better.
    low, high
        Its interval by Student's t over clients; not numbers where there are fewer than two.
    clients
        How many there are.
    coverage
        How often such an interval covers the mean, if clients were drawn from those that there are.
    """

    gain: float
    low: float
    high: float
    clients: int
    coverage: float

    @property
    def clear(self) -> bool:
        """Return whether the interval lies on one side of zero."""
        return leaves_out_zero(self.low, self.high)


def gain(
    loss: NDArray[np.float64],
    reference: NDArray[np.float64],
    client: NDArray[np.intp],
    seed: int,
    level: float = LEVEL,
) -> Gain:
    """Return what a forecaster gains over a reference, with clients as what is drawn.

    Years of one client hang together, so that each client counts once, with the mean of its years.

    Parameters
    ----------
    loss, reference
        Of the same cases, where less is better.
    client
        Whose case it is.
    seed
        Of the simulated coverage.
    level
        Coverage that is aimed at.
    """
    members = np.unique(client)
    differences = np.array([(reference - loss)[client == one].mean() for one in members])
    count = len(differences)
    mean = float(differences.mean())
    if count < 2:
        return Gain(mean, math.nan, math.nan, count, math.nan)
    factor = _factor(count, level)
    half = factor * float(differences.std(ddof=1)) / math.sqrt(count)
    drawn = differences[np.random.default_rng(seed).integers(0, count, (TRIALS, count))]
    halves = factor * drawn.std(axis=1, ddof=1) / math.sqrt(count)
    covered = np.abs(drawn.mean(axis=1) - mean) <= halves + 1e-12
    return Gain(mean, mean - half, mean + half, count, float(covered.mean()))


def _factor(count: int, level: float) -> float:
    from scipy.stats import t  # noqa: PLC0415 - slow to import

    return float(t.ppf((1.0 + level) / 2.0, count - 1))
