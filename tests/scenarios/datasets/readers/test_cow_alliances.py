"""Formal alliances of the Correlates of War project."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from papertiger.scenarios.datasets.catalogue import CATALOGUE
from papertiger.scenarios.datasets.data_set import read_data_set
from tests.scenarios.datasets.spoiling import read, refusal


def test_a_dyad_that_goes_on_has_no_end(tmp_path: Path) -> None:
    table = read("cow_alliances", tmp_path)
    assert table.version == "4.1"
    assert table.rows["end"].to_list() == [None, date(1980, 1, 31), date(1974, 12, 31)]
    assert table.rows["start"].to_list()[2] == date(1962, 5, 1)
    assert table.rows["start_precision"].to_list()[2] == "month"


def test_a_member_has_its_own_dates_beside_the_alliance(tmp_path: Path) -> None:
    rows = read("cow_alliance_members", tmp_path).rows
    assert rows["end"].to_list() == [None, date(1961, 2, 28), date(1974, 12, 31)]
    assert rows["nonagg"].isna().to_list() == [False, False, True]


def test_a_dyad_whose_year_is_0_is_counted_through_its_years(tmp_path: Path) -> None:
    rows = read("cow_alliance_years", tmp_path).rows
    counted = rows[rows["alliance"] == 11]
    assert counted["year"].to_list() == [2010, 2011, 2012]
    assert counted.index.to_list() == [5, 5, 5]
    assert rows["year"].to_list()[:3] == [1947, 1948, 1974]


def test_the_package_has_dyad_years_without_alliances(tmp_path: Path) -> None:
    path = tmp_path / "cow_alliance.csv"
    path.write_text(
        "ccode1,ccode2,year,cow_defense,cow_neutral,cow_nonagg,cow_entente\n41,42,1950,1,0,0,1\n42,41,1950,1,0,0,1\n",
        encoding="utf-8",
    )
    rows = read_data_set(CATALOGUE["cow_alliance_years"], path).rows
    assert rows["defense"].to_list() == [1, 1]
    assert rows["start"].to_list() == [None, None]


@pytest.mark.parametrize(
    ("name", "written", "instead", "said"),
    [
        ("cow_alliances", "31,1,1980", "31,1,1960", ":3: the end, 1960-01-31, is before the start, 1962-09-02"),
        ("cow_alliances", "9,42,Bravó,352", "9,42,Bravó,42", ":4: a state is allied with itself"),
        ("cow_alliances", "9,42,Bravó", "9,B,Bravó", ":4: ccode1: expected a whole number, 2 to 990, got 'B'"),
        ("cow_alliance_members", "28,2,1961", "29,2,1961", ":3: the end is a day that there is not, 1961-02-29"),
        (
            "cow_alliance_years",
            "1948,4.1",
            "1947,4.1",
            ":3: alliance 7, state_a 41, state_b 42, start_year 1947",
        ),
        ("cow_alliance_years", "1974,4.1", "1975,4.1", ":4: year: 1975 is outside the dyad's own years"),
        (
            "cow_alliance_years",
            "1,1,2010",
            "1,1,-9",
            ":5: year: expected a year, or a dyad's first year to 2012",
        ),
        ("cow_alliance_years", "1,1,2010", "1,1,2013", ":5: year: expected a year, or a dyad's first year to 2012"),
    ],
)
def test_a_spoilt_place_is_refused_by_line(name: str, written: str, instead: str, said: str, tmp_path: Path) -> None:
    assert refusal(name, tmp_path, written, instead)[0].startswith(said)
