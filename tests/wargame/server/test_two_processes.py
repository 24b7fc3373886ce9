"""Start one game in two processes at the same moment: one serves it, the other says so and ends."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from papertiger.wargame.archive import export
from papertiger.wargame.engine.worker import LocalEngine
from papertiger.wargame.session import Session
from tests.wargame.games import new_play
from tests.wargame.server.served import HOME


def begin(folder: Path, what: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "papertiger", "play", what, "--no-browser", "--port", "0"],
        cwd=folder,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        env=os.environ | {"PYTHONPATH": str(HOME)},
        start_new_session=True,
    )


def said_of(process: subprocess.Popen[str]) -> str:
    """Return what a process said until it serves, or until it ended."""
    said = ""
    assert process.stdout is not None
    for line in process.stdout:
        said += line
        if "Ctrl-C stops" in line:
            break
    else:
        process.wait()
    return said


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="processes are stopped as POSIX does")
@pytest.mark.parametrize("what", ["venezuela_2026", "friday.json"])
def test_of_two_at_once_one_serves_and_the_other_is_refused_or_has_its_own(tmp_path: Path, what: str) -> None:
    session = new_play(tmp_path, name="first")
    session.resolve(1)
    (tmp_path / "friday.json").write_bytes(export(session))
    both = [begin(tmp_path, what) for _ in range(2)]
    try:
        with ThreadPoolExecutor(2) as pool:
            said = list(pool.map(said_of, both))
        ended = [process for process in both if process.poll() is not None]
        assert not any("Traceback" in text for text in said)
        assert len(ended) < 2, said
        for process in ended:
            assert process.returncode == 2
            text = said[both.index(process)]
            assert "this game is being served already" in text or "exists already" in text, text
        if what == "venezuela_2026":
            assert len(ended) == 1
    finally:
        for process in both:
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGINT)
            assert process.stdout is not None
            with process.stdout as rest:
                assert "Traceback" not in rest.read()
            process.wait()
    games = sorted((tmp_path / "results" / "games").glob("*/game.game"))
    assert len(games) == 2 - len(ended)
    for game in games:
        again = Session.open(game, engine=LocalEngine())
        assert again.verify() == ()
        again.close()
