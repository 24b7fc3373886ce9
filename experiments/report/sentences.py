"""Say the answer in a sentence: what a comparison says, with its interval, in words that do not say too much."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from papertiger.experiments.phrases import at_least, counted, digits_apart, level_in_words, percent
from papertiger.experiments.statistics.intervals import LEVEL, Verdict, max_differing_share, verdict_of

if TYPE_CHECKING:
    from papertiger.experiments.report.labels import Unit, Words

PLACE = re.compile(r"\{(\w+)\}")
MAX_DIGITS = 15


@dataclass(frozen=True)
class Waiting:
    """Hold what lies behind the restricted means of a measure of time.

    Attributes
    ----------
    event
        What is waited for, as a clause, such as "Alpha is suspended or beyond by its own choice".
    horizon
        Months up to which it is waited for; where the event has not happened by then they count in full.
    baseline, against
        Share of the runs of either scenario in which it happens.
    lost_baseline, lost_against
        Share of the runs in which the regime is lost first, so that it can no longer happen.
    """

    event: str
    horizon: int
    baseline: float
    against: float
    lost_baseline: float = 0.0
    lost_against: float = 0.0

    @property
    def never(self) -> bool:
        """Tell whether it happens in no run of either scenario."""
        return self.baseline == self.against == 0.0

    @property
    def always(self) -> bool:
        """Tell whether it happens in every run of both scenarios."""
        return self.baseline == self.against == 1.0


@dataclass(frozen=True)
class Contrast:
    """Hold a comparison of two scenarios on one measure.

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
    draws
        How many pairs, or groups of pairs that share their luck, were drawn independently of each other; blank
        stands for as many as there are pairs.
    waiting
        What lies behind a measure of time.
    alike
        Where every draw differs by the same, so that there is no interval, the least share of all that do; elsewhere
        None.
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
    draws: int | None = None
    waiting: Waiting | None = None
    alike: float | None = None

    @property
    def verdict(self) -> Verdict:
        """Return what the interval allows to say."""
        if self.pairs == 0:
            return "not comparable"
        return verdict_of(
            self.low,
            self.high,
            changed=float(not self.identical),
            difference=self.difference,
            alike=self.alike,
        )

    @property
    def means(self) -> tuple[float, float]:
        """Return the two means, that of `against` first."""
        return self.mean_against, self.mean_baseline


def sentence(contrast: Contrast, words: Words, baseline: str, against: str, level: float = LEVEL) -> str:
    """Return what a comparison says as one sentence.

    Parameters
    ----------
    contrast
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
        What is said of a time says, too, in how many of the runs the event happens.
    """
    if contrast.verdict == "not comparable":
        return _not_comparable(contrast, words, baseline, against)
    if contrast.waiting is not None and contrast.waiting.never:
        return _never(contrast, contrast.waiting, baseline, against, level)
    said = {
        "no difference": _no_difference,
        "no clear difference": _no_clear_difference,
        "higher": _difference,
        "lower": _difference,
    }[contrast.verdict](contrast, words, baseline, against, level)
    return said if contrast.waiting is None else f"{said} {_waiting(contrast.waiting, baseline, against)}"


def _not_comparable(contrast: Contrast, words: Words, baseline: str, against: str) -> str:
    if contrast.pairs == 0:
        return f"This cannot be answered: no pair of runs of “{against}” and “{baseline}” has {words.text}."
    means = f"{words.unit.written(contrast.mean_against)} and {words.unit.written(contrast.mean_baseline)}"
    return (
        f"This cannot be answered: of “{against}” and “{baseline}” there is {counted(contrast.pairs, 'pair')} of "
        f"runs with the same luck ({means}), from which chance cannot be told."
    )


def _never(contrast: Contrast, waiting: Waiting, baseline: str, against: str, level: float) -> str:
    most = 100 * max_differing_share(contrast.draws or contrast.pairs, level)
    lost = max(waiting.lost_baseline, waiting.lost_against)
    first = f" In up to {percent(lost)} of the runs the regime is lost first." if lost else ""
    return (
        f"There is no time to compare: {waiting.event} in none of the {contrast.pairs:,} pairs of runs of "
        f"“{against}” and “{baseline}” within {counted(waiting.horizon, 'month')}, so that it would in at "
        f"most {most:.2g}\u202f% "
        f"of all runs.{first}"
    )


