"""Say what the columns of a data set hold, and read its cells so: by declaration, refused by line, never guessed."""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from papertiger.scenarios.datasets.raw_table import RawTable
from papertiger.scenarios.errors import MAX_SOUGHT, Problem, ScenarioError, nearest, shorten

if TYPE_CHECKING:
    import pandas as pd

NOTHING = ("", ".", "NA", "NaN", "nan")
"""How tables of numbers write that there is no value. Of texts only the empty cell counts: NA is a country's code."""

_INTEGER = re.compile(r"[-+]?\d+(\.0{1,2}|\.0{4,})?")
"""Three zeros behind a point may be thousands."""
_NUMBER = re.compile(r"[-+]?(\d+\.?\d*|\.\d+)([eE][-+]?\d+)?")
_DECIMAL_COMMA = re.compile(r"[-+]?\d+,\d+")
_MAYBE_THOUSANDS = re.compile(r"[-+]?[1-9]\d{0,2},\d{3}")
"""What may be a number of three decimals, or one of thousands."""
_DATE = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})([ T][0:.]*)?|(\d{4})(\d{2})(\d{2})")
_DATE_IN_WORDS = re.compile(r"(\d{1,2})[ -]([A-Za-z]{3,9})[ -](\d{4})")
_MONTHS = (
    "january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november",
    "december",
)  # fmt: skip
"""In English, as the makers write them, whatever the language of this machine."""
_YEAR_AND_MONTH = re.compile(r"(\d{4})(\d{2})(\.0+)?")


@dataclass(frozen=True)
class Column:
    """What a column holds.

    Attributes
    ----------
    name
        What we call it.
    kind
        ``integer``, ``number``, ``text``, ``date``, ``month`` (six figures or a date; its first day), ``flag`` (1 or
        0, yes or no, true or false; as 1 and 0), or several in one cell, with commas or semicolons between:
        ``integers`` or ``texts``, as tuples, an empty one where there is no value. A date (as a `datetime.date`) is
        ISO, with or without lines between, or has the month in English, ``16 May 2025``. What 04/05/2025 means is not
        guessed.
    headings
        Its names in the versions of the data set, the current one first; our name where none is given.
    missing
        Texts that say that there is no value, of a number also as ``-9.0`` for ``-9``; refused where none is given
        and the cell is empty.
    low, high
        Bounds of numbers, both included; of dates as years.
    choices
        The values that there are, as texts.
    beside
        Columns that a table has together with this one, or none of them, as the parts of a date.
    pattern
        What a text has to look like, as a regular expression, with `looks` to say so in words.
    looks
        The pattern in words: ``three capitals``.
    required
        Whether a table without this column is refused; else its values are missing.
    """

    name: str
    kind: str = "integer"
    headings: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    low: float | None = None
    high: float | None = None
    choices: tuple[str, ...] = ()
    required: bool = True
    pattern: str = ""
    looks: str = ""
    beside: tuple[str, ...] = ()

    @property
    def names(self) -> tuple[str, ...]:
        """Return all the headings it may have."""
        return self.headings or (self.name,)


def codes(first: int, last: int) -> tuple[str, ...]:
    """Return the codes from one to another as the choices of a column."""
    return tuple(str(code) for code in range(first, last + 1))


def read_columns(raw: RawTable, columns: Sequence[Column]) -> pd.DataFrame:
    """Return the values of the columns that are declared, by our names; the index is the line.

    Integers and numbers come as floats where any is missing, texts and dates as objects.

    Raises
    ------
    ScenarioError
        With every column that is missing, or every cell that does not hold what its column declares.
    """
    import pandas as pd

    headings = {str(name).casefold(): str(name) for name in raw.cells.columns}
    places = {column.name: _heading(column, headings) for column in columns}
    absent = [
        column
        for column in columns
        if places[column.name] is None
        and (column.required or any(places.get(other) is not None for other in column.beside))
    ]
    if absent:
        taken = {place for place in places.values() if place is not None}
        free = [name for name in raw.names if name and name not in taken]
        raise ScenarioError([_absent(raw, column, free) for column in absent])
    problems: list[Problem] = []
    values: dict[str, Any] = {}
    for column in columns:
        heading = places[column.name]
        if heading is None:
            values[column.name] = _without(column, raw)
        else:
            values[column.name] = _values(raw, column, heading, problems)
    if problems:
        raise ScenarioError(sorted(problems, key=lambda problem: problem.line or 0))
    return pd.DataFrame(values, index=raw.cells.index)


def _heading(column: Column, headings: dict[str, str]) -> str | None:
    return next((headings[name.casefold()] for name in column.names if name.casefold() in headings), None)


def _without(column: Column, raw: RawTable) -> pd.Series[Any]:
    """Return the values of a column that the table does not have."""
    import pandas as pd

    return pd.Series([_nothing(column)] * len(raw.cells), index=raw.cells.index, dtype=_dtype(column))


def _nothing(column: Column) -> Any:
    """Return what stands for no value in a column."""
    if column.kind in _SEVERAL:
        return ()
    return float("nan") if column.kind in _NUMBERS else "" if column.kind == "text" else None


def _dtype(column: Column) -> str:
    return "float64" if column.kind in _NUMBERS else "object"


def _absent(raw: RawTable, column: Column, free: list[str]) -> Problem:
    """Return that a column is missing, with the nearest heading that is not another column's."""
    expected = " or ".join(column.names)
    hint = nearest(column.names[0], free)
    return Problem(raw.label, raw.header or None, message=f"missing column {expected}", hint=hint)


