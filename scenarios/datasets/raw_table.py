"""Read a table file as its maker wrote it: the text of every cell, and the line it stands in.

CSV in any of its dialects (commas, semicolons, tabs, bars; lines above the header; blank headings), Stata and R. What
a cell means is the matter of `papertiger.scenarios.datasets.columns`; here nothing is guessed about values, so that
Namibia's code is not a missing value and 1,5 is not fifteen.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

from papertiger.scenarios.errors import Problem, ScenarioError, listing, nearest, shorten

if TYPE_CHECKING:
    import pandas as pd

MAX_BYTES = 2_000_000_000
"""No table of the field is larger; what is larger is something else."""

DEEPEST_HEADER = 40
"""How many lines may stand above the row of column names, as some makers put terms and sources there."""

FEWEST_NAMES = 3
"""Fewer column names than these may stand in a row of data by chance, where a data set may come without names."""

DELIMITERS = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "bars"}
STATA, R = (".dta",), (".rds", ".rda", ".rdata")
TEXT = (".csv", ".tsv", ".txt", ".tab")
ENDINGS = (*TEXT, *STATA, *R)

_LINE_END = re.compile(r"\r\n|\n|\r")


@dataclass(frozen=True)
class RawTable:
    """A table as its maker wrote it.

    Attributes
    ----------
    label
        What messages call the file.
    unit
        What a number before a message counts: ``line`` of a text file, ``row`` of a Stata or R file.
    header
        Line of the column names; 0 where the format keeps them apart.
    delimiter
        Between cells; empty where the format has none.
    cells
        Text of each cell, stripped, by column name; the index is the line. Missing values of Stata and R are empty. A
        column without a heading is called by its place, as `unnamed` says it.
    above
        Text above the header, where makers put version and terms.
    names
        All its column names, those included that nobody sought; empty ones where the file has none.
    ended
        Whether the last line has an end: a download that broke off within its last cell has none.
    """

    label: str
    unit: str
    header: int
    delimiter: str
    cells: pd.DataFrame
    above: str = ""
    names: tuple[str, ...] = ()
    ended: bool = True

    def problem(self, line: int | None, column: str, message: str, hint: str | None = None) -> Problem:
        """Return a mistake of a cell, a row or the table."""
        if self.unit == "row" and line is not None:
            return Problem(self.label, None, f"row {line}" + (f", {column}" if column else ""), message, hint)
        return Problem(self.label, line, column, message, hint)


@dataclass(frozen=True)
class _Header:
    """The row of column names that was found: its line, the names, and how many of those sought it holds."""

    line: int
    names: list[str]
    hits: int
    delimiter: str
    quoted: bool = True


def unnamed(place: int) -> str:
    """Return what a column without a heading is called here, by its place from 1."""
    return f"(column {place})"


def read_raw_table(
    path: Path,
    wanted: Sequence[Sequence[str]],
    only: bool = False,
    *,
    footnotes: bool = False,
    layouts: Sequence[Sequence[str]] = (),
) -> RawTable:
    """Return a table file's cells.

    Parameters
    ----------
    path
        A file that ends in one of `ENDINGS`.
    wanted
        The columns sought, each by all the names it may have; the row that holds most of them is the header.
    only
        Whether other columns are left out, which saves memory for a large table.
    footnotes
        Whether lines of text may stand below the table; they are left out.
    layouts
        Columns of the data set's versions that come without a row of column names, told apart by their number: such
        files separate cells by tabs and put no quotes around them.

    Raises
    ------
    ScenarioError
        When it cannot be read, is of no known format, or a row has not as many cells as the header.
    """
    label = str(path)
    ending = path.suffix.lower()
    if ending in STATA:
        return _from_frame(_read_stata(path, label, wanted, only=only), label, wanted, only=only)
    if ending in R:
        return _from_frame(_read_r(path, label), label, wanted, only=only)
    if ending not in TEXT:
        message = f"expected a file that ends in {', '.join(ENDINGS)}"
        raise ScenarioError([Problem(label, message=message)])
    return _read_text(path, label, wanted, layouts, only=only, footnotes=footnotes)


def _bytes_of(path: Path, label: str) -> bytes:
    try:
        if path.stat().st_size > MAX_BYTES:
            raise ScenarioError([Problem(label, message=f"is larger than {MAX_BYTES // 10**9} GB")])
        return path.read_bytes()
    except OSError as error:
        raise ScenarioError([Problem(label, message=f"cannot be read: {error.strerror}")]) from None


def _decode(data: bytes, label: str) -> str:
    """Return the text of a file in UTF-8, UTF-16 with a mark, or else Windows-1252."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        encodings: tuple[str, ...] = ("utf-16",)
    else:
        encodings = ("utf-8-sig", "cp1252")
    if encodings[0] != "utf-16" and b"\0" in data:
        line = data.count(b"\n", 0, data.index(b"\0")) + 1
        raise ScenarioError([Problem(label, line, message="a zero byte: this is no text file, or a spoilt one")])
    line, byte = 1, 0
    for encoding in encodings:
        try:
            return data.decode(encoding)
        except UnicodeDecodeError as error:
            line, byte = data.count(b"\n", 0, error.start) + 1, data[error.start]
    message = f"byte 0x{byte:02x} belongs to no encoding that tables come in: expected UTF-8 or Windows-1252"
    raise ScenarioError([Problem(label, line, message=message)])


