"""Measure everything in one run: ``uv run python -m benchmarks`` (about a quarter of an hour on two cores).

With ``--quick`` the same in a minute, too coarse to publish; with ``--write`` the figures go into
``docs/performance.md``. Single-threaded work is measured in processor time, the rest on the clock.
"""

from __future__ import annotations

import os
import statistics
import sys
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from rich.console import Console

from benchmarks.floor import Need, need_of, run_floor
from benchmarks.numpy_version import run_replay
from benchmarks.report import Table, write
from benchmarks.timing import (
    both_seconds,
    cpu_seconds,
    in_a_fresh_process,
    interleaved,
    machine,
    ratio,
    slope,
    wall_seconds,
)
from papertiger import scenarios
from papertiger.model.agents.world import World
from papertiger.model.ensemble.batches import Job, make_kept, make_moving
from papertiger.model.ensemble.checkpoint import checkpoint
from papertiger.model.ensemble.ensemble import ensemble
from papertiger.model.ensemble.kernel import Kept, Moving
from papertiger.scenarios import Scenario
from tests.model.networks import generated_network

BASE = "partners_2020"
ONE, ALL = "the ensemble, 1 thread", "the ensemble, all threads"
MESA_ONE, MESA_ALL = "Mesa's batch_run, 1 process", "Mesa's batch_run, all cores"
NUMPY, FLOOR, SINGLE = "NumPy over runs", "floor: draws and exponentials", "the same floor, one draw at a time"


@dataclass(frozen=True)
class Sizes:
    """How much work each measurement does."""

    rounds: int
    runs: int
    mesa_runs: int
    numpy_runs: int
    scaling: tuple[int, ...]
    large: int
    memory: tuple[int, int]


FULL = Sizes(5, 20_000, 16, 8_000, (1_000, 10_000, 100_000, 1_000_000), 100_000, (100_000, 1_000_000))
QUICK = Sizes(2, 1_000, 2, 1_000, (500, 1_000, 2_000), 2_000, (1_000, 2_000))


def batch_run(runs: int, processes: int | None) -> None:
    """Let Mesa's batch runner make some runs of the reference model."""
    from mesa.batchrunner import batch_run as mesas  # noqa: PLC0415 - only this measurement needs it

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        mesas(
            World,
            parameters={"scenario": [BASE]},
            rng=list(range(runs)),
            number_processes=processes,
            display_progress=False,
        )


def engines(sizes: Sizes) -> tuple[Table, Need]:
    """Measure all engines side by side."""
    case = scenarios.load(BASE)
    small = ensemble(case, 200, keep="levels", threads=1)
    need, tables = need_of(small), small.plan.job.tables
    cores = os.cpu_count() or 1
    run_floor(need, 1)
    run_floor(need, 1, one_by_one=True)
    work: dict[str, tuple[int, Callable[[], object]]] = {
        MESA_ONE: (sizes.mesa_runs, lambda: batch_run(sizes.mesa_runs, 1)),
        MESA_ALL: (sizes.mesa_runs, lambda: batch_run(sizes.mesa_runs, None)),
        NUMPY: (sizes.numpy_runs, lambda: run_replay(tables, sizes.numpy_runs, 1)),
        ONE: (sizes.runs, lambda: ensemble(case, sizes.runs, threads=1)),
        ALL: (sizes.runs, lambda: ensemble(case, sizes.runs, threads=cores)),
        FLOOR: (sizes.runs, lambda: run_floor(need, sizes.runs)),
        SINGLE: (sizes.runs, lambda: run_floor(need, sizes.runs, one_by_one=True)),
    }
    costs = interleaved({name: partial(both_seconds, do) for name, (_, do) in work.items()}, sizes.rounds)
    clock = {name: [seconds / work[name][0] for seconds, _ in pairs] for name, pairs in costs.items()}
    processor = {name: [seconds / work[name][0] for _, seconds in pairs] for name, pairs in costs.items()}
    rows = [
        (
            name,
            f"{1 / min(clock[name]):,.0f}",
            f"{ratio(clock, name, ONE):.3g}",
            f"{statistics.median(processor[name]) * 1e6:,.1f}",
            f"{ratio(processor, name, ONE):.3g}",
        )
        for name in work
    ]
    columns = (
        "what runs",
        "runs per second on the clock, best round",
        "time on the clock against one thread",
        "microseconds of processor time per run",
        "processor time against one thread",
    )
    return Table("engines", "Engines side by side, 17 clients and 96 months of replay", columns, rows), need


def floor_by_processor_time(sizes: Sizes, need: Need) -> Table:
    """Hold one thread against the floor in processor time, in pairs."""
    job = ensemble(BASE, 1).plan.job
    kept, moving = _rooms(job)
    times = interleaved(
        {
            ONE: lambda: cpu_seconds(lambda: job.run(kept, 0, sizes.runs, moving)),
            FLOOR: lambda: cpu_seconds(lambda: run_floor(need, sizes.runs)),
            SINGLE: lambda: cpu_seconds(lambda: run_floor(need, sizes.runs, one_by_one=True)),
        },
        2 * sizes.rounds + 1,
    )
    rows = [
        (name, f"{statistics.median(costs) / sizes.runs * 1e6:.1f}", f"{ratio(times, ONE, name):.2f}")
        for name, costs in times.items()
    ]
    columns = ("what runs", "microseconds of processor time per run", "the ensemble's cost against it")
    return Table("floor", "One thread against the floor", columns, rows)


def _rooms(job: Job) -> tuple[Kept, Moving]:
    return make_kept(job.tables), make_moving(job.tables, shared=True)


