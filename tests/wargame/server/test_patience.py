"""Connections that dribble: hung up on by the server's own clock, which the test moves."""

from __future__ import annotations

import asyncio
import socket
from typing import Any

import pytest
import uvicorn

from papertiger.wargame.server.middleware import MAX_PIECE, SecurityMiddleware
from papertiger.wargame.server.timeouts import (
    FRAME_SECONDS,
    HEADER_SECONDS,
    MIN_PROGRESS,
    PAGE_SECONDS,
    HeaderTimeoutProtocol,
    Socket,
    unread,
)

HEAD = b"GET / HTTP/1.1\r\nHost: a\r\n"


class Clock:
    """A loop's timers, which go off when the test says so."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self.loop, self.now = loop, 0.0
        self.timers: list[tuple[float, asyncio.Handle]] = []

    def call_later(self, delay: float, call: Any, *arguments: Any) -> Any:
        handle = asyncio.Handle(call, arguments, self.loop)
        self.timers.append((self.now + delay, handle))
        return handle

    def move(self, seconds: float) -> None:
        self.now += seconds
        for due, handle in self.timers:
            if due <= self.now and not handle.cancelled():
                handle._run()
        self.timers = [(due, handle) for due, handle in self.timers if due > self.now]

    def __getattr__(self, name: str) -> Any:
        return getattr(self.loop, name)


class Line(asyncio.Transport):
    """A connection whose other end is the test."""

    closed, said = False, b""

    def close(self) -> None:
        self.closed = True

    def is_closing(self) -> bool:
        return self.closed

    def write(self, data: bytes) -> None:  # type: ignore[override]
        self.said += data

    def get_extra_info(self, name: str, default: Any = None) -> Any:
        return {"peername": ("127.0.0.1", 1), "sockname": ("127.0.0.1", 2)}.get(name, default)

    def abort(self) -> None:
        self.closed = True

    def get_write_buffer_size(self) -> int:
        return len(self.said)

    def pause_reading(self) -> None:
        pass

    def resume_reading(self) -> None:
        pass


async def answer(scope: Any, receive: Any, send: Any) -> None:
    await send({"type": "http.response.start", "status": 204, "headers": []})
    await send({"type": "http.response.body", "body": b""})


def talk(pieces: list[bytes | float]) -> tuple[bool, bytes]:
    """Say some things with pauses between them; return whether the line was cut, and what was answered."""

    async def run() -> tuple[bool, bytes]:
        config = uvicorn.Config(answer, http=HeaderTimeoutProtocol, ws="none", lifespan="off", timeout_keep_alive=60)
        config.load()
        clock, line = Clock(asyncio.get_running_loop()), Line()
        made = HeaderTimeoutProtocol(config, uvicorn.server.ServerState(), {}, clock)
        made.connection_made(line)
        for piece in pieces:
            if isinstance(piece, bytes):
                made.data_received(piece)
                for _ in range(5):  # whoever answers gets its turn
                    await asyncio.sleep(0)
            else:
                clock.move(piece)
        cut = line.closed
        made.connection_lost(None)
        return cut, line.said

    return asyncio.run(run())


@pytest.mark.parametrize(
    ("pieces", "cut", "answers"),
    [
        ([HEADER_SECONDS], True, 0),
        ([HEAD, HEADER_SECONDS], True, 0),
        ([HEAD, HEADER_SECONDS - 1, b"X: 1\r\n", 1.0], True, 0),  # a drop now and then wins no time
        ([HEAD, HEADER_SECONDS - 1, b"\r\n", HEADER_SECONDS], False, 1),
        ([HEAD + b"\r\n", 1.0, HEAD, HEADER_SECONDS], True, 1),  # the second request of a connection
        ([HEAD + b"\r\n", 1.0, HEAD, 1.0, b"\r\n", HEADER_SECONDS], False, 2),
    ],
)
def test_headers_come_in_time_or_not_at_all(pieces: list[bytes | float], cut: bool, answers: int) -> None:
    closed, said = talk(pieces)
    assert (closed, said.count(b"204 No Content")) == (cut, answers)


@pytest.mark.parametrize(("protocol", "seconds"), [(HeaderTimeoutProtocol, PAGE_SECONDS), (Socket, FRAME_SECONDS)])
@pytest.mark.parametrize("reads_on", [True, False])
def test_whoever_reads_nothing_is_hung_up_on(protocol: Any, seconds: float, reads_on: bool) -> None:
    async def run() -> bool:
        config = uvicorn.Config(answer, ws="none", lifespan="off", log_config=None)
        config.load()
        clock, line = Clock(asyncio.get_running_loop()), Line()
        made = protocol(config, uvicorn.server.ServerState(), {}, clock)
        made.connection_made(line)
        if protocol is HeaderTimeoutProtocol:
            made.data_received(HEAD + b"\r\n")
        made.pause_writing()
        clock.move(seconds / 2)
        if reads_on:
            made.resume_writing()
        clock.move(seconds)
        cut = line.closed
        made.connection_lost(None)
        return cut

    assert asyncio.run(run()) is not reads_on


class Download:
    """A long page on its way over a real connection, whose reader and whose clock are the test's."""

    SIZE = 24 * 2**20

    def __init__(self, in_pieces: bool) -> None:
        async def page(scope: Any, receive: Any, send: Any) -> None:
            length = [(b"content-length", str(self.SIZE).encode())]
            await send({"type": "http.response.start", "status": 200, "headers": length})
            await send({"type": "http.response.body", "body": b"x" * self.SIZE})

        app: Any = SecurityMiddleware(page, lambda host, address: True) if in_pieces else page
        self.config = uvicorn.Config(app, http=HeaderTimeoutProtocol, ws="none", lifespan="off", log_config=None)
        self.config.load()
        self.made: list[HeaderTimeoutProtocol] = []

    async def __aenter__(self) -> Download:
        loop = asyncio.get_running_loop()
        self.clock = Clock(loop)
        server = await loop.create_server(self._protocol, "127.0.0.1", 0)
        self.server, self.line = server, socket.socket()
        self.line.setblocking(False)
        await loop.sock_connect(self.line, server.sockets[0].getsockname())
        await loop.sock_sendall(self.line, HEAD + b"\r\n")
        while not (self.made and self.protocol.flow and self.protocol.flow.write_paused):  # until the buffer is full
            await asyncio.sleep(0)
        return self

    async def __aexit__(self, *error: object) -> None:
        self.line.close()
        self.server.close()
        if not self.cut:
            self.protocol.transport.abort()
        for _ in range(5):  # the connection is told that it is lost
            await asyncio.sleep(0)

    def _protocol(self) -> HeaderTimeoutProtocol:
        self.made.append(HeaderTimeoutProtocol(self.config, uvicorn.server.ServerState(), {}, self.clock))
        return self.protocol

    @property
    def protocol(self) -> HeaderTimeoutProtocol:
        return self.made[0]

    @property
    def cut(self) -> bool:
        return self.protocol.transport.is_closing()

    async def read(self, size: int) -> int:
        """Read so much, or all that is left, and return how much that was."""
        have = 0
        while have < size and (data := await asyncio.get_running_loop().sock_recv(self.line, size - have)):
            have += len(data)
        return have


