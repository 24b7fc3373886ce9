"""Breaks in the reference model: whom they reach, what they cost, and what the ledger says of them."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import pytest

from papertiger.model.agents.simulate import simulate
from papertiger.model.agents.world import World
from papertiger.model.decisions import Decision, Decisions
from papertiger.scenarios import Scenario
from tests.model.worlds import changed, client, column, event, everything, finished, world_of

QUIET = {"review_rate": 0.0, "covert_start": 0.0}
SURE = {"break_away": 1.0, "break_to_hedging": 0.0, "break_to_distancing": 0.0, "break_to_suspended": 0.0}


def quiet(constants: dict[str, float], events: dict[str, Any] | None = None) -> Scenario:
    """Return one client that never reviews its posture, in half a year."""
    return world_of({"A": client()}, events, months=6, parameters=QUIET | constants)


def test_a_sure_break_leads_to_the_only_rung_that_weighs_anything() -> None:
    world = finished(quiet(SURE))
    assert column(world, "A", "posture") == [4] * 6
    assert column(world, "A", "destination") == ["West"] * 6
    assert [(one.month, one.before, one.after, one.hazard) for one in world.ledger.breaks] == [(0, 0, 4, 1.0)]


def test_where_no_rung_of_the_direction_weighs_anything_nobody_breaks() -> None:
    world = finished(quiet(SURE | {"break_to_realigned": 0.0}))
    assert column(world, "A", "posture") == [0] * 6
    assert world.ledger.breaks == []


def test_a_break_toward_the_patron_ends_before_the_present_rung() -> None:
    scenario = world_of({"A": client(posture="suspended")}, parameters=QUIET | {"break_toward": 1.0})
    postures = [3, *column(finished(scenario), "A", "posture")]
    assert postures[-1] == 0
    assert all(later < before or before == 0 for before, later in pairwise(postures))


@pytest.mark.parametrize(
    ("kind", "effect", "cause", "fields"),
    [
        ("leader_change", "break_ruler", "new ruler", {}),
        ("coercion", "break_coercion", "coercion", {}),
        ("sanctions", "break_coercion", "coercion", {}),
        ("claim", "break_coercion", "coercion", {}),
        ("disengagement", "break_disengagement", "disengagement", {}),
        ("rival_pledge", "break_pledge", "rival's pledge", {"rival": "East"}),
    ],
)
def test_each_cause_raises_the_hazard_and_is_named(
    kind: str, effect: str, cause: str, fields: dict[str, Any]
) -> None:
    told = {"it": event(kind, "2020-03", "A", intensity=3, **fields)}
    scenario = quiet({"break_away": 1e-9, "switching_cost": 100.0, effect: 30.0}, told)
    run = simulate(scenario, seed=1)
    first = run.breaks.iloc[0]
    assert (first.month, first.cause, first.event, first.hazard) == ("2020-03", cause, "it", 1.0)
    nothing = changed(scenario, **{effect: 0.0})
    assert simulate(nothing, seed=1).breaks.empty


def test_a_cause_fades_with_the_memory_of_breaks() -> None:
    told = {"coup": event("leader_change", "2020-02", "A", intensity=3)}
    world = World(quiet({"break_memory": 0.5}, told), rng=1, collect=False)
    stocks = []
    while world.running:
        world.step()
        stocks.append(world.clients[0].ruler_stock)
    assert stocks == [0.0, 1.0, 0.5, 0.25, 0.125, 0.0625]


def test_a_successor_does_not_break_in_its_first_month_and_remembers_that_it_is_new() -> None:
    events = {"fall": event("regime_loss", "2020-03", "A", intensity=3, successor={"threat": 0.1})}
    world = finished(quiet({"break_away": 1e-9, "break_ruler": 30.0, "break_memory": 1.0}, events))
    after = column(world, "A", "posture")
    months = [one.month for one in world.ledger.breaks]
    assert 2 not in months, "its first choice is a jump of its own"
    assert months[:1] == ([3] if after[2] < 4 else [])
    assert world.clients[0].ruler_stock == 1.0


def test_a_sub_state_and_a_given_posture_are_not_broken() -> None:
    sub_state = world_of({"A": client(sub_state=True, treaty="none")}, parameters=QUIET | SURE)
    assert finished(sub_state).ledger.breaks == []
    given = Decisions({(month, 0, Decision.POSTURE): 1 for month in range(6)})
    world = finished(quiet(SURE), decisions=given)
    assert column(world, "A", "posture") == [1] * 6


def test_the_patrons_trust_feels_a_break() -> None:
    broken, still = finished(quiet(SURE)), finished(quiet({}))
    assert column(broken, "A", "trust")[0] < column(still, "A", "trust")[0]


def test_breaks_move_nobody_elses_luck() -> None:
    clients = {"A": client(), "B": client()}
    base = world_of(clients, months=24, parameters={"review_rate": 0.5, "burden_feedback": 0.0})
    broken = changed(base, break_away=0.2, break_to_hedging=0.0)
    still = changed(broken, break_away=0.0)
    assert everything(finished(still)) == everything(finished(base))
    one, two = finished(broken), finished(base)
    assert one.ledger.breaks
    first = min(month.month for month in one.ledger.breaks)
    for name in ("A", "B"):
        assert column(one, name, "posture")[:first] == column(two, name, "posture")[:first]
        assert column(one, name, "reviewed") == column(two, name, "reviewed")


def test_what_only_makes_breaks_likelier_changes_nothing_without_them() -> None:
    told = {
        "coup": event("leader_change", "2020-02", "A", intensity=3),
        "let go": event("disengagement", "2020-02", "A", intensity=3),
        "pledge": event("rival_pledge", "2020-02", "A", rival="West", intensity=3),
    }
    constants = {"break_ruler": 5.0, "break_disengagement": 5.0, "break_pledge": 5.0}
    with_them = world_of({"A": client()}, told, parameters=constants)
    assert everything(finished(with_them)) == everything(finished(world_of({"A": client()})))
