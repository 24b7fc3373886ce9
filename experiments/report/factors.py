"""Say what a factor was varied over, as it was declared and not as it happened to be drawn."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from papertiger.scenarios.schema.figures import Distribution

if TYPE_CHECKING:
    from papertiger.experiments.run.results import Results


class Varied(NamedTuple):
    """Hold the range of a factor: its ends, and the same in words."""

    low: float
    high: float
    text: str


def varied_over(results: Results, factor: str) -> Varied:
    """Return what a factor was varied over.

    Parameters
    ----------
    results
        Of an experiment with a design.
    factor
        Its name in the rows.
    """
    points = results.points
    column = points.values[:, points.names.index(factor)]
    drawn = column[np.isfinite(column)]
    low, high = (float(drawn.min()), float(drawn.max())) if len(drawn) else (math.nan, math.nan)
    declared = results.experiment.vary.get(factor)
    if declared is not None and declared.levels is not None:
        return _choices(declared.levels)
    distribution = _distribution(results, factor)
    if distribution is None:
        return Varied(low, high, f"{low:.4g} to {high:.4g}")
    family, numbers = distribution.family, distribution.numbers
    if family == "choice":
        return _choices(numbers)
    if family in ("uniform", "loguniform"):
        return Varied(numbers[0], numbers[1], f"{numbers[0]:g} to {numbers[1]:g} ({family})")
    given = ", ".join(f"{number:g}" for number in numbers)
    return Varied(low, high, f"{family} ({given}); drawn from {low:.3g} to {high:.3g}")


def _choices(values: tuple[float, ...]) -> Varied:
    return Varied(min(values), max(values), ", ".join(f"{value:g}" for value in values))


def _distribution(results: Results, factor: str) -> Distribution | None:
    """Return the distribution that a factor was drawn from: its own, or the prior of the figure that it is."""
    declared = results.experiment.vary.get(factor)
    if declared is not None and declared.distribution is not None:
        return declared.distribution
    path = results.points.paths[results.points.names.index(factor)]
    for world in results.worlds.values():
        figure: Any = world
        for step in path.split("."):
            figure = figure.get(step) if isinstance(figure, dict) else getattr(figure, step, None)
        prior = getattr(figure, "prior", None)
        if isinstance(prior, Distribution):
            return prior
    return None
