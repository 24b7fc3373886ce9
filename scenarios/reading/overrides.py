"""Replace single values of a scenario by dotted path, for sweeps and for ``--set`` on the command line."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping
from typing import Any

from papertiger.scenarios.arguments import check_text, is_text
from papertiger.scenarios.errors import PathKey, Problem, ScenarioError, dotted, nearest, shorten
from papertiger.scenarios.reading.inheritance import SECTIONS, Tree
from papertiger.scenarios.reading.merging import merge
from papertiger.scenarios.reading.numbers import as_plain_data, figure_number
from papertiger.scenarios.reading.shapes import NOT_IN_FILES, ONLY_IN_FILES, SCENARIO, Shape, shape_at
from papertiger.scenarios.reading.yaml_reader import Layer, Place, read_value
from papertiger.scenarios.schema.events import Switch
from papertiger.scenarios.schema.figures import Figure
from papertiger.scenarios.schema.parameters import Parameters

ORIGIN = "--set"
"""What messages about the command line's settings name in place of a file."""

OVERRIDES = "overrides"
"""The same of overrides that a program gives."""

SETTINGS = "settings"
"""The same of values in an experiment or a calibration, until their line in that file is found."""


class Settings(dict[str, object]):
    """Overrides that were written on a command line; messages about them name its option."""


LONGEST_KEY = 400
"""Longer than any path of names can be; looking a key up takes time that grows with its square."""


def parse_settings(settings: Iterable[str]) -> dict[str, object]:
    """Return the overrides written as ``key=value``, the values read as YAML.

    Raises
    ------
    ScenarioError
        When one is not of that form, or is given twice.
    """
    overrides = Settings()
    problems = []
    if isinstance(settings, str) or not isinstance(settings, Iterable):
        message = f"expected a list of key=value, got {shorten(settings)}"
        raise ScenarioError([Problem(ORIGIN, message=message)])
    for setting in settings:
        if not is_text(setting):
            problems.append(Problem(ORIGIN, message=f"expected key=value, got {shorten(setting)}"))
            continue
        key, equals, text = setting.partition("=")
        key = unicodedata.normalize("NFC", key.strip())  # as names in files are, however the terminal makes accents
        if not key or not equals:
            problems.append(Problem(ORIGIN, message=f"expected key=value, got {shorten(setting)}"))
        elif key in overrides:
            problems.append(Problem(ORIGIN, key=key, message="given twice"))
        else:
            try:
                overrides[key] = read_value(text, ORIGIN, key)
            except ScenarioError as error:
                problems.extend(error.problems)
    if problems:
        raise ScenarioError(problems)
    return overrides


def apply(tree: Tree, overrides: object, door: str | None = None) -> None:
    """Lay overrides over a merged tree; what is wrong with them is added to the tree's problems.

    Parameters
    ----------
    tree
        What the files say.
    overrides
        Values by dotted path.
    door
        Where they were given, which messages name; blank says it by their type.
    """
    if door is not None:
        check_text("door", door)
    door = door or (ORIGIN if isinstance(overrides, Settings) else OVERRIDES)
    if not isinstance(overrides, Mapping):
        message = f"expected values by the name of a figure, got {shorten(as_plain_data(overrides, '', door))}"
        tree.problems.append(Problem(door, message=message))
        return
    given: dict[PathKey, str] = {}
    for key, value in overrides.items():
        try:
            path, layer = _override(tree, str(key), value, door)
        except ScenarioError as error:
            tree.problems.extend(error.problems)
            continue
        if path in given:
            message = f"the same as {shorten(given[path])}, which is given too"
            tree.problems.append(Problem(door, None, str(key), message))
        given[path] = str(key)
        merged = merge(tree, layer)
        tree.data, tree.places = merged.data, merged.places


def _override(tree: Tree, key: str, given: object, door: str) -> tuple[PathKey, Layer]:
    """Return the path of one override and the layer that it makes, or refuse it."""
    value = as_plain_data(given, str(as_plain_data(key, "", door)), door)
    path = path_of(key, tree.data, value, door)
    shape = shape_at(path)
    if not isinstance(value, dict | None) and shape is not None and shape.kind is Figure:
        figure_number(dotted(path), value, door)
    return path, _layer(path, _in_full(path, value, tree.data), door)


