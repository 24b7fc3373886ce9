"""Declare the votes of the UN General Assembly (Voeten, Strezhnev, Bailey), and those of the package unvotes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from papertiger.scenarios.datasets.columns import NOTHING, Column
from papertiger.scenarios.datasets.data_set import DataSet, doubled
from papertiger.scenarios.datasets.raw_table import RawTable
from papertiger.scenarios.errors import Problem

if TYPE_CHECKING:
    import pandas as pd

YES, ABSTAIN, NO, ABSENT, NO_MEMBER = 1, 2, 3, 8, 9
VOTES = (YES, ABSTAIN, NO, ABSENT, NO_MEMBER)
"""Votes as the data set codes them: absent is who could have voted."""

VOTED = {YES: 1.0, ABSTAIN: 0.5, NO: 0.0}
"""Votes that were cast, on a scale from no to yes; agreement is one less their difference."""

WORDS = {"yes": YES, "abstain": ABSTAIN, "no": NO}
"""The package's words for votes; it leaves out who did not vote."""

FIRST_SESSION = 1946
"""Year of the first session; one follows each year, and votes after New Year count with the year before."""

ISSUES = ("me", "nu", "di", "hr", "co", "ec")

_CITATION = (
    "Voeten, Strezhnev, Bailey (2009): United Nations General Assembly Voting Data, Harvard Dataverse "
    "doi:10.7910/DVN/LEJUQZ"
)
_TERMS = "CC0 at Harvard Dataverse (from memory)"


def _check_votes(raw: RawTable, rows: pd.DataFrame) -> Iterator[Problem]:
    yield from doubled(raw, rows, ["roll_call", "state"])


def _with_years(raw: RawTable) -> RawTable:
    """Return the votes with the year, made of the session where the file has none."""
    columns = {str(name).casefold(): str(name) for name in raw.cells.columns}
    if "year" in columns or "session" not in columns:
        return raw
    sessions = raw.cells[columns["session"]]
    years = {
        text: str(FIRST_SESSION - 1 + int(float(text))) if _is_number(text) else text for text in sessions.unique()
    }
    return replace(raw, cells=raw.cells.assign(year=sessions.map(years)))


def _is_number(text: str) -> bool:
    return text.replace(".", "", 1).isdigit()


VOTES_CAST = DataSet(
    name="un_votes",
    title="United Nations General Assembly Voting Data",
    versions=("to 2015", "to 2021", "to 2024"),
    citation=_CITATION,
    terms=_TERMS,
    gives="how far a client votes with its patron in each year",
    files=("unvotes*.rdata", "unvotes*.csv", "unvotes*.tab", "unvotes*.dta"),
    home="Harvard Dataverse",
    states="cow",
    columns=(
        Column("roll_call", headings=("rcid",), low=1),
        Column("state", headings=("ccode",), low=2, high=990),
        Column("vote", headings=("vote",), choices=tuple(str(vote) for vote in VOTES)),
        Column("year", low=FIRST_SESSION, high=2030),
    ),
    check=_check_votes,
    reshape=_with_years,
    sought=(("rcid",), ("ccode",), ("vote",), ("year",), ("session",)),
    large=True,
)


def _check_package_votes(raw: RawTable, rows: pd.DataFrame) -> Iterator[Problem]:
    yield from doubled(raw, rows, ["roll_call", "country"])


def _as_codes(rows: pd.DataFrame) -> pd.DataFrame:
    return rows.assign(vote=rows["vote"].map(WORDS).astype("int64"))


PACKAGE_VOTES = DataSet(
    name="unvotes_votes",
    title="unvotes, votes",
    versions=("0.2.0", "0.3.0"),
    citation=f"Robinson: unvotes, R package; {_CITATION}",
    terms="MIT for the package; of the data: CC0 (from memory)",
    gives="the same as un_votes; needs unvotes_roll_calls for the years",
    files=("un_votes.*",),
    home="CRAN, package unvotes",
    states="iso2",
    columns=(
        Column("roll_call", headings=("rcid",), low=1),
        Column("country", "text"),
        Column("state", "text", headings=("country_code",), missing=("",)),
        Column("vote", "text", choices=tuple(WORDS)),
    ),
    check=_check_package_votes,
    transform=_as_codes,
    large=True,
)


def _check_roll_calls(raw: RawTable, rows: pd.DataFrame) -> Iterator[Problem]:
    yield from doubled(raw, rows, ["roll_call"])
    for line, session, date in zip(rows.index, rows["session"], rows["date"], strict=True):
        if abs(date.year - (FIRST_SESSION - 1 + session)) > 1:
            yield raw.problem(int(line), "date", f"{date} is not of session {session:g}")


def _year_of_date(rows: pd.DataFrame) -> pd.DataFrame:
    return rows.assign(year=[date.year for date in rows["date"]])


ROLL_CALLS = DataSet(
    name="unvotes_roll_calls",
    title="unvotes, roll calls",
    versions=("0.2.0", "0.3.0"),
    citation=PACKAGE_VOTES.citation,
    terms=PACKAGE_VOTES.terms,
    gives="the day and the resolution of each roll call of unvotes_votes",
    files=("un_roll_calls.*",),
    home=PACKAGE_VOTES.home,
    columns=(
        Column("roll_call", headings=("rcid",), low=1),
        Column("session", "number", low=1, high=100),
        Column("date", "date", low=FIRST_SESSION, high=2030),
        Column("important", "flag", headings=("importantvote",), missing=NOTHING, required=False),
        Column("resolution", "text", headings=("unres",), missing=("",), required=False),
        Column("short", "text", missing=("",), required=False),
    ),
    check=_check_roll_calls,
    transform=_year_of_date,
)


def _check_issues(raw: RawTable, rows: pd.DataFrame) -> Iterator[Problem]:
    yield from doubled(raw, rows, ["roll_call", "issue"])


ROLL_CALL_ISSUES = DataSet(
    name="unvotes_issues",
    title="unvotes, issues of roll calls",
    versions=("0.2.0", "0.3.0"),
    citation=PACKAGE_VOTES.citation,
    terms=PACKAGE_VOTES.terms,
    gives="which roll calls are about one of six issues, for agreement on one of them",
    files=("un_roll_call_issues.*",),
    home=PACKAGE_VOTES.home,
    columns=(
        Column("roll_call", headings=("rcid",), low=1),
        Column("issue", "text", headings=("short_name",), choices=ISSUES),
        Column("title", "text", headings=("issue",)),
    ),
    check=_check_issues,
)

DATA_SETS = (VOTES_CAST, PACKAGE_VOTES, ROLL_CALLS, ROLL_CALL_ISSUES)
