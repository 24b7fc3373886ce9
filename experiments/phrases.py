"""Write the phrases of sentences: counts with their noun, shares, signed numbers, lists of names."""

from __future__ import annotations

import math
from collections.abc import Sequence

NARROW = "\u202f"
"""The space between a number and its unit."""
LARGE_EFFECT = 10.0
"""Beyond so many standard deviations nearly every pair differs by the same, and the number says nothing more."""


TERM_WORDS = {
    "protection": "protection from the threat",
    "dependence": "dependence",
    "anchor": "what held it at first",
    "options": "what others offer",
    "autonomy": "price of commitment",
    "patron_threat": "threat from the patron",
    "fear": "fear of retaliation",
    "standing_cost": "cost of standing by the patron",
    "peers": "others that have left",
    "moving_cost": "cost of moving",
    "own_rule": "what your own rule adds",
}
"""What the terms of the utility are called."""


def counted(number: int, noun: str, plural: str | None = None) -> str:
    """Return a count with its noun, in the plural unless it is one.

    >>> counted(1, "scenario"), counted(3, "scenario"), counted(1200, "try", "tries")
    ('1 scenario', '3 scenarios', '1,200 tries')
    """
    return f"{number:,} {noun if number == 1 else plural or noun + 's'}"


def listed(names: Sequence[str], last: str = "and") -> str:
    """Return names as a list in a sentence.

    >>> listed(["a", "b", "c"]), listed(["a", "b"], "or"), listed(["a"])
    ('a, b and c', 'a or b', 'a')
    """
    return f"{', '.join(names[:-1])} {last} {names[-1]}" if len(names) > 1 else "".join(names)


def true_minus(text: str) -> str:
    """Return a written number with a true minus, and without any sign where it reads as zero."""
    bare = text.lstrip("+-")
    zero = bool(bare) and not any(digit in "123456789" for digit in bare)
    return bare if zero else text.replace("-", "\u2212")


def signed(value: float, digits: int = 2) -> str:
    """Return a number with its sign, a true minus, and no sign on what rounds to zero.

    >>> signed(-0.125, 2), signed(-0.001, 2), signed(0.5, 1)
    ('−0.12', '0.00', '+0.5')
    """
    return true_minus(f"{value:+.{digits}f}")


def digits_apart(low: float, high: float, digits: int, most: int = 6) -> int:
    """Return digits enough to write the two ends of an interval so that they are not the same.

    Parameters
    ----------
    low, high
        The ends, as they will be written.
    digits, most
        How many digits it is at least, and at most.

    >>> digits_apart(5.881, 5.884, 2), digits_apart(-1.0, 2.0, 1), digits_apart(3.0, 3.0, 1)
    (3, 1, 1)
    """
    return next((d for d in range(digits, most + 1) if f"{low:.{d}f}" != f"{high:.{d}f}"), digits)


def percent(share: float) -> str:
    r"""Return a share in per cent; 0 and 100 are said of nothing and of all alone.

    >>> percent(0.0), percent(0.001), percent(0.5), percent(0.999), percent(1.0)
    ('0\u202f%', 'less than 1\u202f%', '50\u202f%', 'more than 99\u202f%', '100\u202f%')
    """
    whole = f"{100 * share:.0f}"
    if whole == "0" and share > 0.0:
        return f"less than 1{NARROW}%"
    if whole == "100" and share < 1.0:
        return f"more than 99{NARROW}%"
    return f"{true_minus(whole)}{NARROW}%"


def at_least(alike: float) -> str:
    r"""Return the least share of all pairs that come to the same, as all of those that were run do.

    Parameters
    ----------
    alike
        As `papertiger.experiments.statistics.intervals.min_alike_share` gives it.

    >>> at_least(0.607), at_least(0.99006)
    ('at least 61\u202f%', 'at least 99.01\u202f%')
    """
    others = float(f"{100 * (1.0 - alike):.2g}")
    return f"at least {100 - others:g}{NARROW}%"


def level_in_words(level: float) -> str:
    r"""Return the coverage of an interval.

    >>> level_in_words(0.95)
    '95\u202f%'
    """
    return f"{100 * level:g}{NARROW}%"


def effect_in_words(effect: float) -> str:
    """Return an effect size, where there is spread enough for it to say something.

    >>> effect_in_words(0.5), effect_in_words(950.25), effect_in_words(0.0)
    ('+0.50', 'beyond +10', '–')
    """
    if math.isnan(effect) or effect == 0.0:
        return "–"
    if math.isinf(effect):
        return "no spread"
    if abs(effect) >= LARGE_EFFECT:
        return f"beyond {signed(math.copysign(LARGE_EFFECT, effect), 0)}"
    return signed(effect)


def saving_in_words(saved: float) -> str:
    r"""Return how much of the variance pairing took away; what rounds to zero has no sign.

    >>> saving_in_words(-0.004), saving_in_words(0.8), saving_in_words(float("nan"))
    ('0\u202f%', '80\u202f%', '–')
    """
    return f"{true_minus(f'{100 * saved:.0f}')}{NARROW}%" if math.isfinite(saved) else "–"