def _waiting(waiting: Waiting, baseline: str, against: str) -> str:
    """Say how often the event happens, and what is counted where it does not."""
    if waiting.always:
        return f"It happens in every run of both, within {counted(waiting.horizon, 'month')}."
    lost = waiting.lost_against, waiting.lost_baseline
    first = (
        f", those included in which the regime is lost first ({percent(lost[0])} and {percent(lost[1])})"
        if any(lost)
        else ""
    )
    return (
        f"It happens in {percent(waiting.against)} of the runs of “{against}” and in {percent(waiting.baseline)} of "
        f"those of “{baseline}”; the others count with all {counted(waiting.horizon, 'month')} that were looked "
        f"at{first}."
    )


def _no_difference(contrast: Contrast, words: Words, baseline: str, against: str, level: float) -> str:
    most = 100 * max_differing_share(contrast.draws or contrast.pairs, level)
    return (
        f"There is no difference: {words.text} is exactly the same under “{against}” as under “{baseline}” in "
        f"each of the {counted(contrast.pairs, 'pair')} of runs ({words.unit.written(contrast.mean_baseline)}), so "
        f"that at most {most:.2g}\u202f% of all runs would differ."
    )


def _no_clear_difference(contrast: Contrast, words: Words, baseline: str, against: str, level: float) -> str:
    unit = words.unit
    if contrast.alike is not None:
        return (
            f"No difference can be told from chance: between “{against}” and “{baseline}” {words.text} differs by "
            f"{_spaced(_signed(unit, contrast.difference), unit.step)}, {_alike(contrast)}; that is not clearly most "
            "of them."
        )
    low, high = _signed(unit, contrast.low), _signed(unit, contrast.high)
    return (
        f"No difference can be told from chance: between “{against}” and “{baseline}” {words.text} differs by "
        f"{_spaced(_signed(unit, contrast.difference), unit.step)} ({level_in_words(level)} interval {low} to "
        f"{high}, which includes zero; {counted(contrast.pairs, 'pair')} of runs). That is no evidence that "
        "there is none."
    )


def _difference(contrast: Contrast, words: Words, baseline: str, against: str, level: float) -> str:
    unit, band = words.unit, f"{level_in_words(level)} interval"
    direction = unit.more if contrast.verdict == "higher" else unit.less
    if contrast.alike is not None:
        digits, interval = _digits(unit, abs(contrast.difference)), _alike(contrast)
    else:
        sizes = sorted((abs(contrast.low), abs(contrast.high)))
        digits = _digits(unit, sizes[0])
        digits = digits_apart(sizes[0] * unit.scale, sizes[1] * unit.scale, digits, MAX_DIGITS)
        low, high = (unit.number(end, digits) for end in sizes)
        interval = f"{band} {low} to {high}" if low != high else f"the {band} has no width to speak of"
    size = _spaced(unit.number(abs(contrast.difference), digits), unit.step, direction)
    means = contrast.means
    # Two means that differ are not written alike.
    enough = next(
        (d for d in range(digits, MAX_DIGITS) if len({unit.number(mean, d) for mean in means}) == 2), digits
    )
    shown = [unit.written(mean, enough) for mean in means]
    if contrast.waiting is not None:
        shares = (contrast.waiting.against, contrast.waiting.baseline)
        shown = ["never" if share == 0.0 else mean for mean, share in zip(shown, shares, strict=True)]
    return (
        f"Under “{against}” {words.text} is {size} than under “{baseline}” ({interval}): {' against '.join(shown)}."
    )


def _alike(contrast: Contrast) -> str:
    """Say how sure a difference is that comes to the same in every draw, from which no interval can be made."""
    draws = contrast.draws or contrast.pairs
    where = counted(draws, "pair") + " of runs"
    if draws != contrast.pairs:
        where = counted(draws, "group") + " of pairs of runs that share their luck"
    return f"the same in each of the {where}, and so in {at_least(contrast.alike or 0.0)} of all"


