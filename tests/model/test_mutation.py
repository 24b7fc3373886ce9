"""No dead part: each constant, each row of the signal table and each rule, taken away, changes a run.

Runs share every draw, so any difference at all is due to what was taken away.
"""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from typing import Any

import pytest

from papertiger import scenarios
from papertiger.model.agents.world import World
from papertiger.model.rules.rules import Rules
from papertiger.scenarios import Scenario
from papertiger.scenarios.schema.parameters import Parameters
from tests.model.busy import busy_world
from tests.model.worlds import client, event, everything, finished, shipped, world_of

SIGNALS = list(scenarios.load("partners_2020").signals)


@cache
def plain(make: Any) -> tuple[Any, ...]:
    return everything(finished(make()))


def differs(scenario: Scenario, expected: tuple[Any, ...], **options: Any) -> bool:
    """Tell whether a run writes down anything else, as soon as it does; the tables are too long to show."""
    world = World(scenario, rng=1, collect=False, **options)
    compared = [0] * len(expected)
    while world.running:
        world.step()
        now = everything(world)
        for which, (rows, wanted) in enumerate(zip(now, expected, strict=True)):
            if rows[compared[which] :] != wanted[compared[which] : len(rows)]:
                return True
            compared[which] = len(rows)
    return everything(world) != expected


def leaving_one_by_one() -> Scenario:
    """Return three clients alike, of which one has left."""
    alike = {"pact": "P", "region": "R"}
    clients = {
        "A": client(**alike, posture="realigned"),
        "B": client(**alike, posture="hedging"),
        "C": client(**alike),
    }
    return world_of(clients, parameters={"review_rate": 1, "switching_cost": 0.01})


def breaking_world() -> Scenario:
    """Return a world in which every cause of a break is there, and breaks in both directions are frequent."""
    kinds = ("leader_change", "disengagement", "rival_pledge", "coercion")
    names = ("A", "B", "C", "D", "E", "F")
    events = {
        f"{kind} {name}": event(kind, "2020-03", name, intensity=3, **({"rival": "West"} if "pledge" in kind else {}))
        for kind in kinds
        for name in names
    }
    clients = {name: client(posture="distancing" if name < "D" else "loyal") for name in names}
    effects = dict.fromkeys(("break_ruler", "break_coercion", "break_disengagement", "break_pledge"), 0.4)
    constants = {"break_away": 0.1, "break_toward": 0.1, "break_memory": 0.9, "break_toward_ruler": 1.0, **effects}
    return world_of(clients, events, months=36, parameters=constants)


# What each constant is moved to, and where that must show; all others by a tenth in the busy world.
MOVED: dict[str, tuple[float | None, Any]] = {
    "evidence_cap": (1.0, busy_world),
    "successor_noise": (0.1, busy_world),
    "autonomy_price": (0.0, busy_world),
    "anchoring": (0.0, busy_world),
    "contagion": (1.5, leaving_one_by_one),
    # Rates that are small, or asked about seldom, need a larger move to turn a draw.
    "succession_base": (0.05, busy_world),
    "succession_contested": (0.0, busy_world),
    "covert_discovery": (0.3, busy_world),
    "covert_start": (0.05, busy_world),
    "covert_health": (0.0, busy_world),
    "abandonment_share": (0.0, busy_world),
    "complaint_rate": (0.0, busy_world),
    "help_works": (0.3, busy_world),
    "systems_hold": (0.2, busy_world),
    "support_loss": (1.0, busy_world),
    "support_memory": (0.0, busy_world),
    "support_swing": (0.0, busy_world),
    "realignment_cost": (0.0, busy_world),
    "patron_threat_weight": (0.0, busy_world),
    "response_base": (1.0, busy_world),
    "response_attention": (3.0, busy_world),
    "response_clash": (50.0, busy_world),
    "response_trust": (10.0, busy_world),
    "offer_withdrawal": (0.0, busy_world),
    "claim_rate": (0.2, busy_world),
    "criticism_rate": (0.2, busy_world),
    "courting_rate": (0.2, busy_world),
    "coercion_growth": (20.0, busy_world),
    "help_distraction": (1.0, busy_world),
    "crisis_intensity": (1.0, busy_world),
    "break_away": (0.2, breaking_world),
    "break_toward": (0.2, breaking_world),
    "break_memory": (0.0, breaking_world),
    "break_ruler": (0.0, breaking_world),
    "break_coercion": (0.0, breaking_world),
    "break_disengagement": (0.0, breaking_world),
    "break_pledge": (0.0, breaking_world),
    "break_toward_ruler": (0.0, breaking_world),
    "break_to_loyal": (0.0, breaking_world),
    "break_to_hedging": (0.0, breaking_world),
    "break_to_distancing": (0.0, breaking_world),
    "break_to_suspended": (0.0, breaking_world),
    "break_to_realigned": (0.0, breaking_world),
}


