"""Define what a mapping file holds: which rows of a data set become which events, and why."""

from __future__ import annotations

from numbers import Real
from typing import Literal

from pydantic import Field, StrictFloat, StrictInt, StrictStr, model_validator

from papertiger.scenarios.schema.values import Confidence, Finite, Part, Text

ROLES = ("client", "patron", "adversary", "rival")
"""Parts that an actor of the data can play in the scenario."""

type Scalar = StrictStr | StrictInt | StrictFloat


class Condition(Part):
    """What a cell must be; all that is said must hold. A cell without a value fulfils nothing."""

    equals: Scalar | None = None
    one_of: tuple[Scalar, ...] = ()
    starts_with: tuple[Text, ...] = Field(default=(), description="for codes whose first digits say the class")
    contains: tuple[Text, ...] = Field(default=(), description="one of these texts, in any case")
    at_least: Finite | None = None
    at_most: Finite | None = None

    @model_validator(mode="after")
    def _says_something(self) -> Condition:
        if not self.model_fields_set:
            raise ValueError("expected at least one of equals, one_of, starts_with, contains, at_least, at_most")
        return self

    def holds(self, value: object) -> bool:
        """Tell whether a cell fulfils it."""
        text = as_text(value)
        if not text:
            return False
        number = float(value) if isinstance(value, Real) else None
        return (
            (self.equals is None or text == as_text(self.equals))
            and (not self.one_of or text in {as_text(one) for one in self.one_of})
            and (not self.starts_with or text.startswith(self.starts_with))
            and (not self.contains or any(part.casefold() in text.casefold() for part in self.contains))
            and (self.at_least is None or (number is not None and number >= self.at_least))
            and (self.at_most is None or (number is not None and number <= self.at_most))
        )


class Party(Part):
    """Where the data say who an actor is."""

    column: Text
    pattern: Text | None = Field(
        default=None, description="a regular expression whose one group is the name, where the cell says more"
    )


class Step(Part):
    """From which value on an event has an intensity."""

    at_least: Finite
    intensity: Finite = Field(ge=1, le=3)


class Bands(Part):
    """An intensity read off a column, by steps."""

    column: Text
    steps: tuple[Step, ...] = Field(min_length=1, description="from the lowest value up")
    without: Finite = Field(default=1.0, ge=1, le=3, description="intensity where the cell has no value")

    @model_validator(mode="after")
    def _ordered(self) -> Bands:
        starts = [step.at_least for step in self.steps]
        if starts != sorted(set(starts)):
            raise ValueError("steps: expected values that rise from step to step")
        return self

    def of(self, value: float) -> float | None:
        """Return the intensity of a value; None below the first step."""
        if value != value:  # noqa: PLR0124 - nan
            return self.without
        return next((step.intensity for step in reversed(self.steps) if value >= step.at_least), None)


class MappingRule(Part):
    """Which rows become events of a kind."""

    where: dict[Text, Condition] = Field(default_factory=dict, description="by column; all must hold")
    kind: Text = Field(description="a signal or a structural kind, as in a scenario's events")
    client: Party
    patron: Party | None = Field(default=None, description="the row counts only if this is the scenario's patron")
    adversary: Party | None = None
    rival: Party | None = None
    intensity: Bands | Finite = 2.0
    what: Text = Field(description="the event's line for people; {column} and {client} are filled in")
    why: Text

    def parties(self) -> dict[str, Party]:
        """Return where the data say who plays each part of the rule."""
        roles: dict[str, Party | None] = {role: getattr(self, role) for role in ROLES}
        return {role: party for role, party in roles.items() if party is not None}


class EventMapping(Part):
    """How event data become events of a scenario."""

    name: Text = Field(description="the file's name; set by the loader")
    title: Text
    description: Text
    data_set: Text = Field(description="name of the data set, as `papertiger data` lists it")
    date: Text = Field(description="column of the day")
    id: Text = Field(description="column of the makers' own number of a row")
    one_per: Literal["month", "row"] = Field(
        default="month",
        description="month: of a kind, client and opponent, only the strongest row of a month is an event",
    )
    unanswered: Literal["unknown", "abandoned"] = Field(
        default="unknown",
        description="what an attack means to which the data show no answer: that nobody knows it, or that the patron "
        "stood by, which the model takes for abandonment",
    )
    confidence: Confidence = "low"
    names: dict[Text, Text] = Field(
        default_factory=dict, description="what the data call an actor, and its name in the scenario"
    )
    counted_by: Text = Field(description="column by which rows that no rule takes are counted")
    cannot_see: tuple[Text, ...] = Field(min_length=1, description="what these data do not tell")
    rules: dict[Text, MappingRule] = Field(min_length=1, description="the first that fits a row takes it")


def as_text(value: object) -> str:
    """Return a cell or a value of a mapping file as it is compared: empty where there is none."""
    if value is None or value != value:  # noqa: PLR0124 - nan
        return ""
    return f"{value:.15g}" if isinstance(value, float) else str(value)
