"""Dated events: attacks and their answers, signals, and what a change of regime leaves."""

from __future__ import annotations

import pytest

from papertiger.model.agents.world import World
from papertiger.scenarios import Scenario
from tests.model.worlds import (
    client,
    column,
    event,
    finished,
    world_of,
)

STILL = {"review_rate": 0}

# Attacks and their answers


def signals(scenario: Scenario) -> list[tuple[str, str, str, float]]:
    return [(row[0], row[2], row[3], row[5]) for row in finished(scenario).record.signals]


def test_an_attack_without_an_answer_counts_as_abandonment_once_a_month_later() -> None:
    scenario = world_of({"A": client()}, {"raid": event("attack", "2020-02", "A", intensity=3)})
    assert signals(scenario) == [("2020-03", "abandoned", "no response to raid", 3.0)]


@pytest.mark.parametrize(
    "answer", ["words_only", "weak_response", "intervened", "arms_or_aid", "abandoned", "help_failed"]
)
@pytest.mark.parametrize("month", ["2020-02", "2020-03"])
def test_any_answer_in_that_month_or_the_next_settles_an_attack(answer: str, month: str) -> None:
    events = {"raid": event("attack", "2020-02", "A"), "answer": event(answer, month, "A", intensity=1)}
    assert signals(world_of({"A": client()}, events)) == [(month, answer, "answer", 1.0)]


def test_an_answer_before_or_too_late_or_to_somebody_else_settles_nothing() -> None:
    events = {
        "raid": event("attack", "2020-02", "A"),
        "before": event("words_only", "2020-01", "A"),
        "late": event("words_only", "2020-04", "A"),
        "other": event("intervened", "2020-02", "B"),
        "no answer": event("air_defence_held", "2020-02", "A"),
    }
    found = signals(world_of({"A": client(), "B": client()}, events))
    assert ("2020-03", "abandoned", "no response to raid", 2.0) in found
    assert len(found) == 5


def test_attacks_in_two_months_are_settled_one_by_one() -> None:
    events = {
        "first": event("attack", "2020-02", "A", intensity=1),
        "second": event("attack", "2020-03", "A", intensity=2),
        "answer": event("words_only", "2020-04", "A"),
    }
    assert signals(world_of({"A": client()}, events)) == [
        ("2020-03", "abandoned", "no response to first", 1.0),
        ("2020-04", "words_only", "answer", 2.0),
    ]


def test_of_two_attacks_in_a_month_the_stronger_waits_for_an_answer() -> None:
    events = {
        "small": event("attack", "2020-02-01", "A", intensity=1),
        "large": event("attack", "2020-02-20", "A", intensity=3),
    }
    assert signals(world_of({"A": client()}, events)) == [("2020-03", "abandoned", "no response to large", 3.0)]


def test_of_one_type_only_the_strongest_signal_of_a_month_stands() -> None:
    events = {
        "weak": event("words_only", "2020-02-01", "A", intensity=1),
        "strong": event("words_only", "2020-02-02", "A", intensity=3),
        "middling": event("words_only", "2020-02-03", "A", intensity=2),
        "another type": event("criticism", "2020-02-04", "A", intensity=1),
        "another month": event("words_only", "2020-03", "A", intensity=1),
    }
    assert sorted(signals(world_of({"A": client()}, events))) == [
        ("2020-02", "criticism", "another type", 1.0),
        ("2020-02", "words_only", "strong", 3.0),
        ("2020-03", "words_only", "another month", 1.0),
    ]


def test_an_event_may_override_the_loading_of_its_row() -> None:
    scenario = world_of({"A": client()}, {"one": event("words_only", "2020-02", "A", loading=1)})
    (row,) = finished(scenario).record.signals
    assert row[6:10] == (0.0, 1.0, 0.0, 0.0)


@pytest.mark.parametrize(
    ("only_if", "unless", "happens"),
    [(None, None, True), ("on", None, True), ("off", None, False), (None, "on", False), (None, "off", True)],
)
def test_switches_take_contested_events_in_or_leave_them_out(
    only_if: str | None, unless: str | None, happens: bool
) -> None:
    switches = {"on": {"value": True, "why": "."}, "off": {"value": False, "why": "."}}
    one = event("words_only", "2020-02", "A", only_if=only_if, unless=unless)
    assert bool(signals(world_of({"A": client()}, {"one": one}, switches=switches))) is happens


# Regime loss

SUCCESSOR = {
    "threat": 0.1,
    "exposure": 0.6,
    "arms": 0.2,
    "prior_resolve": 0.2,
    "continuity": 0.0,
    "options": {"West": {"protection": 1.0, "economy": 1.0, "proximity": 1.0}},
}


