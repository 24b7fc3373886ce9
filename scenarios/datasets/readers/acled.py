"""Declare ACLED, events of conflict and protest by day, place and actor."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from papertiger.scenarios.datasets.columns import NOTHING, Column
from papertiger.scenarios.datasets.data_set import DataSet, doubled
from papertiger.scenarios.datasets.raw_table import RawTable
from papertiger.scenarios.errors import Problem

if TYPE_CHECKING:
    import pandas as pd

EVENT_TYPES = (
    "Battles", "Explosions/Remote violence", "Violence against civilians", "Protests", "Riots",
    "Strategic developments",
)  # fmt: skip
"""Event types since March 2019."""

OLD_EVENT_TYPES = (
    "Battle-No change of territory", "Battle-Government regains territory",
    "Battle-Non-state actor overtakes territory", "Headquarters or base established",
    "Non-violent transfer of territory", "Strategic development", "Remote violence", "Riots/Protests",
)  # fmt: skip
"""Event types that were used before; the others have kept their names."""

INTERACTIONS = (
    "State forces", "Rebel group", "Political militia", "Identity militia", "Rioters", "Protesters", "Civilians",
    "External/Other forces",
)  # fmt: skip
"""What `inter1` and `inter2` say of an actor; files before 2024 have the place in this list, from 1, 0 for nobody."""

_KIND_OF_ACTOR = (*map(str, range(9)), *INTERACTIONS, *(f"{name}s" for name in INTERACTIONS[1:4]))


def _text(name: str, *headings: str, required: bool = False) -> Column:
    """Return a column of texts that may be empty."""
    return Column(name, "text", headings=headings, missing=("",), required=required)


def _check(raw: RawTable, rows: pd.DataFrame) -> Iterator[Problem]:
    yield from doubled(raw, rows, ["event_id"])
    wrong = rows.index[[date.year != year for date, year in zip(rows["date"], rows["year"], strict=True)]]
    for line in wrong[:100]:
        date, year = rows.loc[line, "date"], rows.loc[line, "year"]
        yield raw.problem(int(line), "event_date", f"expected a date of {year}, the row's year, got {date}")
    old = sorted(set(rows["event_type"]) & set(OLD_EVENT_TYPES))
    new = sorted(set(rows["event_type"]) & set(EVENT_TYPES) - {"Violence against civilians"})
    if old and new:
        message = f"event types of before and after March 2019 in one file ({old[0]}, {new[0]}): export it anew"
        yield raw.problem(None, "event_type", message)


def _version(raw: RawTable) -> str:
    """Return the generation of an export, by its columns and event types; ACLED has no version numbers."""
    names = {str(name).casefold(): str(name) for name in raw.cells.columns}
    if "disorder_type" in names:
        return "layout of 2022 and later"
    old = set(raw.cells[names["event_type"]]) & set(OLD_EVENT_TYPES)
    return "event types of before March 2019" if old else "layout of before 2022"


EVENTS = DataSet(
    name="acled",
    title="ACLED (Armed Conflict Location & Event Data)",
    versions=("before March 2019", "before 2022", "2022 and later"),
    citation=(
        "Raleigh, Kishi, Linke (2023): Political instability patterns are obscured by conflict dataset scope "
        "conditions, sources, and coding choices, Humanities and Social Sciences Communications 10; with the date of "
        "the export"
    ),
    terms="free account, attribution, no passing on of the data (from memory)",
    gives="attacks on a client by actor and month, and what armed outsiders do on its soil",
    files=("acled*.*", "*acled*.csv", "[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]-*.csv"),
    home="ACLED export tool (acleddata.com)",
    states="name",
    columns=(
        Column("event_id", "text", headings=("event_id_cnty",), pattern=r"[A-Z]{2,4}\d+|\d+[A-Z]{2,4}",
               looks="a country's letters and a number"),
        Column("date", "date", headings=("event_date",), low=1990, high=2035),
        Column("year", low=1990, high=2035),
        Column("time_precision", low=1, high=3),
        _text("disorder_type"),
        Column("event_type", "text", choices=(*EVENT_TYPES, *OLD_EVENT_TYPES)),
        _text("sub_event_type"),
        Column("actor1", "text"),
        _text("assoc_actor_1", "assoc_actor_1", "ally_actor_1"),
        Column("inter1", "text", choices=_KIND_OF_ACTOR, required=False),
        _text("actor2", required=True),
        _text("assoc_actor_2", "assoc_actor_2", "ally_actor_2"),
        Column("inter2", "text", missing=("",), choices=_KIND_OF_ACTOR, required=False),
        _text("civilian_targeting"),
        Column("iso", missing=NOTHING, low=0, high=999, required=False),
        Column("gwno", missing=NOTHING, low=2, high=990, required=False),
        _text("region"),
        Column("country", "text", pattern=r".*[^\W\d].*", looks="letters"),
        _text("admin1"),
        _text("location"),
        Column("latitude", "number", low=-90, high=90),
        Column("longitude", "number", low=-180, high=180),
        Column("geo_precision", low=1, high=3),
        _text("source"),
        _text("notes"),
        Column("fatalities", low=0),
    ),
    check=_check,
    version_of=_version,
    large=True,
)  # fmt: skip

DATA_SETS = (EVENTS,)
