"""Replay and generative months: who answers by rule, and when."""

from __future__ import annotations

from typing import Any

import pytest

from papertiger.scenarios import Scenario
from papertiger.scenarios.knowledge import known_by
from tests.model.worlds import (
    SILENT_RULES,
    before,
    changed,
    client,
    column,
    event,
    finished,
    shipped,
    world_of,
)

ALIKE = {"A": client(pact="P"), "B": client(pact="P"), "C": client(region="R")}

# Modes


def test_in_replay_only_dated_events_happen_and_no_rule_answers() -> None:
    quiet = world_of(ALIKE, months=60, parameters={"crisis_hazard": 1, "coercion_rate": 1, "courting_rate": 1})
    assert not finished(quiet).record.signals


def test_in_generative_months_dated_events_stay_away_unless_they_always_happen() -> None:
    silence = {"crisis_hazard": 0, "courting_rate": 0, "criticism_rate": 0, "claim_rate": 0, "coercion_rate": 0}
    events = {
        "dated": event("words_only", "2020-02", "A"),
        "always": event("criticism", "2020-03", "A", always=True),
        "always before": event("criticism", "2020-01", "B", always=True),
    }
    generative = world_of(ALIKE, events, mode="generative", parameters=silence)
    assert [row[3] for row in finished(generative).record.signals] == ["always before", "always"]
    later = world_of(ALIKE, events, generative_from="2020-03", parameters=silence)
    assert [row[3] for row in finished(later).record.signals] == ["always before", "dated", "always"]


def test_replay_turns_generative_at_its_month() -> None:
    base, turned = known_by(shipped("partners_2020"), "2026-01"), shipped("partners_forecast")
    month = finished(turned, seed=3).setting.months.index("2026-02")
    assert before(finished(turned, seed=3), month) == before(finished(base, seed=3), month)
    drawn = [row for row in finished(turned, seed=3).record.signals if row[3].startswith("crisis ")]
    assert drawn
    assert min(row[0] for row in drawn) >= "2026-02"


def test_an_attack_that_always_happens_is_answered_by_rule_in_generative_months() -> None:
    events = {"raid": event("attack", "2020-02", "A", intensity=3, always=True)}
    certain = {"crisis_hazard": 0, "response_base": 100, "help_works": 1}
    world = finished(world_of({"A": client()}, events, mode="generative", parameters=certain))
    assert [(row[0], row[2], row[3], row[5]) for row in world.record.signals] == [
        ("2020-02", "intervened", "raid", 3.0)
    ]


@pytest.mark.parametrize(
    ("constants", "found"),
    [
        ({"response_base": 100, "help_works": 1}, {"intervened"}),
        ({"response_base": 100, "help_works": 0}, {"help_failed", "help_tried"}),
        ({"response_base": -100, "abandonment_share": 1}, {"abandoned"}),
        ({"response_base": -100, "abandonment_share": 0}, {"words_only"}),
    ],
)
def test_the_patron_answers_a_crisis_by_rule(constants: dict[str, float], found: set[str]) -> None:
    silence = {"courting_rate": 0, "criticism_rate": 0, "claim_rate": 0, "coercion_rate": 0, "switching_cost": 100}
    scenario = world_of(
        {"A": client(adversary="Foe")},
        months=6,
        mode="generative",
        parameters=silence | {"crisis_hazard": 1} | constants,
    )
    world = finished(changed(scenario, **{"clients.A.threat": 1.0}))
    assert {row[2] for row in world.record.signals} == found
    assert {row[3] for row in world.record.signals} == {f"crisis A 2020-{n:02d}" for n in range(1, 7)}
    assert {row[5] for row in world.record.signals} <= {1.0, 2.0, 3.0}


def test_a_client_that_stands_far_off_does_not_ask() -> None:
    silence = {"courting_rate": 0, "criticism_rate": 0, "claim_rate": 0, "coercion_rate": 0, "switching_cost": 100}
    scenario = world_of(
        {"A": client(posture="realigned", threat=1.0)},
        months=24,
        mode="generative",
        parameters=silence | {"crisis_hazard": 1, "realignment_cost": 100},
    )
    assert not finished(scenario).record.signals


