"""Find which pledges bind a patron and a client in each year, without the treaties that are no patronage."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from papertiger.scenarios.datasets.panel.rules import PanelRules

if TYPE_CHECKING:
    import pandas as pd

KINDS = ("defense", "offense", "neutral", "nonagg", "consul")
"""The obligations of a treaty, by ATOP's names."""

DYAD = ["patron", "client"]
DYAD_YEAR = ["patron", "client", "year"]


def spells(years: Iterable[int]) -> list[tuple[int, int]]:
    """Return years as spells without a gap, each by its first and last year."""
    joined: list[tuple[int, int]] = []
    for year in sorted(set(years)):
        if joined and joined[-1][1] == year - 1:
            joined[-1] = (joined[-1][0], year)
        else:
            joined.append((year, year))
    return joined


def treaties(members: pd.DataFrame, rules: PanelRules) -> pd.DataFrame:
    """Return a row for each treaty and time in which a patron and a client were under it.

    Parameters
    ----------
    members
        ATOP's member level, as its reader gives it.
    rules
        Say who is a patron.

    Returns
    -------
    pd.DataFrame
        Columns ``patron``, ``client``, ``alliance``, ``first`` and ``last`` year together, the obligations of
        either, ``bilateral``, and ``termination``, ``mode`` and ``cause`` as for the client; ``ends`` is the year in
        which the first of the two left, 9999 where neither has.
    """
    spans = members.assign(
        first=[start.year for start in members["start"]],
        last=[9999 if end is None else end.year for end in members["end"]],
        line=members.index,
    )
    keep = ["alliance", "member", "first", "last", "line", "bilateral", *KINDS]
    patrons = spans[spans["member"].isin(list(rules.blocs))][keep]
    others = spans[~spans["member"].isin(list(rules.blocs))]
    others = others[[*keep, "termination", "mode", "cause"]]
    pairs = patrons.merge(others, on="alliance", suffixes=("", "_client"))
    pairs = pairs.rename(columns={"member": "patron", "member_client": "client"})
    for kind in KINDS:
        pairs[kind] = ((pairs[kind] == 1) | (pairs[f"{kind}_client"] == 1)).astype("int64")
    # A later phase may bind fewer members than the one in which they met.
    pairs["bilateral"] = pairs[["bilateral", "bilateral_client"]].min(axis=1)
    pairs["first"] = pairs[["first", "first_client"]].max(axis=1)
    pairs["ends"] = pairs[["last", "last_client"]].min(axis=1)
    pairs["last"] = pairs["ends"]
    fields = ["patron", "client", "alliance", "first", "last", "ends", *KINDS, "bilateral"]
    together = pairs[pairs["first"] <= pairs["last"]]
    return together[[*fields, "termination", "mode", "cause", "line_client"]].reset_index(drop=True)


def years_under(pairs: pd.DataFrame, rules: PanelRules) -> pd.DataFrame:
    """Return a row for each year of the panel in which a patron and a client were under a treaty."""
    import pandas as pd

    first, last = rules.years.first, rules.years.last
    rows = [
        (patron, client, year, alliance)
        for patron, client, alliance, start, end in zip(
            pairs["patron"], pairs["client"], pairs["alliance"], pairs["first"], pairs["last"], strict=True
        )
        for year in range(max(start, first), min(end, last) + 1)
    ]
    return pd.DataFrame(rows, columns=[*DYAD_YEAR, "alliance"]).drop_duplicates()


def _has_pledge(rows: pd.DataFrame, rules: PanelRules) -> pd.Series[bool]:
    return (rows[list(rules.pledges.kinds)] == 1).any(axis=1)


def obligations(dyad_years: pd.DataFrame, rules: PanelRules) -> pd.DataFrame:
    """Return what binds a patron and a client year by year, with the line that says it first.

    Parameters
    ----------
    dyad_years
        ATOP's dyad-years, as its reader gives them: a row for each direction.
    rules
        Say who is a patron, and which direction counts.
    """
    import pandas as pd

    renamed = {"state_a": "patron", "state_b": "client"}
    rows = dyad_years.rename(columns=renamed).assign(line=dyad_years.index)
    if rules.pledges.directions == "both":
        turned = dyad_years.rename(columns={"state_b": "patron", "state_a": "client"}).assign(line=dyad_years.index)
        rows = pd.concat([rows, turned])
    codes = list(rules.blocs)
    rows = rows[rows["patron"].isin(codes) & ~rows["client"].isin(codes)]
    rows = rows[rows["year"].between(rules.years.first, rules.years.last)]
    rows[list(KINDS)] = rows[list(KINDS)].fillna(0).astype("int64")
    grouped = rows.groupby(DYAD_YEAR)
    return grouped[list(KINDS)].max().join(grouped["line"].min()).reset_index()


def pledge_years(
    dyad_years: pd.DataFrame, pairs: pd.DataFrame, rules: PanelRules
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the obligations of patronage year by year, and those that were dropped.

    Parameters
    ----------
    dyad_years
        ATOP's dyad-years, as their reader gives them.
    pairs
        Treaties of patrons and clients; see `treaties`. Without any nothing can be dropped.
    rules
        Say which treaties are no patronage.

    Returns
    -------
    tuple
        Rows that are kept, with ``pledge`` and ``bilateral``, and pledge rows all of whose known pledges stand in
        treaties that are dropped.
    """
    rows = obligations(dyad_years, rules)
    rows["pledge"] = _has_pledge(rows, rules).astype("int64")
    pledging = pairs[_has_pledge(pairs, rules)]
    known = years_under(pledging, rules)
    known["dropped"] = known["alliance"].isin(rules.pledges.dropped_numbers)
    only_dropped = known.groupby(DYAD_YEAR)["dropped"].all().rename("only_dropped").reset_index()
    rows = rows.merge(only_dropped, how="left", on=DYAD_YEAR)
    gone = (rows["pledge"] == 1) & rows["only_dropped"].eq(True)
    bilateral = years_under(pledging[pledging["bilateral"] == 1], rules)[DYAD_YEAR].drop_duplicates()
    rows = rows.merge(bilateral.assign(bilateral=1), how="left", on=DYAD_YEAR).drop(columns="only_dropped")
    rows["bilateral"] = rows["bilateral"].fillna(0).astype("int64")
    return rows[~gone].reset_index(drop=True), rows[gone].reset_index(drop=True)
