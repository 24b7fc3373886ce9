"""Set up the scenario that a game plays: history up to the first month of play, then rules, teams and the script."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from papertiger.model.calendar import month_name, month_number
from papertiger.scenarios.errors import Problem, ScenarioError
from papertiger.scenarios.loader import build, change
from papertiger.scenarios.reading.inheritance import Tree
from papertiger.scenarios.reading.yaml_reader import Place
from papertiger.scenarios.schema.events import NOT_INPUTS
from papertiger.scenarios.schema.game import Game, GameSeats, Objective, SeatBrief
from papertiger.scenarios.schema.parameters import Parameters
from papertiger.scenarios.schema.scenario import Scenario
from papertiger.scenarios.schema.values import ISO_639_1, Words
from papertiger.wargame.i18n import catalogue

if TYPE_CHECKING:
    from papertiger.scenarios.schema.events import Event

MAX_DEFAULT_MONTHS = 12
"""Months of play where a scenario does not say."""


@dataclass(frozen=True)
class Schedule:
    """Which months each turn plays. Turns count from 1; months are indices of the scenario's span.

    Attributes
    ----------
    first, last
        The first and the last month of play.
    per_turn
        Months of a turn; the last turn may be shorter.
    """

    first: int
    last: int
    per_turn: int

    @property
    def turns(self) -> int:
        """How many turns there are."""
        return -(-(self.last + 1 - self.first) // self.per_turn)

    def months(self, turn: int) -> range:
        """Return the months of a turn."""
        start = self.first + (turn - 1) * self.per_turn
        return range(start, min(start + self.per_turn, self.last + 1))

    def played(self, turns: int) -> range:
        """Return the months that so many turns played."""
        return range(self.first, min(self.first + turns * self.per_turn, self.last + 1))

    def turn_of(self, month: int) -> int:
        """Return the turn that plays a month; 0 before the first."""
        return 0 if month < self.first else (month - self.first) // self.per_turn + 1


def schedule_of(scenario: Scenario) -> Schedule:
    """Return the schedule of a scenario's game."""
    game, start = game_of(scenario), month_number(scenario.span.start)
    return Schedule(
        month_number(game.first_month) - start, month_number(game.last_month) - start, game.months_per_turn
    )


def game_of(scenario: Scenario) -> Game:
    """Return how a class plays a scenario: as its file says, or else every seat after the last dated event."""
    return scenario.game if scenario.game is not None else _plain_game(scenario)


def played_scenario(scenario: Scenario, added: Mapping[str, Event] | None = None) -> Scenario:
    """Return the scenario that is run: generative from the first month of play, with the script's events.

    The record drives the run up to then. In the months of play crises come from the rules or from seats, and of dated
    events those happen that the game names, that its script adds, or that were marked as always. Constants that the
    game stretches are others than in a plain run, from the beginning of the record on.

    Parameters
    ----------
    scenario
        A resolved scenario.
    added
        Events that the facilitator lets happen, by name.
    """
    game = game_of(scenario)
    events = dict(scenario.events)
    for name in game.record:
        events[name] = events[name].model_copy(update={"always": True})
    script = {name: inject.event for name, inject in game.injects.items()}
    for name, event in {**script, **(added or {})}.items():
        events[name] = event.model_copy(update={"always": True})
    changes: dict[str, object] = {"events": events, "game": game}
    if game.stretch:
        changes["parameters"] = Parameters.model_validate(dict(scenario.parameters) | game.stretch)
    if scenario.mode == "replay":
        changes["generative_from"] = min(scenario.generative_from or game.first_month, game.first_month)
    return scenario.model_copy(update=changes)


def read_scenario(data: Mapping[str, Any]) -> Scenario:
    """Return the scenario that a log holds, checked as a file is.

    Raises
    ------
    scenarios.ScenarioError
        With every mistake found.
    """
    tree = Tree(dict(data), {(): Place("the game's scenario", None)}, name=str(data.get("name", "")))
    if isinstance(data.get("posterior"), str):
        # A file names its table of draws, which the loader then reads; a log that came from outside must not.
        raise ScenarioError([tree.problem(("posterior",), "expected the draws themselves, not the name of a file")])
    return build(tree)


