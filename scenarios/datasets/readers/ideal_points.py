"""Declare the ideal points of states from their votes in the UN General Assembly (Bailey, Strezhnev, Voeten 2017)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from papertiger.scenarios.datasets.columns import NOTHING, Column
from papertiger.scenarios.datasets.data_set import DataSet, doubled
from papertiger.scenarios.datasets.raw_table import RawTable
from papertiger.scenarios.datasets.readers.un_votes import FIRST_SESSION
from papertiger.scenarios.errors import Problem, ScenarioError

if TYPE_CHECKING:
    import pandas as pd

_POINTS = ("IdealPointAll", "IdealPoint", "IdealPointFP")


def _with_years(raw: RawTable) -> RawTable:
    """Return the table with the year, made of the session in the versions up to 2024, which have no other."""
    columns = {str(name).casefold(): str(name) for name in raw.cells.columns}
    if not any(name.casefold() in columns for name in _POINTS):
        message = f"missing column {_POINTS[0]} or {_POINTS[-1]}"
        raise ScenarioError([raw.problem(raw.header or None, "", message)])
    if "year" in columns:
        return raw
    if "session" not in columns:
        raise ScenarioError([raw.problem(raw.header or None, "", "missing column year or session")])
    sessions = raw.cells[columns["session"]]
    whole = sessions.str.fullmatch(r"\d{1,3}(\.0+)?")
    for line, text in sessions[~whole].items():
        raise ScenarioError(
            [raw.problem(int(str(line)), columns["session"], f"expected the number of a session, got {text!r}")]
        )
    years = (FIRST_SESSION - 1 + sessions.astype(float).astype(int)).astype(str)
    return replace(raw, cells=raw.cells.assign(year=years.astype(object)))


def _check(raw: RawTable, rows: pd.DataFrame) -> Iterator[Problem]:
    yield from doubled(raw, rows, ["state", "year"])


def _version(raw: RawTable) -> str:
    columns = {str(name).casefold() for name in raw.cells.columns}
    if "idealpointlegacy" in columns:
        return "July 2025"
    return "by session" if "session" in columns else ""


IDEAL_POINTS = DataSet(
    name="ideal_points",
    title="UN General Assembly ideal points",
    versions=("Jun2024", "July2025"),
    citation=(
        "Bailey, Strezhnev, Voeten (2017): Estimating Dynamic State Preferences from United Nations Voting Data, "
        "Journal of Conflict Resolution 61"
    ),
    terms="CC0 at Harvard Dataverse (from memory)",
    gives="how far a client stands from its patron in the world's main dividing line, comparable over the years",
    files=("idealpointestimates*.*", "idealpoints*.*"),
    home="Harvard Dataverse, doi:10.7910/DVN/LEJUQZ",
    states="cow",
    columns=(
        Column("state", headings=("ccode",), low=2, high=990),
        Column("iso3", "text", headings=("iso3c",), missing=("", "NA"), required=False),
        Column("name", "text", headings=("countryname",), missing=("", "NA"), required=False),
        Column("year", low=FIRST_SESSION, high=2030),
        Column(
            "ideal_point", "number", headings=("IdealPointAll", "IdealPoint"), missing=NOTHING, low=-6, high=6,
            required=False,
        ),
        Column(
            "final_passage", "number", headings=("IdealPointFP",), missing=NOTHING, low=-6, high=6, required=False
        ),
        Column("votes", "number", headings=("NVotesAll", "NVotes"), missing=NOTHING, low=1, required=False),
        Column("final_votes", "number", headings=("NVotesFP",), missing=NOTHING, low=1, required=False),
    ),
    check=_check,
    version_of=_version,
    reshape=_with_years,
    sought=(
        ("ccode",), ("year",), ("session",), ("iso3c",), ("countryname",), *((name,) for name in _POINTS),
        ("NVotesAll", "NVotes"), ("NVotesFP",), ("idealpointlegacy",),
    ),
    large=True,
)  # fmt: skip

DATA_SETS = (IDEAL_POINTS,)
