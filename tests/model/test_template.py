"""Settings and tables made again and again from one template are those made from the scenario, to the last bit."""

from __future__ import annotations

import random
from dataclasses import fields

import pytest

from papertiger import scenarios
from papertiger.model.ensemble.tables import Tables, build_tables
from papertiger.model.template import Template, build_setting
from papertiger.scenarios import Scenario
from papertiger.scenarios.reading.numbers import figure_range
from tests.model.networks import generated_network

SECTIONS = ("parameters.", "signals.", "clients.", "rivals.", "adversaries.", "events.", "income.")


def same_bytes(one: Tables, two: Tables) -> None:
    for field in fields(Tables):
        if field.name != "setting":
            assert getattr(one, field.name).tobytes() == getattr(two, field.name).tobytes(), field.name


def _number_within(path: str, luck: random.Random) -> float:
    limits = figure_range(path)
    assert limits is not None
    return limits.low + luck.uniform(0.2, 0.7) * min(1.0, limits.high - limits.low)


@pytest.mark.parametrize("case", ["partners_2020", "partners_generative", "made up"])
def test_a_point_is_the_same_however_it_was_reached(case: str) -> None:
    world = generated_network(8) if case == "made up" else scenarios.load(case)
    luck, template, tables = random.Random(4), Template(world), None
    for number in range(60):
        among = SECTIONS[:2] if number % 3 else SECTIONS
        paths = luck.sample([path for path in template.figures if path.startswith(among)], 3)
        values = {path: _number_within(path, luck) for path in paths}
        setting = template.setting(number % 2, number % 3, values)
        assert setting == build_setting(world, number % 2, number % 3, values)
        tables = build_tables(setting, tables)
        same_bytes(tables, build_tables(setting))


def test_figures_that_are_drawn_are_drawn_for_each_run() -> None:
    world = scenarios.load("partners_2020", {"forgetting": {"uniform": [0.9, 0.99]}})
    template = Template(world)
    assert template.drawn == {"parameters.forgetting"}
    assert template.is_drawn({"parameters.contagion": 0.1})
    assert not template.is_drawn({"parameters.forgetting": 0.95})
    for run in range(4):
        assert template.setting(1, run) == build_setting(world, 1, run)
    assert len({template.setting(1, run).constants.forgetting for run in range(4)}) == 4


def test_every_figure_with_a_prior_is_one_that_the_model_reads() -> None:
    world: Scenario = scenarios.load("partners_2020")
    figures = Template(world).figures
    for name in type(world.parameters).model_fields:
        assert figures[f"parameters.{name}"] is getattr(world.parameters, name)
    for name, signal in world.signals.items():
        assert figures[f"signals.{name}.weight"] is signal.weight
