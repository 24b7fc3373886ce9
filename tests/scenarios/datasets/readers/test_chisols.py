"""Changes of leaders' support, and what is refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.scenarios.datasets.samples import SAMPLES
from tests.scenarios.datasets.spoiling import read, refusal


def test_changes_are_counted_by_state_and_year(tmp_path: Path) -> None:
    table = read("chisols", tmp_path)
    assert table.version == "4.0"
    assert table.rows["changes"].to_list() == [0, 1, 2]
    assert table.rows["changed"].to_list() == [0, 1, 1]
    assert table.rows["month"].fillna(0).to_list() == [0, 3, 11]
    assert table.rows["democratic"].fillna(-1).to_list() == [1, 1, -1], "a transition year is neither"


def test_codes_for_what_does_not_apply_are_no_values(tmp_path: Path) -> None:
    text = SAMPLES["chisols"].text.replace("Transition Year", "-88")
    assert read("chisols", tmp_path, text.encode()).rows.equals(read("chisols", tmp_path).rows)


@pytest.mark.parametrize(
    ("written", "instead", "said"),
    [
        ('"Bravo",40', '"Bravo",2', ":4: state 2, year 1952 stands already in line 3"),
        ("1,1,1,1,0,0,0,0,1,1952,3", "1,1,1,0,0,0,0,0,1,1952,3", ":3: solschdum: 0, but solschange counts 1"),
        ("2,1,2,1,0", "2,1,-1,1,0", ":4: solschange: expected a whole number, 0 to 20, got '-1'"),
        ("1952,11,30", "1952,13,30", ":4: solschmo1: expected a whole number, 1 to 12, got '13'"),
        ("solschange,", "solchange,", ":1: missing column solschange"),
    ],
)
def test_a_spoilt_place_is_refused_by_line(written: str, instead: str, said: str, tmp_path: Path) -> None:
    assert refusal("chisols", tmp_path, written, instead)[0].startswith(said)
