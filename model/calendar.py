"""Months as numbers: January of year 0 is 0."""

from __future__ import annotations


def month_number(date: str) -> int:
    """Return the number of the month of a date written YYYY-MM or YYYY-MM-DD.

    >>> month_number("2020-01") - month_number("2019-12")
    1
    """
    return int(date[:4]) * 12 + int(date[5:7]) - 1


def month_name(number: int) -> str:
    """Return the month with that number, written YYYY-MM.

    >>> month_name(month_number("2022-02-24"))
    '2022-02'
    """
    return f"{number // 12:04d}-{number % 12 + 1:02d}"
