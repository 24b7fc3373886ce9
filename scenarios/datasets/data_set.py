"""Describe a data set of the field, and find and read its file in a modeler's folder."""

from __future__ import annotations

import fnmatch
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from papertiger.scenarios.arguments import check_path
from papertiger.scenarios.datasets.columns import Column, read_columns
from papertiger.scenarios.datasets.raw_table import ENDINGS, RawTable, read_raw_table
from papertiger.scenarios.errors import MAX_PROBLEMS, Problem, ScenarioError, listing

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True)
class DataSet:
    """A data set of the field, as its makers describe it, and what it gives here.

    Attributes
    ----------
    name
        What commands call it.
    title
        Its official name, and which of its tables this is.
    versions
        Versions that were tried, the newest last.
    citation
        As its makers ask to be cited.
    terms
        Terms of use as far as they are known; ``(from memory)`` where nobody looked.
    gives
        What it gives here, in a sentence.
    files
        Names that its file has at its makers' and in packages, as patterns (``atop*dy*.csv``), in any case.
    home
        Where its makers offer it.
    columns
        What we read of it.
    states
        The code of states that it uses: ``cow``, ``gw``, ``polity``, ``iso2``, ``iso3``, ``name`` or nothing.
    check
        Finds what is wrong across rows (doubled keys, an end before a start): takes the raw table and the values.
    version_of
        Reads the version from a table; the empty text where it does not say.
    transform
        Turns the values into those that are given back, such as an event a row out of many.
    reshape
        Turns the file's cells into a table of the columns declared, where the file has years across or is written in
        some other way; the lines stay those of the file, and one may stand in several rows.
    sought
        Headings by which the row of column names is found, where the columns declared are those after `reshape`.
    footnotes
        Whether lines of text may stand below the table.
    layouts
        Columns of the versions that come without a row of column names, told apart by their number.
    whole
        Tells a file whose maker left out the end of the last line from a download that broke off there, which else
        could be read as another number; without it every file has to end in a line end.
    """

    name: str
    title: str
    versions: tuple[str, ...]
    citation: str
    terms: str
    gives: str
    files: tuple[str, ...]
    home: str
    columns: tuple[Column, ...]
    states: str = ""
    check: Callable[[RawTable, pd.DataFrame], Iterable[Problem]] | None = None
    version_of: Callable[[RawTable], str] | None = None
    transform: Callable[[pd.DataFrame], pd.DataFrame] | None = None
    whole: Callable[[RawTable], bool] | None = None
    reshape: Callable[[RawTable], RawTable] | None = None
    sought: tuple[tuple[str, ...], ...] = ()
    footnotes: bool = False
    large: bool = field(default=False)
    layouts: tuple[tuple[str, ...], ...] = ()

    @property
    def keys(self) -> tuple[str, ...]:
        """Return the names of the columns that a table of it has here."""
        return tuple(column.name for column in self.columns)


@dataclass(frozen=True)
class Table:
    """A data set as read.

    Attributes
    ----------
    data_set
        What it is.
    path
        The file.
    version
        As the file says it; empty where it does not.
    unit
        What the index counts: ``line`` or ``row`` of the file.
    rows
        Values by our column names; the index is the line or row of the file.
    """

    data_set: DataSet
    path: Path
    version: str
    unit: str
    rows: pd.DataFrame

    def source(self, line: int) -> str:
        """Return where a figure comes from: data set, version and row, as a scenario's ``source`` says it."""
        version = f" {self.version}" if self.version else ""
        return f"{self.data_set.title}{version}, {self.path.name}, {self.unit} {line}"


def read_data_set(data_set: DataSet, path: str | Path) -> Table:
    """Return a data set's table from its file.

    Raises
    ------
    ScenarioError
        With the lines of everything that is not as declared.
    """
    file = check_path("path", path)
    wanted = [column.names for column in data_set.columns if column.required]
    wanted += [column.names for column in data_set.columns if not column.required]
    raw = read_raw_table(
        file, data_set.sought or wanted, data_set.large, footnotes=data_set.footnotes, layouts=data_set.layouts
    )
    unended = not raw.ended and not (data_set.whole and data_set.whole(raw))
    if data_set.reshape is not None:
        raw = data_set.reshape(raw)
    rows = read_columns(raw, data_set.columns)
    if rows.empty:
        raise ScenarioError([Problem(str(file), raw.header or None, message="no row below the column names")])
    if unended:
        message = "the last line has no end, as in a download that broke off; if the file is whole, add a line end"
        raise ScenarioError([Problem(str(file), int(raw.cells.index[-1]), message=message)])
    version = data_set.version_of(raw) if data_set.version_of else ""
    problems = list(data_set.check(raw, rows)) if data_set.check else []
    if problems:
        raise ScenarioError(problems)
    if data_set.transform is not None:
        rows = data_set.transform(rows)
    return Table(data_set, file, version, raw.unit, rows)


def find_data_file(data_set: DataSet, folder: Path) -> Path | None:
    """Return the file of a data set in a folder, or None when there is none.

    Raises
    ------
    ScenarioError
        When several files may be it, or the folder is none.
    """
    if not folder.is_dir():
        raise ScenarioError([Problem(str(folder), message="is no folder")])
    fits = sorted(
        entry
        for entry in folder.iterdir()
        if entry.suffix.lower() in ENDINGS
        and any(fnmatch.fnmatchcase(entry.name.lower(), pattern.lower()) for pattern in data_set.files)
    )
    if len(fits) > 1:
        names = listing(entry.name for entry in fits)
        message = f"several files may be {data_set.title}: {names}; keep one of them there"
        raise ScenarioError([Problem(str(folder), message=message)])
    return fits[0] if fits else None


def doubled(raw: RawTable, rows: pd.DataFrame, keys: list[str]) -> list[Problem]:
    """Return a problem for each row whose keys an earlier row has, at most a hundred."""
    again = rows.duplicated(keys)
    if not again.any():
        return []
    first: dict[tuple[object, ...], int] = {}
    problems = []
    for line, repeats, values in zip(rows.index, again, rows[keys].itertuples(index=False, name=None), strict=True):
        key = tuple(map(_written, values))
        if not repeats:
            first.setdefault(key, int(line))
            continue
        said = ", ".join(f"{name} {value}" for name, value in zip(keys, key, strict=True))
        problems.append(raw.problem(int(line), "", f"{said} stands already in {raw.unit} {first[key]}"))
        if len(problems) >= MAX_PROBLEMS:
            break
    return problems


def version_column(raw: RawTable) -> str:
    """Return what the column of versions says, if it says one thing."""
    headings = {str(name).casefold(): str(name) for name in raw.cells.columns}
    if "version" not in headings:
        return ""
    said = [text for text in dict.fromkeys(raw.cells[headings["version"]]) if text]
    return said[0].removesuffix(".0") if len(said) == 1 else ""


def _written(value: object) -> str:
    """Return a key as people write it: 41 for 41.0, since a column with missing values holds no integers."""
    if isinstance(value, float):
        return "none" if value != value else repr(value).removesuffix(".0")  # noqa: PLR0124 - nan
    return str(value)
