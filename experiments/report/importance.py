"""Say which factors matter, by their indices and the intervals of these."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from papertiger.experiments.phrases import counted, listed, true_minus
from papertiger.experiments.statistics.intervals import ROUNDING

if TYPE_CHECKING:
    import pandas as pd

MAX_NAMED = 5


def clear_factors(rows: pd.DataFrame, index: str) -> pd.DataFrame:
    """Return the factors whose interval leaves out zero, the largest first.

    Parameters
    ----------
    rows
        ``factor`` (in words), the index, and half the width of its interval in ``…_conf``.
    index
        Which of its columns orders the factors.
    """
    ordered = rows.sort_values(index, ascending=False, kind="stable")
    return ordered[ordered[index] - ordered[f"{index}_conf"] > 0.0]


def idle_factors(rows: pd.DataFrame, index: str) -> list[str]:
    """Return the factors that move nothing at all: their index is exactly zero."""
    return [str(name) for name in rows.loc[rows[index] == 0.0, "factor"]]


def what_matters(rows: pd.DataFrame, index: str, text: str, scenario: str, meaning: str) -> str:
    """Return which factors matter most, as a sentence that goes no further than the intervals.

    Only factors whose interval leaves out zero are named. Those that cannot be told from the first, because their
    interval reaches its interval, are named beside it; the others after it, each with its number.

    Parameters
    ----------
    rows, index
        As for `clear_factors`.
    text, scenario
        The measure and the scenario in words.
    meaning
        What the index is, such as "total share of the variance".
    """
    start, text = f"Under “{scenario}”", text.rstrip(",")
    clear = clear_factors(rows, index)
    if clear.empty:
        return (
            f"{start} no factor can be said to matter for {text}: the intervals of all "
            f"{counted(len(rows), 'factor')} include zero ({meaning})."
        )
    first = clear.iloc[0]
    reach = first[index] - first[f"{index}_conf"]
    level = clear[clear[index] + clear[f"{index}_conf"] >= reach]
    rest = clear.drop(level.index)
    if len(level) == 1:
        said = f"{start} what matters most for {text} is {_named(first, index)} ({meaning})."
    else:
        names = [_named(row, index) for _, row in level.iterrows()]
        said = (
            f"{start} {several_named(names)} matter most for {text}, and which of them most cannot be told "
            f"({meaning}; their intervals overlap)."
        )
    if len(rest):
        names = [_named(row, index) for _, row in rest.iterrows()]
        said += f" Less, but with an interval that leaves out zero: {several_named(names)}."
    others = len(rows) - len(clear)
    if others:
        what = "the other factor" if others == 1 else f"the other {others} factors"
        said += f" The interval of {what} includes zero."
    return said


def _named(row: pd.Series[float], index: str) -> str:
    half = float(row[f"{index}_conf"])
    sure = f"± {_plain(half)}" if half > ROUNDING * abs(float(row[index])) else "alike at every step"
    return f"{row['factor']} {_plain(float(row[index]))} {sure}"


def _plain(value: float) -> str:
    """Write a number with three digits that count, and never with an exponent."""
    if value == 0.0:
        return "0"
    digits = max(0, 2 - math.floor(math.log10(abs(value))))
    return true_minus(f"{value:.{min(digits, 15)}f}")


def several_named(names: list[str], most: int = MAX_NAMED) -> str:
    """Return names as a list, of too many the first and how many more there are.

    Parameters
    ----------
    names, most
        The names, and how many are named.
    """
    if len(names) <= most:
        return listed(names)
    return f"{', '.join(names[:most])} and {len(names) - most} more"
