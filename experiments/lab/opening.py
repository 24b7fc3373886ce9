"""Choose the worlds of a page of the lab, and what it opens with."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from papertiger import scenarios
from papertiger.experiments.design.loader import load_study
from papertiger.experiments.design.sources import experiment_names, find_experiment, find_scenario
from papertiger.experiments.lab.figures import movable_figures
from papertiger.experiments.lab.payload import NotInTheLabError
from papertiger.model.template import Template
from papertiger.scenarios.errors import nearest, shorten
from papertiger.scenarios.reading.sources import looks_like_path
from papertiger.scenarios.reading.yaml_reader import MAX_BYTES, read_layer

if TYPE_CHECKING:
    from papertiger.experiments.design.schema import Experiment, ScenarioEntry
    from papertiger.scenarios.schema.scenario import Scenario

MAX_TWINS = 6


def is_experiment(source: str) -> bool:
    """Tell whether a name or a file is that of an experiment, by what the file holds.

    Parameters
    ----------
    source
        A name or a path. A name that scenarios and experiments share is a scenario's.
    """
    if not looks_like_path(source):
        return source in experiment_names() and source not in scenarios.names()
    try:
        layer = read_layer(find_experiment(source).read(MAX_BYTES), source, what="an experiment")
    except (scenarios.ScenarioError, ValueError):
        return False
    return "measures" in layer.data or "replicates" in layer.data


def nearest_source(source: str) -> str | None:
    """Return the name of a shipped scenario or experiment that a name is likely to mean.

    Parameters
    ----------
    source
        What was typed.
    """
    if looks_like_path(source) or source in scenarios.names():
        return None
    return nearest(source, [*scenarios.names(), *experiment_names()])


def scenario_worlds(source: str, scenario: Scenario) -> list[str]:
    """Return a scenario and its shipped twins, which have its clients and its months.

    Parameters
    ----------
    source, scenario
        How it was named, and what was read.
    """
    twins = []
    for name in scenarios.names():
        other = scenarios.load(name)
        is_twin = other.counterfactual_to == scenario.name or scenario.counterfactual_to == name
        if is_twin and name != scenario.name and _comparable(other, scenario):
            twins.append(name)
    return [source, *twins[:MAX_TWINS]]


def _comparable(one: Scenario, other: Scenario) -> bool:
    return list(one.clients) == list(other.clients) and one.span == other.span


def experiment_worlds(source: str) -> tuple[list[str], dict[str, Any]]:
    """Return the scenarios of an experiment, and the two of its headline as what the page opens with.

    Parameters
    ----------
    source
        Name or path of the experiment.

    Raises
    ------
    NotInTheLabError
        If one of the two is given decisions, or rules of one's own, which the page cannot run.
    """
    study = load_study(source)
    experiment, file = study.experiment, find_experiment(source)
    entries = {entry.name: entry for entry in experiment.scenarios}
    names = {name: str(find_scenario(entry.scenario, file) or entry.scenario) for name, entry in entries.items()}
    baseline, against = _opened(experiment)
    for name in (baseline, against):
        entry = entries[name]
        kind = "decisions" if entry.decisions else "rules" if entry.theory is not None else None
        if kind is not None:
            raise NotInTheLabError(
                f"{shorten(name)} has {kind} of its own, and the page of the lab runs the shipped rules alone"
            )
    ordered = list(dict.fromkeys([names[baseline], names[against], *names.values()]))
    opening = {
        "a": _state(entries[baseline], scenarios.load(names[baseline])),
        "b": _state(entries[against], scenarios.load(names[against])),
        "seed": experiment.seed,
    }
    clients = (getattr(measure, "client", None) for measure in experiment.measures.values())
    asked = next((client for client in clients if client is not None), None)
    return ordered, opening if asked is None else {**opening, "client": asked}


def left_out(source: str) -> list[str]:
    """Return what an experiment changes in the two worlds that the page opens with, and the page leaves as shipped.

    Parameters
    ----------
    source
        Name or path of the experiment.
    """
    study = load_study(source)
    lines = []
    for entry in study.experiment.scenarios:
        if entry.name not in _opened(study.experiment):
            continue
        scenario = scenarios.load(str(find_scenario(entry.scenario, find_experiment(source)) or entry.scenario))
        movable = {figure.key for figure in movable_figures(scenario, Template(scenario))}
        left = [
            key for key, value in _figures(entry).items() if key not in movable or not isinstance(value, int | float)
        ]
        left += [f"frozen {belief}" for belief in entry.frozen] if len(entry.frozen) == 1 else []
        lines += [f"{entry.name}: {one}" for one in left]
    return lines


def _opened(experiment: Experiment) -> tuple[str, str]:
    """Return the two scenarios that the page opens with: those of the headline, or the first and the last."""
    entries = {entry.name for entry in experiment.scenarios}
    pairs = [pair for pair in experiment.pairs if {pair.baseline, pair.against} <= entries]
    first = next((pair for pair in pairs if pair.headline), pairs[0] if pairs else None)
    return (first.baseline, first.against) if first else (experiment.labels[0], experiment.labels[-1])


def _is_no_number(value: object) -> bool:
    return not isinstance(value, int | float) or isinstance(value, bool)


def _figures(entry: ScenarioEntry) -> dict[str, Any]:
    return {key if "." in key else f"parameters.{key}": value for key, value in entry.settings.items()}


def _state(entry: ScenarioEntry, scenario: Scenario) -> dict[str, Any]:
    """Return the state of an entry's world; what the page has no figure for stays as shipped."""
    figures = {key: value for key, value in _figures(entry).items() if not _is_no_number(value)}
    off = ["trust"] if len(entry.frozen) == 2 else []
    return {"world": scenario.name, "figures": figures, "off": off, "struck": [], "path": None}