def filled(template: str, contrast: Contrast, words: Words, baseline: str, against: str) -> str:
    """Fill the places of a sentence that an experiment file gives.

    Parameters
    ----------
    template
        A sentence with places such as ``{difference}``; what it does not know it leaves as it is.
    contrast, words, baseline, against
        As for `sentence`.

    Returns
    -------
    str
        The sentence. Only whole names are filled in, so that a file can reach nothing else.
    """
    unit = words.unit
    direction = {"higher": unit.more, "lower": unit.less}.get(contrast.verdict, "different")
    waiting = contrast.waiting
    shares = (None, None) if waiting is None else (waiting.against, waiting.baseline)
    values = {
        "baseline": baseline,
        "against": against,
        "measure": words.text,
        "difference": _signed(unit, contrast.difference),
        "size": unit.number(abs(contrast.difference)),
        "direction": direction,
        "unit": unit.step,
        "low": "–" if math.isnan(contrast.low) else _signed(unit, contrast.low),
        "high": "–" if math.isnan(contrast.high) else _signed(unit, contrast.high),
        "mean_baseline": _mean(unit, contrast.mean_baseline, shares[1]),
        "mean_against": _mean(unit, contrast.mean_against, shares[0]),
        "pairs": f"{contrast.pairs:,}",
    }
    return PLACE.sub(lambda place: values.get(place[1], place[0]), template)


def _mean(unit: Unit, mean: float, share: float | None) -> str:
    """Return a mean; of a time that comes in no run, that it never does."""
    return "never" if share == 0.0 else unit.written(mean)


def brief(contrast: Contrast, words: Words, about: str) -> str:
    """Return what a comparison says as a line of a list.

    Parameters
    ----------
    contrast, words
        The comparison, and its measure in words.
    about
        What the line is about, be it a scenario or a measure; the rest is understood.
    """
    unit, verdict = words.unit, contrast.verdict
    start = f"{about}: "
    if verdict == "not comparable":
        return f"{start}cannot be compared"
    if contrast.waiting is not None and contrast.waiting.never:
        return f"{start}never happens in either"
    if verdict == "no difference":
        return f"{start}no difference in any pair of runs"
    alike = contrast.alike is not None
    if verdict == "no clear difference":
        size = _spaced(_signed(unit, contrast.difference), unit.step)
        how = _alike(contrast) if alike else f"[{_signed(unit, contrast.low)}, {_signed(unit, contrast.high)}]"
        return f"{start}no difference that can be told from chance, {size}{',' if alike else ''} {how}"
    smallest = abs(contrast.difference) if alike else min(abs(contrast.low), abs(contrast.high))
    digits = _digits(unit, smallest)
    if not alike:
        digits = digits_apart(contrast.low * unit.scale, contrast.high * unit.scale, digits)
    direction = unit.more if verdict == "higher" else unit.less
    size = _spaced(unit.number(abs(contrast.difference), digits), unit.step)
    if alike:
        return f"{start}{direction} by {size}, {_alike(contrast)}"
    low, high = _signed(unit, contrast.low, digits), _signed(unit, contrast.high, digits)
    return f"{start}{direction} by {size} [{low}, {high}]"


def time_in_words(mean: float, spread: float, happens: float, lost: float, horizon: int, runs: int) -> str:
    r"""Return a mean of times with what lies behind it; a time at which nothing happened is never called one.

    Parameters
    ----------
    mean, spread
        Restricted mean and its standard deviation over runs, in months.
    happens, lost
        Share of the runs in which the event happens, and in which the regime is lost first.
    horizon, runs
        Months looked at, and how many runs there are.

    >>> time_in_words(57.0, 0.0, 0.0, 0.0, 57, 300)
    'never in 300 runs'
    >>> time_in_words(40.0, 3.21, 1.0, 0.0, 57, 300)
    '40.0 months (SD 3.2), in every run'
    >>> time_in_words(50.0, 3.21, 0.5, 0.25, 57, 300)
    '50.0 of 57 months (SD 3.2), restricted: in 50\u202f% of the runs; regime lost first in 25\u202f%'
    """
    first = f"; regime lost first in {percent(lost)}" if lost else ""
    if happens == 0.0:
        return f"never in {counted(runs, 'run')}{first}"
    deviation = f" (SD {spread:.1f})" if math.isfinite(spread) else ""
    if happens == 1.0:
        return f"{mean:.1f} months{deviation}, in every run"
    return (
        f"{mean:.1f} of {counted(horizon, 'month')}{deviation}, restricted: in {percent(happens)} of the runs{first}"
    )


def _spaced(*parts: str) -> str:
    return " ".join(part for part in parts if part)


def _digits(unit: Unit, size: float) -> int:
    """Return digits enough to write the smaller end of an interval that leaves out zero as more than zero."""
    digits = unit.digits
    while digits < MAX_DIGITS and float(f"{size * unit.scale:.{digits}f}") == 0:
        digits += 1
    return digits


def _signed(unit: Unit, value: float, digits: int | None = None) -> str:
    text = unit.number(value, digits)
    return text if text.startswith("−") or float(text) == 0 else f"+{text}"
