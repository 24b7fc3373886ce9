"""Define the actors of a scenario: patron, clients, rivals, adversaries, and what stands between them."""

from __future__ import annotations

from typing import Literal

from pydantic import (
    Field,
    StrictBool,
    model_validator,
)

from papertiger.scenarios.schema.figures import Amount, Figure, Series, Share
from papertiger.scenarios.schema.values import (
    DRAWS_AS,
    Means,
    Month,
    Named,
    Part,
    PostureName,
    Text,
    Words,
)


class Span(Part):
    """The months of a run, both included."""

    start: Month
    end: Month

    @model_validator(mode="after")
    def _ordered(self) -> Span:
        if self.end < self.start:
            raise ValueError(f"expected an end at or after the start {self.start}, got {self.end}")
        if int(self.end[:4]) - int(self.start[:4]) > 100:
            raise ValueError("expected a span of at most 100 years")
        return self


class War(Part):
    """The patron's war: how much of its capacity it takes, and what happens after the data end."""

    adversary: Text | None = Field(default=None, description="whom the patron fights; a label for figures")
    burden: Series = Field(description="h_w, the war's burden by month, 0 to 1")
    after: Literal["continues", "ends", "escalates"] = Field(
        default="continues", description="what the burden does after the last point: hold, fall to 0, or rise to 1"
    )
    over_months: int = Field(
        default=12, strict=True, ge=1, le=240, description="months that an end or an escalation takes"
    )


class Income(Part):
    """The patron's income path: an index (1 is normal), then an AR(1) process in its logarithm."""

    index: Series = Field(description="income relative to normal, above 0")
    elasticity: Amount = Field(
        default=Figure(value=1.0), description="how much of a relative change reaches the budget"
    )
    after: Literal["ar1", "holds"] = Field(default="holds", description="what the path does after the last point")
    persistence: Share = Field(default=Figure(value=0.95), description="AR(1) coefficient per month")
    noise: Amount = Field(
        default=Figure(value=0.05), description="standard deviation of the monthly shock of the logarithm"
    )


class Asset(Part):
    """Something clients hold that serves the patron, and what losing all of it would mean."""

    value: Series = Field(description="weight of this asset among all, by month")
    what: Text


class Protector(Named):
    """What is said of every patron."""

    draws_as: Text | None = Field(default=None, description=DRAWS_AS)
    main_rival: Text | None = Field(default=None, description="the rival with whom the patron has a track of its own")
    rival_track: Series = Field(
        default=Series(points={"1900-01": 1.0}), description="value of the track with the main rival; 1 is the base"
    )
    sanctions: Series | None = Field(
        default=None,
        description="pressure of others on whoever stands with the patron, 0 to 1; blank takes the war's burden",
    )
    assets: dict[Text, Asset] = Field(default_factory=dict)


class Patron(Protector):
    """The protector; where there are several, the one whose client is whoever names none."""

    name: Text = Field(default="patron", description="its name, and the actor of its random draws")


class FurtherPatron(Protector):
    """Another protector beside the first: its name is its key, and its war and its income are its own."""

    war: War = Field(
        default=War(burden=Series(points={"1900-01": 0.0})), description="its own war; blank means that it has none"
    )
    income: Income = Field(
        default=Income(index=Series(points={"1900-01": 1.0})), description="its own income; blank holds it at normal"
    )


class Rival(Named):
    """Another power that could protect a client instead."""

    draws_as: Text | None = Field(default=None, description=DRAWS_AS)
    gap: Share = Field(description="how far turning to this rival is from staying with the patron")
    size: Share = Field(default=Figure(value=1.0), description="weight of its economy")


class Adversary(Named):
    """A power that threatens a client."""

    clash: Share = Field(
        default=Figure(value=0.0), description="how far opposing it clashes with the main rival's track"
    )
    worth: Share = Field(default=Figure(value=0.0), description="what good terms with it are worth to the patron")


class Option(Part):
    """What one rival could be for one client."""

    protection: Share = Field(
        default=Figure(value=0.0), description="openness_P: does the rival want to protect this client"
    )
    economy: Share = Field(
        default=Figure(value=0.0), description="openness_E: does it want to trade with it and pay for it"
    )
    proximity: Share = Field(default=Figure(value=0.2), description="far .2, near .5, neighbour 1")