def _values(raw: RawTable, column: Column, heading: str, problems: list[Problem]) -> pd.Series[Any]:
    """Return a column's values; each different text is read once."""
    import pandas as pd

    texts = raw.cells[heading]
    codes, different = pd.factorize(texts)
    mark = _decimal_mark(different, raw.delimiter) if column.kind == "number" else "."
    read: list[Any] = []
    for code, text in enumerate(different):
        try:
            read.append(_value(str(text), column, mark))
        except ValueError as error:
            read.append(None)
            lines = texts.index[codes == code]
            problems += [raw.problem(int(line), heading, str(error)) for line in lines[: MAX_SOUGHT - len(problems)]]
    if _dtype(column) == "object":
        return pd.Series([read[code] for code in codes], index=texts.index, dtype=object)
    numbers = pd.array([float("nan") if value is None else value for value in read], dtype="float64")
    taken = pd.Series(numbers.take(codes), index=texts.index)
    whole = column.kind in {"integer", "flag"} and not taken.isna().any()
    return taken.astype("int64") if whole else taken


def _decimal_mark(texts: Iterable[Any], delimiter: str) -> str:
    """Return what stands before the decimals in a column: the comma where one cannot be taken for thousands."""
    commas = [text for text in texts if _DECIMAL_COMMA.fullmatch(str(text))] if delimiter in {";", "\t"} else []
    return "," if any(not _MAYBE_THOUSANDS.fullmatch(text) for text in commas) else "."


def _value(text: str, column: Column, mark: str) -> Any:
    """Return what a cell says; None where it says that there is no value.

    Raises
    ------
    ValueError
        Saying what was expected.
    """
    if text in column.missing or (column.kind in _NUMBERS and _plain(text) in column.missing):
        return None if column.kind not in {"text", *_SEVERAL} else _nothing(column)
    if column.kind in _SEVERAL:
        one = replace(column, kind=_SEVERAL[column.kind], missing=())
        return tuple(_value(part.strip(), one, ".") for part in _BETWEEN.split(text))
    read = _READERS[column.kind](text, mark)
    if read is None:
        raise ValueError(
            f"expected {_WORDS[column.kind]}{_within(column)}, got {shorten(text) if text else 'nothing'}"
        )
    size = read.year if column.kind in _DATES else read
    outside = column.kind != "text" and (
        (column.low is not None and size < column.low) or (column.high is not None and size > column.high)
    )
    said = f"{read:g}" if isinstance(read, float) else str(read)
    unlike = column.pattern != "" and re.fullmatch(column.pattern, text) is None
    if outside or unlike or (column.choices and said not in column.choices):
        raise ValueError(f"expected {_WORDS[column.kind]}{_within(column)}, got {shorten(text)}")
    return read


def _integer(text: str, _: str) -> int | None:
    return int(float(text)) if _INTEGER.fullmatch(text) and len(text) < 16 else None


def _number(text: str, mark: str) -> float | None:
    if mark == ",":
        if "." in text:
            return None
        text = text.replace(",", ".")
    return float(text) if _NUMBER.fullmatch(text) else None


def _text(text: str, _: str) -> str | None:
    return text or None


def _date(text: str, _: str) -> datetime.date | None:
    digits = _DATE.fullmatch(text)
    words = _DATE_IN_WORDS.fullmatch(text)
    if digits is not None:
        year, month, day = (int(digits[place] or digits[place + 4]) for place in (1, 2, 3))
    elif words is not None:
        year, month, day = int(words[3]), _month(words[2].casefold()), int(words[1])
    else:
        return None
    try:
        return datetime.date(year, month, day)
    except ValueError:
        return None


def _flag(text: str, _: str) -> int | None:
    return _FLAGS.get(text.casefold().removesuffix(".0"))


def _month(word: str) -> int:
    """Return the month that an English word means, in full or by its first three letters; 0 for none."""
    return next((number for number, name in enumerate(_MONTHS, 1) if word in (name, name[:3])), 0)


def _year_and_month(text: str, mark: str) -> datetime.date | None:
    match = _YEAR_AND_MONTH.fullmatch(text)
    if match is None:
        return _date(text, mark)
    return datetime.date(int(match[1]), int(match[2]), 1) if 1 <= int(match[2]) <= 12 and int(match[1]) else None


def _plain(text: str) -> str:
    """Return a whole number without the zeros that a program put behind it."""
    return text.partition(".")[0] if _INTEGER.fullmatch(text) else text


_READERS: dict[str, Callable[[str, str], Any]] = {
    "integer": _integer, "number": _number, "text": _text, "date": _date,
    "month": _year_and_month, "flag": _flag,
}  # fmt: skip
_WORDS = {
    "integer": "a whole number", "number": "a number", "text": "a text", "date": "a date such as 1949-04-24",
    "month": "a month such as 194904", "flag": "1 or 0, yes or no",
}  # fmt: skip
_NUMBERS = ("integer", "number", "flag")
_DATES = ("date", "month")
_FLAGS = {"1": 1, "0": 0, "yes": 1, "no": 0, "true": 1, "false": 0}
_SEVERAL = {"integers": "integer", "texts": "text"}
"""Kinds of which a cell holds several, each with the kind of one."""
_BETWEEN = re.compile(r"[,;]")


def _within(column: Column) -> str:
    """Return the bounds, the choices or the look of a column, in words."""
    if column.looks:
        return f" of {column.looks}"
    if column.choices:
        return f", one of {', '.join(column.choices[:12])}" + (" …" if len(column.choices) > 12 else "")
    if column.low is None and column.high is None:
        return ""
    what = "of the years " if column.kind in _DATES else ""
    if column.high is None:
        return f" of at least {column.low:g}"
    if column.low is None:
        return f" of at most {column.high:g}"
    return f", {what}{column.low:g} to {column.high:g}"
