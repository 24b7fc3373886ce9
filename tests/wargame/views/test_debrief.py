"""Hold every sentence of the debrief against the log and the model, over games at random."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from papertiger.scenarios.schema.values import POSTURES
from papertiger.wargame.engine.fan import Fan, FanRequest
from papertiger.wargame.engine.months import ClientMonth, MonthState
from papertiger.wargame.engine.worker import LocalEngine
from papertiger.wargame.i18n import catalogue
from papertiger.wargame.i18n.debrief import say_sentence
from papertiger.wargame.i18n.translate import Translator
from papertiger.wargame.log import records
from papertiger.wargame.log.branch import SubmittedSheet
from papertiger.wargame.log.state import GameError
from papertiger.wargame.rules import seats
from papertiger.wargame.rules.orders import Hedge, Posture
from papertiger.wargame.rules.pledges import Pledge
from papertiger.wargame.session import Session
from papertiger.wargame.views.causes import why_moved
from papertiger.wargame.views.client_desk import ClientDesk
from papertiger.wargame.views.debrief import Step, step_now, steps_of, tell, turning_points
from papertiger.wargame.views.debrief_facts import Case, TurningPoint
from papertiger.wargame.views.debrief_what_if import change_of, sheet_with
from papertiger.wargame.views.knowledge import heard
from papertiger.wargame.views.plain import plain
from papertiger.wargame.views.review import placed, review_of, view_then
from papertiger.wargame.views.score import score_of
from tests.wargame.games import (
    BORDER,
    CLIENTS,
    EAST,
    FACILITATOR,
    FOE,
    OPEN,
    PATRON,
    TEAMS,
    WEST,
    new_play,
    reopened,
    sheet,
    small,
)
from tests.wargame.random_games import Author

QUICK, MANY = range(5), range(100)


class Quick(LocalEngine):
    """An engine with few continuations."""

    def fan(self, request: FanRequest) -> Fan:
        return super().fan(replace(request, runs=60))


@dataclass
class Truth:
    """What the log and the model say, worked out without the debrief's own code."""

    session: Session
    step: Step

    @property
    def point(self) -> TurningPoint:
        assert self.step.point is not None
        return self.step.point

    @cached_property
    def names(self) -> list[str]:
        return list(self.session.game.scenario.clients)

    @cached_property
    def replay(self) -> Any:
        return self.session.replay()

    @property
    def resolved(self) -> int:
        return self.session.game.branch.resolved

    def months(self, turn: int) -> list[MonthState]:
        schedule = self.session.game.schedule
        return [self.replay.months[month - schedule.first] for month in schedule.months(turn)]

    def labels(self, turn: int) -> list[str]:
        return [self.session.game.month(month) for month in self.session.game.schedule.months(turn)]

    def end(self, turn: int) -> MonthState:
        return self.months(turn)[-1] if turn else self.replay.start

    def client(self, turn: int, name: str) -> ClientMonth:
        return self.end(turn).clients[self.names.index(name)]

    def posture(self, turn: int, name: str) -> str:
        return POSTURES[self.client(turn, name).posture]

    def given(self, seat: str, turn: int | None = None) -> SubmittedSheet | None:
        return self.session.game.branch.sheets.get((self.point.turn if turn is None else turn, seat))

    def orders(self, seat: str) -> list[dict[str, Any]]:
        given = self.given(seat)
        return [plain(order) for order in given.sheet.orders] if given is not None else []

    @property
    def moves(self) -> list[tuple[int, str, str, str]]:
        found = []
        for turn in range(1, self.resolved + 1):
            for name in self.names:
                was, now = self.client(turn - 1, name), self.client(turn, name)
                if was.present and now.present and was.posture != now.posture:
                    found.append((turn, name, POSTURES[was.posture], POSTURES[now.posture]))
        return found

    def plays(self, seat: str) -> bool:
        gave = any(who == seat and turn <= self.resolved for turn, who in self.session.game.branch.sheets)
        return gave or seat in self.session.game.holders

    def is_about(self, order: dict[str, Any], seat: str) -> bool:
        if seat == f"client:{self.point.client}":
            return True
        return self.point.client in (order.get("client"), *(k for k, v in order.get("shares", {}).items() if v))

    def came(self, question: dict[str, Any]) -> bool | None:
        assert question["ask"] == "crisis"
        if question["turn"] > self.resolved:
            return None
        place = self.names.index(question["client"])
        return any(crisis.client == place for month in self.months(question["turn"]) for crisis in month.crises)

    @cached_property
    def settled(self) -> list[tuple[str, float]]:
        """Each forecast that is settled, with its seat and score."""
        found = []
        for (turn, seat), given in sorted(self.session.game.branch.sheets.items()):
            for one in given.sheet.questions if turn <= self.resolved else ():
                truth = self.came(plain(one))
                if truth is not None:
                    found.append((seat, (one.probability - truth) ** 2))
        return found

    @cached_property
    def other(self) -> Any:
        """The game with the changed order, played once more in a branch of its own."""
        case = Case(self.session, self.session.snapshot(), self.point)
        changed = change_of(case)
        assert changed is not None
        number = self.session.branch_off("what if", self.point.turn)
        while self.session.game.branches[number].turn < self.point.turn:
            self.session.resolve(self.session.game.branches[number].turn, branch=number)
        self.session.submit(sheet_with(case, *changed), by=FACILITATOR, branch=number)
        return self.session.play_out(number, self.resolved)

    def other_end(self, turn: int) -> MonthState:
        schedule = self.session.game.schedule
        return self.other.months[schedule.months(turn)[-1] - schedule.first]

    @property
    def contacts(self) -> set[tuple[str, str, str]]:
        """Each client, power and month of contacts under cover."""
        rivals = list(self.session.game.scenario.rivals)
        return {
            (name, rivals[client.covert_rival], self.session.game.month(month.index))
            for month in (self.replay.start, *self.replay.months)
            for name, client in zip(self.names, month.clients, strict=True)
            if client.covert_rival >= 0
        }


