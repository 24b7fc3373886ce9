"""Make a lesson of a file: find it beside its scenario, read it, check it, and report all mistakes at once."""

from __future__ import annotations

from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from pydantic import ValidationError

from papertiger.scenarios.errors import MAX_SOUGHT, Problem, ScenarioError
from papertiger.scenarios.lessons.checks import check_lesson
from papertiger.scenarios.lessons.schema import Lesson
from papertiger.scenarios.reading.schema_messages import problems_of
from papertiger.scenarios.reading.shapes import Shape, shape_within
from papertiger.scenarios.reading.sources import LESSONS, Source, looks_like_path
from papertiger.scenarios.reading.yaml_reader import MAX_BYTES, Layer, read_layer

if TYPE_CHECKING:
    from papertiger.scenarios.schema.scenario import Scenario


class Read(NamedTuple):
    """A lesson, and where each part of it stands, for whoever finds more to object to."""

    lesson: Lesson
    tree: Layer


def source_of(name_or_path: str | Path) -> Source | None:
    """Return the file of a scenario's lesson, ``lessons/NAME.yaml`` beside it or a shipped one; or None."""
    text = str(name_or_path)
    if isinstance(name_or_path, Path) or looks_like_path(text):
        path = Path(text)
        beside = path.parent / "lessons" / path.name
        return Source(str(beside), beside) if beside.is_file() else None
    return LESSONS.shipped.get(text)


def load_lesson(name_or_path: str | Path, scenario: Scenario) -> Read | None:
    """Return the lesson about a scenario, checked; None where it has none.

    Parameters
    ----------
    name_or_path
        The name or the path by which the scenario was loaded.
    scenario
        As it was loaded; it has a game.

    Raises
    ------
    ScenarioError
        With every mistake found, each with its file and line.
    """
    source = source_of(name_or_path)
    return None if source is None else read_lesson(source, scenario)


def read_lesson(source: Source, scenario: Scenario) -> Read:
    """Return the lesson of a file, checked against its scenario."""
    tree = read_layer(source.read(MAX_BYTES), source.label, 0, "a lesson")
    problems: list[Problem] = list(tree.problems)
    if "name" in tree.data:
        problems.append(tree.problem(("name",), "the file's name says this; leave this key out"))
    try:
        lesson = Lesson.model_validate({**tree.data, "name": source.name})
    except ValidationError as error:
        root = Shape(Lesson)
        problems += problems_of(error, tree, (), lambda path: shape_within(root, path))
    else:
        problems += islice(check_lesson(lesson, scenario, tree), MAX_SOUGHT)
        if not problems:
            return Read(lesson, tree)
    unique = dict.fromkeys(problems)
    raise ScenarioError(sorted(unique, key=lambda one: (one.line or 0, one.key)))
