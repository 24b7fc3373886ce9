"""The constants of a run are the scenario's parameters; those that came later are what the rules had before."""

from __future__ import annotations

import json
from typing import Any

import pytest

from papertiger import scenarios
from papertiger.experiments.inertness.plan import load_plan
from papertiger.model.agents.world import World
from papertiger.model.constants import CONSTANT_NAMES
from papertiger.model.template import Template, build_setting
from papertiger.scenarios import Scenario, resolve_tree
from papertiger.scenarios.reading.earlier import without_withdrawn
from papertiger.scenarios.schema.parameters import Parameters
from tests.model.worlds import client, everything, shipped, world_of

LATER = [name for name, field in Parameters.model_fields.items() if not field.is_required()]
NEUTRAL = {
    "blame_shift": 0.0,
    "system_cap": 100.0,
    "tie_noise": 1.0,
    "arms_tie_rate": 0.0,
    "economy_tie_rate": 0.0,
    "supply_burden": 0.0,
    "tie_others": 1.0,
    "anchoring": 1.0,
    "successor_noise": 1.0,
    "covert_health": 0.0,
    "procurement_lasting": 0.0,
    "break_away": 0.0,
    "break_toward": 0.0,
    "break_memory": 0.94,
    "break_ruler": 0.0,
    "break_coercion": 0.0,
    "break_disengagement": 0.0,
    "break_pledge": 0.0,
    "break_toward_ruler": 0.0,
    "break_to_loyal": 1.0,
    "break_to_hedging": 1.0,
    "break_to_distancing": 1.0,
    "break_to_suspended": 1.0,
    "break_to_realigned": 1.0,
}
"""What came with the second version or later, at the value at which it is not there."""
UNSWEPT = {name for name in NEUTRAL if name.startswith(("break_", "procurement_"))}
"""What is off in the first case and has no range there: a study that turns it on gives it one."""


def test_the_names_are_those_of_the_parameters() -> None:
    assert tuple(Parameters.model_fields) == CONSTANT_NAMES


def test_a_default_of_the_schema_is_the_value_of_the_file_or_leaves_a_later_mechanism_out() -> None:
    assert len(LATER) == 21 + len(NEUTRAL)
    told = Parameters.model_validate(resolve_tree("defaults").data["parameters"])
    for name in LATER:
        default = Parameters.model_fields[name].default
        assert default.value == NEUTRAL.get(name, getattr(told, name).value)
        unswept = name in UNSWEPT or f"parameters.{name}" in load_plan().fixed
        assert (getattr(told, name).prior is None) is unswept, name
        assert getattr(told, name).why, name


def as_saved_before(scenario: Scenario) -> dict[str, Any]:
    """Return a whole scenario as the first release wrote it, which knew none of the later parameters and fields."""
    dump: dict[str, Any] = json.loads(scenario.model_dump_json())
    for name in LATER:
        del dump["parameters"][name]
    del dump["signals"]["sanctions"]
    for signal in dump["signals"].values():
        del signal["system"], signal["coercive"]
    for own in dump["clients"].values():
        del own["arms_ties"], own["economy_ties"], own["leaves"], own["course"]
    for one in dump["events"].values():
        del one["answer"]
    del dump["patron"]["sanctions"]
    dump["parameters"]["ladder_needs_pact"] = {"value": 1.0, "why": "A rule of the coding."}
    return dump


def test_a_scenario_that_was_saved_as_a_whole_runs_without_what_came_later() -> None:
    now = scenarios.change(
        shipped("armenia_2020_2025"), {f"parameters.{name}": value for name, value in NEUTRAL.items()}
    )
    before = Scenario.model_validate(without_withdrawn(as_saved_before(now)))
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
