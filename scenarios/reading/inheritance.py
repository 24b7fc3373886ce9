"""Follow ``extends`` from a scenario file to its ancestors and lay the files over each other."""

from __future__ import annotations

from collections.abc import Iterable
from copy import deepcopy
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from papertiger.scenarios import posteriors
from papertiger.scenarios.errors import PathKey, Problem, ScenarioError, nearest, shorten
from papertiger.scenarios.reading.merging import NOT_INHERITED, merge, without
from papertiger.scenarios.reading.schema_messages import problems_of
from papertiger.scenarios.reading.sources import SCENARIOS, Source
from papertiger.scenarios.reading.yaml_reader import MAX_BYTES, Layer, read_layer
from papertiger.scenarios.schema.scenario import Removal

SECTIONS = ("clients", "patrons", "rivals", "adversaries", "events", "signals", "switches")
"""Mappings of free names; one with nothing beneath it adds nothing, and is no mistake."""

FROM_POSTERIOR = "posterior"
"""What may stand in place of a mapping of parameters."""


@dataclass
class Tree(Layer):
    """A scenario's data after inheritance, before validation, with the place of every key and value."""

    name: str = ""
    source: Source | None = None


def resolve_tree(name_or_path: str | Path) -> Tree:
    """Return what a scenario file and its ancestors say together, before it is checked against the schema.

    Raises
    ------
    ScenarioError
        When a file cannot be found or read, or the inheritance is broken.
    """
    tree = read_tree(name_or_path)
    if tree.problems:
        raise ScenarioError(tree.problems)
    return replace(tree, data=deepcopy(tree.data), places=dict(tree.places))


def read_tree(name_or_path: str | Path) -> Tree:
    """Return the merged data and the problems met on the way, for a caller that looks for more."""
    source = SCENARIOS.find(name_or_path)
    return tree_of(source, _layer(source.read(MAX_BYTES), source.label, 0, source.shipped))


def tree_of(source: Source, layer: Layer) -> Tree:
    """Return the merged data of one file that has been read, and of its ancestors."""
    layers = [layer]
    sources = [source]
    problems = list(layer.problems)
    while (parent := _parent(layers[-1], sources, problems)) is not None:
        sources.append(parent)
        try:
            layer = _layer(parent.read(MAX_BYTES), parent.label, len(layers), parent.shipped)
        except ScenarioError as error:
            raise ScenarioError([*problems, *error.problems]) from None
        problems.extend(layer.problems)
        layers.append(layer)
    merged = _lay(layers, problems)
    merged.data["name"] = source.name
    broken = {path for layer in layers for path in layer.broken}
    return Tree(merged.data, merged.places, problems, broken, name=source.name, source=source)


@lru_cache(maxsize=64)
def _layer(data: bytes, label: str, depth: int, shipped: bool) -> Layer:
    # Most scenarios share ancestors, and parsing them is most of the work. Nothing below changes a layer: merging
    # makes new mappings, and whoever gets a tree to keep gets a copy.
    return read_layer(data, label, depth, shipped=shipped)


def _parent(layer: Layer, sources: list[Source], problems: list[Problem]) -> Source | None:
    path: PathKey = ("extends",)
    if "extends" not in layer.data or path in layer.broken:
        return None
    wanted = layer.data["extends"]
    if not isinstance(wanted, str) or not wanted.strip():
        message = f"expected the name or the path of a scenario, got {shorten(wanted)}"
        problems.append(layer.problem(path, message))
        return None
    parent = SCENARIOS.find_beside(wanted.strip(), sources[-1])
    if parent is None:
        hint = nearest(wanted, SCENARIOS.names_beside(sources[-1]))
        message = f"no scenario {shorten(wanted)} beside this file or among the shipped ones"
        raise ScenarioError([*problems, layer.problem(path, message, hint)])
    for position, source in enumerate(sources):
        if source.identity == parent.identity:
            circle = " -> ".join(one.label for one in [*sources[position:], source])
            message = f"scenarios extend each other in a circle: {circle}"
            raise ScenarioError([*problems, layer.problem(path, message)])
    return parent


def _lay(layers: list[Layer], problems: list[Problem]) -> Layer:
    """Merge the layers, the last ancestor first, and drop from each what it does not pass on."""
    merged: Layer | None = None
    for layer in reversed(layers):
        own = layer is layers[0]
        problems.extend(_file_keys(layer, own=own))
        said = {key: value for key, value in layer.data.items() if key not in ("extends", "remove", "name")}
        if not own:
            said = {key: value for key, value in said.items() if key not in NOT_INHERITED}
        for section in SECTIONS:
            if section in said and said[section] is None and (section,) not in layer.broken:
                said[section] = {}
        places = layer.places
        if said.get("parameters") == FROM_POSTERIOR:
            # A short form, which says the same as the key: parameters are those of the parent, drawn jointly.
            del said["parameters"]
            if "posterior" in said:
                message = "'posterior' here means the shipped draws, but the key 'posterior' names others; drop one"
                problems.append(layer.problem(("parameters",), message))
            said["posterior"] = posteriors.DEFAULT
            places = {**places, ("posterior",): places[("parameters",)]}
        removal = _removal(layer, {} if merged is None else merged.data, problems)
        if merged is not None:
            merged = Layer(without(merged.data, removal), merged.places)
        current = Layer(said, places)
        merged = current if merged is None else merge(merged, current)
    return Layer(dict(merged.data), merged.places) if merged is not None else Layer({}, {})


def _file_keys(layer: Layer, *, own: bool) -> Iterable[Problem]:
    """Check what the merged form cannot show: keys that belong to each file by itself."""
    if "name" in layer.data:
        yield layer.problem(("name",), "the file's name is the scenario's name; leave this key out")
    if not own:
        for key in ("title", "description"):
            if key not in layer.data:
                yield layer.problem((), f"missing key '{key}'")


def _removal(layer: Layer, inherited: dict[str, Any], problems: list[Problem]) -> Removal:
    if layer.data.get("remove") is None or ("remove",) in layer.broken:
        return Removal()
    if "extends" not in layer.data:
        message = "only a scenario that extends another one has something to remove"
        problems.append(layer.problem(("remove",), message))
        return Removal()
    try:
        removal = Removal.model_validate(layer.data["remove"])
    except ValidationError as error:
        problems.extend(problems_of(error, layer, ("remove",)))
        return Removal()
    for section in Removal.model_fields:
        known = inherited.get(section)
        valid = list(known) if isinstance(known, dict) else []
        for position, name in enumerate(getattr(removal, section)):
            if name not in valid:
                message = f"nothing of the name {shorten(name)} is inherited"
                problems.append(layer.problem(("remove", section, position), message, nearest(name, valid)))
    return removal