@pytest.mark.parametrize("in_pieces", [False, True])
def test_a_slow_download_is_not_cut(in_pieces: bool) -> None:
    """Of a stride in each of many periods all comes through in the end."""

    async def run() -> int:
        async with Download(in_pieces) as download:
            have = 0
            while have < download.SIZE:
                before = unread(download.protocol.transport)
                have += (stride := await download.read(2**20))
                assert stride, f"cut after {have} bytes"
                while unread(download.protocol.transport) > max(before - MIN_PROGRESS, 0):
                    await asyncio.sleep(0)
                    if in_pieces:
                        break  # the next piece has taken the place of the last one, and its clock begins anew
                download.clock.move(PAGE_SECONDS - 1)
            return have

    assert asyncio.run(run()) >= Download.SIZE


@pytest.mark.parametrize("in_pieces", [False, True])
@pytest.mark.parametrize("trickle", [0, 1])
def test_a_download_that_nobody_reads_is_cut(in_pieces: bool, trickle: int) -> None:
    """What the two systems keep may still move in the first periods; then nothing does, or next to nothing."""

    async def run() -> int:
        async with Download(in_pieces) as download:
            for period in range(50):
                await download.read(trickle)
                for _ in range(50):
                    await asyncio.sleep(0)
                download.clock.move(PAGE_SECONDS)
                if download.cut:
                    return period
            return -1

    assert asyncio.run(run()) >= 0


def test_a_long_page_is_sent_in_pieces() -> None:
    body = bytes(range(256)) * (3 * MAX_PIECE // 256) + b"the end"
    sent: list[Any] = []

    async def page(scope: Any, receive: Any, send: Any) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": body, "more_body": True})
        await send({"type": "http.response.body", "body": b"."})

    async def note(message: Any) -> None:
        sent.append(message)

    scope = {"type": "http", "method": "GET", "headers": [(b"host", b"a")], "server": ("127.0.0.1", 1)}
    asyncio.run(SecurityMiddleware(page, lambda host, address: True)(scope, _nothing, note))
    pieces = sent[1:]
    assert b"".join(piece["body"] for piece in pieces) == body + b"."
    assert max(len(piece["body"]) for piece in pieces) == MAX_PIECE
    assert [piece.get("more_body", False) for piece in pieces] == [True] * 4 + [False]


async def _nothing() -> Any:
    return {"type": "http.disconnect"}
