"""The guard: what holds for every request, whatever it asks for.

It stands outside all routes: hosts that are not ours are refused (a name that is bound to this machine from outside
would let a foreign page speak to it), bodies are short and do not dawdle, and every answer carries the headers that
keep a browser from running, framing, sniffing or keeping anything.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Collection
from typing import Any

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

MOST_BYTES = 262_144
"""Of a body: the longest sheet of orders of 200 clients with a reason for each is about 150 kB."""

BODY_SECONDS = 20.0
clock = time.monotonic

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
HEADERS = {
    "content-security-policy": POLICY,
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "no-referrer",
    "cache-control": "no-store",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=()",
}


class TooMuchError(Exception):
    """A body that is too long or too slow."""


class SecurityMiddleware:
    """Stands before an application.

    Parameters
    ----------
    app
        The application.
    hosts
        What a request may give as its host, with the port where one is usual.
    """

    def __init__(self, app: ASGIApp, hosts: Collection[str]) -> None:
        self.app, self.hosts = app, frozenset(hosts)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request."""
        if scope["type"] == "lifespan":
            await self.app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        if len(headers.getlist("host")) != 1 or headers["host"].lower() not in self.hosts:
            await self._refuse(scope, receive, send, 400)
            return
        if scope["type"] == "websocket":
            await self.app(scope, receive, send)
            return
        length = headers.get("content-length", "0")
        if not length.isdecimal() or int(length[:12]) > MOST_BYTES:
            await self._refuse(scope, receive, send, 413)
            return
        started = False

        async def guarded_send(message: Message) -> None:
            nonlocal started
            if message["type"] == "http.response.start":
                started = True
                set_headers(message)
            await send(message)

        try:
            await self.app(scope, _bounded(receive), guarded_send)
        except TooMuchError:
            if not started:
                await self._refuse(scope, receive, send, 413)

    async def _refuse(self, scope: Scope, receive: Receive, send: Send, status: int) -> None:
        if scope["type"] == "websocket":
            await receive()
            await send({"type": "websocket.close", "code": 1008})
            return

        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                set_headers(message)
            await send(message)

        await PlainTextResponse("Not possible. Das geht nicht.\n", status)(scope, receive, with_headers)


def _bounded(receive: Receive) -> Receive:
    """Return what gives a body piece by piece, as long as it is neither long nor, in all, slow."""
    taken, done, until = 0, False, clock() + BODY_SECONDS

    async def bounded() -> Message:
        nonlocal taken, done
        if done:
            return await receive()
        try:
            message = await asyncio.wait_for(receive(), max(0.0, until - clock()))
        except TimeoutError:
            raise TooMuchError from None
        taken += len(message.get("body", b""))
        done = not message.get("more_body", False)
        if taken > MOST_BYTES:
            raise TooMuchError
        return message

    return bounded


def set_headers(message: Message) -> None:
    """Put the headers on an answer as it starts."""
    headers: Any = MutableHeaders(scope=message)
    for name, value in HEADERS.items():
        headers[name] = value