@pytest.mark.parametrize("name", list(Parameters.model_fields))
def test_each_constant_moves_something(name: str) -> None:
    value, make = MOVED.get(name, (None, busy_world))
    default = getattr(make().parameters, name).value
    value = default * 0.9 if value is None else value
    assert value != default
    moved = scenarios.change(make(), {f"parameters.{name}": value})
    assert differs(moved, plain(make))


# What each constant does to the utility; its value at zero leaves the term out (known answers in test_choice).


@pytest.mark.parametrize(
    "name",
    [
        "economy_weight",
        "autonomy_price",
        "patron_threat_weight",
        "retaliation_fear",
        "standing_cost",
        "switching_cost",
        "realignment_cost",
    ],
)
def test_without_a_term_of_the_utility_postures_of_the_base_network_differ(name: str) -> None:
    def postures(scenario: Scenario) -> list[list[int]]:
        return [[row[2] for row in finished(scenario, seed=seed).record.clients] for seed in range(3)]

    base = shipped("venezuela_2026" if name == "realignment_cost" else "partners_2020")
    if name == "realignment_cost":
        base = busy_world()
    assert postures(scenarios.change(base, {f"parameters.{name}": 0.0})) != postures(base)


def one_of_each() -> Scenario:
    """Return two clients alike under a war, the first of which gets one signal of each kind, a month each."""
    events = {
        kind: event(kind, f"{2020 + number // 12}-{number % 12 + 1:02d}", "A")
        for number, kind in enumerate(SIGNALS)
        if kind != "war_holds"
    }
    return world_of({"A": client(pact="P"), "B": client(pact="P")}, events, months=len(SIGNALS), burden=0.5)


@pytest.mark.parametrize("kind", SIGNALS)
def test_each_row_of_the_signal_table_moves_beliefs_by_its_weight_and_loading(kind: str) -> None:
    def beliefs(scenario: Scenario) -> list[tuple[float, float]]:
        return [(row[4], row[5]) for row in finished(scenario).record.clients]

    base = one_of_each()
    row = base.signals[kind]
    assert row.loading.value is not None
    assert beliefs(scenarios.change(base, {f"signals.{kind}.weight": 0.0})) != beliefs(base)
    other = 1.0 - row.loading.value if row.loading.value != 0.5 else 0.9
    assert beliefs(scenarios.change(base, {f"signals.{kind}.loading": other})) != beliefs(base)


@pytest.mark.parametrize("kind", [kind for kind in SIGNALS if kind != "war_holds"])
def test_evidence_of_each_row_is_what_the_table_says(kind: str) -> None:
    base = one_of_each()
    row = base.signals[kind]
    assert row.weight.value is not None
    assert row.loading.value is not None
    loading = row.loading.value
    size = 2.0 * row.weight.value * (1.0 - 0.35 * 0.5 if row.excusable else 1.0)
    (found,) = [signal for signal in finished(base).record.signals if signal[2] == kind]
    on = {
        "good": (size * loading, 0.0, size * (1 - loading), 0.0),
        "bad": (0.0, size * loading, 0.0, size * (1 - loading)),
    }
    assert found[4] == row.news
    assert found[6:10] == pytest.approx(on[row.news], rel=1e-14)


