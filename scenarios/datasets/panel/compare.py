"""List row by row where two panels differ, and why as far as it is known."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from papertiger.scenarios.datasets.data_set import Table
from papertiger.scenarios.datasets.panel import tables as own
from papertiger.scenarios.datasets.panel.build import Panel
from papertiger.scenarios.datasets.panel.clients import arms_spells, spells_of
from papertiger.scenarios.datasets.panel.pledges import DYAD, DYAD_YEAR
from papertiger.scenarios.datasets.panel.postures import RULES

if TYPE_CHECKING:
    import pandas as pd

COLUMNS = ("table", "patron", "client", "year", "column", "here", "there", "reason")
"""Columns of the list of differences."""

_FLAGS = (
    "defense", "offense", "neutral", "nonagg", "consul", "pledge", "bilateral", "arms_client", "rival_pledge",
    "rival_new",
)  # fmt: skip
_DYAD_FIELDS = (
    "region", "defence_spells", "consult_spells", "nonaggression_spells", "arms_client_spells", "bilateral_years",
    "pledge_years", "arms_client_years", "first_year", "last_year",
)  # fmt: skip
_ENDING_FIELDS = ("client_left_system", "atopids", "term", "termmode", "termcaus", "how")
_POSTURE_FIELDS = ("ua3", *(f"posture{rule}" for rule in RULES))

_BILATERAL = (
    "a phase of a treaty that binds two alone counts as bilateral only for members that were in that phase; there "
    "it counted for all that had been in the treaty in that year"
)
_REASONS = {
    "bilateral": _BILATERAL,
    "bilateral_years": _BILATERAL,
    "ua3": "a mean over three calendar years; there it was one over three rows, which differs after a gap",
}
_RUNS_ON = "the run of windows goes on after the last year of the table, which the shares given here do not reach"
_BROKEN = "the run goes on in years in which the state is no member, of which the table has no row"

TOLERANCE = 1e-6
"""Numbers that are closer than this are the same."""


def differences(panel: Panel, against: Mapping[str, Table]) -> pd.DataFrame:
    """Return every cell in which a panel differs from tables of the same format.

    Parameters
    ----------
    panel
        As it was built.
    against
        The panel's tables by name, such as ``panel_dyads``; those that are not there are not compared.

    Returns
    -------
    pd.DataFrame
        A row for each difference: table, dyad, year (of endings the last one), column, both values, and the reason
        where it is known.
    """
    import pandas as pd

    pairs = (
        (own.DYADS.name, panel.dyads, DYAD, _DYAD_FIELDS),
        (own.DYAD_YEARS.name, panel.rows, DYAD_YEAR, _FLAGS),
        (own.POSTURES.name, panel.rows, DYAD_YEAR, _POSTURE_FIELDS),
        (own.ENDINGS.name, panel.endings, [*DYAD, "kind", "start", "end"], _ENDING_FIELDS),
    )
    parts = [
        _table(name, here, against[name].rows, keys, fields) for name, here, keys, fields in pairs if name in against
    ]
    parts.append(_runs_of_arms(panel, against))
    return pd.concat(parts, ignore_index=True)[list(COLUMNS)]


def _table(
    name: str, here: pd.DataFrame, there: pd.DataFrame, keys: list[str], fields: tuple[str, ...]
) -> pd.DataFrame:
    import pandas as pd

    both = here.merge(there, how="outer", on=keys, suffixes=("", "_there"), indicator=True)
    year = both["year"] if "year" in keys else both["end"] if "end" in keys else float("nan")
    frame = both[DYAD].assign(table=name, year=year)
    alone = both["_merge"] != "both"
    side = both.loc[alone, "_merge"].astype(str)
    here_only, there_only = side.map({"left_only": "a row"}), side.map({"right_only": "a row"})
    rows = frame[alone].assign(
        column="", here=here_only.fillna("no row"), there=there_only.fillna("no row"), reason=""
    )
    parts = [rows]
    for field in fields:
        if f"{field}_there" not in both:
            continue
        mine, theirs = both[field], both[f"{field}_there"]
        odd = ~alone & ~_same(mine, theirs)
        parts.append(
            frame[odd].assign(column=field, here=mine[odd], there=theirs[odd], reason=_REASONS.get(field, ""))
        )
    return pd.concat([part.astype({"year": object}) for part in parts], ignore_index=True)


def _same(mine: pd.Series[Any], theirs: pd.Series[Any]) -> pd.Series[bool]:
    import pandas as pd

    if pd.api.types.is_numeric_dtype(mine) and pd.api.types.is_numeric_dtype(theirs):
        return ((mine - theirs).abs() <= TOLERANCE) | (mine.isna() & theirs.isna())
    return mine.fillna("").astype(str) == theirs.fillna("").astype(str)


def _runs_of_arms(panel: Panel, against: Mapping[str, Table]) -> pd.DataFrame:
    """Return the dyads whose arms clientage cannot be made again from the shares that a table of dyad-years has."""
    import pandas as pd

    rows: list[dict[str, object]] = []
    if own.DYAD_YEARS.name in against:
        table = against[own.DYAD_YEARS.name].rows
        by_rule, told = arms_spells(table, panel.rules), spells_of(table, "arms_client")
        for dyad in sorted(by_rule.keys() | told.keys()):
            mine, theirs = by_rule.get(dyad, []), told.get(dyad, [])
            for run in sorted(set(mine) ^ set(theirs)):
                known = run in theirs and run[1] >= panel.rules.years.last
                rows.append(
                    {
                        "table": "arms clients by the rule, from the shares there",
                        "patron": dyad[0],
                        "client": dyad[1],
                        "year": run[0],
                        "column": "arms_client_spells",
                        "here": f"{run[0]}-{run[1]}" if run in mine else "",
                        "there": f"{run[0]}-{run[1]}" if run in theirs else "",
                        "reason": _RUNS_ON if known else _BROKEN,
                    }
                )
    return pd.DataFrame(rows, columns=list(COLUMNS))
