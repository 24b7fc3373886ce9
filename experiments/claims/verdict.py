"""Judge an effect by one rule: *works*, *weak*, *absent* or *not testable*.

In this order:

1. *not testable*: the outcome is forced. The twin lies so near that end of the scale to which the claim would push it
   that there is less room than the smallest effect of interest, or fewer than two pairs of runs have something to
   measure, so that no effect could show.
2. *absent*: the effect is not clear, or its sign is not the one that the claim asserts. Clear means that the interval
   of the paired differences leaves out zero; where every pair differs by the same, that it is so in most pairs.
3. *weak*: the sign is right and clear, but the effect is below the smallest one of interest, or it is not gone with
   the mechanism switched off.
4. *works*: neither.

Gone means equivalent to zero (Schuirmann 1987): with the mechanism off the whole interval lies within a margin on
both sides of zero, half of the effect or the smallest effect of interest, whichever is less.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np

from papertiger.experiments.statistics.paired import PairedDifference, paired_difference

if TYPE_CHECKING:
    from numpy.typing import NDArray

ClaimVerdict = Literal["works", "weak", "absent", "not testable"]
WORST_FIRST: tuple[ClaimVerdict, ...] = ("absent", "not testable", "weak", "works")
GONE = 0.5
"""Share of the effect that may at most be left with the mechanism off."""


@dataclass(frozen=True)
class Judged:
    """Give a verdict with its reason.

    Attributes
    ----------
    verdict
        By the rule of this module.
    why
        In words; blank where the effect works.
    """

    verdict: ClaimVerdict
    why: str = ""


def difference(twin: NDArray[np.float64], claimed: NDArray[np.float64], seed: int) -> PairedDifference | None:
    """Return how the claimed world differs from its twin, run by run; None where fewer than two pairs have both."""
    both = ~(np.isnan(twin) | np.isnan(claimed))
    return paired_difference(twin, claimed, seed=seed) if int(both.sum()) > 1 else None


def judge(
    effect: PairedDifference | None,
    off: PairedDifference | None,
    *,
    sign: Literal["higher", "lower"],
    smallest: float,
    top: float | None = 1.0,
) -> Judged:
    """Judge an effect by the rule of this module.

    Parameters
    ----------
    effect
        What the claimed world has more than its twin.
    off
        The same with the mechanism switched off in both.
    sign
        What the claim asserts.
    smallest
        The smallest effect of interest.
    top
        The end of the scale, which begins at 0; None where it has no ends.
    """
    if effect is None:
        return Judged("not testable", "hardly any run has something to measure")
    if _is_forced(effect, sign, smallest, top):
        return Judged("not testable", "the twin lies at the end of the scale already")
    if effect.verdict != sign:
        return Judged("absent", _why_absent(effect))
    size = abs(effect.difference)
    margin = min(smallest, GONE * size)
    left = off is not None and not _lies_within(off, margin)
    reasons = []
    if size < smallest:
        reasons.append(f"smaller than {smallest:g}")
    if left:
        reasons.append("not gone without its mechanism")
    return Judged("weak", ", and ".join(reasons)) if reasons else Judged("works")


def together(verdicts: Iterable[ClaimVerdict]) -> ClaimVerdict | None:
    """Return the verdict on several effects that a claim asserts at once: that of the weakest; None for none."""
    return min(verdicts, key=WORST_FIRST.index, default=None)


def better(verdicts: Iterable[ClaimVerdict | None]) -> ClaimVerdict | None:
    """Return the better of verdicts, of which one suffices; None where there is none."""
    there: list[ClaimVerdict] = [verdict for verdict in verdicts if verdict is not None]
    return max(there, key=WORST_FIRST.index, default=None)


def _is_forced(effect: PairedDifference, sign: str, smallest: float, top: float | None) -> bool:
    if top is None:
        return False
    room = top - effect.mean_a if sign == "higher" else effect.mean_a
    return room < smallest


def _why_absent(effect: PairedDifference) -> str:
    if effect.verdict == "no difference":
        return "no run differs"
    return "no clear effect" if effect.verdict == "no clear difference" else "the wrong sign"


def _lies_within(off: PairedDifference, margin: float) -> bool:
    low, high = (off.difference, off.difference) if math.isnan(off.low) else (off.low, off.high)
    return -margin <= low and high <= margin
