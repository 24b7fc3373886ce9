"""Declare International Crisis Behavior, crises and the states in them (Brecher, Wilkenfeld)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from enum import IntEnum
from pathlib import Path
from typing import TYPE_CHECKING

from papertiger.scenarios.datasets.columns import NOTHING, Column, codes
from papertiger.scenarios.datasets.data_set import DataSet, doubled
from papertiger.scenarios.datasets.dates import date_columns, with_dates, wrong_dates
from papertiger.scenarios.datasets.raw_table import RawTable
from papertiger.scenarios.errors import Problem

if TYPE_CHECKING:
    import pandas as pd

_SPAN = (("start", "end"),)
_SIZES = {"14": (487, 1078)}
"""How many crises and how many actors a version has, where it is known: a file of that size has not broken off."""

PARTS_OF_MONTH = {66: 5, 77: 15, 88: 25}
"""Days that say early, in the middle and late in a month, and the day that is taken for them."""


class Violence(IntEnum):
    """How violent a crisis was (VIOL)."""

    NONE = 1
    MINOR_CLASHES = 2
    SERIOUS_CLASHES = 3
    WAR = 4


class Gravity(IntEnum):
    """What was at stake for an actor (GRAVTY) or at most for any (GRAVCR); from memory."""

    ECONOMIC = 0
    LIMITED_MILITARY = 1
    POLITICAL = 2
    TERRITORIAL = 3
    INFLUENCE = 4
    GRAVE_DAMAGE = 5
    EXISTENCE = 6
    OTHER = 7


class Trigger(IntEnum):
    """What brought a state into a crisis (TRIGGR); from memory."""

    VERBAL = 1
    POLITICAL = 2
    ECONOMIC = 3
    EXTERNAL_CHANGE = 4
    OTHER_NON_VIOLENT = 5
    INTERNAL_CHALLENGE = 6
    NON_VIOLENT_MILITARY = 7
    INDIRECT_VIOLENT = 8
    VIOLENT = 9


class Involvement(IntEnum):
    """What a power did in a state's crisis (USINV, SUINV ... of the actor level).

    No codebook was at hand: the readings are inferred from twenty known crises, 2, 4 and 5 are guesses.
    """

    NONE = 1
    ECONOMIC = 2
    POLITICAL = 3
    FINANCIAL = 4
    PROPAGANDA = 5
    COVERT = 6
    SEMI_MILITARY = 7
    MILITARY = 8
    ACTOR = 9
    """The power was itself in the crisis."""


class Effect(IntEnum):
    """How a state saw what a power did (USFAVR, SUFAVR ...); inferred as `Involvement` is."""

    HELPED = 1
    MIXED = 2
    HARMED = 3
    INACTIVE_WELCOME = 4
    INACTIVE_INDIFFERENT = 5
    INACTIVE_RESENTED = 6
    ACTOR = 8


class CrisisInvolvement(IntEnum):
    """What a power did in a crisis (USINV, SUINV of the crisis level), in four values of its own; from memory."""

    NONE = 1
    LOW = 2
    COVERT_OR_SEMI_MILITARY = 3
    MILITARY = 4


class Outcome(IntEnum):
    """How a crisis came out for a state (OUTCOM); from memory, 9 inferred."""

    VICTORY = 1
    COMPROMISE = 2
    STALEMATE = 3
    DEFEAT = 4
    OTHER = 5
    UNKNOWN = 9


def _days(name: str, heading: str) -> Column:
    """Return the column of a day, which may also be a part of the month."""
    choices = (*codes(1, 31), *(str(part) for part in PARTS_OF_MONTH))
    return Column(f"{name}_day", headings=(heading,), missing=("99", *NOTHING), choices=choices)


_DATES = (
    *date_columns("start", ("yrtrig", "motrig", "datrig"), NOTHING, year_missing=NOTHING)[:2],
    _days("start", "datrig"),
    *date_columns("end", ("yrterm", "moterm", "daterm"), NOTHING, year_missing=NOTHING)[:2],
    _days("end", "daterm"),
)


def _to_the_month(rows: pd.DataFrame) -> pd.DataFrame:
    """Return rows whose days are unknown where they say a part of the month."""
    days = {f"{name}_day": rows[f"{name}_day"] for name in _SPAN[0]}
    return rows.assign(**{key: day.mask(day.isin(list(PARTS_OF_MONTH))) for key, day in days.items()})


def _dated(rows: pd.DataFrame) -> pd.DataFrame:
    """Return rows with dates; a part of a month counts as known to the month only."""
    import pandas as pd

    parts = {name: rows[f"{name}_day"].isin(list(PARTS_OF_MONTH)) for name in _SPAN[0]}
    days = {f"{name}_day": rows[f"{name}_day"].replace(PARTS_OF_MONTH) for name in _SPAN[0]}
    dated = with_dates(rows.assign(**days), _SPAN)
    for name, part in parts.items():
        dated.loc[part, f"{name}_precision"] = "month"
    # An end late in the month of a start is no earlier than it, whatever day stands for late.
    ends = [
        max(start, end) if start and end and start.month == end.month and start.year == end.year else end
        for start, end in zip(dated["start"], dated["end"], strict=True)
    ]
    return dated.assign(end=pd.Series(ends, index=rows.index, dtype=object))


def _version(raw: RawTable) -> str:
    """Return the version that the file's name says, as its makers give it (``icb2v14.csv``)."""
    match = re.search(r"v(\d+)", Path(raw.label).stem, re.IGNORECASE)
    return match[1] if match else ""


