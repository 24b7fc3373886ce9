"""Lay out what a seat can decide this turn: a card for each thing, with prices, and with reasons for what cannot be.

A page says the texts. Clients that the game is about come as cards; the others are a background that a page folds.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from papertiger.scenarios.schema.values import POSTURES
from papertiger.wargame.rules import seats
from papertiger.wargame.rules.orders import Act, Ask, Complain, Hedge, Offers, Press, Respond, Support
from papertiger.wargame.rules.prices import cost_of
from papertiger.wargame.views.adversary_desk import AdversaryDesk
from papertiger.wargame.views.client_desk import ClientDesk
from papertiger.wargame.views.patron_desk import PatronDesk
from papertiger.wargame.views.rival_desk import RivalDesk

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from papertiger.wargame.rules.orders import Order
    from papertiger.wargame.views.seats import SeatView

type Price = Callable[[Order], int]

MAX_CARDS = 4
"""Of clients; with all others, the attention and the forecast a desk has seven."""

MAX_OWN = 7
"""Of a client's own decisions."""

HEDGING = POSTURES.index("hedging")
ANSWERS: tuple[Literal["nothing", "words", "mediation", "help"], ...] = ("nothing", "words", "mediation", "help")
SUPPLIES: tuple[Literal["nothing", "lapse", "deliver"], ...] = ("nothing", "lapse", "deliver")
DOINGS: tuple[Literal["coerce", "claim", "criticise", "court"], ...] = ("coerce", "claim", "criticise", "court")
"""Acts towards a client, as a patron's card lists them."""
PRESSURES = (0, 1, 2, 3)
NO_OFFER = 0.005
"""An offer below this is none that could be taken back."""


@dataclass(frozen=True)
class Choice:
    """One value of a decision.

    Attributes
    ----------
    value
        Of the form's field.
    says
        Key of what it is called, and of what it does in words.
    price
        Points that it takes.
    about
        The power that it is about.
    barred
        Key of the reason why it cannot be chosen now; blank where it can.
    """

    value: str
    says: str
    price: int = 0
    about: str = ""
    barred: str = ""


@dataclass(frozen=True)
class Choosing:
    """One decision: the field of the form, and what can be chosen besides leaving it to the rule."""

    field: str
    says: str
    choices: tuple[Choice, ...]


@dataclass(frozen=True)
class Card:
    """What a seat decides about one thing: first the main decision, then what is decided more rarely.

    Attributes
    ----------
    client
        Whom it is about; blank where about itself.
    why
        Field of the reason.
    points
        Field of the points of attention; blank where there are none.
    crisis
        Whether everyone reads of a crisis of this client as the turn begins.
    """

    client: str
    main: Choosing
    more: tuple[Choosing, ...]
    why: str
    points: str = ""
    crisis: bool = False

    @property
    def decisions(self) -> tuple[Choosing, ...]:
        """All of them."""
        return (self.main, *self.more)


def cards_of(view: SeatView, price: Price = cost_of) -> tuple[Card, ...]:
    """Return all cards of a seat, those that the game is about first.

    Parameters
    ----------
    view
        Of the seat.
    price
        Returns the points that an order takes in the game.
    """
    match view.desk:
        case ClientDesk():
            return _of_client(view, view.desk, price)
        case PatronDesk() | RivalDesk() | AdversaryDesk():
            crises = {item.client for item in view.public.coming if item.intensity}
            names = in_play(view)
            clients = sorted((one.client for one in view.desk.clients), key=names.index)
            return tuple(_about(view.desk, client, client in crises, price) for client in clients)
        case _:
            return ()


def in_play(view: SeatView) -> list[str]:
    """Return the clients: those in a crisis first, then those that a team can play, then the others."""
    crises = [item.client for item in view.public.coming if item.intensity and item.client]
    played = [
        seat.name for seat in map(seats.parse, (state.seat for state in view.seats)) if seat.kind == seats.CLIENT
    ]
    return list(dict.fromkeys((*crises, *played, *(client.client for client in view.public.clients))))


