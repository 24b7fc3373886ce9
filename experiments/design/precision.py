"""Define how narrow the intervals of an experiment are to be, in place of how many replicates it has."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from pydantic import Field, model_validator

from papertiger.scenarios.errors import listing, nearest, shorten
from papertiger.scenarios.schema.values import Part, Text

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

UNITS = {"pp": "percentage points", "percentage points": "percentage points", "months": "months", "rungs": "rungs",
         "clients": "clients"}  # fmt: skip
WRITTEN = re.compile(r"^(?P<number>\d+(?:\.\d+)?|\.\d+)\s*(?P<unit>[a-z][a-z ]*)?$", re.ASCII)
MAX_REPLICATES = 20_000


class Precision(Part):
    """Ask for intervals that are at most so wide to either side, and for more runs until they are.

    Written short, ``precision: 0.5 pp``, or whole, with the measures that are meant and a limit.
    """

    within: Text = Field(
        description="half the width that is narrow enough, with its unit: 0.5 pp, 0.2 months, 0.05 rungs; without a "
        "unit in the measure's own"
    )
    measures: tuple[Text, ...] = Field(
        default=(), description="which measures; left out: all that are compared and have this unit"
    )
    most: int = Field(
        default=MAX_REPLICATES, strict=True, ge=2, description="replicates at which to stop in any case"
    )

    @model_validator(mode="before")
    @classmethod
    def _shorthand(cls, data: Any) -> Any:
        if isinstance(data, str | int | float) and not isinstance(data, bool):
            return {"within": str(data)}
        if isinstance(data, dict) and isinstance(data.get("within"), int | float):
            return {**data, "within": str(data["within"])}
        return data

    @model_validator(mode="after")
    def _holds(self) -> Precision:
        match = WRITTEN.match(self.within)
        unit = None if match is None else (match["unit"] or "").strip()
        if match is None or (unit and unit not in UNITS) or float(match["number"]) <= 0:
            near = nearest(unit if unit is not None else self.within.lstrip("0123456789. "), tuple(UNITS))
            hint = f" (did you mean '{near}'?)" if near and near != unit else ""
            raise ValueError(
                f"within: expected a number above 0 with a unit, {listing(tuple(UNITS))}, got "
                f"{shorten(self.within)}{hint}"
            )
        return self

    @property
    def number(self) -> float:
        """Return the half width, in its unit."""
        match = WRITTEN.match(self.within)
        assert match is not None
        return float(match["number"])

    @property
    def unit(self) -> str:
        """Return the unit as reports call it; blank for the measure's own."""
        match = WRITTEN.match(self.within)
        assert match is not None
        return UNITS.get((match["unit"] or "").strip(), "")


def faults(
    asked: Precision, measures: Sequence[str], numbers: Sequence[str], replicates: int
) -> Iterator[tuple[tuple[str | int, ...], str, str | None]]:
    """Yield what an experiment does not know of a precision: where, what is wrong, and the nearest valid name.

    Parameters
    ----------
    asked, measures, numbers, replicates
        What is asked, the names of all measures and of those that are numbers, and how many replicates are run first.
    """
    for place, name in enumerate(asked.measures):
        where = ("measures", place)
        if name not in measures:
            yield where, f"no measure {shorten(name)} in this file", nearest(name, measures)
        elif name not in numbers:
            yield where, f"the measure {shorten(name)} is text, expected one that is a number", None
        elif name in asked.measures[:place]:
            yield where, f"the measure {shorten(name)} is named twice", None
    if asked.most < replicates:
        yield (
            ("most",),
            f"expected at least the {replicates:,} replicates that are run first, got {asked.most:,}",
            None,
        )
