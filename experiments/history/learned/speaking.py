"""Decide of which constants the data speak, by one rule that was said before they did.

The data speak of a constant if what they leave of it, the interval of 90 % of the posterior, is less than half as
wide as the interval of 90 % of its prior. Where they do, the value that ships is held against them: inside that
interval they have nothing against it, outside it they speak for another one.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from papertiger import scenarios
from papertiger.experiments.history.calibrate.plan import paths_of, slabs
from papertiger.experiments.history.calibrate.priors import prior_quantile, with_zero

if TYPE_CHECKING:
    from papertiger.experiments.history.pooled.plan import PooledPlan
    from papertiger.scenarios.posteriors import Draws
    from papertiger.scenarios.schema.scenario import Scenario

LEVELS = (0.05, 0.5, 0.95)
HALF = 0.5
"""Share of the width of the prior's interval below which the data speak."""


@dataclass(frozen=True)
class Constant:
    """Hold what is known of a constant before and after the data.

    Attributes
    ----------
    name
        Of the parameter.
    shipped
        The value of plain runs.
    prior, posterior
        Quantiles of `LEVELS`.
    zero_before, zero
        Probability that it is 0, before and after; 0 where the prior has no mass there.
    """

    name: str
    shipped: float
    prior: tuple[float, float, float]
    posterior: tuple[float, float, float]
    zero_before: float
    zero: float

    @property
    def narrowed(self) -> float:
        """Return the width of the posterior's interval as a share of the prior's."""
        return (self.posterior[2] - self.posterior[0]) / (self.prior[2] - self.prior[0])

    @property
    def narrowed_in_logarithms(self) -> float:
        """Return the same of logarithms; infinite where 0 lies in an interval."""
        if min(self.prior[0], self.posterior[0]) <= 0.0:
            return math.inf
        return math.log(self.posterior[2] / self.posterior[0]) / math.log(self.prior[2] / self.prior[0])

    @property
    def narrow_in_logarithms(self) -> bool:
        """Tell whether less than half is left in logarithms and what ships lies outside: no part of the rule."""
        outside = not self.posterior[0] <= self.shipped <= self.posterior[2]
        return outside and self.narrowed_in_logarithms < HALF

    @property
    def speaks(self) -> bool:
        """Tell whether the data speak of it."""
        return self.narrowed < HALF

    @property
    def against_shipped(self) -> bool:
        """Tell whether the data speak for another value than the one that ships."""
        return self.speaks and not self.posterior[0] <= self.shipped <= self.posterior[2]


def constants_of(plan: PooledPlan, draws: Draws, scenario: Scenario) -> list[Constant]:
    """Return what is known of each constant.

    Parameters
    ----------
    plan
        A pooled calibration whose parameters are all shared.
    draws
        Its posterior, for a patron that is not among those it was learned from.
    scenario
        Whose values ship.
    """
    with_priors = scenarios.change(scenario, slabs(plan.priors))
    zeros = {paths_of((name,))[0]: prior.zero for name, prior in plan.priors.items()}
    values = np.array(draws.values)
    constants = []
    for path, column in zip(draws.paths, values.T, strict=True):
        name = path.partition(".")[2]
        slab = getattr(with_priors.parameters, name).prior
        prior, zero = with_zero(slab, zeros.get(path, 0.0)), zeros.get(path, 0.0)
        before = [prior_quantile(prior, level) for level in LEVELS]
        after = np.quantile(column, LEVELS, method="inverted_cdf")
        constants.append(
            Constant(
                name,
                float(getattr(scenario.parameters, name).value),
                (before[0], before[1], before[2]),
                (float(after[0]), float(after[1]), float(after[2])),
                zero,
                float((column == 0.0).mean()) if zero > 0.0 else 0.0,
            )
        )
    return constants