def shown_first(view: SeatView) -> int:
    """Return how many cards stand open on a desk; the others are folded."""
    if isinstance(view.desk, ClientDesk):
        return MAX_OWN
    crises = {item.client for item in view.public.coming if item.intensity and item.client}
    played = {state.seat.partition(":")[2] for state in view.seats if state.seat.startswith(f"{seats.CLIENT}:")}
    own = {one.client for one in view.desk.clients} if view.desk is not None else set()
    return min(MAX_CARDS, len(own & (crises | played)) or len(own))


def spent(cards: Iterable[Card], fields: Mapping[str, str]) -> int:
    """Return the points that a form's choices take."""
    return sum(
        choice.price
        for card in cards
        for decision in card.decisions
        for choice in decision.choices
        if choice.value == fields.get(decision.field)
    )


def _of_client(view: SeatView, desk: ClientDesk, price: Price) -> tuple[Card, ...]:
    rungs = tuple(
        Choice(posture, f"posture.{posture}", barred="" if posture in desk.reachable else "far")
        for posture in POSTURES
        if posture in desk.reachable or not desk.part_of_patron or POSTURES.index(posture) <= HEDGING
    )
    hedging = POSTURES[HEDGING]
    open_bar = "" if hedging in desk.reachable else "hedging_far"
    secret_bar = (
        "" if hedging in desk.reachable or (desk.part_of_patron and desk.posture == POSTURES[0]) else open_bar
    )
    contacts = [Choice("end", "order.hedge_end")] if desk.contacts else []
    for how, barred in (("covert", secret_bar), ("open", open_bar)):
        contacts += [
            Choice(
                f"{how}:{one.rival}",
                f"order.hedge_{how}",
                price(Hedge(towards=one.rival, covert=how == "covert")),
                one.rival,
                barred,
            )
            for one in desk.outside
        ]
    crisis = any(item.client == desk.client and item.intensity for item in view.public.coming)
    return (
        Card("", Choosing("posture", "posture", rungs), (), "posture.why"),
        Card("", Choosing("hedge", "hedge", tuple(contacts)), (), "hedge.why"),
        Card("", Choosing("ask", "ask", _yes_no(price(Ask(ask=True)))), (), "ask.why", crisis=crisis),
        Card("", Choosing("complain", "complain", _yes_no(price(Complain(complain=True)))), (), "complain.why"),
    )


def _about(desk: PatronDesk | RivalDesk | AdversaryDesk, client: str, crisis: bool, price: Price) -> Card:
    why = f"why/{client}"
    match desk:
        case PatronDesk():
            own = next(one for one in desk.clients if one.client == client)
            answers = [Choice(one, f"answer.{one}", price(Respond(client=client, answer=one))) for one in ANSWERS]
            more = [Choosing(f"{do}/{client}", do, _yes_no(price(Act(do=do, client=client)))) for do in DOINGS]
            if own.holds is not None:
                supplies = [
                    Choice(one, f"supply.{one}", price(Support(client=client, supply=one))) for one in SUPPLIES
                ]
                more.append(Choosing(f"support/{client}", "support", tuple(supplies)))
            main = Choosing(f"respond/{client}", "respond", tuple(answers))
            return Card(client, main, tuple(more), why, points=f"points/{client}", crisis=crisis)
        case RivalDesk():
            offered = next(one for one in desk.clients if one.client == client).offers
            offers = (
                Choice("yes", "order.raise", price(Offers(client=client))),
                Choice("no", "order.hold"),
                Choice("withdraw", "order.withdraw", barred="" if offered > NO_OFFER else "no_offer"),
            )
            refused = Choice("keep", "order.keep"), Choice("withdraw", "order.withdraw")
            main = Choosing(f"offer/{client}", "offer", offers)
            return Card(client, main, (Choosing(f"refused/{client}", "refused", refused),), why, crisis=crisis)
        case AdversaryDesk():
            presses = tuple(
                Choice(str(hard), f"order.press_{hard}", price(Press(client=client, intensity=hard)))
                for hard in PRESSURES
            )
            return Card(client, Choosing(f"press/{client}", "press", presses), (), why, crisis=crisis)


def _yes_no(cost: int) -> tuple[Choice, ...]:
    return Choice("yes", "word.yes", cost), Choice("no", "word.no")
