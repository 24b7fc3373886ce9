"""Militarised interstate disputes."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from papertiger.scenarios.datasets.catalogue import CATALOGUE
from papertiger.scenarios.datasets.data_set import read_data_set
from papertiger.scenarios.datasets.readers.disputes import ACTIONS, Hostility, Outcome
from tests.scenarios.datasets.originals import original
from tests.scenarios.datasets.spoiling import read, refusal


def test_an_unknown_day_is_as_early_or_late_as_it_may_be(tmp_path: Path) -> None:
    rows = read("gml_participants", tmp_path).rows
    assert rows["start"].to_list() == [date(1984, 4, 3), date(1984, 4, 3), date(1984, 5, 1)]
    assert rows["end"].to_list() == [date(1984, 5, 31), date(1984, 5, 31), date(1984, 5, 30)]
    assert rows["start_precision"].to_list() == ["day", "day", "month"]
    assert rows["end_precision"].to_list() == ["month", "month", "day"]


def test_hostility_follows_from_the_highest_action_where_it_is_not_given(tmp_path: Path) -> None:
    rows = read("gml_participants", tmp_path).rows
    assert rows["hostility"].to_list() == [Hostility.USE, Hostility.NONE, Hostility.DISPLAY]
    assert rows["fatality"].isna().all()


def test_mid_gives_deaths_by_state(tmp_path: Path) -> None:
    table = read("mid_participants", tmp_path)
    assert table.version == "5"
    assert table.rows["fatality"].fillna(-1).to_list() == [-1, 2, 0, 0, 0]
    assert table.rows["start"].to_list()[3] == date(1988, 2, 29)


def test_dyads_say_what_either_side_did(tmp_path: Path) -> None:
    rows = read("mid_dyad_years", tmp_path).rows
    assert rows["hostility_b"].to_list() == [Hostility.NONE, Hostility.DISPLAY, Hostility.WAR]
    assert rows["fatality_a"].isna().to_list() == [True, False, False]
    assert rows["start"].to_list() == [date(1984, 4, 3), date(1984, 5, 1), date(1988, 2, 29)]
    package = read("gml_dyad_years", tmp_path).rows
    assert package["action_a"].to_list() == [16, 0, 16]
    assert package["start"].to_list() == [None, None, None]


def test_a_thirteenth_month_is_an_unknown_one(tmp_path: Path) -> None:
    rows = read("gml_disputes", tmp_path).rows
    assert rows["start_month"].isna().to_list() == [False, False, True]
    assert rows["outcome"].to_list()[0] == Outcome.STALEMATE
    assert rows["outcome"].isna().to_list()[1]


def test_levels_of_action_rise() -> None:
    levels = [ACTIONS[action][1] for action in range(22)]
    assert levels == sorted(levels)
    assert (levels.index(Hostility.USE), levels.index(Hostility.WAR)) == (13, 20)


@pytest.mark.parametrize(
    ("name", "written", "instead", "said"),
    [
        ("gml_participants", "1.0,16.0,1.0", "1.0,22.0,1.0",
         ":2: hiact: expected a whole number, one of 0, 1, 2"),
        ("gml_participants", "352.0,1984.0,5.0", "352.0,1984.0,6.0",
         ":4: the end, 1984-05-30, is before the start, 1984-06"),
        ("gml_participants", "7001.0,42.0", "7001.0,41.0", ":3: dispute 7001, state 41, start_year 1984"),
        ("gml_participants", "sidea", "side", ":1: missing column sidea (did you mean 'side'?)"),
        ("mid_participants", "16,4,1,5", "16,3,1,5",
         ":2: hostlev: action 16 (attack) makes a hostility of 4, got 3"),
        ("mid_participants", "CHA,352,29,2,1988", "CHA,352,30,2,1988",
         ":5: the start is a day that there is not, 1988-02-30"),
        ("mid_participants", "0,2,31,0", "0,7,31,0",
         ":3: fatality: expected a whole number, one of 0, 1, 2, 3, 4, 5, 6, got '7'"),
        ("gml_dyad_years", "7001,42,41", "7001,41,42",
         ":3: dispute 7001, spell none, state_a 41, state_b 42, year 1984 stands already in line 2"),
        ("mid_dyad_years", "1,0,-9,2,16", "1,1,-9,2,16", ":2: both states are on the same side"),
        ("mid_dyad_years", "41,ALF,42,BRV", "41,ALF,41,ALF", ":2: a state is in a dispute with itself"),
        ("mid_disputes", "59,29,16", "28,29,16",
         ":2: maxdur: lasts at most 28 days, but at least 29"),
        ("mid_disputes", "\n7003", "\n7002", ":4: dispute 7002 stands already in line 3"),
        ("gml_disputes", "1999.0,13.0", "1999.0,14.0",
         ":4: stmon: expected a whole number, 1 to 12, got '14.0'"),
    ],
)  # fmt: skip
def test_a_spoilt_place_is_refused_by_line(name: str, written: str, instead: str, said: str, tmp_path: Path) -> None:
    assert refusal(name, tmp_path, written, instead)[0].startswith(said)


def test_the_makers_participants_read() -> None:
    table = read_data_set(CATALOGUE["gml_participants"], original("gml_part.csv"))
    assert (len(table.rows), table.rows["dispute"].nunique()) == (5217, 2174)
    assert int((table.rows["hostility"] == Hostility.WAR).sum()) == 336 + int((table.rows["action"] == 21).sum())
    assert table.rows["end"].max() == date(2010, 12, 31)


def test_the_makers_disputes_read() -> None:
    table = read_data_set(CATALOGUE["gml_disputes"], original("gml_mid_disps.csv"))
    assert len(table.rows) == 2174
    assert table.rows["hostility"].value_counts().to_dict() == {4: 1474, 3: 542, 5: 95, 2: 63}
