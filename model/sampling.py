"""Figures as numbers: the value that stands in the file, or one draw per run from its distribution."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from model import randomness

if TYPE_CHECKING:
    from collections.abc import Mapping

    from scenarios.schema import Distribution, Figure, Posterior


def quantile(distribution: Distribution, probability: float) -> float:
    """Return the quantile of a distribution of a scenario file.

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
            return numbers[0] * math.exp(probability * math.log(numbers[1] / numbers[0]))
        case "choice":
            return numbers[int(probability * len(numbers))]
        case "beta":
            from scipy.special import betaincinv  # noqa: PLC0415 - scipy is slow to import

            return float(betaincinv(numbers[0], numbers[1], probability))
        case family:
            from scipy.special import ndtri  # noqa: PLC0415 - scipy is slow to import

            score = float(ndtri(max(probability, 1e-16)))
            if family == "normal":
                return numbers[0] + numbers[1] * score
            return numbers[0] * math.exp(numbers[1] * score)


def draw_jointly(posterior: Posterior, seed: int, run: int) -> dict[str, float]:
    """Return one row of a table of joint draws, by dotted path.

    Parameters
    ----------
    posterior
        The table; all rows are equally likely.
    seed, run
        Key of the run.
    """
    key = randomness.actor_key("posterior")
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
        key = randomness.actor_key(path)
        u = randomness.uniform(self.seed, self.run, 0, key, randomness.PARAMETER, 0)
        return quantile(figure.prior, u)
