"""Declare POLECAT, political events in the PLOVER scheme, coded by machine from news in seven languages."""

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
    "AGREE", "CONSULT", "SUPPORT", "CONCEDE", "COOPERATE", "AID", "RETREAT", "REQUEST", "ACCUSE", "REJECT",
    "THREATEN", "PROTEST", "SANCTION", "MOBILIZE", "COERCE", "ASSAULT",
)  # fmt: skip
"""The sixteen event types of PLOVER, from the friendliest words to the worst deeds."""

_NONE = ("", "None", "NA")


def _check(raw: RawTable, rows: pd.DataFrame) -> Iterator[Problem]:
    yield from doubled(raw, rows, ["id"])


def _version(raw: RawTable) -> str:
    """Return the release that the coder writes beside every event, where the file has one alone."""
    names = {str(name).casefold(): str(name) for name in raw.cells.columns}
    said = set(raw.cells[names["version"]]) if "version" in names else set()
    return said.pop() if len(said) == 1 else ""


EVENTS = DataSet(
    name="polecat",
    title="POLECAT (Political Event Classification, Attributes, and Types)",
    versions=("NGEC releases of 2018 to 2024",),
    citation="Halterman, Bagozzi, Beger, Schrodt, Scarborough (2023): PLOVER and POLECAT, ISA Annual Meeting",
    terms="CC0 at Harvard Dataverse (from memory)",
    gives="what a patron, a rival or an adversary is reported to do to a client, by the day, with contexts",
    files=("ngecEvents*.*", "polecat*.*"),
    home="POLECAT Weekly Data (Harvard Dataverse)",
    states="iso3",
    columns=(
        Column("id", "text", headings=("Event ID",)),
        Column("date", "date", headings=("Event Date",), low=2005, high=2035),
        Column("event_type", "text", headings=("Event Type",), choices=EVENT_TYPES),
        Column("mode", "text", headings=("Event Mode",), missing=_NONE),
        Column("intensity", "number", headings=("Intensity",), missing=NOTHING, low=-10, high=10),
        Column("quad", "text", headings=("Quad Code",), missing=_NONE, required=False),
        Column("contexts", "text", headings=("Contexts",), missing=_NONE),
        Column("actor", "text", headings=("Actor Name",), missing=_NONE),
        Column("actor_country", "text", headings=("Actor Country",), missing=_NONE,
               pattern=r"[A-Z]{3}(; ?[A-Z]{3})*", looks="three capitals"),
        Column("actor_sector", "text", headings=("Primary Actor Sector",), missing=_NONE),
        Column("recipient", "text", headings=("Recipient Name",), missing=_NONE),
        Column("recipient_country", "text", headings=("Recipient Country",), missing=_NONE,
               pattern=r"[A-Z]{3}(; ?[A-Z]{3})*", looks="three capitals"),
        Column("recipient_sector", "text", headings=("Primary Recipient Sector",), missing=_NONE),
        Column("country", "text", headings=("Country",), missing=_NONE, required=False),
        Column("latitude", "number", headings=("Latitude",), missing=(*NOTHING, "None"), low=-90, high=90,
               required=False),
        Column("longitude", "number", headings=("Longitude",), missing=(*NOTHING, "None"), low=-180, high=180,
               required=False),
        Column("source", "text", headings=("Source",), missing=_NONE, required=False),
        Column("version", "text", headings=("Version",), missing=_NONE, required=False),
    ),
    check=_check,
    version_of=_version,
    large=True,
)  # fmt: skip

DATA_SETS = (EVENTS,)
