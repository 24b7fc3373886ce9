"""Parents that are killed, and workers that hold a line to the test as long as they live."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import threading
from pathlib import Path

HOME = Path(__file__).parents[3]
PATIENCE = 30.0


def hold(port: int) -> None:
    """Connect with the test, and say which process this is; the line breaks when the process ends."""
    line = socket.create_connection(("127.0.0.1", port))
    line.sendall(f"{os.getpid()}\n".encode())
    # Kept open beyond this piece of work.
    threading.current_thread().line = line  # type: ignore[attr-defined]


def hold_and_work(port: int) -> None:
    """Connect, and never be done."""
    hold(port)
    while True:
        sum(range(10_000))


def workers_left(code: str, workers: int, *, end: signal.Signals = signal.SIGKILL) -> list[int]:
    """Start a parent, kill it once its workers have reported, and return the workers that outlive it.

    Parameters
    ----------
    code
        What the parent runs; `PORT` is where its workers report.
    workers
        How many will.
    end
        The signal.
    """
    with socket.create_server(("127.0.0.1", 0), backlog=workers) as listening:
        listening.settimeout(PATIENCE)
        port = listening.getsockname()[1]
        program = f"PORT = {port}\nif __name__ == '__main__':\n" + "".join(
            f"    {line}\n" for line in [*code.splitlines(), "import threading; threading.Event().wait()"]
        )
        parent = subprocess.Popen(
            [sys.executable, "-c", program],
            cwd=HOME,
            stderr=subprocess.PIPE,
            start_new_session=True,
            env=os.environ | {"PYTHONPATH": str(HOME)},
        )
        lines, left = [], []
        try:
            for _ in range(workers):
                line, _ = listening.accept()
                line.settimeout(PATIENCE)
                lines.append((int(line.makefile().readline()), line))
            parent.send_signal(end)
            parent.wait()
            for pid, line in lines:
                try:
                    assert line.recv(1) == b""
                except ConnectionResetError:
                    pass
                except TimeoutError:
                    left.append(pid)
                    os.kill(pid, signal.SIGKILL)
                finally:
                    line.close()
        finally:
            parent.kill()
            assert parent.stderr is not None
            with parent.stderr:
                said = parent.stderr.read()
    assert b"Traceback" not in said, said
    return left
