"""What running an experiment costs over the bare ensemble: 1,000 points of 100 replicates each.

Two floors: the same sweep as a loop over `papertiger.model.ensemble.ensemble.ensemble`, which counts shares of
postures and keeps
nothing, and as many runs of a single point in one call, which no sweep can reach, since each point has its own
figures. Run with ``python -m benchmarks.experiment_overhead [POINTS] [REPLICATES] [ROUNDS]``.
"""

from __future__ import annotations

import statistics
import sys
import tempfile
from collections import deque
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path

from benchmarks.timing import both_seconds, interleaved, ratio
from papertiger.experiments.design.loader import load_study
from papertiger.experiments.design.sampling import design_points
from papertiger.experiments.design.study import Study
from papertiger.experiments.run.runner import run_experiment
from papertiger.model.ensemble.ensemble import ensemble

SWEEP, ONE_POINT, WHOLE = "bare sweep", "one point", "the experiment"

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


def whole(study: Study, threads: int) -> None:
    """Run the experiment, files included."""
    with tempfile.TemporaryDirectory() as folder:
        run_experiment(study, folder, workers=threads)


def bare_sweep(study: Study, points: int, replicates: int, threads: int) -> None:
    """Run the same points by the ensemble alone, each in a thread of its own."""
    world, design = next(iter(study.worlds.values())), design_points(study)

    def run(point: int) -> None:
        ensemble(world, replicates, seed=study.experiment.seed, values=design.at(point), threads=1)

    with ThreadPoolExecutor(threads) as pool:
        deque(pool.map(run, range(points)), maxlen=0)


def main(points: int = 1_000, replicates: int = 100, rounds: int = 5) -> None:
    """Measure all in turn, and print the medians over rounds of what the experiment takes more."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "overhead.yaml"
        file.write_text(TEXT.format(points=points, replicates=replicates), encoding="utf-8")
        study = load_study(file)
    world = next(iter(study.worlds.values()))
    ensemble(world, 2, threads=1)  # compile
    for threads in (1, 2):
        costs = interleaved(
            {
                SWEEP: partial(both_seconds, partial(bare_sweep, study, points, replicates, threads)),
                WHOLE: partial(both_seconds, partial(whole, study, threads)),
                ONE_POINT: partial(both_seconds, partial(ensemble, world, points * replicates, threads=threads)),
            },
            rounds,
        )
        for number, kind in enumerate(("clock", "processor")):
            seconds = {name: [row[number] for row in rows] for name, rows in costs.items()}
            for floor in (SWEEP, ONE_POINT):
                more = [
                    f"{took / least - 1:+.1%}" for took, least in zip(seconds[WHOLE], seconds[floor], strict=True)
                ]
                print(  # noqa: T201 - what it is for
                    f"{threads} thread(s), {kind}: experiment {statistics.median(seconds[WHOLE]):.2f} s, {floor} "
                    f"{statistics.median(seconds[floor]):.2f} s: overhead {ratio(seconds, WHOLE, floor) - 1:+.1%} "
                    f"({', '.join(more)})"
                )


if __name__ == "__main__":
    main(*(int(argument) for argument in sys.argv[1:4]))
