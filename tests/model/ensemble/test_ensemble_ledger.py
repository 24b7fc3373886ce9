"""Why, over many runs: the ledger's rows of one run, and each cause's part as a mean."""

from __future__ import annotations

from collections import defaultdict

import numpy as np
import pytest
from hypothesis import given, settings

from papertiger.model.agents.simulate import simulate
from papertiger.model.agents.world import World
from papertiger.model.ensemble.checkpoint import checkpoint
from papertiger.model.ensemble.ensemble import Ensemble, ensemble
from papertiger.model.ensemble.tables import GENERATED
from papertiger.model.ledger import Key
from papertiger.model.rules.rules import Rules
from papertiger.model.run import Run
from papertiger.scenarios import Scenario
from tests.model.busy import busy_world
from tests.model.ensemble.worlds import made_up_worlds
from tests.model.worlds import client, event, shipped, world_of
from tests.tables import rows_of

pytestmark = pytest.mark.filterwarnings("ignore:Generating overly large repr")


def grouped(cause: str) -> str:
    """Return the kind of a made cause, or the cause."""
    return next((kind for kind in GENERATED if cause.startswith(f"{kind} ")), cause)


def mean_of_worlds(scenario: Scenario, name: str, runs: int, seed: int = 1) -> dict[Key, np.ndarray]:
    """Return each cause's part as the mean of the reference model's runs."""
    found: dict[Key, np.ndarray] = defaultdict(lambda: np.zeros(3))
    for run in range(runs):
        for (cause, channel), share in simulate(scenario, seed, run).shares(name).items():
            found[grouped(cause), channel] += np.array([share.capability, share.resolve, share.protection]) / runs
    return found


def mean_of_ensemble(found: Ensemble, name: str) -> dict[Key, np.ndarray]:
    table = found.why(name)
    assert list(table.columns) == ["cause", "channel", "capability", "resolve", "protection"]
    return {(row.cause, row.channel): np.array(row[3:], dtype=float) for row in rows_of(table)}


def assert_same_means(expected: dict[Key, np.ndarray], got: dict[Key, np.ndarray]) -> None:
    for key in {*expected, *got}:
        zero = np.zeros(3)
        assert got.get(key, zero) == pytest.approx(expected.get(key, zero), abs=1e-10), key


@pytest.mark.parametrize("name", ["Guarded", "Within", "Fallen", "Late"])
def test_the_mean_of_shares_is_that_of_the_reference_model(name: str) -> None:
    found = ensemble(busy_world(), 8, keep="ledger", threads=2, chunk=3)
    assert_same_means(mean_of_worlds(busy_world(), name, 8), mean_of_ensemble(found, name))


def test_the_mean_of_shares_of_a_shipped_replay_is_that_of_the_reference_model() -> None:
    scenario = shipped("venezuela_2026")
    found = ensemble(scenario, 3, keep="ledger")
    for name in list(scenario.clients)[:4]:
        assert_same_means(mean_of_worlds(scenario, name, 3), mean_of_ensemble(found, name))


@settings(settings.get_profile("ensemble"), max_examples=15)
@given(made_up_worlds())
def test_the_mean_of_shares_agrees_on_made_up_worlds(scenario: Scenario) -> None:
    found = ensemble(scenario, 2, keep="ledger")
    for name in scenario.clients:
        assert_same_means(mean_of_worlds(scenario, name, 2), mean_of_ensemble(found, name))


def test_shares_sum_to_the_mean_change_and_the_largest_comes_first() -> None:
    found = ensemble(busy_world(), 50, keep=("ledger", "beliefs"))
    beliefs = found.path("beliefs")[:, -1]
    for index, name in enumerate(found.clients):
        table = found.why(name)
        good_c, bad_c, good_w, bad_w = (beliefs[:, index, part] for part in range(4))
        capability, resolve = good_c / (good_c + bad_c), good_w / (good_w + bad_w)
        outlook = found.setting.clients[index].outlook
        assert table["capability"].sum() == pytest.approx(capability.mean() - outlook.prior_capability, abs=1e-9)
        assert table["resolve"].sum() == pytest.approx(resolve.mean() - outlook.prior_resolve, abs=1e-9)
        prior = outlook.prior_capability * outlook.prior_resolve
        assert table["protection"].sum() == pytest.approx((capability * resolve).mean() - prior, abs=1e-9)
        assert table["protection"].abs().is_monotonic_decreasing


