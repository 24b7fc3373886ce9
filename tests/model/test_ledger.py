"""The ledger: the parts sum to the change, exactly, for anybody, between any two months."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from papertiger import scenarios
from papertiger.model.agents.simulate import simulate
from papertiger.model.ledger import Share
from papertiger.model.run import Run, strongest_cause
from papertiger.scenarios import Scenario
from tests.model.busy import busy_world
from tests.model.worlds import client, event, shipped, world_of
from tests.tables import cell

BELIEFS = ("capability", "resolve", "protection")
EXACT = 1e-12
RUNNABLE = scenarios.names()


def assert_parts_sum(run: Run, every: int = 1) -> None:
    """Assert that each client's parts sum to the distance from its first prior, every so many months."""
    rows = {(row.month, row.client): row for row in run.clients.itertuples()}
    months = list(run.setting.months)
    chosen = sorted({*range(0, len(months), every), len(months) - 1})
    for index in chosen:
        for setting in run.setting.clients:
            row = rows[months[index], setting.name]
            outlook = setting.outlook
            prior = (
                outlook.prior_capability,
                outlook.prior_resolve,
                outlook.prior_capability * outlook.prior_resolve,
            )
            parts = run.shares(setting.name, months[index]).values()
            for belief, first in zip(BELIEFS, prior, strict=True):
                change = getattr(row, belief) - first
                assert abs(total(parts, belief) - change) < EXACT, (setting.name, months[index], belief)


def total(parts: Iterable[Share], belief: str) -> float:
    return math.fsum(getattr(part, belief) for part in parts)


@pytest.mark.parametrize("name", RUNNABLE)
def test_parts_sum_to_the_change_in_every_shipped_scenario(name: str) -> None:
    assert_parts_sum(simulate(shipped(name)), every=24)


@pytest.mark.slow
@pytest.mark.parametrize("name", RUNNABLE)
def test_parts_sum_to_the_change_in_every_month_of_every_shipped_scenario(name: str) -> None:
    assert_parts_sum(simulate(shipped(name)))


def test_parts_sum_to_the_change_when_everything_happens() -> None:
    run = simulate(busy_world())
    assert run.clients["regime"].max() >= 1
    assert_parts_sum(run, every=3)


@st.composite
def small_scenarios(draw: st.DrawFn) -> Scenario:
    names = ["A", "B", "C"]
    clients = {
        name: client(
            pact=draw(st.sampled_from(["P", None])),
            region=draw(st.sampled_from(["R", None])),
            prior_resolve=draw(st.floats(0.05, 0.95)),
            enters=draw(st.sampled_from([None, "2020-04"])),
            leaves=draw(st.sampled_from([None, None, "2020-07"])),
        )
        for name in names
    }
    kinds = ("abandoned", "intervened", "claim", "attack", "air_defence_held", "regime_loss", "words_only")
    events: dict[str, dict[str, Any]] = {}
    for number in range(draw(st.integers(0, 8))):
        kind = draw(st.sampled_from(kinds))
        fields: dict[str, Any] = {"intensity": draw(st.integers(1, 3))}
        if kind == "regime_loss":
            fields["successor"] = {
                "continuity": draw(st.sampled_from([0, 0.5, 1])),
                "prior_capability": draw(st.floats(0.05, 0.95)),
            }
        date = f"2020-{draw(st.integers(1, 10)):02d}"
        events[f"{kind} {number}"] = event(kind, date, draw(st.sampled_from(names)), **fields)
    return world_of(
        clients,
        events,
        months=10,
        burden=draw(st.sampled_from([0.0, 0.9])),
        mode=draw(st.sampled_from(["replay", "replay", "generative"])),
        parameters={
            "forgetting": draw(st.sampled_from([0.0, 0.5, 0.98, 1.0])),
            "witness_weight": draw(st.sampled_from([-1.0, 0.0, 0.5])),
            "bad_news_weight": draw(st.sampled_from([0.0, 1.8, 100.0])),
            "prior_strength": draw(st.sampled_from([1e-299, 1.0, 10.0])),
            "evidence_scale": draw(st.sampled_from([2.0, 100.0])),
        },
    )


@settings(max_examples=40)
@given(scenario=small_scenarios(), first=st.integers(0, 9), last=st.integers(0, 9))
def test_parts_sum_to_the_change_in_made_up_scenarios(scenario: Scenario, first: int, last: int) -> None:
    run = simulate(scenario)
    assert_parts_sum(run)
    months, rows = run.setting.months, run.clients.set_index(["month", "client"])
    start, end = months[min(first, last)], months[max(first, last)]
    for name in scenario.clients:
        why = run.why(name, start, end)
        for belief in BELIEFS:
            change = cell(rows, (end, name), belief) - cell(rows, (start, name), belief)
            assert abs(math.fsum(why[belief]) - change) < EXACT


