"""The commands that look at scenario files: `list`, `check` and `schema`."""

from __future__ import annotations

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
    columns = [("name", "left"), ("title", "wide"), ("span", "left"), ("mode", "left"), ("twin of", "left")]
    rows = [
        [
            row["name"],
            row["title"],
            f"{row['start']} to {row['end']}",
            row["mode"],
            row["counterfactual_to"] or "",
        ]
        for row in found
    ]
    table(None, columns, rows)


def check(files: Sequence[str]) -> None:
    """Check files one after the other, and report every mistake of all of them."""
    import scenarios  # noqa: PLC0415 - slow to import

    failed = 0
    for file in files:
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
    """Print the JSON Schema of a scenario file."""
    if what != "scenario":
        raise BadInput(f"schema {what}: expected 'scenario'")
    import scenarios  # noqa: PLC0415 - slow to import

    document(scenarios.json_schema())
