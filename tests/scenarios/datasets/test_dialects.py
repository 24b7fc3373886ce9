"""One table in every format and dialect that it may come in reads the same."""

from __future__ import annotations

import csv
import io
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from papertiger.scenarios.datasets.catalogue import CATALOGUE
from papertiger.scenarios.datasets.data_set import read_data_set
from papertiger.scenarios.errors import ScenarioError
from tests.scenarios.datasets.samples import SAMPLES

if TYPE_CHECKING:
    import pandas as pd

PLAIN = (
    "atop_dyad_years", "atop_members", "atop_alliances", "cow_states", "cow_nmc", "cow_alliances",
    "cow_alliance_members", "gml_participants", "gml_disputes", "gml_dyad_years", "mid_participants", "mid_disputes",
    "mid_dyad_years", "icb_crises", "icb_actors",
)  # fmt: skip
"""Data sets whose tables are a row of column names and rows of numbers and texts."""


def _cells(name: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO(SAMPLES[name].text)))


def _frame(name: str) -> Any:
    """Return a sample as Stata and R hold it: numbers as numbers, with missing values."""
    import pandas as pd

    header, *rows = _cells(name)
    frame = pd.DataFrame(rows, columns=header)
    for column in frame.columns:
        numbers = pd.to_numeric(frame[column].replace("", None), errors="coerce")
        if numbers.notna().equals(frame[column] != ""):
            frame[column] = numbers.astype("float64")
    return frame


def _same(name: str, path: Path) -> None:
    here = read_data_set(CATALOGUE[name], path).rows
    sample = read_data_set(CATALOGUE[name], SAMPLES[name].write(path.parent)).rows
    _compare(here, sample)


def _compare(here: pd.DataFrame, sample: pd.DataFrame) -> None:
    import pandas as pd

    pd.testing.assert_frame_equal(here.reset_index(drop=True), sample.reset_index(drop=True), check_dtype=False)


@pytest.mark.parametrize("name", PLAIN)
def test_stata(name: str, tmp_path: Path) -> None:
    path = tmp_path / "table.dta"
    _frame(name).to_stata(path, write_index=False, version=118)
    _same(name, path)


@pytest.mark.parametrize("name", PLAIN)
def test_rds(name: str, tmp_path: Path) -> None:
    import pyreadr

    path = tmp_path / "table.rds"
    pyreadr.write_rds(str(path), _frame(name))
    _same(name, path)


@pytest.mark.parametrize("name", ["atop_members", "cow_states", "gml_participants"])
def test_rda(name: str, tmp_path: Path) -> None:
    import pyreadr

    path = tmp_path / "table.rda"
    pyreadr.write_rdata(str(path), _frame(name), df_name="anything")
    _same(name, path)


@pytest.mark.parametrize("name", PLAIN)
@pytest.mark.parametrize("delimiter", [";", "\t", "|"])
def test_delimiters(name: str, delimiter: str, tmp_path: Path) -> None:
    path = tmp_path / "table.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, delimiter=delimiter).writerows(_cells(name))
    _same(name, path)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
@pytest.mark.parametrize("name", ["cow_states", "icb_crises", "cow_alliances"])
def test_encodings(name: str, encoding: str, tmp_path: Path) -> None:
    path = tmp_path / "table.csv"
    path.write_bytes(SAMPLES[name].text.encode(encoding))
    _same(name, path)


@pytest.mark.parametrize("name", ["cow_states", "gml_disputes"])
def test_lines_above_and_other_line_ends(name: str, tmp_path: Path) -> None:
    path = tmp_path / "table.csv"
    path.write_bytes(b"A title\r\n\r\n" + SAMPLES[name].text.replace("\n", "\r\n").encode())
    _same(name, path)


def test_a_refusal_in_stata_names_the_row(tmp_path: Path) -> None:
    frame = _frame("gml_disputes")
    frame.loc[1, "hostlev"] = 9.0
    path = tmp_path / "table.dta"
    frame.to_stata(path, write_index=False, version=118)
    with pytest.raises(ScenarioError) as caught:
        read_data_set(CATALOGUE["gml_disputes"], path)
    said = "table.dta: row 2, hostlev: expected a whole number, one of 1, 2, 3, 4, 5, got '9'"
    assert str(caught.value).replace(f"{tmp_path}/", "") == said


@pytest.mark.parametrize("ending", ["dta", "rds", "rda"])
def test_what_is_no_such_file_is_said_so(ending: str, tmp_path: Path) -> None:
    path = tmp_path / f"table.{ending}"
    path.write_bytes(b"dispnum,ccode\n1,2\n")
    with pytest.raises(ScenarioError, match=rf"table\.{ending}: cannot be read as an? (Stata|R) file"):
        read_data_set(CATALOGUE["gml_disputes"], path)
