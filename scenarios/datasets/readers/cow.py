"""Declare the Correlates of War project's states, material capabilities and direct contiguity."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from itertools import pairwise
from typing import TYPE_CHECKING

from papertiger.scenarios.datasets.columns import NOTHING, Column, codes
from papertiger.scenarios.datasets.data_set import DataSet, doubled, version_column
from papertiger.scenarios.datasets.dates import date_columns, with_dates, wrong_dates
from papertiger.scenarios.datasets.raw_table import RawTable
from papertiger.scenarios.errors import Problem

if TYPE_CHECKING:
    import pandas as pd

_TERMS = "free for research, with citation (from memory)"
_HOME = "Correlates of War project"
_SPAN = (("start", "end"),)
_UNKNOWN = ("-9", *NOTHING)

CONTIGUITY = {
    0: "none", 1: "by land or river", 2: "12 miles of water", 3: "24 miles of water", 4: "150 miles of water",
    5: "400 miles of water",
}  # fmt: skip
"""What the types of direct contiguity say; 0 comes from a package, for dyads that are contiguous at other times."""

_NMC_VERSIONS = {2001: "3.02", 2007: "4.0", 2012: "5.0", 2016: "6.0", 2022: "7.0"}
"""Version of the material capabilities by their last year: what their own column calls a version has changed."""


def _check_states(raw: RawTable, rows: pd.DataFrame) -> Iterator[Problem]:
    yield from doubled(raw, rows, ["state", "start_year", "start_month", "start_day"])
    wrong = list(wrong_dates(raw, rows, _SPAN))
    yield from wrong
    if wrong:
        return
    spells = with_dates(rows, _SPAN).sort_values(["state", "start"], kind="stable")
    columns = (spells.index, spells["state"], spells["start"], spells["end"])
    for one, following in pairwise(zip(*columns, strict=True)):
        line, state, _, end = one
        if following[1] == state and following[2] <= end:
            yield raw.problem(
                int(following[0]), "", f"state {state} enters while it is a member by {raw.unit} {line}"
            )


STATES = DataSet(
    name="cow_states",
    title="COW State System Membership",
    versions=("2016", "2024"),
    citation="Correlates of War Project: State System Membership List, v2016",
    terms=_TERMS,
    gives="which states there are in each year, and the dates within which their codes hold",
    files=("cow_states.*", "states20*.*", "statelist*.*"),
    home=_HOME,
    states="cow",
    columns=(
        Column("state", headings=("ccode",), low=2, high=990),
        Column("letters", "text", headings=("stateabb",)),
        Column("label", "text", headings=("statenme",)),
        *date_columns("start", ("styear", "stmonth", "stday")),
        *date_columns("end", ("endyear", "endmonth", "endday")),
    ),
    check=_check_states,
    version_of=version_column,
    transform=lambda rows: with_dates(rows, _SPAN),
)


def _nmc_version(raw: RawTable) -> str:
    """Return the version by the last year that the table holds."""
    headings = {str(name).casefold(): str(name) for name in raw.cells.columns}
    years = [int(float(text)) for text in raw.cells[headings["year"]].unique()]
    return _NMC_VERSIONS.get(max(years), "")


def _check_capabilities(raw: RawTable, rows: pd.DataFrame) -> Iterator[Problem]:
    yield from doubled(raw, rows, ["state", "year"])


CAPABILITIES = DataSet(
    name="cow_nmc",
    title="COW National Material Capabilities",
    versions=("5.0", "6.0", "7.0"),
    citation=(
        "Singer, Bremer, Stuckey (1972): Capability Distribution, Uncertainty, and Major Power War, 1820-1965, in "
        "Russett (ed.), Peace, War, and Numbers"
    ),
    terms=_TERMS,
    gives="how a client's and a patron's means compare: people, arms and output, and their index CINC",
    files=("cow_nmc.*", "nmc*.*"),
    home=_HOME,
    states="cow",
    columns=(
        Column("state", headings=("ccode",), low=2, high=990),
        Column("year", low=1816, high=2030),
        Column("military_spending", "number", headings=("milex",), missing=_UNKNOWN, low=0),
        Column("military_personnel", "number", headings=("milper",), missing=_UNKNOWN, low=0),
        Column("iron_and_steel", "number", headings=("irst",), missing=_UNKNOWN, low=0),
        Column("energy", "number", headings=("pec",), missing=_UNKNOWN, low=0),
        Column("population", "number", headings=("tpop",), missing=_UNKNOWN, low=0),
        Column("urban_population", "number", headings=("upop",), missing=_UNKNOWN, low=0),
        Column("cinc", "number", missing=_UNKNOWN, low=0, high=1),
    ),
    check=_check_capabilities,
    version_of=_nmc_version,
)


def _check_contiguity(raw: RawTable, rows: pd.DataFrame) -> Iterator[Problem]:
    yield from doubled(raw, rows, ["state_a", "state_b", "start"])
    for line in rows.index[rows["state_a"] == rows["state_b"]][:100]:
        yield raw.problem(int(line), "", "a state is contiguous to itself")
    for line in rows.index[rows["end"] < rows["start"]][:100]:
        start, end = rows.loc[line, "start"], rows.loc[line, "end"]
        yield raw.problem(int(line), "", f"the end, {end:%Y-%m}, is before the start, {start:%Y-%m}")


def _whole_months(rows: pd.DataFrame) -> pd.DataFrame:
    """Return spells that end on the last day of their last month."""
    ends = [
        datetime.date(end.year + end.month // 12, end.month % 12 + 1, 1) - datetime.timedelta(days=1)
        for end in rows["end"]
    ]
    return rows.assign(end=ends)


CONTIGUOUS = DataSet(
    name="cow_contiguity",
    title="COW Direct Contiguity",
    versions=("3.1", "3.2"),
    citation=(
        "Stinnett, Tir, Schafer, Diehl, Gochman (2002): The Correlates of War Project Direct Contiguity Data, "
        "Version 3, Conflict Management and Peace Science 19"
    ),
    terms=_TERMS,
    gives="which clients border a patron, and which border each other",
    files=("cow_contdir.*", "contdir.*"),
    home=_HOME,
    states="cow",
    columns=(
        Column("state_a", headings=("ccode1", "statelno"), low=2, high=990),
        Column("state_b", headings=("ccode2", "statehno"), low=2, high=990),
        Column("kind", headings=("conttype",), choices=codes(0, 5)),
        Column("start", "month", headings=("stdate", "begin"), low=1816, high=2030),
        Column("end", "month", headings=("enddate", "end"), low=1816, high=2030),
    ),
    check=_check_contiguity,
    version_of=version_column,
    transform=_whole_months,
)

DATA_SETS = (STATES, CAPABILITIES, CONTIGUOUS)
