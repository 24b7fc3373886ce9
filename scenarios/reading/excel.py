"""Read what spreadsheets write into a CSV file: dates, decimal commas and encodings of another country.

What has one reading is taken; what has two is refused with both, so that nobody's third of April becomes the fourth
of March in silence.
"""

from __future__ import annotations

import re

from papertiger.scenarios.errors import Problem, shorten
from papertiger.scenarios.reading.yaml_reader import MAX_BYTES, decode

_SEPARATOR_LINE = re.compile(r"\A\ufeff?sep=(.)[ \t]*\r?\n", re.IGNORECASE)
_MIDNIGHT = re.compile(r"[ T]0?0:00(:00(\.0+)?)?\Z")
_DOTTED = re.compile(r"(\d{1,2})\.(\d{1,2})\.(\d{4})")
_DOTTED_MONTH = re.compile(r"(\d{1,2})\.(\d{4})")
_SLASHED = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})")
_SHORT_YEAR = re.compile(r"(\d{1,2})([./])(\d{1,2})\2(\d{2})")
_DECIMAL_COMMA = re.compile(r"[-+]?\d+,\d+")
_GROUPED = re.compile(r"[-+]?\d{1,3}(\.\d{3})+,\d+")
_TWO_READINGS = re.compile(r"[-+]?[1-9]\d{0,2}[.,]\d{3}")
_TRUTH = {"wahr": "true", "falsch": "false"}
_MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December",
)  # fmt: skip


class TwoReadingsError(ValueError):
    """A cell that says one of two things; its text names both."""


def decode_table(data: bytes, label: str) -> tuple[str, list[Problem]]:
    """Return the text of a table, and what its author should know about how it was read.

    Raises
    ------
    ScenarioError
        When it is no text that a spreadsheet could have written.
    """
    if len(data) <= MAX_BYTES and b"\0" not in data:
        try:
            data.decode("utf-8-sig")
        except UnicodeDecodeError as error:
            try:
                text = data.decode("cp1252")
            except UnicodeDecodeError:
                return decode(data, label), []  # says which byte
            line = data.count(b"\n", 0, error.start) + 1
            message = (
                f"byte 0x{data[error.start]:02x} is not UTF-8, so the file is read as Windows-1252, as Excel saves "
                f"it: here as '{text[error.start]}'; saving as 'CSV UTF-8' leaves no doubt"
            )
            return decode(text.encode("utf-8"), label), [Problem(label, line, message=message)]
    return decode(data, label), []


def separator_of(text: str) -> str | None:
    """Return the separator that a first line ``sep=;`` names, or None."""
    named = _SEPARATOR_LINE.match(text)
    return None if named is None else named.group(1)


def read_date(cell: str) -> str:
    """Return a date as scenario files write it, if it is one that spreadsheets write; else the cell as it is.

    >>> read_date("15.01.1986"), read_date("1986-01-15 00:00:00"), read_date("15/01/1986"), read_date("01.1986")
    ('1986-01-15', '1986-01-15', '1986-01-15', '1986-01')

    Raises
    ------
    TwoReadingsError
        When it can be one of two days.
    """
    text = _MIDNIGHT.sub("", cell)
    if dotted := _DOTTED.fullmatch(text):
        day, month, year = dotted.groups()
        return _iso(year, month, day)
    if dotted := _DOTTED_MONTH.fullmatch(text):
        return f"{dotted.group(2)}-{int(dotted.group(1)):02d}"
    if slashed := _SLASHED.fullmatch(text):
        first, second, year = slashed.groups()
        as_day, as_month = _iso(year, second, first), _iso(year, first, second)
        if int(first) > 12 or first == second:
            return as_day
        if int(second) > 12:
            return as_month
        raise TwoReadingsError(
            f"{shorten(cell)} is {_in_words(as_day)} or {_in_words(as_month)}; write {as_day} or {as_month}"
        )
    if short := _SHORT_YEAR.fullmatch(text):
        years = f"19{short.group(4)} or 20{short.group(4)}"
        raise TwoReadingsError(f"the year of {shorten(cell)} is {years}; write it with four digits")
    return text


def read_number(cell: str, separator: str) -> str:
    """Return a number with a decimal point, if it is one that a spreadsheet with decimal commas writes.

    >>> read_number("1,5", ";"), read_number("0,125", ";"), read_number("{uniform: [1, 2]}", ";")
    ('1.5', '0.125', '{uniform: [1, 2]}')

    Raises
    ------
    TwoReadingsError
        When a comma or a point can stand before decimals or between thousands.
    """
    if separator != ";":
        return cell
    if _TWO_READINGS.fullmatch(cell):
        digits = cell.replace(",", "").replace(".", "")
        decimal = cell.replace(",", ".")
        raise TwoReadingsError(f"{shorten(cell)} is {decimal} or {digits}; write {decimal}0 or {digits}")
    if _GROUPED.fullmatch(cell):
        return cell.replace(".", "").replace(",", ".")
    return cell.replace(",", ".") if _DECIMAL_COMMA.fullmatch(cell) else cell


def read_truth(cell: str) -> str:
    """Return the truth values of a German spreadsheet in English; anything else as it is."""
    return _TRUTH.get(cell.casefold(), cell)


def _iso(year: str, month: str, day: str) -> str:
    return f"{year}-{int(month):02d}-{int(day):02d}"


def _in_words(date: str) -> str:
    year, month, day = date.split("-")
    return f"{int(day)} {_MONTHS[int(month) - 1]} {year}"
