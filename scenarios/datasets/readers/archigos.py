"""Declare Archigos, the leaders of states and how they came and went (Goemans, Gleditsch, Chiozza 2009)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from papertiger.scenarios.datasets.columns import Column
from papertiger.scenarios.datasets.data_set import DataSet
from papertiger.scenarios.datasets.raw_table import RawTable
from papertiger.scenarios.errors import Problem

if TYPE_CHECKING:
    import pandas as pd

EXITS = (
    "Regular", "Irregular", "Foreign", "Natural Death", "Retired Due to Ill Health", "Suicide", "Still in Office",
    "Unknown",
)  # fmt: skip
"""How a leader may go."""


def _check(raw: RawTable, rows: pd.DataFrame) -> Iterator[Problem]:
    for line in rows.index[rows["end"] < rows["start"]][:100]:
        start, end = rows.loc[line, "start"], rows.loc[line, "end"]
        yield raw.problem(int(line), "enddate", f"the leader leaves on {end}, before coming on {start}")


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
    files=("archigos*.*",),
    home="Archigos project (Rochester)",
    states="gw",
    columns=(
        Column("state", headings=("gwcode", "ccode"), low=2, high=990),
        Column("leader", "text"),
        Column("start", "date", headings=("startdate",), low=1800, high=2030),
        Column("end", "date", headings=("enddate",), low=1800, high=2030),
        Column(
            "exit",
            "text",
            choices=(
                "Regular",
                "Irregular",
                "Natural Death",
                "Retired Due to Ill Health",
                "Suicide",
                "Still in Office",
                "Foreign",
                "Unknown",
            ),
        ),
        Column("exit_detail", "text", headings=("exitcode",), missing=("",), required=False),
    ),
    check=_check,
)

DATA_SETS = (LEADERS,)
