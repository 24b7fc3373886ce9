"""Polity's scores and its codes that are no score, and what is refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from papertiger.scenarios.datasets.readers.polity import INTERREGNUM, INTERRUPTION, STANDARDIZED, TRANSITION
from tests.scenarios.datasets.samples import SAMPLES
from tests.scenarios.datasets.spoiling import read, refusal


def test_scores_and_codes_read_as_they_stand(tmp_path: Path) -> None:
    table = read("polity", tmp_path)
    assert table.version == "Polity5"
    assert table.rows["polity"].to_list() == [10, TRANSITION, INTERRUPTION, INTERREGNUM]
    assert table.rows["polity2"].fillna(99).to_list() == [10, 3, 99, 0]
    assert set(table.rows["polity"]) - {10} == set(STANDARDIZED)


def test_the_version_before_is_told_by_its_headings(tmp_path: Path) -> None:
    text = SAMPLES["polity"].text.replace("p5,cyear", "p4,cyear").replace("d5", "d4")
    assert read("polity", tmp_path, text.encode()).version == "Polity IV"


@pytest.mark.parametrize(
    ("written", "instead", "said"),
    [
        ("2,ALF,Alfa,1952", "2,ALF,Alfa,1951", ":3: state 2, year 1951 stands already in line 2"),
        ("-88,-88,-88,3", "-88,-88,-89,3", ":3: polity: expected a whole number, one of -10, -9"),
        ("-66,-66,-66,,", "-66,-66,-66,5,", ":4: polity2: a score in a year of interruption (-66)"),
        ("10,0,10,10,5", "10,0,10,9,5", ":2: polity2: 9, but polity is 10"),
        ("-77,-77,-77,0", "-77,-77,-77,-77", ":5: polity2: expected a whole number, -10 to 10, got '-77'"),
    ],
)
def test_a_spoilt_place_is_refused_by_line(written: str, instead: str, said: str, tmp_path: Path) -> None:
    assert refusal("polity", tmp_path, written, instead)[0].startswith(said)
