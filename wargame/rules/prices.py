"""Price what seats order: points by kind of order, as the game's limits have it, and what a seat has in a turn."""

from __future__ import annotations

from typing import TYPE_CHECKING

from papertiger.wargame.rules.orders import Act, Ask, Complain, Hedge, Offers, Press, Respond, Support
from papertiger.wargame.rules.seats import ADVERSARY, CLIENT, PATRON, RIVAL

if TYPE_CHECKING:
    from papertiger.scenarios.schema.game import Game
    from papertiger.wargame.rules.orders import Order, Sheet, Standing
    from papertiger.wargame.rules.seats import Seat

COSTS = {"help": 3, "mediation": 2, "deliver": 1, "coerce": 1, "raise": 1, "press": 1}
"""Points of an order where the game names no price: pressure for each degree, and all that is not here nothing."""


def prices_of(game: Game | None) -> dict[str, int]:
    """Return the points of every kind of order that has a price in a game; without a game the usual ones."""
    return COSTS | ({} if game is None else {str(name): price for name, price in game.limits.prices.items()})


def points_of(seat: Seat, game: Game, standing: Standing) -> int:
    """Return what a seat can spend in a turn. The patron's means follow its budget and its war, as its help does."""
    limits = game.limits
    if seat.kind == PATRON:
        share = max(0.0, standing.budget) * (1.0 - standing.burden / 2.0)
        return int(limits.patron * share + 0.5)
    return {RIVAL: limits.rival, ADVERSARY: limits.adversary, CLIENT: limits.client}.get(seat.kind, 0)


def cost_of(order: Order, game: Game | None = None) -> int:  # noqa: PLR0911 - a line for each kind of order
    """Return the points that an order takes.

    Parameters
    ----------
    order
        What is ordered; to refrain from something costs nothing.
    game
        Whose prices count; blank for the usual ones.
    """
    prices = prices_of(game)
    match order:
        case Respond():
            return prices.get(order.answer, 0)
        case Support():
            return prices.get(order.supply, 0)
        case Act():
            return prices.get(order.do, 0) if order.act else 0
        case Offers():
            return prices["raise"] if order.act else 0
        case Press():
            return order.intensity * prices["press"]
        case Ask():
            return prices.get("ask", 0) if order.ask else 0
        case Complain():
            return prices.get("complain", 0) if order.complain else 0
        case Hedge():
            return prices.get("hedge", 0) if order.towards is not None else 0
        case _:
            return 0


def spent_on(sheet: Sheet | None, game: Game) -> int:
    """Return the points that a sheet takes in all; nothing ordered takes none."""
    return 0 if sheet is None else sum(cost_of(order, game) for order in sheet.orders)
