"""Read the panel's tables into grids of dyads by years, and refuse what cannot be one of them."""

from __future__ import annotations

import csv
import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from papertiger.experiments.errors import ExperimentError
from papertiger.experiments.patrons.terms import COLUMNS
from papertiger.scenarios.errors import Problem, nearest, shorten

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from numpy.typing import NDArray

    from papertiger.experiments.patrons.plan import StudyPlan

type Grid = NDArray[np.float64]
"""A value for each dyad and year, NaN where there is none."""

DYAD_YEARS, ENDINGS, POSTURES = "dyad_years.csv", "endings.csv", "postures.csv"
POSTURE_RULES = ("postureA", "postureAs", "postureC")
KINDS = ("defense", "pledge")
MAX_PROBLEMS = 20


@dataclass(frozen=True)
class Ending:
    """Hold the end of a pledge: whose, of which kind, in which year and how."""

    dyad: int
    kind: str
    year: int
    how: str


@dataclass(frozen=True)
class Panel:
    """Hold the tables as grids.

    Attributes
    ----------
    patrons, clients, names, regions
        Of each dyad.
    years
        Of the grids' second axis.
    present
        Where the panel has a row.
    grids
        Columns of ``dyad_years.csv`` by name, and the ladders of ``postures.csv``.
    endings
        Of pledges within the span.
    fingerprint
        SHA-256 of the bytes of the files that were read.
    """

    patrons: NDArray[np.int64]
    clients: NDArray[np.int64]
    names: tuple[str, ...]
    regions: tuple[str, ...]
    years: NDArray[np.int64]
    present: NDArray[np.bool_]
    grids: dict[str, Grid]
    endings: tuple[Ending, ...]
    fingerprint: str

    def dyad(self, patron: int, client: int) -> int:
        """Return the place of a dyad, -1 where there is none."""
        hit = np.flatnonzero((self.patrons == patron) & (self.clients == client))
        return int(hit[0]) if hit.size else -1


class _Table:
    """Hold the rows of one file with their lines, and gather what is wrong with them."""

    def __init__(self, folder: Path, name: str, wanted: tuple[str, ...]) -> None:
        self.name, self.problems = name, list[Problem]()
        try:
            self.data = (folder / name).read_bytes()
        except FileNotFoundError:
            raise ExperimentError([Problem(str(folder / name), message="no such file")]) from None
        except OSError as error:
            reason = f"cannot be read: {error.strerror}"
            raise ExperimentError([Problem(str(folder / name), message=reason)]) from None
        self.label = str(folder / name)
        try:
            reader = csv.reader(self.data.decode("utf-8-sig").splitlines())
        except UnicodeDecodeError:
            raise ExperimentError([Problem(self.label, message="is not UTF-8")]) from None
        self.headings = next(reader, [])
        missing = [one for one in wanted if one not in self.headings]
        if missing:
            hints = [(one, nearest(one, self.headings)) for one in missing]
            raise ExperimentError(
                [Problem(self.label, line=1, message=f"there is no column {one}", hint=hint) for one, hint in hints]
            )
        self.place = {one: self.headings.index(one) for one in wanted}
        self.rows = list(reader)

    def complain(self, line: int, message: str) -> None:
        """Note a mistake; of very many only the first are said."""
        if len(self.problems) < MAX_PROBLEMS:
            self.problems.append(Problem(self.label, line=line, message=message))

    def each(self) -> Iterator[tuple[int, dict[str, str]]]:
        """Yield line and wanted cells of each row."""
        for line, row in enumerate(self.rows, 2):
            if len(row) != len(self.headings):
                self.complain(line, f"expected {len(self.headings)} cells, got {len(row)}")
                continue
            yield line, {name: row[place] for name, place in self.place.items()}

    def number(self, line: int, column: str, cell: str, *, whole: bool = False) -> float:
        """Return a cell as a number, NaN where it is blank and may be."""
        if cell == "" and not whole:
            return float("nan")
        try:
            value = float(cell)
        except ValueError:
            value = float("inf")
        if not np.isfinite(value) or (whole and value != int(value)):
            self.complain(line, f"{column}: expected a {'whole ' if whole else ''}number, got {shorten(cell)}")
            return 0.0
        return value

    def close(self) -> None:
        """Raise what was found."""
        if self.problems:
            raise ExperimentError(self.problems)


