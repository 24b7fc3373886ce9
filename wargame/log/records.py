"""Record everything that ever happens in a game, one record for each thing that counts.

A record is never changed and never deleted. What a record says is one of the typed bodies below; who may know that it
exists is for `papertiger.wargame.log.state` to say.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from papertiger.scenarios.schema.events import Event
from papertiger.wargame.rules.conditions import Condition
from papertiger.wargame.rules.orders import Sheet
from papertiger.wargame.rules.pledges import Pledge
from papertiger.wargame.rules.questions import Name, Turn

FORMAT = 1

DRAWN_SEEDS = 10**18
"""Seeds that are drawn lie below this, since files take whole numbers of 18 digits."""
MAX_MOMENT = 40
Text = Annotated[str, Field(max_length=4000)]
SeatName = Annotated[str, Field(min_length=1, max_length=80)]
Number = Annotated[int, Field(strict=True, ge=0)]

STEPS = ("orders", "beliefs", "covert", "rationales", "messages", "forecasts", "scores")
"""What the facilitator reveals in the review, step by step."""


class RecordError(ValueError):
    """A record that is not one of the log's."""


class Body(BaseModel):
    """Say what happened."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Created(Body):
    """The game begins: everything that it is made of, so that it can be played without the scenario's files."""

    kind: Literal["created"] = "created"
    format: Literal[1] = 1
    version: Annotated[str, Field(max_length=60)] = Field(description="of the program")
    scenario: dict[str, Any] = Field(description="the resolved scenario")
    seed: Annotated[int, Field(strict=True, ge=0, lt=2**63)]
    run: Annotated[int, Field(strict=True, ge=0, lt=2**31)] = 0
    title: Annotated[str, Field(max_length=200)] = ""


class Claimed(Body):
    """Somebody takes a seat. The holder is a mere name that a server knows; it opens nothing."""

    kind: Literal["claimed"] = "claimed"
    seat: SeatName
    holder: Annotated[str, Field(min_length=1, max_length=80)]


class Released(Body):
    """A seat is given up, or taken away; from now on the rule plays it."""

    kind: Literal["released"] = "released"
    seat: SeatName


class Ordered(Body):
    """A seat's orders for the open turn, in place of those it gave before."""

    kind: Literal["ordered"] = "ordered"
    sheet: Sheet
    by: SeatName = Field(description="who gave them: the seat, or the facilitator for it")


class Withdrawn(Body):
    """A seat takes its orders for the open turn back."""

    kind: Literal["withdrawn"] = "withdrawn"
    seat: SeatName
    turn: Turn


class Drafted(Body):
    """Orders that a team works on and has not given."""

    kind: Literal["drafted"] = "drafted"
    seat: SeatName
    turn: Turn
    text: Annotated[str, Field(max_length=20_000)]


class Ready(Body):
    """A seat says whether it is ready for the turn to be resolved."""

    kind: Literal["ready"] = "ready"
    seat: SeatName
    turn: Turn
    ready: bool


class Messaged(Body):
    """A message from one seat to others."""

    kind: Literal["messaged"] = "messaged"
    sender: SeatName
    to: tuple[SeatName, ...] = Field(min_length=1, max_length=50)
    text: Annotated[str, Field(min_length=1, max_length=2000)]


class Proposed(Body):
    """A seat proposes something to another one: a promise of its own, one that it asks for, or both, or words alone.

    It stands until it is answered or withdrawn, or else lapses with the turn.
    """

    kind: Literal["proposed"] = "proposed"
    sender: SeatName
    to: SeatName
    turn: Turn
    gives: Pledge | None = None
    asks: Pledge | None = None
    text: Annotated[str, Field(max_length=500)] = ""


class Replied(Body):
    """The other seat accepts or refuses a proposal, or its author withdraws it."""

    kind: Literal["replied"] = "replied"
    seat: SeatName
    proposal: Annotated[int, Field(strict=True, ge=1)] = Field(description="number of its record")
    turn: Turn
    reply: Literal["accepted", "refused", "withdrawn"]


class Seen(Body):
    """A seat has read what it wrote with another one, up to a record."""

    kind: Literal["seen"] = "seen"
    seat: SeatName
    other: SeatName = Field(description="the other seat, or ``all``")
    until: Number


class Published(Body):
    """A seat's line for everybody to read, one in a turn."""

    kind: Literal["published"] = "published"
    seat: SeatName
    turn: Turn
    text: Annotated[str, Field(min_length=1, max_length=140)]


class Unpublished(Body):
    """The facilitator takes a seat's line off the wall."""

    kind: Literal["unpublished"] = "unpublished"
    seat: SeatName
    turn: Turn


class Injected(Body):
    """The facilitator lets an event happen: now, in a month to come, or once something is seen."""

    kind: Literal["injected"] = "injected"
    name: Name
    event: Event
    news: Annotated[str, Field(max_length=500)] = Field(default="", description="what everyone reads when it happens")
    condition: Condition | None = None


class Recalled(Body):
    """The facilitator takes back an inject that has not happened yet."""

    kind: Literal["recalled"] = "recalled"
    name: Name


