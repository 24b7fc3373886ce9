"""UCDP GED: what its rows say, and what is refused."""

from __future__ import annotations

import datetime
import io
from pathlib import Path

import pandas as pd
import pytest

from tests.scenarios.datasets.samples import SAMPLES
from tests.scenarios.datasets.spoiling import changed, read, refusal


def test_rows_read_as_they_stand(tmp_path: Path) -> None:
    table = read("ucdp_ged", tmp_path)
    first = table.rows.loc[2]
    assert (first["id"], first["country_id"], first["type_of_violence"]) == (901, 371, 1)
    assert (first["low"], first["best"], first["high"]) == (7, 8, 12)
    assert (first["date_start"], first["date_end"]) == (datetime.date(2021, 5, 2), datetime.date(2021, 5, 3))
    assert first["side_b"] == "Government of Foeland"
    assert first["gwnob"] == "373"
    assert table.rows.loc[4, "gwnoa"] == ""
    assert table.version == "layout of 20.1 and later"
    assert table.source(3).endswith("GEDEvent_v25_1.csv, line 3")


def test_the_layout_of_17_1_reads_to_the_same_values(tmp_path: Path) -> None:
    frame = pd.read_csv(io.StringIO(SAMPLES["ucdp_ged"].text), dtype=str, keep_default_na=False)
    old = frame.drop(columns=["code_status", "relid", "gwnoa", "gwnob"])
    old["date_start"] = old["date_start"].str[:10]
    table = read("ucdp_ged", tmp_path, old.to_csv(index=False).encode())
    assert table.version == "layout of 17.1 to 19.1"
    kept = [name for name in table.rows if name not in ("code_status", "relid", "gwnoa", "gwnob")]
    assert table.rows[kept].equals(read("ucdp_ged", tmp_path).rows[kept])


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("902,ALF", "901,ALF", ":3: id 901 stands already in line 2"),
        ("2021-05-03 00:00:00.000,4", "2021-05-01 00:00:00.000,4",
         ":2: date_end: the event ends on 2021-05-01, before it begins on 2021-05-02"),
        ("2021-05-02 00", "02/05/2021 00",
         ":2: date_start: expected a date such as 1949-04-24, of the years 1989 to 2035, "
         "got '02/05/2021 00:00:00.000'"),
        (",8,12,7,", ",8,6,7,", ":2: best: expected low <= best <= high, got 7, 8 and 6"),
        (",Alfa,371,", ",Alfa,ARM,", ":2: country_id: expected a whole number, 2 to 990, got 'ARM'"),
        (",Clear,3,12", ",Clear,4,12", ":3: type_of_violence: expected a whole number, one of 1, 2, 3, got '4'"),
        ("country_id", "country_no", ":1: missing column country_id (did you mean 'country_no'?)"),
        ("2022-01-07 00:00:00.000,2022-01-07", "2019-01-07 00:00:00.000,2022-01-07",
         ":4: date_start: expected a date of about 2022, the row's year, got 2019-01-07"),
    ],
)  # fmt: skip
def test_a_mistake_is_refused_by_line_and_column(tmp_path: Path, old: str, new: str, said: str) -> None:
    assert said in refusal("ucdp_ged", tmp_path, old, new)


def test_quotes_within_quotes_stay(tmp_path: Path) -> None:
    path = changed("ucdp_ged", tmp_path, "Ridge, north side", "Ridge; north\nside")
    assert read("ucdp_ged", tmp_path, path.read_bytes()).rows.index.to_list() == [2, 4, 5]
