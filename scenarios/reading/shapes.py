"""What the schema expects at a path of a scenario file, and how to say so in plain words."""

from __future__ import annotations

import types
from dataclasses import dataclass
from functools import cache
from typing import Annotated, Any, Literal, Union, get_args, get_origin, get_type_hints

import annotated_types
from pydantic import AfterValidator, BaseModel

from papertiger.scenarios.errors import PathKey
from papertiger.scenarios.schema.figures import FAMILIES, Distribution, Figure, Range, Series
from papertiger.scenarios.schema.scenario import Removal, Scenario
from papertiger.scenarios.schema.values import Words, is_date, is_month

NOT_IN_FILES = ("name",)
"""Keys of a scenario that the loader sets and no file may."""

ONLY_IN_FILES = ("extends", "remove")
"""Keys of a scenario file that its resolved form does not have."""


@dataclass(frozen=True)
class Shape:
    """The type expected at one place, with the limits that go with it."""

    kind: Any
    limits: tuple[Any, ...] = ()

    @property
    def model(self) -> type[BaseModel] | None:
        """Return the class of a mapping with fixed keys, or None."""
        return self.kind if isinstance(self.kind, type) and issubclass(self.kind, BaseModel) else None

    @property
    def entries(self) -> Shape | None:
        """Return the shape of what a mapping of free names holds, or None."""
        return shape_of(get_args(self.kind)[1]) if get_origin(self.kind) is dict else None

    @property
    def is_mapping(self) -> bool:
        """Return whether keys can stand beneath this place."""
        return self.model is not None or self.entries is not None

    @property
    def is_list(self) -> bool:
        """Return whether a list is expected here."""
        return get_origin(self.kind) is tuple

    @property
    def is_text(self) -> bool:
        """Return whether text, or a word of a list, can stand here."""
        if get_origin(self.kind) in (Union, types.UnionType):
            return any(shape_of(part).is_text for part in get_args(self.kind))
        return self.kind is str or get_origin(self.kind) is Literal

    @property
    def keys(self) -> tuple[str, ...]:
        """Return the fixed keys that can stand beneath this place."""
        if self.model is None:
            return ()
        fields = tuple(self.model.model_fields)
        if self.model is Scenario:
            return tuple(key for key in fields if key not in NOT_IN_FILES) + ONLY_IN_FILES
        return fields + FAMILIES if self.model is Figure else fields

    def under(self, key: str | int) -> Shape | None:
        """Return the shape beneath a key, or None when no such key is valid."""
        if self.entries is not None:
            return self.entries
        if self.model is None:
            return None
        if self.model is Figure and key in FAMILIES:
            return _fields(Distribution)[str(key)]
        return _fields(self.model).get(str(key))

    def describe(self) -> str:
        """Return what is expected, as the end of a sentence that begins with "expected"."""
        if self.entries is not None:
            return "names with keys and values beneath" if self.entries.is_mapping else "keys with values"
        if self.kind is Figure:
            return f"a number{self._interval()}"
        if self.kind is Series:
            return "a number, or points with a value by month"
        if self.kind is Words:
            return "a text, or texts by language (en, de)"
        if self.model is not None:
            return "keys with values"
        return self._describe_plain()

    def _describe_plain(self) -> str:
        functions = [limit.func for limit in self.limits if isinstance(limit, AfterValidator)]
        origin = get_origin(self.kind)
        if origin is Literal:
            return f"one of {', '.join(str(word) for word in get_args(self.kind))}"
        if origin is tuple:
            inside = [shape_of(part).describe() for part in get_args(self.kind) if part is not Ellipsis]
            many = Ellipsis in get_args(self.kind)
            kind = (
                inside[0].removeprefix("a ").removesuffix("number") + "numbers"
                if "number" in inside[0]
                else inside[0]
            )
            return f"a list of {kind if many else f'{len(inside)} {kind}'}"
        if origin in (Union, types.UnionType):
            return " or ".join(shape_of(part).describe() for part in get_args(self.kind))
        if is_month in functions:
            return "a month written YYYY-MM"
        if is_date in functions:
            return "a date written YYYY-MM or YYYY-MM-DD"
        return {
            str: "text",
            bool: "true or false",
            int: f"a whole number{self._interval()}",
            float: "a number",
        }.get(self.kind, "a value")

    def _interval(self) -> str:
        for limit in self.limits:
            if isinstance(limit, AfterValidator) and isinstance(limit.func, Range):
                edge = "above" if limit.func.open_low else "from"
                return f" {edge} {limit.func.low:g} to {limit.func.high:g}"
        low = [limit.ge for limit in self.limits if isinstance(limit, annotated_types.Ge)]
        high = [limit.le for limit in self.limits if isinstance(limit, annotated_types.Le)]
        if low and high:
            return f" from {low[0]} to {high[0]}"
        return f" of at least {low[0]}" if low else ""


def shape_of(annotation: Any) -> Shape:
    """Return the shape of a type annotation; that a value may be left out is not part of it."""
    limits: tuple[Any, ...] = ()
    while True:
        if get_origin(annotation) is Annotated:
            annotation, *more = get_args(annotation)
            limits += tuple(more)
        elif get_origin(annotation) in (Union, types.UnionType):
            parts = [part for part in get_args(annotation) if part is not type(None)]
            if len(parts) != 1:
                return Shape(Union[tuple(parts)], limits)  # noqa: UP007 - made of parts known only at run time
            (annotation,) = parts
        else:
            return Shape(annotation, limits)


@cache
def _fields(model: type[BaseModel]) -> dict[str, Shape]:
    hints = get_type_hints(model, include_extras=True)
    shapes = {}
    for name, info in model.model_fields.items():
        shape = shape_of(hints[name])
        shapes[name] = Shape(shape.kind, shape.limits + tuple(info.metadata))
    return shapes


SCENARIO = Shape(Scenario)


def shape_at(path: PathKey) -> Shape | None:
    """Return what is expected at a path of a scenario file, or None where nothing can stand."""
    if path[:1] == ("remove",):
        return shape_within(Shape(Removal), path[1:])
    return shape_within(SCENARIO, path)


def shape_within(root: Shape, path: PathKey) -> Shape | None:
    """Return what is expected at a path beneath a shape, or None where nothing can stand."""
    shape: Shape | None = root
    for key in path:
        if shape is None:
            return None
        if isinstance(key, int):
            inside = [part for part in get_args(shape.kind) if part is not Ellipsis]
            shape = shape_of(inside[min(key, len(inside) - 1)]) if inside else None
        else:
            shape = shape.under(key)
    return shape
