"""A game served by the real command in a process of its own, which can be killed and started again."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

HOME = Path(__file__).parents[3]


class Served:
    """`papertiger play` in a folder, always on the same port.

    Attributes
    ----------
    base
        Where its pages are.
    link, code
        The facilitator's link and the code to join with, as the last start printed them.
    log
        The game's rows.
    """

    def __init__(
        self,
        folder: Path,
        scenario: str,
        program: Sequence[str] = (sys.executable, "-m", "papertiger"),
        environment: Mapping[str, str] | None = None,
        more: Sequence[str] = (),
    ) -> None:
        self.more = more
        self.folder, self.scenario, self.program = folder, scenario, program
        self.environment = os.environ | {"PYTHONPATH": str(HOME)} if environment is None else environment
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port: int = free.getsockname()[1]
        self.base = f"http://127.0.0.1:{self.port}"
        self.log = folder / "results" / "games" / scenario / "game.game"
        self.start()

    def start(self) -> None:
        self.process = subprocess.Popen(
            [*self.program, "play", self.scenario, "--no-browser", "--port", str(self.port), *self.more],
            cwd=self.folder,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            env=self.environment,
            start_new_session=True,
        )
        said = ""
        assert self.process.stdout is not None
        for line in self.process.stdout:
            said += line
            if "Ctrl-C stops" in line:
                break
        found = re.search(r"(http\S+key=\S+)(?s:.*)the code (\w+)", said)
        assert found is not None, said
        assert found.group(1).startswith(self.base), said
        self.said = said
        self.link, self.code = found.groups()

    def kill(self) -> None:
        """Kill the server and its worker without a word."""
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()
        assert self.process.stdout is not None
        self.process.stdout.close()

    def end(self) -> str:
        """Stop the server as Ctrl-C does, and return what it had printed since it began to serve."""
        self.process.send_signal(signal.SIGINT)
        assert self.process.stdout is not None
        with self.process.stdout as rest:
            said = rest.read()
        self.process.wait()
        return said

    def restart(self) -> None:
        self.kill()
        self.start()

    def memory(self) -> int:
        """Return the most memory that the server's own process ever held, in MB."""
        status = Path(f"/proc/{self.process.pid}/status").read_text()
        found = re.search(r"VmHWM:\s+(\d+)", status)
        assert found is not None
        return int(found.group(1)) // 1024
