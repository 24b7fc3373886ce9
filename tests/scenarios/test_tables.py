"""CSV as programs and spreadsheets want it."""

from __future__ import annotations

import csv
import io

import numpy as np
import pandas as pd
import pytest

from papertiger.scenarios import ScenarioError
from papertiger.scenarios.tables import (
    EXCEL,
    FORMULA_SIGNS,
    PLAIN,
    dialect_of,
    encode,
    escape_cell,
    format_frame,
    format_rows,
)

GERMAN = EXCEL["de"]


@pytest.mark.parametrize("sign", FORMULA_SIGNS)
@pytest.mark.parametrize("before", ["", " ", "\u3000"])
def test_no_cell_and_no_heading_begins_a_formula(sign: str, before: str) -> None:
    text = f"{before}{sign}HYPERLINK(1)"
    assert escape_cell(text) == f"'{text}"
    frame = pd.DataFrame({text: [text], "n": [-1.5]})
    for written in (format_frame(frame), format_rows([text, "n"], [[text, -1.5]])):
        heading, row = csv.reader(io.StringIO(written, newline=""))
        assert heading == [f"'{text}", "n"]
        assert row == [f"'{text}", "-1.5"]


def test_what_is_no_formula_stays_as_pandas_writes_it() -> None:
    frame = pd.DataFrame(
        {
            "name": ["a", "b,c", None],
            "x": [0.1, np.nan, 1e-9],
            "n": [1, 2, 3],
            "yes": [True, False, True],
            "mixed": [1, "x", 0.25],
        }
    )
    assert format_frame(frame) == frame.to_csv(index=False, lineterminator="\n")
    assert format_frame(frame, header=False, float_format="%.3g") == frame.to_csv(
        index=False, header=False, lineterminator="\n", float_format="%.3g"
    )
    assert encode("ä") == "ä".encode()


def test_german_excel_gets_semicolons_decimal_commas_and_a_mark() -> None:
    frame = pd.DataFrame({"name": ["Südland", "a;b"], "x": [0.5, np.nan], "mixed": [1.25, "2.5 of 3"]})
    written = format_frame(frame, GERMAN)
    assert written == 'name;x;mixed\r\nSüdland;0,5;1,25\r\n"a;b";;2.5 of 3\r\n'
    assert format_rows(["name", "x"], [["Südland", 0.5]], GERMAN) == "name;x\r\nSüdland;0,5\r\n"
    assert encode(written, GERMAN).startswith(b"\xef\xbb\xbfname;x")


def test_a_dialect_is_named_or_refused() -> None:
    assert dialect_of(None) is PLAIN
    assert dialect_of("de") is GERMAN
    with pytest.raises(ScenarioError, match=r"--excel: expected one of de, en, got 'DE' \(did you mean 'de'\?\)"):
        dialect_of("DE")
