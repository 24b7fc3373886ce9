"""Keep the background of a game quiet where its file says so: crises come to states that somebody can play."""

from __future__ import annotations

from typing import TYPE_CHECKING

from papertiger.model.decisions import Decision, Decisions

if TYPE_CHECKING:
    from collections.abc import Iterable

    from papertiger.model.setting import Setting
    from papertiger.scenarios.schema.game import Game


def in_the_background(game: Game, setting: Setting) -> tuple[int, ...]:
    """Return the clients that the rules let no crisis come to, by index: no seat plays them, and the file says so."""
    if game.background is None or game.background.crises == "rules":
        return ()
    return tuple(i for i, client in enumerate(setting.clients) if client.name not in game.seats.clients)


def quiet(game: Game, setting: Setting, months: Iterable[int]) -> Decisions:
    """Return decisions by which no crisis is drawn for a client in the background; an order goes before."""
    still = in_the_background(game, setting)
    return Decisions({(month, i, Decision.PRESS): 0 for month in months for i in still})
