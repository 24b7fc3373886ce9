"""Formats: numbers, shares, months and moments as a language writes them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

MONTHS = {
    "en": (
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ),
    "de": (
        "Januar",
        "Februar",
        "März",
        "April",
        "Mai",
        "Juni",
        "Juli",
        "August",
        "September",
        "Oktober",
        "November",
        "Dezember",
    ),
}
SHORT = 3
"""Letters of a month's name where there is little room."""


def number(value: float, language: str, digits: int = 2, *, signed: bool = False) -> str:
    """Return a number with the decimal mark of a language; what rounds to nothing has no minus.

    >>> number(0.534, "en"), number(0.534, "de"), number(0.5, "en", 1, signed=True)
    ('0.53', '0,53', '+0.5')
    """
    said = f"{round(value, digits) + 0.0:{'+' if signed else ''}.{digits}f}"
    return said.replace(".", ",") if language == "de" else said


def percent(value: float, language: str) -> str:
    r"""Return a share in per cent; German sets a space that does not break before the sign.

    >>> percent(0.4, "en"), percent(0.4, "de")
    ('40%', '40\xa0%')
    """
    return f"{100.0 * value:.0f}{'\N{NO-BREAK SPACE}' if language == 'de' else ''}%"


def month(date: str, language: str) -> str:
    """Return a month written YYYY-MM, or a day written YYYY-MM-DD, in words.

    >>> month("2026-03", "de"), month("2026-03-09", "de"), month("2026-03-09", "en")
    ('März 2026', '9. März 2026', '9 March 2026')
    """
    year, place, *day = date.split("-")
    said = f"{MONTHS[language][int(place) - 1]} {year}"
    return f"{int(day[0])}{'.' if language == 'de' else ''} {said}" if day else said


def short_month(date: str, language: str) -> str:
    """Return a month written YYYY-MM for the axis of a chart.

    >>> short_month("2026-03", "de")
    'Mär 2026'
    """
    name, _, year = month(date, language).partition(" ")
    return f"{name[:SHORT]} {year}"


def span(months: Sequence[str], language: str) -> str:
    """Return months that follow on each other as one span.

    >>> span(["2026-01", "2026-02", "2026-03"], "de"), span(["2025-12", "2026-01"], "en"), span(["2026-05"], "en")
    ('Januar bis März 2026', 'December 2025 to January 2026', 'May 2026')
    """
    first, last = (month(date, language) for date in (months[0], months[-1]))
    if len(months) == 1:
        return first
    if months[0][:4] == months[-1][:4]:
        first = first.partition(" ")[0]
    return f"{first} {'bis' if language == 'de' else 'to'} {last}"


def moment(at: str, language: str) -> str:
    """Return a moment of the log, which is written in ISO 8601 and in UTC.

    >>> moment("2026-11-01T12:05:00+00:00", "de"), moment("2026-11-01T12:05:00+00:00", "en")
    ('1. November 2026, 12:05 UTC', '1 November 2026, 12:05 UTC')
    """
    when = datetime.fromisoformat(at)
    return f"{month(f'{when:%Y-%m-%d}', language)}, {when:%H:%M} UTC"
