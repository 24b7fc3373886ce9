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
    from papertiger import figures
    from papertiger.experiments.design.loader import load_study
    from papertiger.experiments.design.signs import signs
    from papertiger.experiments.measures import Measure, MomentMeasure, measure
    from papertiger.experiments.report.page import write_report
    from papertiger.experiments.run.results import open_results
    from papertiger.experiments.run.runner import run_experiment
    from papertiger.experiments.statistics.compare import compare
    from papertiger.model.agents.simulate import simulate
    from papertiger.model.agents.world import World
    from papertiger.model.ensemble.ensemble import ensemble
    from papertiger.model.rules.rules import Rules
    from papertiger.model.theories import find_theory, theories, theory
    from papertiger.scenarios import ScenarioError, change, load, names

    __version__: str

__all__ = [
    "Measure",
    "MomentMeasure",
    "Rules",
    "ScenarioError",
    "World",
    "__version__",
    "change",
    "compare",
    "ensemble",
    "figures",
    "find_theory",
    "load",
    "load_study",
    "measure",
    "names",
    "open_results",
    "run_experiment",
    "signs",
    "simulate",
    "theories",
    "theory",
    "write_report",
]

_HOMES = {
    "Measure": "papertiger.experiments.measures",
    "MomentMeasure": "papertiger.experiments.measures",
    "Rules": "papertiger.model.rules.rules",
    "ScenarioError": "papertiger.scenarios",
    "World": "papertiger.model.agents.world",
    "change": "papertiger.scenarios",
    "compare": "papertiger.experiments.statistics.compare",
    "ensemble": "papertiger.model.ensemble.ensemble",
    "find_theory": "papertiger.model.theories",
    "load": "papertiger.scenarios",
    "load_study": "papertiger.experiments.design.loader",
    "measure": "papertiger.experiments.measures",
    "names": "papertiger.scenarios",
    "open_results": "papertiger.experiments.run.results",
    "run_experiment": "papertiger.experiments.run.runner",
    "signs": "papertiger.experiments.design.signs",
    "simulate": "papertiger.model.agents.simulate",
    "theories": "papertiger.model.theories",
    "theory": "papertiger.model.theories",
    "write_report": "papertiger.experiments.report.page",
}


def __getattr__(name: str) -> Any:
    if name == "__version__":
        value: Any = import_module("papertiger.experiments.run.provenance").version()
    elif name == "figures":
        value = import_module("papertiger.figures")
    elif name in _HOMES:
        value = getattr(import_module(_HOMES[name]), name)
    else:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
