"""Work that any backend can do: what is sent out, and what comes back."""

from __future__ import annotations

import pickle
import threading
import zlib
from functools import lru_cache
from typing import TYPE_CHECKING

from papertiger.experiments.run.worker import Simulator, Task

if TYPE_CHECKING:
    import pyarrow as pa

    from papertiger.experiments.run.chunks import Chunk
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pyarrow as pa

    from papertiger.experiments.run.chunks import Chunk


MOST_LOSSES = 3
"""Workers are replaced so many times without a single chunk getting done in between; then something is wrong."""


AHEAD = 2
"""Chunks handed out per worker: one to do and one to go on with."""


_SIMULATORS = threading.local()


@lru_cache(maxsize=2)
def _unpacked(packed: bytes) -> Task:
    task: Task = pickle.loads(zlib.decompress(packed))
    return task


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
    """Return a task as bytes that can be sent with every chunk."""
    return zlib.compress(pickle.dumps(task, protocol=pickle.HIGHEST_PROTOCOL), 6)
