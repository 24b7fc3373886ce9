"""The commands that look at scenario files: `list`, `check` and `schema`."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from papertiger.cli.console import BadInput, document, printable, say, table, tell

if TYPE_CHECKING:
    from collections.abc import Sequence

    from scenarios import Scenario


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
    }


def _what(row: dict[str, Any]) -> str:
    """Return the title, and in brackets what sets the scenario apart: its mode, and whose twin it is."""
    marks = [] if row["mode"] == "replay" else [row["mode"]]
    if row["counterfactual_to"]:
        marks.append(f"twin of {row['counterfactual_to']}")
    return f"{row['title']} ({', '.join(marks)})" if marks else str(row["title"])


def list_scenarios(as_json: bool) -> None:
    """List the shipped scenarios."""
    import scenarios  # noqa: PLC0415 - slow to import

    try:
        found = [_summary(scenarios.load(name)) for name in scenarios.names()]
    except scenarios.ScenarioError as error:
        raise BadInput(str(error)) from None
    if as_json:
        document(found)
        return
    # The name, the years and room to wrap the rest fit a terminal of 80 columns.
    columns = [("name", "left"), ("years", "left"), ("what", "wide")]
    rows = [[row["name"], f"{row['start'][:4]}–{row['end'][:4]}", _what(row)] for row in found]
    table(None, columns, rows)


def list_experiments(as_json: bool) -> None:
    """List the shipped experiments."""
    from experiments.loader import load_experiment  # noqa: PLC0415 - slow to import
    from experiments.sources import experiment_names  # noqa: PLC0415
    from scenarios import ScenarioError  # noqa: PLC0415

    try:
        found = [load_experiment(name) for name in experiment_names()]
    except ScenarioError as error:
        raise BadInput(str(error)) from None
    rows = [
        {
            "name": one.name,
            "title": one.title,
            "question": one.question,
            "claims": list(one.claims),
            "scenarios": list(one.labels),
            "replicates": one.replicates,
            "design": None if one.design is None else one.design.kind,
        }
        for one in found
    ]
    if as_json:
        document(rows)
        return
    cells = [[str(row["name"]), str(row["question"]), str(row["design"] or "")] for row in rows]
    table(None, [("name", "left"), ("question", "wide"), ("design", "left")], cells)


EXPERIMENT_KEYS = re.compile(rb"^(measures|replicates|scenarios)[ \t]*:", re.MULTILINE)
"""Keys that experiment files have and scenario files have not."""


def _is_experiment(file: str) -> bool:
    """Tell whether a name or a path is that of an experiment."""
    import scenarios  # noqa: PLC0415 - slow to import
    from experiments.sources import experiment_names, find_experiment  # noqa: PLC0415

    if file in scenarios.names(include_abstract=True):
        return False
    if file in experiment_names():
        return True
    try:
        return EXPERIMENT_KEYS.search(find_experiment(file).read(2_000_000)) is not None
    except scenarios.ScenarioError:
        return False


def _check_experiment(file: str) -> bool:
    """Check an experiment; tells whether it is right."""
    from experiments.errors import ExperimentError  # noqa: PLC0415 - slow to import
    from experiments.loader import load_study  # noqa: PLC0415
    from experiments.runner import runs_of  # noqa: PLC0415

    try:
        study = load_study(file)
    except ExperimentError as error:
        tell(str(error))
        return False
    what = f"{len(study.worlds)} scenarios, {len(study.factors)} factors, {runs_of(study):,} runs"
    say(printable(f"OK {file}: {what}"))
    return True


def check(files: Sequence[str]) -> None:
    """Check files one after the other, and report every mistake of all of them."""
    import scenarios  # noqa: PLC0415 - slow to import
    from experiments.sources import experiment_names  # noqa: PLC0415

    failed = 0
    for file in files:
        if _is_experiment(file):
            failed += not _check_experiment(file)
            continue
        if file in experiment_names():  # a scenario and an experiment may share a name
            failed += not _check_experiment(file)
        try:
            scenario = scenarios.load(file)
        except scenarios.ScenarioError as error:
            # A file that is only there to be extended is right as it is.
            if [problem.key for problem in error.problems] == ["abstract"]:
                say(printable(f"OK {file}: abstract, only to be extended"))
                continue
            failed += 1
            tell(str(error))
            continue
        parts = f"{len(scenario.clients)} clients, {len(scenario.events)} events"
        say(printable(f"OK {file}: {parts}, {scenario.span.start} to {scenario.span.end}"))
    if failed:
        raise BadInput(f"{failed} of {len(files)} {'file' if len(files) == 1 else 'files'} not valid")


def schema(what: str) -> None:
    """Print the JSON Schema of a kind of file."""
    if what == "experiment":
        from experiments.json_form import json_schema  # noqa: PLC0415 - slow to import

        document(json_schema())
        return
    if what != "scenario":
        raise BadInput(f"schema {what}: expected 'scenario' or 'experiment'")
    import scenarios  # noqa: PLC0415 - slow to import

    document(scenarios.json_schema())
