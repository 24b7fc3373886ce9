"""Tell of each sentence of the debrief whether it is true of the game at hand."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from papertiger.scenarios.schema.values import POSTURES
from papertiger.wargame.rules import seats
from papertiger.wargame.rules.orders import Hedge, Posture
from papertiger.wargame.views.causes import why_moved
from papertiger.wargame.views.client_desk import ClientDesk
from papertiger.wargame.views.debrief import tell
from papertiger.wargame.views.knowledge import heard
from papertiger.wargame.views.plain import plain
from papertiger.wargame.views.review import placed, review_of, view_then
from papertiger.wargame.views.score import score_of
from tests.wargame.games import (
    FACILITATOR,
    PATRON,
    TEAMS,
)
from tests.wargame.views.debrief_truth import Truth

# Each sentence, by its name


def _moved(truth: Truth, turn: int, client: str, before: str, after: str) -> bool:
    return (turn, client, before, after) in truth.moves


def _stayed(truth: Truth, turn: int, client: str, before: str, after: str) -> bool:
    return before == after == truth.posture(turn - 1, client) == truth.posture(turn, client)


def _count(truth: Truth, count: int, away: int, closer: int) -> bool:
    rungs = [POSTURES.index(after) - POSTURES.index(before) for _, _, before, after in truth.moves]
    return (count, away, closer) == (len(rungs), sum(r > 0 for r in rungs), sum(r < 0 for r in rungs))


def _injects(truth: Truth, injects: Any) -> bool:
    """Tell whether exactly what the facilitator let happen in the turns that were played is named."""
    due, turns = dict(truth.replay.happened), range(1, truth.resolved + 1)
    wanted = set()
    for name, one in truth.session.game.branch.injects.items():
        dated = [turn for turn in turns if one.body.event.date[:7] in truth.labels(turn)]
        came = [due[name]] if one.body.condition is not None and name in due else []
        wanted |= {(turn, name) for turn in (came if one.body.condition is not None else dated) if turn in turns}
    return bool(injects) and set(injects) == wanted and list(injects) == sorted(injects)


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


def _rest_of_change(truth: Truth, count: int, sign: int) -> bool:
    """Tell whether the parts that are printed add up to the change as printed, with this one."""
    turn, client = truth.point.turn, truth.point.client
    was, now = (round(100 * truth.client(when, client).protection) for when in (turn - 1, turn))
    said: list[tuple[str, dict[str, Any]]] = [
        (one.name, dict(one.values)) for one in tell(truth.session, truth.step).sentences
    ]
    printed = sum(values["count"] for name, values in said if name in ("why_up", "why_rest_up"))
    printed -= sum(values["count"] for name, values in said if name in ("why_down", "why_rest_down"))
    return printed == now - was and count > 0 and sign * (now - was - printed + sign * count) > 0


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


def _would_believe(truth: Truth, client: str, turn: int, was: float, now: float, would: float | None = None) -> bool:
    there = truth.other_end(turn).clients[truth.names.index(client)].protection
    real = (truth.client(turn - 1, client).protection, truth.client(turn, client).protection)
    moved = round(100 * there) != round(100 * now)
    return client == truth.point.client and (was, now) == real and (would == there if moved else would is None)


def _at_end(truth: Truth, client: str, would: str, after: str) -> bool:
    return would != after and _would(truth, client, truth.resolved, would, after)


def _same_end(truth: Truth) -> bool:
    pairs = zip(truth.other.months[-1].clients, truth.replay.months[-1].clients, strict=True)
    return all(one.posture == other.posture for one, other in pairs if other.present)


def _lucky(truth: Truth, client: str, turn: int, after: str, same: int, runs: int) -> bool:
    held = _chose(truth, client) == after and not _succeeded(truth, client)
    # Where the team ordered the posture and no luck undid it, the sentence would say nothing.
    return after == truth.posture(turn, client) and 0 <= same <= runs and (not held or same < runs)


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


def _flat(truth: Truth, runs: int, now: float) -> bool:
    fan, start = placed(truth.session).fan, truth.end(0).credibility
    wide = np.array([fan.credibility.quantiles[edge] for edge in (1, 3)])
    came = np.array([month.credibility for month in truth.replay.months])
    within = abs(wide - start).max() <= 0.01 and abs(came - start).max() <= 0.01
    return bool(within) and (runs, now) == (fan.runs, truth.end(truth.resolved).credibility)


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
    "changes_injects": _injects,
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
    "why_rest_up": lambda truth, count: _rest_of_change(truth, count, 1),
    "why_rest_down": lambda truth, count: _rest_of_change(truth, count, -1),
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
    "what_if_belief": lambda truth, **said: "would" in said and _would_believe(truth, **said),
    "what_if_belief_same": lambda truth, **said: "would" not in said and _would_believe(truth, **said),
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
    "fan_flat": _flat,
    "fan_placed": lambda truth, **said: _placed(truth, **said) and not _flat(truth, said["runs"], said["now"]),
    "fan_middle": _band(0.25, 0.75, inside=True),
    "fan_within": lambda truth: _band(0.05, 0.95, inside=True)(truth) and _band(0.25, 0.75, inside=False)(truth),
    "fan_outside": _band(0.05, 0.95, inside=False),
    "goal": _reached,
    "goal_lines": _reached,
    "along": lambda truth, goal: dict(goal)["en"] in [one.text("en") for one in truth.session.game.game.debrief],
    "along_again": lambda truth: True,
    "along_model": lambda truth: True,
}
