"""Hold a sound file as cells, to be spoilt."""

from __future__ import annotations

import csv
import io
import random
import re
from collections.abc import Callable
from dataclasses import dataclass

from tests.scenarios.datasets.samples.base import Sample

NUMBER = re.compile(r"-?\d+(\.\d+)?")


@dataclass(frozen=True)
class Sheet:
    """A sound file as cells.

    Attributes
    ----------
    sample
        What it is.
    records
        Its lines as cells, those above the column names included.
    header
        Place of the column names among them; -1 where there are none.
    """

    sample: Sample
    records: tuple[tuple[str, ...], ...]
    header: int

    @property
    def first(self) -> int:
        """Return the place of the first row."""
        return self.header + 1

    def body(self) -> range:
        """Return the places of the rows."""
        return range(self.first, len(self.records))

    def copy(self) -> list[list[str]]:
        """Return the cells, to be changed."""
        return [list(record) for record in self.records]

    def numbers(self) -> list[tuple[int, int]]:
        """Return the places of the cells that hold numbers."""
        return [
            (row, column)
            for row in self.body()
            if len(self.records[row]) > 1
            for column, cell in enumerate(self.records[row])
            if NUMBER.fullmatch(cell)
        ]

    def write(self, records: list[list[str]], delimiter: str | None = None, encoding: str | None = None) -> bytes:
        """Return cells as the bytes of a file."""
        delimiter = delimiter or self.sample.delimiter
        if self.header < 0:  # without column names there are no quotes
            text = "".join(delimiter.join(record) + "\n" for record in records)
        else:
            out = io.StringIO()
            csv.writer(out, delimiter=delimiter, lineterminator="\n").writerows(records)
            text = out.getvalue()
        return text.encode(encoding or self.sample.encoding)


def sheet_of(sample: Sample, header_line: int) -> Sheet:
    """Return a sample as cells; its column names stand in a line, 0 for none."""
    quoting = csv.QUOTE_MINIMAL if header_line else csv.QUOTE_NONE
    reader = csv.reader(io.StringIO(sample.text, newline=""), delimiter=sample.delimiter, quoting=quoting)  # type: ignore[arg-type]
    records: list[tuple[str, ...]] = []
    header = -1
    for record in reader:
        if header < 0 and header_line and reader.line_num >= header_line:
            header = len(records)
        records.append(tuple(record))
    return Sheet(sample, tuple(records), header)


Spoil = Callable[[Sheet, random.Random], bytes | None]


def whole(sheet: Sheet) -> bytes:
    """Return the sound file's bytes."""
    return sheet.sample.text.encode(sheet.sample.encoding)


def some_row(sheet: Sheet, rng: random.Random) -> int:
    """Return the place of a row of the table, and no footnote."""
    width = len(sheet.records[sheet.first])
    return rng.choice([place for place in sheet.body() if len(sheet.records[place]) == width > 1])
