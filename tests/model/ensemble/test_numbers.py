"""Plain and compiled code compute the same: exponentials, logarithms and draws, to the last bit."""

from __future__ import annotations

import math
import random
from collections.abc import Callable
from typing import Any

import numba
import numpy as np
import pytest

from papertiger.model import randomness
from papertiger.model.ensemble.compile import OPTIONS, Compiler
from papertiger.model.rules import choice
from papertiger.model.rules.rules import Rules

MANY = 1_000_000
MANY_DRAWS = 200_000
"""Plain Python takes long for a draw."""


def over(function: Callable[..., Any]) -> Callable[[Any], Any]:
    """Compile a loop over one argument."""

    def loop(values: Any) -> Any:
        found = np.empty(len(values))
        for place in range(len(values)):
            found[place] = function(values[place])
        return found

    return numba.njit(loop, error_model=OPTIONS["error_model"])  # type: ignore[no-any-return]


def exp(x: float) -> float:
    """Return the exponential."""
    return math.exp(x)


def log(x: float) -> float:
    """Return the logarithm."""
    return math.log(x)


@pytest.mark.parametrize("count", [20_000, pytest.param(MANY, marks=pytest.mark.slow)])
@pytest.mark.parametrize(("name", "low", "high"), [("exp", -745.0, 700.0), ("exp", -1.0, 0.0), ("log", 1e-9, 1e3)])
def test_exponentials_and_logarithms_agree(name: str, low: float, high: float, count: int) -> None:
    plain = {"exp": exp, "log": log}[name]
    luck = random.Random(f"{name} {low}")
    values = [luck.uniform(low, high) for _ in range(count)]
    found = over(numba.njit(plain))(np.array(values))
    assert np.array_equal(found, np.array([plain(value) for value in values]))


@pytest.mark.parametrize("count", [20_000, pytest.param(MANY_DRAWS, marks=pytest.mark.slow)])
def test_draws_agree(count: int) -> None:
    compiled = Compiler(Rules()).compile(randomness.uniform)
    luck = random.Random(1)
    for _ in range(count):
        key = (
            luck.getrandbits(63),
            luck.getrandbits(32),
            luck.getrandbits(16),
            luck.getrandbits(32),
            luck.randrange(1, 30),
            luck.getrandbits(16),
        )
        assert compiled(*key) == randomness.uniform(*key)


@pytest.mark.parametrize("count", [5_000, pytest.param(MANY_DRAWS, marks=pytest.mark.slow)])
def test_normal_draws_agree(count: int) -> None:
    compiled = Compiler(Rules()).compile(randomness.normal)
    for run in range(count):
        key = (7, run, 24_240 + run % 100, 12_345, randomness.INCOME)
        assert compiled(*key) == randomness.normal(*key)


@pytest.mark.parametrize("count", [20_000, pytest.param(MANY, marks=pytest.mark.slow)])
def test_weights_of_alternatives_agree(count: int) -> None:
    compiled = Compiler(Rules()).compile(choice.logit_weight)
    luck = random.Random(2)
    for _ in range(count):
        best, noise = luck.uniform(-2.0, 2.0), math.exp(luck.uniform(math.log(0.001), math.log(5.0)))
        utility = best - luck.random()
        assert compiled(utility, best, noise) == choice.logit_weight(utility, best, noise)
