"""No process that we start outlives the one that started it, however that one ended."""

from __future__ import annotations

import os
import signal
import threading

import pytest

from papertiger.experiments.run.lifeline import WorkerPool, interrupts_held
from tests.experiments.run.orphans import workers_left

IDLE = """
from papertiger.experiments.run.lifeline import WorkerPool
from tests.experiments.run.orphans import hold
pool = WorkerPool(1)
pool.submit(hold, PORT).result()
"""
BUSY = """
from papertiger.experiments.run.lifeline import WorkerPool
from tests.experiments.run.orphans import hold_and_work
pool = WorkerPool(2)
[pool.submit(hold_and_work, PORT) for _ in range(2)]
"""
ENGINE = """
from papertiger.wargame.engine.worker import Worker
from tests.experiments.run.orphans import hold
engine = Worker(warm=False)
engine._submit(hold, PORT).result()
"""
DASK = """
from papertiger.experiments.run.dask import connect
from tests.experiments.run.orphans import hold
held = connect(None, 2)
client = held.__enter__()
client.run(hold, PORT)
"""


@pytest.mark.parametrize(
    ("code", "workers"),
    [
        pytest.param(IDLE, 1, id="a worker that waits"),
        pytest.param(BUSY, 2, id="workers that compute"),
        pytest.param(ENGINE, 1, id="the engine of a game"),
        pytest.param(DASK, 2, id="a Dask cluster of this machine", marks=pytest.mark.slow),
    ],
)
def test_who_is_killed_takes_its_workers_along(code: str, workers: int) -> None:
    assert workers_left(code, workers) == []


@pytest.mark.skipif(not hasattr(signal, "pthread_sigmask"), reason="signals are not held back here")
def test_an_interrupt_while_a_worker_starts_comes_afterwards() -> None:
    passed = []

    def interrupted() -> None:
        with interrupts_held():
            signal.pthread_kill(threading.get_ident(), signal.SIGINT)
            passed.append("on")

    with pytest.raises(KeyboardInterrupt):
        interrupted()
    assert passed


@pytest.mark.skipif(not hasattr(signal, "pthread_sigmask"), reason="signals are not held back here")
def test_a_worker_leaves_ctrl_c_to_its_parent() -> None:
    with WorkerPool(1) as pool:
        pid = pool.submit(os.getpid).result()
        os.kill(pid, signal.SIGINT)
        assert pool.submit(os.getpid).result() == pid
        # From its first moment on, before it has said that it does.
        assert signal.SIGINT in pool.submit(signal.pthread_sigmask, signal.SIG_BLOCK, ()).result()
