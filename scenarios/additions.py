"""Events that somebody adds to a scenario, from a file of their own: those that came after it was written."""

from __future__ import annotations

from typing import TYPE_CHECKING

from papertiger.scenarios.arguments import check_text, is_path
from papertiger.scenarios.errors import UNKNOWN_KEY, Problem, ScenarioError, shorten
from papertiger.scenarios.loader import build, notes, tell_notes
from papertiger.scenarios.reading.inheritance import read_tree
from papertiger.scenarios.reading.merging import merge
from papertiger.scenarios.reading.overrides import apply
from papertiger.scenarios.reading.sources import SCENARIOS, Source, exists
from papertiger.scenarios.reading.yaml_reader import MAX_BYTES, Layer, read_layer
from papertiger.scenarios.schema.values import is_month

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from papertiger.scenarios.schema.scenario import Scenario

KEYS = ("events", "title", "description", "war", "income")
"""What a file of additions may hold."""


def load_with(
    scenario: str | Path,
    additions: str | Path,
    overrides: Mapping[str, object] | None = None,
    after: str | None = None,
) -> Scenario:
    """Return a scenario with further events, in the form in which a scenario has them.

    Parameters
    ----------
    scenario
        Name of a shipped scenario, or path of a file.
    additions
        Path of a YAML file with the key ``events``, and perhaps further points of the war's burden or the income.
    overrides
        As for `scenarios.load`; they are laid over both.
    after
        The last month, YYYY-MM, in which nothing may be added.

    Raises
    ------
    ScenarioError
        With every mistake found, each with its file and line.
    """
    if after is not None:
        is_month(check_text("after", after, "a month written YYYY-MM"))
    tree = read_tree(scenario)
    source = _file(additions)
    layer = read_layer(source.read(MAX_BYTES), source.label, what="a file of events")
    problems = list(layer.problems)
    problems += [
        layer.problem((key,), f"{UNKNOWN_KEY}; a file of events may hold {', '.join(KEYS)}")
        for key in layer.data
        if key not in KEYS
    ]
    events = layer.data.get("events")
    if not isinstance(events, dict) or not events:
        problems.append(layer.problem(("events",), "expected a mapping of events by name"))
    else:
        known = tree.data.get("events") or {}
        problems += [
            layer.problem(("events", name), f"the scenario {tree.name} has an event of this name already")
            for name in events
            if name in known
        ]
        problems += [
            layer.problem(("events", name, "date"), f"expected a date after {after}, got {event['date']}")
            for name, event in events.items()
            if after is not None and isinstance(event, dict) and str(event.get("date", "9999"))[:7] <= after
        ]
    if problems:
        raise ScenarioError(problems)
    said = {key: value for key, value in layer.data.items() if key not in ("title", "description")}
    merged = merge(tree, Layer(said, layer.places))
    tree.data, tree.places = merged.data, merged.places
    if overrides is not None:
        apply(tree, overrides)
    changed = build(tree)
    tell_notes(notes(changed, tree))
    return changed


def _file(additions: str | Path) -> Source:
    from pathlib import Path  # noqa: PLC0415

    if not is_path(additions):
        message = f"expected the path of a file of events, got {shorten(additions)}"
        raise ScenarioError([Problem("additions", message=message)])
    text = str(additions)
    if not text or "\0" in text:
        raise ScenarioError([Problem(text or "''", message="no such file")])
    path = Path(text)
    return Source(text, path) if exists(path) else SCENARIOS.find(path)
