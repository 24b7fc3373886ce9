"""Define what a forecast declares before it is made: how likely each path of the war is, and who decides.

Weights that are chosen after the outcome pick the winner. So they stand in the file of the calibration, with a reason
and a range each, and what is scored is the mixture that they make. Computes nothing else.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Annotated

from pydantic import Field

from papertiger.experiments.history.observed.periods import HalfYear
from papertiger.scenarios.errors import listing, nearest, shorten
from papertiger.scenarios.observed.schema import Sources
from papertiger.scenarios.schema.values import EventDate, Finite, Part, Text

PATHS: dict[str, dict[str, object]] = {
    "continues": {"war.after": "continues"},
    "ends": {"war.after": "ends"},
    "escalates": {"war.after": "escalates"},
}
"""Paths of the war after the last known month, as settings of a scenario."""
_ROUNDING = 1e-9

Chance = Annotated[Finite, Field(ge=0, le=1)]


class PathWeight(Part):
    """Say how likely a path of the war is: a judgement, with a reason and a range."""

    weight: Chance = Field(description="its probability, beforehand; those of all paths add up to 1")
    range: tuple[Chance, Chance] = Field(description="from where to where it could be argued to lie")
    why: Text


class Declaration(Part):
    """Say what a forecast declares before it is made."""

    declared: EventDate = Field(description="when this was written down, YYYY-MM-DD; no later than the forecast")
    last: HalfYear = Field(description="the last half-year that is asked about")
    weights: dict[Text, PathWeight] = Field(description=f"by path of the war: {', '.join(PATHS)}")
    why: Text = Field(description="on what the weights rest")
    source: Sources | None = None
    decided_by: Text = Field(description="who codes what came, and how")
    decided_from: Text = Field(description="the sources that are looked up")
    decided_within: int = Field(
        strict=True, ge=1, le=24, description="months after the end of a half-year in which it is coded"
    )

    @property
    def chances(self) -> dict[str, float]:
        """Return the weight of each path, in the order of `PATHS`."""
        return {path: self.weights[path].weight for path in PATHS}


def objections(declared: Declaration) -> Iterator[tuple[tuple[str, ...], str, str | None]]:
    """Yield what is wrong with the weights: keys from the declaration's own on, a message, and the nearest name.

    Parameters
    ----------
    declared
        What a calibration says.
    """
    for path, one in declared.weights.items():
        if path not in PATHS:
            message = f"no path of the war {shorten(path)}, expected {listing(PATHS)}"
            yield ("weights", path), message, nearest(path, PATHS)
        if not one.range[0] <= one.weight <= one.range[1]:
            low, high = one.range
            yield ("weights", path, "range"), f"expected a range around {one.weight:g}, got {low:g} to {high:g}", None
    lacks = [path for path in PATHS if path not in declared.weights]
    if lacks and set(declared.weights) <= set(PATHS):
        yield ("weights",), f"expected a weight for each path of the war, lacks {', '.join(lacks)}", None
    total = math.fsum(one.weight for one in declared.weights.values())
    if abs(total - 1.0) > _ROUNDING:
        yield ("weights",), f"expected weights that add up to 1, got {total:g}", None
    if len(declared.declared) < len("YYYY-MM-DD"):
        yield ("declared",), f"expected a day written YYYY-MM-DD, got {declared.declared}", None
