"""Read single cells and rows of tables.

The stubs of pandas type a cell as a union of sixteen kinds, of which a test knows the one that its column holds.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pandas as pd


def cell(table: pd.DataFrame, row: Any, column: str) -> Any:
    """Return one cell."""
    return table.loc[row, column]


def line(table: pd.DataFrame, row: Any) -> Any:
    """Return the row that a label names, or the rows."""
    return table.loc[row]


def rows_of(table: pd.DataFrame) -> Iterator[Any]:
    """Return the rows, with a column as an attribute."""
    return iter(table.itertuples())