def event_of(scenario: Scenario, name: str, fields: Mapping[str, Any]) -> Event:
    """Return an event that a facilitator adds, checked as one of the scenario's file would be.

    Parameters
    ----------
    scenario
        What is played.
    name, fields
        Of the event, as in a file.

    Raises
    ------
    scenarios.ScenarioError
        With every mistake found, or if it lies outside the scenario's months.
    """
    said = {**fields, "always": True}
    played = played_scenario(scenario)
    # The script's injects stand among the scenario's events already; given twice, each would be refused as a double.
    bare = played.model_copy(update={"game": game_of(scenario).model_copy(update={"injects": {}})})
    changed = change(bare, {f"events.{name}": said})
    if name not in changed.events:
        span = f"{scenario.span.start} to {scenario.span.end}"
        message = f"{said.get('date')} is outside the scenario's span {span}"
        raise ScenarioError([Problem("the inject", key=f"events.{name}.date", message=message)])
    return changed.events[name]


def write_scenario(scenario: Scenario) -> dict[str, Any]:
    """Return a scenario as a log holds it."""
    return scenario.model_dump(mode="json", exclude_none=True)


def month_at(scenario: Scenario, month: int) -> str:
    """Return the name of a month of a scenario's span."""
    return month_name(month_number(scenario.span.start) + month)


def _plain_game(scenario: Scenario) -> Game:
    start, end = month_number(scenario.span.start), month_number(scenario.span.end)
    if scenario.generative_from is not None:
        first = month_number(scenario.generative_from)
    elif scenario.mode == "generative":
        first = start + 1
    else:
        dated = [month_number(event.date) for event in scenario.events.values() if event.kind not in NOT_INPUTS]
        first = max(dated, default=start) + 1
    first = max(start + 1, min(first, end - MAX_DEFAULT_MONTHS + 1))
    last = min(end, first + MAX_DEFAULT_MONTHS - 1)
    return Game(
        title=Words(en=scenario.title),
        first_month=month_name(first),
        last_month=month_name(last),
        seats=_all_seats(scenario),
        why="Nothing is said in the scenario: every actor is a seat, from the end of the record on.",
    )


def _words(key: str) -> Words:
    """Return a text of the catalogues as a scenario would give it, in the languages that scenarios can speak."""
    said = catalogue.words(f"plain.{key}")
    return Words.model_validate({language: text for language, text in said.items() if language in ISO_639_1})


def _all_seats(scenario: Scenario) -> GameSeats:
    return GameSeats(
        patron=SeatBrief(
            briefing=_words("patron"),
            objectives={
                "credibility": Objective(
                    measure="credibility",
                    text=_words("patron.credibility"),
                    why="A patron lives by its word.",
                ),
                "network": Objective(
                    measure="network",
                    text=_words("patron.network"),
                    why="Each defection costs assets.",
                ),
            },
        ),
        clients={name: _client_brief(name) for name in scenario.clients},
        rivals={name: _rival_brief(scenario) for name in scenario.rivals},
        adversaries={name: _adversary_brief() for name in scenario.adversaries},
    )


def _client_brief(name: str) -> SeatBrief:
    return SeatBrief(
        briefing=_words("client"),
        objectives={
            "calm": Objective(
                measure="calm",
                client=name,
                text=_words("client.calm"),
                why="A government wants to survive.",
            ),
            "protected": Objective(
                measure="protection",
                client=name,
                text=_words("client.protection"),
                why="Protection is what a client pays for.",
            ),
        },
    )


def _rival_brief(scenario: Scenario) -> SeatBrief:
    return SeatBrief(
        briefing=_words("rival"),
        objectives={
            f"distance {name}": Objective(
                measure="distance",
                client=name,
                text=_words("rival.distance"),
                why="What the patron loses may come to you.",
            )
            for name, client in scenario.clients.items()
            if client.options
        }
        or {
            "forecasts": Objective(
                measure="forecasts",
                text=_words("forecasts"),
                why="Nobody here is open to you.",
            )
        },
    )


def _adversary_brief() -> SeatBrief:
    return SeatBrief(
        briefing=_words("adversary"),
        objectives={
            "forecasts": Objective(
                measure="forecasts",
                text=_words("forecasts"),
                why="Pressure without foresight backfires.",
            )
        },
    )
