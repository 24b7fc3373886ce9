"""Kill a command with no warning, again and again, and hold what it leaves against a run that nobody disturbed."""

from __future__ import annotations

import contextlib
import os
import random
import select
import shutil
import signal
import subprocess
import sys
import time
import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

HOME = Path(__file__).parents[2]
PATIENCE = 60.0
"""Seconds within which a process must end whose parent is gone."""
MARK = "PAPERTIGER_KILLED_BY_TEST"
"""Variable of the environment by which every process that a command starts is known, whoever its parent is."""
KILLS = int(os.environ.get("PAPERTIGER_KILLS", "6"))
"""Kills of each command; CI's hour allows six, and CONTRIBUTING says when twenty are asked for."""
KEEPS_NOTHING = (".lock",)
"""Files that say nothing."""


@dataclass(frozen=True)
class Ended:
    """How a command came to its end.

    Attributes
    ----------
    code
        What it returned; negative of the signal that killed it.
    said
        What it wrote to standard error.
    """

    code: int
    said: str


def start(words: Sequence[str], folder: Path, mark: str) -> subprocess.Popen[bytes]:
    """Start a command in a folder and a session of its own; what it says goes into the folder beside."""
    with Path(f"{folder}.said").open("wb") as said:
        return subprocess.Popen(
            [sys.executable, "-m", "papertiger", *words],
            cwd=folder,
            stdout=subprocess.DEVNULL,
            stderr=said,
            start_new_session=True,
            env=os.environ | {"PYTHONPATH": str(HOME), MARK: mark},
        )


def end(process: subprocess.Popen[bytes], folder: Path, mark: str, after: float | None = None) -> Ended:
    """Wait for a command, or kill it after some seconds, and see that nothing that it started outlives it.

    Parameters
    ----------
    process, folder, mark
        As `start` took and returned them.
    after
        Seconds until the kill; blank lets it come to its end.
    """
    try:
        process.wait(PATIENCE * 10 if after is None else after)
    except subprocess.TimeoutExpired:
        process.send_signal(signal.SIGKILL)
        process.wait()
    orphans = [pid for pid in marked(mark) if outlives(pid)]
    said = Path(f"{folder}.said").read_text(encoding="utf-8")
    assert orphans == [], f"processes outlive {process.args!r}"
    assert "Traceback" not in said, said
    return Ended(process.returncode, said)


def marked(mark: str) -> list[int]:
    """Return the processes that carry a mark in their environment."""
    pids = []
    for place in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            if f"{MARK}={mark}".encode() in (place / "environ").read_bytes():
                pids.append(int(place.name))
    return pids


def outlives(pid: int) -> bool:
    """Tell whether a process is still there when patience has ended; it is then killed."""
    try:
        line = os.pidfd_open(pid)
    except ProcessLookupError:
        return False
    try:
        if select.select([line], [], [], PATIENCE)[0]:
            return False
        signal.pidfd_send_signal(line, signal.SIGKILL)
        return True
    finally:
        os.close(line)


def content(folder: Path) -> dict[str, bytes]:
    """Return the bytes of every file in a folder, by its place; there is none that is half written."""
    files = {str(file.relative_to(folder)): file.read_bytes() for file in folder.rglob("*") if file.is_file()}
    assert [name for name in files if name.endswith(".partial")] == []
    return {name: data for name, data in files.items() if Path(name).name not in KEEPS_NOTHING}


def assert_kills_change_nothing(
    words: Sequence[str], prepare: Callable[[Path], object], folder: Path, kills: int = KILLS, seed: int = 1
) -> None:
    """Kill a command at moments drawn by lot; each time the same command must then come to the same bytes.

    Every second kill meets what an earlier one left.

    Parameters
    ----------
    words
        The command.
    prepare
        Lays what it reads into an empty folder.
    folder
        Where all happens.
    kills
        How often.
    seed
        Of the moments.
    """
    luck, mark = random.Random(seed), uuid.uuid4().hex
    whole, place = folder / "whole", folder / "killed"
    for fresh in (whole, place):
        fresh.mkdir(parents=True)
        prepare(fresh)
    began = time.monotonic()
    ended = end(start(words, whole, mark), whole, mark)
    lasts = time.monotonic() - began
    assert ended.code == 0, ended.said
    right = content(whole)
    done = 0
    for _ in range(4 * kills):
        for _ in range(luck.choice((1, 1, 2))):
            ended = end(start(words, place, mark), place, mark, luck.uniform(0.0, lasts))
            assert ended.code in (0, -signal.SIGKILL), ended.said
            done += ended.code != 0
        ended = end(start(words, place, mark), place, mark)
        assert ended.code == 0, ended.said
        assert content(place) == right
        if done >= kills:
            return
        shutil.rmtree(place)
        place.mkdir()
        prepare(place)
    raise AssertionError(f"only {done} of {kills} kills met the command at work")
