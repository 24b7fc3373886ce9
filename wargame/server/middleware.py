"""Guard every request, whatever it asks for.

It stands outside all routes: hosts that are not ours are refused (a name that is bound to this machine from outside
would let a foreign page speak to it), bodies are short and do not dawdle, and every answer carries the headers that
keep a browser from running, framing, sniffing or keeping anything.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable, Iterator
from typing import Any

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import ClientDisconnect
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from papertiger.wargame.i18n import catalogue

MAX_BYTES = 262_144
"""Of a body: the longest sheet of orders of 200 clients with a reason for each is about 150 kB."""

MAX_PIECE = 65_536
"""Bytes of a page that are handed on at a time, so that a slow reader holds no more of it twice."""

MAX_HEADERS = 16_384
"""Bytes of what stands before a body; one cookie and what a browser says of itself take a tenth of it."""

BODY_SECONDS = 20.0
LOG = logging.getLogger("papertiger.server")
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


REFUSALS = {400: "refused.host", 413: "refused.long", 431: "refused.headers", 500: "refused.fault"}
"""What is said where no page can be made, by status: keys of the catalogues."""


class TooMuchError(Exception):
    """A body that is too long or too slow."""


class SecurityMiddleware:
    """Stands before an application.

    Parameters
    ----------
    app
        The application.
    admits
        Tells of a host that a request names, and of the address of this machine that it came to, whether they go
        together.
    """

    def __init__(self, app: ASGIApp, admits: Callable[[str, str], bool]) -> None:
        self.app, self.admits = app, admits

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request."""
        if scope["type"] == "lifespan":
            await self.app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        if size_of_headers(scope) > MAX_HEADERS:
            await self._refuse(scope, receive, send, 431)
            return
        hosts = headers.getlist("host")
        if len(hosts) != 1 or not self.admits(hosts[0], (scope.get("server") or ("",))[0]):
            await self._refuse(scope, receive, send, 400)
            return
        if scope["type"] == "websocket":
            await self.app(scope, receive, send)
            return
        length = headers.get("content-length", "0")
        if not (length.isascii() and length.isdecimal()) or int(length[:12]) > MAX_BYTES:
            await self._refuse(scope, receive, send, 413)
            return
        started = False

        async def guarded_send(message: Message) -> None:
            nonlocal started
            if message["type"] == "http.response.start":
                started = True
                set_headers(message)
            for piece in _pieces(message):
                await send(piece)

        try:
            await self.app(scope, _bounded(receive), guarded_send)
        except ClientDisconnect:
            return  # a browser that left in the middle of a form is owed no answer
        except TooMuchError:
            if not started:
                await self._refuse(scope, receive, send, 413)
        except Exception:
            LOG.exception("%s failed before any page", scope["method"])
            if not started:
                await self._refuse(scope, receive, send, 500)

    async def _refuse(self, scope: Scope, receive: Receive, send: Send, status: int) -> None:
        if scope["type"] == "websocket":
            await receive()
            await send({"type": "websocket.close", "code": 1008})
            return

        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                set_headers(message)
            await send(message)

        await PlainTextResponse(refusal_text(status), status)(scope, receive, with_headers)


def refusal_text(status: int) -> str:
    """Return what is said where no page can be made, in every language: whose browser it is, nobody knows yet."""
    said = [catalogue.text(language, REFUSALS[status]) for language in catalogue.languages()]
    return "\n\n".join(said) + "\n"


def size_of_headers(scope: Scope) -> int:
    """Return how many bytes stand before a request's body."""
    target = len(scope.get("raw_path") or b"") + len(scope.get("query_string", b""))
    return target + sum(len(name) + len(value) + 4 for name, value in scope["headers"])


def _pieces(message: Message) -> Iterator[Message]:
    """Yield a message, a long body in pieces: each waits until whoever reads has taken what came before."""
    body = message.get("body", b"")
    if message["type"] != "http.response.body" or len(body) <= MAX_PIECE:
        yield message
        return
    for start in range(0, len(body), MAX_PIECE):
        more = message.get("more_body", False) or start + MAX_PIECE < len(body)
        yield {**message, "body": body[start : start + MAX_PIECE], "more_body": more}


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
        if taken > MAX_BYTES:
            raise TooMuchError
        return message

    return bounded


def set_headers(message: Message) -> None:
    """Put the headers on an answer as it starts."""
    headers: Any = MutableHeaders(scope=message)
    caching = headers.get("cache-control")
    for name, value in HEADERS.items():
        headers[name] = value
    if caching is not None:
        headers["cache-control"] = caching
