"""Print a card for each seat: what it reads before the game, what it decides and what that costs, and who is who."""

from __future__ import annotations

from typing import TYPE_CHECKING

from papertiger.wargame.rules import seats
from papertiger.wargame.rules.orders import Act, Ask, Complain, Hedge, Offers, Press, Respond, Support
from papertiger.wargame.rules.prices import cost_of
from papertiger.wargame.server.request import render

if TYPE_CHECKING:
    from collections.abc import Iterator

    from papertiger.scenarios.schema.game import Game
    from papertiger.wargame.i18n.translate import Translator
    from papertiger.wargame.log.state import GameState
    from papertiger.wargame.rules.orders import Order

ORDERS = {
    seats.PATRON: ("respond", "attention", "support", "criticise", "court", "coerce", "claim"),
    seats.CLIENT: ("posture", "hedge", "ask", "complain"),
    seats.RIVAL: ("offer", "withdraw"),
    seats.ADVERSARY: ("press",),
}
"""What a seat decides, as the catalogue of texts calls it."""

SOMEBODY = "somebody"
PRICED: dict[str, tuple[tuple[str, Order], ...]] = {
    "respond": (
        ("answer.mediation", Respond(client=SOMEBODY, answer="mediation")),
        ("answer.help", Respond(client=SOMEBODY, answer="help")),
    ),
    "support": (("supply.deliver", Support(client=SOMEBODY, supply="deliver")),),
    "hedge": (("do.hedge", Hedge(towards=SOMEBODY)),),
    "ask": (("do.ask", Ask(ask=True)),),
    "complain": (("do.complain", Complain(complain=True)),),
    "coerce": (("do.coerce", Act(do="coerce", client=SOMEBODY)),),
    "offer": (("order.raise", Offers(client=SOMEBODY)),),
    "press": tuple((f"order.press_{hard}", Press(client=SOMEBODY, intensity=hard)) for hard in (1, 2, 3)),
}
"""Orders of each kind that may cost points, as the catalogue calls them."""


def page_of(game: GameState, translator: Translator) -> str:
    """Return a page with a card for each seat.

    Parameters
    ----------
    game
        Whose seats.
    translator
        In which language.
    """
    cards = [
        (
            seat,
            seats.brief_of(game.game, seat),
            [(name, list(_prices(name, game.game))) for name in ORDERS[seat.kind]],
        )
        for seat in game.seats
    ]
    clients = game.scenario.clients
    everywhere = game.game.background is None or game.game.background.crises == "rules"
    threatens = {
        str(seat): [
            name
            for name, client in clients.items()
            # To whom nobody plays nothing happens in some games; who threatens them would only fill the card.
            if client.adversary == seat.name and (everywhere or name in game.game.seats.clients)
        ]
        for seat in game.seats
        if seat.kind == seats.ADVERSARY
    }
    limits = {seats.PATRON: game.game.limits.patron, seats.RIVAL: game.game.limits.rival}
    limits |= {seats.ADVERSARY: game.game.limits.adversary, seats.CLIENT: game.game.limits.client}
    return render("cards.html", translator, cards=cards, threatens=threatens, limits=limits)


def _prices(name: str, game: Game) -> Iterator[tuple[str, int]]:
    for says, order in PRICED.get(name, ()):
        if cost := cost_of(order, game):
            yield says, cost
