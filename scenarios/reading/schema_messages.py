"""Turn what validation reports into problems that name the file, the line and what was expected."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, get_args

from pydantic import ValidationError

from papertiger.scenarios.errors import MAX_SOUGHT, UNKNOWN_KEY, PathKey, Problem, listing, nearest, shorten
from papertiger.scenarios.reading.shapes import Shape, shape_at, shape_of
from papertiger.scenarios.reading.yaml_reader import Layer
from papertiger.scenarios.schema.parameters import Parameters

type ShapeAt = Callable[[PathKey], Shape | None]
"""Tells what is expected at a path of the kind of file that was read."""

MAX_MISSING = 12

_DECIMAL_COMMA = re.compile(r"[-+]?\d+,\d+")
_NAMED_SECTIONS = ("clients", "patrons", "rivals", "adversaries", "events", "signals", "switches")


def problems_of(
    error: ValidationError, layer: Layer, root: PathKey = (), shapes: ShapeAt = shape_at
) -> list[Problem]:
    """Return one problem for each mistake that validation found.

    Parameters
    ----------
    error
        What pydantic reported.
    layer
        The data, of which `root` names the part that was validated. What the reader has objected to already
        is not reported again.
    root
        Where the validated part stands in the data.
    shapes
        What is expected where; that of scenario files if it is left out.
    """
    missing: dict[PathKey, list[str]] = {}
    problems: dict[PathKey, Problem] = {}
    for detail in error.errors(include_url=False, include_context=True):
        if len(problems) + len(missing) >= MAX_SOUGHT:
            break
        loc = (*root, *detail["loc"])
        path = _path_in(layer.data, loc[:-1] if detail["type"] == "missing" else loc)
        if any(path[:length] in layer.broken for length in range(1, len(path) + 1)):
            continue
        if detail["type"] == "too_short" and _is_long_enough(detail, _value_at(layer.data, path)):
            continue
        if detail["type"] == "missing":
            missing.setdefault(path, []).append(str(loc[-1]))
        elif path not in problems:
            message, hint = _explain(detail, path, _value_at(layer.data, path), loc, shapes)
            problems[path] = layer.problem(path, message, hint)
    _say_once(problems, missing)
    return [*problems.values(), *(_report_missing(path, keys, layer) for path, keys in missing.items())]


def _is_long_enough(detail: Any, value: Any) -> bool:
    """Tell whether a list has the entries it needs: then only wrong ones are too few, and each is told by itself."""
    return isinstance(value, list) and len(value) >= detail["ctx"]["min_length"]


def _say_once(problems: dict[PathKey, Problem], missing: dict[PathKey, list[str]]) -> None:
    """Drop what is missing from where an unknown key is near to it: the unknown key is the missing one, misspelt."""
    for path, problem in problems.items():
        absent = missing.get(path[:-1], [])
        if problem.message.startswith(UNKNOWN_KEY) and problem.hint in absent:
            absent.remove(problem.hint)
            if not absent:
                del missing[path[:-1]]


def _report_missing(path: PathKey, keys: list[str], layer: Layer) -> Problem:
    shown = [f"'{key}'" for key in keys[:MAX_MISSING]]
    if len(keys) > MAX_MISSING:
        shown.append(f"and {len(keys) - MAX_MISSING} more")
    message = f"missing key{'s' if len(keys) > 1 else ''} {', '.join(shown)}"
    hint = None
    if len(path) == 2 and path[0] in _NAMED_SECTIONS:
        # Someone who meant an inherited name and misspelt it has, by accident, begun a new entry.
        hint = nearest(path[1], [name for name in _value_at(layer.data, path[:1]) if name != path[1]])
    return layer.problem(path, message, hint)


def _explain(detail: Any, path: PathKey, value: Any, loc: PathKey, shapes: ShapeAt) -> tuple[str, str | None]:
    if detail["type"] == "extra_forbidden":
        return _unknown_key(path, shapes)
    if loc and loc[-1] == "[key]":
        return _explain_key(path, shapes), None
    said = detail["msg"].removeprefix("Value error, ")
    shape = shapes(path)
    # What a validator of the schema says is clear by itself when it quotes what it got.
    clear = "got" in said or isinstance(value, dict)
    if shape is None or (clear and detail["type"] == "value_error"):
        plain = said.removeprefix("Input should be ")
        return (said if plain == said else f"expected {plain}, got {shorten(value)}"), None
    if isinstance(value, str) and not value.strip():
        return f"expected {shape.describe()}, got nothing", None
    if detail["type"] == "too_short" and not value:
        return "expected at least one entry", None
    got = f"{len(value)} in the list" if isinstance(value, list) and shape.is_list else shorten(value)
    return f"expected {shape.describe()}, got {got}", _hint(shape, value)


def _explain_key(path: PathKey, shapes: ShapeAt) -> str:
    parent = shapes(path[:-1])
    names = get_args(parent.kind)[:1] if parent is not None else ()
    expected = shape_of(names[0]).describe() if names else "a name"
    return f"expected {expected} as key, got {shorten(path[-1])}"


def _unknown_key(path: PathKey, shapes: ShapeAt) -> tuple[str, str | None]:
    key = str(path[-1])
    parent = shapes(path[:-1])
    valid = list(parent.keys) if parent is not None else []
    hint = nearest(key, valid)
    if hint is None and shapes is shape_at and len(path) == 1 and key in Parameters.model_fields:
        hint = f"parameters.{key}"
    if hint is not None or not valid or len(valid) > 30:
        return UNKNOWN_KEY, hint
    return f"{UNKNOWN_KEY}, expected one of {listing(valid)}", None


def _hint(shape: Shape, value: Any) -> str | None:
    if not isinstance(value, str):
        return None
    if "number" in shape.describe() and _DECIMAL_COMMA.fullmatch(value):
        return value.replace(",", ".")
    if shape.kind is bool:
        return {"yes": "true", "on": "true", "no": "false", "off": "false"}.get(value.casefold())
    words = [str(word) for word in get_args(shape.kind)] if shape.describe().startswith("one of") else []
    return nearest(value, words)


def _path_in(data: Any, loc: PathKey) -> PathKey:
    """Return the part of pydantic's location that stands in the data.

    A location also names branches of unions, and the full form of what the file wrote in short.
    """
    path: list[str | int] = []
    node = data
    for key in loc:
        if isinstance(node, dict) and isinstance(key, str):
            if key in node:
                node = node[key]
                path.append(key)
        elif isinstance(node, list | tuple) and isinstance(key, int) and key < len(node):
            node = node[key]
            path.append(key)
    return tuple(path)


def _value_at(data: Any, path: PathKey) -> Any:
    for key in path:
        data = data[key]
    return data