# Each sentence, by its name


def _moved(truth: Truth, turn: int, client: str, before: str, after: str) -> bool:
    return (turn, client, before, after) in truth.moves


def _stayed(truth: Truth, turn: int, client: str, before: str, after: str) -> bool:
    return before == after == truth.posture(turn - 1, client) == truth.posture(turn, client)


def _count(truth: Truth, count: int, away: int, closer: int) -> bool:
    rungs = [POSTURES.index(after) - POSTURES.index(before) for _, _, before, after in truth.moves]
    return (count, away, closer) == (len(rungs), sum(r > 0 for r in rungs), sum(r < 0 for r in rungs))


def _ordered(truth: Truth, seat: str, orders: Any, quote: str, *, by: str = "") -> bool:
    given, mine = truth.given(seat), truth.orders(seat)
    assert given is not None
    covert = [order for order in orders if order["do"] == "hedge" and order.get("covert", True)]
    quoted = not quote or any(order.get("why", "").startswith(quote.rstrip("…")) for order in mine)
    about = all(order in mine and truth.is_about(order, seat) for order in orders)
    return bool(orders) and about and quoted and not covert and given.by == (by or seat)


def _idle(truth: Truth, seats: Any, client: str) -> bool:
    assert client == truth.point.client
    return all(truth.plays(one) and not any(truth.is_about(o, one) for o in truth.orders(one)) for one in seats)


def _goal(truth: Truth, seat: str, goal: Any) -> bool:
    objectives = truth.session.game.game.seats.clients[seat.partition(":")[2]].objectives
    heaviest = max(one.weight for one in objectives.values())
    return any(dict(goal)["en"] == one.text.text("en") for one in objectives.values() if one.weight == heaviest)


def _trusts(truth: Truth, client: str, capability: float, resolve: float, protection: float) -> bool:
    before = truth.client(truth.point.turn - 1, client)
    return (capability, resolve, protection) == (before.capability, before.resolve, before.protection)


def _heard(truth: Truth, client: str, value: float) -> bool:
    turn, session = truth.point.turn, truth.session
    earlier, noise = session.replay(turns=turn - 1), session.game.game.intelligence_noise.value or 0.0
    told = heard(PATRON, turn, earlier, session.snapshot().setting, session.game.created.seed, noise)
    return any(one.client == client and one.capability * one.resolve == value for one in told)


