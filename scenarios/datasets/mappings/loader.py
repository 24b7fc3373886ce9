"""Find a mapping file, read it and check it against its data set; every mistake is told by line."""

from __future__ import annotations

import re
import string
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from pydantic import ValidationError

from papertiger.scenarios.datasets.catalogue import CATALOGUE
from papertiger.scenarios.datasets.data_set import DataSet
from papertiger.scenarios.datasets.mappings.schema import ROLES, Bands, EventMapping
from papertiger.scenarios.errors import PathKey, Problem, ScenarioError, nearest, shorten
from papertiger.scenarios.reading.schema_messages import problems_of
from papertiger.scenarios.reading.shapes import Shape, shape_within
from papertiger.scenarios.reading.sources import Library
from papertiger.scenarios.reading.yaml_reader import MAX_BYTES, Layer, read_layer

MAPPINGS = Library("mapping", "scenarios", "datasets/mappings")


@dataclass(frozen=True)
class _Root(Shape):
    """A mapping file as a whole: the loader sets its name."""

    @property
    def keys(self) -> tuple[str, ...]:
        return tuple(key for key in super().keys if key != "name")


@dataclass(frozen=True)
class LoadedMapping:
    """A mapping, the data set that it is of, and the file with the line of every key."""

    mapping: EventMapping
    data_set: DataSet
    layer: Layer


def mapping_text(name_or_path: str | Path) -> str:
    """Return the text of a mapping file, to be copied and changed."""
    return MAPPINGS.find(name_or_path).read(MAX_BYTES).decode("utf-8")


def load_mapping(name_or_path: str | Path) -> LoadedMapping:
    """Return a shipped mapping by its name, or anyone's by its path, checked.

    Raises
    ------
    ScenarioError
        With every mistake found, each with its file and line.
    """
    source = MAPPINGS.find(name_or_path)
    layer = read_layer(source.read(MAX_BYTES), source.label, what="a mapping")
    problems = list(layer.problems)
    if "name" in layer.data:
        problems.append(layer.problem(("name",), "the file's name says this; leave this key out"))
    try:
        mapping = EventMapping.model_validate({**layer.data, "name": source.name})
    except ValidationError as error:
        root = _Root(EventMapping)
        raise ScenarioError(
            [*problems, *problems_of(error, layer, (), lambda path: shape_within(root, path))]
        ) from None
    data_set = CATALOGUE.get(mapping.data_set)
    if data_set is None:
        hint = nearest(mapping.data_set, CATALOGUE)
        problems.append(layer.problem(("data_set",), f"no data set is called {shorten(mapping.data_set)}", hint))
        raise ScenarioError(problems)
    problems += _columns(mapping, data_set, layer)
    problems += _texts(mapping, data_set, layer)
    if problems:
        raise ScenarioError(problems)
    return LoadedMapping(mapping, data_set, layer)


def _columns(mapping: EventMapping, data_set: DataSet, layer: Layer) -> Iterator[Problem]:
    """Yield the columns that the data set does not have, or that hold something else than is needed."""
    kinds = {column.name: column.kind for column in data_set.columns}
    named: list[tuple[PathKey, str, tuple[str, ...]]] = [
        (("date",), mapping.date, ("date",)),
        (("id",), mapping.id, ("text", "integer")),
        (("counted_by",), mapping.counted_by, ()),
    ]
    for name, rule in mapping.rules.items():
        path: PathKey = ("rules", name)
        for column, condition in rule.where.items():
            numbers = condition.at_least is not None or condition.at_most is not None
            named.append(((*path, "where", column), column, ("integer", "number") if numbers else ()))
        for role, party in rule.parties().items():
            named.append(((*path, role, "column"), party.column, ("text", "integer")))
        if isinstance(rule.intensity, Bands):
            named.append(((*path, "intensity", "column"), rule.intensity.column, ("integer", "number")))
    for where, column, expected in named:
        if column not in kinds:
            message = f"{data_set.name} has no column {shorten(column)}"
            yield layer.problem(where, message, nearest(column, kinds))
        elif expected and kinds[column] not in expected:
            message = f"column {column} is of kind {kinds[column]}, expected a column of kind {' or '.join(expected)}"
            yield layer.problem(where, message)


def _texts(mapping: EventMapping, data_set: DataSet, layer: Layer) -> Iterator[Problem]:
    """Yield lines for people that name what is not there, and patterns that find nothing or too much."""
    for name, rule in mapping.rules.items():
        places = (*data_set.keys, *(role for role in ROLES if role in rule.parties()))
        try:
            fields = [field for _, field, *_ in string.Formatter().parse(rule.what) if field is not None]
        except ValueError:
            yield layer.problem(("rules", name, "what"), "expected braces in pairs around the name of a column")
            continue
        for field in fields:
            if field not in places:
                message = f"there is no {shorten('{' + field + '}')} to fill in"
                yield layer.problem(("rules", name, "what"), message, nearest(field, places))
        for role, party in rule.parties().items():
            if party.pattern is not None and not _has_one_group(party.pattern):
                message = "expected a regular expression with one group, such as 'Government of (.+)'"
                yield layer.problem(("rules", name, role, "pattern"), message)


def _has_one_group(pattern: str) -> bool:
    try:
        return re.compile(pattern).groups == 1
    except re.error:
        return False
