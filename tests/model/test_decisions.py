"""Decisions that are given instead of drawn: each does what it says, and moves nobody else's luck."""

from __future__ import annotations

from typing import Any

import pytest

from papertiger.model.agents.simulate import simulate
from papertiger.model.decisions import DELIVER, HELP, LAPSE, MEDIATION, NOTHING, WORDS, Decision, Decisions, Offer
from papertiger.scenarios import Scenario
from tests.model.busy import busy_world
from tests.model.worlds import SILENT_RULES, client, column, finished, world_of

SILENCE = SILENT_RULES | {"review_rate": 0.0, "switching_cost": 100.0}
A, MONTH = 0, 2
WEST, EAST = 0, 1


def quiet(mode: str = "generative", **fields: Any) -> Scenario:
    """Return one client to whom nothing happens by itself."""
    return world_of({"A": client(adversary="Foe", **fields)}, months=6, mode=mode, parameters=SILENCE)


def book(*orders: tuple[Decision, int], month: int = MONTH) -> Decisions:
    return Decisions(decisions={(month, A, decision): order for decision, order in orders})


def sent(scenario: Scenario, decisions: Decisions) -> list[tuple[str, str, float]]:
    return [(row[0], row[2], row[5]) for row in finished(scenario, decisions=decisions).record.signals]


@pytest.mark.parametrize("mode", ["replay", "generative"])
def test_a_posture_is_taken_in_its_month_within_reach_or_not(mode: str) -> None:
    world = finished(quiet(mode), decisions=book((Decision.POSTURE, 3)))
    assert column(world, "A", "posture") == [0, 0, 3, 3, 3, 3]
    assert column(world, "A", "reviewed") == [False, False, True, False, False, False]


@pytest.mark.parametrize("mode", ["replay", "generative"])
def test_covert_hedging_starts_towards_the_rival_of_the_order_and_ends_on_order(mode: str) -> None:
    decisions = book((Decision.COVERT, EAST + 1))
    decisions.decisions[MONTH + 2, A, Decision.COVERT] = 0
    world = finished(quiet(mode, posture="hedging"), decisions=decisions, parameters__covert_discovery=0.0)
    assert column(world, "A", "covert") == [False, False, True, True, False, False]
    offers = world.clients[A].offers
    assert offers[WEST] == 0.0 < offers[EAST]


@pytest.mark.parametrize(
    ("response", "signals"),
    [
        (NOTHING, ["abandoned"]),
        (WORDS, ["words_only"]),
        (MEDIATION, ["weak_response"]),
        (HELP, ["intervened"]),
    ],
)
def test_a_crisis_a_call_and_its_answer_can_be_ordered(response: int, signals: list[str]) -> None:
    decisions = book((Decision.PRESS, 3), (Decision.ASK, 1), (Decision.RESPONSE, response))
    world = finished(quiet(), decisions=decisions, parameters__help_works=1.0)
    assert [(row[0], row[2], row[5]) for row in world.record.signals] == [("2020-03", kind, 3.0) for kind in signals]


def test_who_is_ordered_not_to_ask_is_not_refused() -> None:
    assert sent(quiet(), book((Decision.PRESS, 3), (Decision.ASK, 0))) == []


@pytest.mark.parametrize(("complains", "trust"), [(0, 0.7), (1, 7.0 / 10.5)])
def test_a_complaint_can_be_ordered(complains: int, trust: float) -> None:
    decisions = book(
        (Decision.PRESS, 1), (Decision.ASK, 1), (Decision.RESPONSE, WORDS), (Decision.COMPLAIN, complains), month=0
    )
    assert column(finished(quiet(), decisions=decisions), "A", "trust")[0] == pytest.approx(trust)


@pytest.mark.parametrize(
    ("decision", "order", "signal"),
    [
        (Decision.COERCE, 1, "coercion"),
        (Decision.CLAIM, 1, "claim"),
        (Decision.CRITICISE, 1, "criticism"),
        (Decision.COURT, 1, "courts_adversary"),
        (Decision.SUPPORT, LAPSE, "support_missing"),
        (Decision.SUPPORT, DELIVER, "support_delivered"),
    ],
)
def test_the_patrons_acts_can_be_ordered_but_not_in_replay(decision: Decision, order: int, signal: str) -> None:
    decisions = book((decision, order))
    assert sent(quiet(supplied_air_defence=True), decisions) == [("2020-03", signal, 2.0)]
    assert sent(quiet("replay", supplied_air_defence=True), decisions) == []


@pytest.mark.parametrize(("withdraw", "left"), [(0, True), (1, False)])
def test_a_rivals_offer_and_its_withdrawal_can_be_ordered(withdraw: int, left: bool) -> None:
    decisions = Decisions(
        offers={(MONTH, A, EAST, Offer.RAISE): 1, (MONTH, A, EAST, Offer.WITHDRAW): withdraw},
    )
    world = finished(quiet(), decisions=decisions)
    assert column(world, "A", "reviewed")[MONTH]
    assert (world.clients[A].offers[EAST] > 0.0) is left


def test_attention_follows_the_value_that_is_ordered() -> None:
    told = column(finished(quiet(), decisions=Decisions(attention={(MONTH, A): 3.0})), "A", "attention")
    drawn = column(finished(quiet()), "A", "attention")
    assert told[MONTH] > drawn[MONTH]
    assert told[:MONTH] + told[MONTH + 1 :] == drawn[:MONTH] + drawn[MONTH + 1 :]


def test_an_order_takes_the_place_of_its_draw_alone() -> None:
    """What the rule would have decided anyway, ordered, changes nothing for anybody."""
    scenario = busy_world()
    plain = finished(scenario)
    months = len(plain.setting.months)
    postures = {
        (month, agent.index, Decision.POSTURE): column(plain, agent.name, "posture")[month]
        for agent in plain.clients
        for month in range(months)
        if column(plain, agent.name, "reviewed")[month]
    }
    assert len(postures) > 50
    assert finished(scenario, decisions=Decisions(decisions=postures)).record.clients == plain.record.clients


def test_simulate_takes_orders() -> None:
    run = simulate(quiet(), decisions=book((Decision.POSTURE, 2)))
    assert run.clients.posture.tolist() == [0, 0, 2, 2, 2, 2]
