"""Define figures: a number or a distribution, with its bounds, its source and its reason."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any, Literal

from pydantic import (
    AfterValidator,
    Field,
    GetJsonSchemaHandler,
    PrivateAttr,
    model_validator,
)
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema

from papertiger.scenarios.errors import shorten
from papertiger.scenarios.schema.values import (
    SMALLEST,
    TAILS,
    Finite,
    Month,
    Part,
    Text,
)


class Distribution(Part):
    """A probability distribution for sweeps; exactly one of the families is given.

    ``lognormal`` takes the *median* and the standard deviation of the logarithm. Where ``normal`` or ``lognormal``
    reaches beyond what a figure can be, it is truncated: what lies within keeps its proportions.

    Attributes
    ----------
    within
        The interval that it is truncated to, or None; the figure sets it, not the file.
    """

    uniform: tuple[Finite, Finite] | None = Field(default=None, description="[low, high]")
    loguniform: tuple[Finite, Finite] | None = Field(default=None, description="[low, high], both above 0")
    normal: tuple[Finite, Finite] | None = Field(default=None, description="[mean, standard deviation]")
    lognormal: tuple[Finite, Finite] | None = Field(default=None, description="[median, sigma of the logarithm]")
    beta: tuple[Finite, Finite] | None = Field(default=None, description="[alpha, beta]")
    choice: tuple[Finite, ...] | None = Field(default=None, description="equally likely values", min_length=1)

    _within: tuple[float, float] | None = PrivateAttr(None)

    @model_validator(mode="after")
    def _one_family(self) -> Distribution:
        given = [name for name in FAMILIES if getattr(self, name) is not None]
        if len(given) != 1:
            raise ValueError(f"expected exactly one of {', '.join(FAMILIES)}")
        (family,) = given
        numbers = getattr(self, family)
        if family in ("uniform", "loguniform") and not numbers[0] <= numbers[1]:
            raise ValueError(f"{family}: expected [low, high] with low <= high")
        if family in ("loguniform", "lognormal") and numbers[0] <= 0:
            raise ValueError(f"{family}: expected a first number above 0")
        if family in ("normal", "lognormal") and numbers[1] < 0:
            raise ValueError(f"{family}: expected a spread of at least 0")
        if family == "beta" and not (numbers[0] > 0 and numbers[1] > 0):
            raise ValueError("beta: expected two numbers above 0")
        if family == "loguniform" and not math.isfinite(numbers[1] / numbers[0]):
            raise ValueError("loguniform: expected numbers that are less far apart")
        if not all(math.isfinite(end) for end in self.reach()):
            raise ValueError(f"{family}: expected a smaller spread")
        return self

    @property
    def family(self) -> str:
        """Return the name of the family that is given."""
        return next(name for name in FAMILIES if getattr(self, name) is not None)

    @property
    def numbers(self) -> tuple[float, ...]:
        """Return the numbers of the family that is given."""
        numbers: tuple[float, ...] = getattr(self, self.family)
        return numbers

    @property
    def within(self) -> tuple[float, float] | None:
        """Return the interval that the distribution is truncated to, or None."""
        return self._within

    def truncated(self, low: float, high: float) -> Distribution:
        """Return the distribution truncated to an interval, as far as it has tails that reach beyond it.

        Only the tails of ``normal`` and ``lognormal`` are cut, and only where the middle lies within: other families
        name their bounds themselves, and of a middle outside little but a slip would be left.

        Parameters
        ----------
        low, high
            The interval, both included.
        """
        least, greatest = self.reach()
        tailed = self.family in ("normal", "lognormal") and low <= self.numbers[0] <= high
        if not tailed or (low <= least and greatest <= high):
            return self
        cut = self.model_copy()
        cut._within = (low, high)
        return cut

    def reach(self) -> tuple[float, float]:
        """Return the least and the greatest number that can be drawn."""
        low, high = self._untruncated()
        return (low, high) if self.within is None else (max(low, self.within[0]), min(high, self.within[1]))

    def _untruncated(self) -> tuple[float, float]:
        numbers = self.numbers
        match self.family:
            case "normal":
                return numbers[0] - TAILS * numbers[1], numbers[0] + TAILS * numbers[1]
            case "lognormal":
                exponent = TAILS * numbers[1]
                factor = math.exp(exponent) if exponent < 700.0 else math.inf
                return numbers[0] / factor, numbers[0] * factor
            case "beta":
                return 0.0, 1.0
            case _:
                return min(numbers), max(numbers)


FAMILIES = ("uniform", "loguniform", "normal", "lognormal", "beta", "choice")


class Figure(Part):
    """A number with where it comes from.

    A bare number in the file is a figure with only a value. A bare distribution is a figure that is drawn once
    per run. ``prior`` beside a value is the range a sweep explores; a plain run uses the value.
    """

    value: Finite | None = Field(default=None, description="the number a plain run uses")
    prior: Distribution | None = Field(default=None, description="the range that a sweep explores")
    source: Text | None = Field(default=None, description="where a fact comes from")
    why: Text | None = Field(default=None, description="the reason of a judgement")

    @model_validator(mode="before")
    @classmethod
    def _shorthand(cls, data: Any) -> Any:
        if isinstance(data, bool | str) or data is None:
            raise ValueError("expected a number")
        if isinstance(data, int | float):
            return {"value": data}
        if isinstance(data, Mapping):
            families = {key: data[key] for key in data if key in FAMILIES}
            if families:
                rest = {key: data[key] for key in data if key not in FAMILIES}
                return {**rest, "prior": families}
        return data

    @model_validator(mode="after")
    def _has_number(self) -> Figure:
        if self.value is None and self.prior is None:
            raise ValueError("expected a value or a distribution")
        return self


class Range:
    """Bound a figure: its value, every number that its distribution names as a bound or a choice, and its draws."""

    def __init__(self, low: float, high: float, *, open_low: bool = False) -> None:
        self.low, self.high, self.open_low = low, high, open_low

    def __call__(self, figure: Figure) -> Figure:
        """Return the figure, its prior truncated to the interval, or raise ``ValueError`` naming the interval."""
        numbers = [] if figure.value is None else [figure.value]
        if figure.prior is not None and figure.prior.family in ("uniform", "loguniform", "choice"):
            numbers.extend(figure.prior.numbers)
        for number in numbers:
            self.check(number)
        if figure.prior is None:
            return figure
        prior = figure.prior.truncated(*self.closed)
        if figure.value is None:
            self._hold(prior)
        return figure if prior is figure.prior else figure.model_copy(update={"prior": prior})

    def check(self, number: float) -> None:
        """Raise ``ValueError`` naming the interval if a number lies outside."""
        if not self.low <= number <= self.high or (self.open_low and number - self.low < SMALLEST):
            raise ValueError(f"expected a number {self._interval()}, got {shorten(number)}")

    @property
    def closed(self) -> tuple[float, float]:
        """Return the least and the greatest number that there can be."""
        return (self.low + SMALLEST if self.open_low else self.low), self.high

    def _hold(self, drawn: Distribution) -> None:
        """Raise ``ValueError`` if a run could draw a number outside the interval."""
        low, high = drawn.reach()
        if not (self.low <= low and high <= self.high) or (self.open_low and low - self.low < SMALLEST):
            raise ValueError(
                f"expected a number {self._interval()}, got {drawn.family} {list(drawn.numbers)}, which is drawn "
                f"from {low:g} to {high:g}; narrow it, or write another family such as uniform"
            )

    def _interval(self) -> str:
        return f"{'above' if self.open_low else 'from'} {self.low:g} to {self.high:g}"


@dataclass(frozen=True)
class Within(AfterValidator):
    """Validate with a `Range`, and tell it to the published JSON Schema."""

    def __get_pydantic_json_schema__(self, core: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        """Return the schema of the figure with the interval beside it, for numbers and what mappings hold."""
        bounds: Any = self.func
        number = {"exclusiveMinimum" if bounds.open_low else "minimum": bounds.low, "maximum": bounds.high}
        inside = {"value": number, **{family: {"items": number} for family in ("uniform", "loguniform", "choice")}}
        return {**handler(core), **number, "properties": inside}


Share = Annotated[Figure, Within(Range(0.0, 1.0))]


Signed = Annotated[Figure, Within(Range(-1.0, 1.0))]


Amount = Annotated[Figure, Within(Range(0.0, 100.0))]


Positive = Annotated[Figure, Within(Range(0.0, 100.0, open_low=True))]


AnyNumber = Annotated[Figure, Within(Range(-100.0, 100.0))]


Intensity = Annotated[Figure, Within(Range(1.0, 3.0))]


class Series(Part):
    """A path over months: points by month, held (``step``) or joined by straight lines (``linear``).

    A bare number in the file is a constant path. Before the first point the first value holds, after the last
    point the last one does.
    """

    points: dict[Month, Finite] = Field(
        description="value by month", min_length=1, json_schema_extra={"additionalProperties": False}
    )
    shape: Literal["step", "linear"] = Field(
        default="step", description="held until the next point, or joined by lines"
    )
    source: Text | None = None
    why: Text | None = None

    @model_validator(mode="before")
    @classmethod
    def _constant(cls, data: Any) -> Any:
        if isinstance(data, int | float) and not isinstance(data, bool):
            return {"points": {"1900-01": data}}
        return data
