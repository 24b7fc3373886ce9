"""Declare Archigos, the leaders of states and how they came and went (Goemans, Gleditsch, Chiozza 2009)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from papertiger.scenarios.datasets.columns import NOTHING, Column
from papertiger.scenarios.datasets.data_set import DataSet, doubled
from papertiger.scenarios.datasets.raw_table import RawTable
from papertiger.scenarios.errors import Problem

if TYPE_CHECKING:
    import pandas as pd

REGULAR, IRREGULAR, FOREIGN, STILL = "Regular", "Irregular", "Foreign", "Still in Office"
EXITS = (REGULAR, IRREGULAR, FOREIGN, "Natural Death", "Retired Due to Ill Health", "Suicide", STILL, "Unknown")
"""How a leader may go: by the rules, against them, removed by another state, and so on."""

ENTRIES = (REGULAR, IRREGULAR, "Foreign Imposition", "Unknown")

EXIT_CODES = (
    "Regular",
    "Popular Protest, without Foreign Support",
    "Popular Protest, with Foreign Support",
    "Removed by Rebels, without Foreign Support",
    "Removed by Rebels, with Foreign Support",
    "Removed by Military, without Foreign Support",
    "Removed by Military, with Foreign Support",
    "Removed by Other Government Actors, without Foreign Support",
    "Removed by Other Government Actors, with Foreign Support",
    "Removed through Threat of Foreign Force",
    "Removed in Military Power Struggle Short of Coup",
    "Assassination by Unsupported Individual",
    "Irregular, Other",
    "Still in Office",
    "Unknown",
)
"""By whom a leader was removed, and whether another state helped."""


def _check(raw: RawTable, rows: pd.DataFrame) -> Iterator[Problem]:
    for line in rows.index[rows["end"] < rows["start"]][:100]:
        start, end = rows.loc[line, "start"], rows.loc[line, "end"]
        yield raw.problem(int(line), "enddate", f"the leader leaves on {end}, before coming on {start}")
    yield from doubled(raw, rows[rows["spell"] != ""], ["spell"])
    last = max(rows["end"]).year  # a few spells were not carried on to the last update
    for line, leaves, end in zip(rows.index, rows["exit"], rows["end"], strict=True):
        if leaves == STILL and end.year < last - 1:
            yield raw.problem(int(line), "exit", f"still in office, but the spell ends on {end}")


LEADERS = DataSet(
    name="archigos",
    title="Archigos leaders",
    versions=("4.1",),
    citation=(
        "Goemans, Gleditsch, Chiozza (2009): Introducing Archigos: A Dataset of Political Leaders, Journal of Peace "
        "Research 46"
    ),
    terms="with citation",
    gives="irregular exits of rulers, by which regimes are lost",
    files=("*archigos*.*",),
    home="Archigos project (Rochester)",
    states="gw",
    columns=(
        Column("spell", "text", headings=("obsid",), missing=("",), required=False),
        Column("state", headings=("gwcode", "ccode"), low=2, high=990),
        Column("leader", "text"),
        Column("start", "date", headings=("startdate",), low=1800, high=2030),
        Column("end", "date", headings=("enddate",), low=1800, high=2030),
        Column("entry", "text", missing=NOTHING, choices=ENTRIES, required=False),
        Column("exit", "text", choices=EXITS),
        Column("exit_detail", "text", headings=("exitcode",), missing=NOTHING, choices=EXIT_CODES, required=False),
    ),
    check=_check,
)

DATA_SETS = (LEADERS,)
