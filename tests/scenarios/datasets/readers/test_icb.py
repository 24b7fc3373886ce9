"""Crises and the states in them."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from papertiger.scenarios.datasets.catalogue import CATALOGUE
from papertiger.scenarios.datasets.data_set import read_data_set
from papertiger.scenarios.datasets.readers.icb import Effect, Involvement
from papertiger.scenarios.errors import ScenarioError
from tests.scenarios.datasets.originals import original
from tests.scenarios.datasets.samples import SAMPLES
from tests.scenarios.datasets.spoiling import read, refusal


def test_a_crisis_dates_to_the_part_of_the_month_that_is_known(tmp_path: Path) -> None:
    table = read("icb_crises", tmp_path)
    assert table.version == "15"
    rows = table.rows
    assert rows["start"].to_list() == [date(1957, 11, 28), date(1961, 12, 1), None, date(1973, 10, 25)]
    assert rows["start_precision"].to_list() == ["day", "month", "", "month"]
    assert rows["end"].to_list()[0] == date(1957, 11, 28), "an end early in the month is no earlier than the start"


def test_what_a_power_did_is_missing_where_nobody_coded_it(tmp_path: Path) -> None:
    rows = read("icb_actors", tmp_path).rows
    assert rows["us_involvement"].to_list() == [Involvement.POLITICAL, Involvement.MILITARY, Involvement.NONE]
    assert rows["us_effect"].fillna(0).to_list() == [Effect.HELPED, Effect.HARMED, 0]
    assert rows["gb_involvement"].fillna(0).to_list() == [8, 0, 0]
    assert rows["fr_effect"].fillna(0).to_list() == [6, 0, 0]


@pytest.mark.parametrize(
    ("name", "written", "instead", "said"),
    [
        ("icb_crises", "ICB1,2,", "ICB1,1,", ":3: crisis 1 stands already in line 2"),
        ("icb_crises", "1962,8,15,1", "1962,8,15,5",
         ":3: viol: expected a whole number, one of 1, 2, 3, 4, got '5'"),
        ("icb_crises", "1962,8,15", "1961,11,15",
         ":3: the end, 1961-11-15, is before the start, 1961-12"),
        ("icb_crises", "10,88", "10,55", ":5: datrig: expected a whole number, one of 1, 2, 3"),
        ("icb_actors", "2,3,352", "2,3,1001", ":4: cracid: expected a whole number, 2 to 990"),
        ("icb_actors", "2,3,352", "2,2,352", ":4: actor_number 2 stands already in line 3"),
        ("icb_actors", "42,42,3,1", "42,42,0,1",
         ":2: usinv: expected a whole number, one of 1, 2, 3, 4, 5, 6, 7, 8, 9, got '0'"),
        ("icb_actors", "usfavr", "us_favr", ":1: missing column usfavr (did you mean 'us_favr'?)"),
    ],
)  # fmt: skip
def test_a_spoilt_place_is_refused_by_line(name: str, written: str, instead: str, said: str, tmp_path: Path) -> None:
    assert refusal(name, tmp_path, written, instead)[0].startswith(said)


def test_a_file_that_broke_off_is_refused_unless_its_version_has_that_many_rows(tmp_path: Path) -> None:
    sample = SAMPLES["icb_crises"]
    path = sample.write(tmp_path, sample.text.rstrip("\n").encode())
    with pytest.raises(ScenarioError, match=r"icb1v15\.csv:5: the last line has no end"):
        read_data_set(CATALOGUE["icb_crises"], path)


def test_the_makers_crises_read_although_their_last_line_has_no_end() -> None:
    path = original("icb1v14.csv")
    assert not path.read_bytes().endswith(b"\n")
    table = read_data_set(CATALOGUE["icb_crises"], path)
    assert (len(table.rows), table.version) == (487, "14")
    assert table.rows["violence"].value_counts().to_dict() == {2: 142, 1: 125, 3: 116, 4: 103}


def test_the_makers_actors_read() -> None:
    table = read_data_set(CATALOGUE["icb_actors"], original("icb2v14.csv"))
    assert (len(table.rows), table.rows["crisis"].nunique()) == (1078, 487)
    assert int((table.rows["su_involvement"] == Involvement.MILITARY).sum()) == 63
    assert int(table.rows["gb_involvement"].isna().sum()) == 822
