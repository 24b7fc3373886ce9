"""Compute in a process of its own. Slow, since each test starts an interpreter."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from papertiger.wargame.engine.fan import FanRequest
from papertiger.wargame.engine.worker import LocalEngine, Worker
from papertiger.wargame.rules.request import ReplayRequest
from papertiger.wargame.views.forecast import request_of
from tests.wargame.games import WEST, new_play, small


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
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[3])},
    )
    size, mesa, numba = found.stdout.split()
    assert int(size) < 250
    assert (mesa, numba) == ("False", "False")
