"""Write numbers, shares, months and moments as a language does, by Babel and the Unicode locale data."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime
from functools import cache, lru_cache
from typing import TYPE_CHECKING

from papertiger.wargame.i18n.catalogue import catalogue

if TYPE_CHECKING:
    from babel.numbers import NumberPattern

MONTH, SHORT_MONTH = "yMMMM", "yMMM"
"""What stands in a month's name, which each language puts in its own order."""


def number(value: float, language: str, digits: int = 2, *, signed: bool = False) -> str:
    """Return a number with the decimal mark of a language; what rounds to nothing has no minus.

    >>> number(0.534, "en"), number(0.534, "de"), number(0.5, "en", 1, signed=True)
    ('0.53', '0,53', '+0.5')
    """
    pattern = _pattern(digits, signed)
    # Rounded as everywhere else before Babel, which rounds decimal digits, writes it.
    return str(pattern.apply(round(value, digits) + 0.0, catalogue(language).locale))


def percent(value: float, language: str) -> str:
    r"""Return a share in per cent; German sets a space that does not break before the sign.

    >>> percent(0.4, "en"), percent(0.4, "de")
    ('40%', '40\xa0%')
    """
    from babel.numbers import format_percent  # noqa: PLC0415 - Babel is read when something is first written

    return format_percent(round(100.0 * value) / 100.0, locale=catalogue(language).locale)


def change(value: float, language: str) -> str:
    r"""Return by how much a share or a belief moved, in hundredths with one digit.

    >>> change(0.018, "en"), change(-0.3, "de")
    ('+1.8%', '-30,0\xa0%')
    """
    # Rounded as everywhere else before Babel, which rounds decimal digits, writes it.
    return str(_change_pattern(language).apply(round(value, 3) + 0.0, catalogue(language).locale))


@cache
def _change_pattern(language: str) -> NumberPattern:
    from babel.numbers import parse_pattern  # noqa: PLC0415

    sign = catalogue(language).locale.percent_formats[None]
    plain = f"{sign.prefix[0]}#,##0.0{sign.suffix[0]}"
    return parse_pattern(f"+{plain};-{plain}")


@lru_cache(maxsize=4096)
def month(day: str, language: str) -> str:
    """Return a month written YYYY-MM, or a day written YYYY-MM-DD, in words.

    >>> month("2026-03", "de"), month("2026-03-09", "de"), month("2026-03-09", "en")
    ('März 2026', '9. März 2026', '9 March 2026')
    """
    from babel.dates import format_date, format_skeleton  # noqa: PLC0415

    locale = catalogue(language).locale
    if day.count("-") == 2:
        return format_date(date.fromisoformat(day), "long", locale)
    return format_skeleton(MONTH, _first(day), locale=locale)


@lru_cache(maxsize=4096)
def short_month(day: str, language: str) -> str:
    """Return a month written YYYY-MM for the axis of a chart.

    >>> short_month("2026-01", "en"), short_month("2026-10", "de")
    ('Jan 2026', 'Okt. 2026')
    """
    from babel.dates import format_skeleton  # noqa: PLC0415

    return format_skeleton(SHORT_MONTH, _first(day), locale=catalogue(language).locale)


def span(months: Sequence[str], language: str) -> str:
    r"""Return months that follow on each other as one span.

    >>> span(["2026-01", "2026-02", "2026-03"], "de"), span(["2026-05"], "en")
    ('Januar–März 2026', 'May 2026')
    >>> span(["2025-12", "2026-01"], "en")
    'December 2025\u2009–\u2009January 2026'
    """
    from babel.dates import format_interval  # noqa: PLC0415

    if len(months) == 1:
        return month(months[0], language)
    return format_interval(_first(months[0]), _first(months[-1]), MONTH, locale=catalogue(language).locale)


def moment(at: str, language: str) -> str:
    """Return a moment of the log, which is written in ISO 8601 and in UTC.

    >>> moment("2026-11-01T12:05:00+00:00", "de"), moment("2026-11-01T12:05:00+00:00", "en")
    ('1. November 2026, 12:05 UTC', '1 November 2026, 12:05 UTC')
    """
    from babel.dates import format_date, format_skeleton  # noqa: PLC0415

    spoken, when = catalogue(language), datetime.fromisoformat(at).astimezone(UTC)
    day = format_date(when.date(), "long", spoken.locale)
    return spoken.text("format.moment", date=day, time=format_skeleton("Hm", when, locale=spoken.locale))


@cache
def _pattern(digits: int, signed: bool) -> NumberPattern:
    from babel.numbers import parse_pattern  # noqa: PLC0415

    plain = "#,##0." + "0" * digits
    return parse_pattern(f"+{plain};-{plain}" if signed else plain)


def _first(month: str) -> date:
    return date.fromisoformat(f"{month}-01")
