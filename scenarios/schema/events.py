"""Define what happens in a scenario: dated events, kinds of signal, switches."""

from __future__ import annotations

from typing import Literal

from pydantic import (
    Field,
    StrictBool,
    model_validator,
)

from papertiger.scenarios.schema.actors import Situation, Successor
from papertiger.scenarios.schema.figures import Amount, Figure, Intensity, Share
from papertiger.scenarios.schema.values import (
    Confidence,
    EventDate,
    Means,
    Month,
    News,
    Part,
    Text,
)

NOT_INPUTS = ("outcome", "background")
"""Kinds of event that never enter the model: what clients did, and what only readers need."""

STRUCTURAL_KINDS = (
    "attack",
    "offer",
    "offer_withdrawn",
    "invasion",
    "regime_loss",
    "leader_health",
    "new_situation",
    "leader_change",
    "disengagement",
    "rival_pledge",
    *NOT_INPUTS,
)
"""Kinds of event that are not rows of the signal table."""


RESERVED_SIGNALS = (
    "air_defence_failed",
    "air_defence_held",
    "support_missing",
    "support_delivered",
    "abandoned",
    "words_only",
    "weak_response",
    "criticism",
    "courts_adversary",
    "claim",
    "coercion",
    "intervened",
    "help_failed",
    "help_tried",
    "war_holds",
)
"""Rows of the signal table that a rule of the model sends by itself, so every scenario must define them."""


class Event(Part):
    """Something dated. ``kind`` is a row of the signal table or one of the structural kinds."""

    date: EventDate
    known: Month | None = Field(
        default=None,
        description="month in which it became public, if later than its date: no forecast from before uses it",
    )
    kind: Text
    client: Text | None = Field(default=None, description="whom it reaches; blank only for network-wide kinds")
    intensity: Intensity = Field(default=Figure(value=2.0), description="1 to 3")
    news: News | None = Field(default=None, description="good or bad news for the client; every signal says it")
    adversary: Text | None = Field(default=None, description="who attacks, or whom the patron courts")
    rival: Text | None = Field(default=None, description="who offers or withdraws")
    means: Means | None = Field(
        default=None,
        description="only for attack: how it is done; only one from the air tests the air defence that the patron "
        "supplied. Blank: the client's `air_attacks` says how likely that is",
    )
    patron: Text | None = Field(
        default=None,
        description="which of several patrons it is about: whose signal, invasion or letting go it is, who owed an "
        "answer to an attack, from whom an offer lures away. Blank: the client's own patron, or for an attack, an "
        "offer and a pledge of a rival every patron of the client",
    )
    answer: Literal["unknown", "no_party"] | None = Field(
        default=None,
        description="only for attack: nobody knows how the patron answered, or it was no party to the dispute; "
        "either way its silence is no abandonment. Blank: the record holds every answer, and silence is one",
    )
    loading: Share | None = Field(default=None, description="overrides the table's loading on capability")
    successor: Successor | None = Field(default=None, description="only for regime_loss")
    situation: Situation | None = Field(default=None, description="only for new_situation")
    beside: Text | None = Field(
        default=None,
        description="the stronger event of its kind and month; this one counts only without it",
    )
    what: Text = Field(description="one line for people")
    happened: Text | None = Field(default=None, description="what truly happened: did the system work, and why")
    believed: Text | None = Field(default=None, description="what the client believes, and whom it blames")
    always: StrictBool = Field(
        default=False, description="happens in generative months too; other dated events do not"
    )
    confidence: Confidence = "medium"
    contested: StrictBool = False
    only_if: Text | None = Field(default=None, description="a switch that must be on")
    unless: Text | None = Field(default=None, description="a switch that must be off")
    source: Text | tuple[Text, ...] | None = None
    why: Text | None = None


class Signal(Part):
    """A row of the signal table: what one type of event says about the patron."""

    label: Text
    news: News
    weight: Amount = Field(description="omega, evidence at intensity 2 in units of the evidence scale")
    loading: Share = Field(description="l, the part about capability; the rest is about resolve")
    excusable: StrictBool = Field(default=False, description="in hard times it weighs less")
    patron_threat: StrictBool = Field(default=False, description="raises the threat from the patron")
    coercive: StrictBool = Field(default=False, description="counts as the patron's coercion among causes of a break")
    response: StrictBool = Field(default=False, description="counts as the patron's response to a crisis")
    witnessed: StrictBool = Field(default=True, description="do similar clients learn from it")
    system: Text | None = Field(
        default=None, description="what it is news of; evidence from one system has a cap. Blank: one of its own"
    )
    why: Text
    source: Text | None = None

    @model_validator(mode="after")
    def _only_bad_news_is_excused(self) -> Signal:
        if self.excusable and self.news == "good":
            raise ValueError("excusable: expected only for bad news, since hard times excuse nothing good")
        return self


class Switch(Part):
    """A contested fact that can be taken in or left out."""

    value: StrictBool
    why: Text
    source: Text | None = None
