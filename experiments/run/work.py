"""Work that any backend can do: what is sent out, and what comes back."""

from __future__ import annotations

import pickle
import threading
import zlib
from functools import lru_cache
from typing import TYPE_CHECKING

from papertiger.experiments.errors import BackendError
from papertiger.experiments.run.worker import Simulator, Task

if TYPE_CHECKING:
    import pyarrow as pa

    from papertiger.experiments.run.chunks import Chunk


MAX_LOSSES = 3
"""Workers are replaced so many times without a single chunk getting done in between; then something is wrong."""


AHEAD = 2
"""Chunks handed out per worker: one to do and one to go on with."""


_SIMULATORS = threading.local()


@lru_cache(maxsize=2)
def _unpacked(packed: bytes) -> Task:
    task: Task = pickle.loads(zlib.decompress(packed))  # nosec B301 - from the process that started this worker
    task.check_code()
    return task


def unpack(packed: bytes) -> None:
    """Read a task in a worker, before any chunk is handed out.

    Raises
    ------
    BackendError
        If the worker lacks a module that the task needs, a file with a measure of one's own for example.
    """
    try:
        _unpacked(packed)
    except (ImportError, AttributeError) as error:
        raise BackendError(
            f"a worker cannot find what the experiment needs: {error}. A module with measures or rules of your own "
            "must be importable in the worker: install it there, or put its folder on PYTHONPATH"
        ) from None


def work_packed(packed: bytes, chunk: Chunk) -> pa.Table:
    """Return the rows of a chunk; what a worker process or a cluster's worker runs.

    Parameters
    ----------
    packed
        The task, see `pack`.
    chunk
        What to run.
    """
    held: tuple[bytes, Simulator] | None = getattr(_SIMULATORS, "held", None)
    if held is None or held[0] != packed:
        held = (packed, Simulator(_unpacked(packed)))
        _SIMULATORS.held = held
    return held[1].table(chunk)


def pack(task: Task) -> bytes:
    """Return a task as bytes that can be sent with every chunk.

    A measure that was defined in a notebook or a script goes along by value, since no worker could import it.

    Raises
    ------
    BackendError
        If something in the task cannot be sent, an open file in a measure for example.
    """
    import cloudpickle  # noqa: PLC0415 - only where chunks leave this process

    try:
        return zlib.compress(cloudpickle.dumps(task), 6)
    except (TypeError, AttributeError, pickle.PicklingError, RecursionError) as error:
        raise BackendError(
            f"the experiment cannot be sent to another process: {error}. Use the backend 'here', or keep open files, "
            "locks and connections out of measures and rules"
        ) from None
