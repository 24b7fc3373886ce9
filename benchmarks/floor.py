"""The floor: only the draws and exponentials that a month cannot do without.

Each client draws each month whether it reviews its posture; a client that does draws once more and weighs its
alternatives with exponentials; the month takes one exponential for the patron's budget. Nothing else is done, so no
engine with these draws can be faster; what draws ties is left out, since most of it is the same from month to month.
The exponential is the project's own, as in the ensemble. The runs stand beside each other, so that compiled code
works on as many at a time as the processor has lanes; beside it the same one draw at a time.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any

import numba
import numpy as np

from papertiger.model.elementary import exp
from papertiger.model.ensemble.compile import OPTIONS, Compiler
from papertiger.model.ensemble.ensemble import Ensemble
from papertiger.model.ensemble.kernel import LEVELS
from papertiger.model.randomness import CHOICE, REVIEW, uniform
from papertiger.model.rules.rules import Rules

BESIDE = 64
"""Runs that stand beside each other: of so many enough review in a month to fill the lanes again."""


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
    """Return the loop in which runs stand beside each other, and the one that takes them one by one."""
    compiler = Compiler(Rules())
    draw, power = compiler.compile(uniform), compiler.compile(exp)

    def in_lanes(  # noqa: PLR0912 - a loop within a loop is what it is
        actors: Any, room: Any, who: Any, months: int, runs: int, share: float, alternatives: int
    ) -> float:
        sums, luck, left = room[0], room[1], room[2]
        total = 0.0
        for first in range(0, runs, BESIDE):
            lanes = min(BESIDE, runs - first)
            for lane in range(lanes):
                sums[lane] = 0.0
            for month in range(months):
                for lane in range(lanes):
                    sums[lane] += power(-1.0 / (1.0 + month + first + lane))
                for i in range(actors.shape[0]):
                    for lane in range(lanes):
                        luck[lane] = draw(1, first + lane, 24_000 + month, actors[i], REVIEW, 0)
                    count = 0
                    for lane in range(lanes):
                        if luck[lane] < share:
                            who[count] = lane
                            count += 1
                    for n in range(count):
                        left[n] = draw(1, first + who[n], 24_000 + month, actors[i], CHOICE, 0)
                    for alternative in range(alternatives):
                        for n in range(count):
                            luck[n] = power(-left[n] * alternative)
                        for n in range(count):
                            sums[who[n]] += luck[n]
            for lane in range(lanes):
                total += sums[lane]
        return total

    def one_by_one(
        actors: Any,
        room: Any,  # noqa: ARG001 - both are called alike
        who: Any,  # noqa: ARG001
        months: int,
        runs: int,
        share: float,
        alternatives: int,
    ) -> float:
        total = 0.0
        for run in range(runs):
            of_run = 0.0
            for month in range(months):
                of_run += power(-1.0 / (1.0 + month + run))
                for i in range(actors.shape[0]):
                    if draw(1, run, 24_000 + month, actors[i], REVIEW, 0) < share:
                        left = draw(1, run, 24_000 + month, actors[i], CHOICE, 0)
                        for alternative in range(alternatives):
                            of_run += power(-left * alternative)
            total += of_run
        return total

    return numba.njit(in_lanes, **OPTIONS), numba.njit(one_by_one, **OPTIONS)


def run_floor(need: Need, runs: int, *, one_by_one: bool = False) -> float:
    """Do only what cannot be done without, for some runs."""
    loop = floor_loops()[int(one_by_one)]
    room, who = np.zeros((3, BESIDE)), np.zeros(BESIDE, "i8")
    return loop(need.actors, room, who, need.months, runs, need.review_share, need.alternatives)
