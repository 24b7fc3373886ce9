"""Run the command `list`: list the shipped scenarios and experiments."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from papertiger.cli.console import BadInput, document, printable, say, table
from papertiger.cli.options import AsJson, Imports
from papertiger.cli.progress import progress
from papertiger.scenarios.reading import cache

if TYPE_CHECKING:
    from collections.abc import Callable

    from papertiger.scenarios import Scenario

READ = (".yaml", ".yml", ".csv", ".py")
"""Endings of the files that a list depends on."""


def _summary(scenario: Scenario) -> dict[str, Any]:
    return {
        "name": scenario.name,
        "title": scenario.title,
        "start": scenario.span.start,
        "end": scenario.span.end,
        "mode": scenario.mode,
        "counterfactual_to": scenario.counterfactual_to,
        "claims": list(scenario.claims),
        "clients": len(scenario.clients),
        "events": len(scenario.events),
        "game": scenario.game is not None,
    }


def _what(row: dict[str, Any]) -> str:
    """Return the title, and in brackets its mode, whose twin it is, and whether a class can play it."""
    marks = [] if row["mode"] == "replay" else [row["mode"]]
    if row["counterfactual_to"]:
        marks.append(f"twin of {row['counterfactual_to']}")
    if row["game"]:
        marks.append("can be played")
    return f"{row['title']} ({', '.join(marks)})" if marks else str(row["title"])


def list_command(
    as_json: AsJson = False,
    experiments: Annotated[
        bool, typer.Option("--experiments", help="List the shipped experiments, with what each asks.")
    ] = False,
    rules: Annotated[
        bool, typer.Option("--rules", help="List the rules that may be replaced, and the theories that are known.")
    ] = False,
    _imports: Imports = None,
) -> None:
    """List the shipped scenarios: name, title, span, mode, and whose twin each is."""
    if rules:
        _list_rules(as_json)
    elif experiments:
        _list_experiments(as_json)
    else:
        _list_scenarios(as_json)


def _list_rules(as_json: bool) -> None:
    """List the rules of the month, what each returns, and the theories that replace some of them."""
    import inspect
    from dataclasses import fields

    from papertiger.model.plugins import PluginError
    from papertiger.model.rules.ranges import RANGES
    from papertiger.model.rules.rules import Rules
    from papertiger.model.theories import theories

    shipped = Rules()
    rows = []
    for one in fields(Rules):
        rule = getattr(shipped, one.name)
        first = (inspect.getdoc(rule) or "").split("\n\n")[0].replace("\n", " ")
        takes = list(inspect.signature(rule).parameters)
        rows.append({"rule": one.name, "takes": takes, "returns": str(RANGES[one.name]), "what": first})
    try:
        known = [
            {
                "theory": one.name,
                "title": one.title,
                "rules": list(one.changed),
                "own_parameters": list(one.own_parameters),
                "sha256": one.sha256,
            }
            for one in theories().values()
        ]
    except PluginError as error:
        raise BadInput(str(error)) from None
    if as_json:
        document({"rules": rows, "theories": known})
        return
    cells = [[str(row["rule"]), ", ".join(row["takes"]), str(row["returns"]), str(row["what"])] for row in rows]
    table(None, [("rule", "left"), ("takes", "wide"), ("returns", "wide"), ("what", "wide")], cells)
    for theory in theories().values():
        say(printable(str(theory)))
    if not known:
        say("No theory of your own is known here; begin one with: papertiger new rule NAME")


def _list_scenarios(as_json: bool) -> None:
    """List the shipped scenarios."""
    rows = _kept("scenarios", ("scenarios",), _scenarios)
    if as_json:
        document(rows)
        return
    # The name, the years and room to wrap the rest fit a terminal of 80 columns.
    columns = [("name", "left"), ("years", "left"), ("what", "wide")]
    table(None, columns, [[row["name"], f"{row['start'][:4]}–{row['end'][:4]}", _what(row)] for row in rows])


def _list_experiments(as_json: bool) -> None:
    """List the shipped experiments."""
    rows = _kept("experiments", ("scenarios", "experiments"), _experiments)
    if as_json:
        document(rows)
        return
    cells = [[str(row["name"]), str(row["question"]), str(row["design"] or "")] for row in rows]
    table(None, [("name", "left"), ("question", "wide"), ("design", "left")], cells)


def _scenarios() -> list[dict[str, Any]]:
    from papertiger import scenarios

    try:
        return [_summary(scenarios.load(name)) for name in scenarios.names()]
    except scenarios.ScenarioError as error:
        raise BadInput(str(error)) from None


def _experiments() -> list[dict[str, Any]]:
    from papertiger.experiments.design.loader import load_experiment
    from papertiger.experiments.design.sources import experiment_names
    from papertiger.scenarios import ScenarioError

    try:
        experiments = [load_experiment(name) for name in experiment_names()]
    except ScenarioError as error:
        raise BadInput(str(error)) from None
    return [
        {
            "name": one.name,
            "title": one.title,
            "question": one.question,
            "claims": list(one.claims),
            "scenarios": list(one.labels),
            "replicates": one.replicates,
            "design": None if one.design is None else one.design.kind,
        }
        for one in experiments
    ]


def _kept(what: str, packages: tuple[str, ...], read: Callable[[], list[dict[str, Any]]]) -> list[dict[str, Any]]:
    """Return rows about the files of some packages, worked out anew only if one of the packages' files has changed.

    Reading and checking every file takes seconds, and what a list says of them hardly ever changes.
    """
    files = [Path(__file__)]
    for package in packages:
        folder = Path(next(iter(import_module(f"papertiger.{package}").__path__)))
        files += [file for file in folder.rglob("*") if file.suffix in READ]
    try:
        key = cache.key_of(f"list {what}", cache.contents(files))
    except OSError:
        return read()
    remembered: list[dict[str, Any]] | None = cache.recall(key)
    if isinstance(remembered, list):
        return remembered
    with progress(f"reading the {what}"):
        rows = read()
    cache.remember(key, rows)
    return rows
