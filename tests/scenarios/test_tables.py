"""CSV as programs and spreadsheets want it."""

from __future__ import annotations

import csv
import io
from contextvars import copy_context

import numpy as np
import pandas as pd
import pytest

from papertiger.scenarios import ScenarioError
from papertiger.scenarios.tables import (
    EXCEL,
    FORMULA_SIGNS,
    PLAIN,
    dialect_of,
    escape_cell,
    format_frame,
    format_rows,
    use_dialect,
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


def test_german_excel_gets_semicolons_decimal_commas_and_a_mark() -> None:
    frame = pd.DataFrame({"name": ["Südland", "a;b"], "x": [0.5, np.nan], "mixed": [1.25, "2.5 of 3"]})
    written = format_frame(frame, GERMAN)
    assert written == '\ufeffname;x;mixed\r\nSüdland;0,5;1,25\r\n"a;b";;2.5 of 3\r\n'
    assert format_rows(["name", "x"], [["Südland", 0.5]], GERMAN) == "\ufeffname;x\r\nSüdland;0,5\r\n"
    assert format_frame(frame, GERMAN, header=False).startswith("Südland")


def test_a_dialect_can_be_set_for_all_that_is_written() -> None:
    def written() -> str:
        use_dialect("de")
        return format_rows(["a", "b"], [[0.5, "x"]])

    assert copy_context().run(written) == "\ufeffa;b\r\n0,5;x\r\n"
    assert format_rows(["a", "b"], [[0.5, "x"]]) == "a,b\n0.5,x\n"


def test_a_dialect_is_named_or_refused() -> None:
    assert dialect_of(None) is PLAIN
    assert dialect_of("de") is GERMAN
    with pytest.raises(ScenarioError, match=r"--excel: expected one of de, en, got 'DE' \(did you mean 'de'\?\)"):
        dialect_of("DE")
