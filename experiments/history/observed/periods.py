"""Name half-years: ``2023H2`` is July to December 2023.

Postures are coded once a half-year, as they stood at its end, so these names are the calendar of everything that is
held against history.
"""

from __future__ import annotations

import re
from typing import Annotated

from pydantic import AfterValidator, StringConstraints

_PERIOD = re.compile(r"([0-9]{4})H([12])")


def period_of(date: str) -> str:
    """Return the half-year of a date written YYYY-MM or YYYY-MM-DD.

    >>> period_of("2024-06-30"), period_of("2024-07")
    ('2024H1', '2024H2')
    """
    return f"{date[:4]}H{1 if int(date[5:7]) <= 6 else 2}"


def period_number(period: str) -> int:
    """Return a number that grows by one with each half-year; the first one of year 0 is 0.

    Raises
    ------
    ValueError
        If it is not the name of a half-year.
    """
    match = _PERIOD.fullmatch(period)
    if match is None:
        raise ValueError(f"expected a half-year written YYYYH1 or YYYYH2, got '{period}'")
    return 2 * int(match[1]) + int(match[2]) - 1


def period_name(number: int) -> str:
    """Return the half-year with that number.

    >>> period_name(period_number("2023H2") + 1)
    '2024H1'
    """
    return f"{number // 2:04d}H{number % 2 + 1}"


def first_month(period: str) -> str:
    """Return the first month of a half-year, written YYYY-MM.

    >>> first_month("2023H2")
    '2023-07'
    """
    number = period_number(period)
    return f"{number // 2:04d}-{'07' if number % 2 else '01'}"


def last_month(period: str) -> str:
    """Return the last month of a half-year, written YYYY-MM.

    >>> last_month("2023H2")
    '2023-12'
    """
    number = period_number(period)
    return f"{number // 2:04d}-{'12' if number % 2 else '06'}"


def periods_between(first: str, last: str) -> tuple[str, ...]:
    """Return all half-years from one to another, both included.

    Parameters
    ----------
    first, last
        Half-years; nothing lies between a later one and an earlier one.

    Examples
    --------
    >>> periods_between("2023H2", "2024H2")
    ('2023H2', '2024H1', '2024H2')
    """
    return tuple(period_name(number) for number in range(period_number(first), period_number(last) + 1))


def _half_year(text: str) -> str:
    return period_name(period_number(text))


Period = Annotated[str, StringConstraints(strip_whitespace=True), AfterValidator(_half_year)]
"""A half-year in a file, such as 2023H2."""
