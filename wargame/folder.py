"""Keep a game in a folder of its own: go on with the one that is there, or begin one."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from papertiger.wargame.private import make_folder
from papertiger.wargame.session import Session

if TYPE_CHECKING:
    from papertiger.scenarios import Scenario
    from papertiger.wargame.engine.worker import Engine

LOG_NAME = "game.game"


def open_game(
    folder: Path, scenario: Callable[[], Scenario], engine: Engine, version: str = "", seed: int | None = None
) -> Session:
    """Go on with the game of a folder, or begin one there.

    Parameters
    ----------
    folder
        Of the game; made if it is missing.
    scenario
        Gives what is played, asked only for a new game.
    engine
        Computes the turns.
    version
        Of the program.
    seed
        Key of a new game's draws; blank takes a random one.
    """
    make_folder(folder)
    path = folder / LOG_NAME
    if path.is_file():
        return Session.open(path, engine=engine)
    # Made under another name, so that a kill meanwhile leaves no half game under its own.
    part = folder / "new.part"
    for leftover in folder.glob(f"{part.name}*"):
        leftover.unlink()
    Session.create(part, scenario(), seed=seed, engine=engine, version=version).close()
    part.rename(path)
    return Session.open(path, engine=engine)
