"""Cells by declaration: flags, and several codes or words in one cell."""

from __future__ import annotations

import pandas as pd
import pytest

from papertiger.scenarios.datasets.columns import Column, read_columns
from papertiger.scenarios.datasets.raw_table import RawTable
from papertiger.scenarios.errors import ScenarioError


def table(**cells: list[str]) -> RawTable:
    frame = pd.DataFrame(cells, dtype=object)
    return RawTable("table.csv", "line", 1, ",", frame.set_axis(range(2, len(frame) + 2)))


@pytest.mark.parametrize(
    ("written", "value"),
    [("1", 1), ("1.0", 1), ("yes", 1), ("Yes", 1), ("TRUE", 1), ("0", 0), ("No", 0), ("false", 0)],
)
def test_a_flag_is_one_or_nought_in_any_words(written: str, value: int) -> None:
    assert read_columns(table(held=[written]), [Column("held", "flag")])["held"].to_list() == [value]


@pytest.mark.parametrize("written", ["2", "-1", "y", "", "1;0", "maybe"])
def test_another_word_is_no_flag(written: str) -> None:
    with pytest.raises(ScenarioError, match=r"table\.csv:2: held: expected 1 or 0, yes or no"):
        read_columns(table(held=[written]), [Column("held", "flag")])


def test_several_in_a_cell_are_a_tuple_and_none_an_empty_one() -> None:
    columns = [
        Column("states", "integers", missing=("",), low=2, high=990),
        Column("words", "texts", missing=("",), choices=("a", "b")),
    ]
    rows = read_columns(table(states=["2, 200", "", "145", "2;3"], words=["a", "a,b", "", "b;a"]), columns)
    assert rows["states"].to_list() == [(2, 200), (), (145,), (2, 3)]
    assert rows["words"].to_list() == [("a",), ("a", "b"), (), ("b", "a")]


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("2, 991", "expected a whole number, 2 to 990, got '991'"),
        ("2,,3", "expected a whole number, 2 to 990, got nothing"),
        ("", "expected a whole number, 2 to 990, got nothing"),
        ("2 3", "expected a whole number, 2 to 990, got '2 3'"),
    ],
)
def test_each_of_several_is_checked(written: str, said: str) -> None:
    with pytest.raises(ScenarioError) as caught:
        read_columns(table(states=["2", written]), [Column("states", "integers", low=2, high=990)])
    assert [str(problem) for problem in caught.value.problems] == [f"table.csv:3: states: {said}"]


@pytest.mark.parametrize(("kind", "value"), [("integers", ()), ("texts", ()), ("text", ""), ("date", None)])
def test_a_column_that_is_not_there_has_no_values(kind: str, value: object) -> None:
    columns = [Column("there", "text"), Column("gone", kind, required=False)]
    assert read_columns(table(there=["x", "y"]), columns)["gone"].to_list() == [value, value]


def test_a_flag_that_is_not_there_is_no_number() -> None:
    columns = [Column("there", "text"), Column("gone", "flag", required=False)]
    assert read_columns(table(there=["x", "y"]), columns)["gone"].isna().all()
