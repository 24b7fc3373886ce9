"""Rehearse a whole game with nobody in any seat, so that a facilitator sees beforehand what comes of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from papertiger.wargame.session import Session

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from papertiger.scenarios import Scenario


def rehearse(
    path: Path,
    scenario: Scenario,
    seed: int,
    *,
    version: str = "",
    progress: Callable[[int, int], None] | None = None,
) -> Session:
    """Play a game to its end; the rules decide for every seat. The game stays open for its review.

    Parameters
    ----------
    path, scenario, seed, version
        As in `papertiger.wargame.session.Session.create`.
    progress
        Called with the turns played and the turns in all.
    """
    session = Session.create(path, scenario, seed=seed, version=version)
    try:
        turns = session.game.schedule.turns
        for turn in range(1, turns + 1):
            if progress is not None:
                progress(turn - 1, turns)
            session.resolve(turn)
    except BaseException:
        session.close()
        raise
    return session
