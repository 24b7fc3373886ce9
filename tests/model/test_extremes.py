"""Values at the ends of what a scenario may say: both engines give finite numbers, the same ones."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from papertiger.model.agents.simulate import simulate
from papertiger.model.ensemble.ensemble import ensemble
from papertiger.scenarios import change
from tests.model.networks import generated_network


@pytest.mark.parametrize(
    "overrides",
    [
        {"attention_focus": 100.0, "war_attention": 100.0, "war.burden": 1.0},
        {"attention_focus": 100.0, "patron.rival_track": 1e6},
        {"income.index": 1e308, "income.elasticity": 100.0},
        {"income.index": 5e-324, "income.elasticity": 100.0},
        {"income.after": "ar1", "income.noise": 100.0, "income.elasticity": 100.0, "income.persistence": 1.0},
        {"prior_strength": 1e-299, "forgetting": 0.0},
        {"choice_noise": 1e-299, "evidence_scale": 100.0, "forgetting": 1.0, "witness_weight": -1.0},
    ],
)
def test_extremes_stay_finite(overrides: dict[str, Any]) -> None:
    case = change(generated_network(6, months=12, mode="generative"), overrides)
    run = simulate(case, seed=3)
    for table in (run.clients, run.patron, run.signals, run.ledger):
        assert np.isfinite(table.select_dtypes("number").to_numpy(float)).all()
    many = ensemble(case, runs=1, seed=3, keep="paths", threads=1)
    for name in ("beliefs", "levels", "offers", "patron"):
        assert np.isfinite(many.path(name)).all()
    assert (many.path("postures")[0] == run.clients["posture"].to_numpy().reshape(12, 6)).all()