def cpu_of(job: Job, runs: int) -> float:
    """Return the processor time of some runs in this thread."""
    kept, moving = _rooms(job)
    return cpu_seconds(lambda: job.run(kept, 0, runs, moving))


def by_size(
    name: str,
    title: str,
    label: str,
    sizes: tuple[int, ...],
    make: Callable[[int], tuple[Scenario, int]],
    rounds: int,
) -> Table:
    """Measure one thread's processor time against a size, with the slope in logarithms."""
    costs = []
    for size in sizes:
        case, runs = make(size)
        costs.append((runs, statistics.median(cpu_of(ensemble(case, 1).plan.job, runs) for _ in range(rounds))))
    per = [seconds if name == "runs" else seconds / runs for runs, seconds in costs]
    rows = [
        (f"{size:,}", f"{seconds:.3g}", f"{seconds / runs * 1e6:,.1f}")
        for size, (runs, seconds) in zip(sizes, costs, strict=True)
    ]
    rows.append(("slope, all", f"{slope(sizes, per):.2f}", ""))
    if name == "clients":
        wide = [(size, cost) for size, cost in zip(sizes, per, strict=True) if size >= 17]
        rows.append(("slope from 17 on", f"{slope(*zip(*wide, strict=True)):.2f}", ""))
    return Table(name, title, (label, "seconds of processor time", "microseconds per run"), rows)


def against_sizes(sizes: Sizes) -> list[Table]:
    """Measure the cost against runs, clients and months."""
    quick = sizes is QUICK
    base = scenarios.load(BASE)
    runs = 50 if quick else 500
    return [
        by_size("runs", "Cost against runs", "runs", sizes.scaling, lambda size: (base, size), 1 if quick else 3),
        by_size(
            "clients",
            "Cost against clients: made-up networks in replay, 96 months",
            "clients",
            (8, 17, 50, 100, 200),
            lambda size: (generated_network(size, months=96), runs),
            3,
        ),
        by_size(
            "generative",
            "The same in generative months",
            "clients",
            (8, 17, 50, 100, 200),
            lambda size: (generated_network(size, months=96, mode="generative"), runs),
            3,
        ),
        by_size(
            "months",
            "Cost against months: made-up networks of 17 clients in replay",
            "months",
            (12, 24, 48, 96),
            lambda size: (generated_network(17, months=size), 4 * runs),
            3,
        ),
    ]


MEMORY = """
import re
from pathlib import Path
from papertiger.model.ensemble.ensemble import ensemble
ensemble("{base}", {runs}, keep=("bands", "ledger"))
# Not by getrusage, which counts the process that started this one, too.
print(re.search("VmHWM:\\s+([0-9]+) kB", Path("/proc/self/status").read_text())[1])
"""
COLD = """
from papertiger.model.ensemble.ensemble import ensemble
ensemble("{base}", 1)
import sys
assert "mesa" not in sys.modules
"""


def in_use(sizes: Sizes) -> Table:
    """Measure what a user waits for, and the memory that it takes."""
    case, cores = scenarios.load(BASE), os.cpu_count() or 1
    world = World(case, collect=False)
    while len(world.setting.months) - world.month > 25:
        world.step()
    start = checkpoint(world)
    # Short pieces, many times: on a shared machine some of them find all cores free.
    piece = max(500, sizes.runs // 10)
    threads = interleaved(
        {
            "one": lambda: wall_seconds(lambda: ensemble(case, piece, threads=1)),
            "all": lambda: wall_seconds(lambda: ensemble(case, piece, threads=cores)),
        },
        12 * sizes.rounds,
    )
    large = [both_seconds(lambda: ensemble(case, sizes.large)) for _ in range(3)]
    forecast = [wall_seconds(lambda: ensemble(case, 2_000, start=start)) for _ in range(2 * sizes.rounds + 1)]
    cold = min(in_a_fresh_process(COLD.format(base=BASE))[1] for _ in range(sizes.rounds))
    rows = [
        (f"{sizes.large:,} runs, all threads, on the clock, best", f"{min(large)[0]:.2f} s"),
        ("the same, processor time of all threads together", f"{statistics.median(cpu for _, cpu in large):.2f} s"),
        (f"{cores} threads against one: times faster, median", f"{ratio(threads, 'one', 'all'):.2f}"),
        (
            f"{cores} threads against one: times faster, best rounds",
            f"{min(threads['one']) / min(threads['all']):.2f}",
        ),
        ("2,000 continuations of 24 months, warm, best", f"{min(forecast):.3f} s"),
        ("the same, median", f"{statistics.median(forecast):.3f} s"),
        ("a fresh process with compiled code on disk, to the first run", f"{cold:.2f} s"),
    ]
    for runs in sizes.memory:
        (words, _) = in_a_fresh_process(MEMORY.format(base=BASE, runs=runs))
        rows.append((f"peak memory of {runs:,} runs with bands and ledger", f"{int(words[0]) / 1024:,.0f} MB"))
    return Table("use", "In use", ("what", "measured"), rows)


def main() -> None:
    """Measure, print, and write if asked."""
    sizes = QUICK if "--quick" in sys.argv else FULL
    console = Console(width=118)
    console.print(machine())
    side_by_side, need = engines(sizes)
    tables = [side_by_side]
    console.print(side_by_side.text())
    for table in (floor_by_processor_time(sizes, need), in_use(sizes), *against_sizes(sizes)):
        tables.append(table)
        console.print(table.text())
    if "--write" in sys.argv:
        write(tables, machine())


if __name__ == "__main__":
    main()
