"""Type what each seat may order.

Whether a seat can give a sheet is for `papertiger.wargame.rules.objections` to say, and what it comes to in the model
for `papertiger.wargame.rules.decisions`.

A sheet is everything that one seat orders for one turn. A later sheet takes the place of an earlier one as a whole.
What a sheet leaves open is decided by the rule. A turn may have several months:

- a posture is taken in the first month and held for the turn, and so is a refusal to act;
- an act (coercion, a claim, criticism, courting, an offer, pressure) happens once, in the first month;
- a standing order (attention, responses, support, asking, complaining) holds in every month of the turn.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from papertiger.model.decisions import Decision
from papertiger.scenarios.schema.values import PostureName
from papertiger.wargame.rules.questions import Name, Question, Turn
from papertiger.wargame.rules.seats import ADVERSARY, CLIENT, PATRON, RIVAL

if TYPE_CHECKING:
    pass

MAX_ORDERS = 200
ACTS = {
    "coerce": Decision.COERCE,
    "claim": Decision.CLAIM,
    "criticise": Decision.CRITICISE,
    "court": Decision.COURT,
}


class Order(BaseModel):
    """One decision, with the reason for it and what the team expects of it."""

    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True)

    why: Annotated[str, Field(max_length=300)] = Field(default="", description="the rationale, in a line")
    expects: Question | None = None

    @property
    def slot(self) -> tuple[str, str]:
        """What is decided, and about whom: a sheet decides each once."""
        return str(getattr(self, "do", "")), str(getattr(self, "client", ""))


class Posture(Order):
    """A client's posture at the end of the turn's first month: one rung at most from where it stands."""

    do: Literal["posture"] = "posture"
    posture: PostureName


class Hedge(Order):
    """A client's contacts with another power.

    Open hedging takes the posture *hedging* and names the power to everyone. Covert hedging goes on beneath that
    posture: the power's offer grows unseen each month, until the patron finds out. Blank ends covert contacts.
    """

    do: Literal["hedge"] = "hedge"
    towards: Name | None = None
    covert: bool = True


class Ask(Order):
    """Whether a client calls the patron in a crisis of this turn."""

    do: Literal["ask"] = "ask"
    ask: bool


class Complain(Order):
    """Whether a client complains in public when it is refused this turn."""

    do: Literal["complain"] = "complain"
    complain: bool


class Attention(Order):
    """How the patron spreads the attention that the war and the track with the main rival leave: points by client.

    A client without a point gets the least that any claim on attention weighs.
    """

    do: Literal["attention"] = "attention"
    shares: dict[Name, Annotated[int, Field(strict=True, ge=0, le=100)]] = Field(max_length=200)

    @model_validator(mode="after")
    def _some(self) -> Attention:
        if not sum(self.shares.values()):
            raise ValueError("expected at least one point for somebody")
        return self


class Respond(Order):
    """What the patron does in a crisis of this client, known or still to come this turn."""

    do: Literal["respond"] = "respond"
    client: Name
    answer: Literal["nothing", "words", "mediation", "help"]


class Act(Order):
    """Whether the patron does something unfriendly to a client, or courts its adversary."""

    do: Literal["coerce", "claim", "criticise", "court"]
    client: Name
    act: bool = True


class Support(Order):
    """Whether the patron delivers technical support to a client that relies on its air defence."""

    do: Literal["support"] = "support"
    client: Name
    supply: Literal["nothing", "lapse", "deliver"]


class Offers(Order):
    """Whether a rival raises its offer to a client, and what it does if it is turned down in the same month."""

    do: Literal["offer"] = "offer"
    client: Name
    act: bool = True
    if_refused: Literal["keep", "withdraw"] | None = None


class Withdraw(Order):
    """A rival takes one offer back."""

    do: Literal["withdraw"] = "withdraw"
    client: Name


class Press(Order):
    """How hard an adversary presses a client, 1 to 3; 0 holds back for the whole turn."""

    do: Literal["press"] = "press"
    client: Name
    intensity: Annotated[int, Field(strict=True, ge=0, le=3)]


AnyOrder = Annotated[
    Posture | Hedge | Ask | Complain | Attention | Respond | Act | Support | Offers | Withdraw | Press,
    Field(discriminator="do"),
]

KINDS: Mapping[str, tuple[type[Order], ...]] = {
    CLIENT: (Posture, Hedge, Ask, Complain),
    PATRON: (Attention, Respond, Act, Support),
    RIVAL: (Offers, Withdraw),
    ADVERSARY: (Press,),
}


class Sheet(BaseModel):
    """All that one seat orders for one turn, and what else it expects."""

    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True)

    seat: Annotated[str, Field(max_length=80)]
    turn: Turn
    orders: tuple[AnyOrder, ...] = Field(default=(), max_length=MAX_ORDERS)
    expects: tuple[Question, ...] = Field(default=(), max_length=20)

    @property
    def questions(self) -> tuple[Question, ...]:
        """All that the seat expects, of its orders or besides."""
        return (*(order.expects for order in self.orders if order.expects is not None), *self.expects)


@dataclass(frozen=True)
class Standing:
    """Where everybody stands when a turn begins, as far as orders are checked against it.

    Attributes
    ----------
    postures, present
        By client, in the setting's order.
    budget, burden
        Of the patron.
    falling
        By client, whether its regime falls in the turn's first month, as everyone reads: a successor is bound by no
        rung.
    """

    postures: tuple[int, ...]
    present: tuple[bool, ...]
    budget: float
    burden: float
    falling: tuple[bool, ...] = ()
