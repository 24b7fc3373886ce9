"""Choose the worlds of a page of the lab, and what it opens with."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, NamedTuple

from papertiger import scenarios
from papertiger.experiments.design.loader import load_study
from papertiger.experiments.design.sources import experiment_names, find_experiment, find_scenario
from papertiger.experiments.lab.figures import movable_figures
from papertiger.experiments.lab.payload import WAR_PATHS, NotInTheLabError
from papertiger.model.template import Template
from papertiger.scenarios.errors import nearest, shorten
from papertiger.scenarios.reading.sources import looks_like_path
from papertiger.scenarios.reading.yaml_reader import MAX_BYTES, read_layer

if TYPE_CHECKING:
    from papertiger.experiments.design.schema import Experiment, ScenarioEntry
    from papertiger.scenarios.schema.scenario import Scenario

MAX_TWINS = 6
MAX_SEED = 2**53 - 1
"""Beyond it a browser's numbers have gaps."""
WAR_AFTER = "war.after"


class _Headline(NamedTuple):
    """Hold an experiment, its entries and the handles of their scenarios by label, and the two of its headline."""

    experiment: Experiment
    entries: dict[str, ScenarioEntry]
    names: dict[str, str]
    before: str
    after: str


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
    headline = _headline(source)
    experiment, names = headline.experiment, headline.names
    for name in (headline.before, headline.after):
        entry = headline.entries[name]
        kind = "decisions" if entry.decisions else "rules" if entry.theory is not None else None
        if kind is not None:
            raise NotInTheLabError(
                f"{shorten(name)} has {kind} of its own, and the page of the lab runs the shipped rules alone"
            )
    ordered = list(dict.fromkeys([names[headline.before], names[headline.after], *names.values()]))
    opening: dict[str, Any] = {"a": _state(headline, headline.before), "b": _state(headline, headline.after)}
    if experiment.seed <= MAX_SEED:
        opening["seed"] = experiment.seed
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
    headline = _headline(source)
    lacking = []
    for entry in dict.fromkeys((headline.before, headline.after)):
        state, scenario = _state(headline, entry), scenarios.load(headline.names[entry])
        movable = {one.key: one for one in movable_figures(scenario, Template(scenario))}
        gone = [
            key
            for key in _settings(headline, entry)
            if not (key == WAR_AFTER and state["path"])
            and not (
                key in movable and movable[key].least <= state["figures"].get(key, math.nan) <= movable[key].greatest
            )
        ]
        own = headline.entries[entry]
        gone += [f"frozen {own.frozen[0]}"] if len(own.frozen) == 1 else []
        lacking += [f"{entry}: {', '.join(gone)}"] if gone else []
    if headline.experiment.seed > MAX_SEED:
        lacking.append(f"the seed {headline.experiment.seed}, which browsers cannot hold")
    return lacking


def _headline(source: str) -> _Headline:
    experiment, file = load_study(source).experiment, find_experiment(source)
    entries = {entry.name: entry for entry in experiment.scenarios}
    names = {name: str(find_scenario(entry.scenario, file) or entry.scenario) for name, entry in entries.items()}
    pairs = [pair for pair in experiment.pairs if {pair.baseline, pair.against} <= set(entries)]
    first = next((pair for pair in pairs if pair.headline), pairs[0] if pairs else None)
    before = first.baseline if first else experiment.labels[0]
    after = first.against if first else experiment.labels[-1]
    return _Headline(experiment, entries, names, before, after)


def _settings(headline: _Headline, entry: str) -> dict[str, Any]:
    """Return what is set in a world, by path: that of all scenarios, and over it that of its own."""
    given = {**headline.experiment.settings, **headline.entries[entry].settings}
    return {key if "." in key else f"parameters.{key}": value for key, value in given.items()}


def _state(headline: _Headline, entry: str) -> dict[str, Any]:
    """Return the state of an entry's world; what the page has no figure for stays as shipped."""
    settings = _settings(headline, entry)
    figures = {
        key: value
        for key, value in settings.items()
        if isinstance(value, int | float) and not isinstance(value, bool)
    }
    after = settings.get(WAR_AFTER)
    return {
        "world": scenarios.load(headline.names[entry]).name,
        "figures": figures,
        "off": ["trust"] if len(headline.entries[entry].frozen) == 2 else [],
        "struck": [],
        "path": after if after in WAR_PATHS else None,
    }
