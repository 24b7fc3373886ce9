"""Scenarios: what a world is, read from files that people write, checked, and nothing executed.

The names below are loaded when they are first used, so that a command line that only wants the list of
shipped scenarios does not wait for the validation library.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from scenarios.chain import resolve_tree
    from scenarios.errors import Problem, ScenarioError
    from scenarios.loader import change, load
    from scenarios.overrides import parse_settings
    from scenarios.schema import POSTURES, Scenario
    from scenarios.sources import names

__all__ = [
    "POSTURES",
    "Problem",
    "Scenario",
    "ScenarioError",
    "change",
    "load",
    "names",
    "parse_settings",
    "resolve_tree",
]

_HOMES = {
    "POSTURES": "schema",
    "Problem": "errors",
    "Scenario": "schema",
    "ScenarioError": "errors",
    "change": "loader",
    "load": "loader",
    "names": "sources",
    "parse_settings": "overrides",
    "resolve_tree": "chain",
}


def __getattr__(name: str) -> object:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)


def __dir__() -> list[str]:
    return sorted({*globals(), *_HOMES})
