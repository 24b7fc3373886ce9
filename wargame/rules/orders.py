"""Orders: what each seat may decide, typed, checked against what the seat is, and turned into decisions of the model.

A sheet is everything that one seat orders for one turn. A later sheet takes the place of an earlier one as a whole.
What a sheet leaves open is decided by the rule. A turn may have several months:

- a posture is taken in the first month and held for the turn, and so is a refusal to act;
- an act (coercion, a claim, criticism, courting, an offer, pressure) happens once, in the first month;
- a standing order (attention, responses, support, asking, complaining) holds in every month of the turn.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from math import log
from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from papertiger.model.decisions import DELIVER, HELP, LAPSE, MEDIATION, NOTHING, WORDS, Decision, Decisions, Offer
from papertiger.model.rules import patronage
from papertiger.model.rules.choice import HEDGING, LOYAL, REALIGNED, last_posture
from papertiger.scenarios.schema.events import Event
from papertiger.scenarios.schema.values import POSTURES, PostureName
from papertiger.wargame.rules.questions import Name, Question, Turn
from papertiger.wargame.rules.refusals import Refusal, RefusalError, refusal, unknown
from papertiger.wargame.rules.seats import ADVERSARY, CLIENT, PATRON, RIVAL, Seat, parse

if TYPE_CHECKING:
    from papertiger.model.setting import Setting
    from papertiger.scenarios.schema.game import Game

MAX_ORDERS = 200
ANSWERS = {"nothing": NOTHING, "words": WORDS, "mediation": MEDIATION, "help": HELP}
SUPPLIES = {"nothing": 0, "lapse": LAPSE, "deliver": DELIVER}
ACTS = {
    "coerce": Decision.COERCE,
    "claim": Decision.CLAIM,
    "criticise": Decision.CRITICISE,
    "court": Decision.COURT,
}
COSTS = {"help": 3, "mediation": 2, "deliver": 1, "coerce": 1, "raise": 1}
"""Points of what the patron and the rivals do; pressure costs its intensity, and everything else nothing."""


class OrderError(RefusalError):
    """Orders that a seat cannot give; one problem a line."""


class Order(BaseModel):
    """One decision, with the reason for it and what the team expects of it."""

    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True)

    why: Annotated[str, Field(max_length=300)] = Field("", description="the rationale, in a line")
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
    orders: tuple[AnyOrder, ...] = Field((), max_length=MAX_ORDERS)
    expects: tuple[Question, ...] = Field((), max_length=20)

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


def points_of(seat: Seat, game: Game, standing: Standing) -> int:
    """Return what a seat can spend in a turn. The patron's means follow its budget and its war, as its help does."""
    if seat.kind == PATRON:
        share = max(0.0, standing.budget) * (1.0 - standing.burden / 2.0)
        return int(game.limits.patron * share + 0.5)
    return {RIVAL: game.limits.rival, ADVERSARY: game.limits.adversary}.get(seat.kind, 0)


def cost_of(order: Order) -> int:
    """Return the points that an order takes."""
    match order:
        case Respond():
            return COSTS.get(order.answer, 0)
        case Support():
            return COSTS.get(order.supply, 0)
        case Act():
            return COSTS.get(order.do, 0) if order.act else 0
        case Offers():
            return COSTS["raise"] if order.act else 0
        case Press():
            return order.intensity
        case _:
            return 0


def check_sheet(sheet: Sheet, setting: Setting, game: Game, standing: Standing, last_turn: int) -> None:
    """Refuse a sheet that its seat cannot give in this turn.

    Raises
    ------
    OrderError
        With every problem, each naming the order, what is possible and the nearest valid name.
    """
    seat = parse(sheet.seat)
    problems: list[Refusal] = []
    allowed = KINDS.get(seat.kind, ())
    place = {client.name: index for index, client in enumerate(setting.clients)}
    taken: set[tuple[str, str]] = set()
    for order in sheet.orders:
        do, client = order.slot
        if not isinstance(order, allowed):
            problems.append(_about(order, refusal("order.foreign", seat=str(seat))))
            continue
        found = [refusal("order.twice")] if (do, client) in taken else []
        taken.add((do, client))
        for name in order.shares if isinstance(order, Attention) else [client] if client else []:
            if name not in place:
                found.append(unknown("client", name, place))
            elif not standing.present[place[name]]:
                found.append(refusal("order.absent", client=name))
        found += _objections(order, seat, sheet, setting, standing, place)
        problems += [_about(order, one) for one in found]
    for question in sheet.questions:
        name = getattr(question, "client", "")
        if name and name not in place:
            problems.append(refusal("expect", problem=unknown("client", name, place)))
        if not sheet.turn <= question.turn <= last_turn:
            problem = refusal("expect.turn", first=sheet.turn, last=last_turn, turn=question.turn)
            problems.append(refusal("expect", problem=problem))
    points, spent = points_of(seat, game, standing), sum(map(cost_of, sheet.orders))
    if spent > points:
        problems.append(refusal("order.points", count=spent, seat=str(seat), points=points))
    if problems:
        raise OrderError(*problems)