Treaty = Literal["defence_pact", "lesser_treaty", "none"]


class Course(Part):
    """How figures of a client go on: from each month on the new number holds, until the next.

    What is dated at or before the client's entry takes the place of its own figure, so that its anchor is of its
    entry; each later month with a number is a new situation.
    """

    treaty: dict[Month, Treaty] = Field(default_factory=dict)
    border: dict[Month, Share] = Field(default_factory=dict)
    bases: dict[Month, Share] = Field(default_factory=dict)
    diaspora: dict[Month, Share] = Field(default_factory=dict)
    threat: dict[Month, Share] = Field(default_factory=dict)
    arms: dict[Month, Share] = Field(default_factory=dict)
    economy: dict[Month, Share] = Field(default_factory=dict)
    options: dict[Text, dict[Month, Option]] = Field(default_factory=dict, description="by rival")
    source: Text | None = None
    why: Text | None = None


class CrisisKind(Part):
    """One form that a crisis of a client takes: who does what to it, by which means."""

    text: Words = Field(
        description="what everyone reads: one clause with author, means and place, such as 'Ships block the port'; "
        "what came of it is added"
    )
    means: Means = Field(description="how it is done; a crisis from the air takes this form only if it says `air`")
    least: int = Field(default=1, strict=True, ge=1, le=3, description="smallest intensity that it fits")
    most: int = Field(default=3, strict=True, ge=1, le=3, description="largest intensity that it fits")
    source: Text | None = None
    why: Text | None = None

    @model_validator(mode="after")
    def _ordered(self) -> CrisisKind:
        if self.most < self.least:
            raise ValueError(f"expected a 'most' of at least {self.least}, the 'least', got {self.most}")
        return self


class BondCourse(Part):
    """How the figures of a further bond go on, by month, as those of the first do in the course of the client."""

    treaty: dict[Month, Treaty] = Field(default_factory=dict)
    border: dict[Month, Share] = Field(default_factory=dict)
    bases: dict[Month, Share] = Field(default_factory=dict)
    diaspora: dict[Month, Share] = Field(default_factory=dict)
    arms: dict[Month, Share] = Field(default_factory=dict)
    economy: dict[Month, Share] = Field(default_factory=dict)
    source: Text | None = None
    why: Text | None = None


class Bond(Part):
    """What stands between a client and one further patron, where the client starts with it.

    Its threat, its adversary, its ways out and when it is in the network are the client's.
    """

    posture: PostureName = Field(description="where it starts on the ladder towards this patron")
    treaty: Treaty = "none"
    treaty_note: Text | None = Field(default=None, description="which treaty, with its source")
    pact: Text | None = Field(default=None, description="a club that makes this patron's clients similar")
    arms: Share = Field(description="share of its arms imports that this patron supplies, at entry")
    economy: Share = Field(description="this patron's share of its trade in goods, at entry")
    border: Share = Field(default=Figure(value=0.0), description="shared border with this patron")
    bases: Share = Field(default=Figure(value=0.0), description="this patron's troops and bases on its soil")
    diaspora: Share = Field(default=Figure(value=0.0), description="people whom this patron can squeeze or claim")
    value: Share = Field(description="what the client is worth to this patron")
    prior_capability: Share | None = Field(
        default=None, description="prior mean of this patron's capability; blank takes the common one"
    )
    prior_resolve: Share | None = Field(
        default=None, description="prior mean of this patron's resolve; blank takes the treaty's one"
    )
    supplied_air_defence: StrictBool = Field(
        default=False, description="does it rely on air defence that this patron supplied"
    )
    assets: dict[Text, Share] = Field(default_factory=dict, description="share of each of this patron's assets")
    course: BondCourse | None = Field(default=None, description="how these figures go on, by month")
    source: Text | None = None
    why: Text | None = None


