"""Write tables as CSV: for programs by default, for a spreadsheet of another country on request.

Every table that Papertiger writes for people passes through here, so that no cell is ever run as a formula and one
option decides about separators. Tables that Papertiger reads again (draws, observed facts) have writers of their own.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from contextvars import ContextVar
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

from papertiger.scenarios.errors import Problem, ScenarioError, nearest, shorten

if TYPE_CHECKING:
    import pandas as pd

FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠", "﹦", "﹢", "﹣", "﹫", "−")
"""What a spreadsheet may take for the beginning of a formula; full-width and small forms and the minus count, too."""


_MARK = "\ufeff"
_BLANKS = "".join(char for char in map(chr, range(0x3001)) if char.isspace() and char not in FORMULA_SIGNS)


@dataclass(frozen=True)
class Dialect:
    """How a table is written.

    Attributes
    ----------
    separator, decimal
        Between cells, and before the decimals of a number.
    line_end
        Behind each row.
    mark
        Whether a byte-order mark comes first, by which a spreadsheet knows UTF-8.
    """

    separator: str = ","
    decimal: str = "."
    line_end: str = "\n"
    mark: bool = False


PLAIN = Dialect()
"""For programs: commas, decimal points, UTF-8 without a mark."""

EXCEL = {"de": Dialect(";", ",", "\r\n", mark=True), "en": Dialect(",", ".", "\r\n", mark=True)}
"""For Excel, by the language of the system that it runs on."""


def dialect_of(excel: str | None) -> Dialect:
    """Return the dialect that ``--excel`` names; `PLAIN` if it was not given.

    Raises
    ------
    ScenarioError
        When there is none of that name.
    """
    if excel is None:
        return PLAIN
    if not isinstance(excel, str) or excel not in EXCEL:
        message = f"expected one of {', '.join(EXCEL)}, got {shorten(excel)}"
        raise ScenarioError([Problem("--excel", message=message, hint=nearest(excel, EXCEL))])
    return EXCEL[excel]


_CURRENT: ContextVar[Dialect] = ContextVar("dialect", default=PLAIN)


def use_dialect(excel: str | None) -> None:
    """Let all tables be written for the spreadsheet that ``--excel`` names, from now on; None means for programs.

    Raises
    ------
    ScenarioError
        When there is none of that name.
    """
    _CURRENT.set(dialect_of(excel))


def escape_cell(value: object) -> object:
    """Return a value that no spreadsheet runs: text that looks like a formula gets an apostrophe before it.

    >>> escape_cell("=1+1"), escape_cell(" ＝1+1"), escape_cell("loyal"), escape_cell(-1.5)
    ("'=1+1", "' ＝1+1", 'loyal', -1.5)
    """
    # Leading blanks are no shelter: spreadsheets drop them.
    if isinstance(value, str) and value.lstrip(_BLANKS).startswith(FORMULA_SIGNS):
        return f"'{value}"
    return value


def format_rows(
    columns: Sequence[str], rows: Iterable[Sequence[object]], dialect: Dialect | None = None, *, header: bool = True
) -> str:
    """Return rows as the text of a CSV file.

    Parameters
    ----------
    columns
        Names of the columns.
    rows
        Values of each row; numbers are written in full.
    dialect
        How to write them; blank takes what `use_dialect` set.
    header
        Whether the names of the columns come first; not for rows that are added to a file.
    """
    dialect = dialect or _CURRENT.get()
    stream = io.StringIO()
    stream.write(_MARK if dialect.mark and header else "")
    writer = csv.writer(stream, delimiter=dialect.separator, lineterminator=dialect.line_end)
    if header:
        writer.writerow([escape_cell(name) for name in columns])
    writer.writerows([_cell(value, dialect) for value in row] for row in rows)
    return stream.getvalue()


def format_frame(
    frame: pd.DataFrame, dialect: Dialect | None = None, *, float_format: str | None = None, header: bool = True
) -> str:
    """Return a pandas table as the text of a CSV file.

    Parameters
    ----------
    frame
        The table; its index is left out.
    dialect
        How to write it; blank takes what `use_dialect` set.
    float_format
        As pandas takes it, such as ``%.10g``.
    header
        Whether the names of the columns come first; not for rows that are added to a file.
    """
    dialect = dialect or _CURRENT.get()
    texts = {
        name: frame[name].map(partial(_cell, dialect=dialect))
        for name in frame.columns
        if frame[name].dtype.kind not in "biuf"
    }
    escaped = frame.assign(**texts) if texts else frame
    written: str = escaped.to_csv(
        index=False,
        header=[str(escape_cell(str(name))) for name in frame.columns] if header else False,
        sep=dialect.separator,
        decimal=dialect.decimal,
        lineterminator=dialect.line_end,
        float_format=float_format,
    )
    return f"{_MARK}{written}" if dialect.mark and header else written


def _cell(value: Any, dialect: Dialect) -> Any:
    """Return a value as a cell: no formula, and a number with the dialect's decimal mark."""
    if isinstance(value, float) and dialect.decimal != ".":
        return str(value).replace(".", dialect.decimal)
    return escape_cell(value)