def test_the_signal_table_is_that_of_the_design() -> None:
    """Weight, loading and valence of each row: a slip in the file is a slip in every result."""
    table = {
        name: (row.weight.value, row.loading.value, row.news, row.excusable)
        for name, row in shipped("partners_2020").signals.items()
    }
    assert table == {
        "air_defence_failed": (1, 0.9, "bad", False),
        "air_defence_held": (1, 0.9, "good", False),
        "support_missing": (0.5, 0.5, "bad", True),
        "support_delivered": (0.5, 0.5, "good", False),
        "intelligence_failed": (0.7, 0.8, "bad", False),
        "cyber_failed": (0.5, 0.8, "bad", False),
        "abandoned": (1, 0.3, "bad", True),
        "words_only": (0.5, 0.4, "bad", False),
        "weak_response": (0.5, 0.4, "bad", False),
        "criticism": (0.5, 0.0, "bad", False),
        "courts_adversary": (0.5, 0.0, "bad", False),
        "claim": (0.3, 0.0, "bad", False),
        "coercion": (0.3, 0.0, "bad", False),
        "sanctions": (0.3, 0.0, "bad", False),
        "leader_fell": (1, 0.5, "bad", False),
        "personnel_killed": (0.5, 0.5, "bad", False),
        "intervened": (1, 0.5, "good", False),
        "arms_or_aid": (0.5, 0.5, "good", False),
        "treaty_signed": (0.4, 0.2, "good", False),
        "help_failed": (1, 0.9, "bad", False),
        "help_tried": (0.5, 0.0, "good", False),
        "war_holds": (0.01, 1.0, "bad", False),
    }


@pytest.mark.parametrize(
    ("kind", "flag"),
    [
        ("abandoned", "excusable"),
        ("support_missing", "excusable"),
        ("claim", "patron_threat"),
        ("coercion", "patron_threat"),
        ("sanctions", "patron_threat"),
        ("abandoned", "witnessed"),
        ("intervened", "witnessed"),
    ],
)
def test_each_mark_of_the_signal_table_changes_something(kind: str, flag: str) -> None:
    base = one_of_each()
    flipped = scenarios.change(base, {f"signals.{kind}.{flag}": not getattr(base.signals[kind], flag)})
    assert differs(flipped, everything(finished(base)))


@pytest.mark.parametrize(
    "kind", ["abandoned", "words_only", "weak_response", "intervened", "arms_or_aid", "help_failed", "help_tried"]
)
def test_a_signal_not_marked_as_a_response_answers_nothing(kind: str) -> None:
    events = {"raid": event("attack", "2020-02", "A", intensity=3), "answer": event(kind, "2020-02", "A")}
    base = world_of({"A": client()}, events)
    flipped = scenarios.change(base, {f"signals.{kind}.response": False})
    causes = [[row[3] for row in finished(scenario).record.signals] for scenario in (base, flipped)]
    assert causes == [["answer"], ["answer", "no response to raid"]]


# Rules: each replaced by one that does nothing.

