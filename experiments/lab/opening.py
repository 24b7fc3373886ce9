"""Choose the worlds of a page of the lab, and what it opens with."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from papertiger import scenarios
from papertiger.experiments.design.loader import load_study
from papertiger.experiments.design.sources import experiment_names, find_experiment, find_scenario
from papertiger.scenarios.reading.sources import looks_like_path
from papertiger.scenarios.reading.yaml_reader import MAX_BYTES, read_layer

if TYPE_CHECKING:
    from papertiger.experiments.design.schema import ScenarioEntry
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
    """
    study = load_study(source)
    experiment, file = study.experiment, find_experiment(source)
    entries = {entry.name: entry for entry in experiment.scenarios}
    names = {name: str(find_scenario(entry.scenario, file) or entry.scenario) for name, entry in entries.items()}
    pairs = [pair for pair in experiment.pairs if {pair.baseline, pair.against} <= set(entries)]
    first = next((pair for pair in pairs if pair.headline), pairs[0] if pairs else None)
    baseline = first.baseline if first else experiment.labels[0]
    against = first.against if first else experiment.labels[-1]
    ordered = list(dict.fromkeys([names[baseline], names[against], *names.values()]))
    opening = {
        "a": _state(entries[baseline], scenarios.load(names[baseline])),
        "b": _state(entries[against], scenarios.load(names[against])),
        "seed": experiment.seed,
    }
    clients = (getattr(measure, "client", None) for measure in experiment.measures.values())
    asked = next((client for client in clients if client is not None), None)
    return ordered, opening if asked is None else {**opening, "client": asked}


def _state(entry: ScenarioEntry, scenario: Scenario) -> dict[str, Any]:
    """Return the state of an entry's world; what the page has no figure for stays as shipped."""
    settings = {key if "." in key else f"parameters.{key}": value for key, value in entry.settings.items()}
    figures = {key: value for key, value in settings.items() if isinstance(value, int | float)}
    off = ["trust"] if len(entry.frozen) == 2 else []
    return {"world": scenario.name, "figures": figures, "off": off, "struck": [], "path": None}
