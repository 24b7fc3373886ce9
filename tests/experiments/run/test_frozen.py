"""Frozen beliefs: what is frozen stays at its prior, and the other belief learns what it learns otherwise."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from papertiger import scenarios
from papertiger.experiments.design.frozen import frozen_settings
from papertiger.experiments.design.loader import load_study
from papertiger.experiments.errors import ExperimentError
from papertiger.model.ensemble.exact import EXACT, Chain, exact_chain
from tests.experiments.run.small import write

pytestmark = pytest.mark.xdist_group("exact")
UNCAPPED = {"parameters.system_cap": 100.0, "parameters.evidence_cap": 100.0}
CAPABILITY, RESOLVE = 0, 1


def chain(*frozen: str) -> Chain:
    world = scenarios.load("armenia_2020_2025", {**EXACT, **UNCAPPED, "mode": "replay", "generative_from": None})
    return exact_chain(scenarios.change(world, frozen_settings(world, frozen)) if frozen else world)


def moves(chain: Chain, belief: int) -> bool:
    values = chain.beliefs[:, chain.clients.index("Armenia"), belief]
    return bool(np.ptp(values) > 1e-3)


def test_frozen_beliefs_stand_still_and_the_other_learns_as_it_did() -> None:
    free, capability_only, resolve_only, neither = (
        chain(),
        chain("resolve"),
        chain("capability"),
        chain("capability", "resolve"),
    )
    moving = {
        (CAPABILITY, RESOLVE): free,
        (CAPABILITY,): capability_only,
        (RESOLVE,): resolve_only,
        (): neither,
    }
    for beliefs, one in moving.items():
        assert beliefs == tuple(belief for belief in (CAPABILITY, RESOLVE) if moves(one, belief))
    np.testing.assert_allclose(capability_only.beliefs[..., CAPABILITY], free.beliefs[..., CAPABILITY], atol=1e-12)
    np.testing.assert_allclose(resolve_only.beliefs[..., RESOLVE], free.beliefs[..., RESOLVE], atol=1e-12)


def test_nothing_frozen_changes_nothing() -> None:
    assert frozen_settings(scenarios.load("armenia_2020_2025"), ()) == {}


def test_a_loading_of_its_own_is_named_where_only_one_belief_is_frozen() -> None:
    world = scenarios.load("armenia_2020_2025")
    name, event = next((name, event) for name, event in world.events.items() if event.kind in world.signals)
    own = event.model_copy(update={"loading": world.signals["abandoned"].loading})
    changed = world.model_copy(update={"events": {**world.events, name: own}})
    with pytest.raises(ValueError, match=f"resolve alone cannot.*event '{name}' has a loading of its own"):
        frozen_settings(changed, ["resolve"])
    assert frozen_settings(changed, ["capability", "resolve"]) == {"parameters.evidence_scale": 0.0}


FROZEN = """\
title: A test
question: Does it work?
description: An experiment of the tests
replicates: 4
scenarios: [world, {scenario: world, label: still, frozen: [capability, resolve]}]
measures:
  rung: {kind: posture, client: Alfa, at: 2021-12}
  share: {kind: share_defected}
ablations: [{of: trust, without: still, at: 2021-12}]
"""


def test_an_experiment_freezes_beliefs_and_looks_at_rungs_apart_from_comparisons(tmp_path: Path) -> None:
    study = load_study(write(tmp_path, FROZEN))
    assert study.worlds["still"].parameters.evidence_scale.value == 0.0
    assert study.worlds["world"].parameters.evidence_scale.value != 0.0
    assert study.experiment.rungs("2021-12") == ("rung",)
    assert study.experiment.pairs[0].measures == ("share",)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        (
            "without: still",
            "without: stil",
            "'stil' is not one of this experiment's scenarios (did you mean 'still'?)",
        ),
        ("without: still", "without: world", "'world' is the baseline; expected a scenario that lacks something"),
        ("still, at: 2021-12", "still, at: 2022-12", "no measure of the kind 'posture' at '2022-12' to look at"),
        ("frozen: [capability, resolve]", "frozen: [trust]", "frozen"),
        (
            "ablations:",
            "vary: {scale: {path: parameters.evidence_scale, levels: [0, 1]}}\ndesign: {kind: grid}\nablations:",
            "'parameters.evidence_scale' cannot vary: 'frozen' keeps beliefs still by it",
        ),
    ],
)
def test_mistakes_are_named(tmp_path: Path, old: str, new: str, said: str) -> None:
    with pytest.raises(ExperimentError) as caught:
        load_study(write(tmp_path, FROZEN.replace(old, new)))
    assert said in str(caught.value)
