"""Networks of their own for a test: a machine with several interfaces, and others that reach it, inside the kernel.

A namespace of users and one of networks are made for the test alone (no right of an administrator is needed where the
system allows that), and vanish with the process that holds them.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Sequence

import pytest


class Network:
    """One machine's network, held by a process that waits.

    Parameters
    ----------
    inside
        Another one, whose rights it shares, so that cables can be laid between the two.
    """

    def __init__(self, inside: Network | None = None) -> None:
        made = ["unshare", "--net"] if inside is not None else ["unshare", "--user", "--map-root-user", "--net"]
        before = inside.enter if inside is not None else []
        # `cat` ends when the pipe to it is closed, so nothing is left behind however the test ends.
        self.process = subprocess.Popen(
            [*before, *made, "sh", "-c", "echo ready; exec cat"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        assert self.process.stdout is not None
        self.ready = self.process.stdout.readline() == "ready\n"

    @property
    def enter(self) -> list[str]:
        """What runs a program in this network."""
        return ["nsenter", "-t", str(self.process.pid), "--user", "--net", "--preserve-credentials"]

    def run(self, *command: str) -> str:
        done = subprocess.run([*self.enter, *command], capture_output=True, text=True, check=False)
        assert done.returncode == 0, (command, done.stderr)
        return done.stdout

    def ip(self, line: str) -> None:
        self.run("ip", *line.split())

    def cable(self, other: Network, name: str, addresses: Sequence[str], far: Sequence[str]) -> None:
        """Lay a cable to another machine and give both ends their addresses."""
        self.ip(f"link add {name} type veth peer name far-{name} netns {other.process.pid}")
        for end, where, given in ((self, name, addresses), (other, f"far-{name}", far)):
            for address in given:
                end.ip(f"addr add {address} dev {where}" + (" nodad" if ":" in address else ""))
            end.ip(f"link set {where} up")

    def close(self) -> None:
        for pipe in (self.process.stdin, self.process.stdout, self.process.stderr):
            assert pipe is not None
            pipe.close()
        self.process.wait()


def need_namespaces() -> None:
    """Skip a test where networks of one's own are not permitted; in CI that is a failure."""
    why = next((f"there is no {tool}" for tool in ("unshare", "nsenter", "ip") if shutil.which(tool) is None), "")
    if not why:
        probe = Network()
        why = "" if probe.ready else "the system permits no namespace of users"
        probe.close()
    if why:
        (pytest.fail if os.environ.get("CI") else pytest.skip)(f"networks of their own cannot be made: {why}")