def fallen(continuity: float = 0.0, months: int = 12, **parameters: float) -> World:
    events = {
        "raid": event("attack", "2020-02", "A", intensity=3),
        "claim": event("claim", "2020-02", "A", intensity=3),
        "early bid": event("offer", "2020-02", "A", rival="East", intensity=3),
        "fall": event("regime_loss", "2020-04-20", "A", successor=SUCCESSOR | {"continuity": continuity}),
        "bid": event("offer", "2020-04-01", "A", rival="West", intensity=3),
    }
    return finished(world_of({"A": client()}, events, months=months, parameters=parameters))


def test_a_regime_loss_keeps_x_resets_y_and_z_and_counts_offers_of_the_month() -> None:
    world = fallen()
    now = 3
    assert column(world, "A", "threat")[now] == pytest.approx(0.1 + 0.3 * 0.95**2, rel=1e-14)
    assert column(world, "A", "patron_threat")[now] == 0.0
    assert column(world, "A", "patron_threat")[now - 1] > 0.0
    # The West's new openness, and the month's offer (1 + .15 is capped); nothing is left of the East's.
    threat = column(world, "A", "threat")[now]
    assert column(world, "A", "outside_option")[now] == pytest.approx(threat * min(1.0, 0.6 + 0.075) + 1.0, rel=1e-14)
    assert world.clients[0].offers[world.setting.rivals.index("East")] == 0.0
    assert column(world, "A", "regime") == [0, 0, 0] + [1] * 9
    assert world.clients[0].outlook.dependence == (0.2 + 0.4) / 2.0
    assert world.clients[0].outlook.exposure == 0.6


def test_a_successor_has_no_anchor() -> None:
    events = {"fall": event("regime_loss", "2020-04", "A", successor=SUCCESSOR)}
    world = World(world_of({"A": client(posture="hedging")}, events), rng=1)
    anchors = []
    while world.running:
        world.step()
        anchors.append(world.clients[0].anchor)
    assert anchors[0] != 0.0
    assert anchors == [anchors[0]] * 3 + [0.0] * 9


@pytest.mark.parametrize("continuity", [0.0, 0.5, 1.0])
def test_a_successor_starts_from_its_own_prior_with_its_share_of_the_evidence(continuity: float) -> None:
    world = fallen(continuity, months=4, **STILL)
    bad_w = 1.8 * 2.0 * 1.5 * 0.7 * 0.98 + 1.8 * 2.0 * 1.5 * 0.3 * 1.0 * 0.98**2
    assert column(world, "A", "resolve")[3] == pytest.approx(2.0 / (10.0 + continuity * bad_w), rel=1e-12)


def test_a_successor_draws_freely_over_all_rungs() -> None:
    """From loyal, in one month, and beyond what the ladder without a pact allows."""
    events = {"fall": event("regime_loss", "2020-01", "A", successor=SUCCESSOR)}
    scenario = world_of(
        {"A": client(treaty="none")}, events, months=2, parameters={"switching_cost": 100, "choice_noise": 100}
    )
    reached = {column(finished(scenario, seed=seed), "A", "posture")[0] for seed in range(60)}
    assert reached == {0, 1, 2, 3, 4}
    assert all(column(finished(scenario, seed=seed), "A", "reviewed")[0] for seed in range(5))


def test_a_regime_loss_is_not_held_against_the_client() -> None:
    world = fallen(months=5)
    assert column(world, "A", "posture")[3] >= 3
    trusts = column(world, "A", "trust")
    assert trusts[3] == 0.7


def test_a_second_successor_takes_over_from_the_first() -> None:
    events = {
        "first": event("regime_loss", "2020-02", "A", successor={"threat": 0.1, "arms": 0.0, "prior_resolve": 0.2}),
        "second": event("regime_loss", "2020-06", "A", successor={"exposure": 0.9}),
    }
    world = finished(world_of({"A": client(threat=0.8)}, events))
    outlook = world.clients[0].outlook
    assert column(world, "A", "regime")[-1] == 2
    assert (outlook.threat, outlook.prior_resolve, outlook.exposure) == (0.1, 0.2, 0.9)
    assert outlook.dependence == 0.2, "arms stay as the first successor left them"


def test_a_realigned_regime_that_falls_to_another_rivals_friend_names_the_new_one() -> None:
    towards_east = {"options": {"East": {"protection": 1, "economy": 1, "proximity": 1}, "West": {}}}
    towards_west = {"options": {"West": {"protection": 1, "economy": 1, "proximity": 1}, "East": {}}}
    weak = {"prior_resolve": 0.01, "exposure": 0, "arms": 0, "economy": 0}
    events = {
        "first": event("regime_loss", "2020-02", "A", successor=weak | towards_east),
        "second": event("regime_loss", "2020-06", "A", successor=weak | towards_west),
    }
    world = finished(world_of({"A": client()}, events, parameters={"choice_noise": 0.001}))
    assert column(world, "A", "posture")[1:] == [4] * 11
    assert column(world, "A", "destination") == [""] + ["East"] * 4 + ["West"] * 7
