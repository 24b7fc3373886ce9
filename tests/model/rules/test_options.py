"""Outside options: what rivals offer, and when."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from papertiger.model.rules import options
from tests.model.rules.contracts import RuleContract
from tests.model.worlds import client, column, event, finished, world_of

SHARE = (0.0, 1.0)
LEVEL = (0.0, 100.0)


class TestOfferedProtection(RuleContract):
    field, rule = "offered_protection", staticmethod(options.offered_protection)
    arguments = {"base": SHARE, "offers": LEVEL, "share": SHARE, "lock_in": SHARE, "commitment": SHARE}
    result = SHARE
    rises, falls = ("base", "offers", "share", "lock_in"), ("commitment",)


class TestOfferedEconomy(RuleContract):
    field, rule = "offered_economy", staticmethod(options.offered_economy)
    arguments = {"base": SHARE, "offers": LEVEL, "lock_in": SHARE, "commitment": SHARE}
    result = SHARE
    rises, falls = ("base", "offers", "lock_in"), ("commitment",)


class TestOptionValue(RuleContract):
    field, rule = "option_value", staticmethod(options.option_value)
    arguments = {"threat": SHARE, "protection": SHARE, "economy_weight": LEVEL, "economy": SHARE}
    result = (0.0, 101.0)
    rises = ("threat", "protection", "economy_weight", "economy")


class TestOfferHazard(RuleContract):
    field, rule = "offer_hazard", staticmethod(options.offer_hazard)
    arguments = {"rate": SHARE, "commitment": SHARE, "openness": SHARE}
    result = SHARE
    rises, falls = ("rate", "openness"), ("commitment",)


class TestIsRejected(RuleContract):
    field, rule = "is_rejected", staticmethod(options.is_rejected)
    arguments = {"posture_before": [0, 1, 2, 3, 4], "posture_after": [0, 1, 2, 3, 4]}
    result = SHARE
    rises, falls = ("posture_before",), ("posture_after",)


def test_base_protection_and_economy_against_hand_computed_values() -> None:
    # A near, half open protector in the opposing alliance, and a second-rank economy next door.
    assert options.base_protection(0.6, 0.5, 0.5, 0.5, 1.0) == pytest.approx(0.6 * 0.5 * 0.75, rel=1e-15)
    assert options.base_economy(0.5, 1.0, 0.5, 0.7) == pytest.approx(0.175, rel=1e-15)


@given(openness=st.floats(0, 1), proximity=st.floats(0, 1), gap=st.floats(0, 1))
def test_base_options_are_shares_and_vanish_without_openness_or_gap(
    openness: float, proximity: float, gap: float
) -> None:
    assert 0.0 <= options.base_protection(0.6, openness, 0.5, proximity, gap) <= 0.6
    assert 0.0 <= options.base_economy(openness, proximity, 1.0, gap) <= 1.0
    assert options.base_protection(0.6, 0.0, 0.5, proximity, gap) == 0.0
    assert options.base_protection(0.6, openness, 0.5, proximity, 0.0) == 0.0
    assert options.base_economy(0.0, proximity, 1.0, gap) == 0.0
    assert options.base_economy(openness, proximity, 1.0, 0.0) == 0.0


def test_an_offer_is_worth_half_as_much_for_protection_as_for_the_economy() -> None:
    assert options.offered_protection(0.2, 0.1, 0.5, 0.0, 1.0) == pytest.approx(0.25, rel=1e-15)
    assert options.offered_economy(0.2, 0.1, 0.0, 1.0) == pytest.approx(0.3, rel=1e-15)
    assert options.offered_economy(0.2, 0.1, 0.15, 0.0) == pytest.approx(0.3 * 1.15, rel=1e-15)


def test_the_best_rival_is_the_one_with_the_largest_sum_of_both() -> None:
    clients = {
        "A": client(
            threat=1.0,
            options={
                "West": {"protection": 1, "economy": 0, "proximity": 1},  # q = .6
                "East": {"protection": 0.9, "economy": 1, "proximity": 1},  # q = .27, O = .5
            },
        ),
        "B": client(
            threat=0.0,
            options={
                "West": {"protection": 1, "economy": 0.2, "proximity": 1},  # O = .2
                "East": {"protection": 0, "economy": 0.5, "proximity": 1},  # O = .25
            },
        ),
        "C": client(options={}),
    }
    world = finished(world_of(clients, months=1))
    assert [column(world, name, "best_rival") for name in clients] == [["East"], ["East"], [""]]
    assert column(world, "A", "outside_option") == [pytest.approx(0.27 + 0.5, rel=1e-14)]
    assert column(world, "B", "outside_option") == [pytest.approx(0.25, rel=1e-14)]
    assert column(world, "C", "outside_option") == [0.0]


def test_an_offer_opens_the_option_of_that_rival_and_fades() -> None:
    clients = {"A": client(options={"West": {"economy": 0.4, "proximity": 1}})}
    scenario = world_of(
        clients,
        {"one": event("offer", "2020-02", "A", rival="West", intensity=2)},
        parameters={"switching_cost": 100, "review_rate": 0},
    )
    world = finished(scenario)
    for month, value in enumerate(column(world, "A", "outside_option")):
        offer = 0.15 * (2 / 3) * 0.98 ** (month - 1) if month >= 1 else 0.0
        assert value == pytest.approx(0.5 * (offer / 2) + 0.4 + offer, rel=1e-14)
    assert [n for n, seen in enumerate(column(world, "A", "reviewed")) if seen] == [1]


def test_a_withdrawn_offer_takes_back_at_most_what_was_offered() -> None:
    scenario = world_of(
        {"A": client(options={"West": {"economy": 0.4, "proximity": 1}})},
        {
            "one": event("offer", "2020-01", "A", rival="West", intensity=1),
            "two": event("offer_withdrawn", "2020-02", "A", rival="West", intensity=3),
        },
        parameters={"switching_cost": 100},
    )
    values = column(finished(scenario), "A", "outside_option")
    assert values[0] > 0.4
    assert set(values[1:]) == {0.4}


def test_an_offer_from_a_rival_that_was_closed_counts_too() -> None:
    scenario = world_of({"A": client(options={})}, {"one": event("offer", "2020-02", "A", rival="East")})
    assert column(finished(scenario), "A", "best_rival")[:2] == ["", "East"]
