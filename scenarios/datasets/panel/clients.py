"""Say who is a client of whom, and which years of a dyad belong to the panel."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from papertiger.scenarios.datasets.panel.pledges import DYAD_YEAR, spells
from papertiger.scenarios.datasets.panel.rules import PanelRules

if TYPE_CHECKING:
    import pandas as pd

Spells = dict[tuple[int, int], list[tuple[int, int]]]
"""Spells by patron and client."""


def membership(states: pd.DataFrame, rules: PanelRules) -> dict[int, set[int]]:
    """Return the years in which each state was a member of the system.

    A state that is there on the last day of the list is taken to be there until the panel's last year.
    """
    last_day = max(states["end"])
    years: dict[int, set[int]] = {}
    for state, start, end in zip(states["state"], states["start"], states["end"], strict=True):
        last = max(end.year, rules.years.last) if end == last_day else end.year
        years.setdefault(int(state), set()).update(range(start.year, last + 1))
    return years


def by_dyad(rows: pd.DataFrame) -> Iterator[tuple[tuple[int, int], list[int]]]:
    """Yield each dyad with the years of its rows."""
    years: dict[tuple[int, int], list[int]] = {}
    for patron, client, year in zip(rows["patron"], rows["client"], rows["year"], strict=True):
        years.setdefault((int(patron), int(client)), []).append(int(year))
    yield from sorted(years.items())


def arms_spells(shares: pd.DataFrame, rules: PanelRules) -> Spells:
    """Return the spells in which a client lived on its patron's arms.

    Parameters
    ----------
    shares
        Columns ``patron``, ``client``, ``year`` and ``arms_share5``, the patron's share in the window that ends in
        the year; empty below the least volume.
    rules
        Say how much, and for how many windows in a row.
    """
    high = shares[shares["arms_share5"] >= rules.arms.share]
    runs_by_dyad: Spells = {}
    for (patron, client), years in by_dyad(high):
        long = [(first, last) for first, last in spells(years) if last - first + 1 >= rules.arms.windows]
        if long and client not in rules.blocs:
            runs_by_dyad[patron, client] = long
    return runs_by_dyad


def spells_of(rows: pd.DataFrame, flag: str) -> Spells:
    """Return the spells by dyad in which a flag is 1."""
    on = rows[rows[flag] == 1]
    return {(patron, client): spells(years) for (patron, client), years in by_dyad(on)}


def panel_rows(pledges: pd.DataFrame, arms: Spells, members: dict[int, set[int]], rules: PanelRules) -> pd.DataFrame:
    """Return the dyad-years of the panel with their obligations and whether the client lives on the patron's arms.

    Parameters
    ----------
    pledges
        Obligations year by year; see `papertiger.scenarios.datasets.panel.pledges.pledge_years`.
    arms
        Spells of arms clientage.
    members
        Years in which each state was one.
    rules
        Say how many years before and after belong to it.
    """
    import pandas as pd

    bound: Spells = {dyad: list(runs) for dyad, runs in arms.items()}
    for dyad, runs in spells_of(pledges, "pledge").items():
        bound.setdefault(dyad, []).extend(runs)
    rows: list[tuple[int, int, int, int]] = []
    for (patron, client), runs in sorted(bound.items()):
        first = max(min(start for start, _ in runs) - rules.clients.years_before, rules.years.first)
        last = min(max(end for _, end in runs) + rules.clients.years_after, rules.years.last)
        fed = {year for start, end in arms.get((patron, client), []) for year in range(start, end + 1)}
        there = members.get(client, set())
        rows += [(patron, client, year, int(year in fed)) for year in range(first, last + 1) if year in there]
    panel = pd.DataFrame(rows, columns=[*DYAD_YEAR, "arms_client"])
    full = panel.merge(pledges, how="left", on=DYAD_YEAR)
    flags = [name for name in pledges.columns if name not in (*DYAD_YEAR, "line")]
    full[flags] = full[flags].fillna(0).astype("int64")
    return full
