"""The code of a state is no missing value."""

from __future__ import annotations

from pathlib import Path

from papertiger.scenarios.datasets.columns import NOTHING, Column, read_columns
from papertiger.scenarios.datasets.raw_table import read_raw_table


def test_na_is_a_text_and_a_missing_number(tmp_path: Path) -> None:
    path = tmp_path / "table.csv"
    path.write_text("iso2,size\nNA,NA\nBR,2\n", encoding="utf-8")
    columns = (Column("iso2", "text"), Column("size", missing=NOTHING))
    rows = read_columns(read_raw_table(path, [column.names for column in columns]), columns)
    assert rows["iso2"].tolist() == ["NA", "BR"]
    assert rows["size"].isna().tolist() == [True, False]
