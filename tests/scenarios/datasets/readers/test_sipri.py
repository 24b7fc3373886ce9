"""Arms transfers: pairs by year, years across with totals and notes, and what is refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from papertiger.scenarios.datasets.catalogue import CATALOGUE
from papertiger.scenarios.datasets.data_set import read_data_set
from papertiger.scenarios.datasets.readers.sipri import is_state
from papertiger.scenarios.datasets.states import state_codes
from tests.scenarios.datasets.originals import original
from tests.scenarios.datasets.samples import SAMPLES
from tests.scenarios.datasets.spoiling import read, refusal

VOLUMES = (
    "Volume of transfers of major arms\n"
    "Figures are in millions of SIPRI trend-indicator values (TIVs).\n"
    "\n"
    "Source: SIPRI Arms Transfers Database (c) SIPRI.\n"
    "Data generated: 13 Oct 2024 12:33:29 PM\n"
    "\n"
    "Recipient,1950,1951,1950-1951,Percentage,Sum total years,Percentage of total\n"
    "Alfa,141,0 ,141,60.0%,141,60.0%\n"
    "Bravo,,94,94,40.0%,94,40.0%\n"
    "Total world import,141,94,235,100%,235,100%\n"
)


def test_a_table_with_years_across_reads_down_with_its_lines(tmp_path: Path) -> None:
    table = read("sipri_values", tmp_path)
    assert table.version == "of 28 July 2022"
    assert set(table.rows["supplier"]) == {"Bravo"}
    assert list(table.rows[["recipient", "year", "tiv", "estimate"]].itertuples(name=None)) == [
        (11, "Alfa", 1951, 19.0, 0),
        (11, "Alfa", 1952, 22.0, 1),
        (12, "African League**", 1950, 0.0, 0),
        (13, "Côte Delta", 1950, 3.0, 0),
        (13, "Côte Delta", 1952, 12.0, 1),
        (13, "Côte Delta", 1953, 1.0, 0),
    ]


def test_nothing_is_no_row_and_nought_is_one_of_less_than_half_a_million(tmp_path: Path) -> None:
    rows = read("sipri_values", tmp_path).rows
    assert rows[rows["recipient"] == "African League**"]["tiv"].to_list() == [0.0]
    assert len(rows[rows["year"] == 1950]) == 2


@pytest.mark.parametrize(
    ("title", "sides"),
    [
        ("TIV of arms exports from Bravo, 1950-1953", ("Bravo", "Alfa")),
        ("TIV of arms exports to Bravo, 1950-1953", ("Alfa", "Bravo")),
        ("TIV of arms exports from all, 1950-1953", ("Alfa", "")),
        ("TIV of arms exports to all, 1950-1953", ("", "Alfa")),
    ],
)
def test_the_title_says_who_supplies(title: str, sides: tuple[str, str], tmp_path: Path) -> None:
    text = SAMPLES["sipri_values"].text.replace("TIV of arms exports from Bravo, 1950-1953", title)
    row = read("sipri_values", tmp_path, text.encode()).rows.iloc[0]
    assert (row["supplier"], row["recipient"]) == sides


@pytest.mark.parametrize(
    ("title", "supplier"),
    [
        ("", ""),
        (" from Charlie", "Charlie"),
        (" from All countries to Delta", ""),
        (" from Charlie to All", "Charlie"),
    ],
)
def test_the_layout_since_2023_is_read(title: str, supplier: str, tmp_path: Path) -> None:
    text = VOLUMES.replace("major arms\n", f"major arms{title}\n")
    table = read("sipri_values", tmp_path, text.encode("utf-16"))
    assert table.version == "of 13 Oct 2024"
    assert list(table.rows.itertuples(name=None)) == [
        (8, supplier, "Alfa", 1950, 141.0, 0),
        (8, supplier, "Alfa", 1951, 0.0, 0),
        (9, supplier, "Bravo", 1951, 94.0, 0),
    ]


@pytest.mark.parametrize(
    ("name", "written", "instead", "said"),
    [
        ("sipri_values", "22?", "22x", ":11: 1952: expected a value in millions, or nothing, got '22x'"),
        ("sipri_values", "Alfa,,19,22?,,41", "Alfa,19,22?,,,41", ":15: 1950: 3 is the total of values that add"),
        ("sipri_values", "Alfa,,19,22?,,41", "Alfa,,9,32?,,41", ":15: 1951: 19 is the total of values"),
        ("sipri_values", "Alfa,,19,22?,,41", "Alfa,,19,22?,,51",
         ":11: its total: 51 is the total of values that add up to 41: cells are missing or have moved"),
        ("sipri_values", "Total,3,19,34,1,57\n** an organization of states\n", "",
         ":13: no row of totals below the table, as in a download that broke off"),
        ("sipri_values", "TIV of arms exports from Bravo, 1950-1953", "Arms of Bravo",
         ":10: expected the heading Recipient or Supplier, or above the table a title 'TIV of arms exports from …'"),
        ("sipri_values", ",1950,1951", ",1950,1950", ":10: 1950: duplicate column"),
        ("sipri_values", "Côte Delta,3", "Alfa,3",
         ":13: supplier Bravo, recipient Alfa, year 1952 stands already in line 11"),
        ("sipri_values", "Côte Delta,3,,(12),1,16", "Côte Delta,3,,(12)", ":13: 4 cells, expected 6"),
        ("sipri_pairs", "1951,11", "1951,-11", ":2: value: expected a number of at least 0, got '-11'"),
        ("sipri_pairs", "Bravo,Alfa,1952", "Bravo,Alfa,1951",
         ":3: supplier Bravo, recipient Alfa, year 1951 stands already in line 2"),
        ("sipri_pairs", "Charlie,Écho,1953", "Charlie,,1953", ":5: recipient: expected a text, got nothing"),
        ("sipri_pairs", "Charlie,Écho,1953", "Charlie,Écho,1943", ":5: year: expected a whole number, 1950 to 2030"),
    ],
)  # fmt: skip
def test_a_spoilt_place_is_refused_by_line(name: str, written: str, instead: str, said: str, tmp_path: Path) -> None:
    assert refusal(name, tmp_path, written, instead)[0].startswith(said)


def test_a_name_says_whether_it_is_of_a_state() -> None:
    assert [is_state(name) for name in ("Alfa", "League**", "Rebels (Alfa)*", "unknown supplier(s)")] == [
        True, False, False, False,
    ]  # fmt: skip


def test_the_makers_file_is_read() -> None:
    table = read_data_set(CATALOGUE["sipri_pairs"], original("sipri_tiv_pairs_head.csv"))
    rows = table.rows
    assert len(rows) == 2999
    first = rows.loc[2]
    assert (first["supplier_cow"], first["recipient_cow"], first["year"], first["tiv"]) == (305, 900, 2021, 11)
    assert rows["year"].between(1950, 2021).all()
    for side in ("supplier", "recipient"):
        states = state_codes().convert(table, side, "year")
        both = states.notna() & rows[f"{side}_cow"].notna()
        assert both.sum() > 2800
        assert (states[both] == rows[f"{side}_cow"][both]).all(), "the file's own codes"