def _about(order: Order, problem: Refusal) -> Refusal:
    """Return a problem with the order that it is about."""
    do, client = order.slot
    if not client:
        return refusal("order", order=do, problem=problem)
    return refusal("order.client", order=do, client=client, problem=problem)


def _objections(
    order: Order, seat: Seat, sheet: Sheet, setting: Setting, standing: Standing, place: Mapping[str, int]
) -> Iterable[Refusal]:
    """Yield what speaks against one order of the right kind."""
    if seat.kind == CLIENT:
        yield from _objections_of_client(order, place[seat.name], sheet, setting, standing)
    elif seat.kind == ADVERSARY and isinstance(order, Press) and order.client in place:
        if setting.clients[place[order.client]].adversary != seat.name:
            yield refusal("press.foreign", adversary=seat.name, client=order.client)
    elif isinstance(order, Support) and order.client in place:
        if not setting.clients[place[order.client]].supplied_air_defence:
            yield refusal("support.none", client=order.client)


def _objections_of_client(
    order: Order, client: int, sheet: Sheet, setting: Setting, standing: Standing
) -> Iterable[Refusal]:
    now, falls = standing.postures[client], any(standing.falling[client : client + 1])
    if isinstance(order, Posture):
        rungs = reachable(client, now, setting, free=falls)
        if POSTURES.index(order.posture) not in rungs:
            yield refusal("posture.far", posture=order.posture, postures=tuple(POSTURES[rung] for rung in rungs))
    elif isinstance(order, Hedge):
        if order.towards is not None and order.towards not in setting.rivals:
            yield unknown("rival", order.towards, setting.rivals)
        postures = [POSTURES.index(other.posture) for other in sheet.orders if isinstance(other, Posture)]
        hedging = POSTURES[HEDGING]
        if not order.covert and order.towards is None:
            yield refusal("hedge.whom")
        elif not order.covert:
            if postures and postures != [HEDGING]:
                yield refusal("hedge.posture", posture=hedging)
            if HEDGING not in reachable(client, now, setting, free=falls):
                yield refusal("hedge.far", posture=hedging)
        elif order.towards is not None and (postures or [now]) != [HEDGING]:
            yield refusal("hedge.covert", posture=hedging)


def reachable(client: int, posture: int, setting: Setting, *, free: bool = False) -> tuple[int, ...]:
    """Return the rungs that a client can stand on at the end of a turn, by the rule of the ladder.

    Parameters
    ----------
    client, posture
        Who, and where it stands.
    setting
        The world in numbers.
    free
        Whether it is a successor's first choice, which is among all rungs.
    """
    own = setting.clients[client]
    if free:
        return tuple(range((HEDGING if own.sub_state else REALIGNED) + 1))
    last = last_posture(posture, own.sub_state, own.defence_pact, setting.constants.ladder_needs_pact >= 0.5)
    return tuple(range(max(LOYAL, posture - 1), min(last, posture + 1) + 1))


@dataclass
class TurnDecisions:
    """What the sheets of one turn come to: orders of the model, events, and what is left to the rules.

    Attributes
    ----------
    book
        Orders of the model in the turn's months.
    events
        Events that orders let happen, by name.
    """

    book: Decisions = field(default_factory=Decisions)
    events: dict[str, Event] = field(default_factory=dict)


def decide(sheets: Iterable[Sheet], months: range, setting: Setting, standing: Standing) -> TurnDecisions:
    """Turn the sheets of a turn into orders of the model.

    Parameters
    ----------
    sheets
        At most one for each seat, checked.
    months
        Indices of the turn's months.
    setting
        The world in numbers.
    standing
        Where everybody stands before the turn.
    """
    decided = TurnDecisions()
    for sheet in sorted(sheets, key=lambda sheet: sheet.seat):
        seat = parse(sheet.seat)
        for order in sheet.orders:
            _enter(order, seat, months, setting, standing, decided)
    return decided