def _read_text(
    path: Path,
    label: str,
    wanted: Sequence[Sequence[str]],
    layouts: Sequence[Sequence[str]],
    *,
    only: bool,
    footnotes: bool,
) -> RawTable:
    import pandas as pd

    text = _decode(_bytes_of(path, label), label)
    if not text.strip():
        raise ScenarioError([Problem(label, message="the file is empty, expected a row of column names")])
    header = _find_header(text, wanted)
    if layouts and (header is None or header.hits < FEWEST_NAMES):
        header = _without_names(text, layouts, label)
    if header is None:
        raise ScenarioError([_no_header(text, wanted, label)])
    names = _unique(header, label)
    width = max(position for position, name in enumerate(names, 1) if name)
    sought = {name.casefold() for aliases in wanted for name in aliases}
    places = [place for place, name in enumerate(names) if not only or name.casefold() in sought]
    rows, lines = _rows(text, header, width, label, places, footnotes=footnotes)
    table = {names[place] or unnamed(place + 1): [row[column] for row in rows] for column, place in enumerate(places)}
    above = "\n".join(line.rstrip("\r\n") for line in islice(_lines(text), max(0, header.line - 1)))
    cells = pd.DataFrame(table, index=pd.Index(lines, dtype="int64", name="line"), dtype=object)
    return RawTable(
        label, "line", header.line, header.delimiter, cells, above, tuple(names), text.endswith(("\n", "\r"))
    )


def _without_names(text: str, layouts: Sequence[Sequence[str]], label: str) -> _Header:
    """Return the columns of a table without a row of column names, by how many cells its first row has."""
    line, first = next((number, line) for number, line in enumerate(text.splitlines(), 1) if line.strip())
    count = first.count("\t") + 1
    fits = next((names for names in layouts if len(names) == count), None)
    if fits is None:
        expected = ", ".join(sorted({str(len(names)) for names in layouts}))
        message = f"{count} cells between tabs, expected a row of column names, or {expected} cells without one"
        raise ScenarioError([Problem(label, line, message=message)])
    return _Header(0, list(fits), 0, "\t", quoted=False)


def _lines(text: str) -> Iterator[str]:
    """Yield the lines of a text with their ends; a stream would hold a large one once more, and four times wider."""
    start = 0
    for end in _LINE_END.finditer(text):
        yield text[start : end.end()]
        start = end.end()
    if start < len(text):
        yield text[start:]


