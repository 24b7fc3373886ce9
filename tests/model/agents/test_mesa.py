"""The world under Mesa's own tools."""

from __future__ import annotations

import gc
import warnings
from typing import Any

import mesa
import numpy as np
import pytest
from mesa.batchrunner import batch_run

from papertiger import scenarios
from papertiger.model.agents.adversary import Adversary
from papertiger.model.agents.client import Client
from papertiger.model.agents.patron import Patron
from papertiger.model.agents.rival import Rival
from papertiger.model.agents.simulate import simulate
from papertiger.model.agents.world import World
from tests.model.worlds import changed, client, column, event, everything, finished, shipped, world_of


def test_mesas_batch_run_runs_the_world_and_collects() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # what Mesa announces about its own batch runner
        rows: list[dict[str, Any]] = batch_run(
            World,
            parameters={"scenario": ["cuba"], "span__end": ["2020-06"], "witness_weight": [0.0, 0.2]},
            rng=[1, 2, 3],
            number_processes=1,
            data_collection_period=1,
            display_progress=False,
        )
    clients = [row for row in rows if row.get("name") == "Syria"]
    assert len({row["RunId"] for row in rows}) == 6
    assert {row["witness_weight"] for row in rows} == {0.0, 0.2}
    # Six months of three seeds and two weights.
    assert len(clients) == 36
    assert {row["month"] for row in clients} == {f"2020-{month:02d}" for month in range(1, 7)}
    for row in clients:
        assert 0.0 < row["protection"] == row["capability"] * row["resolve"] < 1.0
        assert 0.0 < row["credibility"] < 1.0


def test_what_mesa_collects_is_what_the_record_holds() -> None:
    world = World(shipped("partners_2020"), rng=1)
    world.run()
    assert world.datacollector is not None
    model_rows = world.datacollector.get_model_vars_dataframe()
    assert model_rows["month"].tolist() == [row[0] for row in world.record.patron]
    assert model_rows["credibility"].tolist() == [row[4] for row in world.record.patron]
    assert model_rows["defected_share"].tolist() == [row[7] for row in world.record.patron]
    client_rows = world.datacollector.get_agenttype_vars_dataframe(Client).sort_index()
    for agent in world.clients:
        collected = client_rows.xs(agent.unique_id, level="AgentID")
        for name in ("posture", "capability", "resolve", "protection"):
            assert collected[name].tolist() == column(world, agent.name, name)


def test_collecting_changes_nothing() -> None:
    collecting = World(shipped("partners_2020"), rng=1)
    collecting.run()
    assert everything(collecting) == everything(finished("partners_2020"))


def test_scheduled_events_survive_garbage_collection() -> None:
    events = {f"{month}": event("criticism", f"2020-{month:02d}", "A") for month in range(1, 13)}
    gc.freeze()  # what was there before is not in question, and takes seconds to go through
    world = World(world_of({"A": client()}, events), rng=1)
    while world.running:
        gc.collect()
        world.step()
    gc.unfreeze()
    assert [row[3] for row in world.record.signals] == [str(month) for month in range(1, 13)]


def test_the_agents_are_mesa_agents_of_their_kinds() -> None:
    world = World(shipped("partners_2020"), rng=1)
    assert isinstance(world, mesa.Model)
    counts = {kind: len(world.agents_by_type[kind]) for kind in (Client, Patron, Rival, Adversary)}
    assert counts == {Client: 17, Patron: 1, Rival: 4, Adversary: len(world.setting.adversaries) + 1}


def test_a_step_is_a_month_of_mesas_time() -> None:
    world = World(world_of({"A": client()}, months=3), rng=1)
    seen = []
    while world.running:
        world.step()
        seen.append((world.time, world.month_name))
    assert seen == [(1.0, "2020-01"), (2.0, "2020-02"), (3.0, "2020-03")]
    with pytest.raises(ValueError, match="the span ends with 2020-03, after 3 months"):
        world.step()


def test_overrides_are_keyword_arguments_by_name_or_by_dotted_path() -> None:
    world = World("partners_2020", rng=1, forgetting=0.97, clients__Armenia__threat=0.5, war__after="ends")
    assert world.constants.forgetting == 0.97
    assert world.clients[0].outlook.threat == 0.5
    assert world.scenario.war.after == "ends"
    ready = World(shipped("partners_2020"), rng=1, forgetting=0.97)
    assert ready.constants.forgetting == 0.97
    assert shipped("partners_2020").parameters.forgetting.value == 0.98


def test_an_override_that_does_not_hold_is_a_scenario_error() -> None:
    with pytest.raises(scenarios.ScenarioError, match="forgeting"):
        World(shipped("partners_2020"), rng=1, forgeting=0.97)
    with pytest.raises(scenarios.ScenarioError, match="forgetting"):
        World(shipped("partners_2020"), rng=1, forgetting=1.5)


@pytest.mark.parametrize("overrides", [[1], 5, "forgetting=0.9", {1, 2}])
def test_overrides_that_are_no_mapping_are_a_scenario_error(overrides: Any) -> None:
    for world in ("kazakhstan_claims", shipped("kazakhstan_claims")):
        with pytest.raises(
            scenarios.ScenarioError, match="overrides: (expected values by the name of a figure|cannot set)"
        ):
            simulate(world, overrides=overrides)


def test_the_seed_may_be_a_numpy_number_or_a_generator() -> None:
    scenario = shipped("partners_2020")
    assert World(scenario, rng=np.int64(5)).setting.seed == 5
    drawn = [World(scenario, rng=np.random.default_rng(9)).setting.seed for _ in range(2)]
    assert drawn[0] == drawn[1]
    assert World(scenario, rng=None).setting.seed != World(scenario, rng=None).setting.seed


def test_a_figure_that_is_a_bare_distribution_is_drawn_once_per_run() -> None:
    spread = {"parameters.retaliation_fear": {"uniform": [0.4, 1.3]}}
    scenario = scenarios.change(shipped("partners_2020"), spread)
    drawn = [World(scenario, rng=1, run=run).constants.retaliation_fear for run in range(50)]
    assert len(set(drawn)) == 50
    assert all(0.4 <= value <= 1.3 for value in drawn)
    assert World(scenario, rng=1, run=3).constants.retaliation_fear == drawn[3]
    assert changed(scenario, **{"retaliation_fear": 0.9}).parameters.retaliation_fear.value == 0.9
