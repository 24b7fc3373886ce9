"""What lost clients cost the patron, and the paths of its war and its income."""

from __future__ import annotations

import math
from typing import Any

import pytest

from papertiger.model import randomness
from papertiger.model.rules import feedback
from papertiger.scenarios import Scenario
from papertiger.scenarios.checking.actor_keys import actor_key
from tests.model.rules.contracts import RuleContract
from tests.model.worlds import client, column, event, finished, world_of

SHARE = (0.0, 1.0)
LOST = {"posture": "suspended", "assets": {"bases": 0.4}}
PATRON = 6  # months of a small world
FIXED = {"switching_cost": 100, "realignment_cost": 100}


class TestBudget(RuleContract):
    field, rule = "budget", staticmethod(feedback.budget)
    arguments = {"income": (-10.0, 10.0), "lost_assets": SHARE, "budget_feedback": SHARE, "succession_loss": SHARE}
    result = (0.0, math.exp(10.0))
    rises, falls = ("income",), ("lost_assets", "budget_feedback", "succession_loss")


class TestBurden(RuleContract):
    field, rule = "burden", staticmethod(feedback.burden)
    arguments = {"war_burden": SHARE, "lost_assets": SHARE, "burden_feedback": SHARE}
    result = SHARE
    rises = ("war_burden", "lost_assets", "burden_feedback")


class TestNextIncome(RuleContract):
    field, rule = "next_income", staticmethod(feedback.next_income)
    arguments = {"income": (-10.0, 10.0), "persistence": SHARE, "noise": (0.0, 10.0), "shock": (-9.0, 9.0)}
    result = (-100.0, 100.0)
    rises = ("income", "shock")


def patron(scenario: Scenario, **options: Any) -> list[Any]:
    return list(finished(scenario, **options).record.patron)


def test_lost_assets_cut_the_budget_and_add_to_the_burden_a_month_later() -> None:
    rows = patron(world_of({"A": client(**LOST), "B": client()}, burden=0.5, months=3, parameters=FIXED))
    assert [row[3] for row in rows] == [0.4, 0.4, 0.4]
    assert [row[1] for row in rows] == [1.0, pytest.approx(1 - 0.3 * 0.4), pytest.approx(1 - 0.3 * 0.4)]
    assert [row[2] for row in rows] == [0.5, pytest.approx(0.5 + 0.1 * 0.4), pytest.approx(0.5 + 0.1 * 0.4)]


@pytest.mark.parametrize(("name", "place"), [("budget_feedback", 1), ("burden_feedback", 2)])
def test_without_its_constant_the_feedback_is_exactly_absent(name: str, place: int) -> None:
    scenario = world_of({"A": client(**LOST)}, burden=0.5, months=3, parameters=FIXED | {name: 0})
    assert len({row[place] for row in patron(scenario)}) == 1


def test_assets_are_weighed_by_their_value_of_the_month() -> None:
    assets = {
        "bases": {"what": "bases", "value": {"points": {"2020-01": 1.0}}},
        "drones": {"what": "drones", "value": {"points": {"2020-01": 0.0, "2020-03": 3.0}}},
    }
    scenario = world_of(
        {"A": client(posture="suspended", assets={"drones": 0.5}), "B": client(assets={"bases": 1.0})},
        months=3,
        patron={"assets": assets},
        parameters=FIXED,
    )
    assert [row[3] for row in patron(scenario)] == [0.0, 0.0, pytest.approx(3.0 * 0.5 / 4.0)]


@pytest.mark.parametrize(("posture", "lost"), [("distancing", 0.0), ("suspended", 0.4), ("realigned", 0.4)])
def test_assets_are_lost_from_suspended_on(posture: str, lost: float) -> None:
    rows = patron(world_of({"A": client(**LOST | {"posture": posture})}, months=1, parameters=FIXED))
    assert rows[0][3] == lost


def test_a_returning_client_brings_its_assets_back() -> None:
    events = {f"{n}": event("intervened", f"2020-{n:02d}", "A", intensity=3) for n in range(2, 12)}
    scenario = world_of(
        {"A": client(**LOST, threat=1.0, options={})},
        events,
        # In balance at its start, so that what was done for it brings it back.
        parameters={"review_rate": 1, "switching_cost": 0.0, "anchoring": 1},
    )
    world = finished(scenario)
    lost = [row[3] for row in world.record.patron]
    postures = column(world, "A", "posture")
    assert lost == [0.4 if posture >= 3 else 0.0 for posture in postures]
    assert set(lost) == {0.0, 0.4}


def test_income_follows_the_data_and_then_an_autoregression_with_keyed_shocks() -> None:
    income = {
        "index": {"points": {"2020-01": 1.2, "2020-03": 0.8}},
        "elasticity": 0.4,
        "after": "ar1",
        "persistence": 0.9,
        "noise": 0.1,
    }
    scenario = world_of({"A": client()}, months=PATRON, income=income)
    world = finished(scenario, seed=5)
    expected = [0.4 * math.log(1.2)] * 2 + [0.4 * math.log(0.8)]
    key = actor_key("Protector")
    for month in range(3, PATRON):
        shock = randomness.normal(5, 0, 2020 * 12 + month, key, randomness.INCOME)
        expected.append(0.9 * expected[-1] + 0.4 * 0.1 * shock)
    assert [row[1] for row in world.record.patron] == pytest.approx([math.exp(x) for x in expected], rel=1e-14)
    held = world_of({"A": client()}, months=PATRON, income=income | {"after": "holds"})
    assert [row[1] for row in patron(held)][3:] == [pytest.approx(0.8**0.4)] * 3


@pytest.mark.parametrize(
    ("after", "expected"),
    [
        ("continues", [0.2, 0.6, 0.6, 0.6, 0.6, 0.6]),
        ("ends", [0.2, 0.6, 0.4, 0.2, 0.0, 0.0]),
        ("escalates", [0.2, 0.6, 0.6 + 0.4 / 3, 0.6 + 0.8 / 3, 1.0, 1.0]),
    ],
)
def test_the_war_goes_on_ends_or_escalates_after_its_data(after: str, expected: list[float]) -> None:
    war = {"burden": {"points": {"2020-01": 0.2, "2020-02": 0.6}}, "after": after, "over_months": 3}
    rows = patron(world_of({"A": client()}, months=PATRON, war=war))
    assert [row[2] for row in rows] == pytest.approx(expected, abs=1e-15)


def test_a_path_is_held_or_joined_by_lines() -> None:
    for shape, expected in (("step", [0.0, 0.0, 0.0, 0.6]), ("linear", [0.0, 0.2, 0.4, 0.6])):
        war = {"burden": {"points": {"2020-01": 0.0, "2020-04": 0.6}, "shape": shape}}
        assert [row[2] for row in patron(world_of({"A": client()}, months=4, war=war))] == pytest.approx(expected)


def test_credibility_is_the_value_weighted_mean_protection_of_those_who_have_not_realigned() -> None:
    clients = {
        "A": client(value=0.9, prior_resolve=0.8),
        "B": client(value=0.1, prior_resolve=0.2),
        "C": client(value=1.0, posture="realigned"),
        "D": client(value=1.0, enters="2020-06"),
    }
    rows = patron(world_of(clients, months=1, parameters=FIXED))
    assert rows[0][4] == pytest.approx(0.7 * (0.9 * 0.8 + 0.1 * 0.2), rel=1e-14)


def test_the_defected_share_counts_clients_in_the_network() -> None:
    clients = {"A": client(posture="suspended"), "B": client(), "C": client(enters="2020-06")}
    assert patron(world_of(clients, months=1, parameters=FIXED))[0][7] == 0.5
