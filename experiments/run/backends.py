"""Choose who carries out the chunks: threads of this process, processes of this machine, or a Dask cluster.

Workers send back tables of rows and write nothing; the same rows come whichever is used. A worker that is lost costs
the chunks it had in hand, which are done again.
"""

from __future__ import annotations

import os
import threading
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from typing import TYPE_CHECKING, Literal

from papertiger.experiments.errors import BackendError
from papertiger.experiments.run.lifeline import WorkerPool
from papertiger.experiments.run.startup import refuse_start_in_worker, why_workers_fail
from papertiger.experiments.run.work import AHEAD, MAX_LOSSES, pack, unpack, work_packed
from papertiger.experiments.run.worker import Simulator, Task

if TYPE_CHECKING:
    import pyarrow as pa

    from papertiger.experiments.run.chunks import Chunk

type Backend = Literal["here", "processes", "dask"]
type Done = Iterator[tuple[Chunk, pa.Table]]

BACKENDS = ("here", "processes", "dask")
MAX_WORKERS = 1_000


def run_chunks(task: Task, chunks: Sequence[Chunk], backend: Backend, workers: int, cluster: str | None) -> Done:
    """Yield the rows of chunks, in the order in which they get done.

    Parameters
    ----------
    task
        What workers need to know.
    chunks
        What is to be done.
    backend
        Who does it.
    workers
        How many threads or processes; a cluster at an address has as many as it has.
    cluster
        Address of a Dask scheduler; blank starts a cluster of this machine.

    Raises
    ------
    BackendError
        If there are no workers, or they are lost again and again.
    """
    if not chunks:
        return iter(())
    match backend:
        case "here":
            return _here(task, chunks, workers)
        case "processes":
            return _processes(task, chunks, workers)
        case _:
            return _dask(task, chunks, workers, cluster)


def _in_turn(submit: Callable[[Chunk], Future[pa.Table]], chunks: deque[Chunk], window: int) -> Done:
    """Hand out chunks as others get done; on the way out, what was not done is back in `chunks`."""
    pending: dict[Future[pa.Table], Chunk] = {}
    try:
        while chunks or pending:
            while chunks and len(pending) < window:
                chunk = chunks.popleft()
                try:
                    pending[submit(chunk)] = chunk
                except BaseException:
                    chunks.appendleft(chunk)
                    raise
            done, _ = wait(pending, return_when=FIRST_COMPLETED)
            for future in sorted(done, key=lambda one: pending[one].number):
                table = future.result()
                yield pending.pop(future), table
    finally:
        chunks.extendleft(sorted(pending.values(), key=lambda chunk: -chunk.number))
        for future in pending:
            future.cancel()


# Threads


def _here(task: Task, chunks: Sequence[Chunk], workers: int) -> Done:
    mine = threading.local()
    Simulator(task).warm_up()

    def work(chunk: Chunk) -> pa.Table:
        if not hasattr(mine, "simulator"):
            mine.simulator = Simulator(task)
        return mine.simulator.table(chunk)

    with ThreadPoolExecutor(workers) as pool:
        try:
            yield from _in_turn(lambda chunk: pool.submit(work, chunk), deque(chunks), AHEAD * workers)
        finally:
            pool.shutdown(wait=True, cancel_futures=True)


# Processes


def _processes(task: Task, chunks: Sequence[Chunk], workers: int) -> Done:
    refuse_start_in_worker()
    # Compiled code is kept on disk: one process compiles, the others load it.
    Simulator(task).warm_up()
    packed = pack(task)
    left, losses = deque(chunks), 0
    started = False
    while left:
        pool = WorkerPool(workers)
        try:
            if not started:
                pool.submit(unpack, packed).result()
                started = True
            for done in _in_turn(lambda chunk: pool.submit(work_packed, packed, chunk), left, AHEAD * workers):  # noqa: B023
                losses = 0
                yield done
        except BrokenProcessPool:
            if not started:
                raise BackendError(f"worker processes cannot start: {why_workers_fail()}") from None
            losses += 1
            if losses > MAX_LOSSES:
                raise BackendError(
                    f"worker processes were lost {losses} times in a row; is there enough memory? "
                    "What is finished stays; fewer --workers need less"
                ) from None
        finally:
            pool.shutdown(wait=True, cancel_futures=True)


# Dask


def _dask(task: Task, chunks: Sequence[Chunk], workers: int, address: str | None) -> Done:
    from papertiger.experiments.run.dask import connect, run_on_cluster  # noqa: PLC0415 - distributed is slow to import

    with connect(address, workers) as client:
        yield from run_on_cluster(client, pack(task), chunks)


def cores() -> int:
    """Return how many workers to use when nobody says."""
    return os.process_cpu_count() or 1 if hasattr(os, "process_cpu_count") else os.cpu_count() or 1
