"""The month: who is touched by what, when, and who is not."""

from __future__ import annotations

import pickle
from typing import Any

import pytest

from papertiger.model.agents.simulate import simulate
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
