"""Two small patrons whose clients are many and alike, so that pooled fits are quick and the data say something."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np

from papertiger.experiments.history.calibrate.likelihood import Likelihood
from papertiger.experiments.history.calibrate.problem import CalibrationProblem, trained_steps
from papertiger.experiments.history.calibrate.sbc import simulate
from papertiger.experiments.history.pooled.loader import load_pooled
from papertiger.experiments.history.pooled.problem import PooledProblem
from tests.scenarios.minimal import SMALL

CLIENTS = 8
EXTRA = """\
  Client{0}:
    arms: 0.{1}
    economy: 0.4
    threat: 0.3
    value: 0.2
    treaty: defence_pact
    options: {{Rivalia: {{protection: 0.5, economy: 0.{1}}}}}
"""
MORE = "".join(EXTRA.format(number, number + 1) for number in range(CLIENTS))
WORLD = SMALL.replace("title: Small", "title: North\nspan: {start: 2014-01, end: 2023-12}").replace(
    "switches:", MORE + "switches:"
)
OBSERVED = f"""\
title: What clients did
description: Looked up twice a year
span: {{start: 2014-01, end: 2023-12}}
indicators:
  rung: {{highest: 4, what: the rung itself}}
rule:
  hedging: 1
  distancing: 2
  suspended: [{{rung: 3}}]
  realigned: [{{rung: 4}}]
clients: {{{", ".join(f"Client{number}: {{}}" for number in range(CLIENTS))}}}
"""
SPAN = "training: {first: 2014H1, last: 2023H2}"
PLAN = f"""\
title: Two patrons
description: What both have in common
patrons:
  North: {{scenario: ./north.yaml, observed: ./north_postures.yaml, {SPAN}}}
  South: {{scenario: ./south.yaml, observed: ./south_postures.yaml, {SPAN}}}
shared: [switching_cost]
pooled:
  choice_noise: {{scale: {{zero: 0.5, normal: [0, 1]}}}}
priors:
  choice_noise: {{loguniform: [0.01, 0.2]}}
sequences: 2
rounds: 2
points: 64
draws: 100
"""


def write(folder: Path, plan: str = PLAN) -> Path:
    """Write a pooled calibration with the scenarios and observations that it names."""
    for name in ("north", "south"):
        (folder / f"{name}.yaml").write_text(WORLD.replace("title: North", f"title: {name}"), encoding="utf-8")
        (folder / f"{name}_postures.yaml").write_text(OBSERVED, encoding="utf-8")
    path = folder / "together.yaml"
    path.write_text(plan, encoding="utf-8")
    return path


def pooled_problem(folder: Path, plan: str = PLAN) -> PooledProblem:
    """Return the small pooled calibration."""
    return load_pooled(write(folder, plan))


def simulated(problem: PooledProblem, values: dict[str, dict[str, float]], seed: int = 0) -> PooledProblem:
    """Return the problem with histories that were simulated, each patron's with its own parameters.

    Parameters
    ----------
    problem
        A pooled calibration.
    values
        By patron, numbers by dotted path.
    seed
        Of the histories.
    """
    rng = np.random.default_rng(seed)
    parts: dict[str, CalibrationProblem] = {}
    for name, part in problem.parts.items():
        likelihood = Likelihood(part.match(problem.plan.model))
        match = likelihood.match
        path = simulate(
            likelihood.matrices(values[name]),
            match.postures.posture.astype(int),
            trained_steps(match, part),
            match.ceiling,
            rng,
        )
        parts[name] = replace(part, postures=replace(match.postures, posture=path.astype(np.int8)))
    return replace(problem, parts=parts)
