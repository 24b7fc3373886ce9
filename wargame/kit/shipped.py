"""Find the shipped lesson that fits the scenario of a game, whose kit the facilitator's page then offers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from papertiger.scenarios.errors import ScenarioError
from papertiger.scenarios.lessons.loader import read_lesson
from papertiger.scenarios.reading.sources import LESSONS

if TYPE_CHECKING:
    from papertiger.scenarios import Scenario
    from papertiger.scenarios.lessons.loader import Read


BRIEF = 12
"""Minutes of a lesson's debrief up to which it is the brief one: eight steps of about a minute and a half."""


def shipped_lesson(scenario: Scenario) -> Read | None:
    """Return the shipped lesson of a game's scenario; None where there is none, or where the scenario is another one.

    A log holds the scenario and not the folder that it came from, so the kit of one's own lesson is had by command.
    """
    source = LESSONS.shipped.get(scenario.name)
    if source is None or scenario.game is None:
        return None
    try:
        return read_lesson(source, scenario)
    except ScenarioError:
        return None


def minutes_for(scenario: Scenario, turn: int) -> int:
    """Return how long a turn takes: as the shipped lesson plans it, or else as the game says."""
    assert scenario.game is not None
    read = shipped_lesson(scenario)
    for step in read.lesson.script if read is not None else ():
        if step.turn is not None and step.turn <= turn < step.turn + step.turns:
            return max(1, round(step.minutes / step.turns))
    return scenario.game.minutes_per_turn


def plans_brief_debrief(scenario: Scenario) -> bool:
    """Tell whether the shipped lesson of a game's scenario has time for no more than a brief debrief."""
    read = shipped_lesson(scenario)
    return read is not None and read.lesson.debrief_minutes <= BRIEF