def _coming(truth: Truth, news: Any) -> bool:
    return truth.point.client in news.clients and news.month == truth.labels(truth.point.turn)[0]


def _quiet(truth: Truth, client: str) -> bool:
    month = truth.labels(truth.point.turn)[0]
    return not any(
        one.client == client and one.date[:7] == month for one in truth.session.game.scenario.events.values()
    )


def _expected(truth: Truth, seat: str, chance: float, question: Any, turn: int) -> bool:
    given = truth.given(seat)
    assert given is not None
    asked = [plain(one) for one in given.sheet.questions]
    return question in asked and question["probability"] == chance and question["turn"] == turn


def _unexpected(truth: Truth, client: str, turn: int) -> bool:
    sheets = [given.sheet for (when, _), given in truth.session.game.branch.sheets.items() if when == turn]
    return not any(getattr(one, "client", "") == client for given in sheets for one in given.questions)


def _outcome(wanted: bool | None) -> Callable[..., bool]:
    return lambda truth, **said: _expected(truth, **said) and truth.came(said["question"]) is wanted


def _news(truth: Truth, month: str, news: Any) -> bool:
    return month == news.month and month in truth.labels(truth.point.turn) and truth.point.client in news.clients


def _cause(truth: Truth, cause: Any, count: int, sign: int) -> bool:
    place, turn, client = truth.names.index(truth.point.client), truth.point.turn, truth.point.client
    rows = why_moved(truth.session.snapshot(), place, turn)
    change = truth.client(turn, client).protection - truth.client(turn - 1, client).protection
    assert sum(row.protection for row in rows) == pytest.approx(change, abs=1e-9)
    return cause in rows and sign * cause.protection > 0 and count == round(100 * abs(cause.protection)) > 0


def _no_cause(truth: Truth, client: str) -> bool:
    rows = why_moved(truth.session.snapshot(), truth.names.index(client), truth.point.turn)
    return all(abs(row.protection) < 0.0051 for row in rows)


def _chose(truth: Truth, client: str) -> str | None:
    given = truth.given(f"client:{client}")
    for order in given.sheet.orders if given is not None else ():
        if isinstance(order, Posture):
            return order.posture
        if isinstance(order, Hedge) and not order.covert:
            return "hedging"
    return None


def _posture_ordered(truth: Truth, client: str, posture: str) -> bool:
    first = truth.months(truth.point.turn)[0].clients[truth.names.index(client)]
    return _chose(truth, client) == posture == POSTURES[first.posture]


def _succeeded(truth: Truth, client: str) -> bool:
    turn = truth.point.turn
    return truth.client(turn - 1, client).regime != truth.client(turn, client).regime


def _ruled(truth: Truth, client: str) -> bool:
    return _chose(truth, client) is None and not _succeeded(truth, client)


def _term(truth: Truth, client: str, after: str, before: str, term: str) -> bool:
    desk = view_then(truth.session, seats.Seat("client", client), truth.point.turn).desk
    assert isinstance(desk, ClientDesk)
    terms = {rung.posture: dict(rung.terms) for rung in desk.rungs}
    gains = {name: value - terms[before][name] for name, value in terms[after].items()}
    moved = (truth.posture(truth.point.turn - 1, client), truth.posture(truth.point.turn, client)) == (before, after)
    return _ruled(truth, client) and moved and gains[term] == max(gains.values()) > 0


def _added(truth: Truth, seat: str, order: Any) -> bool:
    slot = (order["do"], order.get("client"))
    return all((one["do"], one.get("client")) != slot for one in truth.orders(seat))


def _instead(truth: Truth, seat: str, order: Any, given: Any) -> bool:
    return given in truth.orders(seat) and {**given, "why": ""} != {**order, "why": ""} and given["do"] == order["do"]


def _would(truth: Truth, client: str, turn: int, would: str, after: str) -> bool:
    there = POSTURES[truth.other_end(turn).clients[truth.names.index(client)].posture]
    return (there, truth.posture(turn, client)) == (would, after)


