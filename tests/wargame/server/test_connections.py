"""However many connections somebody opens, the class and the facilitator get theirs."""

from __future__ import annotations

import http.client
import os
import select
import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from papertiger.wargame.server.connections import MAX_CONNECTIONS, Capacity, Connections, capacity
from tests.wargame.server.served import HOME, Served


class Line:
    closed = False

    def abort(self) -> None:
        self.closed = True


def enter(connections: Connections, address: str, count: int, first: int = 1) -> list[Line]:
    lines = [Line() for _ in range(count)]
    for port, line in enumerate(lines, start=first):
        connections.enter((address, port), line)
    return lines


def test_whoever_opens_too_many_closes_only_its_own() -> None:
    connections = Connections(100, 60)
    facilitator, known, idle = (
        enter(connections, address, 1)[0] for address in ("127.0.0.1", "10.0.0.1", "10.0.0.2")
    )
    connections.prove(("127.0.0.1", 1), staff=True)
    connections.prove(("10.0.0.1", 1))
    flood = enter(connections, "10.0.0.9", 850, first=2)
    assert len(connections) <= 100
    assert not any(line.closed for line in (facilitator, known, idle))
    assert [line.closed for line in flood] == [True] * 790 + [False] * 60
    more = [enter(connections, f"10.1.0.{n}", 1)[0] for n in range(50)]
    assert not any(line.closed for line in (*more, facilitator, known, idle))
    assert len(connections) == 100


def test_a_class_behind_the_same_address_as_the_flood_gets_in() -> None:
    connections = Connections(100, 60)
    pupils = enter(connections, "10.0.0.9", 30, first=1)
    for port in range(1, 31):
        connections.prove(("10.0.0.9", port))
    enter(connections, "10.0.0.9", 850, first=100)
    assert not any(line.closed for line in pupils)
    (late,) = enter(connections, "10.0.0.9", 1, first=5000)
    assert not late.closed


def test_the_facilitator_is_the_last_to_be_closed() -> None:
    connections = Connections(20, 20)
    (staff,) = enter(connections, "127.0.0.1", 1)
    connections.prove(("127.0.0.1", 1), staff=True)
    for port in range(1, 200):
        connections.enter(("10.0.0.1", port), Line())
        connections.prove(("10.0.0.1", port))
        connections.become_socket(("10.0.0.1", port))
    assert not staff.closed
    connections.leave(("127.0.0.1", 1))
    assert len(connections) == 19


def test_whoever_joined_and_floods_takes_no_place_of_a_newcomer_from_elsewhere() -> None:
    connections = Connections(20, 20)
    for port in range(1, 40):
        connections.enter(("10.0.0.9", port), Line())
        connections.prove(("10.0.0.9", port))
    (late,) = enter(connections, "10.0.0.1", 1)
    enter(connections, "10.0.0.9", 5, first=100)
    assert not late.closed  # although nobody has asked for anything on it yet


def test_what_fits_follows_from_what_the_system_allows() -> None:
    assert capacity(8192) == Capacity(MAX_CONNECTIONS, 128)
    for descriptors in (256, 1024, 4096, 100_000):
        fits = capacity(descriptors)
        assert 16 <= fits.connections <= MAX_CONNECTIONS
        assert fits.connections + 2 * 2 * (fits.backlog + 1) < descriptors


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="limits of another process are set as Linux does")
def test_a_thousand_idle_connections_and_few_descriptors_shut_out_nobody(tmp_path: Path) -> None:
    few = f'ulimit -n 256; exec "{sys.executable}" -m papertiger "$@"'
    served = Served(tmp_path, "venezuela_2026", ["sh", "-c", few, "sh"])
    lines: list[socket.socket] = []
    try:
        for number in range(850):
            line = socket.create_connection(("127.0.0.1", served.port))
            if number % 2:
                line.sendall(b"GET / HTTP/1.1\r\nHost: x\r\nX-Slow")
            lines.append(line)
        for path in (served.link.removeprefix(served.base), "/"):
            connection = http.client.HTTPConnection("127.0.0.1", served.port, timeout=60)
            connection.request("GET", path)
            assert connection.getresponse().status in (200, 303)
            connection.close()
    finally:
        for line in lines:
            line.close()
        said = served.end()
    assert "Traceback" not in said
    assert len(said) < 2000


@pytest.mark.slow
@pytest.mark.skipif(not hasattr(os, "pidfd_open"), reason="processes are followed as Linux does")
def test_twenty_kills_leave_nothing_behind_and_lose_nothing(tmp_path: Path) -> None:
    served = Served(tmp_path, "venezuela_2026")
    for _ in range(20):
        children = Path(f"/proc/{served.process.pid}/task/{served.process.pid}/children").read_text().split()
        handles = [os.pidfd_open(int(child)) for child in children]
        connection = http.client.HTTPConnection("127.0.0.1", served.port, timeout=60)
        connection.request("GET", served.link.removeprefix(served.base))
        answer = connection.getresponse()
        assert answer.status == 303  # acknowledged, so it must be there after the kill
        cookie = answer.headers["set-cookie"].partition(";")[0]
        connection.close()
        served.process.send_signal(signal.SIGKILL)
        served.process.wait()
        for handle in handles:
            assert select.select([handle], [], [], 60)[0], "a worker outlives its server"
            os.close(handle)
        assert served.process.stdout is not None
        with served.process.stdout as rest:
            assert "Traceback" not in rest.read()
        served.start()
        connection = http.client.HTTPConnection("127.0.0.1", served.port, timeout=60)
        connection.request("GET", "/edition", headers={"cookie": cookie})
        assert connection.getresponse().status == 200
        connection.close()
    # Another server of the same game is refused in a line.
    other = subprocess.run(
        [sys.executable, "-m", "papertiger", "play", "venezuela_2026", "--no-browser"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
        env=os.environ | {"PYTHONPATH": str(HOME)},
    )
    assert other.returncode == 2
    assert "this game is being served already" in other.stderr
    assert "Traceback" not in other.stderr
    served.kill()
