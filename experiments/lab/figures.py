"""Say which figures of a scenario can be moved in the lab, over which range, and what each is called."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

from pydantic import BaseModel

from papertiger.experiments.lab import words
from papertiger.model.sampling import quantile
from papertiger.scenarios.schema.figures import Figure, Within

if TYPE_CHECKING:
    from papertiger.model.template import Template
    from papertiger.scenarios.schema.scenario import Scenario

FIRST = {f"parameters.{name}": unit for name, (_, _, unit) in words.FIRST.items()}
"""The figures that come first, in order, and their unit."""
SHARED = ".assets."
"""Part of the paths of shares that all clients together have of one thing."""
TAIL = 0.025
"""How much of a prior with tails lies beyond each end of a slider."""
NEAR = 2.0
"""How far apart the bounds of a figure without a prior may be to be those of its slider."""
SWITCHES = {
    "trust": "parameters.evidence_scale",
    "threat": "parameters.patron_threat_weight",
    "standing": "parameters.standing_cost",
}
"""What is taken out of a world by putting one figure at 0."""


class Movable(NamedTuple):
    """Describe a figure that can be moved.

    Attributes
    ----------
    key
        Its dotted path.
    value, low, high
        As shipped, and the ends of its slider.
    least, greatest
        What a file may say.
    label, what
        What it is called, by language, and what the schema says of it.
    unit, group
        Of which kind of number it is, and with which others it stands.
    why, source
        Of the file; blank where it says none.
    """

    key: str
    value: float
    low: float
    high: float
    least: float
    greatest: float
    label: dict[str, str]
    what: str
    unit: str
    group: str
    why: str
    source: str


def movable_figures(scenario: Scenario, template: Template) -> list[Movable]:
    """Return the figures that can be moved, those of `FIRST` first.

    A figure can be moved where its path leads to it in the file, so that a file can give it the same number; and not
    where a file may give it no number without changing something else.

    Parameters
    ----------
    scenario, template
        The scenario, and what reads it.
    """
    movable = []
    for path, figure in template.figures.items():
        if figure.value is None or _at(scenario, path) is not figure or _is_bound(scenario, path):
            continue
        bounds, what = _declared(scenario, path)
        low, high = _range(bounds, figure)
        movable.append(
            Movable(
                path,
                figure.value,
                min(low, figure.value),
                max(high, figure.value),
                *bounds,
                words.figure_words(path, scenario),
                what,
                FIRST[path] if path in FIRST else _unit(bounds),
                _group(path),
                figure.why or "",
                figure.source or "",
            )
        )
    order = list(FIRST)
    return sorted(movable, key=lambda one: order.index(one.key) if one.key in FIRST else len(order))


def _at(part: Any, path: str) -> Any:
    """Return what stands at a dotted path of a scenario, or None."""
    for name in path.split("."):
        part = part.get(name) if isinstance(part, Mapping) else getattr(part, name, None)
        if part is None:
            return None
    return part


def _is_bound(scenario: Scenario, path: str) -> bool:
    """Tell whether a file holds a figure to something else: shares of a whole, and the forms that crises take."""
    if SHARED in path:
        return True
    section, _, rest = path.partition(".")
    name, _, field = rest.partition(".")
    return section == "clients" and field == "air_attacks" and bool(scenario.clients[name].crises)


def _range(bounds: tuple[float, float], figure: Figure) -> tuple[float, float]:
    """Return the range of a slider: that of the figure's own prior, or else what a file may say of it."""
    assert figure.value is not None
    (low, high), prior = bounds, figure.prior
    if prior is not None and prior.family in ("uniform", "loguniform", "choice"):
        return min(prior.numbers), max(prior.numbers)
    if prior is not None:
        return max(low, _short(quantile(prior, TAIL))), min(high, _short(quantile(prior, 1.0 - TAIL)))
    return (low, high) if high - low <= NEAR else (max(low, -NEAR), min(high, max(1.0, 2.0 * figure.value)))


def _short(number: float) -> float:
    """Return a number with two digits, as the end of a slider has them."""
    return float(f"{number:.2g}")


def _declared(scenario: Scenario, path: str) -> tuple[tuple[float, float], str]:
    """Return the least and the greatest number that the schema lets a figure have, and what it says of it."""
    above, _, name = path.rpartition(".")
    part = _at(scenario, above)
    if isinstance(part, BaseModel):
        field = type(part).model_fields[name]
        for one in field.metadata:
            if isinstance(one, Within):
                bounds: Any = one.func
                return (float(bounds.closed[0]), float(bounds.closed[1])), field.description or ""
    return (0.0, 1.0), ""


def _unit(bounds: tuple[float, float]) -> str:
    """Return of which kind a number is, as far as its bounds tell."""
    return {(0.0, 1.0): "share", (-1.0, 1.0): "share", (1.0, 3.0): "intensity"}.get(bounds, "")


def _group(path: str) -> str:
    parts = path.split(".")
    return ".".join(parts[:2]) if parts[0] == "clients" else parts[0]
