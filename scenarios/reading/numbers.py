"""Check the number that is given for a figure, whichever way it comes in."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from functools import cache
from typing import Any

from pydantic import BaseModel

from papertiger.scenarios.errors import Problem, ScenarioError, shorten
from papertiger.scenarios.reading.shapes import SCENARIO, Shape
from papertiger.scenarios.reading.yaml_reader import forbidden
from papertiger.scenarios.schema.figures import Figure, Range

ANY_NUMBER = Range(-sys.float_info.max, sys.float_info.max)
"""Where the schema sets no other range; infinity and what is no number are outside."""


def figure_number(path: str, value: object, door: str, name: str = "") -> float:
    """Return a number that a figure can take.

    Parameters
    ----------
    path
        Dotted path of the figure.
    value
        What was given for it.
    door, name
        Where, and as what; for the refusal. A blank name is the path.

    Raises
    ------
    ScenarioError
        When it is no number, not finite, or outside the figure's range.
    """
    if type(value) is not float:
        value = as_plain_data(value, name or path, door)
    shape, limits = _limits_at(path)
    # Comparisons with NaN are false, and infinity lies outside every range.
    if isinstance(value, int | float) and not isinstance(value, bool):
        try:
            (limits or ANY_NUMBER).check(float(value))
        except (ValueError, OverflowError):
            pass
        else:
            return float(value)
    expected = "a number" if shape is None else shape.describe()
    got = f"a list of {len(value)}" if isinstance(value, list) else shorten(value)
    raise ScenarioError([Problem(door, None, name or path, f"expected {expected}, got {got}")])


def cell_number(cell: str) -> float:
    """Return the number in a cell of a table, written as every program writes it.

    >>> cell_number("1e3"), cell_number("-0.5")
    (1000.0, -0.5)

    Raises
    ------
    ValueError
        When it is none; Python would also take ``1_000`` and the digits of other scripts.
    """
    if "_" in cell or not cell.isascii():
        raise ValueError(f"expected a number, got {shorten(cell)}")
    return float(cell)


def figure_range(path: str) -> Range | None:
    """Return the range that the schema sets to a figure, or None where there is no figure at a path."""
    return _limits_at(path)[1]


def figure_shape(path: str) -> Shape | None:
    """Return the shape of the figure at a dotted path, or None. Names may hold dots."""
    return _limits_at(path)[0]


@cache
def _limits_at(path: str) -> tuple[Shape | None, Range | None]:
    shape = _figure_beneath(SCENARIO, path.split("."))
    limits = () if shape is None else shape.limits
    return shape, next((limit.func for limit in limits if isinstance(getattr(limit, "func", None), Range)), None)


def _figure_beneath(shape: Shape | None, parts: list[str]) -> Shape | None:
    """Return the figure at some parts of a path beneath a shape; a free name takes as many parts as it needs."""
    if shape is None:
        return None
    if shape.kind is Figure or not parts:
        return shape if shape.kind is Figure and not parts else None
    longest = 1 if shape.entries is None else len(parts)
    figures = (
        _figure_beneath(shape.under(".".join(parts[:length])), parts[length:]) for length in range(1, longest + 1)
    )
    return next((one for one in figures if one is not None), None)


def as_plain_data(value: Any, key: str, door: str) -> Any:
    """Return what a program gave as the plain data that a file would give: NumPy's numbers and arrays too.

    Raises
    ------
    ScenarioError
        When no file could say it.
    """
    if isinstance(value, BaseModel):
        value = value.model_dump(exclude_none=True)
    if hasattr(value, "tolist") and not isinstance(value, Mapping):
        value = value.tolist()  # numbers and arrays of NumPy's, as sweeps hand over
    if isinstance(value, str) and (objection := forbidden(value)):
        raise ScenarioError([Problem(door, None, key, objection)])
    if value is None or isinstance(value, bool | int | float | str):
        return value
    if isinstance(value, Mapping):
        return {as_plain_data(str(name), key, door): as_plain_data(part, key, door) for name, part in value.items()}
    if isinstance(value, list | tuple):
        return [as_plain_data(part, key, door) for part in value]
    message = f"cannot set a value of the type {type(value).__name__}"
    raise ScenarioError([Problem(door, None, key, message)])
