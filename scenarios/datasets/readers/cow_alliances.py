"""Declare the Correlates of War project's formal alliances (Gibler 2009): dyads, members and dyad-years."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import TYPE_CHECKING

from papertiger.scenarios.datasets.columns import NOTHING, Column
from papertiger.scenarios.datasets.data_set import DataSet, doubled, version_column
from papertiger.scenarios.datasets.dates import date_columns, with_dates, wrong_dates
from papertiger.scenarios.datasets.raw_table import RawTable
from papertiger.scenarios.errors import Problem

if TYPE_CHECKING:
    import pandas as pd

_SPAN = (("start", "end"),)
_UNKNOWN = ("-9", *NOTHING)
_FLAG = ("0", "1")
_CITATION = "Gibler (2009): International Military Alliances, 1648-2008"
_TERMS = "free for research, with citation (from memory)"
_HOME = "Correlates of War project"
_VERSIONS = ("4.1",)

LAST_YEAR = 2012
"""Where the data end: a dyad that goes on has no end."""

_PLEDGES = (
    Column("defense", headings=("defense", "cow_defense"), missing=NOTHING, choices=_FLAG),
    Column("neutral", headings=("neutrality", "cow_neutral"), missing=NOTHING, choices=_FLAG),
    Column("nonagg", headings=("nonaggression", "cow_nonagg"), missing=NOTHING, choices=_FLAG),
    Column("entente", headings=("entente", "cow_entente"), missing=NOTHING, choices=_FLAG),
)


def _spell(prefix: str, *, required: bool = True) -> tuple[Column, ...]:
    """Return the columns of when a dyad or a member was in an alliance; without an end it goes on."""
    starts = (f"{prefix}_st_year", f"{prefix}_st_month", f"{prefix}_st_day")
    ends = (f"{prefix}_end_year", f"{prefix}_end_month", f"{prefix}_end_day")
    unknown = () if required else _UNKNOWN
    return (
        *date_columns("start", starts, _UNKNOWN, year_missing=unknown, required=required),
        *date_columns("end", ends, _UNKNOWN, year_missing=_UNKNOWN, required=required),
    )


def _itself(raw: RawTable, rows: pd.DataFrame) -> Iterator[Problem]:
    for line in rows.index[rows["state_a"] == rows["state_b"]][:100]:
        yield raw.problem(int(line), "", "a state is allied with itself")


def _check_dyads(raw: RawTable, rows: pd.DataFrame) -> Iterator[Problem]:
    yield from doubled(raw, rows, ["alliance", "state_a", "state_b", "start_year", "start_month", "start_day"])
    yield from wrong_dates(raw, rows, _SPAN)
    yield from _itself(raw, rows)


def _check_members(raw: RawTable, rows: pd.DataFrame) -> Iterator[Problem]:
    yield from doubled(raw, rows, ["alliance", "member", "start_year", "start_month", "start_day"])
    yield from wrong_dates(raw, rows, _SPAN)


def _check_dyad_years(raw: RawTable, rows: pd.DataFrame) -> Iterator[Problem]:
    yield from doubled(raw, rows, ["alliance", "state_a", "state_b", "start_year", "year"])
    yield from wrong_dates(raw, rows, _SPAN)
    yield from _itself(raw, rows)
    ends = rows["end_year"].fillna(LAST_YEAR)
    unsaid = rows["year"].isna()
    for line in rows.index[unsaid & ~(rows["start_year"] <= ends)][:100]:
        yield raw.problem(int(line), "year", f"expected a year, or a dyad's first year to {LAST_YEAR} to count from")
    outside = (rows["year"] < rows["start_year"]) | (rows["year"] > rows["end_year"])
    for line in rows.index[outside][:100]:
        yield raw.problem(int(line), "year", f"{rows.loc[line, 'year']:g} is outside the dyad's own years")


def _with_all_years(rows: pd.DataFrame) -> pd.DataFrame:
    """Return dyad-years, those of the two dyads whose year is 0 in version 4.1 counted from first to last."""
    import pandas as pd

    unsaid = rows["year"].isna()
    if unsaid.any():
        parts = [rows[~unsaid]]
        for line in rows.index[unsaid]:
            first, last = float(rows["start_year"][line]), float(rows["end_year"][line])
            years = range(int(first), int(LAST_YEAR if math.isnan(last) else last) + 1)
            parts.append(pd.concat([rows.loc[[line]].assign(year=year) for year in years]))
        rows = pd.concat(parts)
    return with_dates(rows.assign(year=rows["year"].astype("int64")), _SPAN)


DYADS = DataSet(
    name="cow_alliances",
    title="COW Formal Alliances, dyads",
    versions=_VERSIONS,
    citation=_CITATION,
    terms=_TERMS,
    gives="which pledges bound two states from when to when, as a second coding beside ATOP",
    files=("alliance_v4*_by_dyad.*",),
    home=_HOME,
    states="cow",
    columns=(
        Column("alliance", headings=("version4id",), low=1, high=9999),
        Column("state_a", headings=("ccode1",), low=2, high=990),
        Column("state_b", headings=("ccode2",), low=2, high=990),
        *_spell("dyad"),
        Column("right_censored", headings=("right_censor",), missing=NOTHING, choices=_FLAG),
        *_PLEDGES,
    ),
    check=_check_dyads,
    version_of=version_column,
    transform=lambda rows: with_dates(rows, _SPAN),
)

MEMBERS = DataSet(
    name="cow_alliance_members",
    title="COW Formal Alliances, members",
    versions=_VERSIONS,
    citation=_CITATION,
    terms=_TERMS,
    gives="when a state was in an alliance",
    files=("alliance_v4*_by_member.*",),
    home=_HOME,
    states="cow",
    columns=(
        Column("alliance", headings=("version4id",), low=1, high=9999),
        Column("member", headings=("ccode",), low=2, high=990),
        *_spell("mem"),
        Column("right_censored", headings=("right_censor",), missing=NOTHING, choices=_FLAG),
        *_PLEDGES,
    ),
    check=_check_members,
    version_of=version_column,
    transform=lambda rows: with_dates(rows, _SPAN),
)

DYAD_YEARS = DataSet(
    name="cow_alliance_years",
    title="COW Formal Alliances, dyad-years",
    versions=_VERSIONS,
    citation=_CITATION,
    terms=_TERMS,
    gives="which pledges bind a patron and a client in each year, as a second coding beside ATOP",
    files=("cow_alliance.*", "alliance_v4*_by_dyad_yearly.*"),
    home=_HOME,
    states="cow",
    columns=(
        Column("alliance", headings=("version4id",), missing=NOTHING, low=1, high=9999, required=False),
        Column("state_a", headings=("ccode1",), low=2, high=990),
        Column("state_b", headings=("ccode2",), low=2, high=990),
        # Version 4.1 has two dyads whose year is 0.
        Column("year", missing=("0",), low=1816, high=2030),
        *_spell("dyad", required=False),
        *_PLEDGES,
    ),
    check=_check_dyad_years,
    version_of=version_column,
    transform=_with_all_years,
)

DATA_SETS = (DYADS, MEMBERS, DYAD_YEARS)
