"""Let teams practise before the first turn: in a branch of its own with other luck, of which nothing counts.

The branch stands in the log like any other, so a kill, an undo and a restart keep what it has. The game that counts
begins where it was: orders, messages and luck of the practice are not taken along.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from papertiger.wargame.log.state import GameError
from papertiger.wargame.rules.refusals import refusal

if TYPE_CHECKING:
    from papertiger.wargame.log.state import GameState
    from papertiger.wargame.session import Session

PRACTICE = "practice turn"
"""The name of such a branch in the log."""


def is_practising(game: GameState) -> bool:
    """Tell whether the teams are in a practice turn."""
    return bool(game.active) and game.branch.name == PRACTICE


def can_practise(game: GameState) -> bool:
    """Tell whether a practice turn can begin: the game that counts is at its first turn."""
    return game.active == 0 and game.branch.turn == 1 and not game.branch.closed and not game.ended


def begin_practice(session: Session, *, key: str = "") -> None:
    """Send the teams into a practice turn; asked again, it does nothing.

    Raises
    ------
    papertiger.wargame.log.state.GameError
        If the first turn of the game has been played.
    """
    game = session.game
    if is_practising(game):
        return
    if not can_practise(game):
        raise GameError(refusal("practice.late"))
    # What a kill left between the two records is gone on with.
    fresh = [line.number for line in game.branches if line.name == PRACTICE and line.turn == 1 and not line.sheets]
    number = fresh[-1] if fresh else session.branch_off(PRACTICE, 1, luck="other", key=key and f"{key}/branch")
    session.activate(number, key=key)


def end_practice(session: Session, *, key: str = "") -> None:
    """Bring the teams back to the game that counts; asked again, it does nothing."""
    if is_practising(session.game):
        session.activate(0, key=key)
