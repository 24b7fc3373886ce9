"""The same rows, whoever carries the chunks out, and whoever is lost on the way."""

from __future__ import annotations

import multiprocessing
import os
import signal
from collections.abc import Iterator
from concurrent.futures import Future
from concurrent.futures.process import BrokenProcessPool
from contextlib import nullcontext
from pathlib import Path
from typing import Any

import pytest

from papertiger.experiments.errors import BackendError
from papertiger.experiments.run import backends
from papertiger.experiments.run.results import Results
from papertiger.experiments.run.runner import Progress
from papertiger.experiments.run.work import unpack
from tests.experiments.run.small import HEAD, MEASURES, SWEEP, run, same_rows

pytestmark = pytest.mark.xdist_group("backends")  # one process makes the rows to compare with, and the cluster

TEXT = HEAD.replace("replicates: 4", "replicates: 150") + MEASURES + SWEEP


@pytest.fixture(scope="module")
def alone(tmp_path_factory: pytest.TempPathFactory) -> Results:
    """Rows that one thread made."""
    return run(tmp_path_factory.mktemp("alone"), TEXT)


@pytest.fixture(scope="module")
def cluster() -> Iterator[Any]:
    """A Dask cluster of two worker processes."""
    from distributed import LocalCluster

    from papertiger.experiments.run.dask import WITHOUT_PAGES, event_loop

    made: Any = LocalCluster  # typed in part only
    with event_loop() as loop, made(n_workers=2, threads_per_worker=1, loop=loop, **WITHOUT_PAGES) as running:
        yield running


def test_two_local_clusters_share_one_machine() -> None:
    from papertiger.experiments.run import dask

    with dask.event_loop() as loop, dask._local(0, loop) as one, dask._local(0, loop) as other:
        assert one.scheduler_address != other.scheduler_address


def test_a_loop_whose_thread_starts_late_is_started_again(monkeypatch: pytest.MonkeyPatch) -> None:
    from distributed.utils import LoopRunner

    from papertiger.experiments.run import dask

    start, calls = LoopRunner.start, []

    def late(runner: Any) -> None:
        calls.append(runner)
        assert len(calls) > late_ones
        start(runner)  # type: ignore[no-untyped-call]

    monkeypatch.setattr(LoopRunner, "start", late)
    late_ones = 2
    with dask.event_loop() as loop:
        assert loop.asyncio_loop.is_running()
    late_ones = 100
    with pytest.raises(BackendError, match="too busy"), dask.event_loop():
        pass


def test_threads_give_the_same_rows(alone: Results, tmp_path: Path) -> None:
    same_rows(run(tmp_path, TEXT, workers=3), alone)


def killer(pids: Any) -> Any:
    """Kill one worker once, after the second chunk is done."""
    calls = 0

    def progress(now: Progress) -> None:
        nonlocal calls
        calls += 1
        if calls == 3:
            os.kill(pids()[0], signal.SIGKILL)

    return progress


def test_processes_give_the_same_rows(alone: Results, tmp_path: Path) -> None:
    same_rows(run(tmp_path, TEXT, workers=2, backend="processes"), alone)


@pytest.mark.slow
def test_processes_give_the_same_rows_though_one_is_killed(alone: Results, tmp_path: Path) -> None:
    # The cluster of another test may have processes of its own.
    others = {child.pid for child in multiprocessing.active_children()}

    def pids() -> list[int]:
        return [child.pid for child in multiprocessing.active_children() if child.pid and child.pid not in others]

    same_rows(run(tmp_path, TEXT, workers=2, backend="processes", progress=killer(pids)), alone)
    assert pids() == []


@pytest.mark.slow
def test_a_cluster_gives_the_same_rows_though_a_worker_is_killed(
    alone: Results, tmp_path: Path, cluster: Any
) -> None:
    def pids() -> list[int]:
        return [nanny.pid for nanny in cluster.workers.values()]

    before = pids()
    results = run(tmp_path, TEXT, backend="dask", cluster=cluster.scheduler_address, progress=killer(pids))
    same_rows(results, alone)
    assert pids() != before


def test_processes_that_are_lost_again_and_again_end_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    started = 0

    class Broken:
        """A pool whose workers die at once."""

        def submit(self, work: Any, *_: Any) -> Any:
            if work is unpack:  # they do start
                ready: Future[None] = Future()
                ready.set_result(None)
                return ready
            raise BrokenProcessPool

        def shutdown(self, **_: Any) -> None:
            nonlocal started
            started += 1

    monkeypatch.setattr(backends, "WorkerPool", lambda _: Broken())
    with pytest.raises(BackendError, match="worker processes were lost 4 times in a row"):
        run(tmp_path, TEXT, backend="processes")
    assert started == 4


def test_a_scheduler_that_does_not_answer_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("papertiger.experiments.run.dask.WAIT", "100ms")
    with pytest.raises(BackendError, match=r"--cluster tcp://127\.0\.0\.1:9: no Dask scheduler answers there"):
        run(tmp_path, TEXT, backend="dask", cluster="tcp://127.0.0.1:9")
    with pytest.raises(BackendError, match="--cluster nonsense://x: no Dask scheduler answers there"):
        run(tmp_path, TEXT, backend="dask", cluster="nonsense://x")


def test_a_cluster_of_this_machine_that_cannot_start_is_not_called_one_at_an_address(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise OSError("no port is free")

    monkeypatch.setattr("papertiger.experiments.run.dask._local", lambda *_: nullcontext())
    monkeypatch.setattr("papertiger.experiments.run.dask.Client", refuse)
    with pytest.raises(BackendError, match="^a Dask cluster of this machine cannot start: no port is free$"):
        run(tmp_path, TEXT, backend="dask")


@pytest.mark.slow
def test_a_worker_with_another_model_is_refused(
    tmp_path: Path, cluster: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("papertiger.experiments.run.dask._expected", lambda: "0" * 64)
    with pytest.raises(BackendError, match="has another version of the model; install the same one there"):
        run(tmp_path, TEXT, backend="dask", cluster=cluster.scheduler_address)
