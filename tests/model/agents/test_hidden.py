"""What happens out of sight: successions of a sub-state, and covert hedging."""

from __future__ import annotations

import math

import pytest

from papertiger.model.agents.world import World
from papertiger.scenarios import Scenario
from tests.model.worlds import (
    COLUMN,
    client,
    column,
    event,
    finished,
    world_of,
)

# Sub-states and successions


def within(**parameters: float) -> Scenario:
    reports = {"reports": event("leader_health", "2020-03", "A", intensity=3)}
    return world_of(
        {"A": client(sub_state=True, treaty="none", assets={"bases": 0.3}), "B": client()},
        reports,
        months=24,
        parameters={"succession_base": 0, "succession_health": 0} | parameters,
    )


def test_health_reports_bring_a_succession_in_their_month_only() -> None:
    world = finished(within(succession_health=1 / 3))
    assert column(world, "A", "regime") == [0, 0] + [1] * 22
    assert column(world, "A", "reviewed")[2]
    assert set(column(world, "B", "regime")) == {0}, "a state has elections, coups and raids, not successions"


def test_successions_come_at_their_base_rate() -> None:
    crowd = {f"S{number}": client(sub_state=True, treaty="none") for number in range(60)}
    scenario = world_of(crowd, months=60, parameters={"succession_base": 0.02})
    total = sum(one.regime for one in finished(scenario).clients)
    assert abs(total - 72) < 4 * math.sqrt(72)


def test_a_contested_succession_costs_the_budget_and_the_asset_for_a_year() -> None:
    agreed = finished(within(succession_health=1 / 3, succession_contested=0, budget_feedback=0))
    contested = finished(within(succession_health=1 / 3, succession_contested=1, budget_feedback=0))
    assert {row[1] for row in agreed.record.patron} == {1.0}
    assert {row[3] for row in agreed.record.patron} == {0.0}
    assert [row[1] for row in contested.record.patron] == [1.0] * 3 + [0.9] * 12 + [1.0] * 9
    assert [row[3] for row in contested.record.patron] == [0.0] * 2 + [0.3] * 12 + [0.0] * 10


def test_a_succession_leaves_a_sub_state_on_its_two_rungs() -> None:
    for seed in range(20):
        world = finished(within(succession_health=1 / 3, choice_noise=100), seed=seed)
        assert max(column(world, "A", "posture")) <= 1


# Covert hedging


def covert(months: int = 24, **parameters: float) -> World:
    options = {"West": {"economy": 0.4, "proximity": 1.0}}
    return finished(
        world_of(
            {"A": client(posture="hedging", options=options)},
            months=months,
            parameters={"switching_cost": 100, "review_rate": 1, "lock_in": 0} | parameters,
        )
    )


def test_covert_hedging_starts_at_a_review_and_opens_the_option_each_month_after() -> None:
    world = covert(months=6, covert_start=1, covert_discovery=0)
    assert all(column(world, "A", "covert"))
    # Started in the first month; from the second on each month adds, after its options were weighed.
    level = 0.0
    for month, value in enumerate(column(world, "A", "outside_option")):
        level *= 0.98
        assert value == pytest.approx(0.4 + level + 0.5 * (level / 2), rel=1e-12), month
        level += 0.02 if month >= 1 else 0.0
    assert level > 0.0


def test_covert_hedging_needs_a_review_a_rival_and_the_rung_of_hedging() -> None:
    assert not any(column(covert(covert_start=1, review_rate=0), "A", "covert"))
    loyal = world_of({"A": client()}, parameters={"covert_start": 1, "review_rate": 1, "switching_cost": 100})
    assert not any(column(finished(loyal), "A", "covert"))
    friendless = world_of(
        {"A": client(posture="hedging", options={})},
        parameters={"covert_start": 1, "review_rate": 1, "switching_cost": 100},
    )
    assert not any(column(finished(friendless), "A", "covert"))


def test_covert_hedging_that_is_found_out_threatens_and_costs_trust() -> None:
    world = covert(months=3, covert_start=1, covert_discovery=1)
    assert column(world, "A", "covert") == [True, False, True]
    assert column(world, "A", "patron_threat") == [0.0, 0.25, 0.25 * 0.96]
    assert column(world, "A", "trust")[:2] == [0.7, pytest.approx(7.0 / 12.0)]


def test_covert_hedging_stays_hidden_and_absent_at_rate_zero() -> None:
    assert not any(column(covert(covert_start=0), "A", "covert"))
    hidden = covert(covert_start=1, covert_discovery=0)
    assert set(column(hidden, "A", "patron_threat")) == {0.0}
    assert set(column(hidden, "A", "trust")) == {0.7}


def test_covert_hedging_starts_at_its_rate() -> None:
    crowd = {f"C{number}": client(posture="hedging") for number in range(400)}
    constants = {"review_rate": 1, "switching_cost": 100}
    world = finished(world_of(crowd, months=1, parameters=constants))
    started = sum(row[COLUMN["covert"]] for row in world.record.clients)
    assert abs(started - 20) < 4 * math.sqrt(20)
