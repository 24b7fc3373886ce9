"""Gather what a case is made of: the data sets that a folder holds, the panel of them, and what is missing."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from papertiger.scenarios.datasets.case.patron import State, find_state, folded, states_of, with_patron
from papertiger.scenarios.datasets.case.rules import Judgements
from papertiger.scenarios.datasets.catalogue import CATALOGUE
from papertiger.scenarios.datasets.data_set import Table
from papertiger.scenarios.datasets.panel import tables as own
from papertiger.scenarios.datasets.panel.build import STATES, Panel, build_panel, read_tables, sources_of_panel
from papertiger.scenarios.datasets.panel.rules import PanelRules
from papertiger.scenarios.errors import Problem, ScenarioError

if TYPE_CHECKING:
    import pandas as pd

WANTED = {
    "cow_nmc": "how clients, rivals and the patron compare in capabilities, and what a client is worth",
    "cow_contiguity": "who borders on whom",
    "gml_participants": "attacks on clients, the patron's part in disputes, and its coercion",
    "gml_disputes": "deaths in disputes, by which attacks are graded",
    "icb_actors": "what the patron did in a client's crisis, and how that was seen",
    "archigos": "irregular changes of rulers",
    "gsdb": "sanctions by the patron",
}
"""What each data set beside those of the panel gives to a case."""

INSTEAD = {"gml_participants": "mid_participants", "gml_disputes": "mid_disputes"}
"""Data sets that may stand in for another one."""


@dataclass(frozen=True)
class Material:
    """All that a case is made of.

    Attributes
    ----------
    patron
        The state; `name` is what the scenario calls it.
    first, last
        Years of the span, both included.
    rule
        By which rule of the panel postures are coded, such as ``As``.
    tables
        Data sets by name.
    missing
        What no data set gives, in sentences; events and figures add to it.
    """

    patron: State
    name: str
    first: int
    last: int
    rule: str
    tables: dict[str, Table]
    panel: Panel
    judgements: Judgements
    states: dict[int, State]
    missing: list[str] = field(default_factory=list)

    @property
    def rules(self) -> PanelRules:
        """Return the rules of the panel."""
        return self.panel.rules

    def table(self, name: str) -> Table | None:
        """Return a data set, or the one that stands in for it, or None."""
        return self.tables.get(name) or self.tables.get(INSTEAD.get(name, ""))

    def called(self, code: int) -> str:
        """Return what a state is called: a patron as the rules call it."""
        if code in self.rules.blocs:
            return self.rules.name_of(code)
        return self.states[code].name if code in self.states else f"state {code}"

    def enemy(self, code: int) -> str:
        """Return what a state is called as an adversary: clients and rivals have its plain name."""
        return f"forces of {self.called(code)}"

    @cached_property
    def by_name(self) -> dict[str, int]:
        """Return codes by folded name, with the names that other data sets use."""
        known = {folded(state.name): state.code for state in self.states.values()}
        aliases = {folded(alias): known[folded(name)] for alias, name in self.judgements.names.items()
                   if folded(name) in known}  # fmt: skip
        return known | aliases

    @cached_property
    def rivals(self) -> dict[str, int]:
        """Return the patrons of other blocs, by name."""
        blocs = self.rules.blocs
        return {
            name: patron.state
            for name, patron in self.rules.patrons.items()
            if patron.bloc != blocs[self.patron.code]
        }

    @cached_property
    def cinc(self) -> dict[tuple[int, int], tuple[float, int]]:
        """Return each state's share of capabilities by year, with its line."""
        table = self.table("cow_nmc")
        if table is None:
            return {}
        rows = table.rows[table.rows["cinc"].notna()]
        return {
            (int(state), int(year)): (float(cinc), int(line))
            for state, year, cinc, line in zip(rows["state"], rows["year"], rows["cinc"], rows.index, strict=True)
        }


def gather(
    patron: str, first: int, last: int, folder: Path, rules: PanelRules, judgements: Judgements, rule: str = "As"
) -> Material:
    """Return what a case is made of.

    Parameters
    ----------
    patron
        Name, number or letters of the protector.
    first, last
        Years of the span, both included.
    folder
        Where the data sets lie.
    rules, judgements
        How the panel is coded, and how data become figures.
    rule
        By which rule postures are coded.

    Raises
    ------
    ScenarioError
        When the patron is nobody, the span lies outside the data, a file is wrong, or one that is needed is missing.
    """
    wanted = {**sources_of_panel(), **{name: CATALOGUE[name] for name in (*WANTED, *INSTEAD.values())
                                       if name in CATALOGUE}}  # fmt: skip
    if not folder.is_dir():
        raise ScenarioError([Problem(str(folder), message="is no folder")])
    if last < first:
        message = f"expected a last year of at least {first}, got {last}"
        raise ScenarioError([Problem("--to", message=message)])
    # Who is meant is known from the list of states alone; a name that nobody has shall not wait for all the rest.
    listed = read_tables(folder, {STATES: CATALOGUE[STATES]})
    if STATES not in listed:
        data_set = CATALOGUE[STATES]
        message = f"a case needs {data_set.title} ({' or '.join(data_set.files)})"
        raise ScenarioError([Problem(str(folder), message=message)])
    states = states_of(listed[STATES].rows)
    state = find_state(patron, states, rules, "--patron")
    rules, name = with_patron(rules, state)
    rest = read_tables(folder, {key: data_set for key, data_set in wanted.items() if key != STATES})
    tables = {key: {**rest, **listed}[key] for key in wanted if key in rest or key in listed}
    panel = build_panel(tables, rules, str(folder))
    _check_span(first, last, panel, state, name)
    material = Material(state, name, first, last, rule, tables, panel, judgements, states)
    material.missing.extend(panel.notes)
    for other, gives in WANTED.items():
        if material.table(other) is None:
            title = CATALOGUE[other].title if other in CATALOGUE else other
            material.missing.append(f"{title} is not in the folder: {gives}")
    return material


def _check_span(first: int, last: int, panel: Panel, state: State, name: str) -> None:
    """Refuse years of which there are no pledges, and a patron without clients in them."""
    data = panel.rows["year"]
    if data.empty or first < data.min() or last > data.max():
        covered = "no year" if data.empty else f"{int(data.min())} to {int(data.max())}"
        message = f"expected years within {covered}, as the data and the rules are, got {first} to {last}"
        raise ScenarioError([Problem("--from, --to", message=message)])
    own_rows = panel.rows[(panel.rows["patron"] == state.code) & panel.rows["year"].between(first, last)]
    if own_rows[(own_rows["pledge"] == 1) | (own_rows["arms_client"] == 1)].empty:
        message = f"{name} has no client by the panel's rules from {first} to {last}"
        raise ScenarioError([Problem("--patron", message=message)])


def panel_figure(material: Material, client: int, year: int, column: str) -> tuple[float, str] | None:
    """Return a figure of the panel's own table of dyad-years with where it stands, or None."""
    table = material.tables.get(own.DYAD_YEARS.name)
    if table is None:
        return None
    return _lookup(table, material.patron.code, client, year, column)


def _lookup(table: Table, patron: int, client: int, year: int, column: str) -> tuple[float, str] | None:
    rows = table.rows
    hit: pd.DataFrame = rows[(rows["patron"] == patron) & (rows["client"] == client) & (rows["year"] == year)]
    if hit.empty or hit[column].isna().iloc[0]:
        return None
    return float(hit[column].iloc[0]), f"{table.source(int(hit.index[0]))}, {column}"
