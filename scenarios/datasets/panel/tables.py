"""Read tables in the panel's own format, such as those that were made once and are compared with."""

from __future__ import annotations

from papertiger.scenarios.datasets.columns import NOTHING, Column
from papertiger.scenarios.datasets.data_set import DataSet

_FLAG = ("0", "1")
_RUNGS = ("0", "1", "2", "3", "4")
_DYAD = (Column("patron", low=2, high=990), Column("client", low=2, high=990))
_DYAD_YEAR = (*_DYAD, Column("year", low=1816, high=2100))
_MADE = "made from the data sets that its description names"


def _flags(*names: str) -> tuple[Column, ...]:
    return tuple(Column(name, choices=_FLAG) for name in names)


def _number(name: str, low: float | None = None, high: float | None = None) -> Column:
    return Column(name, "number", missing=NOTHING, low=low, high=high, required=False)


DYADS = DataSet(
    name="panel_dyads",
    title="Panel: dyads",
    versions=(),
    citation=_MADE,
    terms="as those of its sources",
    gives="who was a client of whom, and when",
    files=("dyads.csv",),
    home="papertiger panel",
    states="cow",
    columns=(
        *_DYAD,
        Column("client_name", "text", missing=("",), required=False),
        Column("region", "text", missing=("",), required=False),
        *(
            Column(name, "text", missing=("",), required=False)
            for name in ("defence_spells", "consult_spells", "nonaggression_spells", "arms_client_spells")
        ),
        *(Column(name, low=0, high=300) for name in ("bilateral_years", "pledge_years", "arms_client_years")),
        Column("first_year", low=1816, high=2100),
        Column("last_year", low=1816, high=2100),
    ),
)

DYAD_YEARS = DataSet(
    name="panel_dyad_years",
    title="Panel: dyad-years",
    versions=(),
    citation=_MADE,
    terms="as those of its sources: shares of arms are SIPRI's, votes those of the United Nations",
    gives="votes and shares of arms where the data sets themselves are not at hand",
    files=("dyad_years.csv",),
    home="papertiger panel",
    states="cow",
    columns=(
        *_DYAD_YEAR,
        Column("client_name", "text", missing=("",), required=False),
        *_flags("defense", "offense", "neutral", "nonagg", "consul", "pledge", "bilateral", "arms_client"),
        _number("un_agree_rel", -1, 1),
        _number("arms_share5", 0, 1),
        Column("other_patrons", "text", missing=("",), required=False),
        *_flags("rival_pledge", "rival_new"),
        _number("us_troops", 0),
        _number("joint_igos", 0),
        _number("rivalries", 0),
        _number("terr_threat"),
        _number("patron_war_abroad", 0, 2),
    ),
)

POSTURES = DataSet(
    name="panel_postures",
    title="Panel: postures",
    versions=(),
    citation=_MADE,
    terms="as those of its sources",
    gives="shares of other blocs in a client's arms, and postures to compare with",
    files=("postures.csv",),
    home="papertiger panel",
    states="cow",
    columns=(
        *_DYAD_YEAR,
        _number("ua3", -1, 1),
        _number("rival_arms", 0, 1),
        *(
            Column(f"posture{rule}", missing=NOTHING, choices=_RUNGS, required=False)
            for rule in ("A", "As", "B", "Bs", "C", "Cs")
        ),
    ),
)

ENDINGS = DataSet(
    name="panel_endings",
    title="Panel: endings",
    versions=(),
    citation=_MADE,
    terms="with citation of ATOP",
    gives="how pledges ended, to compare with",
    files=("endings.csv",),
    home="papertiger panel",
    states="cow",
    columns=(
        *_DYAD,
        Column("kind", "text", choices=("defense", "pledge")),
        Column("start", low=1816, high=2100),
        Column("end", low=1816, high=2100),
        Column("client_left_system", choices=_FLAG),
        *(Column(name, "text", missing=("",)) for name in ("atopids", "term", "termmode", "termcaus")),
        Column("how", "text"),
    ),
)

DATA_SETS = (DYADS, DYAD_YEARS, POSTURES, ENDINGS)
"""The panel's tables, in the order in which they are written."""
