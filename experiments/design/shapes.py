"""Tell what is expected where in an experiment file, so that a message can say it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from papertiger.experiments.design.schema import Experiment, ScenarioEntry
from papertiger.experiments.measures import kinds, measure_class
from papertiger.scenarios.errors import PathKey, listing
from papertiger.scenarios.reading.shapes import Shape, shape_within


@dataclass(frozen=True)
class _Root(Shape):
    """Describe the file as a whole: its name is not for it to say."""

    @property
    def keys(self) -> tuple[str, ...]:
        return tuple(key for key in Experiment.model_fields if key != "name")


@dataclass(frozen=True)
class _ScenarioEntry(Shape):
    def describe(self) -> str:
        return "the name or path of a scenario"


@dataclass(frozen=True)
class _Kind(Shape):
    def describe(self) -> str:
        return f"one of {listing(kinds())}"


ROOT = _Root(Experiment)


def shapes_of(data: dict[str, Any]) -> Any:
    """Return a function that tells what is expected at a path of an experiment file.

    Parameters
    ----------
    data
        What the file says, since the kind of a measure decides on its other keys.
    """

    def shape_at(path: PathKey) -> Shape | None:
        if path[:1] == ("measures",) and len(path) > 1:
            if path[2:] == ("kind",):
                return _Kind(str)
            entry = (data.get("measures") or {}).get(path[1])
            cls = measure_class(str(entry.get("kind"))) if isinstance(entry, dict) else None
            return None if cls is None else shape_within(Shape(cls), path[2:])
        if path[:1] == ("scenarios",) and len(path) == 2:
            return _ScenarioEntry(ScenarioEntry)
        return shape_within(ROOT, path)

    return shape_at
