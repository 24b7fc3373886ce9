"""Carry out chunks on a Dask cluster, one that is there or one of this machine."""

from __future__ import annotations

import contextlib
import logging
import signal
import threading
from collections import deque
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

import distributed
from distributed import KilledWorker
from distributed.client import FutureCancelledError
from distributed.utils import LoopRunner

from papertiger.experiments.errors import BackendError
from papertiger.experiments.run.provenance import model_hash
from papertiger.experiments.run.startup import refuse_start_in_worker, why_workers_fail
from papertiger.experiments.run.work import AHEAD, MAX_LOSSES, unpack, work_packed

# The package is typed in part only.
Client: Any = distributed.Client
LocalCluster: Any = distributed.LocalCluster
as_completed: Any = distributed.as_completed

if TYPE_CHECKING:
    import pyarrow as pa

    from papertiger.experiments.run.chunks import Chunk

WAIT = "30s"
"""How long to wait for a scheduler, and for its first worker."""


@contextlib.contextmanager
def connect(address: str | None, workers: int) -> Iterator[Any]:
    """Connect with a cluster whose workers run the same model.

    Parameters
    ----------
    address
        Of the scheduler; blank starts a cluster of this machine, and stops it on the way out.
    workers
        How many a cluster of this machine gets.

    Raises
    ------
    BackendError
        If nobody answers, no worker comes, or a worker has another version of the model.
    """
    with contextlib.ExitStack() as stack:
        loop = stack.enter_context(event_loop())
        try:
            if address is None:
                client = stack.enter_context(Client(stack.enter_context(_local(workers, loop)), loop=loop))
            else:
                client = stack.enter_context(Client(address, timeout=WAIT, loop=loop))
        # A runtime error is an address in the clear where encryption is required.
        except (OSError, ValueError, TypeError, RuntimeError) as error:
            if address is None:
                raise BackendError(f"a Dask cluster of this machine cannot start: {error}") from None
            raise BackendError(f"--cluster {address}: no Dask scheduler answers there: {error}") from None
        try:
            client.wait_for_workers(1, timeout=30)
        except TimeoutError:
            raise BackendError(f"the Dask cluster {address or ''} has no workers") from None
        _same_model(client)
        yield client


WITHOUT_PAGES: dict[str, Any] = {
    "dashboard_address": None,
    "scheduler_kwargs": {"dashboard_address": "127.0.0.1:0"},
}
"""How a scheduler is started without pages: it serves its health all the same, on port 8787 unless told otherwise,
and warns where another one has that port."""


LOOP_STARTS = 6
"""How often the thread of an event loop is started before a cluster is called impossible."""


@contextlib.contextmanager
def event_loop() -> Iterator[Any]:
    """Start the event loop of a cluster and its client.

    Dask waits ten seconds for the thread of its loop and then fails an assertion. A machine that is busy elsewhere
    may need longer, so the loop is started here, with patience, and given to both.
    """
    runner_type: Any = LoopRunner  # typed in part only
    for _ in range(LOOP_STARTS):
        runner = runner_type(asynchronous=False)
        with contextlib.suppress(AssertionError):
            runner.start()
            break
    else:
        raise BackendError("this machine is too busy to start the thread of a Dask cluster")
    try:
        yield runner.loop
    finally:
        runner.stop()


def _local(workers: int, loop: Any) -> Any:
    """Start a cluster of this machine whose processes leave Ctrl-C to this one."""
    refuse_start_in_worker()
    main = threading.current_thread() is threading.main_thread()
    # What is ignored when a process starts stays ignored in it.
    before = signal.signal(signal.SIGINT, signal.SIG_IGN) if main else None
    try:
        return LocalCluster(
            n_workers=workers, threads_per_worker=1, silence_logs=logging.ERROR, loop=loop, **WITHOUT_PAGES
        )
    except RuntimeError as error:
        # A nanny whose worker process ended says only that it failed to start.
        raise BackendError(f"the workers of a Dask cluster cannot start: {why_workers_fail()} ({error})") from None
    finally:
        if main:
            signal.signal(signal.SIGINT, before)


def _expected() -> str:
    """Return the hash of the model that the workers must have."""
    return model_hash()


def _same_model(client: Any) -> None:
    try:
        hashes: dict[str, Any] = client.run(model_hash)
    except Exception as error:
        reason = f"{type(error).__name__}: {error}"
        raise BackendError(f"the workers of the cluster cannot run papertiger ({reason}); install it there") from None
    others = sorted(worker for worker, sha in hashes.items() if sha != _expected())
    if others:
        raise BackendError(f"the worker {others[0]} has another version of the model; install the same one there")


def run_on_cluster(client: Any, packed: bytes, chunks: Sequence[Chunk]) -> Iterator[tuple[Chunk, pa.Table]]:
    """Yield the rows of chunks, in the order in which they get done.

    Parameters
    ----------
    client
        Connected with the cluster.
    packed
        What workers need to know.
    chunks
        What is to be done.

    Raises
    ------
    BackendError
        If workers are lost again and again over the same chunk.
    """
    client.submit(unpack, packed, pure=False).result()
    left, losses = deque(chunks), 0
    pending: dict[str, Chunk] = {}
    waiting = as_completed(with_results=False)
    while left or pending:
        threads = sum(client.ncores().values()) or 1
        while left and len(pending) < AHEAD * threads:
            chunk = left.popleft()
            # A name of its own keeps Dask from taking the rows of an earlier call.
            future = client.submit(work_packed, packed, chunk, pure=False)
            pending[future.key] = chunk
            waiting.add(future)
        future = next(waiting)
        chunk = pending.pop(future.key)
        try:
            table = future.result()
        except (KilledWorker, FutureCancelledError):
            losses += 1
            if losses > MAX_LOSSES:
                raise BackendError(
                    f"workers of the cluster were lost {losses} times in a row; is there enough memory? "
                    "What is finished stays"
                ) from None
            left.appendleft(chunk)
            continue
        losses = 0
        yield chunk, table
