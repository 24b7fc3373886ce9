"""Armed conflicts: several states in a cell, who fights abroad, and what is refused."""

from __future__ import annotations

import datetime
from pathlib import Path

import pytest

from papertiger.scenarios.datasets.catalogue import CATALOGUE
from papertiger.scenarios.datasets.data_set import read_data_set
from papertiger.scenarios.datasets.readers.ucdp_acd import INTERNATIONALIZED, MINOR, WAR, parties
from papertiger.scenarios.errors import ScenarioError
from tests.scenarios.datasets.samples import SAMPLES
from tests.scenarios.datasets.spoiling import read, refusal


def test_states_of_a_side_read_as_codes(tmp_path: Path) -> None:
    table = read("ucdp_acd", tmp_path)
    assert table.version == "24.1"
    rows = table.rows
    assert rows["side_a_second"].to_list() == [(2, 200), (), ()]
    assert rows["side_b"].to_list() == [(), (), (385, 390)]
    assert rows["intensity"].to_list() == [MINOR, WAR, WAR]
    assert rows["kind"].to_list()[0] == INTERNATIONALIZED
    assert rows["end"].to_list() == [None, datetime.date(1952, 4, 30), datetime.date(1952, 2, 1)]


def test_parties_are_told_apart_by_side_and_place(tmp_path: Path) -> None:
    fighters = parties(read("ucdp_acd", tmp_path).rows)
    assert list(fighters[["state", "year", "side", "second", "intensity", "abroad"]].itertuples(name=None)) == [
        (2, 145, 1951, "a", False, 1, False),
        (2, 2, 1951, "a", True, 1, True),
        (2, 200, 1951, "a", True, 1, True),
        (3, 145, 1952, "a", False, 2, False),
        (4, 2, 1952, "a", False, 2, True),
        (4, 385, 1952, "b", False, 2, True),
        (4, 390, 1952, "b", False, 2, True),
    ]


def test_headings_of_version_17_read_to_the_same(tmp_path: Path) -> None:
    header, _, rest = SAMPLES["ucdp_acd"].text.partition("\n")
    text = header.replace("_", "") + "\n" + rest.replace(",24.1", ",17.2")
    table = read("ucdp_acd", tmp_path, text.encode())
    assert table.version == "17.2"
    assert table.rows.drop(columns="version").equals(read("ucdp_acd", tmp_path).rows.drop(columns="version"))


def test_a_package_that_gives_a_row_to_each_state_is_read(tmp_path: Path) -> None:
    path = tmp_path / "ucdp_acd.csv"
    path.write_text(
        "conflict_id,year,gwno_a,gwno_a_2nd,gwno_b,gwno_b_2nd,incompatibility,intensity_level,type_of_conflict,"
        "start_date,ep_end_date\n"
        "200,1951,145,2,NA,NA,2,1,4,1950-07-21,NA\n200,1951,145,200,NA,NA,2,1,4,1950-07-21,NA\n"
    )
    rows = read_data_set(CATALOGUE["ucdp_acd"], path).rows
    assert parties(rows)[["state", "abroad"]].to_numpy().tolist() == [[145, False], [2, True], [200, True]]
    path.write_text(path.read_text().replace("145,200", "145,2"))
    with pytest.raises(
        ScenarioError, match=r":3: conflict 200, year 1951, side_a \(145,\).* stands already in line 2"
    ):
        read_data_set(CATALOGUE["ucdp_acd"], path)


@pytest.mark.parametrize(
    ("written", "instead", "said"),
    [
        ("5,24.1", "5,4-2016",
         ":1: version: is version 4-2016, expected 17.1 or later: before, conflicts and actors had"),
        ("1952,2,1,3", "1951,2,1,3", ":3: conflict 200, year 1951 stands already in line 2"),
        ('"2, 200"', '"2, Bravo"', ":2: gwno_a_2nd: expected a whole number, 2 to 990, got 'Bravo'"),
        ('"385, 390"', '"385,, 390"', ":4: gwno_b: expected a whole number, 2 to 990, got nothing"),
        ("1951,1,0,4", "1951,3,0,4", ":2: intensity_level: expected a whole number, one of 1, 2, got '3'"),
        ("1952-02-01,1,2", "1951-02-01,1,2",
         ":4: ep_end_date: the episode ends on 1951-02-01, before the conflict's 1952-01-02"),
        ("1950-07-21", "21-07-1950", ":2: start_date: expected a date such as 1949-04-24"),
        ("1950-07-21", "1952-07-21", ":2: start_date: the conflict starts on 1952-07-21, after the year 1951"),
        ("gwno_b,", "gwnob2,", ":1: missing column gwno_b or gwnob"),
    ],
)  # fmt: skip
def test_a_spoilt_place_is_refused_by_line(written: str, instead: str, said: str, tmp_path: Path) -> None:
    assert refusal("ucdp_acd", tmp_path, written, instead)[0].startswith(said)
