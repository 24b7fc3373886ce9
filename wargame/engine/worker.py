"""Compute replays and fans, in this process or in a worker beside it.

The worker is one process that keeps the compiled ensemble warm. A server holds a `Worker`, so that it imports
neither the compiler nor Mesa and its memory stays small; if the worker dies, the next request starts another, and if
the server dies, so does the worker.
"""

from __future__ import annotations

from concurrent.futures.process import BrokenProcessPool
from threading import Lock
from typing import TYPE_CHECKING, Any, Protocol

from papertiger.experiments.run.lifeline import WorkerPool

if TYPE_CHECKING:
    from collections.abc import Callable
    from concurrent.futures import Future

    from papertiger.wargame.engine.fan import Fan, FanRequest
    from papertiger.wargame.engine.replay import Replay
    from papertiger.wargame.rules.request import ReplayRequest


class Engine(Protocol):
    """Compute replays and fans."""

    def replay(self, request: ReplayRequest) -> Replay:
        """Return the replay that a request asks for."""
        ...

    def fan(self, request: FanRequest) -> Fan:
        """Return the fan that a request asks for."""
        ...

    def close(self) -> None:
        """Let go of what the engine holds."""


class LocalEngine:
    """An engine in this process: for scripts, rehearsals and tests."""

    def replay(self, request: ReplayRequest) -> Replay:
        """Return the replay that a request asks for."""
        return _replay(request)

    def fan(self, request: FanRequest) -> Fan:
        """Return the fan that a request asks for."""
        return _fan(request)

    def close(self) -> None:
        """Do nothing: there is nothing to let go of."""


class Worker:
    """An engine in a process of its own. Safe to use from several threads; requests queue.

    Parameters
    ----------
    warm
        Begin at once to import and to load the compiled code, without waiting for it.
    """

    def __init__(self, *, warm: bool = True) -> None:
        self._lock = Lock()
        self._pool: WorkerPool | None = None
        if warm:
            self._submit(_warm)

    def replay(self, request: ReplayRequest) -> Replay:
        """Return the replay that a request asks for."""
        replay: Replay = self._ask(_replay, request)
        return replay

    def fan(self, request: FanRequest) -> Fan:
        """Return the fan that a request asks for."""
        fan: Fan = self._ask(_fan, request)
        return fan

    def close(self) -> None:
        """Stop the worker."""
        with self._lock:
            pool, self._pool = self._pool, None
        if pool is not None:
            pool.shutdown(wait=True, cancel_futures=True)

    def _submit(self, work: Callable[..., Any], *arguments: Any) -> Future[Any]:
        with self._lock:
            if self._pool is None:
                self._pool = WorkerPool(1)
            return self._pool.submit(work, *arguments)

    def _ask(self, work: Callable[..., Any], request: Any) -> Any:
        try:
            return self._submit(work, request).result()
        except BrokenProcessPool:
            # A worker that was killed, or ran out of memory. A request changes nothing, so it is simply made again.
            with self._lock:
                self._pool = None
            return self._submit(work, request).result()


def _replay(request: ReplayRequest) -> Replay:
    from papertiger.wargame.engine.replay import run_replay  # noqa: PLC0415 - only whoever computes needs the ensemble

    return run_replay(request)


def _fan(request: FanRequest) -> Fan:
    from papertiger.wargame.engine.fan import spread  # noqa: PLC0415

    return spread(request)


def _warm() -> None:
    from papertiger.model.ensemble.engine import kernel_for  # noqa: PLC0415

    kernel_for()
