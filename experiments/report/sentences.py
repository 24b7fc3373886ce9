"""The answer in a sentence: what a comparison says, with its interval, in words that do not say too much."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from papertiger.experiments.statistics.paired import most_that_may_differ

if TYPE_CHECKING:
    from papertiger.experiments.report.labels import Unit, Words

type Verdict = Literal["more", "less", "unclear", "same", "unknown"]
"""What a comparison found: a difference either way, one that may be chance, none at all, or nothing to compare."""

PLACE = re.compile(r"\{(\w+)\}")


@dataclass(frozen=True)
class Found:
    """One comparison of two scenarios on one measure.

    Attributes
    ----------
    baseline, against
        The two scenarios by label.
    measure
        Name of the measure.
    mean_baseline, mean_against
        Mean of the measure in each.
    difference, low, high
        Mean paired difference, `against` minus `baseline`, and its interval.
    effect_size
        The difference in standard deviations of the paired differences.
    variance_saved
        How much smaller the variance is than without pairing, as a share.
    pairs
        How many pairs of runs were compared.
    identical
        Whether the two runs of every pair agree exactly.
    """

    baseline: str
    against: str
    measure: str
    mean_baseline: float
    mean_against: float
    difference: float
    low: float
    high: float
    effect_size: float
    variance_saved: float
    pairs: int
    identical: bool

    @property
    def verdict(self) -> Verdict:
        """Return what was found."""
        if self.pairs == 0:
            return "unknown"
        if self.identical:
            return "same"
        if self.low > 0:
            return "more"
        if self.high < 0:
            return "less"
        return "unclear"


def sentence(found: Found, words: Words, baseline: str, against: str, level: float = 0.95) -> str:
    """Return what a comparison says as one sentence.

    Parameters
    ----------
    found
        The comparison.
    words
        Its measure in words.
    baseline, against
        The two scenarios in words.
    level
        Of the interval.

    Returns
    -------
    str
        A sentence that names the difference and its interval, or says that there is none or that none can be told.
    """
    unit, verdict = words.unit, found.verdict
    if verdict == "unknown":
        return f"This cannot be answered: no pair of runs of “{against}” and “{baseline}” has {words.text}."
    if verdict == "same":
        return (
            f"There is no difference: {words.text} is exactly the same under “{against}” as under “{baseline}” in "
            f"each of the {found.pairs:,} pairs of runs ({unit.written(found.mean_baseline)}), so that at most "
            f"{100 * most_that_may_differ(found.pairs, level):.2g}\u202f% of all runs would differ."
        )
    band = f"{100 * level:.0f}\u202f% interval"
    if verdict == "unclear":
        low, high = _signed(unit, found.low), _signed(unit, found.high)
        return (
            f"No difference can be told from chance: between “{against}” and “{baseline}” {words.text} differs by "
            f"{_spaced(_signed(unit, found.difference), unit.step)} ({band} {low} to {high}, which includes zero; "
            f"{found.pairs:,} pairs of runs). That is no evidence that there is none."
        )
    direction = unit.more if verdict == "more" else unit.less
    sizes = sorted((abs(found.low), abs(found.high)))
    digits = _digits(unit, sizes)
    size = _spaced(unit.number(abs(found.difference), digits), unit.step, direction)
    low, high = (unit.number(end, digits) for end in sizes)
    interval = f"{band} {low} to {high}" if low != high else f"the {band} has no width to speak of"
    return (
        f"Under “{against}” {words.text} is {size} than under “{baseline}” ({interval}): "
        f"{unit.written(found.mean_against)} against {unit.written(found.mean_baseline)}."
    )


def filled(template: str, found: Found, words: Words, baseline: str, against: str) -> str:
    """Fill the places of a sentence that an experiment file gives.

    Parameters
    ----------
    template
        A sentence with places such as ``{difference}``; what it does not know it leaves as it is.
    found, words, baseline, against
        As for `sentence`.

    Returns
    -------
    str
        The sentence. Only whole names are filled in, so that a file can reach nothing else.
    """
    unit = words.unit
    direction = {"more": unit.more, "less": unit.less}.get(found.verdict, "different")
    values = {
        "baseline": baseline,
        "against": against,
        "measure": words.text,
        "difference": _signed(unit, found.difference),
        "size": unit.number(abs(found.difference)),
        "direction": direction,
        "unit": unit.step,
        "low": _signed(unit, found.low),
        "high": _signed(unit, found.high),
        "mean_baseline": unit.written(found.mean_baseline),
        "mean_against": unit.written(found.mean_against),
        "pairs": f"{found.pairs:,}",
    }
    return PLACE.sub(lambda place: values.get(place[1], place[0]), template)


def brief(found: Found, words: Words, about: str) -> str:
    """Return what a comparison says as a line of a list.

    Parameters
    ----------
    found, words
        The comparison, and its measure in words.
    about
        What the line is about, be it a scenario or a measure; the rest is understood.
    """
    unit = words.unit
    start = f"{about}: "
    if found.verdict == "unknown":
        return f"{start}cannot be compared"
    if found.verdict == "same":
        return f"{start}no difference at all"
    low, high = _signed(unit, found.low), _signed(unit, found.high)
    if found.verdict == "unclear":
        size = _spaced(_signed(unit, found.difference), unit.step)
        return f"{start}no difference that can be told from chance, {size} [{low}, {high}]"
    digits = _digits(unit, sorted((abs(found.low), abs(found.high))))
    direction = unit.more if found.verdict == "more" else unit.less
    size = _spaced(unit.number(abs(found.difference), digits), unit.step)
    return f"{start}{direction} by {size} [{_signed(unit, found.low, digits)}, {_signed(unit, found.high, digits)}]"


def _spaced(*parts: str) -> str:
    return " ".join(part for part in parts if part)


def _digits(unit: Unit, sizes: Sequence[float]) -> int:
    """Return digits enough to write the smaller end of an interval that leaves out zero as more than zero."""
    digits = unit.digits
    while digits < 6 and float(f"{sizes[0] * unit.scale:.{digits}f}") == 0:
        digits += 1
    return digits


def _signed(unit: Unit, value: float, digits: int | None = None) -> str:
    text = unit.number(value, digits)
    return text if text.startswith("−") or float(text) == 0 else f"+{text}"