def load_panel(folder: Path, plan: StudyPlan) -> Panel:
    """Return the panel of a folder.

    Parameters
    ----------
    folder
        With ``dyad_years.csv``, ``endings.csv`` and ``postures.csv``.
    plan
        Names patrons, columns and the span.

    Raises
    ------
    ExperimentError
        With the mistakes found, each with its file and line.
    """
    keys = ("patron", "client", "year")
    table = _Table(folder, DYAD_YEARS, (*keys, "client_name", "region", *COLUMNS))
    cells: dict[tuple[int, int, int], tuple[int, dict[str, str]]] = {}
    about: dict[tuple[int, int], tuple[str, str]] = {}
    for line, row in table.each():
        patron, client, year = (int(table.number(line, key, row[key], whole=True)) for key in keys)
        if patron not in plan.codes:
            table.complain(line, f"patron: {patron} is none of the plan's")
        if (patron, client, year) in cells:
            table.complain(line, f"the year {year} of {patron} and {client} is there twice")
        if plan.span.first <= year <= plan.span.last:
            cells[patron, client, year] = (line, row)
            about.setdefault((patron, client), (row["client_name"], row["region"]))
    if not cells:
        table.complain(1, f"no row of {plan.span.first} to {plan.span.last}")
    table.close()
    dyads = sorted(about)
    index = {dyad: place for place, dyad in enumerate(dyads)}
    years = np.arange(plan.span.first, plan.span.last + 1)
    shape = (len(dyads), years.size)
    present = np.zeros(shape, dtype=bool)
    grids = {name: np.full(shape, np.nan) for name in (*COLUMNS, *POSTURE_RULES)}
    for (patron, client, year), (line, row) in cells.items():
        at = (index[patron, client], year - plan.span.first)
        present[at] = True
        for name in COLUMNS:
            grids[name][at] = table.number(line, name, row[name])
    table.close()
    postures = _Table(folder, POSTURES, (*keys, *POSTURE_RULES))
    for line, row in postures.each():
        patron, client, year = (int(postures.number(line, key, row[key], whole=True)) for key in keys)
        if (patron, client) not in index or not plan.span.first <= year <= plan.span.last:
            continue
        for name in POSTURE_RULES:
            grids[name][index[patron, client], year - plan.span.first] = postures.number(line, name, row[name])
    postures.close()
    ends = _Table(folder, ENDINGS, ("patron", "client", "kind", "end", "how"))
    endings = tuple(_endings(ends, index, present, plan))
    ends.close()
    digest = hashlib.sha256(b"".join(hashlib.sha256(one.data).digest() for one in (table, postures, ends)))
    return Panel(
        np.array([patron for patron, _ in dyads]),
        np.array([client for _, client in dyads]),
        tuple(about[dyad][0] for dyad in dyads),
        tuple(about[dyad][1] for dyad in dyads),
        years,
        present,
        grids,
        endings,
        digest.hexdigest(),
    )


def _endings(
    table: _Table, index: dict[tuple[int, int], int], present: NDArray[np.bool_], plan: StudyPlan
) -> Iterator[Ending]:
    """Yield the ends of pledges, each of a dyad and year that has a row."""
    for line, row in table.each():
        keys = ("patron", "client", "end")
        patron, client, year = (int(table.number(line, key, row[key], whole=True)) for key in keys)
        if row["kind"] not in KINDS:
            table.complain(line, f"kind: expected {' or '.join(KINDS)}, got {shorten(row['kind'])}")
            continue
        if not plan.span.first <= year <= plan.span.last:
            continue
        dyad = index.get((patron, client), -1)
        if dyad < 0 or not present[dyad, year - plan.span.first]:
            table.complain(line, f"there is no row of {patron} and {client} in {year} in {DYAD_YEARS}")
            continue
        yield Ending(dyad, row["kind"], year, row["how"])
