"""Kill a real process at every commit, and go on with what is on the disk."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path

import pytest

from papertiger.wargame.log import records
from tests.wargame.games import new_play, reopened
from tests.wargame.test_session import STEPS, everything

SCRIPT = """
import os, signal, sys
from pathlib import Path
from tests.wargame.games import NOON, new_play
from tests.wargame.test_session import STEPS
from papertiger.wargame.engine.worker import LocalEngine
from papertiger.wargame.session import Session
from papertiger.wargame.log.store import Store

class Killed(Store):
    appended = 0

    def append(self, *arguments, **more):
        self.appended += 1
        if self.appended == self.number and self.when == "before":
            os.kill(os.getpid(), signal.SIGKILL)
        row = super().append(*arguments, **more)
        if self.appended == self.number:
            os.kill(os.getpid(), signal.SIGKILL)
        return row

def run(path, number, when):
    store = Killed(path, clock=lambda: NOON)
    store.number, store.when = number, when
    session = Session(store)
    for step in STEPS:
        step(session)
        path.with_suffix(".said").write_text(str(session.game.seq))

folder, rows = Path(sys.argv[1]), int(sys.argv[2])
warm = new_play(folder, name="warm")
warm.resolve(1)
warm.close()
for when in ("before", "after"):
    for number in range(1, rows):
        path = folder / f"{when}-{number}.game"
        child = os.fork()  # a process of its own, with the compiled code loaded
        if child == 0:
            run(path, number, when)
            os._exit(0)
        print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), flush=True)
"""


@pytest.mark.slow
def test_a_kill_at_every_commit_loses_nothing_acknowledged(tmp_path: Path) -> None:
    straight = new_play(tmp_path, name="straight")
    for step in STEPS:
        step(straight)
    wanted, rows = everything(straight), straight.game.seq
    plays = {
        (when, number): new_play(tmp_path, name=f"{when}-{number}")
        for when in ("before", "after")
        for number in range(1, rows)
    }
    for session in plays.values():
        session.close()
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT, str(tmp_path), str(rows)],
        stdout=subprocess.PIPE,
        text=True,
        check=True,
        cwd=Path(__file__).parents[3],
    )
    assert done.stdout.split() == [str(-signal.SIGKILL)] * len(plays)
    for session in plays.values():
        said = session.store.path.with_suffix(".said")
        again = reopened(session)
        assert again.game.seq >= (int(said.read_text()) if said.exists() else 1)
        for step in STEPS:
            step(again)
        assert again.game.seq == rows
        assert everything(again) == wanted
        assert [row.body.turn for row in again.store.records() if isinstance(row.body, records.Resolved)] == [1, 2]
