"""Declare the UCDP/PRIO Armed Conflict Dataset (Gleditsch et al. 2002; Davies et al.)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from papertiger.scenarios.datasets.columns import NOTHING, Column
from papertiger.scenarios.datasets.data_set import DataSet, doubled
from papertiger.scenarios.datasets.raw_table import RawTable
from papertiger.scenarios.errors import Problem, ScenarioError

if TYPE_CHECKING:
    import pandas as pd

MINOR, WAR = 1, 2
"""Intensity of a conflict in a year: 25 battle deaths and more, 1,000 and more."""

EXTRASYSTEMIC, INTERSTATE, INTRASTATE, INTERNATIONALIZED = 1, 2, 3, 4
"""Kinds of conflict: with a people outside the state, between states, within one, within one with foreign troops."""

_SIDES = ("side_a", "side_a_second", "side_b", "side_b_second")
_BEFORE_2017 = re.compile(r"4-20\d\d[a-z]?|4\.\d+")


def _named(*headings: str) -> tuple[str, ...]:
    """Return headings as version 18 and later write them, and as earlier ones do without lines between."""
    return (*headings, *(heading.replace("_", "") for heading in headings if "_" in heading))


def _codes(name: str, heading: str, *, required: bool = True) -> Column:
    return Column(
        name, "integers", headings=_named(heading), missing=(*NOTHING, "-99"), low=2, high=990, required=required
    )


def _check(raw: RawTable, rows: pd.DataFrame) -> Iterator[Problem]:
    # The package peacesciencer gives a row to each state, and leaves out the version.
    keys = ["conflict", "year"] if (rows["version"] != "").any() else ["conflict", "year", *_SIDES]
    yield from doubled(raw, rows, keys)
    for line, start, end in zip(rows.index, rows["start"], rows["end"], strict=True):
        if end is not None and end < start:
            yield raw.problem(int(line), "ep_end_date", f"the episode ends on {end}, before the conflict's {start}")
    for line, year, start in zip(rows.index, rows["year"], rows["start"], strict=True):
        if start.year > year:
            yield raw.problem(int(line), "start_date", f"the conflict starts on {start}, after the year {year}")


def _version(raw: RawTable) -> str:
    column = next((name for name in raw.cells.columns if str(name).casefold() == "version"), None)
    version = "" if column is None or raw.cells.empty else str(raw.cells[column].iloc[0])
    if _BEFORE_2017.fullmatch(version):
        message = f"is version {version}, expected 17.1 or later: before, conflicts and actors had other codes"
        raise ScenarioError([raw.problem(raw.header or None, "version", message)])
    return version


CONFLICTS = DataSet(
    name="ucdp_acd",
    title="UCDP/PRIO Armed Conflict Dataset",
    versions=("17.1", "24.1", "25.1"),
    citation=(
        "Gleditsch, Wallensteen, Eriksson, Sollenberg, Strand (2002): Armed Conflict 1946-2001: A New Dataset, "
        "Journal of Peace Research 39; Davies, Pettersson, Öberg: Organized violence, Journal of Peace Research, by "
        "year"
    ),
    terms="CC BY 4.0 (from memory)",
    gives="the years in which a patron or a client is at war, on whose side, and whether abroad",
    files=("ucdpprioconflict*.*", "ucdp-prio-acd*.*", "ucdp_acd*.*"),
    home="Uppsala Conflict Data Program (ucdp.uu.se/downloads)",
    states="gw",
    columns=(
        Column("conflict", headings=_named("conflict_id"), low=1),
        Column("year", low=1946, high=2030),
        Column("location", "text", missing=("",), required=False),
        _codes("side_a", "gwno_a"),
        _codes("side_a_second", "gwno_a_2nd"),
        _codes("side_b", "gwno_b"),
        _codes("side_b_second", "gwno_b_2nd"),
        _codes("place", "gwno_loc", required=False),
        Column("about", headings=("incompatibility",), choices=("1", "2", "3")),
        Column("intensity", headings=_named("intensity_level"), choices=(str(MINOR), str(WAR))),
        Column("kind", headings=_named("type_of_conflict"), choices=("1", "2", "3", "4")),
        Column("start", "date", headings=_named("start_date"), low=1800, high=2030),
        Column("end", "date", headings=_named("ep_end_date"), missing=NOTHING, low=1946, high=2030, required=False),
        Column("version", "text", missing=("",), required=False, pattern=r"\d+([.-]\d+)*", looks="digits as in 24.1"),
    ),
    check=_check,
    version_of=_version,
)


def parties(rows: pd.DataFrame) -> pd.DataFrame:
    """Return a row for each state that fights in a conflict and year.

    Parameters
    ----------
    rows
        Of the data set.

    Returns
    -------
    DataFrame
        ``conflict``, ``year``, ``state``, ``side`` (`a` or `b`), ``second`` (whether it only supports with troops),
        ``intensity``, ``kind`` and ``abroad``; the index is the line of the file. The place of a war between states
        is in the data set all of these states, so such a war counts as abroad for each; within a state it is abroad
        for the others.
    """
    import pandas as pd

    pieces = []
    for column in _SIDES:
        each = rows[["conflict", "year", "intensity", "kind", "place"]].assign(state=rows[column])
        each = each[each["state"].map(len) > 0].explode("state")
        pieces.append(each.assign(side=column[5], second=column.endswith("second")))
    together = pd.concat(pieces).sort_index(kind="stable")
    abroad = [
        kind in {EXTRASYSTEMIC, INTERSTATE} or (state not in place if place else second)
        for kind, state, place, second in zip(
            together["kind"], together["state"], together["place"], together["second"], strict=True
        )
    ]
    together = together.assign(abroad=abroad, state=together["state"].astype("int64")).drop(columns="place")
    keys = ["conflict", "year", "state", "side", "second"]
    return together.drop_duplicates(keys)[[*keys, "intensity", "kind", "abroad"]]


DATA_SETS = (CONFLICTS,)
