"""Measure what a Dask cluster costs beside its work, and work out from that how far a sweep can grow.

Run with ``uv run python -m benchmarks.scale [--quick] [--write]``; with ``--write`` the tables go into
``docs/scale.md``. The same sweep is run in this process and on clusters of this machine whose workers are reached by
loopback. All is measured in processor time, which other work on the machine disturbs little. Larger clusters are
simulated: chunks go to workers as they get free, and their rows come back to one process that writes them down.
"""

from __future__ import annotations

import heapq
import statistics
import sys
import tempfile
import time
from collections import deque
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rich.console import Console

from benchmarks.experiment_overhead import TEXT
from benchmarks.report import Table, write
from benchmarks.timing import machine
from papertiger.experiments.design.loader import load_study
from papertiger.experiments.design.sampling import design_points
from papertiger.experiments.run.chunks import MAX_ROWS, Chunk, Layout, cut, layout
from papertiger.experiments.run.dask import as_completed, connect
from papertiger.experiments.run.manifest import MANIFEST, Part
from papertiger.experiments.run.runner import new_manifest, resolved_form
from papertiger.experiments.run.store import claim, parquet
from papertiger.experiments.run.work import AHEAD, pack, work_packed
from papertiger.experiments.run.worker import Simulator, Task

if TYPE_CHECKING:
    import pyarrow as pa

    from papertiger.experiments.design.study import Study

PAGE = Path(__file__).parent.parent / "docs" / "scale.md"
BYTES_TO_ANALYSE = 14
"""Bytes of memory for each row that an analysis of a sweep needs at most: a column of numbers, and what is beside it.
A test measures it (`tests/experiments/report/test_counting.py`)."""
POINTS = 1_000
"""Design points of the sweeps that are simulated."""


@dataclass(frozen=True)
class Costs:
    """What was measured, in seconds of processor time and in bytes.

    Attributes
    ----------
    row
        Work for one run.
    worker
        What a worker takes for a chunk beside its work.
    hand
        What scheduler and client take for a chunk: hand it out, and take its rows in.
    keep, keep_row, keep_part
        What writing a chunk's rows down takes: for the chunk, for each of its rows, and for each part that is there
        already, since the manifest names all.
    file, sent
        Bytes of a row in a file, and on its way.
    entry
        Bytes of a part in the manifest.
    """

    row: float
    worker: float
    hand: float
    keep: float
    keep_row: float
    keep_part: float
    file: float
    sent: float
    entry: float


