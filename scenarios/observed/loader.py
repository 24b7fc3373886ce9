"""Make observations of a file: find it, read it with those it extends, check it, and report all mistakes at once."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import islice
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from papertiger.scenarios.errors import MAX_SOUGHT, UNKNOWN_KEY, PathKey, Problem, ScenarioError, nearest, shorten
from papertiger.scenarios.observed.checks import check_names, check_polls, check_postures, check_ties, check_votes
from papertiger.scenarios.observed.schema import Observed, Polls, Ties, Votes
from papertiger.scenarios.reading.merging import merge
from papertiger.scenarios.reading.schema_messages import problems_of
from papertiger.scenarios.reading.shapes import Shape, shape_of, shape_within
from papertiger.scenarios.reading.sources import OBSERVATIONS, Source
from papertiger.scenarios.reading.yaml_reader import MAX_BYTES, Layer, read_layer
from papertiger.scenarios.schema.values import Part, Text

_OWN = ("title", "description")
"""What a file says about itself alone."""


@dataclass(frozen=True)
class _Kind[T: Part]:
    """A kind of file: what it holds, and what its parts must fit.

    Attributes
    ----------
    what
        What messages call it.
    sections
        Mappings of free names, from which an extending file may remove entries.
    """

    what: str
    model: type[T]
    sections: tuple[str, ...]
    check: Callable[[T, Layer], Iterator[Problem]]
    shipped: str


_POSTURES = _Kind("observed postures", Observed, ("clients", "facts"), check_postures, "partners_postures")
_VOTES = _Kind("votes", Votes, ("ballots", "turnover"), check_votes, "partners_votes")
_POLLS = _Kind("polls", Polls, ("questions",), check_polls, "partners_polls")
_TIES = _Kind("observed ties", Ties, ("series",), check_ties, "partners_ties")


@dataclass(frozen=True)
class _Root(Shape):
    """A file as a whole: the loader sets its name, and two keys are gone once it is resolved."""

    @property
    def keys(self) -> tuple[str, ...]:
        return (*(key for key in super().keys if key != "name"), "extends", "remove")


def load(name_or_path: str | Path) -> Observed:
    """Return dated facts and their coding rule, with everything the file inherits, checked.

    Parameters
    ----------
    name_or_path
        The name of a shipped file, or the path of anyone's.

    Raises
    ------
    ScenarioError
        With every mistake found, each with its file and line.
    """
    return _load(name_or_path, _POSTURES)


def load_votes(name_or_path: str | Path) -> Votes:
    """Return recorded votes; see `load`."""
    return _load(name_or_path, _VOTES)


def load_polls(name_or_path: str | Path) -> Polls:
    """Return published percentages of polls; see `load`."""
    return _load(name_or_path, _POLLS)


def load_ties(name_or_path: str | Path) -> Ties:
    """Return observed shares of the patron by year; see `load`."""
    return _load(name_or_path, _TIES)


def _load[T: Part](name_or_path: str | Path, kind: _Kind[T]) -> T:
    source = OBSERVATIONS.find(name_or_path)
    layers = _layers(source, kind)
    problems = [problem for layer in layers for problem in layer.problems]
    tree = _lay(layers, kind, problems)
    problems += islice(check_names(tree, kind.sections), MAX_SOUGHT)
    try:
        observation = kind.model.model_validate({**tree.data, "name": source.name})
    except ValidationError as error:
        root = _Root(kind.model)
        told = problems_of(error, tree, (), lambda path: shape_within(root, path))
        problems += [_about_parent(one, layers[0], kind) for one in told]
    else:
        problems += islice(kind.check(observation, tree), MAX_SOUGHT)
        if not problems:
            return observation
    depth = {place.file: place.depth for place in tree.places.values()}
    unique = list(dict.fromkeys(problems))
    raise ScenarioError(sorted(unique, key=lambda one: (depth.get(one.file, 0), one.file, one.line or 0, one.key)))


def _layers(source: Source, kind: _Kind[Any]) -> list[Layer]:
    """Return the file and those it extends, the nearest first."""
    sources, layers = [source], [_layer(source.read(MAX_BYTES), source.label, 0, kind.what)]
    while "extends" in layers[-1].data and ("extends",) not in layers[-1].broken:
        layer, path = layers[-1], ("extends",)
        wanted = layer.data["extends"]
        if not isinstance(wanted, str) or not wanted.strip():
            message = f"expected the name or the path of {kind.what}, got {shorten(wanted)}"
            raise ScenarioError([*layer.problems, layer.problem(path, message)])
        parent = OBSERVATIONS.find_beside(wanted.strip(), sources[-1])
        if parent is None:
            message = f"no {kind.what} {shorten(wanted)} beside this file or among the shipped ones"
            hint = nearest(wanted, OBSERVATIONS.names_beside(sources[-1]))
            raise ScenarioError([*layer.problems, layer.problem(path, message, hint)])
        for position, one in enumerate(sources):
            if one.identity == parent.identity:
                circle = " -> ".join(each.label for each in [*sources[position:], one])
                message = f"files extend each other in a circle: {circle}"
                raise ScenarioError([*layer.problems, layer.problem(path, message)])
        sources.append(parent)
        layers.append(_layer(parent.read(MAX_BYTES), parent.label, len(layers), kind.what))
    return layers


@lru_cache(maxsize=16)
def _layer(data: bytes, label: str, depth: int, what: str) -> Layer:
    # The shipped files are read again and again, and parsing is nearly all of the work. Merging makes new mappings.
    return read_layer(data, label, depth, what)


def _lay(layers: list[Layer], kind: _Kind[Any], problems: list[Problem]) -> Layer:
    """Lay the files over each other, the last ancestor first."""
    merged = Layer({}, {(): layers[0].places[()]})
    for layer in reversed(layers):
        own = layer is layers[0]
        if "name" in layer.data:
            problems.append(layer.problem(("name",), "the file's name says this; leave this key out"))
        if not own:
            problems += [layer.problem((), f"missing key '{key}'") for key in _OWN if key not in layer.data]
        gone = _removed(layer, merged.data, kind, problems)
        inherited = {key: _kept(key, part, gone) for key, part in merged.data.items()}
        said = {key: value for key, value in layer.data.items() if key not in ("extends", "remove", "name")}
        if not own:
            said = {key: value for key, value in said.items() if key not in _OWN}
        for section in kind.sections:
            if section in said and said[section] is None and (section,) not in layer.broken:
                said[section] = {}
        merged = merge(Layer(inherited, merged.places), Layer(said, layer.places))
    broken = {path for layer in layers for path in layer.broken}
    return Layer(dict(merged.data), merged.places, [], broken)


def _removed(
    layer: Layer, inherited: dict[str, Any], kind: _Kind[Any], problems: list[Problem]
) -> dict[str, frozenset[str]]:
    """Return the names by section that a file drops from what it extends."""
    given = layer.data.get("remove")
    if given is None or ("remove",) in layer.broken:
        return {}
    if "extends" not in layer.data:
        message = "only a file that extends another one has something to remove"
        problems.append(layer.problem(("remove",), message))
        return {}
    if not isinstance(given, dict):
        problems.append(layer.problem(("remove",), f"expected keys with lists of names, got {shorten(given)}"))
        return {}
    gone: dict[str, frozenset[str]] = {}
    for section, names in given.items():
        path: PathKey = ("remove", section)
        if section not in kind.sections:
            message = f"{UNKNOWN_KEY}, expected one of {', '.join(kind.sections)}"
            problems.append(layer.problem(path, message))
        elif not isinstance(names, list):
            expected = shape_of(tuple[Text, ...]).describe()
            problems.append(layer.problem(path, f"expected {expected}, got {shorten(names)}"))
        else:
            part = inherited.get(section)
            known = list(part) if isinstance(part, dict) else []
            for position, name in enumerate(names):
                if name not in known:
                    message = f"nothing of the name {shorten(name)} is inherited"
                    problems.append(layer.problem((*path, position), message, nearest(name, known)))
            gone[section] = frozenset(str(name) for name in names)
    return gone


def _kept(section: str, part: Any, gone: dict[str, frozenset[str]]) -> Any:
    """Return a section without what was removed, and without the facts about clients that were."""
    if not isinstance(part, dict):
        return part
    left = {name: entry for name, entry in part.items() if name not in gone.get(section, ())}
    if section == "facts" and (clients := gone.get("clients")):
        left = {
            name: entry
            for name, entry in left.items()
            if not (isinstance(entry, dict) and entry.get("client") in clients)
        }
    return left


def _about_parent(problem: Problem, own: Layer, kind: _Kind[Any]) -> Problem:
    """Say how to build on the shipped file, to whoever left out what it has."""
    if problem.key or "extends" in own.data or not problem.message.startswith("missing key"):
        return problem
    return replace(problem, message=f"{problem.message}; 'extends: {kind.shipped}' takes over the shipped ones")
