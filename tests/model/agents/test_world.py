"""The month: who is touched by what, when, and who is not."""

from __future__ import annotations

import math
import pickle
from typing import Any

import pytest

from papertiger.model.agents.simulate import simulate
from papertiger.model.agents.world import World
from papertiger.scenarios import Scenario
from tests.model.busy import busy_world
from tests.model.worlds import (
    COLUMN,
    before,
    changed,
    client,
    column,
    event,
    everything,
    finished,
    shipped,
    with_events,
    world_of,
)

ALIKE = {"A": client(pact="P"), "B": client(pact="P"), "C": client(region="R")}
STILL = {"review_rate": 0}

# Identical until the intervention

ADDED: dict[str, dict[str, Any]] = {
    "attack": event("attack", "2023-05", "Armenia", adversary="Azerbaijan", intensity=3),
    "offer": event("offer", "2023-05", "Uzbekistan", rival="China", intensity=3),
    "offer_withdrawn": event("offer_withdrawn", "2023-06", "Kazakhstan", rival="China", intensity=3),
    "invasion": event("invasion", "2023-05"),
    "regime_loss": event("regime_loss", "2023-05", "Iran", successor={"prior_resolve": 0.1}),
    "leader_health": event("leader_health", "2023-05", "Chechnya", intensity=3),
    **{
        kind: event(kind, "2023-05", "Serbia", intensity=3)
        for kind in ("abandoned", "intervened", "claim", "support_missing", "air_defence_failed", "criticism")
    },
}


@pytest.mark.parametrize("kind", list(ADDED))
def test_scenarios_that_differ_in_one_event_are_identical_until_then(kind: str) -> None:
    base = shipped("partners_2020")
    world, base_world = finished(with_events(base, {"added": ADDED[kind]})), finished(base)
    month = world.setting.months.index(ADDED[kind]["date"])
    assert before(world, month) == before(base_world, month)
    assert everything(world) != everything(base_world)


def test_generative_scenarios_that_differ_in_one_event_are_identical_until_then() -> None:
    base = shipped("partners_generative")
    added = ADDED["attack"] | {"always": True}
    world, base_world = finished(with_events(base, {"added": added})), finished(base)
    month = world.setting.months.index("2023-05")
    assert before(world, month) == before(base_world, month)
    assert everything(world) != everything(base_world)


# Who is not touched


def test_renaming_every_state_changes_no_number() -> None:
    base = shipped("partners_2020")
    data = base.model_dump(exclude_none=True)
    new = {name: f"State {number:02d}" for number, name in enumerate(data["clients"])}
    power = {name: f"Power {number}" for number, name in enumerate(data["rivals"])}
    foe = {name: f"Foe {number}" for number, name in enumerate(data["adversaries"])}
    data["patron"] |= {
        "name": "Protector",
        "draws_as": base.patron.name,
        "main_rival": power[data["patron"]["main_rival"]],
    }
    data["clients"] = {new[name]: one | {"draws_as": name} for name, one in data["clients"].items()}
    data["rivals"] = {power[name]: one | {"draws_as": name} for name, one in data["rivals"].items()}
    data["adversaries"] = {foe[name]: one for name, one in data["adversaries"].items()}
    for one in [*data["clients"].values(), *(e["successor"] for e in data["events"].values() if "successor" in e)]:
        one["options"] = {power[name]: option for name, option in one.get("options", {}).items()}
    for one in data["clients"].values():
        if "adversary" in one:
            one["adversary"] = foe[one["adversary"]]
    for key, names in (("client", new), ("rival", power), ("adversary", foe)):
        for one in data["events"].values():
            if one.get(key) in names:
                one[key] = names[one[key]]
    for mode in ("replay", "generative"):
        old_world = finished(changed(base, mode=mode))
        new_world = finished(Scenario.model_validate(data | {"mode": mode}))
        assert new_world.record.patron == old_world.record.patron
        for old_row, new_row in zip(old_world.record.clients, new_world.record.clients, strict=True):
            expected = list(old_row)
            expected[1] = new[old_row[1]]
            for place in (COLUMN["best_rival"], COLUMN["destination"]):
                expected[place] = power.get(old_row[place], "")
            assert list(new_row) == expected


def test_a_renamed_client_keeps_its_drawn_figures() -> None:
    spread = {"prior": {"uniform": (0.0, 1.0)}}
    old = world_of({"A": client(threat=spread, options={"West": {"economy": spread, "proximity": 0.5}})})
    new = world_of(
        {"Z": client(draws_as="A", threat=spread, options={"West": {"economy": spread, "proximity": 0.5}})}
    )
    for one, other in zip(finished(old).record.clients, finished(new).record.clients, strict=True):
        assert one[2:] == other[2:]


def test_outcomes_and_background_change_nothing_but_the_list_of_events() -> None:
    base = shipped("partners_2020")
    dropped = [name for name, one in base.events.items() if one.kind in ("outcome", "background")]
    assert len(dropped) > 50
    bare = with_events(base, dict.fromkeys(dropped))
    assert everything(finished(bare)) == everything(finished(base))


