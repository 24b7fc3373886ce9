"""Declare Polity5 and Polity IV, authority characteristics of states (Marshall, Gurr, Jaggers)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from papertiger.scenarios.datasets.columns import NOTHING, Column
from papertiger.scenarios.datasets.data_set import DataSet, doubled
from papertiger.scenarios.datasets.raw_table import RawTable
from papertiger.scenarios.errors import Problem

if TYPE_CHECKING:
    import pandas as pd

INTERRUPTION, INTERREGNUM, TRANSITION = -66, -77, -88
STANDARDIZED = {
    INTERRUPTION: "occupied by another power",
    INTERREGNUM: "central authority collapsed",
    TRANSITION: "new institutions are planned and put into force",
}
"""Codes of `polity` that are no score; `polity2` has no value, 0 and a way between the scores around instead."""

_SCORES = tuple(str(score) for score in range(-10, 11))


def _check(raw: RawTable, rows: pd.DataFrame) -> Iterator[Problem]:
    yield from doubled(raw, rows, ["state", "year"])
    occupied = rows["polity"].eq(INTERRUPTION) & rows["polity2"].notna()
    for line in rows.index[occupied][:100]:
        yield raw.problem(int(line), "polity2", f"a score in a year of interruption ({INTERRUPTION})")
    scored = rows["polity"].between(-10, 10) & rows["polity2"].notna() & (rows["polity"] != rows["polity2"])
    for line in rows.index[scored][:100]:
        polity, polity2 = rows.loc[line, "polity"], rows.loc[line, "polity2"]
        yield raw.problem(int(line), "polity2", f"{polity2:g}, but polity is {polity:g}")


def _version(raw: RawTable) -> str:
    columns = {str(name).casefold() for name in raw.cells.columns}
    return "Polity5" if columns & {"p5", "d5"} else "Polity IV" if columns & {"p4", "d4"} else ""


REGIMES = DataSet(
    name="polity",
    title="Polity, annual time series",
    versions=("Polity IV 2015", "Polity5 2018"),
    citation=(
        "Marshall, Gurr (2020): Polity5: Political Regime Characteristics and Transitions, 1800-2018, Center for "
        "Systemic Peace"
    ),
    terms="with citation (from memory)",
    gives="how democratic a client is, and the years in which its regime fell apart or was replaced",
    files=("p4v*.*", "p5v*.*", "polity4*.*", "polity5*.*"),
    home="Center for Systemic Peace (systemicpeace.org), whose Excel file is saved as CSV",
    states="polity",
    columns=(
        Column("state", headings=("ccode",), low=2, high=990),
        Column("code", "text", headings=("scode",), missing=("",), required=False),
        Column("name", "text", headings=("country",), missing=("",), required=False),
        Column("year", low=1776, high=2030),
        Column("polity", missing=NOTHING, choices=(*_SCORES, *(str(code) for code in STANDARDIZED))),
        Column("polity2", missing=NOTHING, low=-10, high=10),
        Column("durable", missing=NOTHING, low=0, high=300, required=False),
        Column("regime_change", headings=("regtrans",), missing=NOTHING, low=TRANSITION, high=99, required=False),
    ),
    check=_check,
    version_of=_version,
)

DATA_SETS = (REGIMES,)
