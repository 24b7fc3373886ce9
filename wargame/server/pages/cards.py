"""Print a card for each seat: what it reads before the game."""

from __future__ import annotations

from typing import TYPE_CHECKING

from papertiger.wargame.rules import seats
from papertiger.wargame.server.request import standalone

if TYPE_CHECKING:
    from papertiger.wargame.i18n.translate import Translator
    from papertiger.wargame.log.state import GameState

ORDERS = {
    seats.PATRON: ("respond", "attention", "support", "criticise", "court", "coerce", "claim"),
    seats.CLIENT: ("posture", "hedge", "ask", "complain"),
    seats.RIVAL: ("offer", "withdraw"),
    seats.ADVERSARY: ("press",),
}
"""What a seat decides, as the catalogue of texts calls it."""


def page_of(game: GameState, translator: Translator) -> str:
    """Return a page with a card for each seat.

    Parameters
    ----------
    game
        Whose seats.
    speech
        In which language.
    """
    cards = [(seat, seats.brief_of(game.game, seat), ORDERS[seat.kind]) for seat in game.seats]
    return standalone("cards.html", translator, cards=cards)