def sweep_of(points: int, replicates: int) -> Study:
    """Return the sweep that is measured."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "scale.yaml"
        file.write_text(TEXT.format(points=points, replicates=replicates), encoding="utf-8")
        return load_study(file)


def timed_work(packed: bytes, chunk: Chunk) -> tuple[float, pa.Table]:
    """Return the processor time that a chunk took, and its rows."""
    start = time.thread_time()
    table = work_packed(packed, chunk)
    return time.thread_time() - start, table


@dataclass(frozen=True)
class Seen:
    """What one way of running the sweep took: on the clock, and in processor time by whoever spent it."""

    clock: float
    work: float
    beside_work: float
    hand: float


def here(task: Task, chunks: list[Chunk]) -> Seen:
    """Run chunks in this process."""
    simulator = Simulator(task)
    simulator.table(chunks[0])
    clock, work = time.perf_counter(), time.thread_time()
    for chunk in chunks:
        simulator.table(chunk)
    return Seen(time.perf_counter() - clock, time.thread_time() - work, 0.0, 0.0)


def on_cluster(task: Task, chunks: list[Chunk], workers: int) -> Seen:
    """Run chunks on a cluster of this machine; its scheduler lives in this process."""
    packed = pack(task)
    with connect(None, workers) as client:
        # Each worker loads what it needs before anything is measured.
        client.gather([client.submit(timed_work, packed, chunks[0], pure=False, workers=[name])
                       for name in client.scheduler_info()["workers"]])  # fmt: skip
        before = sum(client.run(time.process_time).values())
        clock, spent, work = time.perf_counter(), time.process_time(), 0.0
        left, waiting = deque(chunks), as_completed(with_results=False)
        for _ in range(min(AHEAD * workers, len(chunks))):
            waiting.add(client.submit(timed_work, packed, left.popleft(), pure=False))
        for future in waiting:
            seconds, _ = future.result()
            work += seconds
            if left:
                waiting.add(client.submit(timed_work, packed, left.popleft(), pure=False))
        clock, spent = time.perf_counter() - clock, time.process_time() - spent
        workers_spent = sum(client.run(time.process_time).values()) - before
    return Seen(clock, work, max(0.0, workers_spent - work), spent)


def writing_costs(study: Study, table: pa.Table, parts: int) -> tuple[float, float]:
    """Return the processor time of writing a chunk down where so many parts are there, and the bytes of an entry."""
    points, resolved = design_points(study), resolved_form(study)
    manifest = new_manifest(study, points, resolved)
    with tempfile.TemporaryDirectory() as folder, claim(Path(folder), manifest, resolved, fresh=False) as place:
        place.start(study.text, resolved, points)
        empty = (place.path / MANIFEST).stat().st_size
        chunks = cut(study.experiment.labels, len(points), study.experiment.replicates, Layout(1, 1))
        place.add(chunks[0], table)
        block = next(iter(manifest.parts.values())).block
        for number in range(1, parts + 1):
            manifest.parts[f"part-{number:05d}.parquet"] = Part("0" * 64, table.num_rows, 0, block)
        start = time.process_time()
        for _ in range(5):
            place.add(chunks[0], table)
        return (time.process_time() - start) / 5, (place.path / MANIFEST).stat().st_size / (parts + 1) - empty / (
            parts + 1
        )


def measure(chunk_count: int, rows: int) -> tuple[Costs, Table]:
    """Run the same sweep in this process and on clusters of this machine."""
    study = sweep_of(rows // 100 * 4, 100 * max(1, chunk_count // 4))
    points = design_points(study)
    chunks = cut(study.experiment.labels, len(points), study.experiment.replicates, Layout(rows // 100, 100))
    chunks = chunks[:chunk_count]
    task = Task.of(study, points, "", {})
    seen = {"this process": here(task, chunks)}
    for workers in (1, 2, 4):
        seen[f"Dask, {workers} worker{'s' if workers > 1 else ''}"] = on_cluster(task, chunks, workers)
    lines = [
        (
            name,
            f"{one.clock:.1f}",
            f"{one.work:.1f}",
            f"{1e3 * one.beside_work / len(chunks):.1f}",
            f"{1e3 * one.hand / len(chunks):.1f}",
            f"{(one.beside_work + one.hand) / one.work:.1%}",
        )
        for name, one in seen.items()
    ]
    columns = (
        "where",
        "seconds on the clock",
        "work, seconds of processor time",
        "a worker beside its work, ms for each chunk",
        "scheduler and client, ms for each chunk",
        "overhead over work",
    )
    total = sum(chunk.rows for chunk in chunks)
    title = f"The same sweep: {total:,} runs in {len(chunks)} chunks of {rows:,} runs"
    table = Simulator(task).table(chunks[0])
    small = table.slice(0, table.num_rows // 10)
    (few, entry), (many, _) = (writing_costs(study, table, parts) for parts in (1, 2_000))
    tiny, _ = writing_costs(study, small, 1)
    clusters = [one for name, one in seen.items() if name != "this process"]
    keep_row = max(0.0, (few - tiny) / (table.num_rows - small.num_rows))
    costs = Costs(
        row=min(one.work for one in seen.values()) / total,
        worker=statistics.median(one.beside_work for one in clusters) / len(chunks),
        hand=statistics.median(one.hand for one in clusters) / len(chunks),
        keep=max(0.0, few - keep_row * table.num_rows),
        keep_row=keep_row,
        keep_part=max(0.0, many - few) / 2_000,
        file=len(parquet(table)) / table.num_rows,
        sent=table.nbytes / table.num_rows,
        entry=entry,
    )
    return costs, Table("measured", title, columns, lines)


@dataclass(frozen=True)
class Outcome:
    """What a simulated sweep takes: seconds, and the shares of them in which workers work and the client is busy."""

    seconds: float
    working: float
    client: float


def simulate(costs: Costs, workers: int, parts: int, rows: float) -> Outcome:
    """Hand chunks to workers as they get free, and let one process write their rows down in turn.

    A worker has `AHEAD` chunks in hand, so that it goes on while the client is busy, as long as it has another.
    """
    task = rows * costs.row + costs.worker
    free = [0.0] * workers
    done: list[tuple[float, int]] = []
    given = 0
    for _ in range(AHEAD):
        for worker in range(workers):
            if given < parts:
                free[worker] += task
                heapq.heappush(done, (free[worker], worker))
                given += 1
    client, busy = 0.0, 0.0
    for kept in range(parts):
        moment, worker = heapq.heappop(done)
        cost = costs.hand + costs.keep + costs.keep_row * rows + costs.keep_part * kept
        client, busy = max(client, moment) + cost, busy + cost
        if given < parts:
            free[worker] = max(free[worker], client) + task
            heapq.heappush(done, (free[worker], worker))
            given += 1
    return Outcome(client, parts * rows * costs.row / (workers * client), busy / client)


def grown(costs: Costs) -> Table:
    """Simulate sweeps of more runs on more workers."""
    lines = []
    for runs in (10**7, 10**8, 10**9):
        size = layout(1, POINTS, runs // POINTS)
        parts = len(cut(("one",), POINTS, runs // POINTS, size))
        rows = runs / parts
        for workers in (10, 100, 1_000):
            outcome = simulate(costs, workers, parts, rows)
            overhead = (costs.worker + costs.hand) / (rows * costs.row)
            lines.append(
                (
                    f"{runs:.0e}".replace("e+0", "e"),
                    f"{workers:,}",
                    f"{parts:,}",
                    f"{rows:,.0f}",
                    duration(outcome.seconds),
                    f"{outcome.working:.0%}",
                    f"{outcome.client:.0%}",
                    f"{overhead:.2%}",
                    weight(runs * costs.file),
                    weight(runs * BYTES_TO_ANALYSE),
                    breaks(outcome, parts / workers, runs),
                )
            )
    columns = (
        "runs", "workers", "parts", "runs in each", "time", "workers at work", "client busy",
        "cluster's overhead over work", "files", "memory of an analysis", "what gives way first",
    )  # fmt: skip
    return Table("grown", "Simulated: larger sweeps on larger clusters", columns, lines)


def breaks(outcome: Outcome, each: float, runs: int) -> str:
    """Return what holds a sweep up first."""
    if runs * BYTES_TO_ANALYSE > 8e9:
        return "memory of an analysis, of one machine"
    if outcome.client > 0.8:
        return "the one process that writes rows down"
    if each < 8:
        return f"balance: {each:.0f} part{'s' if round(each) != 1 else ''} for each worker"
    return "nothing"


def duration(seconds: float) -> str:
    """Return a time in the unit that fits."""
    for size, unit in ((3600.0, "h"), (60.0, "min")):
        if seconds >= size:
            return f"{seconds / size:.1f} {unit}"
    return f"{seconds:.0f} s"


def weight(count: float) -> str:
    """Return a number of bytes in the unit that fits."""
    for size, unit in ((1e9, "GB"), (1e6, "MB")):
        if count >= size:
            return f"{count / size:,.3g} {unit}"
    return f"{count / 1e3:.3g} kB"


def assumptions(costs: Costs) -> Table:
    """Return what the simulation starts from."""
    lines: list[tuple[str, ...]] = [
        ("work for one run", f"{1e6 * costs.row:.0f} µs"),
        ("a worker beside its work, for each chunk", f"{1e3 * costs.worker:.1f} ms"),
        ("scheduler and client, for each chunk", f"{1e3 * costs.hand:.1f} ms"),
        ("writing a chunk down", f"{1e3 * costs.keep:.1f} ms and {1e6 * costs.keep_row:.2f} µs for each of its runs"),
        ("and for each 1,000 parts that are there", f"{1e6 * costs.keep_part:.1f} ms"),
        ("a run in a file", f"{costs.file:.0f} bytes"),
        ("a run on its way", f"{costs.sent:.0f} bytes"),
        ("a part in the manifest", f"{costs.entry:.0f} bytes"),
    ]
    return Table("costs", "What the simulation starts from, in processor time", ("what", "measured"), lines)


def main(arguments: list[str]) -> None:
    """Measure, simulate, print, and write if asked."""
    costs, measured = measure(*((20, 1_000) if "--quick" in arguments else (20, MAX_ROWS)))
    tables: list[Any] = [measured, assumptions(costs), grown(costs)]
    console = Console(width=160)
    for table in tables:
        console.print(table.text())
    if "--write" in arguments:
        write(tables, machine(), PAGE, "scale")


if __name__ == "__main__":
    main(sys.argv[1:])