def _enter(
    order: Order, seat: Seat, months: range, setting: Setting, standing: Standing, decided: TurnDecisions
) -> None:
    book = decided.book
    place = {client.name: index for index, client in enumerate(setting.clients)}
    own = place.get(seat.name, -1)
    target = place.get(str(getattr(order, "client", "")), -1)
    match order:
        case Posture():
            _hold(book, months, own, Decision.POSTURE, POSTURES.index(order.posture))
        case Hedge(covert=False):
            _hold(book, months, own, Decision.POSTURE, HEDGING)
            _hold(book, months, own, Decision.COVERT, 0)
        case Hedge(towards=None):
            _hold(book, months, own, Decision.COVERT, 0)
        case Hedge(towards=str(rival)):
            # Once: an order of the next month would start again what was found out in this one.
            book.decisions[months[0], own, Decision.COVERT] = setting.rivals.index(rival) + 1
        case Ask():
            _hold(book, months, own, Decision.ASK, int(order.ask))
        case Complain():
            _hold(book, months, own, Decision.COMPLAIN, int(order.complain))
        case Respond():
            _hold(book, months, target, Decision.RESPONSE, ANSWERS[order.answer])
        case Support():
            _hold(book, months, target, Decision.SUPPORT, SUPPLIES[order.supply])
        case Act():
            _once(book, months, target, ACTS[order.do], int(order.act))
        case Press():
            _once(book, months, target, Decision.PRESS, order.intensity)
        case Offers():
            k = setting.rivals.index(seat.name)
            for month in months:
                book.offers[month, target, k, Offer.RAISE] = int(order.act and month == months[0])
                if order.if_refused is not None:
                    book.offers[month, target, k, Offer.WITHDRAW] = int(order.if_refused == "withdraw")
        case Withdraw():
            name = f"withdrawn by {seat.name} from {order.client} {setting.months[months[0]]}"
            decided.events[name] = Event(
                date=setting.months[months[0]],
                kind="offer_withdrawn",
                client=order.client,
                rival=seat.name,
                what="An offer is taken back.",
            )
        case Attention():
            _spread(order, months, setting, standing, book)


def _hold(book: Decisions, months: range, client: int, decision: Decision, value: int) -> None:
    for month in months:
        book.decisions[month, client, decision] = value


def _once(book: Decisions, months: range, client: int, decision: Decision, value: int) -> None:
    for month in months:
        book.decisions[month, client, decision] = value if month == months[0] else 0


def _spread(order: Attention, months: range, setting: Setting, standing: Standing, book: Decisions) -> None:
    """Share out what clients' claims weigh in all by rule; the war's and the main track's part stays what it is.

    A claim weighs exp(eta v) with v of at least 0, so the least share is that of a value of 0.
    """
    focus = setting.constants.attention_focus
    there = [
        index
        for index, client in enumerate(setting.clients)
        if standing.present[index] and standing.postures[index] != REALIGNED
    ]
    total = 0.0
    for index in there:
        total += patronage.attention_weight(focus, setting.clients[index].value)
    points = sum(order.shares.values())
    for index in there:
        share = order.shares.get(setting.clients[index].name, 0) / points
        weight = max(1.0, total * share)
        value = log(weight) / focus if focus > 0.0 else 0.0
        for month in months:
            book.attention[month, index] = value


def by_rule(seat: Seat, sheet: Sheet | None, setting: Setting) -> tuple[str, ...]:
    """Return what a seat left to the rules, as names of orders with a client where one is meant.

    Parameters
    ----------
    seat
        The seat.
    sheet
        What it ordered, if anything.
    setting
        The world in numbers.
    """
    given = {order.slot for order in sheet.orders} if sheet is not None else set()
    names = [client.name for client in setting.clients]
    if seat.kind == CLIENT:
        slots = [("posture", ""), ("hedge", ""), ("ask", ""), ("complain", "")]
        if sheet is not None and any(isinstance(order, Hedge) and not order.covert for order in sheet.orders):
            given.add(("posture", ""))
    elif seat.kind == PATRON:
        slots = [("attention", "")]
        slots += [(do, name) for name in names for do in ("respond", *ACTS)]
        slots += [("support", client.name) for client in setting.clients if client.supplied_air_defence]
    elif seat.kind == RIVAL:
        slots = [("offer", name) for name in names]
    elif seat.kind == ADVERSARY:
        slots = [("press", client.name) for client in setting.clients if client.adversary == seat.name]
    else:
        slots = []
    return tuple(f"{do} {name}".strip() for do, name in slots if (do, name) not in given)
