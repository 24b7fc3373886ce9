"""Say what a sample is."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Sample:
    """A small sound file of a data set.

    Attributes
    ----------
    data_set
        Name in the catalogue.
    file
        What its makers, or a well-known package, call it; fits one of the data set's patterns.
    text
        What stands in it.
    rows
        How many rows reading it gives.
    delimiter
        Between its cells.
    encoding
        As its makers write it.
    footer
        Whether lines below the table belong to the format.
    """

    data_set: str
    file: str
    text: str
    rows: int
    delimiter: str = ","
    encoding: str = "utf-8"
    footer: bool = False

    def write(self, folder: Path, data: bytes | None = None) -> Path:
        """Write it, or other bytes in its place, under its own name; return the path."""
        path = folder / self.file
        path.write_bytes(self.text.encode(self.encoding) if data is None else data)
        return path