def _find_header(text: str, wanted: Sequence[Sequence[str]]) -> _Header | None:
    """Return the row among the first ones that holds most of the columns sought, with the delimiter it speaks for."""
    best: _Header | None = None
    top = text[:1_000_000]
    for delimiter in DELIMITERS:
        reader = csv.reader(_lines(top), delimiter=delimiter)
        line = 1
        try:
            for cells in reader:
                if line > DEEPEST_HEADER:
                    break
                names = [cell.strip() for cell in cells]
                folded = {name.casefold() for name in names}
                hits = sum(any(name.casefold() in folded for name in aliases) for aliases in wanted)
                if hits and (best is None or hits > best.hits):
                    best = _Header(line, names, hits, delimiter)
                line = reader.line_num + 1
        except csv.Error:
            continue
    return best


def _no_header(text: str, wanted: Sequence[Sequence[str]], label: str) -> Problem:
    first = next(line for line in text.splitlines() if line.strip())
    expected = ", ".join(aliases[0] for aliases in wanted)
    message = f"no row of column names among the first {DEEPEST_HEADER} lines, expected {expected}; got"
    return Problem(label, 1, message=f"{message} {shorten(first)}")


def _unique(header: _Header, label: str) -> list[str]:
    """Return the column names, after refusing a name that stands twice."""
    before: set[str] = set()
    for name in header.names:
        if name and name.casefold() in before:
            raise ScenarioError([Problem(label, header.line, name, "duplicate column")])
        before.add(name.casefold())
    return header.names


def _rows(
    text: str, header: _Header, width: int, label: str, places: Sequence[int], *, footnotes: bool
) -> tuple[list[list[str]], list[int]]:
    """Return the cells wanted of the rows below the header, and their lines.

    A row that has more or fewer cells than the header is refused, but for lines of text below the table.
    """
    stream = _lines(text)
    if header.quoted:
        reader = csv.reader(stream, delimiter=header.delimiter, strict=True)
    else:
        reader = csv.reader(stream, delimiter=header.delimiter, strict=True, quoting=csv.QUOTE_NONE)
    rows: list[list[str]] = []
    lines: list[int] = []
    problems: list[Problem] = []
    full = len(header.names)
    line = 1
    below = 0
    """How many of the last rows hold nothing but text in their first cells."""
    odd = 0
    """How many of the problems are of these."""
    short: list[tuple[int, int]] = []
    """Lines without the cells of the last columns, where these have no heading, with how many cells they have."""
    nameless = 0
    """A line that has something in those columns."""
    try:
        for cells in reader:
            if line > header.line and any(cell.strip() for cell in cells):
                count = len(cells)
                fits = count == full or (width <= count < full) or (count > full and not any(cells[full:]))
                lone = footnotes and _is_footnote(cells, header, fits=fits)
                below, odd = (below + fits, odd + (not fits)) if lone else (0, 0)
                if fits:
                    filled = cells + [""] * (full - count)
                    rows.append([filled[place].strip().replace("\r\n", "\n") for place in places])
                    lines.append(line)
                    if count < full:
                        short.append((line, count))
                    elif any(cell.strip() for cell in cells[width:full]):
                        nameless = line
                else:
                    where = f"in the header of line {header.line}" if header.line else "in the first row"
                    problems.append(Problem(label, line, message=f"{count} cells, expected {full} as {where}"))
                    if len(problems) - odd >= 100:
                        break
            line = reader.line_num + 1
    except csv.Error as error:
        problems.append(Problem(label, line, message=f"not valid CSV: {error}"))
        odd = 0
    problems = problems[: len(problems) - odd]
    if nameless:
        # The last columns have no heading and yet hold something, so a row without them has lost a cell.
        lost = [one for one in short if one[0] not in lines[len(lines) - below :]]
        problems += [
            Problem(label, at, message=f"{count} cells, expected {full} as in line {nameless}") for at, count in lost
        ]
    if problems:
        raise ScenarioError(problems)
    return rows[: len(rows) - below], lines[: len(lines) - below]


