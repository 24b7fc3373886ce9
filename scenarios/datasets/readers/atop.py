"""Declare ATOP, the obligations of alliance treaties (Leeds, Ritter, Mitchell, Long 2002)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from papertiger.scenarios.datasets.columns import NOTHING, Column
from papertiger.scenarios.datasets.data_set import DataSet, doubled
from papertiger.scenarios.datasets.raw_table import RawTable
from papertiger.scenarios.errors import Problem

if TYPE_CHECKING:
    import pandas as pd

_CITATION = (
    "Leeds, Ritter, Mitchell, Long (2002): Alliance Treaty Obligations and Provisions, 1815-1944, International "
    "Interactions 28"
)
_FLAG = ("0", "1")


def _check_dyad_years(raw: RawTable, rows: pd.DataFrame) -> Iterator[Problem]:
    yield from doubled(raw, rows, ["state_a", "state_b", "year"])
    same = rows.index[rows["state_a"] == rows["state_b"]]
    for line in same[:100]:
        yield raw.problem(int(line), "", "a state is allied with itself")


DYAD_YEARS = DataSet(
    name="atop_dyad_years",
    title="ATOP dyad-years",
    versions=("5.0", "5.1"),
    citation=_CITATION,
    terms="free to use with citation (from memory)",
    gives="which pledges bind a patron and a client in each year",
    files=("atop_alliance.*", "atop5*dy.*", "atop*ddyr*.*"),
    home="ATOP project (Rice University)",
    states="cow",
    columns=(
        Column("state_a", headings=("ccode1", "mem1", "stateA"), low=2, high=990),
        Column("state_b", headings=("ccode2", "mem2", "stateB"), low=2, high=990),
        Column("year", low=1815, high=2030),
        Column("defense", headings=("atop_defense", "defense"), missing=NOTHING, choices=_FLAG),
        Column("offense", headings=("atop_offense", "offense"), missing=NOTHING, choices=_FLAG),
        Column("neutral", headings=("atop_neutral", "neutral"), missing=NOTHING, choices=_FLAG),
        Column("nonagg", headings=("atop_nonagg", "nonagg"), missing=NOTHING, choices=_FLAG),
        Column("consul", headings=("atop_consul", "consul"), missing=NOTHING, choices=_FLAG),
    ),
    check=_check_dyad_years,
)

DATA_SETS = (DYAD_YEARS,)
