"""Declare the UCDP Georeferenced Event Dataset: events of deadly violence, each with a place and a day."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from papertiger.scenarios.datasets.columns import NOTHING, Column
from papertiger.scenarios.datasets.data_set import DataSet, doubled
from papertiger.scenarios.datasets.raw_table import RawTable
from papertiger.scenarios.errors import Problem

if TYPE_CHECKING:
    import pandas as pd

TYPES = {1: "state-based", 2: "non-state", 3: "one-sided"}
"""What `type_of_violence` says: a government is a party, none is, or the victims are unarmed."""

SLIPS = 0.01
"""Share of rows whose estimates may contradict each other before a file counts as misread and not as its makers'."""


def _check(raw: RawTable, rows: pd.DataFrame) -> Iterator[Problem]:
    yield from doubled(raw, rows, ["id"])
    for line in rows.index[rows["date_end"] < rows["date_start"]][:100]:
        start, end = rows.loc[line, "date_start"], rows.loc[line, "date_end"]
        yield raw.problem(int(line), "date_end", f"the event ends on {end}, before it begins on {start}")
    for line, start, year in zip(rows.index, rows["date_start"], rows["year"], strict=True):
        if abs(start.year - year) > 1:
            yield raw.problem(
                int(line), "date_start", f"expected a date of about {year}, the row's year, got {start}"
            )
    odd = rows.index[(rows["low"] > rows["best"]) | (rows["best"] > rows["high"])]
    if len(odd) > SLIPS * len(rows):
        for line in odd[:100]:
            low, best, high = (rows.loc[line, name] for name in ("low", "best", "high"))
            message = f"expected low <= best <= high, got {low:g}, {best:g} and {high:g}"
            yield raw.problem(int(line), "best", message)


def _version(raw: RawTable) -> str:
    """Return which layouts a file can be of; it names its version nowhere, but columns came and went."""
    names = {str(name).casefold() for name in raw.cells.columns}
    if "code_status" in names:
        return "layout of 20.1 and later"
    return "layout of 17.1 to 19.1" if "conflict_new_id" in names else ""


EVENTS = DataSet(
    name="ucdp_ged",
    title="UCDP Georeferenced Event Dataset (GED)",
    versions=("17.1", "18.1", "19.1", "20.1", "21.1", "22.1", "23.1", "24.1", "25.1"),
    citation=(
        "Sundberg, Melander (2013): Introducing the UCDP Georeferenced Event Dataset, Journal of Peace Research 50; "
        "and the article of the year that the version's codebook names"
    ),
    terms="CC BY 4.0 (from memory)",
    gives="deadly attacks on a client, by month, party and place, from 1989 on",
    files=("GEDEvent*.*", "ged[0-9]*.*", "ucdp_ged*.*", "ucdp-ged*.*"),
    home="Uppsala Conflict Data Program",
    states="gw",
    columns=(
        Column("id", low=1),
        Column("relid", "text", missing=("",), required=False),
        Column("year", low=1989, high=2035),
        Column("code_status", "text", missing=("",), required=False),
        Column("type_of_violence", choices=("1", "2", "3")),
        Column("conflict_id", headings=("conflict_new_id", "conflict_id"), low=1),
        Column("conflict_name", "text"),
        Column("dyad_id", headings=("dyad_new_id", "dyad_id"), low=1),
        Column("dyad_name", "text"),
        Column("side_a", "text"),
        Column("side_b", "text"),
        Column("where_prec", low=1, high=7),
        Column("latitude", "number", low=-90, high=90),
        Column("longitude", "number", low=-180, high=180),
        Column("country", "text", pattern=r".*[^\W\d].*", looks="letters"),
        Column("country_id", low=2, high=990),
        Column("region", "text", choices=("Africa", "Americas", "Asia", "Europe", "Middle East")),
        Column("event_clarity", missing=NOTHING, choices=("1", "2"), required=False),
        Column("date_prec", low=1, high=5),
        Column("date_start", "date", low=1989, high=2035),
        Column("date_end", "date", low=1989, high=2035),
        Column("deaths_a", low=0),
        Column("deaths_b", low=0),
        Column("deaths_civilians", low=0),
        Column("deaths_unknown", low=0),
        Column("best", headings=("best", "best_est"), low=0),
        Column("high", headings=("high", "high_est"), low=0),
        Column("low", headings=("low", "low_est"), low=0),
        Column("gwnoa", "text", missing=("", "-99", "NA"), required=False),
        Column("gwnob", "text", missing=("", "-99", "NA"), required=False),
    ),
    check=_check,
    version_of=_version,
    large=True,
)

DATA_SETS = (EVENTS,)
