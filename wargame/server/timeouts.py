"""Close connections whose headers come too slowly or are too long, and count those that are open."""

from __future__ import annotations

import asyncio
import sys
from typing import Any

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol

from papertiger.wargame.server.connections import Connections
from papertiger.wargame.server.middleware import HEADERS, MAX_HEADERS, refusal_text

HEADER_SECONDS = 10.0


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


class Socket(WebSocketsSansIOProtocol):
    """A WebSocket that is counted among the open connections."""

    def __init__(self, *arguments: Any, connections: Connections | None = None, **more: Any) -> None:
        super().__init__(*arguments, **more)
        self._open = connections if connections is not None else Connections()

    def connection_lost(self, exc: Exception | None) -> None:
        """End."""
        self._open.leave(self.client)
        super().connection_lost(exc)
