"""Turn the sheets of a turn into decisions of the model, and say what is left to the rules."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from math import log
from typing import TYPE_CHECKING

from papertiger.model.decisions import DELIVER, HELP, LAPSE, MEDIATION, NOTHING, WORDS, Decision, Decisions, Offer
from papertiger.model.rules import patronage
from papertiger.model.rules.choice import HEDGING, REALIGNED
from papertiger.scenarios.schema.events import Event
from papertiger.scenarios.schema.values import POSTURES
from papertiger.wargame.rules.seats import ADVERSARY, CLIENT, PATRON, RIVAL, Seat, parse

if TYPE_CHECKING:
    from papertiger.model.setting import Setting
from papertiger.wargame.rules.orders import (
    ACTS,
    Act,
    Ask,
    Attention,
    Complain,
    Hedge,
    Offers,
    Order,
    Posture,
    Press,
    Respond,
    Sheet,
    Standing,
    Support,
    Withdraw,
)

ANSWERS = {"nothing": NOTHING, "words": WORDS, "mediation": MEDIATION, "help": HELP}


SUPPLIES = {"nothing": 0, "lapse": LAPSE, "deliver": DELIVER}


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
