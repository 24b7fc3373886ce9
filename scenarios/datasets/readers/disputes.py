"""Declare militarised interstate disputes: the MID data, and their revision by Gibler, Miller and Little."""

from __future__ import annotations

from collections.abc import Iterator
from enum import IntEnum
from typing import TYPE_CHECKING

from papertiger.scenarios.datasets.columns import NOTHING, Column, codes
from papertiger.scenarios.datasets.data_set import DataSet, doubled, version_column
from papertiger.scenarios.datasets.dates import date_columns, with_dates, wrong_dates
from papertiger.scenarios.datasets.raw_table import RawTable
from papertiger.scenarios.errors import Problem

if TYPE_CHECKING:
    import pandas as pd

_SPAN = (("start", "end"),)
_UNKNOWN = ("-9", *NOTHING)
_FLAG = ("0", "1")


class Hostility(IntEnum):
    """How hostile a state or a dispute became at most (HOSTLEV)."""

    NONE = 1
    THREAT = 2
    DISPLAY = 3
    USE = 4
    WAR = 5


class Fatality(IntEnum):
    """How many soldiers died (FATALITY), the highest number of each level but the last."""

    NONE = 0
    TO_25 = 1
    TO_100 = 2
    TO_250 = 3
    TO_500 = 4
    TO_999 = 5
    MORE = 6


class Outcome(IntEnum):
    """How a dispute came out (OUTCOME)."""

    VICTORY_A = 1
    VICTORY_B = 2
    YIELD_A = 3
    YIELD_B = 4
    STALEMATE = 5
    COMPROMISE = 6
    RELEASED = 7
    UNCLEAR = 8
    JOINS_WAR = 9


ACTIONS: dict[int, tuple[str, Hostility]] = {
    0: ("no action", Hostility.NONE),
    1: ("threat to use force", Hostility.THREAT),
    2: ("threat to blockade", Hostility.THREAT),
    3: ("threat to occupy territory", Hostility.THREAT),
    4: ("threat to declare war", Hostility.THREAT),
    5: ("threat to use chemical, biological or radiological weapons", Hostility.THREAT),
    6: ("threat to join a war", Hostility.THREAT),
    7: ("show of force", Hostility.DISPLAY),
    8: ("alert", Hostility.DISPLAY),
    9: ("nuclear alert", Hostility.DISPLAY),
    10: ("mobilisation", Hostility.DISPLAY),
    11: ("fortifying a border", Hostility.DISPLAY),
    12: ("violation of a border", Hostility.DISPLAY),
    13: ("blockade", Hostility.USE),
    14: ("occupation of territory", Hostility.USE),
    15: ("seizure", Hostility.USE),
    16: ("attack", Hostility.USE),
    17: ("clash", Hostility.USE),
    18: ("declaration of war", Hostility.USE),
    19: ("use of chemical, biological or radiological weapons", Hostility.USE),
    20: ("beginning an interstate war", Hostility.WAR),
    21: ("joining an interstate war", Hostility.WAR),
}
"""Highest actions (HIACT), each with the level of hostility that it makes."""


_PARTICIPANT_COLUMNS = (
    Column("dispute", headings=("dispnum", "dispnum3", "dispnum4"), low=1, high=9999),
    Column("state", headings=("ccode",), low=2, high=990),
    *date_columns("start", ("styear", "stmon", "stday"), _UNKNOWN),
    *date_columns("end", ("endyear", "endmon", "endday"), _UNKNOWN),
    Column("side_a", headings=("sidea",), missing=_UNKNOWN, choices=_FLAG),
    Column("original", headings=("orig",), missing=_UNKNOWN, choices=_FLAG),
    Column("action", headings=("hiact",), missing=_UNKNOWN, choices=codes(0, 21)),
    Column("hostility", headings=("hostlev",), missing=_UNKNOWN, choices=codes(1, 5), required=False),
    Column("fatality", missing=_UNKNOWN, choices=codes(0, 6), required=False),
    Column("revisionist", headings=("revstate",), missing=_UNKNOWN, choices=_FLAG, required=False),
)

