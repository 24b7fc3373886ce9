"""Put mass at zero into a prior: a mechanism may be absent, and the data say how likely that is (spike and slab).

Mitchell & Beauchamp 1988, *Journal of the American Statistical Association* 83:1023. The slab is a distribution of
the kinds that figures have; the spike is the value 0 itself.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from pydantic import Field, model_serializer, model_validator

from papertiger.model.sampling import quantile
from papertiger.scenarios.schema.figures import FAMILIES, Distribution
from papertiger.scenarios.schema.values import Finite, Part

if TYPE_CHECKING:
    from numpy.typing import NDArray


class Prior(Part):
    """Say what is believed of a free parameter: ``zero``, the probability that it is 0, and else a distribution."""

    zero: Finite = Field(default=0.0, ge=0.0, lt=1.0, description="probability that the parameter is 0")
    distribution: Distribution | None = Field(
        default=None, description="what it is drawn from otherwise; blank takes the scenario's prior"
    )

    @model_validator(mode="before")
    @classmethod
    def _shorthand(cls, data: Any) -> Any:
        if isinstance(data, Mapping):
            families = {key: data[key] for key in data if key in FAMILIES}
            if families:
                return {**{key: data[key] for key in data if key not in FAMILIES}, "distribution": families}
        return data

    @model_validator(mode="after")
    def _says_something(self) -> Prior:
        if self.distribution is None and self.zero == 0.0:
            raise ValueError("expected 'zero', a distribution, or both")
        return self

    @model_serializer(mode="plain")
    def _as_written(self) -> dict[str, Any]:
        slab = {} if self.distribution is None else self.distribution.model_dump(mode="json", exclude_none=True)
        return {"zero": self.zero, **slab}


@dataclass(frozen=True)
class Spiked:
    """Hold a prior with mass at zero.

    Attributes
    ----------
    slab
        What the parameter is drawn from where it is not 0.
    zero
        Probability that it is 0.
    """

    slab: Distribution
    zero: float


type AnyPrior = Distribution | Spiked


def with_zero(slab: Distribution, zero: float) -> AnyPrior:
    """Return a prior with mass at zero, or the distribution itself where there is none."""
    return Spiked(slab, zero) if zero > 0.0 else slab


def prior_quantile(prior: AnyPrior, probability: float) -> float:
    """Return the quantile of a prior; the spike takes the lowest probabilities, whatever the slab.

    Parameters
    ----------
    prior
        A distribution, or one with mass at zero.
    probability
        0 <= probability < 1.

    Examples
    --------
    >>> half = Spiked(Distribution(uniform=(1.0, 3.0)), 0.5)
    >>> prior_quantile(half, 0.2), prior_quantile(half, 0.75)
    (0.0, 2.0)
    """
    if isinstance(prior, Distribution):
        return quantile(prior, probability)
    if probability < prior.zero:
        return 0.0
    return quantile(prior.slab, min((probability - prior.zero) / (1.0 - prior.zero), 1.0 - 1e-16))


def prior_quantiles(prior: AnyPrior, probability: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return many quantiles of a prior at once; see `prior_quantile`, which they equal but for rounding.

    Parameters
    ----------
    prior
        A distribution, or one with mass at zero.
    probability
        0 <= probability < 1, of any shape.
    """
    from scipy.special import betaincinv, ndtr, ndtri  # noqa: PLC0415 - slow to import

    if isinstance(prior, Spiked):
        left = np.clip((probability - prior.zero) / (1.0 - prior.zero), 0.0, 1.0 - 1e-16)
        return np.where(probability < prior.zero, 0.0, prior_quantiles(prior.slab, left))
    numbers = np.array(prior.numbers)
    match prior.family:
        case "uniform":
            drawn = numbers[0] + probability * (numbers[1] - numbers[0])
        case "loguniform":
            drawn = numbers[0] * np.exp(probability * np.log(numbers[1] / numbers[0]))
        case "choice":
            drawn = numbers[(probability * len(numbers)).astype(int)]
        case "beta":
            drawn = betaincinv(numbers[0], numbers[1], probability)
        case family:
            middle, spread = numbers
            normal = family == "normal"
            low, high = (-math.inf, math.inf) if prior.within is None else prior.within
            with np.errstate(divide="ignore"):
                ends = np.array([low, high]) if normal else np.log(np.maximum([low, high], 0.0) / middle)
            scores = (ends - (middle if normal else 0.0)) / spread if spread > 0.0 else np.array([-np.inf, np.inf])
            below, until = ndtr(scores)
            level = np.clip(below + probability * (until - below), 1e-16, 1.0 - 1e-16)
            drawn = middle + spread * ndtri(level) if normal else middle * np.exp(spread * ndtri(level))
            drawn = np.clip(drawn, low, high)
    return np.asarray(drawn, dtype=np.float64)
