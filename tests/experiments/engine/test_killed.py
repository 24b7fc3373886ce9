"""Starts that are killed with no warning, or stopped by Ctrl-C: the next start ends with the same rows."""

from __future__ import annotations

import contextlib
import os
import random
import resource
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from experiments.results import Results, open_results
from tests.experiments.engine.small import HEAD, MEASURES, run, same_rows, write

TEXT = HEAD.replace("replicates: 4", "replicates: 20000") + MEASURES
"""40,000 rows in parts of about 600."""


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Results:
    return run(tmp_path_factory.mktemp("whole"), TEXT)


def start(folder: Path, *options: str, limit: Callable[[], None] | None = None) -> subprocess.Popen[str]:
    """Start the command in a process group of its own, so that its workers can be killed with it."""
    command = [sys.executable, "-m", "papertiger", "experiment", "trial.yaml", "--out", "out", "--no-report"]
    return subprocess.Popen(
        [*command, "--workers", "2", *options],
        cwd=folder,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
        preexec_fn=limit,
    )


def parts(folder: Path) -> int:
    return len(list((folder / "out" / "parts").glob("part-*.parquet")))


def ended(process: subprocess.Popen[str], seconds: float) -> bool:
    try:
        process.wait(timeout=seconds)
    except subprocess.TimeoutExpired:
        return False
    return True


def wait_for_parts(process: subprocess.Popen[str], folder: Path, wanted: int) -> None:
    while parts(folder) < wanted and not ended(process, 0.002):
        pass


def kill(process: subprocess.Popen[str]) -> None:
    """Kill a start and its workers; one that came to its end before must have come to a good one."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    _, said = process.communicate()
    assert process.returncode in (0, -signal.SIGKILL), said


def test_starts_that_are_killed_or_stopped_are_gone_on_with(whole: Results, tmp_path: Path) -> None:
    write(tmp_path, TEXT)
    process = start(tmp_path)
    wait_for_parts(process, tmp_path, 2)
    kill(process)
    before = open_results(tmp_path / "out")
    assert 1 <= len(before.parts) < len(whole.parts)
    assert not before.manifest.finished

    process = start(tmp_path)
    wait_for_parts(process, tmp_path, parts(tmp_path) + 3)
    os.kill(process.pid, signal.SIGINT)
    _, said = process.communicate()
    assert process.returncode == 130
    assert said == "stopped by Ctrl-C; nothing half-written was left behind\n"
    assert not list((tmp_path / "out").rglob("*.partial"))
    stopped = open_results(tmp_path / "out")
    assert before.manifest.parts.items() <= stopped.manifest.parts.items()
    assert len(stopped.parts) > len(before.parts)
    same_rows(run(tmp_path, TEXT), whole)


def test_a_disk_without_room_is_one_line_and_exit_2(tmp_path: Path) -> None:
    def little_room() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (12_000, 12_000))

    write(tmp_path, TEXT)
    process = start(tmp_path, limit=little_room)
    _, said = process.communicate()
    assert process.returncode == 2
    assert said.count("\n") == 1
    assert said.startswith("out: cannot write there: File too large. What is finished stays")
    same_rows(run(tmp_path, TEXT), run(tmp_path, TEXT, out="other"))


@pytest.mark.slow
@pytest.mark.parametrize("backend", ["here", "dask"])
def test_twenty_kills_at_random_moments(whole: Results, tmp_path: Path, backend: str) -> None:
    luck = random.Random(20)
    write(tmp_path, TEXT)
    for _ in range(20):
        process = start(tmp_path, "--backend", backend)
        # Half of the moments fall anywhere, loading included, half while parts are being written.
        if luck.random() < 0.5:
            ended(process, luck.uniform(0.0, 6.0))
        else:
            wait_for_parts(process, tmp_path, parts(tmp_path) + luck.randint(1, 3))
            ended(process, luck.uniform(0.0, 0.05))
        kill(process)
    same_rows(run(tmp_path, TEXT), whole)
