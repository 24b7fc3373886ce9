"""Joint draws of parameters in both engines."""

from __future__ import annotations

import numpy as np
import pytest

from papertiger import scenarios
from papertiger.model.agents.world import World
from papertiger.model.ensemble.ensemble import ensemble
from papertiger.model.template import Template
from papertiger.scenarios import Scenario
from papertiger.scenarios.schema.parameters import Posterior

DRAWS = Posterior(
    draws="made up",
    paths=("parameters.evidence_scale", "parameters.choice_noise"),
    values=((1.0, 0.02), (2.0, 0.04), (3.0, 0.06)),
)


@pytest.fixture(scope="module")
def case() -> Scenario:
    short = scenarios.load("armenia_2020_2025", {"span.end": "2022-12"})
    return short.model_copy(update={"posterior": DRAWS})


def test_each_run_takes_a_whole_row(case: Scenario) -> None:
    template = Template(case)
    rows: list[tuple[float, ...]] = [
        (constants.evidence_scale, constants.choice_noise)
        for constants in (template.setting(1, run).constants for run in range(300))
    ]
    assert set(rows) == set(DRAWS.values)
    assert all(70 < rows.count(row) < 130 for row in DRAWS.values)
    assert template.is_drawn()
    assert not template.is_drawn(dict(zip(DRAWS.paths, (1.0, 0.02), strict=True)))


def test_a_design_point_takes_the_place_of_a_draw(case: Scenario) -> None:
    setting = Template(case).setting(1, 0, {"parameters.evidence_scale": 0.5})
    assert setting.constants.evidence_scale == 0.5
    assert setting.constants.choice_noise in (0.02, 0.04, 0.06)


def test_both_engines_take_the_same_row(case: Scenario) -> None:
    found = ensemble(case, 4, seed=3, keep=("postures", "beliefs"))
    for run in range(4):
        world = World(case, rng=3, run=run)
        while world.running:
            world.step()
        postures = [client.posture for client in world.clients]
        np.testing.assert_array_equal(found.path("postures")[run, -1], postures)
        good = [client.capability_good for client in world.clients]
        np.testing.assert_array_equal(found.path("beliefs")[run, -1, :, 0], good)
