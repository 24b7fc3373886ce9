"""Placebos are wrong in one respect and right in all others."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable

import numpy as np
import pytest

from papertiger import scenarios
from papertiger.experiments.history.evaluate import placebo
from papertiger.model.calendar import month_number
from papertiger.model.template import build_setting
from papertiger.scenarios import Scenario
from papertiger.scenarios.schema.events import NOT_INPUTS

LAST = "2023-12"


@pytest.fixture(scope="module")
def world() -> Scenario:
    return scenarios.load("partners_2020")


def inputs(scenario: Scenario) -> dict[str, tuple[str | None, str, str]]:
    """Return (client, kind, month) of each event that enters the model."""
    return {
        name: (event.client, event.kind, event.date[:7])
        for name, event in scenario.events.items()
        if event.kind not in NOT_INPUTS
    }


@pytest.mark.parametrize("anywhere", [False, True])
def test_the_same_things_happen_to_the_same_clients_at_other_times(world: Scenario, anywhere: bool) -> None:
    other = placebo.permute_dates(world, 1, LAST, anywhere=anywhere)
    before, after = inputs(world), inputs(other)
    assert list(before) == list(after)
    assert [entry[:2] for entry in before.values()] == [entry[:2] for entry in after.values()]
    moved = {name for name in before if before[name] != after[name]}
    assert len(moved) > 20
    assert all(max(before[name][2], after[name][2]) <= LAST for name in moved)
    assert all(entry[2] >= (world.clients[entry[0]].enters or "") for entry in after.values() if entry[0])
    for field in Scenario.model_fields:
        assert field == "events" or getattr(world, field) == getattr(other, field)
    changed = {name for name in world.events if world.events[name] != other.events[name]}
    assert all(world.events[name].kind not in NOT_INPUTS for name in changed)
    build_setting(other, seed=1)


def test_exchanged_dates_keep_the_density_of_a_clients_record(world: Scenario) -> None:
    other = placebo.permute_dates(world, 1, LAST)
    singles = {"Kazakhstan", "Belarus", "Cuba", "Mali"}  # no attack, so each month is an episode of its own
    for client in singles:
        months = [
            Counter({entry[2] for entry in inputs(one).values() if entry[0] == client}) for one in (world, other)
        ]
        assert months[0] == months[1]


@pytest.mark.parametrize("anywhere", [False, True])
@pytest.mark.parametrize("last", [LAST, "2025-12"])
def test_an_attack_keeps_its_answer(world: Scenario, anywhere: bool, last: str) -> None:
    other = placebo.permute_dates(world, 3, last, anywhere=anywhere)
    before, after = inputs(world), inputs(other)
    for name, (client, kind, month) in before.items():
        if kind != "attack":
            continue
        for answer, (whose, _, when) in before.items():
            gap = month_number(when) - month_number(month)
            if whose == client and gap in (0, 1):
                now = month_number(after[answer][2]) - month_number(after[name][2])
                assert now in (0, 1)


def test_a_regime_loss_and_what_came_after_it_stay(world: Scenario) -> None:
    other = placebo.permute_dates(world, 1, "2026-12", anywhere=True)
    before, after = inputs(world), inputs(other)
    for name, (client, _, month) in before.items():
        if client in ("Syria", "Venezuela") and month >= {"Syria": "2024-11", "Venezuela": "2025-12"}[client]:
            assert after[name] == before[name]
    assert all(
        after[name][2] < "2024-12" for name in before if before[name][2] < "2024-11" and before[name][0] == "Syria"
    )
    assert other.events["war_2022_02_full_scale_invasion"] == world.events["war_2022_02_full_scale_invasion"]


@pytest.mark.parametrize("seed", range(4))
def test_a_shifted_record_goes_round_and_moves_a_lone_event(world: Scenario, seed: int) -> None:
    other = placebo.shift_records(world, seed, LAST)
    before, after = inputs(world), inputs(other)
    assert [entry[:2] for entry in before.values()] == [entry[:2] for entry in after.values()]
    first, length = month_number(world.span.start), month_number(LAST) - month_number(world.span.start) + 1
    early = [name for name, (client, _, month) in before.items() if client == "Kazakhstan" and month <= LAST]
    lags = {(month_number(after[name][2]) - month_number(before[name][2])) % length for name in early}
    assert len(lags) == 1  # no attack among them, so each month is an episode, and all go the same way
    assert lags != {0}
    assert all(first <= month_number(after[name][2]) < first + length for name in early)
    lone = [name for name, entry in before.items() if entry[0] == "Kyrgyzstan" and entry[2] <= LAST]
    assert lone
    assert all(after[name] != before[name] for name in lone)
    for client, kind, month in before.values():
        if kind == "attack":
            answers = [one for one in before if before[one][0] == client and before[one][2] == month]
            assert len({after[one][2] for one in answers}) == 1


def test_rewiring_keeps_the_shape_of_the_graph_and_nothing_else_changes(world: Scenario) -> None:
    other = placebo.rewire_witnesses(world, 2)
    before, after = build_setting(world, seed=1), build_setting(other, seed=1)
    assert before.similarity != after.similarity
    spectra = [np.linalg.eigvalsh(np.asarray(one.similarity)) for one in (before, after)]
    assert spectra[0] == pytest.approx(spectra[1])
    assert [one.outlook for one in before.clients] == [one.outlook for one in after.clients]
    assert before.events == after.events
    assert other.events == world.events


def test_clients_exchange_what_happens_to_them(world: Scenario) -> None:
    other = placebo.permute_clients(world, 4)
    before, after = inputs(world), inputs(other)
    assert [entry[1:] for entry in before.values()] == [entry[1:] for entry in after.values()]
    pairs = {(before[name][0], after[name][0]) for name in before}
    assert len(pairs) == len({one for one, _ in pairs}) == len({one for _, one in pairs})  # a permutation
    assert sum(one != two for one, two in pairs) >= 5
    stay = {"Syria", "Venezuela", "Chechnya", "Mali", "Niger", "Burkina Faso", None}
    assert all(one == two for one, two in pairs if one in stay)
    assert other.clients == world.clients
    build_setting(other, seed=1)


def test_a_seed_is_a_world_and_nothing_given_is_changed(world: Scenario) -> None:
    untouched = world.model_dump_json()
    makers: tuple[Callable[[int], Scenario], ...] = (
        lambda seed: placebo.permute_dates(world, seed, LAST),
        lambda seed: placebo.permute_dates(world, seed, LAST, anywhere=True),
        lambda seed: placebo.rewire_witnesses(world, seed),
        lambda seed: placebo.permute_clients(world, seed),
    )
    for make in makers:
        assert make(1) == make(1)
        assert make(1) != make(2)
    assert world.model_dump_json() == untouched