_DISPUTE_COLUMNS = (
    Column("dispute", headings=("dispnum", "dispnum3", "dispnum4"), low=1, high=9999),
    Column("start_year", headings=("styear",), low=1816, high=2030),
    # GML 2.2.1 has a thirteenth month once: it is unknown.
    Column("start_month", headings=("stmon",), missing=("13", *_UNKNOWN), low=1, high=12),
    Column("outcome", missing=_UNKNOWN, choices=codes(1, 9)),
    Column("settlement", headings=("settle",), missing=_UNKNOWN, choices=codes(1, 4)),
    Column("fatality", missing=_UNKNOWN, choices=codes(0, 6)),
    Column("days_at_least", headings=("mindur",), missing=_UNKNOWN, low=1),
    Column("days_at_most", headings=("maxdur",), missing=_UNKNOWN, low=1),
    Column("action", headings=("hiact",), missing=_UNKNOWN, choices=codes(0, 21)),
    Column("hostility", headings=("hostlev",), missing=_UNKNOWN, choices=codes(1, 5)),
    Column("reciprocated", headings=("recip",), missing=_UNKNOWN, choices=_FLAG),
)


def _of_side(name: str, headings: tuple[str, str], choices: tuple[str, ...]) -> tuple[Column, Column]:
    """Return what a dyad says of either side, under the headings of the dyadic data and of packages."""
    dyadic, package = headings
    return (
        Column(f"{name}_a", headings=(f"{dyadic}a", f"{package}1"), missing=_UNKNOWN, choices=choices),
        Column(f"{name}_b", headings=(f"{dyadic}b", f"{package}2"), missing=_UNKNOWN, choices=choices),
    )


_DYAD_COLUMNS = (
    Column("dispute", headings=("disno", "dispnum"), low=1, high=9999),
    Column("spell", headings=("dyindex",), missing=_UNKNOWN, required=False),
    Column("state_a", headings=("statea", "ccode1"), low=2, high=990),
    Column("state_b", headings=("stateb", "ccode2"), low=2, high=990),
    Column("year", low=1816, high=2030),
    *date_columns("start", ("strtyr", "strtmnth", "strtday"), _UNKNOWN, year_missing=_UNKNOWN, required=False),
    *date_columns("end", ("endyear", "endmnth", "endday"), _UNKNOWN, year_missing=_UNKNOWN, required=False),
    *_of_side("side", ("sidea", "sidea"), _FLAG),
    *_of_side("original", ("orignat", "orig"), _FLAG),
    *_of_side("action", ("highmca", "hiact"), codes(0, 21)),
    *_of_side("hostility", ("hihost", "hostlev"), codes(0, 5)),
    *_of_side("fatality", ("fatlev", "fatality"), codes(0, 6)),
)


def _check_dyads(raw: RawTable, rows: pd.DataFrame) -> Iterator[Problem]:
    yield from doubled(raw, rows, ["dispute", "spell", "state_a", "state_b", "year"])
    yield from wrong_dates(raw, rows, _SPAN)
    for line in rows.index[rows["state_a"] == rows["state_b"]][:100]:
        yield raw.problem(int(line), "", "a state is in a dispute with itself")
    for line in rows.index[rows["side_a"].notna() & (rows["side_a"] == rows["side_b"])][:100]:
        yield raw.problem(int(line), "", "both states are on the same side")


def _check_participants(raw: RawTable, rows: pd.DataFrame) -> Iterator[Problem]:
    yield from doubled(raw, rows, ["dispute", "state", "start_year", "start_month", "start_day"])
    yield from wrong_dates(raw, rows, _SPAN)
    yield from _check_hostility(raw, rows)


def _check_hostility(raw: RawTable, rows: pd.DataFrame) -> Iterator[Problem]:
    """Find actions that do not make the hostility that stands beside them, as in a table whose columns have moved."""
    levels = rows["action"].map(_level)
    wrong = rows.index[levels.notna() & rows["hostility"].notna() & (levels != rows["hostility"])]
    for line in wrong[:100]:
        action, said = int(rows["action"][line]), int(rows["hostility"][line])
        name, level = ACTIONS[action]
        yield raw.problem(
            int(line), "hostlev", f"action {action} ({name}) makes a hostility of {level.value}, got {said}"
        )


def _level(action: float) -> float:
    return float("nan") if action != action else float(ACTIONS[int(action)][1])  # noqa: PLR0124 - nan


def _with_hostility(rows: pd.DataFrame) -> pd.DataFrame:
    """Return participants with dates, and with the hostility that their highest action makes where none is given."""
    levels = rows["action"].map(_level)
    return with_dates(rows.assign(hostility=rows["hostility"].fillna(levels)), _SPAN)


def _check_disputes(raw: RawTable, rows: pd.DataFrame) -> Iterator[Problem]:
    yield from doubled(raw, rows, ["dispute"])
    yield from _check_hostility(raw, rows)
    for line in rows.index[rows["days_at_most"] < rows["days_at_least"]][:100]:
        least, most = rows.loc[line, "days_at_least"], rows.loc[line, "days_at_most"]
        yield raw.problem(int(line), "maxdur", f"lasts at most {most:g} days, but at least {least:g}")


