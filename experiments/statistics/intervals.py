"""Compute intervals: the level that all have where none is given, and what an interval allows to say."""

from __future__ import annotations

import math
from statistics import NormalDist
from typing import TYPE_CHECKING, Literal

from papertiger.experiments.statistics.arguments import check_figure, check_level, check_numbers
from papertiger.model.randomness import check_whole

if TYPE_CHECKING:
    from numpy.typing import ArrayLike

LEVEL = 0.95
"""Coverage of an interval where none is asked for."""
NORMAL = NormalDist()
MOST = 0.5
"""Share of all pairs beyond which what every pair of a few shows is taken for a difference."""
MAX_COUNT = 2**63 - 1
ROUNDING = 1e-12
"""Relative difference up to which two numbers are the same, but for rounding."""

type Verdict = Literal["higher", "lower", "no clear difference", "no difference", "not comparable"]
"""What an interval of a difference allows to say: a difference either way, one that may be chance, none in any pair
of runs, or nothing, since there is nothing to compare."""


def verdict_of(
    low: float, high: float, *, changed: float, difference: float = math.nan, alike: float | None = None
) -> Verdict:
    """Read an interval of a difference.

    ``no difference`` is said only where not one pair differs; an interval that includes zero is ``no clear
    difference``, which is no evidence that there is none. Where every pair differs by the same there is no interval:
    that is a difference if it is sure of most pairs, and else no clear one.

    Parameters
    ----------
    low, high
        The interval; not a number where there is none.
    changed
        Share of the pairs that differ.
    difference
        By how much every pair differs, where all do by the same.
    alike
        Least share of all pairs that do, see `min_alike_share`; None where they do not.
    """
    low, high = check_figure("low", low, missing=True), check_figure("high", high, missing=True)
    changed, difference = check_figure("changed", changed), check_figure("difference", difference, missing=True)
    if alike is not None:
        alike = check_figure("alike", alike)
        low = high = difference if alike > MOST else 0.0
    if not (math.isfinite(low) and math.isfinite(high)):
        return "not comparable"
    if changed == 0.0:
        return "no difference"
    if low > 0.0:
        return "higher"
    if high < 0.0:
        return "lower"
    return "no clear difference"


def leaves_out_zero(low: float, high: float) -> bool:
    """Tell whether an interval lies on one side of zero."""
    return check_figure("low", low, missing=True) > 0.0 or check_figure("high", high, missing=True) < 0.0


def normal_quantile(level: float = LEVEL) -> float:
    """Return how many standard errors an interval of a normal estimate reaches to either side.

    >>> round(normal_quantile(0.95), 4)
    1.96
    """
    return NORMAL.inv_cdf((1.0 + check_level(level)) / 2.0)


def adjusted(estimate: float, low: float, high: float, count: int, level: float = LEVEL) -> tuple[float, float]:
    """Return an interval that holds for so many comparisons at once, beside the one that holds for itself.

    Šidák (1967, *Journal of the American Statistical Association* 62:626): each is made to the level
    ``level ** (1 / count)``. Either half is stretched by the ratio of normal quantiles, which keeps the skewness that
    the plain interval has, where a bootstrap would need hundreds of thousands of resamples to see such tails.

    Parameters
    ----------
    estimate, low, high
        The estimate and its plain interval.
    count
        Comparisons that are read.
    level
        Coverage of the plain interval, and of all adjusted ones together.
    """
    count = check_whole("count", count, 1, MAX_COUNT)
    stretch = normal_quantile(check_level(level) ** (1.0 / count)) / normal_quantile(level)
    return estimate - stretch * (estimate - low), estimate + stretch * (high - estimate)


def max_differing_share(n: int, level: float = LEVEL) -> float:
    """Return the largest share of runs that may differ where none of so many did.

    The one-sided limit of Clopper & Pearson (1934) for none of n, ``1 - (1 - level) ** (1 / n)``, the exact form of
    the rule of three. A bootstrap cannot tell: it only knows the values that it has seen.
    """
    return 1.0 - min_alike_share(n, level)


def min_alike_share(n: int, level: float = LEVEL) -> float:
    """Return the least share of all runs that come to the same where all of so many did.

    The one-sided limit of Clopper & Pearson (1934) for all of n, ``(1 - level) ** (1 / n)``. It stands where values
    that are all the same have no spread, from which an interval of no width would be made.

    >>> round(min_alike_share(6), 3), round(min_alike_share(300), 3)
    (0.607, 0.99)
    """
    return float((1.0 - check_level(level)) ** (1.0 / check_whole("n", n, 1, MAX_COUNT)))


def all_alike(values: ArrayLike, scale: float = 0.0) -> bool:
    """Tell whether values are all the same, but for rounding.

    Parameters
    ----------
    values
        At least one number.
    scale
        Size of the numbers that they were worked out from, if it is larger than their own.
    """
    given = check_numbers("values", values, "a list of numbers")
    scale = check_figure("scale", scale, 0.0)
    if not len(given):
        raise ValueError("values: expected at least one number, got none")
    low, high = float(given.min()), float(given.max())
    return high - low <= ROUNDING * max(abs(low), abs(high), scale)
