"""Connections that dribble: hung up on by the server's own clock, which the test moves."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
import uvicorn

from papertiger.wargame.server.timeouts import (
    FRAME_SECONDS,
    HEADER_SECONDS,
    PAGE_SECONDS,
    HeaderTimeoutProtocol,
    Socket,
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
