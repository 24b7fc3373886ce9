"""Starts that are killed with no warning, or stopped by Ctrl-C: the next start ends with the same rows."""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import random
import resource
import shutil
import signal
import sys
from collections.abc import Iterator
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any

import pytest

from papertiger.experiments.run.results import Results, open_results
from tests.experiments.run.small import HEAD, MEASURES, run, same_rows, write

TEXT = HEAD.replace("replicates: 4", "replicates: 10000") + MEASURES
"""20,000 rows in parts of about 600."""


pytestmark = pytest.mark.xdist_group("killed")  # one server forks all starts


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Results:
    return run(tmp_path_factory.mktemp("whole"), TEXT)


# A server that has imported the packages forks each start, so that it begins at once.
SERVER = multiprocessing.get_context("forkserver")
SERVER.set_forkserver_preload(
    ["papertiger.experiments.run.runner", "papertiger.experiments.run.worker", "papertiger.cli.experiment", "pyarrow"]
)


def command(folder: Path, options: tuple[str, ...], room: int | None) -> None:
    """Be the command, in a process group of its own, so that its workers can be killed with it."""
    from papertiger.cli import main

    os.setsid()
    os.chdir(folder)
    sys.stderr = (folder / "said").open("w", encoding="utf-8")
    if room is not None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (room, room))
    words = ["experiment", "trial.yaml", "--out", "out", "--no-report", "--quiet", "--workers", "2"]
    sys.argv = ["papertiger", *words, *options]
    signal.signal(signal.SIGINT, signal.default_int_handler)
    main()


def start(folder: Path, *options: str, room: int | None = None) -> BaseProcess:
    process = SERVER.Process(target=command, args=(folder, options, room))
    process.start()
    return process


def said(folder: Path) -> str:
    return (folder / "said").read_text(encoding="utf-8") if (folder / "said").exists() else ""


def parts(folder: Path) -> int:
    return len(list((folder / "out" / "parts").glob("part-*.parquet")))


def wait_for_parts(process: BaseProcess, folder: Path, wanted: int) -> None:
    while parts(folder) < wanted and process.is_alive():
        process.join(0.002)


def kill(process: BaseProcess, folder: Path) -> None:
    """Kill a start and its workers; one that came to its end before must have come to a good one."""
    assert process.pid is not None
    with contextlib.suppress(ProcessLookupError):
        os.kill(process.pid, signal.SIGKILL)
        os.killpg(process.pid, signal.SIGKILL)
    process.join()
    assert process.exitcode in (0, -signal.SIGKILL), said(folder)


@pytest.mark.slow
def test_starts_that_are_killed_or_stopped_are_gone_on_with(whole: Results, tmp_path: Path) -> None:
    write(tmp_path, TEXT)
    process = start(tmp_path)
    wait_for_parts(process, tmp_path, 2)
    kill(process, tmp_path)
    before = open_results(tmp_path / "out")
    assert 1 <= len(before.parts) < len(whole.parts)
    assert not before.manifest.finished

    process = start(tmp_path)
    wait_for_parts(process, tmp_path, parts(tmp_path) + 3)
    assert process.pid is not None
    os.kill(process.pid, signal.SIGINT)
    process.join()
    assert process.exitcode == 130
    assert said(tmp_path) == "stopped by Ctrl-C; nothing half-written was left behind\n"
    assert not list((tmp_path / "out").rglob("*.partial"))
    stopped = open_results(tmp_path / "out")
    assert before.manifest.parts.items() <= stopped.manifest.parts.items()
    assert len(stopped.parts) > len(before.parts)
    same_rows(run(tmp_path, TEXT), whole)


def test_a_disk_without_room_is_one_line_and_exit_2(whole: Results, tmp_path: Path) -> None:
    write(tmp_path, TEXT)
    process = start(tmp_path, room=12_000)
    process.join()
    assert process.exitcode == 2
    line = said(tmp_path)
    assert line.count("\n") == 1
    assert line.startswith("out: cannot write there: File too large. What is finished stays")
    same_rows(run(tmp_path, TEXT), whole)


@pytest.fixture
def cluster() -> Iterator[Any]:
    """A Dask cluster of two worker processes."""
    from distributed import LocalCluster

    from papertiger.experiments.run.dask import WITHOUT_PAGES, event_loop

    made: Any = LocalCluster  # typed in part only
    with event_loop() as loop, made(n_workers=2, threads_per_worker=1, loop=loop, **WITHOUT_PAGES) as running:
        yield running


def assert_twenty_kills_change_nothing(whole: Results, folder: Path, *options: str) -> None:
    luck = random.Random(20)
    write(folder, TEXT)
    kills = 0
    while kills < 20:
        process = start(folder, *options)
        # Half of the moments fall anywhere, loading included, half while parts are being written.
        if luck.random() < 0.5:
            process.join(luck.uniform(0.0, 1.0))
        else:
            wait_for_parts(process, folder, parts(folder) + luck.randint(1, 3))
            process.join(luck.uniform(0.0, 0.05))
        kill(process, folder)
        kills += process.exitcode != 0
        if process.exitcode == 0:
            same_rows(open_results(folder / "out"), whole)
            shutil.rmtree(folder / "out")
    same_rows(run(folder, TEXT), whole)


@pytest.mark.slow
def test_twenty_kills_at_random_moments(whole: Results, tmp_path: Path) -> None:
    assert_twenty_kills_change_nothing(whole, tmp_path)


@pytest.mark.slow
def test_twenty_kills_at_random_moments_of_what_a_cluster_works_for(
    whole: Results, tmp_path: Path, cluster: Any
) -> None:
    assert_twenty_kills_change_nothing(whole, tmp_path, "--backend", "dask", "--cluster", cluster.scheduler_address)
