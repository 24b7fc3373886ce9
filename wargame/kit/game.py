"""Make the game of a scenario without a log: names and seats, for pages that are printed before anybody plays."""

from __future__ import annotations

from typing import TYPE_CHECKING

from papertiger.wargame.log import records
from papertiger.wargame.log.state import GameState
from papertiger.wargame.rules.setup import write_scenario

if TYPE_CHECKING:
    from papertiger.scenarios import Scenario


def game_for(scenario: Scenario) -> GameState:
    """Return a game of a scenario before its first turn."""
    body = records.Created(version="", scenario=write_scenario(scenario), seed=1)
    return GameState([records.Record(1, "", 0, "created", body)])
