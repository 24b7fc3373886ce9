"""States, capabilities and contiguity of the Correlates of War project."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from papertiger.scenarios.datasets.catalogue import CATALOGUE
from papertiger.scenarios.datasets.data_set import read_data_set
from tests.scenarios.datasets.originals import original
from tests.scenarios.datasets.spoiling import read, refusal


def test_states_come_with_the_dates_of_each_membership(tmp_path: Path) -> None:
    table = read("cow_states", tmp_path)
    assert table.version == "2016"
    first = table.rows.loc[2]
    assert (first["state"], first["letters"], first["label"]) == (41, "ALF", "Alfa")
    assert (first["start"], first["end"], first["end_precision"]) == (date(1816, 1, 1), date(1915, 7, 28), "day")
    assert table.rows["label"].to_list()[2] == "Bravó"


def test_capabilities_are_missing_where_the_makers_say_so(tmp_path: Path) -> None:
    table = read("cow_nmc", tmp_path)
    assert table.version == "6.0", "by its last year: what the column of versions says has changed"
    assert table.rows["military_spending"].isna().to_list() == [False, True, False]
    assert table.rows["iron_and_steel"].isna().to_list() == [False, False, True]
    assert table.rows["cinc"].to_list() == [0.0004711, 0.0004802, 0.0000211]


def test_contiguity_lasts_to_the_end_of_its_last_month(tmp_path: Path) -> None:
    table = read("cow_contiguity", tmp_path)
    assert table.version == "3.2"
    assert table.rows["start"].to_list() == [date(1894, 1, 1), date(1934, 8, 1), date(1960, 8, 1)]
    assert table.rows["end"].to_list() == [date(1915, 7, 31), date(2016, 12, 31), date(2016, 2, 29)]


@pytest.mark.parametrize(
    ("name", "written", "instead", "said"),
    [
        ("cow_states", "41,Alfa,1934,8,15", "41,Alfa,1915,7,28",
         ":3: state 41 enters while it is a member by line 2"),
        ("cow_states", "1934,8,15,2016", "1934,8,15,1933",
         ":3: the end, 1933-12-31, is before the start, 1934-08-15"),
        ("cow_states", "1915,7,28", "1915,2,29", ":2: the end is a day that there is not, 1915-02-29"),
        ("cow_states", "BRV,42", "BRV,B",
         ":4: ccode: expected a whole number, 2 to 990, got 'B'"),
        ("cow_states", "Bravó,1894,1", "Bravó,1894,13",
         ":4: stmonth: expected a whole number, 1 to 12, got '13'"),
        ("cow_states", "stateabb", "stateab", ":1: missing column stateabb (did you mean 'stateab'?)"),
        ("cow_nmc", "41,2015", "41,2014", ":3: state 41, year 2014 stands already in line 2"),
        ("cow_nmc", "0.0004802", "1.2", ":3: cinc: expected a number, 0 to 1, got '1.2'"),
        ("cow_nmc", "900,1,", "-8,1,", ":4: milex: expected a number of at least 0, got '-8'"),
        ("cow_contiguity", "196008", "196013", ":4: begin: expected a month such as 194904"),
        ("cow_contiguity", "CHA\",5", "CHA\",6", ":4: conttype: expected a whole number, one of 0, 1"),
        ("cow_contiguity", "201602", "195002", ":4: the end, 1950-02, is before the start, 1960-08"),
        ("cow_contiguity", ",193408", ",189401",
         ":3: state_a 41, state_b 42, start 1894-01-01 stands already in line 2"),
    ],
)  # fmt: skip
def test_a_spoilt_place_is_refused_by_line(name: str, written: str, instead: str, said: str, tmp_path: Path) -> None:
    assert refusal(name, tmp_path, written, instead)[0].startswith(said)


def test_the_makers_states_read(tmp_path: Path) -> None:
    table = read_data_set(CATALOGUE["cow_states"], original("cow_states.csv"))
    assert (len(table.rows), table.rows["state"].nunique(), table.version) == (243, 217, "2016")
    spells = table.rows[table.rows["state"] == 255]
    assert spells["end"].to_list()[0] == date(1945, 5, 8)
    assert spells["start"].to_list()[1] == date(1990, 10, 3)


def test_the_makers_capabilities_read() -> None:
    table = read_data_set(CATALOGUE["cow_nmc"], original("cow_nmc.csv"))
    assert (len(table.rows), table.version) == (17121, "7.0")
    year = table.rows[table.rows["year"] == 1950]
    assert year["cinc"].sum() == pytest.approx(1, abs=0.01), "shares of the world"


def test_the_makers_contiguity_reads() -> None:
    table = read_data_set(CATALOGUE["cow_contiguity"], original("cow_contdir.csv"))
    assert len(table.rows) == 1874
    pairs = set(zip(table.rows["state_a"], table.rows["state_b"], strict=True))
    assert all((b, a) in pairs for a, b in pairs)