def _is_footnote(cells: list[str], header: _Header, *, fits: bool) -> bool:
    """Whether a row may be a line of text below a table: text in its first cell only, or cut up by its own commas.

    What has as many cells as the table by another delimiter is a row of a file that was put together wrongly.
    """
    others = [cell.strip() for cell in cells[1:] if cell.strip()]
    if not fits and any(header.delimiter.join(cells).count(char) + 1 >= len(header.names) for char in DELIMITERS):
        return False
    return not others or (not fits and not any(cell[0].isdigit() for cell in others))


def _read_stata(path: Path, label: str, wanted: Sequence[Sequence[str]], *, only: bool) -> Any:
    import pandas as pd

    _bytes_of(path, label)
    sought = {name.casefold() for aliases in wanted for name in aliases}
    try:
        chosen = None
        if only:
            with pd.read_stata(path, iterator=True) as reader:
                chosen = [name for name in reader.variable_labels() if name.casefold() in sought]
        return pd.read_stata(path, convert_categoricals=False, convert_dates=True, columns=chosen or None)
    except Exception as error:
        raise ScenarioError([Problem(label, message=f"cannot be read as a Stata file: {_reason(error)}")]) from None


def _read_r(path: Path, label: str) -> Any:
    _bytes_of(path, label)
    try:
        import pyreadr
    except ImportError:
        message = "R files need one more package: install papertiger[data], or save the table as CSV"
        raise ScenarioError([Problem(label, message=message)]) from None
    try:
        tables = pyreadr.read_r(str(path))
    except Exception as error:
        raise ScenarioError([Problem(label, message=f"cannot be read as an R file: {_reason(error)}")]) from None
    if len(tables) != 1:
        message = f"holds {len(tables)} tables ({listing(map(str, tables))}), expected one"
        raise ScenarioError([Problem(label, message=message)])
    return next(iter(tables.values()))


def _reason(error: Exception) -> str:
    return shorten(str(error).splitlines()[0] if str(error) else type(error).__name__, 120)


def _from_frame(frame: Any, label: str, wanted: Sequence[Sequence[str]], *, only: bool) -> RawTable:
    """Return a table of Stata or R as texts, so that the same checks hold for every format."""
    import pandas as pd

    sought = {name.casefold() for aliases in wanted for name in aliases}
    names = [str(name) for name in frame.columns]
    if not any(name.casefold() in sought for name in names):
        expected = ", ".join(aliases[0] for aliases in wanted)
        hint = nearest(wanted[0][0], names)
        raise ScenarioError([Problem(label, message=f"has none of the columns {expected}", hint=hint)])
    chosen = [(name, place) for place, name in enumerate(names) if not only or name.casefold() in sought]
    table = {name: _cell_texts(frame.iloc[:, place]) for name, place in chosen}
    cells = pd.DataFrame(table, index=pd.RangeIndex(1, len(frame) + 1, name="row"), dtype=object)
    return RawTable(label, "row", 0, "", cells, names=tuple(names))


def _cell_texts(values: Any) -> list[str]:
    """Return the texts of a column; each different value is written once, since these tables are long."""
    import pandas as pd

    codes, different = pd.factorize(values)
    texts = [*(_cell_text(value) for value in different), ""]  # the code of a missing value is -1, the last one
    return [texts[code] for code in codes]


def _cell_text(value: Any) -> str:
    """Return a value of a Stata or R table as a CSV file would write it."""
    import pandas as pd

    if value is None or value is pd.NA or value is pd.NaT or (isinstance(value, float) and value != value):  # noqa: PLR0124 - nan
        return ""
    if isinstance(value, bool):
        return str(int(value))
    if isinstance(value, pd.Timestamp):
        return value.date().isoformat()
    value = getattr(value, "item", lambda: value)()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value).strip()
