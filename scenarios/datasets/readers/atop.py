"""Declare ATOP, the obligations of alliance treaties (Leeds, Ritter, Mitchell, Long 2002)."""

from __future__ import annotations

from collections.abc import Iterator
from enum import IntEnum
from typing import TYPE_CHECKING

from papertiger.scenarios.datasets.columns import NOTHING, Column, codes
from papertiger.scenarios.datasets.data_set import DataSet, doubled
from papertiger.scenarios.datasets.dates import date_columns, with_dates, wrong_dates
from papertiger.scenarios.datasets.raw_table import RawTable
from papertiger.scenarios.errors import Problem

if TYPE_CHECKING:
    import pandas as pd

_CITATION = (
    "Leeds, Ritter, Mitchell, Long (2002): Alliance Treaty Obligations and Provisions, 1815-1944, International "
    "Interactions 28"
)
_FLAG = ("0", "1")
_TERMS = "free to use with citation (from memory)"
_HOME = "ATOP project (Rice University)"
_OPEN = ("0", *NOTHING)
"""Of a treaty in force the end is 0, and an unknown day is empty."""
_SPAN = (("start", "end"),)

MEMBER_COLUMNS = 70
"""How many members of an alliance have a column of their own; version 4.01 has 59."""


class Termination(IntEnum):
    """How an alliance ended (TERM).

    No codebook was at hand: the readings are inferred from known cases and from how they go with `Mode`.
    """

    NOT_SAID = 0
    """In force at the end of the data, or ended by the loss of a member's independence."""
    EXPIRED = 1
    BROKEN = 2
    """Violated or abrogated by a member before its time."""
    RENEGOTIATED = 3


class Mode(IntEnum):
    """How an alliance ended for a member (TERMMODE); inferred as `Termination` is."""

    IN_FORCE = 0
    NOT_RENEWED = 1
    REPLACED = 2
    BROKEN_BY_MEMBER = 3
    INDEPENDENCE_LOST = 4
    AIM_REACHED = 5
    OTHER = 6


def _pledges(prefix: str = "") -> tuple[Column, ...]:
    """Return the columns of the five kinds of obligation."""
    kinds = ("defense", "offense", "neutral", "nonagg", "consul")
    return tuple(Column(kind, headings=(f"{prefix}{kind}", kind), missing=NOTHING, choices=_FLAG) for kind in kinds)


def _version(raw: RawTable) -> str:
    """Return the version that each row says; single precision has made 4.0100002 of 4.01."""
    headings = {str(name).casefold(): str(name) for name in raw.cells.columns}
    if "version" not in headings:
        return ""
    said = dict.fromkeys(text for text in raw.cells[headings["version"]] if text)
    try:
        numbers = {round(float(text), 2) for text in said}
    except ValueError:
        return ""
    return f"{max(numbers):g}" if numbers else ""


def _other_version(raw: RawTable) -> Iterator[Problem]:
    """Refuse versions before 4, which code ends and phases in other ways."""
    version = _version(raw)
    if version and float(version) < 4:
        yield raw.problem(int(raw.cells.index[0]), "version", f"expected ATOP 4.01, 5.0 or 5.1, got {version}")


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
    terms=_TERMS,
    gives="which pledges bind a patron and a client in each year",
    files=("atop_alliance.*", "atop5*dy.*", "atop*ddyr*.*"),
    home=_HOME,
    states="cow",
    columns=(
        Column("state_a", headings=("ccode1", "mem1", "stateA"), low=2, high=990),
        Column("state_b", headings=("ccode2", "mem2", "stateB"), low=2, high=990),
        Column("year", low=1815, high=2030),
        *_pledges("atop_"),
    ),
    check=_check_dyad_years,
    version_of=_version,
)


def _check_members(raw: RawTable, rows: pd.DataFrame) -> Iterator[Problem]:
    yield from _other_version(raw)
    yield from doubled(raw, rows, ["alliance", "member", "phase", "start_year", "start_month", "start_day"])
    yield from wrong_dates(raw, rows, _SPAN)
    for line in rows.index[(rows["in_system"] == 1) & (rows["member"] > 990)][:100]:
        member = rows.loc[line, "member"]
        yield raw.problem(int(line), "member", f"{member} is said to be in the state system, expected 2 to 990")


