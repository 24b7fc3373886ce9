"""Tables as their makers write them: dialects, notes below, columns without a heading, and Stata's wide files."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from papertiger.scenarios.datasets.raw_table import read_raw_table, unnamed
from papertiger.scenarios.errors import ScenarioError

WANTED = (("name",), ("year",))
NOTES = "Figures are rounded\n* a group, or several\nSource: made up\n"


def table_file(folder: Path, text: str, encoding: str = "utf-8", name: str = "table.csv") -> Path:
    path = folder / name
    path.write_bytes(text.encode(encoding))
    return path


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_dialects_read_to_the_same_cells(delimiter: str, encoding: str, end: str, tmp_path: Path) -> None:
    lines = ["A title, with commas", "", "name,,year", "Écho,x,1951", "", "NA,,1952"]
    text = end.join(line.replace(",", delimiter) if place > 1 else line for place, line in enumerate(lines)) + end
    raw = read_raw_table(table_file(tmp_path, text, encoding), WANTED)
    assert raw.cells.to_dict("list") == {"name": ["Écho", "NA"], unnamed(2): ["x", ""], "year": ["1951", "1952"]}
    assert raw.cells.index.to_list() == [4, 6]
    assert (raw.header, raw.delimiter, raw.above.strip()) == (3, delimiter, "A title, with commas")


@pytest.mark.parametrize(
    "below", [NOTES, NOTES.replace(", or several", "").replace("\n", ",,\n"), '"Notes, in quotes"\n', ",,\n" + NOTES]
)
def test_notes_below_the_table_are_left_out_where_there_may_be_any(below: str, tmp_path: Path) -> None:
    path = table_file(tmp_path, "name,year,value\nAlfa,1951,1\nBravo,1952,\n" + below)
    assert read_raw_table(path, WANTED, footnotes=True).cells["name"].to_list() == ["Alfa", "Bravo"]


def test_a_note_amid_the_rows_is_a_broken_row(tmp_path: Path) -> None:
    path = table_file(tmp_path, "name,year,value\nAlfa,1951,1\nFigures are rounded\nBravo,1952,2\n")
    with pytest.raises(ScenarioError, match=r"csv:3: 1 cells, expected 3"):
        read_raw_table(path, WANTED, footnotes=True)


@pytest.mark.parametrize("below", ["Notes\n", "Bravo,1952,2,3\n", "Bravo,1952\nNotes\n"])
def test_a_row_of_another_length_is_refused(below: str, tmp_path: Path) -> None:
    path = table_file(tmp_path, "name,year,value\nAlfa,1951,1\n" + below)
    with pytest.raises(ScenarioError, match=r"csv:3: \d cells, expected 3 as in the header of line 1"):
        read_raw_table(path, WANTED, footnotes=below.startswith("Bravo"))


def test_a_table_tells_whether_its_last_line_has_an_end(tmp_path: Path) -> None:
    assert read_raw_table(table_file(tmp_path, "name,year\nAlfa,1951\n"), WANTED).ended
    assert not read_raw_table(table_file(tmp_path, "name,year\nAlfa,1951"), WANTED).ended


@pytest.mark.parametrize("ending", ["csv", "dta"])
def test_of_a_large_table_only_the_columns_wanted_are_kept(ending: str, tmp_path: Path) -> None:
    frame = pd.DataFrame({"a": [1.5, 2.0], "Year": [1951, 1952], "b": ["x", "y"], "name": ["Alfa", ""]})
    path = tmp_path / f"large.{ending}"
    if ending == "csv":
        frame.to_csv(path, index=False)
    else:
        frame.to_stata(path, write_index=False)
    raw = read_raw_table(path, WANTED, only=True)
    assert raw.cells.to_dict("list") == {"Year": ["1951", "1952"], "name": ["Alfa", ""]}
    assert raw.cells.index.to_list() == ([2, 3] if ending == "csv" else [1, 2])


def test_values_of_stata_are_written_as_a_text_file_would(tmp_path: Path) -> None:
    frame = pd.DataFrame(
        {
            "name": ["Alfa", "Écho", ""],
            "year": [1951.0, 1952.0, float("nan")],
            "share": [0.25, 1.0, float("nan")],
            "day": pd.to_datetime(pd.Series(["1851-03-04", "1957-11-30", None])),
        }
    )
    path = tmp_path / "table.dta"
    frame.to_stata(path, write_index=False, convert_dates={"day": "td"}, version=118)
    assert read_raw_table(path, WANTED).cells.to_dict("list") == {
        "name": ["Alfa", "Écho", ""],
        "year": ["1951", "1952", ""],
        "share": ["0.25", "1", ""],
        "day": ["1851-03-04", "1957-11-30", ""],
    }
