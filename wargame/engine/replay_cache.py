"""Keep the latest replays and estimates of a game, so that a class that opens one page computes it once."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from concurrent.futures import Future
from threading import RLock
from typing import TYPE_CHECKING, Any

from papertiger.wargame.engine.replay import fingerprint

if TYPE_CHECKING:
    from papertiger.wargame.engine.replay import Replay
    from papertiger.wargame.engine.worker import Engine
    from papertiger.wargame.rules.request import ReplayRequest

MAX_REPLAYS = 64
MAX_RESULTS = 1024


class ReplayCache:
    """Keep what was computed last. Safe to use from several threads."""

    def __init__(self) -> None:
        self._lock = RLock()
        self._replays: OrderedDict[str, Replay] = OrderedDict()
        self._results: OrderedDict[tuple[object, ...], Future[Any]] = OrderedDict()

    def replay(self, request: ReplayRequest, engine: Engine) -> Replay:
        """Return the replay of a request, computed by an engine if it is not at hand."""
        name = fingerprint(request)
        with self._lock:
            if name in self._replays:
                self._replays.move_to_end(name)
                return self._replays[name]
        replay = engine.replay(request)
        with self._lock:
            self._replays[name] = replay
            while len(self._replays) > MAX_REPLAYS:
                self._replays.popitem(last=False)
        return replay

    def once[T](self, name: tuple[object, ...], make: Callable[[], T]) -> T:
        """Return what was made under a name, or make it; whoever asks meanwhile waits for it.

        Parameters
        ----------
        name
            All that it depends on.
        make
            Makes it. If it fails, so does everybody who waited, and the next one tries again.
        """
        with self._lock:
            first = name not in self._results
            result: Future[T] = self._results.setdefault(name, Future())
            self._results.move_to_end(name)
            while len(self._results) > MAX_RESULTS:
                self._results.popitem(last=False)
        if first:
            try:
                result.set_result(make())
            except BaseException as error:
                with self._lock:
                    self._results.pop(name, None)
                result.set_exception(error)
        return result.result()
