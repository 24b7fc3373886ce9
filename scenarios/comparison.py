"""Say in what two resolved scenarios differ."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, TypeGuard

from pydantic import BaseModel

from papertiger.scenarios.arguments import check_kind
from papertiger.scenarios.errors import PathKey, dotted
from papertiger.scenarios.schema.figures import Distribution, Figure
from papertiger.scenarios.schema.scenario import Scenario

LABELS = ("name", "title", "description", "abstract", "counterfactual_to", "claims", "game")
"""What a scenario says about itself rather than about its world; never listed."""


@dataclass(frozen=True, slots=True)
class Difference:
    """One place where two scenarios differ; None stands for what a scenario does not have."""

    path: str
    left: Any
    right: Any


def differences(left: Scenario, right: Scenario) -> list[Difference]:
    """Return every difference between two scenarios, in the order of the schema.

    A client, an event or anything else with a name that only one of them has is one row, given whole as plain
    data. A figure's number stands at the figure's own path, its distribution, source and reason beneath it.

    Raises
    ------
    TypeError
        If one of them is no resolved scenario.
    """
    for name, scenario in (("left", left), ("right", right)):
        check_kind(name, scenario, Scenario, "a resolved scenario")
    rows: list[Difference] = []
    for field in Scenario.model_fields:
        if field not in LABELS:
            rows.extend(_compare((field,), getattr(left, field), getattr(right, field)))
    return rows


def _compare(path: PathKey, left: Any, right: Any) -> Iterator[Difference]:
    if left == right:
        return
    if isinstance(left, Mapping) and isinstance(right, Mapping):
        for key in [*left, *(key for key in right if key not in left)]:
            yield from _compare((*path, key), left.get(key), right.get(key))
    elif type(left) is type(right) and _has_parts(left):
        for field in type(left).model_fields:
            where = path if isinstance(left, Figure) and field == "value" else (*path, field)
            yield from _compare(where, getattr(left, field), getattr(right, field))
    else:
        yield Difference(dotted(path), _as_data(left), _as_data(right))


def _has_parts(value: Any) -> TypeGuard[BaseModel]:
    return isinstance(value, BaseModel) and not isinstance(value, Distribution)


def _as_data(value: Any) -> Any:
    """Return a part of a scenario as plain data, a figure that is only a number as that number."""
    if isinstance(value, Figure) and value.prior is None and value.source is None and value.why is None:
        return value.value
    if isinstance(value, Distribution):
        return {value.family: list(value.numbers)}
    if isinstance(value, BaseModel):
        parts = {field: _as_data(getattr(value, field)) for field in type(value).model_fields}
        return {field: part for field, part in parts.items() if part is not None}
    if isinstance(value, Mapping):
        return {key: _as_data(part) for key, part in value.items()}
    return [_as_data(part) for part in value] if isinstance(value, tuple) else value
