"""Measure the figures that a lesson quotes, with the games that a rehearsal of the same seeds would play."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, get_args

from pydantic import ValidationError

from papertiger.scenarios.errors import Problem, ScenarioError, nearest
from papertiger.scenarios.schema.game import PricedOrder
from papertiger.scenarios.schema.values import POSTURES
from papertiger.wargame.engine.replay import run_replay
from papertiger.wargame.engine.tendency import tendency
from papertiger.wargame.i18n import formats
from papertiger.wargame.rules import seats
from papertiger.wargame.rules.objections import OrderError, check_sheet
from papertiger.wargame.rules.orders import Sheet
from papertiger.wargame.rules.prices import points_of, prices_of
from papertiger.wargame.rules.request import ReplayRequest
from papertiger.wargame.rules.setup import game_of, played_scenario, schedule_of

if TYPE_CHECKING:
    from papertiger.scenarios import Scenario
    from papertiger.scenarios.lessons.loader import Read
    from papertiger.scenarios.lessons.schema import Decision, Lesson, Measured
    from papertiger.wargame.engine.tendency import ClientOutcome, Tendency

type Progress = Callable[[int, int], None]

SEED = 1
NO_DECISION = ""
"""The name under which the games lie in which the rules decide for every seat."""


@dataclass(frozen=True)
class Measurements:
    """What was measured for a lesson.

    Attributes
    ----------
    by_decision
        What came of the games with each decision, by its name, and of those with none.
    points
        Of the patron in the first turn.
    """

    by_decision: dict[str, Tendency]
    points: int

    @property
    def rules(self) -> Tendency:
        """What comes of the games in which the rules decide for every seat."""
        return self.by_decision[NO_DECISION]

    def client(self, name: str, decision: str = NO_DECISION) -> ClientOutcome:
        """Return what comes of a client."""
        return next(one for one in self.by_decision[decision].clients if one.client == name)


def sheets_of(decision: Decision, turns: int) -> tuple[tuple[Sheet, ...], ...]:
    """Return the sheets of each turn in which a decision is carried out."""
    return tuple(
        (Sheet.model_validate({"seat": decision.seat, "turn": turn, "orders": decision.orders}),)
        if not decision.turns or turn in decision.turns
        else ()
        for turn in range(1, turns + 1)
    )


def measure(read: Read, scenario: Scenario, *, progress: Progress | None = None) -> Measurements:
    """Play a lesson's games, with each of its decisions and with none.

    Parameters
    ----------
    read, scenario
        The lesson with its places, and what it is about.
    progress
        Called with the games played and the games in all.

    Raises
    ------
    ScenarioError
        If a decision cannot be given as orders, with its file and line.
    """
    lesson, schedule = read.lesson, schedule_of(scenario)
    from papertiger.model.template import build_setting  # noqa: PLC0415 - imported when it runs the model

    start = run_replay(ReplayRequest(scenario, SEED, ((1, 0),), 0, ()))
    setting = build_setting(played_scenario(scenario), SEED, 0)
    orders = {name: _checked(read, name, schedule.turns) for name in lesson.decisions}
    problems = []
    for name, sheets in orders.items():
        for sheet in sheets[0]:
            try:
                check_sheet(sheet, setting, game_of(scenario), start.standings[-1], schedule.turns)
            except OrderError as error:
                problems.append(read.tree.problem(("decisions", name, "orders"), str(error)))
    if problems:
        raise ScenarioError(problems)
    given_by: dict[str, tuple[tuple[Sheet, ...], ...]] = {NO_DECISION: (), **orders}
    counted: dict[str, Tendency] = {}
    for number, (name, sheets) in enumerate(given_by.items()):
        counted[name] = tendency(
            scenario,
            lesson.games,
            SEED,
            sheets=sheets,
            progress=_from(progress, number * lesson.games, len(given_by) * lesson.games),
        )
    there = {one.client for one in counted[NO_DECISION].clients}
    gone = [
        read.tree.problem(("figures", name, "client"), "is not in the network after play", nearest(one.client, there))
        for name, one in lesson.figures.items()
        if one.client is not None and one.client not in there
    ]
    if gone:
        raise ScenarioError(gone)
    return Measurements(counted, points_of(seats.THE_PATRON, game_of(scenario), start.standings[-1]))


def _from(tell: Progress | None, before: int, games: int) -> Progress | None:
    """Return what tells the progress of some of the games as one of all."""
    return None if tell is None else lambda done, _: tell(before + done, games)


def _checked(read: Read, name: str, turns: int) -> tuple[tuple[Sheet, ...], ...]:
    decision = read.lesson.decisions[name]
    try:
        late = [turn for turn in decision.turns if not 1 <= turn <= turns]
        if late:
            message = f"expected turns from 1 to {turns}, got {late[0]}"
            raise ScenarioError([read.tree.problem(("decisions", name, "turns"), message)])
        return sheets_of(decision, turns)
    except ValidationError as error:
        raise ScenarioError([_order_problem(read, name, one) for one in error.errors()]) from None


def _order_problem(read: Read, name: str, error: object) -> Problem:
    assert isinstance(error, dict)
    where = [part for part in error["loc"] if isinstance(part, int)][:1]
    return read.tree.problem(("decisions", name, "orders", *where), f"no such order: {error['msg']}")


def value_of(figure: Measured, measurements: Measurements) -> float:
    """Return a figure as a number."""
    decision = figure.decision or NO_DECISION
    games = measurements.by_decision[decision]
    if figure.client is None:
        return {
            "credibility_before": games.before,
            "credibility_after": games.after[1],
            "defecting": games.defecting,
            "quiet": games.quiet,
        }[figure.measure]
    one = measurements.client(figure.client, decision)
    if figure.measure == "at_least":
        assert figure.posture is not None
        return sum(one.after[POSTURES.index(figure.posture) :])
    return float(getattr(one, figure.measure))


def written(figure: Measured, measurements: Measurements, language: str) -> str:
    """Return a figure as a language writes it: shares and beliefs in per cent, counts with one digit."""
    value = value_of(figure, measurements)
    match figure.measure:
        case "crises":
            return formats.number(value, language, 1)
        case _:
            return formats.percent(value, language)


def figures_of(lesson: Lesson, scenario: Scenario, measurements: Measurements, language: str) -> dict[str, str]:
    """Return every figure that the texts of a lesson may quote, by name, as a language writes it."""
    game, schedule = game_of(scenario), schedule_of(scenario)
    given: dict[str, object] = {
        "minutes": lesson.minutes,
        "turns": schedule.turns,
        "minutes_per_turn": game.minutes_per_turn,
        "months_per_turn": game.months_per_turn,
        "seats": len(seats.offered(game)),
        "games": lesson.games,
        "first": formats.month(game.first_month, language),
        "last": formats.month(game.last_month, language),
        "points_patron": measurements.points,
        "points_client": game.limits.client,
        "points_rival": game.limits.rival,
        "points_adversary": game.limits.adversary,
    }
    prices = prices_of(game)
    given |= {f"price_{name}": prices.get(name, 0) for name in get_args(PricedOrder)}
    measured = {name: written(one, measurements, language) for name, one in lesson.figures.items()}
    return {name: str(value) for name, value in given.items()} | measured
