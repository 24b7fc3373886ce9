"""Seeds and numbers of runs outside their words would give the draws of others, so every door refuses them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import papertiger as pt
from papertiger.model.randomness import MAX_RUN, MAX_SEED
from papertiger.model.template import build_setting

WORLD = pt.load("iran_2025")

SEEDS: dict[str, Callable[[Any], Any]] = {
    "simulate": lambda seed: pt.simulate(WORLD, seed, months=1).seed,
    "World": lambda seed: pt.World(WORLD, rng=seed).setting.seed,
    "setting": lambda seed: build_setting(WORLD, seed).seed,
}
RUNS: dict[str, Callable[[Any], Any]] = {
    "simulate": lambda run: pt.simulate(WORLD, 1, run, months=1).run,
    "World": lambda run: pt.World(WORLD, rng=1, run=run).setting.run,
    "setting": lambda run: build_setting(WORLD, 1, run).run,
}


@pytest.mark.parametrize("door", SEEDS)
@pytest.mark.parametrize("seed", [-1, MAX_SEED + 1, 2**64 + 1, 1.0, True, np.bool_(True), "1", np.float64(1)])
def test_seeds(door: str, seed: Any) -> None:
    with pytest.raises(ValueError, match=r"(seed|rng): expected a whole number"):
        SEEDS[door](seed)


@pytest.mark.parametrize("door", RUNS)
@pytest.mark.parametrize("run", [-1, MAX_RUN + 1, 2**33, 0.0, False, None])
def test_runs(door: str, run: Any) -> None:
    with pytest.raises(ValueError, match="run: expected a whole number"):
        RUNS[door](run)


@pytest.mark.parametrize(
    "wrong",
    [
        {"seed": -1},
        {"seed": 2**63},
        {"seed": True},
        {"runs": 0},
        {"runs": True},
        {"runs": 2**32 + 1},
        {"first_run": -1},
        {"first_run": 2**32},
        {"first_run": 2**32 - 1, "runs": 2},
        {"chunk": True},
        {"threads": 1.0},
    ],
)
def test_the_ensemble(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="expected a whole number"):
        pt.ensemble(WORLD, **{"runs": 1, **wrong})


@pytest.mark.parametrize("months", [0, -5, 10_000, 1.0, True])
def test_months_of_a_run(months: Any) -> None:
    with pytest.raises(ValueError, match="months: expected a whole number"):
        pt.simulate(WORLD, months=months)


def test_whole_numbers_of_numpy_are_whole_numbers() -> None:
    assert pt.simulate(WORLD, np.int64(3), np.uint32(2), months=np.int8(1)).seed == 3  # type: ignore[arg-type]