def path_of(key: str, data: Mapping[str, Any], value: Any, door: str) -> PathKey:
    """Return the path that a dotted key means in a scenario. A name may itself contain dots.

    Parameters
    ----------
    key
        As somebody wrote it; a bare name of a parameter is short for ``parameters.…``.
    data
        The scenario as plain data.
    value
        What is to be set: an event given whole may be new.
    door
        Where it was given.

    Raises
    ------
    ScenarioError
        When there is nothing of that name to set, with the nearest name that there is.
    """
    if len(key) > LONGEST_KEY:
        message = f"a key has at most {LONGEST_KEY} characters, this one {len(key)}"
        raise ScenarioError([Problem(door, None, f"{key[:40]}…", message)])
    parts = key.split(".")
    if parts[0] in (*NOT_IN_FILES, *ONLY_IN_FILES):
        raise ScenarioError([Problem(door, None, key, f"'{parts[0]}' belongs to a file and cannot be set")])
    if len(parts) == 1 and parts[0] in Parameters.model_fields:
        return ("parameters", parts[0])
    path: PathKey = ()
    node: Any = data
    shape: Shape | None = SCENARIO
    while parts:
        names = _names(path, shape, node)
        taken = next((n for n in range(len(parts), 0, -1) if ".".join(parts[:n]) in names), 0)
        if taken == 0 and shape is not None and shape.entries is not None and _may_be_new(path, parts, value):
            taken = len(parts)
        if taken == 0:
            raise _unknown(key, path, parts, names, door)
        name = ".".join(parts[:taken])
        path, parts = (*path, name), parts[taken:]
        node = node.get(name) if isinstance(node, dict) else None
        shape = shape_at(path)
    return path


def _names(path: PathKey, shape: Shape | None, node: Any) -> list[str]:
    if shape is None or not shape.is_mapping:
        return []
    if not path:
        return [name for name in shape.keys if name not in ONLY_IN_FILES]
    return [*shape.keys, *(node if isinstance(node, dict) and shape.entries is not None else ())]


def _may_be_new(path: PathKey, parts: list[str], value: Any) -> bool:
    # A point of a path or a share may be new, and so may an event given whole; a part of an actor or an event
    # that nobody defined is a slip.
    return len(parts) == 1 and (len(path) != 1 or path[0] not in SECTIONS or isinstance(value, dict))


def _unknown(key: str, path: PathKey, parts: list[str], names: list[str], door: str) -> ScenarioError:
    if not path:
        wanted, names = parts[0], [*names, *Parameters.model_fields]
    else:
        wanted = parts[0]
    near = nearest(wanted, names)
    hint = None if near is None else ".".join([*(str(part) for part in path), near, *parts[1:]])
    inside = f" in '{'.'.join(str(part) for part in path)}'" if path else ""
    return ScenarioError([Problem(door, None, key, f"no {shorten(wanted)}{inside} to set", hint)])


def _in_full(path: PathKey, value: Any, data: Mapping[str, Any]) -> Any:
    """Return the value with what a figure or a switch keeps of what it was."""
    shape = shape_at(path)
    old: Any = data
    for name in path:
        old = old.get(name) if isinstance(old, dict) else None
    if shape is None or not isinstance(old, dict) or value is None:
        return value
    if shape.kind is Switch and not isinstance(value, dict):
        return {"value": value}
    if shape.kind is Figure:
        if isinstance(value, dict):
            return {**{name: old[name] for name in ("source", "why") if name in old}, **value}
        return {**old, "value": value}
    return value


def _layer(path: PathKey, value: Any, door: str) -> Layer:
    places: dict[PathKey, Place] = {}
    here = Place(door, None, -1)

    def note(where: PathKey, part: Any) -> None:
        places[where] = here
        children = part.items() if isinstance(part, dict) else enumerate(part) if isinstance(part, list) else ()
        for name, child in children:
            note((*where, name), child)

    note(path, value)
    for name in reversed(path):
        value = {name: value}
    return Layer(value, places)
