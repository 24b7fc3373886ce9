"""Intervals: the level that all have where none is given, and the words for what an interval allows to say."""

from __future__ import annotations

import math
from statistics import NormalDist
from typing import Literal

LEVEL = 0.95
"""Coverage of an interval where none is asked for."""
NORMAL = NormalDist()

type Verdict = Literal["higher", "lower", "no clear difference", "no difference", "not comparable"]
"""What an interval of a difference allows to say: a difference either way, one that may be chance, none in any pair
of runs, or nothing, since there is nothing to compare."""


def verdict_of(low: float, high: float, *, changed: float) -> Verdict:
    """Read an interval of a difference.

    ``no difference`` is said only where not one pair differs; an interval that includes zero is ``no clear
    difference``, which is no evidence that there is none.

    Parameters
    ----------
    low, high
        The interval; not a number where there is none.
    changed
        Share of the pairs that differ.
    """
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
    return low > 0.0 or high < 0.0


def normal_quantile(level: float = LEVEL) -> float:
    """Return how many standard errors an interval of a normal estimate reaches to either side.

    >>> round(normal_quantile(0.95), 4)
    1.96
    """
    return NORMAL.inv_cdf((1.0 + level) / 2.0)


def max_differing_share(n: int, level: float = LEVEL) -> float:
    """Return the largest share of runs that may differ where none of so many did.

    The one-sided limit of Clopper & Pearson (1934) for none of n, ``1 - (1 - level) ** (1 / n)``, the exact form of
    the rule of three. A bootstrap cannot tell: it only knows the values that it has seen.
    """
    return 1.0 - float((1.0 - level) ** (1.0 / n))
