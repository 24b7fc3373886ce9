"""Ask an engine for the replay of a game."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from papertiger.wargame.rules.conditions import Condition
from papertiger.wargame.rules.orders import Sheet

if TYPE_CHECKING:
    from papertiger.scenarios import Scenario
    from papertiger.scenarios.schema.events import Event


@dataclass(frozen=True)
class PlannedInject:
    """Something that the facilitator lets happen.

    Attributes
    ----------
    name
        Of the event.
    event
        Dated, unless it waits for a condition.
    condition
        What must be seen at the end of a turn; it then happens in the next turn's first month.
    since
        The first turn before which the condition is looked at.
    """

    name: str
    event: Event
    condition: Condition | None = None
    since: int = 1


@dataclass(frozen=True)
class ReplayRequest:
    """Hold all that a replay depends on.

    Attributes
    ----------
    scenario
        What is played, as the game was made with it.
    seed
        Key of the draws.
    runs
        Numbers of runs with the first turn of each: another number is other luck from that turn on.
    turns
        How many turns are played.
    sheets
        Orders by turn.
    planned
        What the facilitator lets happen.
    """

    scenario: Scenario
    seed: int
    runs: tuple[tuple[int, int], ...]
    turns: int
    sheets: tuple[tuple[Sheet, ...], ...]
    planned: tuple[PlannedInject, ...] = ()
