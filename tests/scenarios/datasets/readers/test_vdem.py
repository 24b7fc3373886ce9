"""V-Dem: only the columns needed, the version by the file's name, and what is refused."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from papertiger.scenarios.datasets.catalogue import CATALOGUE
from papertiger.scenarios.datasets.data_set import read_data_set
from papertiger.scenarios.datasets.readers.vdem import ELECTORAL_AUTOCRACY
from tests.scenarios.datasets.samples import SAMPLES
from tests.scenarios.datasets.spoiling import read, refusal


def test_scores_read_with_their_intervals(tmp_path: Path) -> None:
    table = read("vdem", tmp_path)
    assert table.version == "15"
    assert table.rows["polyarchy"].fillna(-1).to_list() == [0.281, 0.3, -1]
    assert table.rows["regime"].fillna(-1).to_list() == [ELECTORAL_AUTOCRACY, ELECTORAL_AUTOCRACY, -1]
    assert table.rows["state"].fillna(0).to_list() == [2, 2, 0], "some countries are no states of the system"


@pytest.mark.parametrize("ending", ["dta", "rds"])
def test_stata_and_r_files_read_to_the_same(ending: str, tmp_path: Path) -> None:
    pyreadr = pytest.importorskip("pyreadr")
    expected = read("vdem", tmp_path).rows.reset_index(drop=True)
    frame = pd.read_csv(tmp_path / SAMPLES["vdem"].file).assign(v2exnamhos="x")
    path = tmp_path / f"V-Dem-CY-Full+Others-v15.{ending}"
    if ending == "dta":
        frame.to_stata(path, write_index=False, version=118)
    else:
        pyreadr.write_rds(str(path), frame)
    table = read_data_set(CATALOGUE["vdem"], path)
    assert table.rows.reset_index(drop=True).equals(expected)
    assert table.version == "15"


@pytest.mark.parametrize(
    ("written", "instead", "said"),
    [
        ('"ALF",3,1952', '"ALF",3,1951', ":3: country 3, year 1951 stands already in line 2"),
        ("0.281,0.25", "1.281,0.25", ":2: v2x_polyarchy: expected a number, 0 to 1, got '1.281'"),
        ("0.281,0.25", "0.281,0.29", ":2: v2x_polyarchy: lies outside its own interval"),
        ('"v2x_polyarchy"', '"v2x_poly"', ":1: missing column v2x_polyarchy"),
    ],
)
def test_a_spoilt_place_is_refused_by_line(written: str, instead: str, said: str, tmp_path: Path) -> None:
    assert refusal("vdem", tmp_path, written, instead)[0].startswith(said)
