"""Make a plan of what a file says, with every mistake at its line: for calibrations, studies of ties and audits."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from pydantic import ValidationError

from papertiger.experiments.errors import ExperimentError
from papertiger.scenarios.errors import UNKNOWN_KEY, ScenarioError, nearest, printable, shorten
from papertiger.scenarios.reading.schema_messages import problems_of
from papertiger.scenarios.reading.shapes import shape_of, shape_within
from papertiger.scenarios.reading.sources import SCENARIOS, looks_like_path
from papertiger.scenarios.reading.yaml_reader import Place

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from typing import Any

    from pydantic import BaseModel

    from papertiger.scenarios.errors import PathKey, Problem
    from papertiger.scenarios.reading.sources import Source
    from papertiger.scenarios.reading.yaml_reader import Layer


def plan_of[P: BaseModel](
    kind: type[P], layer: Layer, name: str, noun: str, changes: Mapping[str, Any] | None = None
) -> P:
    """Return a plan.

    Parameters
    ----------
    kind
        The schema; it has a field ``name``, which the file's name fills.
    layer
        What the file says; keys of `changes` are put in their place.
    name, noun
        Of the file, and what messages call what it holds.
    changes
        Keys given on the command line; None leaves the file's.

    Raises
    ------
    ExperimentError
        With every mistake found, each with its file and line.
    """
    problems = list(layer.problems)
    if "name" in layer.data:
        problems.append(layer.problem(("name",), f"{UNKNOWN_KEY}: the file's name is the {noun}'s"))
    for key, value in (changes or {}).items():
        if value is not None:
            layer.data[key], layer.places[(key,)] = value, Place(f"--{key}", None)
    try:
        plan = kind.model_validate({**layer.data, "name": name})
    except ValidationError as error:
        root = shape_of(kind)
        mistakes = problems_of(error, layer, (), lambda path: shape_within(root, path))
        raise ExperimentError([*problems, *(_at_its_key(one, layer, kind) for one in mistakes)]) from None
    if problems:
        raise ExperimentError(problems)
    return plan


def _at_its_key(problem: Problem, layer: Layer, kind: type[BaseModel]) -> Problem:
    """Return a problem of the whole plan at the key that its message begins with, where it has that key."""
    key, colon, message = problem.message.partition(": ")
    return layer.problem((key,), message) if colon and not problem.key and key in kind.model_fields else problem


def handle_of(source: Source) -> str | Path:
    """Return what `scenarios.load` knows a file by."""
    return source.handle if isinstance(source.handle, Path) and not source.shipped else source.name


class PlanReader:
    """Read what a plan names, and gather what is wrong with it.

    Attributes
    ----------
    problems
        What was found so far.
    """

    def __init__(self, layer: Layer, source: Source) -> None:
        self.layer, self.source = layer, source
        self.problems: list[Problem] = []

    def complain(self, path: PathKey, message: str, hint: str | None = None) -> None:
        """Note a mistake at a key of the plan."""
        self.problems.append(self.layer.problem(path, message, hint))

    def scenario_file(self, path: PathKey, name: str) -> str | Path | None:
        """Return what `scenarios.load` knows a scenario by, beside the plan or shipped; None where there is none."""
        source = SCENARIOS.find_beside(name, self.source)
        if source is None:
            message = f"no scenario {shorten(name)} beside this file or among the shipped ones"
            self.complain(path, message, nearest(name, SCENARIOS.names_beside(self.source)))
            return None
        return handle_of(source)

    def observed[O](self, name: str, load: Callable[[str | Path], O], where: PathKey = ("observed",)) -> O | None:
        """Return the observations that a plan names, beside it or shipped; None where they cannot be read."""
        beside: Path | None = None
        if looks_like_path(name) and isinstance(self.source.handle, Path):
            beside = self.source.handle.parent / name
        try:
            return load(name if beside is None else beside)
        except ScenarioError as error:
            lost = beside is not None and not os.path.lexists(beside)
            for problem in error.problems:
                # A name that means no file has no place but the one where the plan says it.
                message = f"'{printable(name)}': {problem.message}" if lost else problem.message
                here = self.layer.problem(where, message, problem.hint)
                self.problems.append(here if lost or problem.file == name else problem)
            return None