def _at_end(truth: Truth, client: str, would: str, after: str) -> bool:
    return would != after and _would(truth, client, truth.resolved, would, after)


def _same_end(truth: Truth) -> bool:
    pairs = zip(truth.other.months[-1].clients, truth.replay.months[-1].clients, strict=True)
    return all(one.posture == other.posture for one, other in pairs if other.present)


def _lucky(truth: Truth, client: str, turn: int, after: str, same: int, runs: int) -> bool:
    held = _chose(truth, client) == after and not _succeeded(truth, client)
    return after == truth.posture(turn, client) and 0 <= same <= runs and (not held or same == runs)


def _spoke(truth: Truth, client: str, rival: str, from_month: str, to_month: str) -> bool:
    months = [month for who, whom, month in sorted(truth.contacts) if (who, whom) == (client, rival)]
    return from_month in months and to_month in months and from_month <= to_month


def _found(truth: Truth, client: str, month: str) -> bool:
    place = truth.names.index(client)
    states = [truth.replay.start, *truth.replay.months]
    number = next(k for k, one in enumerate(states) if truth.session.game.month(one.index) == month)
    was, now = states[number - 1].clients[place], states[number].clients[place]
    return now.trust_bad > 0 or now.patron_trust_bad > was.patron_trust_bad


def _letters(truth: Truth, count: int) -> bool:
    everybody = {str(seat) for seat in TEAMS}
    letters = [one for one in truth.session.game.branch.messages if one.turn <= truth.resolved]
    return count == sum(one.sender in everybody and not everybody <= {one.sender, *one.to} for one in letters)


def _beliefs(truth: Truth, beliefs: Any) -> bool:
    return all(value == truth.client(truth.resolved, name).protection for name, value in beliefs)


def _promised(truth: Truth, seat: str, other: str, pledge: Any, turn: int, until: int) -> bool:
    made = [one for one in truth.session.game.branch.proposals if one.turn == turn and one.reply == "accepted"]
    mine = [
        (one.body.gives, one.body.asks)[one.parties.index(seat)] for one in made if {*one.parties} == {seat, other}
    ]
    return pledge["until"] == until and any(one is not None and plain(one) == pledge for one in mine)


def _rest(truth: Truth, refused: int, withdrawn: int, lapsed: int) -> bool:
    made = [one for one in truth.session.game.branch.proposals if one.turn <= truth.resolved]
    states = [one.reply for one in made]
    return (refused, withdrawn, lapsed) == tuple(states.count(one) for one in ("refused", "withdrawn", ""))


def _scored(verdict: Callable[[float], bool]) -> Callable[..., bool]:
    def check(truth: Truth, seat: str, count: int, brier: float) -> bool:
        own = [score for who, score in truth.settled if who == seat]
        return len(own) == count and brier == pytest.approx(sum(own) / count) and verdict(brier - 0.25)

    return check


def _base(truth: Truth, came: int, count: int, brier: float) -> bool:
    # All questions of these games are of one kind.
    rate = came / count
    return count == len(truth.settled) and brier == pytest.approx(rate * (1 - rate))


def _model(truth: Truth, count: int, teams: float, model: float) -> bool:
    rows = [one for one in review_of(truth.session, FACILITATOR, turns=()).forecasts if one.model is not None]
    scores = [(one.model - one.came) ** 2 for one in rows if one.model is not None]
    mine = [(one.probability - one.came) ** 2 for one in rows]
    return count == len(rows) and (teams, model) == pytest.approx((sum(mine) / count, sum(scores) / count))


def _band(low: float, high: float, inside: bool) -> Callable[[Truth], bool]:
    def check(truth: Truth) -> bool:
        ends = placed(truth.session).fan.ends[0]
        bottom, top = np.quantile(ends, (low, high))
        return bool(bottom <= truth.end(truth.resolved).credibility <= top) is inside

    return check


def _placed(truth: Truth, lower: int, runs: int, now: float) -> bool:
    ends = placed(truth.session).fan.ends[0]
    return now == truth.end(truth.resolved).credibility and (lower, runs) == (sum(e < now for e in ends), len(ends))