def test_a_refused_client_complains_and_that_costs_trust() -> None:
    silence = {"courting_rate": 0, "criticism_rate": 0, "claim_rate": 0, "coercion_rate": 0, "switching_cost": 100}
    refused = silence | {"crisis_hazard": 1, "response_base": -100}
    scenario = world_of({"A": client(threat=1.0)}, months=1, mode="generative", parameters=refused)
    assert column(finished(changed(scenario, complaint_rate=1)), "A", "trust") == [pytest.approx(7.0 / 10.5)]
    assert column(finished(changed(scenario, complaint_rate=0)), "A", "trust") == [0.7]


@pytest.mark.parametrize(("hold", "found"), [(1.0, "air_defence_held"), (0.0, "air_defence_failed")])
def test_an_attack_tests_supplied_air_defence(hold: float, found: str) -> None:
    constants = {"crisis_hazard": 1, "systems_hold": hold, "support_lapse": 0, "switching_cost": 100}
    clients = {"A": client(threat=1.0, supplied_air_defence=True), "B": client(threat=1.0)}
    world = finished(world_of(clients, months=1, mode="generative", parameters=constants))
    tested = {(row[1], row[2]) for row in world.record.signals if row[2].startswith("air_defence")}
    assert tested == {("A", found)}


@pytest.mark.parametrize(
    ("constants", "kind", "fields"),
    [
        ({"coercion_rate": 1}, "coercion", {"posture": "hedging", "border": 1, "bases": 1, "diaspora": 1}),
        ({"claim_rate": 1}, "claim", {"border": 1}),
        ({"criticism_rate": 1}, "criticism", {}),
        ({"courting_rate": 1}, "courts_adversary", {}),
        ({"support_lapse": 1}, "support_missing", {"supplied_air_defence": True}),
        ({"support_delivery": 1}, "support_delivered", {"supplied_air_defence": True}),
    ],
)
def test_the_patron_acts_by_rule(constants: dict[str, float], kind: str, fields: dict[str, Any]) -> None:
    certain = {"clash": 1.0, "worth": 1.0}
    scenario = world_of(
        {"A": client(**{"adversary": "Foe"} | fields)},
        months=12,
        burden=1.0,
        mode="generative",
        adversaries={"Foe": certain},
        parameters=SILENT_RULES | constants | {"switching_cost": 100, "attention_focus": 0},
    )
    kinds = [row[2] for row in finished(scenario).record.signals]
    assert set(kinds) == {kind}
    assert len(kinds) >= 6
    assert not finished(changed(scenario, **dict.fromkeys(constants, 0.0))).record.signals


def courted(posture: str) -> Scenario:
    silence = {"crisis_hazard": 0, "coercion_rate": 0, "courting_rate": 0, "criticism_rate": 0}
    return world_of(
        {"A": client(posture=posture, options={"West": {"economy": 1.0, "proximity": 0.2}})},
        months=12,
        mode="generative",
        parameters=silence | {"offer_rate": 1, "offer_withdrawal": 0, "switching_cost": 100, "lock_in": 0},
    )


def test_a_rival_offers_and_takes_back_what_was_rejected() -> None:
    scenario = courted("suspended")
    kept = column(finished(scenario), "A", "outside_option")
    assert max(kept) > 0.5, "offers add up while nobody takes them back"
    taken = column(finished(changed(scenario, offer_withdrawal=1)), "A", "outside_option")
    assert {round(value, 9) for value in taken} == {0.2, round(max(taken), 9)}, "gone again by the next month"
    assert set(column(finished(changed(scenario, offer_rate=0)), "A", "outside_option")) == {0.2}


def test_a_realigned_client_rejects_nobody() -> None:
    scenario = courted("realigned")
    kept = column(finished(scenario), "A", "outside_option")
    assert kept == sorted(kept)
    assert kept[-1] > kept[0] > 0.2
    assert column(finished(changed(scenario, offer_withdrawal=1)), "A", "outside_option") == kept