def _whole(raw: RawTable) -> bool:
    return len(raw.cells) in _SIZES.get(_version(raw), ())


def _check_crises(raw: RawTable, rows: pd.DataFrame) -> Iterator[Problem]:
    yield from doubled(raw, rows, ["crisis"])
    yield from wrong_dates(raw, _to_the_month(rows), _SPAN)


def _check_actors(raw: RawTable, rows: pd.DataFrame) -> Iterator[Problem]:
    yield from doubled(raw, rows, ["actor_number"])
    yield from wrong_dates(raw, _to_the_month(rows), _SPAN)


_CITATION = (
    "Brecher, Wilkenfeld, Beardsley, James, Quinn: International Crisis Behavior Data, Version 14; Brecher, "
    "Wilkenfeld (2000): A Study of Crisis"
)
_TERMS = "free for research, with citation (from memory)"
_HOME = "ICB project (Duke University)"


def _power(name: str, involved: str, effect: str, low: str = "1") -> tuple[Column, Column]:
    """Return the columns of what a power did and how it was seen; where it may be 0, the power was not coded."""
    not_coded = () if low == "1" else ("0",)
    return (
        Column(f"{name}_involvement", headings=(involved,), missing=(*not_coded, *NOTHING), choices=codes(1, 9)),
        Column(f"{name}_effect", headings=(effect,), missing=(*not_coded, *NOTHING), choices=codes(1, 8)),
    )


CRISES = DataSet(
    name="icb_crises",
    title="ICB crises (ICB1)",
    versions=("14",),
    citation=_CITATION,
    terms=_TERMS,
    gives="when a crisis began and ended, how violent it was and what the two superpowers did in it",
    files=("icb1v*.*",),
    home=_HOME,
    states="cow",
    columns=(
        Column("crisis", headings=("crisno",), low=1, high=9999),
        Column("name", "text", headings=("crisname",)),
        *_DATES,
        Column("violence", headings=("viol",), missing=NOTHING, choices=codes(1, 4)),
        Column("gravity", headings=("gravcr",), missing=NOTHING, choices=codes(0, 7)),
        Column("us_involvement", headings=("usinv",), missing=NOTHING, choices=codes(1, 4)),
        Column("su_involvement", headings=("suinv",), missing=NOTHING, choices=codes(1, 4)),
        Column("actors", headings=("noactr",), missing=NOTHING, low=0, high=200),
    ),
    check=_check_crises,
    version_of=_version,
    whole=_whole,
    transform=_dated,
)

ACTORS = DataSet(
    name="icb_actors",
    title="ICB crisis actors (ICB2)",
    versions=("14",),
    citation=_CITATION,
    terms=_TERMS,
    gives="what a power did when a client was in a crisis, and how the client saw it",
    files=("icb2v*.*",),
    home=_HOME,
    states="cow",
    columns=(
        Column("crisis", headings=("crisno",), low=1, high=9999),
        Column("actor_number", headings=("cracno",), low=1, high=99999),
        Column("state", headings=("cracid",), low=2, high=990),
        Column("letters", "text", headings=("actor",)),
        Column("name", "text", headings=("crisname",)),
        *_DATES,
        Column("trigger", headings=("triggr",), missing=NOTHING, choices=codes(1, 9)),
        Column("triggered_by", headings=("trigent",), missing=NOTHING, low=1, high=999),
        Column("threatened_by", headings=("southv",), missing=NOTHING, low=1, high=999),
        Column("gravity", headings=("gravty",), missing=NOTHING, choices=codes(0, 7)),
        Column("violence", headings=("viol",), missing=NOTHING, choices=codes(1, 4)),
        *_power("us", "usinv", "usfavr"),
        *_power("su", "suinv", "sufavr"),
        *_power("gb", "gbinv", "gbfavr", "0"),
        *_power("fr", "frinv", "frfavr", "0"),
        Column("outcome", headings=("outcom",), missing=NOTHING, choices=(*codes(1, 5), "9")),
    ),
    check=_check_actors,
    version_of=_version,
    whole=_whole,
    transform=_dated,
)

DATA_SETS = (CRISES, ACTORS)
