"""How cells are read where more than one reading is possible: the safe one, or none."""

from __future__ import annotations

import datetime
from pathlib import Path

import pytest

from papertiger.scenarios.datasets.columns import Column, read_columns
from papertiger.scenarios.datasets.raw_table import read_raw_table
from papertiger.scenarios.errors import ScenarioError


def read(folder: Path, kind: str, cells: list[str], delimiter: str = ";") -> list[object]:
    """Return the values of a column of cells, beside another one."""
    path = folder / "x.csv"
    path.write_text(f"a{delimiter}b\n" + "".join(f"{cell}{delimiter}1\n" for cell in cells), encoding="utf-8")
    raw = read_raw_table(path, [("a",), ("b",)])
    return read_columns(raw, [Column("a", kind), Column("b")])["a"].to_list()


@pytest.mark.parametrize(
    ("cells", "values"),
    [
        (["1,5", "2,250", "12"], [1.5, 2.25, 12.0]),
        (["0,250", "1,500"], [0.25, 1.5]),
        (["1.500", "2.5"], [1.5, 2.5]),
    ],
)
@pytest.mark.parametrize("delimiter", [";", "\t"])
def test_a_decimal_comma_is_read_where_it_cannot_be_taken_for_thousands(
    tmp_path: Path, cells: list[str], values: list[float], delimiter: str
) -> None:
    assert read(tmp_path, "number", cells, delimiter) == values


@pytest.mark.parametrize(
    ("kind", "cells", "said"),
    [
        ("number", ["1,500", "12"], ":2: a: expected a number, got '1,500'"),
        ("number", ["1,5", "1.500"], ":3: a: expected a number, got '1.500'"),
        ("number", ["1,500,000"], ":2: a: expected a number, got '1,500,000'"),
        ("number", ["1 500"], ":2: a: expected a number, got '1 500'"),
        ("integer", ["1.000"], ":2: a: expected a whole number, got '1.000'"),
        ("integer", ["1,0"], ":2: a: expected a whole number, got '1,0'"),
        ("date", ["04/05/2025"], ":2: a: expected a date such as 1949-04-24, got '04/05/2025'"),
        ("date", ["31 June 2025"], ":2: a: expected a date such as 1949-04-24, got '31 June 2025'"),
        ("date", ["2025-05-04 13:00"], ":2: a: expected a date such as 1949-04-24, got '2025-05-04 13:00'"),
    ],
)
def test_what_may_mean_two_things_is_refused(tmp_path: Path, kind: str, cells: list[str], said: str) -> None:
    with pytest.raises(ScenarioError) as caught:
        read(tmp_path, kind, cells)
    assert said in str(caught.value)


@pytest.mark.parametrize("text", ["2025-05-04", "20250504", "4 May 2025", "04-May-2025", "2025-05-04 00:00:00.000"])
def test_dates_that_can_mean_one_thing_alone_are_read(tmp_path: Path, text: str) -> None:
    assert read(tmp_path, "date", [text]) == [datetime.date(2025, 5, 4)]


def test_whole_numbers_may_have_a_program_s_zero_behind_them(tmp_path: Path) -> None:
    assert read(tmp_path, "integer", ["7.0", "8"]) == [7, 8]
