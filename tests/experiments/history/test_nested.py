"""Each nested model leaves out what it says, and nothing else."""

from __future__ import annotations

import numpy as np
import pytest

from papertiger import scenarios
from papertiger.experiments.history.calibrate.likelihood import Likelihood, Match
from papertiger.experiments.history.calibrate.models import EVIDENCE, MODELS
from papertiger.experiments.history.observed.coding import Postures, code_postures
from papertiger.scenarios import Scenario, observed

FREE = ("parameters.evidence_scale", "parameters.choice_noise", "parameters.witness_weight")


@pytest.fixture(scope="module")
def world() -> Scenario:
    return scenarios.load("partners_2020")


@pytest.fixture(scope="module")
def postures() -> Postures:
    return code_postures(observed.load("partners_postures"))


def steps_of(model: str, scenario: Scenario, postures: Postures) -> np.ndarray:
    return Likelihood(Match.of(MODELS[model].build(scenario), postures)).log_steps({})


def test_structure_alone_is_blind_to_events(world: Scenario, postures: Postures) -> None:
    # What stands beside an event that is left out stands alone.
    half = {name: event.model_copy(update={"beside": None}) for name, event in list(world.events.items())[::2]}
    without = world.model_copy(update={"events": half})
    seen = steps_of("M1", world, postures)
    np.testing.assert_array_equal(steps_of("M1", without, postures), seen)
    np.testing.assert_array_equal(steps_of("M1", world.model_copy(update={"events": {}}), postures), seen)
    for model in ("M2", "M3", "M4"):
        assert (steps_of(model, without, postures) != steps_of(model, world, postures)).any()


def test_one_belief_moves_only_one(world: Scenario, postures: Postures) -> None:
    chain = Likelihood(Match.of(MODELS["M2"].build(world), postures))._replay.chain({})
    fallen = {event.client for event in world.events.values() if event.kind in ("regime_loss", "new_situation")}
    # Those have another prior later.
    entered = [name for name, client in world.clients.items() if client.enters is None and name not in fallen]
    places = [chain.clients.index(name) for name in entered]
    capability, resolve = np.moveaxis(chain.beliefs[:, places], 2, 0)
    assert np.ptp(resolve, axis=0).max() < 1e-12
    assert (np.ptp(capability, axis=0) > 0).any()
    both = Likelihood(Match.of(MODELS["M3"].build(world), postures))._replay.chain({})
    assert (np.ptp(both.beliefs[:, places], axis=0) > 0.01).any(axis=0).all()


def test_two_beliefs_have_neither_witnesses_nor_excuses(world: Scenario) -> None:
    built = MODELS["M3"].build(world)
    assert built.parameters.witness_weight.value == 0.0
    assert built.parameters.hard_times_excuse.value == 0.0
    assert (
        set(MODELS["M3"].fixed)
        == set(MODELS["M2"].fixed)
        == {
            "parameters.witness_weight",
            "parameters.hard_times_excuse",
        }
    )
    for name, signal in built.signals.items():
        assert signal == world.signals[name]


def test_the_full_model_without_mixing_is_the_one_of_two_beliefs(world: Scenario, postures: Postures) -> None:
    without = scenarios.change(world, {"witness_weight": 0, "hard_times_excuse": 0})
    np.testing.assert_array_equal(steps_of("M4", without, postures), steps_of("M3", world, postures))
    assert (steps_of("M4", world, postures) != steps_of("M3", world, postures)).any()


def test_what_a_model_fixes_is_not_free() -> None:
    assert MODELS["M1"].free(FREE) == ("parameters.choice_noise",)
    assert MODELS["M2"].free(FREE) == MODELS["M3"].free(FREE) == FREE[:2]
    assert MODELS["M4"].free(FREE) == FREE
    assert EVIDENCE in MODELS["M1"].fixed