MEMBERS = DataSet(
    name="atop_members",
    title="ATOP alliance members",
    versions=("4.01", "5.0", "5.1"),
    citation=_CITATION,
    terms=_TERMS,
    gives="when a state came under a treaty and left it, and how the treaty ended for it",
    files=("atop-member-level.*", "atop[0-9]*[0-9]m.*"),
    home=_HOME,
    states="cow",
    columns=(
        Column("alliance", headings=("atopid",), low=1000, high=9999),
        Column("member", low=2, high=9999),
        Column("in_system", headings=("cowsys",), missing=NOTHING, choices=_FLAG, required=False),
        Column("phase", missing=NOTHING, low=0, high=9),
        *date_columns("start", ("yrent", "moent", "dayent"), _OPEN),
        *date_columns("end", ("yrexit", "moexit", "dayexit"), _OPEN, year_missing=("0",)),
        Column("in_force", headings=("ineffect",), missing=NOTHING, choices=_FLAG),
        Column("bilateral", headings=("bilat",), choices=_FLAG),
        Column("wartime", missing=NOTHING, choices=_FLAG, required=False),
        *_pledges(),
        Column("termination", headings=("term",), missing=NOTHING, choices=codes(0, 3)),
        Column("mode", headings=("termmode",), missing=NOTHING, choices=codes(0, 6)),
        Column("cause", headings=("termcaus",), missing=NOTHING, choices=codes(0, 8), required=False),
    ),
    check=_check_members,
    version_of=_version,
    transform=lambda rows: with_dates(rows, _SPAN),
)


def _check_alliances(raw: RawTable, rows: pd.DataFrame) -> Iterator[Problem]:
    yield from _other_version(raw)
    yield from doubled(raw, rows, ["alliance"])
    yield from wrong_dates(raw, rows, _SPAN)
    members = _members(rows)
    for line, codes_of in zip(rows.index, members, strict=True):
        if len(set(codes_of)) < len(codes_of):
            yield raw.problem(int(line), "mem1", "the alliance has a member twice")
        elif len(codes_of) < 2:
            yield raw.problem(int(line), "mem1", f"the alliance has {len(codes_of)} member, expected two or more")


def _members(rows: pd.DataFrame) -> list[tuple[int, ...]]:
    columns = [f"member_{place}" for place in range(1, MEMBER_COLUMNS + 1)]
    table = rows[columns].to_numpy(dtype="float64")
    return [tuple(int(code) for code in row if code == code) for row in table]  # noqa: PLR0124 - nan


def _with_members(rows: pd.DataFrame) -> pd.DataFrame:
    """Return alliances with their members as one tuple, and their dates."""
    import pandas as pd

    members = pd.Series(_members(rows), index=rows.index, dtype=object)
    rest = rows.drop(columns=[name for name in rows.columns if name.startswith("member_")])
    return with_dates(rest, _SPAN).assign(members=members)


ALLIANCES = DataSet(
    name="atop_alliances",
    title="ATOP alliances",
    versions=("4.01", "5.0", "5.1"),
    citation=_CITATION,
    terms=_TERMS,
    gives="a treaty's members, dates, obligations and end; with it treaties that bind rivals are told apart",
    files=("atop-alliance-level.*", "atop[0-9]*[0-9]a.*"),
    home=_HOME,
    states="cow",
    columns=(
        Column("alliance", headings=("atopid",), low=1000, high=9999),
        *date_columns("start", ("begyr", "begmo", "begday"), _OPEN),
        *date_columns("end", ("endyr", "endmo", "endday"), _OPEN, year_missing=("0",)),
        Column("in_force", headings=("ineffect",), missing=NOTHING, choices=_FLAG),
        Column("bilateral", headings=("bilat",), choices=_FLAG),
        Column("wartime", missing=NOTHING, choices=_FLAG, required=False),
        *_pledges(),
        Column("asymmetric", headings=("asymm",), missing=NOTHING, choices=_FLAG, required=False),
        Column("bases", headings=("base",), missing=NOTHING, choices=codes(0, 3), required=False),
        Column("military_aid", headings=("milaid",), missing=NOTHING, choices=codes(0, 4), required=False),
        Column("termination", headings=("term",), missing=NOTHING, choices=codes(0, 3)),
        *(
            Column(
                f"member_{place}", headings=(f"mem{place}",), missing=NOTHING, low=2, high=9999, required=place <= 2
            )
            for place in range(1, MEMBER_COLUMNS + 1)
        ),
    ),
    check=_check_alliances,
    version_of=_version,
    transform=_with_members,
)

DATA_SETS = (DYAD_YEARS, MEMBERS, ALLIANCES)
