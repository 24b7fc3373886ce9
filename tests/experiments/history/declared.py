"""A small calibration that declares its forecasts, and forecasts of it that are made up instead of run."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from papertiger.experiments.history.calibrate.loader import load_problem
from papertiger.experiments.history.calibrate.problem import CalibrationProblem
from papertiger.experiments.history.forecast.archive import Forecast, rounded
from papertiger.experiments.history.forecast.declaration import PATHS
from papertiger.experiments.history.forecast.questions import declared
from tests.experiments.history.small import PLAN, WORLD, write

DECLARED = """\
models: [M1, M4]
forecast:
  declared: 2023-08-01
  last: 2024H2
  weights:
    continues: {weight: 0.5, range: [0.4, 0.6], why: a guess}
    ends: {weight: 0.3, range: [0.2, 0.5], why: a guess}
    escalates: {weight: 0.2, range: [0.1, 0.3], why: a guess}
  why: for tests
  source: nobody
  decided_by: a coder
  decided_from: papers
  decided_within: 3
"""
LATER = """\
title: Later
description: Made up, to see whether a part of a forecast can be scored
extends: postures
span: {end: 2024-06}
facts:
  alfa_speaks: {date: 2024-02, client: Alfa, indicator: stance, level: 2, what: Words, source: x, confidence: low}
"""
"""Alfa stays loyal to the end of 2023 and hedges by June 2024."""
PERIODS = ("2023H2", "2024H1", "2024H2")
MADE = "2023-09-15"


def write_declared(folder: Path, text: str = DECLARED) -> Path:
    """Write a calibration with a part 'forecast', with all that it names, and later observations beside it."""
    path = write(folder, PLAN + text)
    (folder / "world.yaml").write_text(WORLD.replace("end: 2023-12", "end: 2024-12"), encoding="utf-8")
    (folder / "later.yaml").write_text(LATER, encoding="utf-8")
    return path


def declared_problem(folder: Path, text: str = DECLARED) -> CalibrationProblem:
    """Return that calibration."""
    return load_problem(write_declared(folder, text))


def made_up(problem: CalibrationProblem, made: str = MADE, seed: int = 1) -> Forecast:
    """Return a forecast with chances that are drawn, and with all that its calibration declares."""
    luck = np.random.default_rng(seed)
    clients = problem.postures.clients
    paths = {path: rounded(luck.dirichlet(np.ones(5), size=(len(PERIODS), len(clients)))) for path in PATHS}
    bare = Forecast(made, "2023H1", clients, PERIODS, paths, {"calibration": "trial", "seed": "1"})
    return declared(bare, problem, "2023-06")