def _reached(truth: Truth, seat: str, share: float, **lines: Any) -> bool:
    score = score_of(truth.session.snapshot(), seats.parse(seat))
    means = {line.text: line.mean for line in score.lines}
    extremes = not lines or (means[lines["best"]], means[lines["worst"]]) == (
        max(means.values()),
        min(means.values()),
    )
    return extremes and truth.plays(seat) and share == pytest.approx(score.points / score.most)


CHECKS: dict[str, Callable[..., bool]] = {
    "changes_unplayed": lambda truth: not truth.resolved,
    "changes_none": lambda truth: truth.resolved > 0 and not truth.moves,
    "changes_count": _count,
    "moved": _moved,
    "stayed": _stayed,
    "trust": lambda truth, was, now: (was, now) == (truth.end(0).credibility, truth.end(truth.resolved).credibility),
    "turn_trust": lambda truth, turn, was, now: (
        (was, now) == (truth.end(turn - 1).credibility, truth.end(turn).credibility)
    ),
    "plan_goal": _goal,
    "plan_ordered": _ordered,
    "plan_because": lambda truth, **said: bool(said["quote"]) and _ordered(truth, **said),
    "plan_staff": lambda truth, **said: _ordered(truth, **said, by="facilitator"),
    "plan_open": _idle,
    "plan_rules": lambda truth, seats: not any(map(truth.plays, seats)),
    "plan_nobody": lambda truth, client: False,  # the small game has a seat for every client
    "view_trust": _trusts,
    "view_heard": lambda truth, **said: _heard(truth, said["client"], said["heard"]),
    "view_coming": _coming,
    "view_quiet": _quiet,
    "view_expected": _expected,
    "view_unexpected": _unexpected,
    "news": _news,
    "outcome_came": _outcome(True),
    "outcome_not": _outcome(False),
    "outcome_open": _outcome(None),
    "why_total": lambda truth, client, turn, was, now: (
        (was, now) == (truth.client(turn - 1, client).protection, truth.client(turn, client).protection)
    ),
    "why_up": lambda truth, cause, count: _cause(truth, cause, count, 1),
    "why_down": lambda truth, cause, count: _cause(truth, cause, count, -1),
    "why_nothing": _no_cause,
    "why_ordered": _posture_ordered,
    "why_successor": _succeeded,
    "why_rule": _ruled,
    "why_term": _term,
    "guess": lambda truth, client: client == truth.point.client,
    "what_if_none": lambda truth, client: False,  # somebody can always decide otherwise here
    "what_if_added": _added,
    "what_if_instead": _instead,
    "what_if_same": lambda truth, **said: said["would"] == said["after"] and _would(truth, **said),
    "what_if_other": lambda truth, **said: said["would"] != said["after"] and _would(truth, **said),
    "what_if_end": _at_end,
    "what_if_end_same": _same_end,
    "what_if_trust": lambda truth, now, would: (
        (now, would) == (truth.end(truth.resolved).credibility, truth.other.months[-1].credibility)
    ),
    "what_if_trust_same": lambda truth, now: round(100 * now) == round(100 * truth.other.months[-1].credibility),
    "what_if_luck": _lucky,
    "secret_no_contacts": lambda truth: not truth.contacts,
    "secret_contact": _spoke,
    "secret_contacts": _spoke,
    "secret_found": _found,
    "secret_letters": _letters,
    "secret_beliefs": _beliefs,
    **{f"promise_{state}": _promised for state in ("kept", "broken", "untested", "open", "freed")},
    "promise_rest": _rest,
    "forecast_scale": lambda truth: True,
    "forecast_better": _scored(lambda gap: gap < 0),
    "forecast_worse": _scored(lambda gap: gap > 0),
    "forecast_even": _scored(lambda gap: abs(gap) < 0.005),
    "forecast_base": _base,
    "forecast_few": lambda truth, count: count == len(truth.settled) < 5,
    "forecast_model": _model,
    "forecast_no_model": lambda truth: all(
        one.model is None for one in review_of(truth.session, FACILITATOR, turns=()).forecasts
    ),
    "fan_placed": _placed,
    "fan_middle": _band(0.25, 0.75, inside=True),
    "fan_within": lambda truth: _band(0.05, 0.95, inside=True)(truth) and _band(0.25, 0.75, inside=False)(truth),
    "fan_outside": _band(0.05, 0.95, inside=False),
    "goal": _reached,
    "goal_lines": _reached,
    "along": lambda truth, goal: dict(goal)["en"] in [one.text("en") for one in truth.session.game.game.debrief],
    "along_again": lambda truth: True,
    "along_model": lambda truth: True,
}
UI = ("title.", "key_", "own_", "next", "back", "step", "page", "point", "soon", "end")