@pytest.mark.parametrize("continuity", [0.0, 0.5, 1.0])
def test_parts_sum_across_a_regime_loss(continuity: float) -> None:
    events = {
        "early": event("abandoned", "2020-02", "A", intensity=3),
        "same month": event("leader_fell", "2020-05", "A"),
        "fall": event("regime_loss", "2020-05", "A", successor={"continuity": continuity, "prior_resolve": 0.3}),
        "late": event("intervened", "2020-07", "A"),
    }
    run = simulate(world_of({"A": client()}, events))
    assert_parts_sum(run)
    why = run.why("A", "2020-04", "2020-08").set_index("cause")
    assert why.loc["succession", "resolve"] == pytest.approx(0.3 - 0.7)
    assert why.loc["succession", "capability"] == 0.0
    assert bool(why.loc["same month", "resolve"] != 0.0) is (continuity > 0.0)
    held = run.shares("A", "2020-05")
    assert (held["early", "own"].resolve != 0.0) is (continuity > 0.0)


def test_an_unchanged_prior_leaves_no_row_for_the_succession() -> None:
    events = {"fall": event("regime_loss", "2020-05", "A", successor={"threat": 0.1})}
    assert simulate(world_of({"A": client()}, events)).shares("A") == {}


def test_the_parts_of_one_cause_against_hand_computed_values() -> None:
    run = simulate(world_of({"A": client()}, {"one": event("abandoned", "2020-01", "A")}), months=1)
    (row,) = run.why("A").itertuples(index=False)
    bad_c, bad_w = 1.8 * 2.0 * 0.3, 1.8 * 2.0 * 0.7
    capability, resolve = -0.7 * bad_c / (10 + bad_c), -0.7 * bad_w / (10 + bad_w)
    assert row == (
        "one",
        "own",
        pytest.approx(capability, rel=1e-13),
        pytest.approx(resolve, rel=1e-13),
        pytest.approx((0.7 + capability) * (0.7 + resolve) - 0.49, rel=1e-12),
    )


def test_causes_are_named_and_sorted_by_their_part_of_protection() -> None:
    events = {
        "raid": event("attack", "2020-02", "A"),
        "refusal": event("abandoned", "2020-06", "B", intensity=1),
        "help": event("intervened", "2020-06", "A", intensity=3),
    }
    run = simulate(world_of({"A": client(pact="P"), "B": client(pact="P")}, events, burden=0.5))
    why = run.why("A")
    assert {(row.cause, row.channel) for row in why.itertuples()} == {
        ("no response to raid", "own"),
        ("refusal", "witnessed"),
        ("help", "own"),
        ("war", "war"),
    }
    sizes = why["protection"].abs().tolist()
    assert sizes == sorted(sizes, reverse=True)
    assert strongest_cause(run, "A") == why["cause"][0]


def test_nothing_happened_means_no_cause() -> None:
    run = simulate(world_of({"A": client()}))
    assert run.why("A").empty
    assert strongest_cause(run, "A") == ""


@pytest.mark.parametrize(("name", "month"), [("Nobody", None), ("A", "1999-01"), ("A", "2021-01")])
def test_an_unknown_client_or_month_is_a_key_error(name: str, month: str | None) -> None:
    with pytest.raises(ValueError, match=r"no (client|month)"):
        simulate(world_of({"A": client()})).shares(name, month)


def test_the_ledger_table_holds_what_entered_the_counts() -> None:
    events = {
        "one": event("abandoned", "2020-02", "A"),
        "fall": event("regime_loss", "2020-03", "A", successor={"prior_resolve": 0.3}),
    }
    rows = list(simulate(world_of({"A": client()}, events)).ledger.itertuples(index=False, name=None))
    assert rows == [
        ("2020-02", "A", "one", "own", "capability", 0.0, 1.8 * (2.0 * 0.3)),
        ("2020-02", "A", "one", "own", "resolve", 0.0, 1.8 * (2.0 * 0.7)),
        ("2020-03", "A", "succession", "succession", "capability", 0.7, 1.0 - 0.7),
        ("2020-03", "A", "succession", "succession", "resolve", 0.3, 1.0 - 0.3),
    ]
