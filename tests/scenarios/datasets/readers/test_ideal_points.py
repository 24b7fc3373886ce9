"""Ideal points: by session and by year, as their makers' files have them, and what is refused."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from papertiger.scenarios.datasets.catalogue import CATALOGUE
from papertiger.scenarios.datasets.data_set import read_data_set
from papertiger.scenarios.errors import ScenarioError
from tests.scenarios.datasets.samples import SAMPLES
from tests.scenarios.datasets.spoiling import read, refusal


def test_a_session_is_a_year(tmp_path: Path) -> None:
    table = read("ideal_points", tmp_path)
    assert table.version == "by session"
    assert table.rows["year"].to_list() == [1946, 1947, 1947]
    assert table.rows["ideal_point"].to_list() == [1.67, 1.97, -0.25]
    assert table.rows["final_passage"].fillna(9).to_list() == [1.5, 1.6, 9]


def test_the_stata_file_by_year_is_read(tmp_path: Path) -> None:
    frame = pd.DataFrame(
        {
            "ccode": [2, 40], "iso3c": ["ALF", "CDL"], "countryname": ["Alfa", "Côte Delta"],
            "year": pd.Series([1946.0, 1946.0], dtype="float32"),
            "idealpointfp": pd.Series([1.5, float("nan")], dtype="float32"),
            "idealpointall": pd.Series([1.67, -0.25], dtype="float32"),
            "idealpointlegacy": [1.6, -0.2], "nvotesfp": [25.0, float("nan")], "q5all": [1.1, -0.9],
            "nvotesall": [42.0, 38.0],
        }
    )  # fmt: skip
    path = tmp_path / "IdealpointsJuly2025.dta"
    frame.to_stata(path, write_index=False, version=118)
    table = read_data_set(CATALOGUE["ideal_points"], path)
    assert table.version == "July 2025"
    assert table.rows["ideal_point"].to_list() == pytest.approx([1.67, -0.25])
    assert table.rows["name"].to_list() == ["Alfa", "Côte Delta"]
    assert table.source(2) == "UN General Assembly ideal points July 2025, IdealpointsJuly2025.dta, row 2"


def test_the_tab_file_of_the_archive_is_read(tmp_path: Path) -> None:
    text = "ccode\tyear\tidealpointall\tidealpointlegacy\n2\t1946\t1.67\t1.5\n40\t1946\t-0.25\t\n"
    path = tmp_path / "IdealpointsJuly2025.tab"
    path.write_text(text)
    assert read_data_set(CATALOGUE["ideal_points"], path).rows["ideal_point"].to_list() == [1.67, -0.25]


@pytest.mark.parametrize(
    ("written", "instead", "said"),
    [
        ("40,2,38", "2,2,38", ":4: state 2, year 1947 stands already in line 3"),
        ("2,38,1.97", "2nd,38,1.97", ":3: session: expected the number of a session, got '2nd'"),
        ("1.67,", "16.7,", ":2: IdealPointAll: expected a number, -6 to 6, got '16.7'"),
        ("session", "sitting", ":1: missing column year or session"),
        ("ccode", "cow", ":1: missing column ccode"),
    ],
)
def test_a_spoilt_place_is_refused_by_line(written: str, instead: str, said: str, tmp_path: Path) -> None:
    assert refusal("ideal_points", tmp_path, written, instead)[0].startswith(said)


def test_a_table_without_points_is_refused(tmp_path: Path) -> None:
    text = SAMPLES["ideal_points"].text.replace("IdealPoint", "Point")
    with pytest.raises(ScenarioError, match=r":1: missing column IdealPointAll or IdealPointFP"):
        read("ideal_points", tmp_path, text.encode())
