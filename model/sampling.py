"""Figures as numbers: the value that stands in the file, or one draw per run from its distribution."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from papertiger.model import randomness
from papertiger.model.elementary import exp, log
from papertiger.scenarios.checking.actor_keys import actor_key

if TYPE_CHECKING:
    from collections.abc import Mapping

    from papertiger.scenarios.schema.figures import Distribution, Figure
    from papertiger.scenarios.schema.parameters import Posterior


def quantile(distribution: Distribution, probability: float) -> float:
    """Return the quantile of a distribution of a scenario file.

    Truncated to [l, h], a distribution F has the quantile F^-1(F(l) + p (F(h) - F(l))).

    Parameters
    ----------
    distribution
        The distribution; ``lognormal`` is given by its median and the standard deviation of the logarithm.
    probability
        0 <= probability < 1.
    """
    numbers = distribution.numbers
    match distribution.family:
        case "uniform":
            return numbers[0] + probability * (numbers[1] - numbers[0])
        case "loguniform":
            return numbers[0] * exp(probability * log(numbers[1] / numbers[0]))
        case "choice":
            return numbers[int(probability * len(numbers))]
        case "beta":
            from scipy.special import betaincinv  # noqa: PLC0415 - scipy is slow to import

            return float(betaincinv(numbers[0], numbers[1], probability))
        case _:
            return _tailed_quantile(distribution, probability)


def _tailed_quantile(distribution: Distribution, probability: float) -> float:
    """Return the quantile of a normal or lognormal distribution, which may be truncated."""
    from scipy.special import ndtr, ndtri  # noqa: PLC0415 - scipy is slow to import

    middle, spread = distribution.numbers
    if distribution.within is not None:
        below, until = (float(ndtr(_score(distribution, end))) for end in distribution.within)
        probability = below + probability * (until - below)
    score = float(ndtri(min(max(probability, 1e-16), 1.0 - 1e-16)))
    drawn = middle + spread * score if distribution.family == "normal" else middle * exp(spread * score)
    if distribution.within is None:
        return drawn
    # Rounding may carry a draw at an end of the interval a little beyond it.
    return min(max(drawn, distribution.within[0]), distribution.within[1])


def _score(distribution: Distribution, value: float) -> float:
    """Return how many standard deviations a value, or its logarithm, lies from the middle."""
    middle, spread = distribution.numbers
    if distribution.family == "normal":
        return (value - middle) / spread
    return -math.inf if value <= 0.0 else log(value / middle) / spread


def draw_jointly(posterior: Posterior, seed: int, run: int) -> dict[str, float]:
    """Return one row of a table of joint draws, by dotted path.

    Parameters
    ----------
    posterior
        The table; all rows are equally likely.
    seed, run
        Key of the run.
    """
    key = actor_key("posterior")
    u = randomness.uniform(seed, run, 0, key, randomness.PARAMETER, 0)
    row = posterior.values[int(u * len(posterior.values))]
    return dict(zip(posterior.paths, row, strict=True))


class FigureReader:
    """Read figures for one run: the same path, seed and run give the same number.

    Parameters
    ----------
    seed, run
        Key of the run; a bare distribution is drawn once per run.
    values
        Numbers by dotted path that take the place of those of the file, as a design point gives them.
    """

    def __init__(self, seed: int, run: int, values: Mapping[str, float] | None = None) -> None:
        self.seed, self.run, self.values = seed, run, values or {}

    def __call__(self, path: str, figure: Figure) -> float:
        """Return the number of a figure.

        Parameters
        ----------
        path
            Dotted path of the figure in the scenario; the key of its draw.
        figure
            The figure.
        """
        if path in self.values:
            return float(self.values[path])
        if figure.value is not None:
            return float(figure.value)
        assert figure.prior is not None
        key = actor_key(path)
        u = randomness.uniform(self.seed, self.run, 0, key, randomness.PARAMETER, 0)
        return quantile(figure.prior, u)
