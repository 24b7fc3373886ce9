"""Build the panel from a folder of data sets."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from papertiger.scenarios.datasets.catalogue import CATALOGUE
from papertiger.scenarios.datasets.data_set import DataSet, Table, find_data_file, read_data_set
from papertiger.scenarios.datasets.panel import tables as own
from papertiger.scenarios.datasets.panel.clients import (
    Spells,
    arms_spells,
    by_dyad,
    membership,
    panel_rows,
    spells_of,
)
from papertiger.scenarios.datasets.panel.endings import endings
from papertiger.scenarios.datasets.panel.indicators import arms_shares, smoothed_agreement, transfers, with_rivals
from papertiger.scenarios.datasets.panel.pledges import DYAD_YEAR, pledge_years, spells, treaties
from papertiger.scenarios.datasets.panel.postures import code_postures
from papertiger.scenarios.datasets.panel.rules import PanelRules
from papertiger.scenarios.errors import Problem, ScenarioError

if TYPE_CHECKING:
    import pandas as pd

OBLIGATIONS, MEMBERS, STATES, ARMS = "atop_dyad_years", "atop_members", "cow_states", "sipri_pairs"
"""Names in the catalogue of the data sets that the panel is made of."""


@dataclass(frozen=True)
class Panel:
    """Dyads, dyad-years, postures and endings, with what could not be had.

    Attributes
    ----------
    rows
        A row for each dyad and year: obligations, indicators and postures.
    dyads
        A row for each patron and client.
    endings
        A row for each pledge that ended.
    pledges
        Obligations of patrons and clients year by year, whether the years belong to the panel or not.
    pairs
        Treaties of patrons and clients, without those that are no patronage.
    dropped
        Pledge rows whose only treaties are no patronage.
    shares
        Shares of arms by patron, state and year; empty where there are none.
    notes
        What is missing, in sentences.
    """

    rules: PanelRules
    rows: pd.DataFrame
    dyads: pd.DataFrame
    endings: pd.DataFrame
    pledges: pd.DataFrame
    pairs: pd.DataFrame
    dropped: pd.DataFrame
    shares: pd.DataFrame
    notes: tuple[str, ...] = field(default=())


def read_tables(folder: Path, wanted: Mapping[str, DataSet]) -> dict[str, Table]:
    """Return the data sets that a folder holds, by the names given; what is not there is left out.

    Raises
    ------
    ScenarioError
        With what is wrong with any of them.
    """
    tables: dict[str, Table] = {}
    problems: list[Problem] = []
    for name, data_set in wanted.items():
        try:
            path = find_data_file(data_set, folder)
            if path is not None:
                tables[name] = read_data_set(data_set, path)
        except ScenarioError as error:
            problems += error.problems
    if problems:
        raise ScenarioError(problems)
    return tables


def sources_of_panel() -> dict[str, DataSet]:
    """Return the data sets that the panel is made of, and its own tables of which it takes votes and arms."""
    names = (OBLIGATIONS, MEMBERS, STATES, ARMS)
    fields = {name: CATALOGUE[name] for name in names if name in CATALOGUE}
    return {**fields, **{data_set.name: data_set for data_set in (own.DYAD_YEARS, own.POSTURES)}}


def build_panel(tables: Mapping[str, Table], rules: PanelRules, label: str = "the folder") -> Panel:
    """Return the panel that data sets make by rules.

    Parameters
    ----------
    tables
        Data sets by name, as `read_tables` gives them. ATOP's dyad-years and the list of states are needed; without
        ATOP's members no treaty can be dropped, and without arms and votes nobody is a client by arms and rule A sees
        pledges alone.
    rules
        Who is a patron and a client, and how postures are coded.
    label
        What messages call where the data sets were sought.

    Raises
    ------
    ScenarioError
        When one that is needed is not there.
    """
    import pandas as pd

    notes: list[str] = []
    for name in (OBLIGATIONS, STATES):
        if name not in tables:
            data_set = CATALOGUE[name]
            message = f"the panel needs {data_set.title} ({' or '.join(data_set.files)})"
            raise ScenarioError([Problem(label, message=message)])
    if MEMBERS in tables:
        pairs = treaties(tables[MEMBERS].rows, rules)
    else:
        pairs = pd.DataFrame(columns=["patron", "client", "alliance", "first", "last", "ends", "bilateral", *_KINDS])
        notes.append("without ATOP's member level no treaty is dropped, and no ending is read")
    pledges, dropped = pledge_years(tables[OBLIGATIONS].rows, pairs, rules)
    members = membership(tables[STATES].rows, rules)
    shares, arms, said = _arms(tables, rules)
    notes += said
    rows = panel_rows(pledges, arms, members, rules)
    rows = with_rivals(rows, pledges, rules).merge(shares, how="left", on=DYAD_YEAR)
    rows = rows.merge(_votes(tables, notes), how="left", on=DYAD_YEAR)
    rows = rows.sort_values(DYAD_YEAR).reset_index(drop=True)
    rows["ua3"] = smoothed_agreement(rows, rules)
    rows = rows.join(code_postures(rows, rules))
    patronage = pairs[~pairs["alliance"].isin(rules.pledges.dropped_numbers)]
    ends = endings(pledges if MEMBERS in tables else pledges.iloc[:0], pairs, members, rules)
    return Panel(
        rules, rows, _dyads(rows, arms, tables, rules), ends, pledges, patronage, dropped, shares, tuple(notes)
    )


_KINDS = ("defense", "offense", "neutral", "nonagg", "consul", "termination", "mode", "cause", "line_client")


def _arms(tables: Mapping[str, Table], rules: PanelRules) -> tuple[pd.DataFrame, Spells, list[str]]:
    """Return shares of arms, the spells of arms clientage, and what is to be said of them."""
    import pandas as pd

    extract = ""
    if own.DYAD_YEARS.name in tables:
        rows = tables[own.DYAD_YEARS.name].rows
        shares = rows[[*DYAD_YEAR, "arms_share5"]]
        if own.POSTURES.name in tables:
            rivals = tables[own.POSTURES.name].rows[[*DYAD_YEAR, "rival_arms"]]
            shares = shares.merge(rivals, how="left", on=DYAD_YEAR)
        else:
            shares = shares.assign(rival_arms=float("nan"))
        said = "shares of arms, arms clients and votes are taken from the panel's own tables"
        return shares.reset_index(drop=True), spells_of(rows, "arms_client"), [said]
    if ARMS in tables:
        deliveries = transfers(tables[ARMS].rows)
        if len(deliveries) >= rules.arms.least_rows_a_year * max(1, deliveries["year"].nunique()):
            shares = arms_shares(deliveries, rules)
            return shares, arms_spells(shares, rules), []
        extract = f"{tables[ARMS].path.name} is an extract of the world's transfers, so no share is made of it"
    empty = pd.DataFrame({name: pd.Series(dtype="float64") for name in (*DYAD_YEAR, "arms_share5", "rival_arms")})
    without = "without transfers of arms nobody is a client by arms, and no posture rests on them"
    return empty, {}, [f"{extract}: {without}" if extract else without]


def _votes(tables: Mapping[str, Table], notes: list[str]) -> pd.DataFrame:
    import pandas as pd

    if own.DYAD_YEARS.name in tables:
        return tables[own.DYAD_YEARS.name].rows[[*DYAD_YEAR, "un_agree_rel"]]
    notes.append("without votes of the United Nations no posture rests on them, and rule C says nothing")
    return pd.DataFrame({name: pd.Series(dtype="float64") for name in (*DYAD_YEAR, "un_agree_rel")})


def _dyads(rows: pd.DataFrame, arms: Spells, tables: Mapping[str, Table], rules: PanelRules) -> pd.DataFrame:
    """Return a row for each patron and client."""
    import pandas as pd

    states = tables[STATES].rows
    names = dict(zip(states["state"], states["label"], strict=True))
    table: list[dict[str, object]] = []
    for (patron, client), _ in by_dyad(rows):
        dyad = rows[(rows["patron"] == patron) & (rows["client"] == client)]
        table.append(
            {
                "patron": patron,
                "patron_name": rules.name_of(patron),
                "client": client,
                "client_name": names.get(client, str(client)),
                "region": rules.region_of(client),
                "defence_spells": _written(spells(dyad.loc[dyad["defense"] == 1, "year"])),
                "consult_spells": _written(spells(dyad.loc[dyad["consul"] == 1, "year"])),
                "nonaggression_spells": _written(spells(dyad.loc[dyad["nonagg"] == 1, "year"])),
                "arms_client_spells": _written(arms.get((patron, client), [])),
                "bilateral_years": int(dyad["bilateral"].sum()),
                "pledge_years": int(dyad["pledge"].sum()),
                "arms_client_years": int(dyad["arms_client"].sum()),
                "first_year": int(dyad["year"].min()),
                "last_year": int(dyad["year"].max()),
            }
        )
    return pd.DataFrame(table)


def _written(runs: list[tuple[int, int]]) -> str:
    return ";".join(f"{first}-{last}" for first, last in runs)