def test_every_sentence_of_the_catalogue_is_checked() -> None:
    keys = {key.removeprefix("debrief.") for key in catalogue.names() if key.startswith("debrief.")}
    assert {key for key in keys if not key.startswith(UI)} == set(CHECKS)


def played(folder: Path, seed: int) -> Session:
    """Return a game at random that is over, with some turns in which teams play in earnest."""
    session = new_play(
        folder, small(1 + seed % 2, covert_discovery=0.5 * (seed % 5 == 0)), seed=seed + 10, engine=Quick()
    )
    author = Author(session, seed)
    author.write(25)
    session.activate(session.game.active)  # so that play goes on where it was ended
    for _ in range(2):
        if session.game.branch.turn <= session.game.schedule.turns and not session.game.branch.closed:
            in_earnest(session, seed)
    author.write(10 if seed % 3 else 0)
    session.end()
    return session


def in_earnest(session: Session, seed: int) -> None:
    """Let teams play the open turn: they move, answer, hedge in secret, promise, and expect things."""
    turn, last, border = session.game.branch.turn, session.game.schedule.turns, seats.Seat("client", BORDER)
    rival = (WEST, EAST)[seed % 2]
    for name in CLIENTS:
        seat = seats.Seat("client", name)
        desk = session.view(seat).desk
        assert isinstance(desk, ClientDesk)
        orders: list[dict[str, Any]] = [{"do": "ask", "ask": bool(seed % 3)}]
        if (seed + turn) % 3 == 0 and not desk.part_of_patron:
            orders.append({"do": "posture", "posture": desk.reachable[-1]})
        elif desk.posture == "hedging" or desk.part_of_patron:
            orders.append({"do": "hedge", "towards": rival.name, "why": "Nobody needs to know."})
        asked = {
            "ask": "crisis",
            "client": name,
            "turn": min(last, turn + seed % 2),
            "probability": 0.1 * (seed % 11),
        }
        session.submit(sheet(seat, turn, *orders, expects=[asked]))
    answer = ("help", "words", "nothing")[seed % 3]
    session.submit(sheet(PATRON, turn, *({"do": "respond", "client": name, "answer": answer} for name in CLIENTS)))
    session.submit(sheet(rival, turn, {"do": "offer", "client": OPEN}))
    pledge = Pledge(do="help", client=BORDER, until=min(last, turn + seed % 3))
    number = session.propose(PATRON, border, turn, gives=pledge, asks=Pledge(do="calm", until=turn))
    session.reply(border, number, turn, "accepted" if seed % 4 else "refused")
    session.resolve(turn)


def assert_true(session: Session) -> set[str]:
    """Check each sentence of a debrief, and return the names of all that were said."""
    said, contacts = set(), set()
    for step in steps_of(session):
        truth, told = Truth(session, step), tell(session, step)
        assert told.sentences, step
        for one in told.sentences:
            assert CHECKS[one.name](truth, **dict(one.values)), one
            said.add(one.name)
            for language in catalogue.languages():
                assert "{" not in say_sentence(Translator(language, session.game), one)
            if one.name.startswith("secret_contact"):
                contacts.add(tuple(dict(one.values).values()))
    truth = Truth(session, Step("secrets"))
    if session.game.branch.resolved:
        spans = {(who, whom) for who, whom, *_ in contacts}
        assert spans == {(who, whom) for who, whom, _ in truth.contacts}
    return said


@pytest.mark.parametrize("seed", QUICK)
def test_each_sentence_is_true_of_the_game_at_hand(tmp_path: Path, seed: int) -> None:
    assert_true(played(tmp_path, seed))