def test_every_channel_and_kind_of_cause_is_told_apart() -> None:
    found = ensemble(busy_world(), 50, keep="ledger")
    rows = [(row.cause, row.channel) for name in found.clients for row in found.why(name).itertuples()]
    assert {channel for _, channel in rows} == {"own", "witnessed", "war", "succession"}
    assert {"crisis", "coercion", "criticism", "courts_adversary", "support lapses"} <= {cause for cause, _ in rows}
    assert {"claim", "lapse", "war", "succession"} <= {cause for cause, _ in rows}


def test_no_response_is_a_cause_of_its_own() -> None:
    scenario = world_of({"A": client(region="R"), "B": client(region="R")}, {"raid": event("attack", "2020-02", "A")})
    found = ensemble(scenario, 3, keep="ledger")
    assert found.why("A")[["cause", "channel"]].to_numpy().tolist() == [["no response to raid", "own"]]
    assert found.why("B")[["cause", "channel"]].to_numpy().tolist() == [["no response to raid", "witnessed"]]
    assert_same_means(mean_of_worlds(scenario, "B", 1), mean_of_ensemble(found, "B"))


def test_an_event_called_like_a_kind_is_added_to_it() -> None:
    events = {"crisis": event("abandoned", "2020-02", "A", always=True)}
    scenario = world_of({"A": client(threat=1.0)}, events, mode="generative", parameters={"crisis_hazard": 0.5})
    assert_same_means(mean_of_worlds(scenario, "A", 4), mean_of_ensemble(ensemble(scenario, 4, keep="ledger"), "A"))


def test_the_ledger_of_one_run_is_that_of_the_reference_model() -> None:
    found, run = ensemble(busy_world(), 5, first_run=2), simulate(busy_world(), 1, 5)
    assert found.ledger(3).equals(run.ledger)
    for name in found.clients:
        assert found.why(name, run=3).equals(run.why(name))


def test_a_ledger_longer_than_its_first_room_is_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("papertiger.model.ensemble.ledger.FIRST_ROOM", 3)
    assert ensemble(busy_world(), 1).ledger(0).equals(simulate(busy_world()).ledger)


def test_the_ledger_of_a_run_with_drawn_figures_has_that_runs_numbers() -> None:
    scenario = world_of(
        {"A": client(), "B": client()},
        {"let down": event("abandoned", "2020-02", "A")},
        parameters={},
        burden=0.5,
    )
    data = scenario.model_dump(exclude_none=True)
    data["parameters"]["forgetting"] = {"uniform": [0.9, 0.99]}
    drawn = Scenario.model_validate(data)
    found = ensemble(drawn, 4, keep="ledger")
    assert found.ledger(2).equals(simulate(drawn, 1, 2).ledger)
    assert found.why("A", run=2).equals(simulate(drawn, 1, 2).why("A"))
    assert_same_means(mean_of_worlds(drawn, "A", 4), mean_of_ensemble(found, "A"))


def test_what_a_continued_run_brought_along_is_a_cause_of_its_own() -> None:
    world = World(busy_world(), rng=1, run=0, collect=False)
    for _ in range(30):  # after a fall in month 17
        world.step()
    start = checkpoint(world)
    world.run()
    whole = Run(world.scenario, world.setting, world.record, world.ledger)
    found = ensemble(busy_world(), 1, keep="ledger", start=start)
    for name in found.clients:
        expected = whole.why(name)
        for table in (found.why(name), found.why(name, run=0)):
            assert table["protection"].sum() == pytest.approx(expected["protection"].sum(), abs=1e-9)
            assert table["resolve"].sum() == pytest.approx(expected["resolve"].sum(), abs=1e-9)
    assert ("earlier months", "earlier") in {(row.cause, row.channel) for row in found.why("Guarded").itertuples()}


def test_bad_names_and_numbers_are_refused() -> None:
    found = ensemble(busy_world(), 2, keep="ledger", rules=Rules())
    with pytest.raises(ValueError, match="no client 'Nobody'"):
        found.why("Nobody")
    with pytest.raises(ValueError, match="run: expected a whole number from 0 to 1, got 2"):
        found.ledger(2)
