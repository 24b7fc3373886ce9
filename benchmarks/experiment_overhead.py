"""What running an experiment costs over the bare ensemble: 1,000 points of 100 replicates each.

The bare ensemble makes as many runs of one point and keeps shares of postures only: its time is the floor.
Run with ``python -m benchmarks.experiment_overhead [POINTS] [REPLICATES]``.
"""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from experiments.loader import load_study
from experiments.runner import run_experiment
from experiments.study import Study
from model.ensemble import ensemble

TEXT = """\
title: Overhead
question: What does an experiment cost over the bare ensemble?
description: A sweep of two parameters and a signal.
replicates: {replicates}
scenarios: [partners_2020]
vary:
  forgetting: {{path: parameters.forgetting, uniform: [0.97, 0.99]}}
  witness: {{path: parameters.witness_weight, uniform: [-0.3, 0.8]}}
  air_defence: {{path: signals.air_defence_failed.weight, uniform: [0, 2]}}
design: {{kind: latin-hypercube, points: {points}}}
measures:
  share: {{kind: share_defected}}
  gone: {{kind: defected, client: Armenia}}
  leaves: {{kind: time_to, client: Armenia}}
  posture: {{kind: posture, client: Kazakhstan}}
  belief: {{kind: protection, client: Iran}}
  assets: {{kind: patron, measure: lost_assets}}
"""


def timed(work: Callable[[], object]) -> tuple[float, float]:
    """Return the seconds on the clock and those of the processor that some work takes."""
    clock, processor = time.perf_counter(), time.process_time()
    work()
    return time.perf_counter() - clock, time.process_time() - processor


def whole(study: Study, threads: int) -> None:
    """Run the experiment, files included."""
    with tempfile.TemporaryDirectory() as folder:
        run_experiment(study, folder, workers=threads)


def main(points: int = 1_000, replicates: int = 100, rounds: int = 3) -> None:
    """Measure both in turn, and print the quickest of each, by the clock and by the processor."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "overhead.yaml"
        file.write_text(TEXT.format(points=points, replicates=replicates), encoding="utf-8")
        study = load_study(file)
    world, runs = next(iter(study.worlds.values())), points * replicates
    ensemble(world, 2, threads=1)  # compile
    for threads in (1, 2):
        bare, cost = [], []
        for _ in range(rounds):
            bare.append(timed(lambda: ensemble(world, runs, threads=threads)))  # noqa: B023 - called at once
            cost.append(timed(lambda: whole(study, threads)))  # noqa: B023
        for number, kind in enumerate(("clock", "processor")):
            floor, took = min(row[number] for row in bare), min(row[number] for row in cost)
            print(  # noqa: T201 - what it is for
                f"{threads} thread(s), {kind}: bare {floor:.2f} s, experiment {took:.2f} s "
                f"({runs / took:,.0f} runs/s): overhead {took / floor - 1:+.1%}"
            )


if __name__ == "__main__":
    main(*(int(argument) for argument in sys.argv[1:3]))
