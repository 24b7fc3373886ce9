"""Treaties of alliance, their members and their ends."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from papertiger.scenarios.datasets.catalogue import CATALOGUE
from papertiger.scenarios.datasets.data_set import read_data_set
from papertiger.scenarios.datasets.readers.atop import Mode, Termination
from papertiger.scenarios.errors import ScenarioError
from tests.scenarios.datasets.originals import original
from tests.scenarios.datasets.samples import SAMPLES
from tests.scenarios.datasets.spoiling import read, refusal


def test_a_treaty_in_force_has_no_end(tmp_path: Path) -> None:
    table = read("atop_members", tmp_path)
    assert table.version == "5.1"
    rows = table.rows
    assert rows["end"].to_list() == [None, date(1962, 1, 31), date(1961, 10, 31), date(1980, 4, 11)]
    assert rows["end_precision"].to_list() == ["", "day", "month", "day"]
    assert rows["start"].to_list()[3] == date(1950, 2, 1)
    assert rows["termination"].to_list() == [
        Termination.NOT_SAID, Termination.BROKEN, Termination.BROKEN, Termination.EXPIRED,
    ]  # fmt: skip
    assert rows["mode"].to_list()[1] == Mode.BROKEN_BY_MEMBER


def test_an_alliance_has_its_members_in_one_place(tmp_path: Path) -> None:
    table = read("atop_alliances", tmp_path)
    assert table.version == "5.1", "although single precision wrote 5.1000002"
    assert table.rows["members"].to_list() == [(2, 41, 42), (365, 352), (20, 41)]


@pytest.mark.parametrize(
    ("name", "written", "instead", "said"),
    [
        ("atop_members", "8152,0,", "8152,1,",
         ":5: member: 8152 is said to be in the state system, expected 2 to 990"),
        ("atop_members", "2010,,41,1", "2010,,2,1",
         ":3: alliance 2010, member 2, phase 0, start_year 1947, start_month 9"),
        ("atop_members", "1962,1,31", "1946,1,31",
         ":3: the end, 1946-01-31, is before the start, 1947-09-02"),
        ("atop_members", "0,0,0,5.1", "0,7,0,5.1",
         ":2: termmode: expected a whole number, one of 0, 1, 2, 3, 4, 5, 6, got '7'"),
        ("atop_alliances", "20,41,,5.1", "20,20,,5.1", ":4: mem1: the alliance has a member twice"),
        ("atop_alliances", "20,41,,5.1", "20,,,5.1",
         ":4: mem1: the alliance has 1 member, expected two or more"),
        ("atop_alliances", "\n2020", "\n2015", ":4: alliance 2015 stands already in line 3"),
        ("atop_dyad_years", "2.0,41.0,1952.0", "2.0,2.0,1952.0",
         ":3: a state is allied with itself"),
    ],
)  # fmt: skip
def test_a_spoilt_place_is_refused_by_line(name: str, written: str, instead: str, said: str, tmp_path: Path) -> None:
    assert refusal(name, tmp_path, written, instead)[0].startswith(said)


def test_a_version_with_other_codes_is_refused(tmp_path: Path) -> None:
    sample = SAMPLES["atop_members"]
    path = sample.write(tmp_path, sample.text.replace(",5.1\n", ",3.0\n").encode())
    with pytest.raises(ScenarioError, match=r"atop5_1m\.csv:2: version: expected ATOP 4\.01, 5\.0 or 5\.1, got 3"):
        read_data_set(CATALOGUE["atop_members"], path)


def test_the_makers_members_read() -> None:
    table = read_data_set(CATALOGUE["atop_members"], original("atop-member-level.csv"))
    assert (len(table.rows), table.rows["alliance"].nunique(), table.version) == (2398, 745, "4.01")
    assert int(table.rows["end"].isna().sum()) == 1062
    assert table.rows["mode"].value_counts().to_dict() == {0: 1066, 2: 499, 3: 440, 5: 153, 4: 119, 1: 74, 6: 47}


def test_the_makers_alliances_read() -> None:
    table = read_data_set(CATALOGUE["atop_alliances"], original("atop-alliance-level.csv"))
    assert (len(table.rows), table.version) == (745, "4.01")
    assert max(map(len, table.rows["members"])) == 59
    assert table.rows["termination"].value_counts().to_dict() == {0: 383, 2: 160, 3: 118, 1: 84}
