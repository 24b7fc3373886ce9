"""Open the front door of Papertiger, an agent-based laboratory about alliance defection.

The front door: the names a notebook needs. They are imported when they are first used, since the model stands
on packages that take seconds to import.
"""

from __future__ import annotations

from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

if not Path(__file__).with_name("model").is_dir():
    # A checkout on a system that makes no links (Windows without developer mode): the packages lie beside this one.
    __path__.append(str(Path(__file__).parents[1]))

if TYPE_CHECKING:
    from papertiger.model.agents.simulate import simulate
    from papertiger.model.agents.world import World
    from papertiger.model.ensemble.ensemble import ensemble
    from papertiger.scenarios import ScenarioError, load, names

    __version__: str

__all__ = ["ScenarioError", "World", "__version__", "ensemble", "load", "names", "simulate"]

_HOMES = {
    "ScenarioError": "papertiger.scenarios",
    "World": "papertiger.model.agents.world",
    "ensemble": "papertiger.model.ensemble.ensemble",
    "load": "papertiger.scenarios",
    "names": "papertiger.scenarios",
    "simulate": "papertiger.model.agents.simulate",
}


def __getattr__(name: str) -> Any:
    if name == "__version__":
        value: Any = import_module("papertiger.experiments.run.provenance").version()
    elif name in _HOMES:
        value = getattr(import_module(_HOMES[name]), name)
    else:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
