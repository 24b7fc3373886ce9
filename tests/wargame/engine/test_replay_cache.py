"""Keep what was computed: once for all who ask at once, again after a failure, and never more than so much."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest

from papertiger.wargame.engine import replay_cache
from papertiger.wargame.engine.replay_cache import ReplayCache


def test_what_several_ask_for_at_once_is_made_once() -> None:
    cache, made, waiting = ReplayCache(), [], Barrier(4)

    def make() -> int:
        made.append(1)
        return len(made)

    def ask() -> int:
        waiting.wait()
        return cache.once(("name",), make)

    with ThreadPoolExecutor(4) as pool:
        assert [job.result() for job in [pool.submit(ask) for _ in range(4)]] == [1, 1, 1, 1]


def test_what_could_not_be_made_is_tried_again() -> None:
    cache = ReplayCache()
    with pytest.raises(ZeroDivisionError):
        cache.once(("name",), lambda: 1 // 0)
    assert cache.once(("name",), lambda: 1) == 1


def test_the_oldest_results_go(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(replay_cache, "MAX_RESULTS", 2)
    cache = ReplayCache()
    for number in (1, 2):
        cache.once((number,), lambda number=number: number)  # type: ignore[misc]
    assert cache.once((1,), lambda: 0) == 1  # asked for again, so 2 is the oldest now
    cache.once((3,), lambda: 3)
    assert cache.once((1,), lambda: 0) == 1
    assert cache.once((2,), lambda: 0) == 0