class Closed(Body):
    """No more orders for this turn; where it is to be resolved, whoever opens the game goes on with that."""

    kind: Literal["closed"] = "closed"
    turn: Turn
    resolving: Literal[True] | None = Field(default=None, description="whether it was closed in order to be resolved")


class Reopened(Body):
    """Orders are taken again for a turn that was closed and not resolved."""

    kind: Literal["reopened"] = "reopened"
    turn: Turn


class Resolved(Body):
    """The turn is played. What came of it is the model's to say; the digest tells whether a replay is the same."""

    kind: Literal["resolved"] = "resolved"
    turn: Turn
    digest: Annotated[str, Field(pattern="[0-9a-f]{64}")]


class Undone(Body):
    """The last resolved turn is taken back; its orders stand and can be changed. The records stay."""

    kind: Literal["undone"] = "undone"
    turn: Turn


class Branched(Body):
    """A branch begins before a turn of another one, with the same luck or other luck; orders are taken along."""

    kind: Literal["branched"] = "branched"
    branch: Annotated[int, Field(strict=True, ge=1, le=1000)]
    name: Annotated[str, Field(min_length=1, max_length=80)]
    turn: Turn = Field(description="the first turn that is played anew")
    run: Annotated[int, Field(strict=True, ge=0, lt=2**31)] | None = Field(
        default=None, description="number of the run from that turn on; blank keeps the luck"
    )


class Activated(Body):
    """The teams go on in this branch."""

    kind: Literal["activated"] = "activated"


class Revealed(Body):
    """The facilitator reveals one kind of secret, of all turns up to one."""

    kind: Literal["revealed"] = "revealed"
    step: Literal["orders", "beliefs", "covert", "rationales", "messages", "forecasts", "scores"]
    turn: Turn


class Debriefed(Body):
    """The debrief that the facilitator leads comes to a step; 0 is before the first.

    Its length is the lesson's, until the facilitator asks for the other one.
    """

    kind: Literal["debriefed"] = "debriefed"
    step: Annotated[int, Field(strict=True, ge=0, le=1000)]
    length: Literal["brief", "whole"] | None = None


class Answered(Body):
    """A seat's answer to a question of the closing form, the last one counting."""

    kind: Literal["answered"] = "answered"
    seat: SeatName
    question: Annotated[int, Field(strict=True, ge=0, lt=100)]
    text: Text


def is_moment(text: str) -> bool:
    """Tell whether a text is a moment as the log writes it: ISO 8601, in UTC."""
    try:
        return len(text) <= MAX_MOMENT and datetime.fromisoformat(text).utcoffset() == timedelta(0)
    except ValueError:
        return False


def _moment(text: str) -> str:
    if not is_moment(text):
        raise ValueError("expected a moment in UTC, such as 2026-11-01T12:00:00+00:00")
    return text


Moment = Annotated[str, AfterValidator(_moment)]


class Timed(Body):
    """The room's clock: running to a moment from some seconds on, or stopped with some seconds left."""

    kind: Literal["timed"] = "timed"
    until: Moment | None = None
    left: Annotated[int, Field(strict=True, ge=0, le=1_000_000)] | None = None


class Paced(Body):
    """How turns go on: when the facilitator says so, or also as soon as all seats that are taken are ready."""

    kind: Literal["paced"] = "paced"
    by_itself: bool


class Figured(Body):
    """Whether the desks offer the model's figures and advice."""

    kind: Literal["figured"] = "figured"
    shown: bool


class Ended(Body):
    """Play is over and the review begins; ``reopened`` by an undo."""

    kind: Literal["ended"] = "ended"


AnyBody = Annotated[
    Created
    | Claimed
    | Released
    | Ordered
    | Withdrawn
    | Drafted
    | Ready
    | Messaged
    | Proposed
    | Replied
    | Seen
    | Published
    | Unpublished
    | Injected
    | Recalled
    | Closed
    | Reopened
    | Resolved
    | Undone
    | Branched
    | Activated
    | Revealed
    | Debriefed
    | Answered
    | Timed
    | Paced
    | Figured
    | Ended,
    Field(discriminator="kind"),
]
_BODY: TypeAdapter[Any] = TypeAdapter(AnyBody)


@dataclass(frozen=True)
class Record:
    """Hold one record of the log.

    Attributes
    ----------
    seq
        1, 2, 3 … in the order of commits.
    at
        When, as the injected clock says, ISO 8601 in UTC.
    branch
        Number of the branch that it belongs to; 0 is the first.
    key
        Idempotency key: a second record with the same key is the first one.
    body
        What it says.
    """

    seq: int
    at: str
    branch: int
    key: str
    body: Any

    @property
    def text(self) -> str:
        """The body as canonical JSON."""
        return write_body(self.body)


def write_body(body: Body) -> str:
    """Return a body as canonical JSON."""
    return body.model_dump_json(exclude_none=True)


def read_body(text: str | bytes) -> Any:
    """Return the body of JSON text.

    Raises
    ------
    RecordError
        Saying where it is not one.
    """
    try:
        return _BODY.validate_json(text)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        where = ".".join(str(part) for part in first["loc"])
        raise RecordError(f"{where or 'record'}: {first['msg']}") from None
