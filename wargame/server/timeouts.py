"""Close connections that send too slowly, too much or nonsense, or do not read, and count those that are open."""

from __future__ import annotations

import asyncio
import contextlib
import socket
import struct
import sys
from typing import Any

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol
from websockets.frames import Frame

from papertiger.wargame.server.connections import Connections
from papertiger.wargame.server.middleware import HEADERS, MAX_HEADERS, refusal_text

if sys.platform == "linux":
    import fcntl
    import termios

HEADER_SECONDS = 10.0

PAGE_SECONDS, FRAME_SECONDS = 120.0, 20.0
"""How long a page, or what a socket is told, may wait for whoever asked for it to read on."""

MIN_PROGRESS = 4096
"""Bytes that must arrive meanwhile for it to wait as long again: a slow line brings more, a trickle is no reader."""

_MACOS_UNSENT = 0x1024
"""The option SO_NWRITE of macOS: bytes that the system keeps for the other end."""

MAX_CONTROL_FRAMES = 40
"""Pings and pongs between two pings of ours. A browser answers one; a proxy may ask by itself now and then."""


class HeaderTimeoutProtocol(H11Protocol):
    """HTTP/1.1 that hangs up on a request whose headers do not arrive in time, or do not end.

    The server itself only limits how long a connection rests between requests, and `middleware.SecurityMiddleware`
    only how long a body takes.

    Parameters
    ----------
    connections
        Those that are open.
    arguments, more
        Of the server's own protocol.
    """

    _hurry: asyncio.TimerHandle | None = None

    def __init__(self, *arguments: Any, connections: Connections | None = None, **more: Any) -> None:
        super().__init__(*arguments, **more)
        self._open = connections if connections is not None else Connections()
        self._stalled = Stalled(PAGE_SECONDS)

    def pause_writing(self) -> None:
        """Wait for whoever does not read on, but not for ever: what it is owed is kept in memory meanwhile."""
        self._stalled.wait(self.loop, self.transport)
        super().pause_writing()

    def resume_writing(self) -> None:
        """Go on writing."""
        self._stalled.stop()
        super().resume_writing()

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Begin to wait for the first request."""
        super().connection_made(transport)
        self._open.enter(self.client, transport)
        self._wait()

    def data_received(self, data: bytes) -> None:
        """Wait on as long as a request has begun and its headers are not complete."""
        super().data_received(data)
        if self.conn.their_state is h11.IDLE and self.conn.trailing_data[0]:
            self._wait()
        else:
            self._stop()

    def connection_lost(self, exc: Exception | None) -> None:
        """Stop waiting."""
        self._stop()
        self._stalled.stop()
        self._open.leave(self.client)
        super().connection_lost(exc)

    def handle_websocket_upgrade(self, event: h11.Request) -> None:
        """Hand the connection over to a socket."""
        self._stop()
        self._open.become_socket(self.client)
        super().handle_websocket_upgrade(event)

    def send_400_response(self, msg: str) -> None:
        """Answer what is no request, or one whose headers do not end."""
        error = sys.exception()
        hint = getattr(error, "error_status_hint", 400)
        status = 431 if hint == 431 or len(self.conn.trailing_data[0]) > MAX_HEADERS else 400
        text = (refusal_text(431) if status == 431 else f"{msg}\n").encode()
        headers = [
            ("content-type", "text/plain; charset=utf-8"),
            ("content-length", str(len(text))),
            ("connection", "close"),
            *HEADERS.items(),
        ]
        try:
            for part in (h11.Response(status_code=status, headers=headers), h11.Data(data=text), h11.EndOfMessage()):
                self.transport.write(self.conn.send(part) or b"")
        except h11.LocalProtocolError:
            pass  # in the middle of another answer there is no place for this one
        self.transport.close()

    def _wait(self) -> None:
        if self._hurry is None:
            self._hurry = self.loop.call_later(HEADER_SECONDS, self.transport.close)

    def _stop(self) -> None:
        if self._hurry is not None:
            self._hurry.cancel()
            self._hurry = None


def unread(transport: asyncio.Transport) -> int:
    """Return how many bytes the other end of a connection has not acknowledged yet.

    A full buffer shrinks in strides as large as a third of what the system keeps, which a slow line takes minutes to
    bring over. So what the system keeps is counted, too, where it tells: on Linux and on macOS.
    """
    waiting = transport.get_write_buffer_size()
    line = transport.get_extra_info("socket")
    if line is None:
        return waiting
    with contextlib.suppress(OSError, ValueError):
        return waiting + _held_by_system(line)
    return waiting


if sys.platform == "linux":

    def _held_by_system(line: socket.socket) -> int:
        unsent = fcntl.ioctl(line.fileno(), termios.TIOCOUTQ, struct.pack("i", 0))
        return int(struct.unpack("i", unsent)[0])

elif sys.platform == "darwin":

    def _held_by_system(line: socket.socket) -> int:
        return line.getsockopt(socket.SOL_SOCKET, _MACOS_UNSENT)

else:

    def _held_by_system(line: socket.socket) -> int:  # noqa: ARG001 - Windows does not tell
        return 0


class Stalled:
    """Hang up on a connection whose buffer of what is to be written stays full, and of which nothing arrives.

    Parameters
    ----------
    seconds
        How long it may.
    """

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._timer: asyncio.TimerHandle | None = None

    def wait(self, loop: asyncio.AbstractEventLoop, transport: asyncio.Transport) -> None:
        """Begin to wait, and again as long as something arrives."""
        self.stop()
        self._timer = loop.call_later(self._seconds, self._look, loop, transport, unread(transport))

    def _look(self, loop: asyncio.AbstractEventLoop, transport: asyncio.Transport, before: int) -> None:
        """Wait on, or drop what is in the buffer with the connection: closing would wait for it."""
        if before - unread(transport) >= MIN_PROGRESS:
            self.wait(loop, transport)
        else:
            transport.abort()

    def stop(self) -> None:
        """Stop waiting."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None


