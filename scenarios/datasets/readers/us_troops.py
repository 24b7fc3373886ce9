"""Declare troopdata, the troops of one patron abroad by state and year (Allen, Flynn, Martinez Machain 2022)."""

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
    "Allen, Flynn, Martinez Machain (2022): Global U.S. Military Deployment Data: 1950-2020, Conflict Management and "
    "Peace Science 39"
)
_TERMS = "GPL-3"
_MOST = 3_000_000


def _check(raw: RawTable, rows: pd.DataFrame) -> Iterator[Problem]:
    yield from doubled(raw, rows[rows["state"].notna()], ["state", "year", "quarter"])


def _by_year(rows: pd.DataFrame) -> pd.DataFrame:
    """Return a row for each state and year, with the largest number of its reports, as the package counts years."""
    counted = rows[rows["state"].notna() & rows["troops"].notna()]
    largest = counted.sort_values("troops", kind="stable").groupby(["state", "year"], sort=False).tail(1).sort_index()
    return largest.drop(columns="quarter")


def _columns(heading: str, high: int) -> tuple[Column, ...]:
    return (
        Column("state", headings=("ccode",), missing=NOTHING, low=2, high=high),
        Column("name", "text", headings=("countryname", "statenme"), missing=("",), required=False),
        Column("year", low=1945, high=2030),
        Column("quarter", missing=NOTHING, low=1, high=4, required=False),
        Column("troops", headings=(heading,), missing=NOTHING, low=0, high=_MOST),
    )


REPORTS = DataSet(
    name="us_troops",
    title="troopdata, reports of troops abroad",
    versions=("2026",),
    citation=_CITATION,
    terms=_TERMS,
    gives="how many troops of one patron are in a client in each year, on active duty and ashore",
    files=("troopdata_rebuild_long.*", "troopdata-rebuild-country-year*.*"),
    home="CRAN, package troopdata",
    states="gw",
    columns=_columns("troops_ad", 20_000),
    check=_check,
    transform=_by_year,
    large=True,
)

YEARS = DataSet(
    name="us_troops_2020",
    title="troopdata, troops abroad by year",
    versions=("1950-2020",),
    citation=_CITATION,
    terms=_TERMS,
    gives="the same as us_troops from the package's older table",
    files=("troopdata.*", "troops 1950-2020.*"),
    home="CRAN, package troopdata",
    states="cow",
    columns=_columns("troops", 9_999),
    check=_check,
    transform=_by_year,
    large=True,
)

DATA_SETS = (REPORTS, YEARS)
