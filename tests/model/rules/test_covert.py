"""Covert hedging: who takes up secret contacts, when, and what ends them."""

from __future__ import annotations

from typing import Any

import pytest

from papertiger.model.rules import succession
from tests.model.rules.contracts import RuleContract
from tests.model.worlds import client, column, event, finished, world_of

SHARE = (0.0, 1.0)
ALWAYS = {"covert_start": 1, "covert_discovery": 0, "review_rate": 1, "switching_cost": 100}
STILL = {"succession_base": 0, "succession_health": 0}


class TestCovertChance(RuleContract):
    field, rule = "covert_chance", staticmethod(succession.covert_chance)
    arguments = {"base": SHARE, "health_weight": (0.0, 100.0), "reports": (0.0, 3.0)}
    result = SHARE
    rises = ("base", "health_weight", "reports")


def test_health_reports_raise_the_chance_of_secret_contacts() -> None:
    assert succession.covert_chance(0.05, 1.0, 2.0) == pytest.approx(0.15, rel=1e-15)
    assert succession.covert_chance(0.05, 1.0, 0.0) == succession.covert_chance(0.05, 0.0, 3.0) == 0.05
    assert succession.covert_chance(0.0, 100.0, 3.0) == 0.0, "without a chance there is nothing to raise"
    assert succession.covert_chance(0.5, 1.0, 3.0) == 1.0


def covert(months: int = 4, events: dict[str, Any] | None = None, *, parameters: Any = None, **fields: Any) -> Any:
    """Return whether a client hedges covertly, month by month."""
    constants = ALWAYS | STILL | (parameters or {})
    return column(
        finished(world_of({"A": client(**fields)}, events, months=months, parameters=constants)), "A", "covert"
    )


@pytest.mark.parametrize(
    ("fields", "talks"),
    [
        ({"posture": "loyal"}, False),
        ({"posture": "hedging"}, True),
        ({"posture": "distancing"}, False),
        ({"posture": "loyal", "sub_state": True, "treaty": "none"}, True),
        ({"posture": "hedging", "sub_state": True, "treaty": "none"}, True),
        ({"posture": "loyal", "sub_state": True, "treaty": "none", "options": {}}, False),
    ],
)
def test_states_talk_in_secret_at_hedging_and_sub_states_when_loyal_too(fields: dict[str, Any], talks: bool) -> None:
    assert set(covert(**fields)) == {talks}


def test_reports_about_a_leaders_health_begin_them() -> None:
    """A chance of .3, eleven times as large in a month of reports, is certain; other months have no review at all."""
    events = {"ill": event("leader_health", "2020-03", "A", intensity=1)}
    rare = {"covert_start": 0.3, "covert_health": 10, "review_rate": 0}
    of_sub_state = {"sub_state": True, "treaty": "none"}
    assert covert(5, events, parameters=rare, **of_sub_state) == [False, False, True, True, True]
    assert covert(5, events, parameters=rare | {"covert_start": 0}, **of_sub_state) == [False] * 5


def test_what_is_talked_about_in_secret_grows_and_draws_a_loyal_sub_state() -> None:
    scenario = world_of(
        {"A": client(sub_state=True, treaty="none")}, months=3, parameters=ALWAYS | STILL | {"covert_growth": 0.1}
    )
    world = finished(scenario)
    # Contacts begin in the first month and grow in the two after it, fading by offer_memory in between.
    assert world.clients[0].offers[0] == pytest.approx(0.1 * 0.98 + 0.1, rel=1e-14)
    assert column(world, "A", "outside_option")[2] > column(world, "A", "outside_option")[0]
