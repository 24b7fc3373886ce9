"""A small network with observations and a calibration of its own, so that the tests of calibration are quick."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

from papertiger.experiments.history.calibrate.loader import load_problem
from papertiger.experiments.history.calibrate.problem import CalibrationProblem
from tests.scenarios.minimal import SMALL


@cache
def shipped_problem(name: str = "partners_2020") -> CalibrationProblem:
    """Return a shipped calibration, read and checked once by each process of the tests."""
    return load_problem(name)


WORLD = SMALL.replace("title: Small", "title: Small\nspan: {start: 2020-01, end: 2023-12}").replace(
    "    arms: 0.1\n", "    enters: 2021-03\n    arms: 0.1\n"
)
"""Alfa from the start, Bravo from March 2021 until it loses its regime."""

OTHER = """\
title: As another coder would have it
description: The same network with more trust in arms
extends: world
parameters:
  review_rate: {value: 0.15, why: taken as known}
clients:
  Alfa: {arms: 0.3}
"""
FACT = "{date: %s, client: %s, indicator: %s, level: %s, what: It happens, source: a paper, confidence: low}"
OBSERVED = f"""\
title: Small
description: What two clients did
span: {{start: 2020-01, end: 2023-06}}
indicators:
  pact: {{highest: 3, what: taking part}}
  stance: {{highest: 2, what: words}}
rule:
  hedging: 1
  distancing: 3
  suspended: [{{pact: 2}}]
  realigned: [{{pact: 3, stance: 1}}]
clients:
  Bravo: {{}}
  Alfa: {{}}
facts:
  alfa_speaks: {FACT % ("2021-02", "Alfa", "stance", 1)}
  bravo_speaks: {FACT % ("2022-03", "Bravo", "stance", 1)}
  alfa_silent: {FACT % ("2022-11", "Alfa", "stance", 0)}
  bravo_falls: {FACT % ("2023-02", "Bravo", "regime", 1)}
"""
PLAN = """\
title: A trial
description: Two constants of two clients
scenario: world
observed: ./postures.yaml
training: {first: 2020H1, last: 2022H1}
testing: {first: 2022H2, last: 2023H1}
free: [choice_noise, switching_cost]
sequences: 2
points: 64
draws: 100
"""


def write(folder: Path, plan: str = PLAN, name: str = "trial.yaml") -> Path:
    """Write a calibration with the scenarios and observations that it names."""
    (folder / "world.yaml").write_text(WORLD, encoding="utf-8")
    (folder / "other.yaml").write_text(OTHER, encoding="utf-8")
    (folder / "postures.yaml").write_text(OBSERVED, encoding="utf-8")
    path = folder / name
    path.write_text(plan, encoding="utf-8")
    return path


def small_problem(folder: Path, plan: str = PLAN, **changes: Any) -> CalibrationProblem:
    """Return the small calibration."""
    return load_problem(write(folder, plan), **changes)
