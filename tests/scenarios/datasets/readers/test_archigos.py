"""Leaders: the makers' text, Stata and CSV files, and what is refused."""

from __future__ import annotations

import datetime
from pathlib import Path

import pandas as pd
import pytest

from papertiger.scenarios.datasets.catalogue import CATALOGUE
from papertiger.scenarios.datasets.data_set import read_data_set
from papertiger.scenarios.datasets.readers.archigos import IRREGULAR
from tests.scenarios.datasets.originals import original
from tests.scenarios.datasets.samples import SAMPLES
from tests.scenarios.datasets.spoiling import read, refusal


def test_spells_read_with_their_exits(tmp_path: Path) -> None:
    rows = read("archigos", tmp_path).rows
    assert rows["end"].to_list()[0] == datetime.date(1957, 11, 30)
    assert rows[rows["exit"] == IRREGULAR]["leader"].to_list() == ["O'Hara"]
    assert rows["exit_detail"].to_list()[1:] == ["Removed by Military, without Foreign Support", ""]


@pytest.mark.parametrize("ending", ["txt", "dta"])
def test_the_makers_text_and_stata_files_read_to_the_same(ending: str, tmp_path: Path) -> None:
    expected = read("archigos", tmp_path).rows.reset_index(drop=True)
    frame = pd.read_csv(tmp_path / SAMPLES["archigos"].file, dtype=str, keep_default_na=False)
    frame = frame.rename(columns={"gwcode": "ccode"})
    path = tmp_path / f"1March_Archigos_4.1.{ending}"
    if ending == "txt":
        frame.to_csv(path, sep="\t", index=False, encoding="cp1252")
    else:
        frame["ccode"] = frame["ccode"].astype(float)
        dates = {name: pd.to_datetime(frame[name]) for name in ("startdate", "enddate")}
        frame.assign(**dates).to_stata(path, write_index=False, convert_dates=dict.fromkeys(dates, "td"), version=118)
    assert read_data_set(CATALOGUE["archigos"], path).rows.reset_index(drop=True).equals(expected)


@pytest.mark.parametrize(
    ("written", "instead", "said"),
    [
        ("1957-11-30,1961", "1962-11-30,1961",
         ":3: enddate: the leader leaves on 1961-01-20, before coming on 1962-11-30"),
        ("AAA-1957", "AAA-1951", ":3: spell AAA-1951 stands already in line 2"),
        ("Irregular,\"Removed", "Coup,\"Removed", ":3: exit: expected a text, one of Regular, Irregular"),
        ("Removed by Military, without", "Removed by Army, without", ":3: exitcode: expected a text, one of Regular"),
        ("1957-11-30,Regular,Regular,Regular", "1957-11-30,Regular,Still in Office,Still in Office",
         ":2: exit: still in office, but the spell ends on 1957-11-30"),
        ("1951-03-04", "1951-02-30", ":2: startdate: expected a date such as 1949-04-24"),
    ],
)  # fmt: skip
def test_a_spoilt_place_is_refused_by_line(written: str, instead: str, said: str, tmp_path: Path) -> None:
    assert refusal("archigos", tmp_path, written, instead)[0].startswith(said)


def test_the_makers_file_is_read() -> None:
    rows = read_data_set(CATALOGUE["archigos"], original("archigos.csv")).rows
    assert len(rows) == 3409
    assert (rows["exit"] == IRREGULAR).sum() == 600
    assert rows["exit_detail"].str.startswith("Removed by Military").sum() == 283
    assert rows["end"].max() == datetime.date(2015, 12, 31)