NOTHING: dict[str, Any] = {
    "forget": lambda count, _prior, _forgetting: count,
    "belief_mean": lambda _good, _bad: 0.5,
    "protection": lambda _capability, _resolve: 0.5,
    "evidence_size": lambda _scale, _weight, _intensity: 0.0,
    "excused_weight": lambda weight, _excuse, _burden: weight,
    "hard_times_loading": lambda loading, _shift, _burden: loading,
    "cap_factor": lambda _total, _cap: 1.0,
    "witness_share": lambda _weight, _similarity: 0.0,
    "inherit": lambda count, _old, _new, _continuity: count,
    "fade": lambda level, _memory: level,
    "impulse": lambda _size, _intensity: 0.0,
    "invasion_impulse": lambda _size, _exposure: 0.0,
    "adversary_threat": lambda base, _level: base,
    "patron_threat": lambda _level: 0.0,
    "offered_protection": lambda _base, _offers, _share, _lock_in, _commitment: 0.0,
    "offered_economy": lambda _base, _offers, _lock_in, _commitment: 0.0,
    "option_value": lambda _threat, _protection, _weight, economy: economy,
    "offer_hazard": lambda _rate, _commitment, _openness: 0.0,
    "is_rejected": lambda _before, _after: False,
    "commitment": lambda _posture, _rungs: 0.5,
    "last_posture": lambda _posture, _sub_state: 4,
    "retaliation_fear": lambda _weight, _exposure, _capability, _burden, _distraction: 0.0,
    "anchor": lambda *_: 0.0,
    "utility": lambda *_: 0.0,
    "patron_attraction": lambda _pull, _threat, _standing: 0.0,
    "supply_shortfall": lambda _weight, _burden: 0.0,
    "tie_weight": lambda base, _change, _noise: base,
    "next_tie": lambda share, _target, _rate: share,
    "lasting_memory": lambda memory, _lasting: memory,
    "logit_weight": lambda _utility, _best, _noise: 1.0,
    "break_hazard": lambda _baseline, _stocks, _effects: 0.0,
    "break_weight": lambda target, _posture, _rungs: float(target in (0, 4)),
    "attention_weight": lambda _focus, _value: 1.0,
    "war_value": lambda _attention, _burden: 0.0,
    "help_probability": lambda *_: 0.0,
    "help_works_probability": lambda _base, _budget, _burden, _distraction: 0.0,
    "systems_hold_probability": lambda _base, _loss, _missing: 1.0,
    "crisis_hazard": lambda _rate, _threat: 0.0,
    "crisis_intensity": lambda _luck, _largest: 1.0,
    "coercion_hazard": lambda _rate, _exposure, _posture, _growth: 0.0,
    "claim_hazard": lambda _rate, _border, _burden: 0.0,
    "criticism_hazard": lambda _rate, _track, _clash: 0.0,
    "courting_hazard": lambda _rate, _worth: 0.0,
    "support_lapse_hazard": lambda _rate, _burden: 0.0,
    "support_delivery_hazard": lambda _rate, _budget, _attention, _even: 0.0,
    "covert_chance": lambda _base, _weight, _reports: 0.0,
    "succession_hazard": lambda _base, _weight, _reports: 0.0,
    "budget": lambda _income, _lost, _feedback, _loss: 1.0,
    "burden": lambda war, _lost, _feedback: war,
    "next_income": lambda income, _persistence, _noise, _shock: income,
}


@pytest.mark.parametrize("name", list(NOTHING))
def test_each_rule_changes_what_happens(name: str) -> None:
    make = breaking_world if name == "break_weight" else busy_world
    assert differs(make(), plain(make), rules=replace(Rules(), **{name: NOTHING[name]}))


def test_no_rule_is_left_out() -> None:
    assert set(NOTHING) == set(vars(Rules()))


@pytest.mark.parametrize("order", ["asks_for_help", "complain", "suffer_attack", "feel_invasion", "hear_offer"])
def test_each_decision_and_reaction_of_a_client_matters(order: str, monkeypatch: pytest.MonkeyPatch) -> None:
    expected = plain(busy_world)
    monkeypatch.setattr(f"papertiger.model.agents.client.Client.{order}", lambda *_: False)
    assert differs(busy_world(), expected)


@pytest.mark.parametrize(
    "decision",
    [
        "Rival.court",
        "Rival.answer_rejection",
        "Adversary.press",
        "Patron.answer",
        "Patron.deal_with",
        "Patron.take_stock",
    ],
)
def test_each_decision_of_patron_rivals_and_adversaries_matters(
    decision: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    expected = plain(busy_world)
    monkeypatch.setattr(
        f"papertiger.model.agents.{decision.partition(chr(46))[0].lower()}.{decision}", lambda *_: None
    )
    assert differs(busy_world(), expected)


@pytest.mark.parametrize(("name", "share"), [("budget_feedback", "budget"), ("burden_feedback", "burden")])
def test_each_constant_of_the_feedback_moves_the_base_network(name: str, share: str) -> None:
    place = {"budget": 1, "burden": 2}[share]
    base = shipped("partners_2020")
    cut = scenarios.change(base, {f"parameters.{name}": 0.0})
    rows = [[row[place] for row in finished(one, seed=2).record.patron] for one in (base, cut)]
    assert rows[0] != rows[1]
