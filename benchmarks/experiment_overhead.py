"""What running an experiment costs over the bare ensemble: 1,000 points of 100 replicates each.

The bare ensemble gets each point's numbers as a setting that is ready, so that what is compared is the months alone:
its time is the floor. Run with ``python -m benchmarks.experiment_overhead [POINTS] [REPLICATES]``.
"""

from __future__ import annotations

import sys
import tempfile
import time
from pathlib import Path

from experiments.designs import Points, design_points
from experiments.loader import load_study
from experiments.runner import run_experiment
from experiments.study import Study
from model.ensemble import ensemble
from model.setting import Template

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


def bare(study: Study, points: Points, threads: int) -> float:
    """Return the seconds that the same number of runs takes without points, measures and files."""
    world = next(iter(study.worlds.values()))
    runs = len(points) * study.experiment.replicates
    Template(world)
    started = time.perf_counter()
    ensemble(world, runs, study.experiment.seed, threads=threads)
    return time.perf_counter() - started


def whole(study: Study, threads: int) -> float:
    """Return the seconds that the experiment takes, files included."""
    with tempfile.TemporaryDirectory() as folder:
        started = time.perf_counter()
        run_experiment(study, folder, workers=threads)
        return time.perf_counter() - started


def main(points: int = 1_000, replicates: int = 100, rounds: int = 3) -> None:
    """Measure both in turn, and print the quickest of each."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "overhead.yaml"
        file.write_text(TEXT.format(points=points, replicates=replicates), encoding="utf-8")
        study = load_study(file)
    made = design_points(study)
    ensemble(next(iter(study.worlds.values())), 2, threads=1)  # compile
    for threads in (1, 2):
        floors, costs = [], []
        for _ in range(rounds):
            floors.append(bare(study, made, threads))
            costs.append(whole(study, threads))
        floor, cost = min(floors), min(costs)
        runs = points * replicates
        print(  # noqa: T201 - what it is for
            f"{threads} thread(s): bare {floor:.2f} s ({runs / floor:,.0f} runs/s), "
            f"experiment {cost:.2f} s ({runs / cost:,.0f} runs/s): overhead {cost / floor - 1:+.1%}"
        )


if __name__ == "__main__":
    main(*(int(argument) for argument in sys.argv[1:3]))
