"""Declare CHISOLS, changes of the groups on whose support leaders depend (Mattes, Leeds, Matsumura 2016)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from papertiger.scenarios.datasets.columns import NOTHING, Column
from papertiger.scenarios.datasets.data_set import DataSet, doubled
from papertiger.scenarios.datasets.raw_table import RawTable
from papertiger.scenarios.errors import Problem

if TYPE_CHECKING:
    import pandas as pd

TRANSITION = "Transition Year"
"""A year that is neither democratic nor not, as Polity's transitions; a number's -88 in some files."""

_MISSING = (*NOTHING, "Not Applicable", TRANSITION, "-9", "-88")
_MOST = 20
"""No state changes leaders more often in a year."""


def _check(raw: RawTable, rows: pd.DataFrame) -> Iterator[Problem]:
    yield from doubled(raw, rows, ["state", "year"])
    said = rows["changed"].notna() & (rows["changed"] != (rows["changes"] > 0))
    for line in rows.index[said][:100]:
        changes, changed = rows.loc[line, "changes"], rows.loc[line, "changed"]
        yield raw.problem(int(line), "solschdum", f"{changed:g}, but solschange counts {changes:g}")


def _version(raw: RawTable) -> str:
    column = next((name for name in raw.cells.columns if str(name).casefold() == "version"), None)
    return "" if column is None or raw.cells.empty else str(raw.cells[column].iloc[0])


SUPPORT = DataSet(
    name="chisols",
    title="CHISOLS, changes in source of leader support, state-years",
    versions=("4.0", "5.0"),
    citation=(
        "Mattes, Leeds, Matsumura (2016): Measuring Change in Source of Leader Support: The CHISOLS Dataset, Journal "
        "of Peace Research 53"
    ),
    terms="with citation (from memory)",
    gives="years in which a client's new ruler depends on other groups than the one before",
    files=("chisolsstyr*.*",),
    home="the project's page (Rice University)",
    states="cow",
    columns=(
        Column("state", headings=("ccode", "cowcode"), low=2, high=990),
        Column("year", low=1900, high=2030),
        Column("leader", "text", missing=("",), required=False),
        Column("transitions", headings=("totalldrtrans", "chisols_totalldrtrans"), low=0, high=_MOST),
        Column("changes", headings=("solschange", "chisols_solschange"), low=0, high=_MOST),
        Column("changed", "flag", headings=("solschdum", "chisols_solschdum"), missing=NOTHING, required=False),
        Column("brief", headings=("solschange30",), missing=NOTHING, low=0, high=_MOST, required=False),
        Column("minor", headings=("solsminchange", "chisols_solsminchange"), missing=NOTHING, low=0, high=_MOST),
        Column("month", headings=("solschmo1",), missing=NOTHING, low=1, high=12, required=False),
        Column("democratic", "flag", headings=("dem", "chisols_dem"), missing=_MISSING, required=False),
        Column("regime_change", "flag", headings=("regtrans", "chisols_regtrans"), missing=_MISSING, required=False),
        Column("not_independent", "flag", headings=("nonindep",), missing=NOTHING, required=False),
        Column("version", "text", missing=("",), required=False, pattern=r"\d+(\.\d+)?", looks="digits as in 4.0"),
    ),
    check=_check,
    version_of=_version,
)

DATA_SETS = (SUPPORT,)
