"""Scenarios: what a world is, read from files that people write, checked, and nothing executed.

The names below are loaded when they are first used, so that a command line that only wants the list of
shipped scenarios does not wait for the validation library.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from papertiger.scenarios.comparison import Difference, differences
    from papertiger.scenarios.errors import Problem, ScenarioError
    from papertiger.scenarios.event_table import events_scenario
    from papertiger.scenarios.loader import change, load
    from papertiger.scenarios.new_file import template
    from papertiger.scenarios.reading.inheritance import resolve_tree
    from papertiger.scenarios.reading.overrides import parse_settings
    from papertiger.scenarios.reading.sources import names
    from papertiger.scenarios.schema.json_schema import json_schema
    from papertiger.scenarios.schema.scenario import Scenario
    from papertiger.scenarios.schema.values import POSTURES

__all__ = [
    "POSTURES",
    "Difference",
    "Problem",
    "Scenario",
    "ScenarioError",
    "change",
    "differences",
    "events_scenario",
    "json_schema",
    "load",
    "names",
    "parse_settings",
    "resolve_tree",
    "template",
]

# No module is called like a name it exports: once imported, it would stand in that name's place.
_HOMES = {
    "POSTURES": "schema.values",
    "Difference": "comparison",
    "Problem": "errors",
    "Scenario": "schema.scenario",
    "ScenarioError": "errors",
    "change": "loader",
    "differences": "comparison",
    "events_scenario": "event_table",
    "json_schema": "schema.json_schema",
    "load": "loader",
    "names": "reading.sources",
    "parse_settings": "reading.overrides",
    "resolve_tree": "reading.inheritance",
    "template": "new_file",
}


def __getattr__(name: str) -> object:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)


def __dir__() -> list[str]:
    return sorted({*globals(), *_HOMES})
