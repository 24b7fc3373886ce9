"""A small network and small experiments on it, so that the tests of the engine are quick."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd
from pandas.testing import assert_frame_equal

from papertiger.experiments.design.loader import load_study
from papertiger.experiments.run.results import Results
from papertiger.experiments.run.runner import run_experiment
from tests.scenarios.minimal import SMALL

WORLD = SMALL.replace("title: Small", "title: Small\nspan: {start: 2020-01, end: 2022-12}").replace(
    "arms: 0.8", "arms: 0.3\n    treaty: defence_pact"
)
CALM = """\
title: Calm
description: The same network without the raid
extends: world
remove: {events: [raid]}
"""
HEAD = """\
title: A test
question: Does it work?
description: An experiment of the tests
replicates: 4
scenarios: [world, calm]
"""
MEASURES = """\
measures:
  gone: {kind: defected, client: Alfa, at: 2021-12}
  posture: {kind: posture, client: Alfa}
  leaves: {kind: time_to, client: Alfa, posture: hedging}
  goes_to: {kind: destination, client: Alfa}
  share: {kind: share_defected, regime_loss: counted}
  belief: {kind: protection, client: Alfa, at: 2022-03}
  assets: {kind: patron, measure: lost_assets}
  changes: {kind: change_rate}
"""
SWEEP = """\
vary:
  forgetting: {path: parameters.forgetting, uniform: [0.9, 0.99]}
  threat: {path: clients.Alfa.threat, levels: [0.2, 0.9]}
design: {kind: random, points: 5}
"""


def write(folder: Path, text: str = HEAD + MEASURES, name: str = "trial.yaml") -> Path:
    """Write an experiment file with its scenarios beside it."""
    (folder / "world.yaml").write_text(WORLD, encoding="utf-8")
    (folder / "calm.yaml").write_text(CALM, encoding="utf-8")
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def run(folder: Path, text: str = HEAD + MEASURES, out: str = "out", **options: Any) -> Results:
    """Write and run an experiment."""
    return run_experiment(load_study(write(folder, text)), folder / out, workers=options.pop("workers", 1), **options)


def same_rows(one: Results, two: Results) -> None:
    """Fail unless two folders hold the same rows, bit for bit, and the same files of rows."""
    left, right = one.frame(), two.frame()
    assert_frame_equal(left, right, check_exact=True)
    assert bits(left) == bits(right)
    assert one.manifest.parts == two.manifest.parts


def bits(frame: pd.DataFrame) -> dict[str, bytes]:
    """Return the bytes of every column of numbers."""
    numbers = frame.select_dtypes("number")
    return {str(name): numbers[name].to_numpy().tobytes() for name in numbers}