class Socket(WebSocketsSansIOProtocol):
    """A WebSocket that is counted among the open connections, and that has nothing to say.

    What it says all the same is not kept, not put together and not read as text: that it spoke is told to the
    application, which shows it out.
    """

    def __init__(self, *arguments: Any, connections: Connections | None = None, **more: Any) -> None:
        super().__init__(*arguments, **more)
        self._open = connections if connections is not None else Connections()
        self._stalled = Stalled(FRAME_SECONDS)
        self._control_frames = 0

    def connection_lost(self, exc: Exception | None) -> None:
        """End."""
        self._stalled.stop()
        self._open.leave(self.client)
        super().connection_lost(exc)

    def pause_writing(self) -> None:
        """Take nothing in from whoever does not read on: each ping would be owed a pong."""
        super().pause_writing()
        self._stalled.wait(self.loop, self.transport)
        self._rest()

    def resume_writing(self) -> None:
        """Go on writing and reading."""
        super().resume_writing()
        self._stalled.stop()
        if self.read_paused and self.queue.empty() and not self.transport.is_closing():
            self.read_paused = False
            self.transport.resume_reading()

    def handle_text(self, event: Frame) -> None:  # noqa: ARG002 - the protocol names it
        """Tell the application that the socket speaks; a part of a message is enough."""
        if not self.close_sent:
            self.queue.put_nowait({"type": "websocket.receive", "bytes": b""})
            self._rest()

    handle_bytes = handle_text
    handle_cont = handle_text

    def handle_ping(self) -> None:
        """Answer, but not for ever."""
        if self._is_quiet():
            super().handle_ping()

    def handle_pong(self, event: Frame) -> None:
        """Take note, but not for ever."""
        if self._is_quiet():
            super().handle_pong(event)

    def send_keepalive_ping(self) -> None:
        """Ask whether the page is still there."""
        self._control_frames = 0
        super().send_keepalive_ping()

    def handle_parser_exception(self) -> None:
        """Hang up on what is no frame, also where it comes before the socket was accepted and no farewell fits."""
        if self.conn.close_sent is None:
            self.transport.abort()
        else:
            super().handle_parser_exception()

    def _is_quiet(self) -> bool:
        self._control_frames += 1
        if self._control_frames > MAX_CONTROL_FRAMES:
            self.transport.abort()
        return not self.transport.is_closing()

    def _rest(self) -> None:
        if not self.read_paused and not self.transport.is_closing():
            self.read_paused = True
            self.transport.pause_reading()
