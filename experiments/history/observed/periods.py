"""Name periods of observation: ``2023H2`` is the half-year from July to December 2023.

Postures are coded once a period, as they stood at its end, so these names are the calendar of everything that is
held against history. A period is a half-year unless a file of observations says otherwise: a year is written
``2023``, a quarter ``2023Q3`` and a month ``2023M07``. Names of one length sort as their dates do.
"""

from __future__ import annotations

import re
from typing import Annotated, Any

from pydantic import AfterValidator, BeforeValidator, StringConstraints

_PERIOD = re.compile(r"([0-9]{4})(?:(H)([12])|(Q)([1-4])|(M)(0[1-9]|1[0-2]))?")
HALF_YEAR = 6
"""Months of a period where nothing else is said."""
_LETTERS = {12: "", 6: "H", 3: "Q", 1: "M"}
_NOUNS = {12: "year", 6: "half-year", 3: "quarter", 1: "month"}
_FORMS = {12: "YYYY", 6: "YYYYH1 or YYYYH2", 3: "YYYYQ1 to YYYYQ4", 1: "YYYYM01 to YYYYM12"}
LENGTHS = tuple(_NOUNS)
"""Months that a period can have."""


def _parts(period: str) -> tuple[int, int, int]:
    """Return the year of a period, its number within the year from 0 on, and its length in months.

    Raises
    ------
    ValueError
        If it is not the name of a period.
    """
    match = _PERIOD.fullmatch(period)
    if match is None:
        raise ValueError(f"expected a half-year written {_FORMS[HALF_YEAR]}, got '{period}'")
    letter = "".join(match.group(2, 4, 6)[place] or "" for place in range(3))
    months = next(length for length, one in _LETTERS.items() if one == letter)
    number = next((group for group in match.group(3, 5, 7) if group), "1")
    return int(match[1]), int(number) - 1, months


def months_of(period: str) -> int:
    """Return how many months a period has.

    >>> months_of("2023"), months_of("2023H2"), months_of("2023Q1"), months_of("2023M07")
    (12, 6, 3, 1)
    """
    return _parts(period)[2]


def noun_of(period: str) -> str:
    """Return what a period of that length is called, such as ``half-year``."""
    return _NOUNS[months_of(period)]


def period_of(date: str, months: int = HALF_YEAR) -> str:
    """Return the period of a date written YYYY-MM or YYYY-MM-DD.

    >>> period_of("2024-06-30"), period_of("2024-07"), period_of("2024-07", 12)
    ('2024H1', '2024H2', '2024')
    """
    return period_name((12 * int(date[:4]) + int(date[5:7]) - 1) // months, months)


def period_number(period: str) -> int:
    """Return a number that grows by one with each period of its length; the first one of year 0 is 0.

    Raises
    ------
    ValueError
        If it is not the name of a period.
    """
    year, place, months = _parts(period)
    return 12 // months * year + place


def period_name(number: int, months: int = HALF_YEAR) -> str:
    """Return the period with that number.

    >>> period_name(period_number("2023H2") + 1)
    '2024H1'
    """
    year, place = divmod(number, 12 // months)
    if months == 12:
        return f"{year:04d}"
    return f"{year:04d}{_LETTERS[months]}{place + 1:0{2 if months == 1 else 1}d}"


def following(period: str, steps: int = 1) -> str:
    """Return the period some steps after another one, of the same length; before it, if the steps are negative.

    >>> following("2023H2"), following("1955", -1)
    ('2024H1', '1954')
    """
    return period_name(period_number(period) + steps, months_of(period))


def first_month(period: str) -> str:
    """Return the first month of a period, written YYYY-MM.

    >>> first_month("2023H2")
    '2023-07'
    """
    year, place, months = _parts(period)
    return f"{year:04d}-{months * place + 1:02d}"


def last_month(period: str) -> str:
    """Return the last month of a period, written YYYY-MM.

    >>> last_month("2023H2")
    '2023-12'
    """
    year, place, months = _parts(period)
    return f"{year:04d}-{months * (place + 1):02d}"


def periods_between(first: str, last: str) -> tuple[str, ...]:
    """Return all periods from one to another of the same length, both included.

    Parameters
    ----------
    first, last
        Periods; nothing lies between a later one and an earlier one.

    Raises
    ------
    ValueError
        If one is of another length than the other.

    Examples
    --------
    >>> periods_between("2023H2", "2024H2")
    ('2023H2', '2024H1', '2024H2')
    """
    months = months_of(first)
    if months_of(last) != months:
        raise ValueError(f"expected a {_NOUNS[months]} written {_FORMS[months]}, got '{last}'")
    return tuple(period_name(number, months) for number in range(period_number(first), period_number(last) + 1))


def _year_text(value: Any) -> Any:
    """Accept the number that a YAML reader makes of a bare year."""
    return f"{value:04d}" if isinstance(value, int) and not isinstance(value, bool) else value


def _period(text: str) -> str:
    return period_name(period_number(text), months_of(text))


Period = Annotated[
    str, BeforeValidator(_year_text), StringConstraints(strip_whitespace=True), AfterValidator(_period)
]
"""A period in a file, such as 2023H2 or 1964."""


def _half_year(text: str) -> str:
    if months_of(text) != HALF_YEAR:
        raise ValueError(f"expected a half-year written {_FORMS[HALF_YEAR]}, got '{text}'")
    return text


HalfYear = Annotated[Period, AfterValidator(_half_year)]
"""A half-year in a file, where nothing else will do."""
