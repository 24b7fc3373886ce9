"""The floor: only the draws and exponentials that a month cannot do without.

Each client draws each month whether it reviews its posture; a client that does draws once more and weighs its
alternatives with exponentials; the month takes one exponential for the patron's budget. Nothing else is done, so no
engine with these draws can be faster. Compiled code may draw for several clients at a time or one by one.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any

import numba
import numpy as np

from papertiger.model.ensemble.compile import OPTIONS, Compiler
from papertiger.model.ensemble.ensemble import Ensemble
from papertiger.model.ensemble.kernel import LEVELS
from papertiger.model.randomness import CHOICE, REVIEW, uniform
from papertiger.model.rules.rules import Rules


@dataclass(frozen=True)
class Need:
    """What a run of a replay needs: its size, the share of reviews, and the alternatives weighed at each."""

    months: int
    actors: Any
    review_share: float
    alternatives: int = 3


def need_of(result: Ensemble) -> Need:
    """Count what the runs of an ensemble needed; it must keep the path of levels."""
    reviewed = result.path("levels")[..., LEVELS.index("reviewed")]
    return Need(len(result.months), result.plan.job.tables.actors, float(reviewed.mean()))


@cache
def floor_loops() -> tuple[Callable[..., float], Callable[..., float]]:
    """Return the loop that draws for all clients of a month at a time, and the one that draws one by one."""
    draw = Compiler(Rules()).compile(uniform)

    def together(actors: Any, luck: Any, months: int, runs: int, share: float, alternatives: int) -> float:
        total = 0.0
        for run in range(runs):
            for month in range(months):
                total += math.exp(-1.0 / (1.0 + month))
                for i in range(actors.shape[0]):
                    luck[i] = draw(1, run, 24_000 + month, actors[i], REVIEW, 0)
                for i in range(actors.shape[0]):
                    if luck[i] < share:
                        left = draw(1, run, 24_000 + month, actors[i], CHOICE, 0)
                        for alternative in range(alternatives):
                            total += math.exp(-left * alternative)
        return total

    def one_by_one(actors: Any, luck: Any, months: int, runs: int, share: float, alternatives: int) -> float:  # noqa: ARG001
        total = 0.0
        for run in range(runs):
            for month in range(months):
                total += math.exp(-1.0 / (1.0 + month))
                for i in range(actors.shape[0]):
                    if draw(1, run, 24_000 + month, actors[i], REVIEW, 0) < share:
                        left = draw(1, run, 24_000 + month, actors[i], CHOICE, 0)
                        for alternative in range(alternatives):
                            total += math.exp(-left * alternative)
        return total

    return numba.njit(together, **OPTIONS), numba.njit(one_by_one, **OPTIONS)


def run_floor(need: Need, runs: int, *, one_by_one: bool = False) -> float:
    """Do only what cannot be done without, for some runs."""
    loop = floor_loops()[int(one_by_one)]
    luck = np.zeros(len(need.actors))
    return loop(need.actors, luck, need.months, runs, need.review_share, need.alternatives)
