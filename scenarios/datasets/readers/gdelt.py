"""Declare the GDELT event database: who did what to whom, coded by machine from the news of each day."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from papertiger.scenarios.datasets.columns import NOTHING, Column
from papertiger.scenarios.datasets.data_set import DataSet, doubled
from papertiger.scenarios.datasets.raw_table import RawTable
from papertiger.scenarios.errors import Problem

if TYPE_CHECKING:
    import pandas as pd

QUADS = {1: "verbal cooperation", 2: "material cooperation", 3: "verbal conflict", 4: "material conflict"}
"""What `QuadClass` says."""

_ACTOR = (
    "Code", "Name", "CountryCode", "KnownGroupCode", "EthnicCode", "Religion1Code", "Religion2Code", "Type1Code",
    "Type2Code", "Type3Code",
)  # fmt: skip
_PLACE = ("Type", "FullName", "CountryCode", "ADM1Code", "Lat", "Long", "FeatureID")
_PLACE_OF_2 = (*_PLACE[:4], "ADM2Code", *_PLACE[4:])


def _layout(place: tuple[str, ...], *last: str) -> tuple[str, ...]:
    """Return the columns of a version, in their order."""
    return (
        "GLOBALEVENTID", "SQLDATE", "MonthYear", "Year", "FractionDate",
        *(f"Actor1{part}" for part in _ACTOR),
        *(f"Actor2{part}" for part in _ACTOR),
        "IsRootEvent", "EventCode", "EventBaseCode", "EventRootCode", "QuadClass", "GoldsteinScale", "NumMentions",
        "NumSources", "NumArticles", "AvgTone",
        *(f"{whose}Geo_{part}" for whose in ("Actor1", "Actor2", "Action") for part in place),
        *last,
    )  # fmt: skip


HISTORICAL = _layout(_PLACE, "DATEADDED")
"""The files of 1979 to March 2013: 57 columns."""

DAILY = _layout(_PLACE, "DATEADDED", "SOURCEURL")
"""Version 1.0 since April 2013: 58 columns."""

EVERY_15_MINUTES = _layout(_PLACE_OF_2, "DATEADDED", "SOURCEURL")
"""Version 2.0, since February 2015: 61 columns."""

_ROOTS = tuple(f"{number:02d}" for number in range(1, 21))
_NO_CODE = ("", "--", "---")


def _check(raw: RawTable, rows: pd.DataFrame) -> Iterator[Problem]:
    yield from doubled(raw, rows, ["id"])
    for line, code, root in zip(rows.index, rows["event_code"], rows["event_root"], strict=True):
        if code[:2] != root:
            message = f"expected an event code of root {root}, got {code}: a leading zero may be lost, as in Excel"
            yield raw.problem(int(line), "EventCode", message)
    wrong = rows.index[[date.year != year for date, year in zip(rows["date"], rows["year"], strict=True)]]
    for line in wrong[:100]:
        date, year = rows.loc[line, "date"], rows.loc[line, "year"]
        yield raw.problem(int(line), "SQLDATE", f"expected a date of {year}, the row's year, got {date}")


def _version(raw: RawTable) -> str:
    if len(raw.names) == len(EVERY_15_MINUTES):
        return "2.0"
    return "1.0" if len(raw.names) in (len(HISTORICAL), len(DAILY)) else ""


def _country(name: str, heading: str) -> Column:
    return Column(name, "text", headings=(heading,), missing=("",), pattern="[A-Z]{3}", looks="three capitals")


EVENTS = DataSet(
    name="gdelt",
    title="GDELT Event Database",
    versions=("1.0", "2.0"),
    citation="Leetaru, Schrodt (2013): GDELT: Global Data on Events, Location and Tone, 1979-2012, ISA Convention",
    terms="free for any use with citation (from memory)",
    gives="what a patron, a rival or an adversary is reported to do to a client, by the day; many events are false",
    files=("gdelt*.*", "[0-9]*.export.csv", "[12][0-9][0-9][0-9].csv", "[12][0-9][0-9][0-9][0-9][0-9].csv"),
    home="The GDELT Project",
    states="cameo",
    columns=(
        Column("id", headings=("GLOBALEVENTID",), low=1),
        Column("date", "date", headings=("SQLDATE", "Day"), low=1920, high=2035),
        Column("year", headings=("Year",), low=1920, high=2035),
        Column("actor1_code", "text", headings=("Actor1Code",), missing=("",), required=False),
        Column("actor1", "text", headings=("Actor1Name",), missing=("",)),
        _country("actor1_country", "Actor1CountryCode"),
        Column("actor1_type", "text", headings=("Actor1Type1Code",), missing=("",), required=False),
        Column("actor2_code", "text", headings=("Actor2Code",), missing=("",), required=False),
        Column("actor2", "text", headings=("Actor2Name",), missing=("",)),
        _country("actor2_country", "Actor2CountryCode"),
        Column("actor2_type", "text", headings=("Actor2Type1Code",), missing=("",), required=False),
        Column("is_root", headings=("IsRootEvent",), choices=("0", "1")),
        Column("event_code", "text", headings=("EventCode",), missing=_NO_CODE, pattern=r"\d{2,4}",
               looks="two to four digits"),
        Column("event_root", "text", headings=("EventRootCode",), missing=_NO_CODE, choices=_ROOTS),
        Column("quad", headings=("QuadClass",), choices=("1", "2", "3", "4")),
        Column("goldstein", "number", headings=("GoldsteinScale",), missing=NOTHING, low=-10, high=10),
        Column("mentions", headings=("NumMentions",), low=0),
        Column("sources", headings=("NumSources",), low=0),
        Column("articles", headings=("NumArticles",), low=0),
        Column("tone", "number", headings=("AvgTone",), missing=NOTHING, low=-100, high=100),
        Column("place", "text", headings=("ActionGeo_CountryCode",), missing=("",), required=False),
        Column("url", "text", headings=("SOURCEURL",), missing=("",), required=False),
    ),
    check=_check,
    version_of=_version,
    large=True,
    layouts=(HISTORICAL, DAILY, EVERY_15_MINUTES),
)  # fmt: skip

DATA_SETS = (EVENTS,)