@pytest.mark.slow
def test_each_sentence_is_true_of_a_hundred_games(tmp_path: Path) -> None:
    said = set[str]()
    for seed in MANY:
        folder = tmp_path / str(seed)
        folder.mkdir()
        session = played(folder, seed)
        said |= assert_true(session)
        session.close()
    rare = {"plan_nobody", "what_if_none", "promise_freed", "promise_open", "goal_lines", "forecast_even"}
    assert set(CHECKS) - said <= rare | {"changes_unplayed", "forecast_no_model"}


def test_a_game_without_a_turn_has_a_debrief(tmp_path: Path) -> None:
    session = new_play(tmp_path)
    session.end()
    assert [step.name for step in steps_of(session)] == ["changes", "along"]
    assert assert_true(session) == {"changes_unplayed", "along", "along_again", "along_model"}


def test_what_was_known_comes_before_what_came(tmp_path: Path) -> None:
    session = played(tmp_path, 0)
    names = [step.name for step in steps_of(session)]
    assert names[0] == "changes"
    assert names[1:7] == ["plan", "view", "outcome", "why", "guess", "what_if"]
    assert names[-1] == "along"
    after = {"secrets", "forecasts", "fan", "goals"} & set(names)
    assert min(names.index(name) for name in after) > max(k for k, name in enumerate(names) if name == "what_if")


def test_the_first_turning_points_are_those_of_clients_with_a_seat_in_order(tmp_path: Path) -> None:
    for seed in QUICK:
        folder = tmp_path / str(seed)
        folder.mkdir()
        points = turning_points(played(folder, seed).snapshot())
        assert [(one.turn, one.client) for one in points] == sorted((one.turn, one.client) for one in points)
        assert len(points) <= 3


# Its step


def test_there_is_no_step_before_play_is_over(tmp_path: Path) -> None:
    session = new_play(tmp_path)
    with pytest.raises(GameError, match="when play is over"):
        session.debrief(1)
    assert step_now(session) == 0
    session.end()
    session.debrief(1)
    assert step_now(session) == 1
    session.debrief(500)
    assert step_now(session) == len(steps_of(session))


def test_a_step_survives_a_restart_and_ends_with_the_review(tmp_path: Path) -> None:
    session = new_play(tmp_path)
    session.resolve(1)
    session.end()
    session.debrief(3, key="form")
    session.debrief(3, key="form")  # the same click
    assert [row.body.step for row in session.store.records() if isinstance(row.body, records.Debriefed)] == [3]
    assert step_now(reopened(session)) == 3
    session.undo(1)
    session.end()
    assert step_now(session) == 0
    session.debrief(2)
    session.activate(0)
    session.end()
    assert step_now(session) == 0


def test_everybody_hears_of_a_step_and_of_nothing_else(tmp_path: Path) -> None:
    session = new_play(tmp_path)
    session.end()
    before = dict(session.versions)
    session.debrief(1)
    after = session.versions
    assert all(after[str(seat)] == before[str(seat)] + 1 for seat in session.game.everybody)


def test_contacts_under_cover_are_no_part_of_a_plan(tmp_path: Path) -> None:
    session = new_play(tmp_path, small(months_per_turn=1, covert_start=0.0), engine=Quick())
    border, opened = seats.Seat("client", BORDER), seats.Seat("client", OPEN)
    session.submit(sheet(border, 1, {"do": "hedge", "towards": "West", "why": "In the dark."}))
    session.submit(sheet(opened, 1, {"do": "posture", "posture": "distancing", "why": "Away."}))
    session.submit(sheet(FOE, 1, {"do": "press", "client": BORDER, "intensity": 3}))
    for seat in (WEST, EAST):
        session.claim(seat, "holder")
    session.resolve(1)
    session.end()
    said = ""
    for step in steps_of(session):
        text = "\n".join(say_sentence(Translator("en", session.game), one) for one in tell(session, step).sentences)
        if step.name == "secrets":
            assert "Border had secret contacts with West" in text
            break
        said += text
    assert "Away." in said
    assert "secret" not in said
    assert "In the dark." not in said
