"""Tie worker processes to the process that started them, so that none outlives it, however it ended.

A child of `multiprocessing` that was spawned holds one end of a pipe (on Windows: a handle) of its parent, its
sentinel. The system closes the other end when the parent ends, by `kill -9`, too. A thread of the child waits for
that and ends the child at once. This works on Linux, macOS and Windows alike; ``PR_SET_PDEATHSIG`` is Linux alone,
and follows the thread that started the child and not the process.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from contextlib import contextmanager
from multiprocessing.connection import wait
from typing import Any

LOST = 1
"""Exit code of a child whose parent has gone."""


def end_with_parent() -> None:
    """Leave Ctrl-C to the parent process, and end this process as soon as the parent has ended."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    parent = multiprocessing.parent_process()
    if parent is not None:
        threading.Thread(target=_follow, args=(parent.sentinel,), name="lifeline", daemon=True).start()


def _follow(sentinel: int) -> None:
    wait([sentinel])
    os._exit(LOST)


class WorkerPool(ProcessPoolExecutor):
    """Run work in spawned processes that end with this one and leave Ctrl-C to it.

    Parameters
    ----------
    workers
        How many processes.
    """

    def __init__(self, workers: int) -> None:
        super().__init__(workers, mp_context=multiprocessing.get_context("spawn"), initializer=end_with_parent)

    def submit[T](self, fn: Callable[..., T], /, *args: Any, **kwargs: Any) -> Future[T]:
        """Hand out work; this is where processes are started."""
        with interrupts_held():
            return super().submit(fn, *args, **kwargs)


@contextmanager
def interrupts_held() -> Iterator[None]:
    """Hold Ctrl-C back, so that a process started meanwhile never sees it; the interrupt comes afterwards.

    A process that was just started has not yet said that it leaves Ctrl-C to its parent, and would answer with a
    traceback. What is blocked as it starts stays blocked in it.
    """
    if not hasattr(signal, "pthread_sigmask"):  # Windows
        yield
        return
    from multiprocessing import resource_tracker  # noqa: PLC0415 - not on Windows

    resource_tracker.ensure_running()  # or it would begin meanwhile, and let interrupts through again
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