_GML = (
    "Gibler, Miller, Little (2016): An Analysis of the Militarized Interstate Dispute (MID) Dataset, 1816-2001, "
    "International Studies Quarterly 60"
)
_GML_TERMS = "with citation"
_GML_HOME = "GML MID data (Gibler, Miller, Little)"
_MID = (
    "Palmer, McManus, D'Orazio, Kenwick, Karstens, Bloch, Dietrich, Kahn, Ritter, Soules (2022): The MID5 Dataset, "
    "2011-2014, Conflict Management and Peace Science 39"
)
_MID_TERMS = "free for research, with citation (from memory)"
_MID_HOME = "Correlates of War project"


GML_PARTICIPANTS = DataSet(
    name="gml_participants",
    title="GML-MID participants",
    versions=("2.2.1",),
    citation=_GML,
    terms=_GML_TERMS,
    gives="who was in a dispute with whom and on which side: attacks on clients, the patron's help and its coercion",
    files=("gml_part.*", "gml*midb*.*"),
    home=_GML_HOME,
    states="cow",
    columns=_PARTICIPANT_COLUMNS,
    check=_check_participants,
    version_of=version_column,
    transform=_with_hostility,
)

GML_DISPUTES = DataSet(
    name="gml_disputes",
    title="GML-MID disputes",
    versions=("2.2.1",),
    citation=_GML,
    terms=_GML_TERMS,
    gives="how a dispute came out, how many died and how hostile it became",
    files=("gml_mid_disps.*", "gml*mida*.*"),
    home=_GML_HOME,
    states="cow",
    columns=_DISPUTE_COLUMNS,
    check=_check_disputes,
    version_of=version_column,
)

MID_PARTICIPANTS = DataSet(
    name="mid_participants",
    title="MID participants (MIDB)",
    versions=("4.3", "5.0"),
    citation=_MID,
    terms=_MID_TERMS,
    gives="the same as GML-MID, to 2014 and with deaths by state",
    files=("midb*.*",),
    home=_MID_HOME,
    states="cow",
    columns=_PARTICIPANT_COLUMNS,
    check=_check_participants,
    version_of=version_column,
    transform=_with_hostility,
)

MID_DISPUTES = DataSet(
    name="mid_disputes",
    title="MID disputes (MIDA)",
    versions=("4.3", "5.0"),
    citation=_MID,
    terms=_MID_TERMS,
    gives="the same as GML-MID, to 2014",
    files=("mida*.*",),
    home=_MID_HOME,
    states="cow",
    columns=_DISPUTE_COLUMNS,
    check=_check_disputes,
    version_of=version_column,
)

_DYAD_GIVES = "who was against whom in each year of a dispute, with the highest action and the deaths of either"

GML_DYADS = DataSet(
    name="gml_dyad_years",
    title="GML-MID dyadic dispute-years",
    versions=("2.1.1", "2.2.1"),
    citation=_GML,
    terms=_GML_TERMS,
    gives=_DYAD_GIVES,
    files=("gml_dirdisp.*", "gml_mid_dirdisps.*", "gml_mid_ddydisps.*", "gml-ddy-disputes*.*"),
    home=_GML_HOME,
    states="cow",
    columns=_DYAD_COLUMNS,
    check=_check_dyads,
    version_of=version_column,
    transform=lambda rows: with_dates(rows, _SPAN),
)

MID_DYADS = DataSet(
    name="mid_dyad_years",
    title="Dyadic MID",
    versions=("4.02", "4.03"),
    citation=(
        "Maoz, Johnson, Kaplan, Ogunkoya, Shreve (2019): The Dyadic Militarized Interstate Disputes (MIDs) Dataset "
        "Version 3.0, Journal of Conflict Resolution 63"
    ),
    terms=_MID_TERMS,
    gives=_DYAD_GIVES,
    files=("dyadic_mid*.*", "cow_mid_dirdisps.*", "cow_mid_ddydisps.*"),
    home=_MID_HOME,
    states="cow",
    columns=_DYAD_COLUMNS,
    check=_check_dyads,
    version_of=version_column,
    transform=lambda rows: with_dates(rows, _SPAN),
)

DATA_SETS = (GML_PARTICIPANTS, GML_DISPUTES, MID_PARTICIPANTS, MID_DISPUTES, GML_DYADS, MID_DYADS)
