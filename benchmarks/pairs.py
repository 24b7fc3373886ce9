"""Hold the ensemble of this checkout against that of another, in pairs: ``python -m benchmarks.pairs OTHER``.

OTHER is the folder of another checkout with an environment of its own (``uv sync`` in it). Both run the base network
in one thread, in turn and in processes of their own, and the ratio is the median over the rounds. The floor is
measured in the same minutes. With ``--write`` the table goes into ``docs/performance.md``.
"""

from __future__ import annotations

import statistics
import subprocess
import sys
from pathlib import Path

from rich.console import Console

from benchmarks.floor import need_of, run_floor
from benchmarks.report import Table, write
from benchmarks.timing import cpu_seconds, interleaved, machine, ratio
from papertiger.model.ensemble.ensemble import ensemble

BASE, RUNS, ROUNDS = "partners_2020", 2_000, 5
HERE, THERE = "this commit", "the commit that it is held against"
FLOOR, SINGLE = "floor: draws and exponentials, runs beside each other", "the same floor, one draw at a time"

CODE = """
import time
from papertiger.model.ensemble.ensemble import ensemble
ensemble("{base}", runs=10, threads=1)
costs = []
for _ in range(3):
    start = time.process_time()
    ensemble("{base}", runs={runs}, threads=1)
    costs.append(time.process_time() - start)
print(min(costs))
"""


def seconds_of(checkout: Path) -> float:
    """Return the processor time of some runs in the environment of a checkout: the best of three in one process."""
    python = checkout / ".venv" / ("Scripts" if sys.platform == "win32" else "bin") / "python"
    code = CODE.format(base=BASE, runs=RUNS)
    done = subprocess.run([str(python), "-c", code], cwd=checkout, capture_output=True, text=True, check=True)
    return float(done.stdout)


def main(other: str, *more: str) -> None:
    """Measure in turn, print, and write if asked."""
    need = need_of(ensemble(BASE, 200, keep="levels", threads=1))
    run_floor(need, 1)
    run_floor(need, 1, one_by_one=True)
    times = interleaved(
        {
            HERE: lambda: seconds_of(Path(__file__).parents[1]),
            THERE: lambda: seconds_of(Path(other)),
            FLOOR: lambda: cpu_seconds(lambda: run_floor(need, RUNS)),
            SINGLE: lambda: cpu_seconds(lambda: run_floor(need, RUNS, one_by_one=True)),
        },
        ROUNDS,
    )
    rows = [
        (name, f"{statistics.median(costs) / RUNS * 1e6:.1f}", f"{ratio(times, HERE, name):.2f}")
        for name, costs in times.items()
    ]
    columns = ("what runs", "microseconds of processor time per run", "this commit's cost against it")
    table = Table("pairs", f"In pairs: {BASE}, {RUNS:,} runs in one thread, {ROUNDS} rounds", columns, rows)
    Console(width=118).print(table.text())
    if "--write" in more:
        write([table], machine(), block="pairs")


if __name__ == "__main__":
    main(*sys.argv[1:])
