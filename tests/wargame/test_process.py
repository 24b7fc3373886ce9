"""Real processes: a kill at every commit, and the worker that computes. Slow, since each starts an interpreter."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from papertiger.wargame.engine.fan import FanRequest
from papertiger.wargame.engine.worker import LocalEngine, Worker
from papertiger.wargame.log import records
from papertiger.wargame.rules.request import ReplayRequest
from papertiger.wargame.views.forecast import request_of
from tests.wargame.games import WEST, new_play, reopened, small
from tests.wargame.test_play import STEPS, everything

SCRIPT = """
import os, signal, sys
from pathlib import Path
from tests.wargame.games import NOON, new_play
from tests.wargame.test_play import STEPS
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
        cwd=Path(__file__).parents[2],
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


@pytest.mark.slow
def test_a_worker_computes_what_is_computed_here_and_is_replaced_when_it_dies(tmp_path: Path) -> None:
    request = ReplayRequest(small(), 1, ((1, 0),), 3, ((),) * 3)
    session = new_play(tmp_path)
    wanted: FanRequest = request_of(session.snapshot(), WEST, runs=100)
    worker = Worker()
    try:
        assert worker.replay(request) == LocalEngine().replay(request)
        assert worker.fan(wanted) == LocalEngine().fan(wanted)
        pool = worker._pool
        assert pool is not None
        (child,) = pool._processes
        os.kill(child, signal.SIGKILL)
        assert worker.replay(request) == LocalEngine().replay(request)
    finally:
        worker.close()


@pytest.mark.slow
def test_a_server_with_a_worker_stays_small(tmp_path: Path) -> None:
    code = (
        "import sys; from pathlib import Path;"
        "from papertiger.wargame.engine.worker import Worker; from papertiger.wargame.session import Session;"
        "from papertiger.wargame.rules.seats import Seat;"
        "from papertiger.wargame.views.forecast import forecast\n"
        "if __name__ == '__main__':\n"
        " engine = Worker(); session = Session.create(Path(sys.argv[1]), 'venezuela_2026', seed=1, engine=engine)\n"
        " session.resolve(1); [session.view(seat) for seat in session.game.everybody]\n"
        " forecast(session.snapshot(), Seat('patron'), engine); engine.close(); session.close()\n"
        " peak = [line for line in Path('/proc/self/status').read_text().splitlines() if 'VmHWM' in line]\n"
        " print(int(peak[0].split()[1]) // 1024, 'mesa' in sys.modules, 'numba' in sys.modules)"
    )
    script = tmp_path / "serve.py"
    script.write_text(code)
    found = subprocess.run(
        [sys.executable, str(script), str(tmp_path / "a.game")],
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])},
    )
    size, mesa, numba = found.stdout.split()
    assert int(size) < 250
    assert (mesa, numba) == ("False", "False")