def test_a_client_that_has_not_entered_is_untouched() -> None:
    events = {
        "hit": event("abandoned", "2020-03", "B"),
        "own": event("abandoned", "2020-04", "A", intensity=3),
        "raid": event("attack", "2020-04", "A", intensity=3),
        "bid": event("offer", "2020-04", "A", rival="West", intensity=3),
        "claim": event("claim", "2020-04", "A", intensity=3),
        "invasion": event("invasion", "2020-04"),
        "fall": event("regime_loss", "2020-04", "A", successor={"prior_resolve": 0.1}),
    }
    late = {"A": client(pact="P", enters="2020-08"), "B": client(pact="P")}
    world = finished(world_of(late, events, burden=0.5, parameters={"review_rate": 1}))
    outside, inside = range(7), range(7, 12)
    assert column(world, "A", "in_network") == [False] * 7 + [True] * 5
    first = {name: column(world, "A", name)[0] for name in ("capability", "resolve", "threat", "patron_threat")}
    for name, value in first.items():
        assert {column(world, "A", name)[month] for month in outside} == {value}
    assert first["resolve"] == pytest.approx(0.7)
    assert first["patron_threat"] == 0.0
    assert {column(world, "A", "attention")[month] for month in outside} == {0.0}
    assert not any(column(world, "A", "reviewed")[month] for month in outside)
    assert all(column(world, "A", "reviewed")[month] for month in inside)
    assert set(column(world, "A", "regime")) == {0}
    assert column(world, "A", "capability")[7] < first["capability"], "the war is felt from then on"


def test_nobody_learns_from_a_client_that_has_not_entered() -> None:
    events = {"own": event("abandoned", "2020-04", "A", intensity=3)}
    late = {"A": client(pact="P", enters="2020-08"), "B": client(pact="P")}
    assert set(column(finished(world_of(late, events)), "B", "resolve")) == {0.7}


@pytest.mark.parametrize("name", ["partners_2020", "partners_generative"])
def test_removing_a_client_moves_nobody_elses_luck(name: str) -> None:
    """Without witnesses, feedback and shared attention nobody can notice that a client is not there."""
    alone = {
        "witness_weight": 0,
        "budget_feedback": 0,
        "burden_feedback": 0,
        "response_attention": 0,
        "support_delivery": 0,
        "succession_cost": 0,
    }
    base = changed(shipped(name), **alone)
    data = base.model_dump(exclude_none=True)
    del data["clients"]["Armenia"]
    data["events"] = {key: one for key, one in data["events"].items() if one.get("client") != "Armenia"}
    without = finished(Scenario.model_validate(data))
    shared = COLUMN["attention"]
    kept = [row for row in finished(base).record.clients if row[1] != "Armenia"]
    assert [row[:shared] + row[shared + 1 :] for row in without.record.clients] == [
        row[:shared] + row[shared + 1 :] for row in kept
    ]


@pytest.mark.parametrize("name", ["partners_2020", "partners_generative"])
def test_the_order_of_clients_in_the_file_does_not_matter(name: str) -> None:
    data = changed(shipped(name), contagion=0.5, witness_weight=0.6).model_dump(exclude_none=True)
    backwards = data | {"clients": dict(reversed(data["clients"].items()))}
    one, other = (finished(Scenario.model_validate(each)) for each in (data, backwards))
    for client_name in data["clients"]:
        for what in COLUMN:
            for left, right in zip(column(one, client_name, what), column(other, client_name, what), strict=True):
                if isinstance(left, float):
                    assert left == pytest.approx(right, rel=1e-11, abs=1e-12), what
                else:
                    assert left == right, what


def test_witnesses_learn_at_the_same_time() -> None:
    """What a witness takes comes from the signals themselves, never from another witness's belief."""
    chain = {
        "A": client(pact="P"),
        "B": client(pact="P", region="R"),
        "C": client(region="R"),
    }
    world = finished(world_of(chain, {"one": event("abandoned", "2020-02", "A")}))
    assert column(world, "B", "resolve")[1] < 0.7
    assert set(column(world, "C", "resolve")) == {0.7}


# Repeatable luck


@pytest.mark.parametrize("name", ["partners_2020", "partners_generative", "chechnya_succession"])
def test_the_same_seed_gives_the_same_bytes(name: str) -> None:
    one, other = (pickle.dumps(everything(finished(name, seed=7))) for _ in range(2))
    assert one == other


def test_seeds_and_runs_differ() -> None:
    scenario = shipped("partners_generative")
    first = everything(finished(scenario, seed=1))
    assert everything(finished(scenario, seed=2)) != first
    assert everything(finished(scenario, seed=1, run=1)) != first


def test_a_run_cut_short_is_the_start_of_the_whole_run() -> None:
    short, whole = (simulate(shipped("partners_2020"), months=months) for months in (20, None))
    assert short.clients.equals(whole.clients[: len(short.clients)])
    assert len(short.patron) == 20


def test_a_longer_span_changes_nothing_before() -> None:
    scenario = busy_world()
    longer = changed(scenario, **{"span.end": "2028-12"})
    assert (
        finished(longer).record.clients[: len(finished(scenario).record.clients)] == finished(scenario).record.clients
    )


def test_progress_is_told_each_month() -> None:
    told: list[tuple[int, int]] = []
    simulate(world_of(ALIKE, months=3), progress=lambda done, total: told.append((done, total)))
    assert told == [(1, 3), (2, 3), (3, 3)]


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
    base, turned = shipped("partners_2020"), shipped("partners_forecast")
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
    silence = dict.fromkeys(
        (
            "crisis_hazard",
            "coercion_rate",
            "claim_rate",
            "criticism_rate",
            "courting_rate",
            "support_lapse",
            "support_delivery",
            "offer_rate",
        ),
        0.0,
    )
    certain = {"clash": 1.0, "worth": 1.0}
    scenario = world_of(
        {"A": client(**{"adversary": "Foe"} | fields)},
        months=12,
        burden=1.0,
        mode="generative",
        adversaries={"Foe": certain},
        parameters=silence | constants | {"switching_cost": 100, "attention_focus": 0},
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
