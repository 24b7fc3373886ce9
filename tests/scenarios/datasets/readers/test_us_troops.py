"""Troops abroad: reports of a year become the largest of them, and what is refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.scenarios.datasets.samples import SAMPLES
from tests.scenarios.datasets.spoiling import read, refusal


def test_a_year_has_the_largest_of_its_reports(tmp_path: Path) -> None:
    rows = read("us_troops", tmp_path).rows
    assert list(rows[["state", "year", "troops"]].itertuples(name=None)) == [
        (3, 260, 2014, 38826),
        (4, 260, 2015, 37704),
        (5, 1002, 2014, 0),
    ]


def test_the_older_table_has_a_row_a_year(tmp_path: Path) -> None:
    rows = read("us_troops_2020", tmp_path).rows
    assert rows["troops"].to_list() == [176, 260, 0]
    assert rows["state"].to_list() == [255, 255, 437]


def test_rows_without_a_state_or_number_are_left_out(tmp_path: Path) -> None:
    text = SAMPLES["us_troops_2020"].text + "Somewhere,NA,,1952,5,NA,NA,NA,NA\nAlfa,255,ALF,1953,NA,NA,NA,NA,NA\n"
    assert len(read("us_troops_2020", tmp_path, text.encode()).rows) == 3


@pytest.mark.parametrize(
    ("name", "written", "instead", "said"),
    [
        ("us_troops", "2014,June,2", "2014,June,1", ":3: state 260, year 2014, quarter 1 stands already in line 2"),
        ("us_troops", "38000,40000", "-5,40000", ":2: troops_ad: expected a whole number, 0 to 3e+06, got '-5'"),
        ("us_troops", "troops_ad", "troops", ":1: missing column troops_ad"),
        ("us_troops_2020", "1952,260", "1951,260", ":3: state 255, year 1951"),
        ("us_troops_2020", "1952,0", "1952,few", ":4: troops: expected a whole number"),
    ],
)
def test_a_spoilt_place_is_refused_by_line(name: str, written: str, instead: str, said: str, tmp_path: Path) -> None:
    assert refusal(name, tmp_path, written, instead)[0].startswith(said)
