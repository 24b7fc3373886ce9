"""Write tables of runs as CSV, with the bytes that pandas would write, and without loading it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from papertiger.scenarios.tables import format_rows


def append_rows(target: Path, number: int, columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
    """Add the rows of one run to a file; the first run begins it.

    Parameters
    ----------
    target
        The file.
    number
        Number of the run, which goes before each row.
    columns, rows
        The table.
    """
    filled = [_plain(column) for column in zip(*rows, strict=True)]
    numbered = [(number, *row) for row in zip(*filled, strict=True)]
    with target.open("a" if number else "w", encoding="utf-8", newline="") as file:
        file.write(format_rows(("run", *columns), numbered, header=number == 0))


def _plain(column: Sequence[Any]) -> Sequence[Any]:
    """Return a column in one type: where one value is a fraction, whole numbers are written as such, too."""
    kinds = set(map(type, column))
    if kinds <= {str} or kinds <= {int} or kinds <= {bool}:
        return column
    if any(issubclass(kind, float) for kind in kinds):
        return [_fraction(value) for value in column]
    return column


def _fraction(value: Any) -> Any:
    """Return a fraction as Python's own; what is no number has an empty cell."""
    number = float(value)
    return "" if number != number else number  # noqa: PLR0124 - the test for what is no number
