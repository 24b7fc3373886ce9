"""Declare the Global Sanctions Data Base, cases and dyad-years (Felbermayr et al. 2020; Syropoulos et al. 2023)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from papertiger.scenarios.datasets.columns import NOTHING, Column
from papertiger.scenarios.datasets.data_set import DataSet, doubled
from papertiger.scenarios.datasets.raw_table import RawTable
from papertiger.scenarios.errors import Problem

if TYPE_CHECKING:
    import pandas as pd

ONGOING = "ongoing"
OUTCOMES = ("success_total", "success_part", "nego_settlement", "failed", ONGOING)
"""How a sanction ended with regard to each of its objectives."""

OBJECTIVES = (
    "policy_change", "destab_regime", "territorial_conflict", "prevent_war", "terrorism", "end_war", "human_rights",
    "democracy", "other",
)  # fmt: skip
TRADE = ("exp_part", "exp_compl", "imp_part", "imp_compl")
"""Which trade is stopped, and whether in part or wholly."""

KINDS = ("trade", "arms", "military", "financial", "travel", "other")

LAST_YEARS = {2016: "V1", 2019: "V2", 2022: "V3", 2023: "V4"}
"""Last year of each version: sanctions that go on end in it. The files say their version nowhere else."""

_TAILS = frozenset(
    {"Arab Rep.", "Democratic Republic of the", "Islamic Rep.", "North", "Rep.", "Republic of the", "South", "The"}
)
"""What follows the comma within a state's own name; commas else stand between states."""

_CITATION = (
    "Felbermayr, Kirilakha, Syropoulos, Yalcin, Yotov (2020): The Global Sanctions Data Base, European Economic "
    "Review 129; Syropoulos, Felbermayr, Kirilakha, Yalcin, Yotov (2023): The Global Sanctions Data Base: Release 3, "
    "Review of International Economics 31"
)
_TERMS = "given to researchers on request; ask before passing any of it on"
_HOME = "the project's page (Drexel University, LeBow College of Business)"


_NAMES, _AS_NAMES = r"[^;|\t]*[^\W\d][^;|\t]*", "names with commas between"


def split_names(text: str) -> tuple[str, ...]:
    """Return the states of a cell that may name several, of which some have a comma in their own name."""
    names: list[str] = []
    for part in (piece.strip() for piece in text.split(",")):
        if part in _TAILS and names:
            names[-1] += f", {part}"
        else:
            names.append(part)
    return tuple(names)


def _whole(raw: RawTable) -> bool:
    """Whether the last row ends in one of the known outcomes, as the third version's file does without a line end."""
    column = next((name for name in raw.cells.columns if str(name).casefold() == "success"), None)
    return column is not None and str(raw.cells[column].iloc[-1]).rpartition(",")[2].strip() in OUTCOMES


def _version(raw: RawTable) -> str:
    column = next(name for name in raw.cells.columns if str(name).casefold() in {"end", "year"})
    years = [int(float(text)) for text in raw.cells[column].unique() if text]
    return LAST_YEARS.get(max(years), "") if years else ""


def _check_cases(raw: RawTable, rows: pd.DataFrame) -> Iterator[Problem]:
    yield from doubled(raw, rows, ["case"])
    for line, begin, end in zip(rows.index, rows["begin"], rows["end"], strict=True):
        if end < begin:
            yield raw.problem(int(line), "end", f"the sanction ends in {end}, before it begins in {begin}")
    for name, heading in (("target", "sanctioned_state"), ("sender", "sanctioning_state")):
        for line, text in rows[name].items():
            if "" in split_names(text):
                yield raw.problem(int(str(line)), heading, f"a state without a name among {text}")


def _pairs(rows: pd.DataFrame) -> pd.DataFrame:
    """Return a row for each sender and target of a case."""
    apart = rows.assign(target=rows["target"].map(split_names), sender=rows["sender"].map(split_names))
    return apart.explode("target").explode("sender")


CASES = DataSet(
    name="gsdb",
    title="Global Sanctions Data Base, cases",
    versions=("V3", "V4"),
    citation=_CITATION,
    terms=_TERMS,
    gives="which sanctions a patron imposed on a client, with the years in which they began and ended",
    files=("gsdb_v[0-9].*",),
    home=_HOME,
    states="name",
    columns=(
        Column("case", headings=("case_id",), low=1),
        Column("target", "text", headings=("sanctioned_state",), pattern=_NAMES, looks=_AS_NAMES),
        Column("sender", "text", headings=("sanctioning_state",), pattern=_NAMES, looks=_AS_NAMES),
        Column("begin", low=1900, high=2030),
        Column("end", low=1900, high=2030),
        *(Column(kind, "flag") for kind in KINDS),
        Column("trade_how", "texts", headings=("descr_trade",), missing=NOTHING, choices=TRADE, required=False),
        Column("several_targets", "flag", headings=("target_mult",), missing=NOTHING, required=False),
        Column("several_senders", "flag", headings=("sender_mult",), missing=NOTHING, required=False),
        Column("objectives", "texts", headings=("objective",), missing=NOTHING, choices=OBJECTIVES),
        Column("outcomes", "texts", headings=("success",), missing=NOTHING, choices=OUTCOMES),
    ),
    check=_check_cases,
    version_of=_version,
    transform=_pairs,
    whole=_whole,
)


def _check_dyad_years(raw: RawTable, rows: pd.DataFrame) -> Iterator[Problem]:
    yield from doubled(raw, rows[(rows["target"] != "") & (rows["sender"] != "")], ["target", "sender", "year"])


DYAD_YEARS = DataSet(
    name="gsdb_dyad_years",
    title="Global Sanctions Data Base, dyad-years",
    versions=("V3", "V4"),
    citation=_CITATION,
    terms=_TERMS,
    gives="which sanctions a patron had in force against a client in each year, those of organisations by member",
    files=("gsdb*dyad*.*",),
    home=_HOME,
    states="iso3",
    columns=(
        Column("target", "text", headings=("sanctioned_state_iso3",), missing=("",)),
        Column("sender", "text", headings=("sanctioning_state_iso3",), missing=("",)),
        Column("year", low=1900, high=2030),
        *(Column(kind, "flag") for kind in KINDS),
        Column("trade_how", "texts", headings=("descr_trade",), missing=NOTHING, choices=TRADE, required=False),
        Column("cases", "integers", headings=("case_id",), missing=NOTHING, low=1, required=False),
    ),
    check=_check_dyad_years,
    version_of=_version,
)

DATA_SETS = (CASES, DYAD_YEARS)
