"""Define the typed, frozen form of a study's plan and of the readings of broken pledges. Computes nothing."""

from __future__ import annotations

from typing import Annotated, Literal

import annotated_types
from pydantic import Field, Strict, model_validator

from papertiger.scenarios.schema.values import EventDate, Finite, Part, Text

Year = Annotated[int, Strict(), annotated_types.Ge(1800), annotated_types.Le(2200)]
Code = Annotated[int, Strict(), annotated_types.Ge(1), annotated_types.Le(999)]
Share = Annotated[Finite, annotated_types.Ge(0.0), annotated_types.Le(1.0)]
Scale = Annotated[Finite, annotated_types.Gt(0.0)]
Whole = Annotated[int, Strict(), annotated_types.Ge(0), annotated_types.Le(100_000)]
Cause = Literal["coercion", "ruler_fell", "left_alone", "patron_war", "rival_pledge", "structure"]
Ender = Literal["client", "patron", "both", "third"]


class Span(Part):
    """Name some years, both ends included."""

    first: Year
    last: Year

    @model_validator(mode="after")
    def _in_order(self) -> Span:
        if self.last < self.first:
            raise ValueError(f"expected years that do not end before they begin, got {self.first} to {self.last}")
        return self


class Patron(Part):
    """Name a patron by its number in the Correlates of War."""

    code: Code
    name: Text


class Normal(Part):
    """Give the mean and the standard deviation of a normal prior."""

    mean: Finite
    sd: Scale


class Outcome(Part):
    """Hold what the plans of both outcomes share."""

    same_year: bool = Field(description="whether an event counts in its own year, or only in later ones")
    intercept: Normal
    event_sd: Scale = Field(description="standard deviation of the prior of an event's effect, around 0")
    state_sd: Scale = Field(description="the same of a state that is standardised")
    patron_intercept_sd: tuple[Scale, ...] = Field(min_length=1, max_length=8)
    patron_effect_sd: tuple[Scale, ...] = Field(
        min_length=1, max_length=8, description="how far patrons' effects lie from the shared one; the data choose"
    )


class BreaksPlan(Outcome):
    """Define the hazard of a broken pledge."""

    ends: tuple[Text, ...] = Field(min_length=1)
    memory: Share = Field(description="share of an event that is left after a year")


class ClosenessPlan(Outcome):
    """Define closeness as a latent that votes and arms share."""

    words: dict[Text, Finite] = Field(min_length=1, max_length=2)
    arms: Text
    arms_window: int = Field(strict=True, ge=1, le=10)
    memory_words: Share
    memory_arms: Share


class Term(Part):
    """Define one term of a mechanism."""

    name: Text
    kind: Literal["event", "state"]
    sign: Literal["+", "-", "0"] = Field(description="what the mechanism says of leaving the patron")


class Mechanism(Part):
    """Define a mechanism: what it adds, and to which others."""

    key: Text
    title: Text
    step: Text
    over: tuple[Text, ...] = Field(description="mechanisms that it is added to, each of them named before it")
    terms: tuple[Term, ...] = Field(min_length=1)
    later: bool = Field(default=True, description="whether what comes later is a placebo for it")
    apart: bool = Field(default=False, description="whether it shifts words and arms apart, each with its memory")


class ScorePlan(Part):
    """Define how forecasts are scored and how sure their differences are."""

    from_year: Year
    periods: tuple[Year, ...] = Field(min_length=1)
    bootstrap: int = Field(strict=True, ge=20, le=100_000)
    level: float = Field(gt=0.5, lt=1.0)


class PlaceboPlan(Part):
    """Define events that cannot have worked."""

    later: int = Field(strict=True, ge=1, le=10, description="how many years after the outcome they begin to count")
    permutations: int = Field(strict=True, ge=1, le=1000)


class SupportPlan(Part):
    """Define when a mechanism counts as supported."""

    placebo_share: Share


