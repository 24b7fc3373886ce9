"""Read files of rules, the shipped one or a modeler's own, with every mistake by line and key."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path

from pydantic import ValidationError

from papertiger.scenarios.errors import ScenarioError
from papertiger.scenarios.reading.schema_messages import problems_of
from papertiger.scenarios.reading.shapes import Shape, shape_within
from papertiger.scenarios.reading.sources import Source
from papertiger.scenarios.reading.yaml_reader import MAX_BYTES, read_layer
from papertiger.scenarios.schema.values import Part


def load_rule_file[T: Part](model: type[T], package: str, shipped: str, path: str | Path | None, what: str) -> T:
    """Return the rules of a file.

    Parameters
    ----------
    model
        What such a file holds.
    package, shipped
        Where the shipped file lies, and its name.
    path
        A modeler's own file; None takes the shipped one.
    what
        What messages call such a file.

    Raises
    ------
    ScenarioError
        With every mistake found, each with its line and key.
    """
    source = (
        Source(shipped, files(package) / shipped, shipped=True) if path is None else Source(str(path), Path(path))
    )
    layer = read_layer(source.read(MAX_BYTES), source.label, what=what, shipped=source.shipped)
    problems = list(layer.problems)
    try:
        rules = model.model_validate(layer.data)
    except ValidationError as error:
        root = Shape(model)
        problems += problems_of(error, layer, (), lambda place: shape_within(root, place))
    else:
        if not problems:
            return rules
    raise ScenarioError(problems)
