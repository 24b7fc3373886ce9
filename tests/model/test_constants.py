"""The constants of a run are the scenario's parameters; those that came later are what the rules had before."""

from __future__ import annotations

import json
from typing import Any

import pytest

from papertiger import scenarios
from papertiger.model.agents.world import World
from papertiger.model.constants import CONSTANT_NAMES
from papertiger.model.template import Template, build_setting
from papertiger.scenarios import Scenario, resolve_tree
from papertiger.scenarios.schema.parameters import Parameters
from tests.model.worlds import client, everything, shipped, world_of

LATER = [name for name, field in Parameters.model_fields.items() if not field.is_required()]


def test_the_names_are_those_of_the_parameters() -> None:
    assert tuple(Parameters.model_fields) == CONSTANT_NAMES


def test_a_default_of_the_schema_is_the_value_of_the_file() -> None:
    assert len(LATER) == 21
    told = Parameters.model_validate(resolve_tree("defaults").data["parameters"])
    for name in LATER:
        default = Parameters.model_fields[name].default
        assert getattr(told, name).value == default.value
        assert getattr(told, name).prior is not None, name
        assert getattr(told, name).why, name


def as_saved_before(scenario: Scenario) -> dict[str, Any]:
    """Return a whole scenario as the first release wrote it, which knew none of the later parameters."""
    dump: dict[str, Any] = json.loads(scenario.model_dump_json())
    for name in LATER:
        del dump["parameters"][name]
    return dump


def test_a_scenario_that_was_saved_as_a_whole_runs_as_it_did() -> None:
    now = shipped("armenia_2020_2025")
    before = Scenario.model_validate(as_saved_before(now))
    worlds = [World(each, rng=3, collect=False, span__end="2021-12") for each in (now, before)]
    for world in worlds:
        world.run()
    assert everything(worlds[0]) == everything(worlds[1])


@pytest.mark.parametrize(
    ("name", "value", "of"),
    [
        ("similarity_pact", 0.0, "similarity"),
        ("exposure_border", 0.9, "clients"),
        ("distance_reach", 0.0, "clients"),
        ("arms_weight", 1.0, "clients"),
    ],
)
def test_a_template_works_actors_out_again_when_a_constant_they_hang_on_changes(
    name: str, value: float, of: str
) -> None:
    scenario = world_of({"A": client(pact="P", arms=0.9, economy=0.1), "B": client(pact="P", region="R")})
    template = Template(scenario)
    assert template.figures
    base = template.setting(1)
    values = {f"parameters.{name}": value}
    changed = template.setting(1, 0, values)
    assert changed == build_setting(scenario, 1, 0, values)
    assert changed == build_setting(scenarios.change(scenario, values), 1)
    assert getattr(changed, of) != getattr(base, of)
    assert template.setting(1) == base
