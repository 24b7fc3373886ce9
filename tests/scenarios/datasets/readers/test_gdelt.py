"""GDELT: three layouts without column names, one with, and what is refused."""

from __future__ import annotations

import datetime
from pathlib import Path

import pytest

from papertiger.scenarios.datasets.readers.gdelt import DAILY, EVERY_15_MINUTES, HISTORICAL
from tests.scenarios.datasets.samples.gdelt import event
from tests.scenarios.datasets.spoiling import read, refusal


def test_the_layouts_are_those_of_the_codebooks() -> None:
    assert [len(names) for names in (HISTORICAL, DAILY, EVERY_15_MINUTES)] == [57, 58, 61]
    # Places that the codebooks number.
    assert (DAILY[26], DAILY[30], DAILY[34], DAILY[57]) == ("EventCode", "GoldsteinScale", "AvgTone", "SOURCEURL")
    assert EVERY_15_MINUTES[53] == "ActionGeo_CountryCode"


@pytest.mark.parametrize(
    ("names", "version", "url"),
    [
        (HISTORICAL, "1.0", ""),
        (DAILY, "1.0", "https://wire.example/7"),
        (EVERY_15_MINUTES, "2.0", "https://wire.example/7"),
    ],
)
@pytest.mark.parametrize("with_names", [False, True])
def test_every_layout_reads_with_and_without_names(
    tmp_path: Path, names: tuple[str, ...], version: str, url: str, with_names: bool
) -> None:
    text = event(names, 7, "20210503", "AZE-ARM", "043", "2.8", "1")
    table = read("gdelt", tmp_path, (("\t".join(names) + "\n" if with_names else "") + text).encode())
    row = table.rows.iloc[0]
    assert (row["id"], row["date"], row["event_code"]) == (7, datetime.date(2021, 5, 3), "043")
    assert (row["actor1_country"], row["actor2_country"]) == ("AZE", "ARM")
    assert (row["goldstein"], row["mentions"], row["place"]) == (2.8, 14, "AM")
    assert row["actor1"] == 'Aze "Old" Government'
    assert (table.version, row["url"]) == (version, url)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("302\t", "301\t", ":2: id 301 stands already in line 1"),
        ("\t043\t043\t04\t", "\t43\t43\t4\t",
         ":2: EventRootCode: expected a text, one of 01, 02, 03, 04, 05, 06, 07, 08, 09, 10, 11, 12 …, got '4'"),
        ("\t043\t043\t04\t", "\t43\t43\t04\t",
         ":2: EventCode: expected an event code of root 04, got 43: a leading zero may be lost, as in Excel"),
        ("\t190\t190\t19\t4\t-10\t", "\t190\t190\t19\t4\t-100\t",
         ":1: GoldsteinScale: expected a number, -10 to 10, got '-100'"),
        ("20210502", "20200502", ":3: SQLDATE: expected a date of 2021, the row's year, got 2020-05-02"),
        ("RUSGOV\t", "RUSGOV", ":2: 57 cells, expected 58 as in the first row"),
        ("AZEGOV\tAze", "AZEGOV\tx\ty\tAze",
         ":1: 60 cells between tabs, expected a row of column names, or 57, 58, 61 cells without one"),
    ],
)  # fmt: skip
def test_a_mistake_is_refused_by_line_and_column(tmp_path: Path, old: str, new: str, said: str) -> None:
    assert said in refusal("gdelt", tmp_path, old, new)
