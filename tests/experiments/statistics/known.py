"""Functions whose answer is known, run through the same sampling and analysis as a sweep."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
import pandas as pd
from numpy.typing import NDArray

Numbers = NDArray[np.float64]

ISHIGAMI_S1 = {"x1": 0.313905, "x2": 0.442411, "x3": 0.0}
ISHIGAMI_ST = {"x1": 0.557589, "x2": 0.442411, "x3": 0.243684}
"""Ishigami & Homma 1990 with a = 7 and b = 0.1; variances in closed form."""


def ishigami(x: Numbers) -> Numbers:
    """Return Ishigami's function of three angles."""
    value: Numbers = np.sin(x[:, 0]) + 7.0 * np.sin(x[:, 1]) ** 2 + 0.1 * x[:, 2] ** 4 * np.sin(x[:, 0])
    return value


def ishigami_bounds() -> list[list[float]]:
    return [[-math.pi, math.pi]] * 3


G_WEIGHTS = np.array([0.0, 1.0, 4.5, 9.0, 99.0])


def g_function(x: Numbers) -> Numbers:
    """Return Sobol's g-function: the smaller the weight, the more a factor matters."""
    value: Numbers = ((np.abs(4.0 * x - 2.0) + G_WEIGHTS) / (1.0 + G_WEIGHTS)).prod(axis=1)
    return value


def g_first_order() -> Numbers:
    """Return the first-order indices of the g-function, in closed form."""
    parts = 1.0 / (3.0 * (1.0 + G_WEIGHTS) ** 2)
    first: Numbers = parts / ((1.0 + parts).prod() - 1.0)
    return first


def results(
    points: Numbers, function: Callable[[Numbers], Numbers], *, replicates: int = 1, scenario: str = "base"
) -> pd.DataFrame:
    """Return rows as the runner writes them; what a replicate adds is the same at all points."""
    count = len(points)
    frame = pd.DataFrame(
        {
            "scenario": scenario,
            "point": np.tile(np.arange(count), replicates),
            "replicate": np.repeat(np.arange(replicates), count),
        }
    )
    for index, column in enumerate(points.T):
        frame[f"x:x{index + 1}"] = np.tile(column, replicates)
    luck = np.repeat(np.linspace(-1.0, 1.0, replicates) if replicates > 1 else np.zeros(1), count)
    frame["y"] = np.tile(function(points), replicates) + luck
    return frame
