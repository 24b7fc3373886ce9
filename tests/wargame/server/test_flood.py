"""Flood a served game with sockets and frames from one address: nobody is shut out, and nothing piles up."""

from __future__ import annotations

import gc
import http.client
import logging
import random
import socket
import struct
import sys
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from threading import Thread

import pytest

from papertiger.wargame.server.connections import Connections, capacity
from papertiger.wargame.server.network import Places
from papertiger.wargame.server.serve import bind, make_server
from papertiger.wargame.server.state import ServerState
from papertiger.wargame.server.timeouts import MAX_CONTROL_FRAMES
from tests.wargame.server.served import Served
from tests.wargame.server.visitors import House

TEXT, BINARY, CLOSE, PING, PONG, CONTINUED, RESERVED = 1, 2, 8, 9, 10, 0, 3
SOURCE = "127.0.0.9" if sys.platform == "linux" else "127.0.0.1"
"""Where the flood comes from: an address that is not the facilitator's."""
PATIENCE = 20.0


class Target:
    """Where a served game is reached, and the cookies of somebody who joined and of the facilitator."""

    def __init__(self, port: int, flooder: str, team: str, staff: str) -> None:
        self.port, self.flooder, self.team, self.staff = port, flooder, team, staff

    def line(self) -> socket.socket:
        """Return a connection of the flood."""
        return socket.create_connection(("127.0.0.1", self.port), PATIENCE, (SOURCE, 0))

    def upgrade(self, cookie: str | None = None, version: int = 13, more: str = "") -> bytes:
        """Return a request for the socket of a page."""
        return (
            f"GET /live HTTP/1.1\r\nHost: 127.0.0.1:{self.port}\r\nOrigin: http://127.0.0.1:{self.port}\r\n"
            f"Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n"
            f"Sec-WebSocket-Version: {version}\r\nCookie: papertiger={self.flooder if cookie is None else cookie}\r\n"
            f"{more}\r\n"
        ).encode()

    def opened(self) -> socket.socket:
        """Return a socket that was accepted, which is all that is read of it."""
        line = self.line()
        line.sendall(self.upgrade())
        assert line.recv(12) == b"HTTP/1.1 101"
        return line

    def status(self, path: str, cookie: str = "") -> int:
        """Return the status of a page for somebody at another address."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
        try:
            connection.request("GET", path, headers={"cookie": f"papertiger={cookie}"} if cookie else {})
            return connection.getresponse().status
        finally:
            connection.close()

    def assert_open(self) -> None:
        """Refuse a server that shuts out a team, the facilitator or somebody who comes new."""
        assert self.status("/desk", self.team) == 200
        assert self.status("/room", self.staff) == 200
        assert self.status("/") == 200


def frame(
    opcode: int, payload: bytes = b"", *, fin: bool = True, masked: bool = True, said: int | None = None
) -> bytes:
    """Return a frame, which may say another length than it has."""
    length = len(payload) if said is None else said
    head = bytes([fin << 7 | opcode])
    if length < 126:
        head += bytes([masked << 7 | length])
    elif length < 65536:
        head += bytes([masked << 7 | 126]) + struct.pack("!H", length)
    else:
        head += bytes([masked << 7 | 127]) + struct.pack("!Q", length)
    return head + (bytes(4) if masked else b"") + payload  # a mask of zeros changes nothing


ASSAULTS: dict[str, Callable[[random.Random], bytes]] = {
    "a word": lambda _: frame(TEXT, b"hello"),
    "long": lambda _: frame(TEXT, b"x" * 60_000) * 4,
    "fragments without end": lambda _: frame(TEXT, b"x", fin=False) + frame(CONTINUED, b"x" * 100, fin=False) * 2000,
    "binary": lambda draw: frame(BINARY, draw.randbytes(900)) * 50,
    "no UTF-8": lambda _: frame(TEXT, b"\xff\xfe\xc0") * 20,
    "pings": lambda _: frame(PING, b"p" * 125) * 4000,
    "pongs": lambda _: frame(PONG, b"p" * 125) * 4000,
    "garbage": lambda draw: draw.randbytes(5000),
    "without a mask": lambda _: frame(TEXT, b"hello", masked=False),
    "reserved": lambda _: frame(RESERVED, b"x"),
    "a length beyond all": lambda _: frame(BINARY, b"x", said=2**62),
    "a long ping": lambda _: frame(PING, b"p" * 126),
    "half a frame": lambda _: frame(TEXT, b"x" * 100)[:7],
    "a farewell of nonsense": lambda draw: frame(CLOSE, draw.randbytes(1)) + frame(TEXT, b"more"),
    "a farewell and more": lambda _: frame(CLOSE, struct.pack("!H", 1000)) + frame(PING) * 500,
    "continued nothing": lambda _: frame(CONTINUED, b"x") * 20,
}
HANDSHAKES: dict[str, Callable[[Target, random.Random], bytes]] = {
    "nobody": lambda target, _: target.upgrade(cookie=""),
    "nobody, and frames at once": lambda target, draw: target.upgrade(cookie="") + draw.randbytes(2000),
    "garbage before it is accepted": lambda target, draw: target.upgrade() + draw.randbytes(2000),
    "pings before it is accepted": lambda target, _: target.upgrade() + frame(PING, b"p") * 500,
    "another version": lambda target, _: target.upgrade(version=7),
    "protocols": lambda target, _: target.upgrade(more="Sec-WebSocket-Protocol: a,,b, \xe9\r\n"),
    "no protocol": lambda target, _: target.upgrade(more="Sec-WebSocket-Extensions: permessage-deflate; x=\r\n"),
    "half a request": lambda target, _: target.upgrade()[:120],
}


@pytest.fixture
def target(house: House) -> Iterator[Target]:
    """A game that is served as `papertiger play` does, in a thread."""
    listening = bind(lan=False, port=0)
    port = listening[0].getsockname()[1]
    cookies = [one.cookie() for one in (house.guest("Flood"), house.team("patron"), house.facilitator())]
    house.state = ServerState(house.session, house.auth, places=Places(port), connections=Connections(200, 100))
    server = make_server(house.state, capacity(1024))
    thread = Thread(target=server.run, kwargs={"sockets": listening})
    thread.start()
    try:
        yield Target(port, *cookies)
    finally:
        server.should_exit = server.force_exit = True
        thread.join(PATIENCE)
        for one in listening:
            one.close()
        assert not thread.is_alive()


def flood(target: Target, draw: random.Random, rounds: int) -> None:
    """Send every assault, and look in between whether others are served."""
    held: list[socket.socket] = []
    try:
        for _ in range(rounds):
            for assault in ASSAULTS.values():
                line = target.opened()
                held.append(line)
                with suppress(OSError):  # hung up on, as it should be
                    line.sendall(assault(draw))
            for handshake in HANDSHAKES.values():
                line = target.line()
                held.append(line)
                with suppress(OSError):
                    line.sendall(handshake(target, draw))
            target.assert_open()
            while len(held) > 60:
                line = held.pop(draw.randrange(len(held)))
                if draw.random() < 0.5:  # without a word, as where a cable is pulled
                    line.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                line.close()
    finally:
        for line in held:
            line.close()


def test_no_frame_and_no_handshake_shuts_anybody_out(
    house: House, target: Target, caplog: pytest.LogCaptureFixture
) -> None:
    gc.collect()  # what earlier tests left behind is told now, and not while the log is read
    caplog.clear()
    flood(target, random.Random(1), 1)
    target.assert_open()
    assert [record.getMessage() for record in caplog.records if record.levelno >= logging.ERROR] == []
    assert len(house.state.connections) <= 200


def test_pings_of_whoever_reads_nothing_are_not_hoarded(house: House, target: Target) -> None:
    line = target.opened()
    sent, pings = 0, frame(PING, b"p" * 125) * 1000
    with suppress(OSError):  # a broken pipe, a reset, or no room any more
        while sent < 200 * len(pings):
            sent += line.send(pings)
    line.close()
    assert sent < 100 * len(pings)
    target.assert_open()


def test_a_page_that_answers_stays(house: House, target: Target) -> None:
    line = target.opened()
    line.sendall(frame(PING, b"p") * MAX_CONTROL_FRAMES)
    answer = b""
    while answer.count(b"\x8a\x01p") < MAX_CONTROL_FRAMES:
        answer += line.recv(4096)
    assert b'{"version"' in answer
    house.session.time(left=5)
    while answer.count(b'{"version"') < 2:
        answer += line.recv(4096)
    line.close()


def test_more_sockets_than_fit_close_only_those_of_the_flood(house: House, target: Target) -> None:
    team = socket.create_connection(("127.0.0.1", target.port), PATIENCE)
    team.sendall(target.upgrade(target.team))
    assert team.recv(12) == b"HTTP/1.1 101"
    lines = []
    for number in range(400):
        lines.append(target.line())
        with suppress(OSError):
            lines[-1].sendall(target.upgrade() if number % 2 else target.upgrade()[:100])
        if number % 50 == 0:
            target.assert_open()
    target.assert_open()
    assert len(house.state.connections) <= 200
    house.session.time(left=5)
    answer = b""
    while answer.count(b'{"version"') < 2:
        said = team.recv(4096)
        assert said, "the team's socket was closed"
        answer += said
    for line in (team, *lines):
        line.close()


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="memory of another process is read as Linux tells it")
def test_a_long_flood_takes_no_memory_and_prints_nothing(tmp_path: Path) -> None:
    served = Served(tmp_path, "venezuela_2026")
    try:
        folder = served.log.parent
        connection = http.client.HTTPConnection("127.0.0.1", served.port, timeout=60)
        connection.request("GET", served.link.removeprefix(served.base))
        staff = connection.getresponse().headers["set-cookie"].partition(";")[0].partition("=")[2]
        connection.close()
        target = Target(served.port, staff, staff, staff)
        target.assert_open = lambda: None  # type: ignore[method-assign]
        flood(target, random.Random(2), 1)
        before = served.memory()
        for seed in range(20):
            flood(target, random.Random(seed), 3)
            assert target.status("/room", staff) == 200
            assert target.status("/") == 200
        assert served.memory() - before < 40
        assert not (folder / "server.log").exists() or (folder / "server.log").read_text() == ""
    finally:
        said = served.end()
    assert "Traceback" not in said
    assert "failed" not in said
