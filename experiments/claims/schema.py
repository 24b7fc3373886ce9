"""Define what a file of claims may hold: claims, their twins, what is measured, and how large is large enough."""

from __future__ import annotations

from typing import Annotated, Any, Literal, get_args

from pydantic import Field, StringConstraints, model_validator

from papertiger.scenarios.schema.values import Finite, Month, Part, Text

Domain = Literal["belief", "ties", "posture"]
"""Where an effect shows: in what a client believes, in its business, or in postures and what states do or lose."""

DOMAINS: tuple[Domain, ...] = get_args(Domain)

MeasureName = Literal[
    "capability",
    "resolve",
    "protection",
    "patron_threat",
    "credibility",
    "arms",
    "economy",
    "rung",
    "hedging",
    "distancing",
    "suspended",
    "realigned",
    "covert",
    "help",
    "budget",
    "burden",
    "lost_assets",
]
"""What is measured; see `papertiger.experiments.claims.measures`."""

Key = Annotated[str, StringConstraints(pattern=r"^[0-9]{1,3}(-[0-9]{1,3})?$")]
"""Number of a claim, or of the first and the last of several that are taken together."""


class Article(Part):
    """Describe a source of claims."""

    what: Text
    dated: Month


class Smallest(Part):
    """Give the smallest effect of interest: what is smaller does not matter, however clear it is."""

    value: Annotated[Finite, Field(gt=0)]
    why: Text


class Change(Part):
    """Describe what makes another world of a scenario: events left out or added, and values that are set."""

    remove: tuple[Text, ...] = Field(default=(), description="names of events that are left out")
    events: dict[Text, Any] = Field(default_factory=dict, description="events that are added, as a scenario has them")
    set: dict[Text, Any] = Field(default_factory=dict, description="values by dotted path")

    @property
    def is_empty(self) -> bool:
        """Return whether nothing is changed."""
        return not (self.remove or self.events or self.set)


class Twin(Change):
    """Describe the world without what is claimed, which differs from the claim's scenario in one thing alone."""

    what: Text = Field(description="the one thing in which it differs")
    scenario: Text | None = Field(default=None, description="a shipped twin; blank changes the claim's own scenario")
    parts: tuple[Text, ...] = Field(
        default=(), description="of a shipped twin: where the two differ, each by its dotted path"
    )

    @model_validator(mode="after")
    def _differs(self) -> Twin:
        if self.scenario is None and self.is_empty:
            raise ValueError("expected a 'scenario', or something under 'remove', 'events' or 'set'")
        if (self.scenario is None) != (not self.parts):
            raise ValueError("parts: expected for a shipped twin, and for no other")
        return self

    @property
    def differs_at(self) -> tuple[str, ...]:
        """Return the dotted paths at which the twin may differ from its scenario."""
        return (*self.parts, *(f"events.{name}" for name in (*self.remove, *self.events)), *self.set)


class Mechanism(Part):
    """Name what brings the effect about, by the model's rules, and how it is switched off in both worlds."""

    what: Text
    off: dict[Text, Finite] = Field(min_length=1, description="numbers by the name of a figure")


class Effect(Part):
    """Say what is measured in both worlds, and the sign that the claim asserts."""

    measure: MeasureName
    clients: tuple[Text, ...] = Field(default=(), description="blank takes all states in the network")
    without: tuple[Text, ...] = Field(default=(), description="states that are left out where 'clients' is blank")
    rival: Text | None = Field(default=None, description="of 'realigned': to whom; blank takes any")
    start: Month = Field(description="the mean is taken from this month ...")
    end: Month = Field(description="... to this one")
    sign: Literal["higher", "lower"] = Field(description="how the claim's world lies against its twin")

    @model_validator(mode="after")
    def _ordered(self) -> Effect:
        if self.end < self.start:
            raise ValueError(f"expected an end of {self.start} or later, got {self.end}")
        if self.clients and self.without:
            raise ValueError("without: expected only where 'clients' is blank")
        return self


class Claim(Part):
    """Hold a claim, how it is tested, and what the world says of it."""

    short: Annotated[Text, Field(max_length=40)] = Field(description="what tables and figures call it")
    claim: Text = Field(description="in our own words")
    articles: tuple[Text, ...] = Field(min_length=1)
    says: Text = Field(description="what the source says, in our own words")
    borne_out: Literal["yes", "partly", "disputed", "not found", "opinion"] = Field(
        description="whether dated facts bear it out"
    )
    facts: Text
    scenario: Text | None = None
    twin: Twin | None = None
    mechanism: Mechanism | None = None
    effects: tuple[Effect, ...] = ()
    missing: Text | None = Field(default=None, description="why no rule of the model can show it; then it is absent")
    note: Text | None = Field(default=None, description="how to read the result")

    @model_validator(mode="after")
    def _whole(self) -> Claim:
        tested = (self.scenario, self.twin, self.mechanism, self.effects or None)
        if self.missing is not None:
            if any(part is not None for part in tested):
                raise ValueError("missing: expected without a scenario, twin, mechanism and effects")
        elif any(part is None for part in tested):
            raise ValueError("expected 'scenario', 'twin', 'mechanism' and 'effects', or 'missing' that says why not")
        return self


class Claims(Part):
    """Hold all claims."""

    name: Text = Field(description="the file's name without its ending; set by the loader")
    title: Text
    description: Text
    articles: dict[Text, Article] = Field(min_length=1)
    smallest: dict[Text, Smallest] = Field(description="by unit")
    learned: Text | None = Field(
        default=None,
        description="shipped draws of constants that other cases taught; claims are examined under them, too",
    )
    claims: dict[Key, Claim] = Field(min_length=1)