class Client(Named):
    """A protected state, or a sub-state."""

    draws_as: Text | None = Field(default=None, description=DRAWS_AS)
    code: Text | None = Field(default=None, description="ISO 3166 code or another short name, for figures")
    patron: Text | None = Field(default=None, description="whose client it is; blank means the scenario's 'patron'")
    posture: PostureName = Field(default="loyal", description="where it starts on the ladder")
    enters: Month | None = Field(default=None, description="first month in the network; blank means from the start")
    leaves: Month | None = Field(
        default=None, description="first month in which it is no more in the network; blank means never"
    )
    sub_state: StrictBool = Field(
        default=False, description="part of the patron's own state: ladder loyal-hedging only"
    )
    treaty: Treaty = "none"
    treaty_note: Text | None = Field(default=None, description="which treaty, with its source")
    pact: Text | None = Field(default=None, description="a club that makes members similar; blank never equals blank")
    region: Text | None = None
    adversary: Text | None = Field(default=None, description="the adversary it mostly fears")
    arms: Share = Field(description="share of its arms imports that the patron supplies, at entry")
    economy: Share = Field(
        description="the patron's share of its trade in goods, at entry; one measure for all clients"
    )
    border: Share = Field(default=Figure(value=0.0), description="shared border with the patron")
    bases: Share = Field(default=Figure(value=0.0), description="the patron's troops and bases on its soil")
    diaspora: Share = Field(default=Figure(value=0.0), description="people whom the patron can squeeze or claim")
    threat: Share = Field(description="tau0, threat from adversaries without any event")
    value: Share = Field(description="what it is worth to the patron")
    prior_capability: Share | None = Field(
        default=None, description="prior mean of capability; blank takes the common one"
    )
    prior_resolve: Share | None = Field(
        default=None, description="prior mean of resolve; blank takes the treaty's one"
    )
    supplied_air_defence: StrictBool = Field(
        default=False, description="does it rely on air defence the patron supplied"
    )
    air_attacks: Share = Field(
        default=Figure(value=1.0),
        description="share of the attacks on it that come from the air, and so test the air defence it was supplied "
        "with; an attack that is dated may say its own means",
    )
    crises: dict[Text, CrisisKind] = Field(
        default_factory=dict,
        description="forms that a crisis takes when a class plays; no number depends on them. Blank: a general line",
    )
    assets: dict[Text, Share] = Field(default_factory=dict, description="share of each of the patron's assets")
    options: dict[Text, Option] = Field(default_factory=dict, description="by rival")
    arms_ties: dict[Text, Share] = Field(
        default_factory=dict, description="share of its arms imports that a rival supplies at entry, by rival"
    )
    economy_ties: dict[Text, Share] = Field(
        default_factory=dict, description="share of its economy that a rival holds at entry, by rival"
    )
    course: Course | None = Field(default=None, description="how its figures and its treaty go on, by month")
    bonds: dict[Text, Bond] = Field(
        default_factory=dict, description="what stands between it and further patrons, by patron"
    )
    source: Text | None = None
    why: Text | None = None

    def is_in_network(self, month: str) -> bool:
        """Tell whether the client is in the network in a month, YYYY-MM."""
        return (self.enters is None or self.enters <= month) and (self.leaves is None or month < self.leaves)


class Situation(Part):
    """What is different about a client from a month on. Blank fields keep what was."""

    treaty: Treaty | None = Field(
        default=None, description="moves the prior of resolve from the old treaty's to its own"
    )
    border: Share | None = None
    bases: Share | None = None
    diaspora: Share | None = None
    threat: Share | None = Field(default=None, description="tau0, threat from adversaries without any event")
    arms: Share | None = Field(default=None, description="share of its arms that the patron supplies now, as counted")
    economy: Share | None = Field(default=None, description="the patron's share of its trade now, as counted")
    options: dict[Text, Option] = Field(default_factory=dict, description="by rival")
    source: Text | None = None
    why: Text | None = None


class Successor(Part):
    """Who comes after a regime loss. Blank fields keep the predecessor's value."""

    threat: Share | None = None
    exposure: Share | None = Field(default=None, description="e, exposure to the patron's retaliation")
    arms: Share | None = None
    economy: Share | None = None
    prior_capability: Share | None = None
    prior_resolve: Share | None = None
    continuity: Share = Field(
        default=Figure(value=0.0), description="share of the predecessor's evidence the successor takes over"
    )
    options: dict[Text, Option] = Field(default_factory=dict)
    source: Text | None = None
    why: Text | None = None
