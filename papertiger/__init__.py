"""Papertiger: an agent-based laboratory about alliance defection.

The front door: the names a notebook needs. They are imported when they are first used, since the model stands
on packages that take seconds to import.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from model.ensemble import ensemble
    from model.simulate import simulate
    from model.world import World
    from scenarios import ScenarioError, load, names

    __version__: str

__all__ = ["ScenarioError", "World", "__version__", "ensemble", "load", "names", "simulate"]

_HOMES = {
    "ScenarioError": "scenarios",
    "World": "model.world",
    "ensemble": "model.ensemble",
    "load": "scenarios",
    "names": "scenarios",
    "simulate": "model.simulate",
}


def __getattr__(name: str) -> Any:
    if name == "__version__":
        value: Any = import_module("experiments.provenance").version()
    elif name in _HOMES:
        value = getattr(import_module(_HOMES[name]), name)
    else:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