class PowerPlan(Part):
    """Define the simulations of what could have been seen."""

    target: float = Field(gt=0.0, lt=1.0)
    simulations: int = Field(strict=True, ge=2, le=10_000)
    breaks: tuple[Scale, ...] = Field(min_length=1, description="hazard ratios of the leading term")
    closeness: tuple[Scale, ...] = Field(min_length=1, description="shifts of the latent, in its standard deviation")


class SensitivityPlan(Part):
    """Name the rules of coding that are changed, one at a time, for each outcome."""

    breaks: tuple[Text, ...]
    closeness: tuple[Text, ...]


class EventStudyPlan(Part):
    """Define the years around events that are drawn."""

    before: int = Field(strict=True, ge=1, le=20)
    after: int = Field(strict=True, ge=1, le=20)
    events: tuple[Text, ...] = Field(min_length=1, max_length=12)


class Change(Part):
    """Tell of a change of the plan after its first result."""

    date: EventDate
    what: Text
    why: Text


class StudyPlan(Part):
    """Define the whole study."""

    name: Text = Field(description="the file's name without its ending; set by the loader")
    title: Text
    description: Text
    patrons: tuple[Patron, ...] = Field(min_length=2)
    readings: Text = Field(description="name of the file of readings of broken pledges, beside this one or shipped")
    span: Span
    disputes_seen_to: Year
    breaks: BreaksPlan
    closeness: ClosenessPlan
    mechanisms: tuple[Mechanism, ...] = Field(min_length=1)
    whole: tuple[Text, ...] = Field(
        min_length=1, description="mechanisms of the model that is held against the rates"
    )
    scores: ScorePlan
    placebos: PlaceboPlan
    support: SupportPlan
    power: PowerPlan
    sensitivity: SensitivityPlan
    zero_prior: float = Field(gt=0.0, lt=1.0, description="prior probability that a mechanism does nothing")
    event_study: EventStudyPlan
    changes: tuple[Change, ...] = ()
    seed: int = Field(strict=True, ge=0, le=2**32 - 1)

    @model_validator(mode="after")
    def _hangs_together(self) -> StudyPlan:
        if len({one.code for one in self.patrons}) != len(self.patrons):
            raise ValueError("patrons: one of them is there twice")
        before: set[str] = set()
        terms: set[str] = set()
        for one in self.mechanisms:
            if one.key in before:
                raise ValueError(f"mechanisms: {one.key} is there twice")
            for key in one.over:
                if key not in before:
                    raise ValueError(f"mechanisms: {one.key} is added to {key}, which does not stand before it")
            for term in one.terms:
                if term.name in terms:
                    raise ValueError(f"mechanisms: the term {term.name} is there twice")
                terms.add(term.name)
            before.add(one.key)
        for key in self.whole:
            if key not in before:
                raise ValueError(f"whole: there is no mechanism {key}")
        if list(self.scores.periods) != sorted(set(self.scores.periods)):
            raise ValueError("scores: expected first years of periods in their order")
        return self

    @property
    def codes(self) -> tuple[int, ...]:
        """Return the patrons' numbers."""
        return tuple(one.code for one in self.patrons)

    def mechanism(self, key: str) -> Mechanism:
        """Return a mechanism by its key."""
        return next(one for one in self.mechanisms if one.key == key)


class Reading(Part):
    """Hold how one broken pledge is read: who ended it, how, and what came before."""

    patron: Code
    client: Code
    end: Year
    ended_by: Ender
    how: Text
    before: tuple[Cause, ...] = Field(min_length=1)
    reading: Text
    source: Text


class Readings(Part):
    """Hold the readings of all broken pledges."""

    name: Text = Field(description="the file's name without its ending; set by the loader")
    pledges: tuple[Reading, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _once(self) -> Readings:
        places = [(one.patron, one.client, one.end) for one in self.pledges]
        for place in places:
            if places.count(place) > 1:
                raise ValueError(
                    f"pledges: the one of {place[0]} and {place[1]} that ended in {place[2]} is there twice"
                )
        return self
