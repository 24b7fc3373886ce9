"""Define how a class plays a scenario: seats, objectives, limits, injects."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Literal

from pydantic import (
    Field,
)

from papertiger.scenarios.schema.events import Event, Signal
from papertiger.scenarios.schema.figures import Figure, Share
from papertiger.scenarios.schema.values import (
    Means,
    Month,
    Part,
    PostureName,
    Text,
    Words,
)

ObjectiveKind = Literal[
    "commitment",
    "distance",
    "within",
    "beyond",
    "protection",
    "credibility",
    "network",
    "assets",
    "war_attention",
    "helped",
    "answered",
    "calm",
    "unthreatened",
    "unharmed",
    "courted",
    "impunity",
    "accepted",
    "unspent",
    "forecasts",
]


OF_A_CLIENT = (
    "commitment",
    "distance",
    "within",
    "beyond",
    "protection",
    "helped",
    "answered",
    "calm",
    "unthreatened",
    "unharmed",
    "courted",
    "impunity",
)
"""Measures that are about one client; the others are about the patron's network or the seat itself."""


class Objective(Part):
    """What a seat is asked to reach. A score explains a debate and ends none."""

    measure: ObjectiveKind = Field(
        description="each is 0 to 1 and averaged over turns: commitment (1 loyal, 0 realigned), distance (1 minus "
        "that), within or beyond a posture (share of turns), "
        "protection a client believes in, credibility of the patron, "
        "network (share of clients not defected), assets kept, war_attention (attention left for the war), helped "
        "(crises the patron helped in), answered (the same of the crises in which it was called), calm (turns "
        "without a crisis), unthreatened (1 minus the threat from the patron), unharmed (1 minus a third of the "
        "intensity of the turn's hardest crisis in which no help of the patron worked), courted (how far it has "
        "moved away, times what stands of the best rival's offers: 1 for a client that has realigned to one with "
        "three offers of middle size or more), impunity (a half in a turn without a crisis of the client; each "
        "crisis in which no help worked adds a sixth of its intensity, each in which help worked takes as much "
        "away, on average over the turn's crises), accepted (share of the rival's offers of the turn whose client "
        "stands at hedging or beyond at its end; 1 without an offer), unspent (share of the seat's points of the "
        "turn that it keeps), forecasts (1 minus the seat's mean Brier score)"
    )
    client: Text | None = Field(
        default=None, description="whose; blank only for measures of the patron or of the seat"
    )
    posture: PostureName | None = Field(default=None, description="for within and beyond")
    weight: int = Field(default=1, strict=True, ge=1, le=10, description="what it counts for")
    text: Words
    why: Text = Field(description="why this seat would want it")


class SeatBrief(Part):
    """What one seat is told before the game: who it is, and what it is asked to reach."""

    briefing: Words
    objectives: dict[Text, Objective] = Field(min_length=1)


class GameSeats(Part):
    """The seats that a game offers. Whoever is not named plays by the rules."""

    patron: SeatBrief | None = None
    clients: dict[Text, SeatBrief] = Field(default_factory=dict)
    rivals: dict[Text, SeatBrief] = Field(default_factory=dict)
    adversaries: dict[Text, SeatBrief] = Field(default_factory=dict)


PricedOrder = Literal[
    "help",
    "mediation",
    "words",
    "deliver",
    "coerce",
    "claim",
    "criticise",
    "court",
    "raise",
    "press",
    "ask",
    "complain",
    "hedge",
]
"""What an order may cost points for; whatever is not named here is free."""


class Limits(Part):
    """What seats can do in a turn, in points, so that no order is free; the rules know no such limit."""

    patron: int = Field(
        default=10,
        strict=True,
        ge=0,
        le=1000,
        description="with a normal budget and no war; help 3, peacekeepers 2, a "
        "delivery 1, coercion 1, words nothing",
    )
    rival: int = Field(default=2, strict=True, ge=0, le=1000, description="an offer raised 1")
    adversary: int = Field(default=3, strict=True, ge=0, le=1000, description="pressure its intensity")
    client: int = Field(
        default=0,
        strict=True,
        ge=0,
        le=1000,
        description="its standing at home; asking, complaining and contacts cost nothing unless 'prices' says so",
    )
    prices: dict[PricedOrder, Annotated[int, Field(strict=True, ge=0, le=100)]] = Field(
        default_factory=dict,
        description="points of an order in the place of those above; of pressure for each degree of its intensity",
    )
    why: Text = "Judgement: what makes a class choose, at a size that a turn can be discussed in."


class Background(Part):
    """What goes on around the states that somebody can play."""

    crises: Literal["rules", "none"] = Field(
        default="rules",
        description="of clients that no seat plays: drawn by the rules as for all, or only those that are dated, "
        "injected or ordered",
    )
    why: Text


class Inject(Part):
    """Something that the script of a game lets happen, in the month of its event."""

    event: Event
    news: Words = Field(description="what everyone reads")
    why: Text


MAX_PREPARED_NAME = 40
"""Letters of the name of a prepared inject, which stands in the log together with a mark."""


class PreparedInject(Part):
    """Something that the facilitator can let happen by one click, in whichever turn it fits."""

    kind: Text = Field(description="a row of the signal table, or another kind of event that needs no more")
    client: Text | None = Field(default=None, description="whom it reaches; blank only for network-wide kinds")
    intensity: int = Field(default=2, strict=True, ge=1, le=3)
    adversary: Text | None = Field(default=None, description="who attacks")
    rival: Text | None = Field(default=None, description="who offers or withdraws")
    means: Means | None = Field(default=None, description="only for attack: how it is done")
    says: Words = Field(description="what everyone reads")
    why: Text

    def fields(self, signals: Mapping[str, Signal]) -> dict[str, object]:
        """Return the fields of its event, but for the date, which the click gives."""
        news = {"news": signals[self.kind].news} if self.kind in signals else {}
        return {**self.model_dump(exclude={"says", "why"}, exclude_none=True), **news, "what": self.says.en}


class Game(Part):
    """How a class plays this scenario: the record runs up to the first month of play, then teams and rules do."""

    title: Words
    first_month: Month = Field(description="the first month that is played")
    last_month: Month
    months_per_turn: int = Field(default=1, strict=True, ge=1, le=6)
    minutes_per_turn: int = Field(
        default=8, strict=True, ge=1, le=600, description="what the clock of the room starts at"
    )
    seats: GameSeats
    record: dict[Text, Words] = Field(
        default_factory=dict,
        description="dated events of the record that happen in the months of play too, with what everyone reads",
    )
    injects: dict[Text, Inject] = Field(
        default_factory=dict, description="the script: what happens whatever anybody decides"
    )
    library: dict[Text, PreparedInject] | None = Field(
        default=None, description="what the facilitator can let happen by one click; nothing of it happens by itself"
    )
    limits: Limits = Field(default_factory=Limits)
    stretch: dict[Text, Figure] = Field(
        default_factory=dict,
        description="constants of the model, by name, that are others when the scenario is played than when it is "
        "run, so that few turns show what takes years; each says why",
    )
    background: Background | None = Field(default=None, description="blank: as in play")
    intelligence_noise: Share = Field(
        default=Figure(value=0.08), description="standard deviation of what a seat learns about others' beliefs"
    )
    debrief: tuple[Words, ...] = Field(default=(), description="questions for the discussion after the game")
    why: Text = Field(description="why these months and these seats")
