"""Make the application of the pages, with the checks that stand before every one of them."""

from __future__ import annotations

import asyncio
import contextlib
import json
import logging
from collections.abc import Awaitable, Callable, Sequence
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl

from pydantic import ValidationError
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect
from starlette.responses import FileResponse, Response
from starlette.routing import Mount, Route, WebSocketRoute
from starlette.websockets import WebSocketDisconnect

from papertiger.scenarios.errors import ScenarioError
from papertiger.wargame.log.store import StoreError
from papertiger.wargame.rules.refusals import RefusalError
from papertiger.wargame.server.auth import FACILITATOR, AuthError, digest
from papertiger.wargame.server.live import Tab
from papertiger.wargame.server.middleware import SecurityMiddleware, TooMuchError
from papertiger.wargame.server.request import COOKIE, PageRequest, RefusedError, status_of
from papertiger.wargame.server.routes import PAGES, Page
from papertiger.wargame.server.static_files import STATIC, CachedFiles

if TYPE_CHECKING:
    from starlette.datastructures import Headers
    from starlette.requests import Request
    from starlette.types import ASGIApp
    from starlette.websockets import WebSocket

    from papertiger.wargame.server.state import ServerState

LOG = logging.getLogger("papertiger.server")
MAX_FIELDS = 4000
MAX_STRANGER = 4096
"""Bytes of a form of whoever has not joined: a code, a name and a language."""

REVOKED, GONE, CROWDED = 4401, 4408, 4429
IDLE_SECONDS = 3600.0
FORM = "application/x-www-form-urlencoded"


async def _icon(_: Request) -> Response:
    """Answer a browser that asks for an icon by its own custom, as of a page that it is about to leave."""
    return FileResponse(STATIC / "icon.svg", media_type="image/svg+xml")


def make_app(state: ServerState) -> ASGIApp:
    """Return the application of a room.

    Parameters
    ----------
    state
        The game.
    """
    return SecurityMiddleware(make_router(state), state.places.admits)


def make_router(state: ServerState, pages: Sequence[Page] = PAGES, beside: Sequence[Mount] = ()) -> Starlette:
    """Return what answers at the addresses of some pages, without the guard that stands before it.

    Parameters
    ----------
    state
        The game.
    pages
        Its addresses.
    beside
        Others that are served with them.
    """
    routes: list[Route | Mount | WebSocketRoute] = [
        Route(page.path, _endpoint(state, page), methods=[page.method]) for page in pages
    ]
    routes += beside
    routes.append(WebSocketRoute("/live", _live(state)))
    routes.append(Route("/favicon.ico", _icon))
    routes.append(Mount("/static", CachedFiles(directory=STATIC)))

    async def nothing(request: Request, _: Exception) -> Response:
        return await run_in_threadpool(_page_request(state, request, {}).complaint, 404, "error.nothing")

    app = Starlette(
        routes=routes,
        exception_handlers={HTTPException: nothing},
    )
    # A page with a slash too much is no page; an answer that differed would say which pages there are.
    app.router.redirect_slashes = False
    return app


def _page_request(state: ServerState, request: Request, fields: dict[str, str]) -> PageRequest:
    cookie = request.cookies.get(COOKIE, "")[:200]
    identity = state.identity(cookie)
    if identity is not None:
        state.connections.prove(request.client, staff=identity.role == FACILITATOR)
    return PageRequest(state, request, cookie, identity, fields, dict(request.path_params))


def _endpoint(state: ServerState, page: Page) -> Callable[[Request], Awaitable[Response]]:
    async def endpoint(request: Request) -> Response:
        asked, refused = _page_request(state, request, {}), 0
        if asked.role not in page.roles:
            # Before the form is looked at, or what is wrong with it would tell that there is such a page.
            return await run_in_threadpool(asked.complaint, 404, "error.nothing")
        if page.method == "POST":
            refused = _foreign(request)
            if not refused:
                try:
                    fields, refused = await _form(state, request, asked)
                except TooMuchError:
                    fields, refused = {}, 413
                except ClientDisconnect:
                    return Response(status_code=400)  # to nobody: the browser has left in the middle
                # Looked up anew, since somebody's seat may have been taken away while the form came in.
                asked = _page_request(state, request, fields)
            if refused:
                return await run_in_threadpool(asked.complaint, refused, _WHY[refused])
        return await run_in_threadpool(_answer, page, asked)

    return endpoint


_WHY = {403: "error.form", 429: "error.wait", 400: "error.form", 413: "error.long", 415: "error.form"}


def _foreign(request: Request) -> int:
    """Return the status to refuse a form with that another site sent, or 0.

    A page of ours sends ``null``, since it tells nobody where it comes from; then the token alone decides.
    """
    origin = request.headers.get("origin", "null")
    if origin not in ("null", _origin(request.headers)):
        return 403
    if request.headers.get("sec-fetch-site", "same-origin") not in ("same-origin", "none"):
        return 403
    return 0


def _origin(headers: Headers) -> str:
    """Return what a page of ours calls its origin, under the name that it was asked for by and the guard took."""
    return f"http://{headers.get('host', '').lower()}"


async def _form(state: ServerState, request: Request, asked: PageRequest) -> tuple[dict[str, str], int]:
    """Return the fields of a form, and the status to refuse it with, or 0."""
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != FORM:
        return {}, 415
    if asked.identity is not None:
        throttle = state.staff_forms if asked.role == FACILITATOR else state.forms
        if throttle.is_full(digest(asked.cookie)):
            return {}, 429
        throttle.count(digest(asked.cookie))
    body = bytearray()
    async for piece in request.stream():
        body += piece
        if asked.identity is None and len(body) > MAX_STRANGER:
            return {}, 413
    try:
        said = parse_qsl(body.decode("utf-8", "replace"), True, max_num_fields=MAX_FIELDS, errors="replace")
    except ValueError:
        return {}, 400
    fields = dict(said)
    if not state.auth.is_form_token(asked.cookie, fields.get("csrf", "")):
        return {}, 403
    return fields, 0


def _answer(page: Page, request: PageRequest) -> Response:
    """Return the answer of a page, or what is wrong; never a traceback, and the same for what is foreign or not."""
    try:
        return page.answer(request) if request.role in page.roles else request.complaint(404, "error.nothing")
    except RefusedError as error:
        return request.complaint(error.status, error.text)
    except (RefusalError, ScenarioError) as error:
        return request.complaint(status_of(error), "error.rules", request.translator.reasons(error))
    except (StoreError, AuthError):
        LOG.exception("nothing was written")
        return request.complaint(503, "error.disk")
    except ValidationError:
        # A record of the log that the game's own pages never ask for.
        return request.complaint(422, "error.form")
    except Exception:
        # Its text may hold what the person may not know, so it goes to the facilitator's log alone.
        LOG.exception("%s %s failed", page.method, page.path)
        return request.complaint(500, "error.fault")


def _live(state: ServerState) -> Callable[[WebSocket], Awaitable[None]]:
    async def live(socket: WebSocket) -> None:
        cookie = socket.cookies.get(COOKIE, "")[:200]
        identity = state.identity(cookie)
        if socket.headers.get("origin") != _origin(socket.headers) or identity is None:
            await socket.close(1008)
            return
        state.connections.prove(socket.client, staff=identity.role == FACILITATOR)
        tab = Tab(
            digest(cookie),
            str(state.seat_of(identity)),
            asyncio.get_running_loop(),
            staff=identity.role == FACILITATOR,
        )
        if not state.hub.enter(tab):
            await socket.close(CROWDED)
            return
        try:
            await socket.accept()
            await _serve(state, cookie, tab, socket)
        finally:
            state.hub.leave(tab)

    return live


async def _serve(state: ServerState, cookie: str, tab: Tab, socket: WebSocket) -> None:
    """Tell a tab its version whenever that changes, until it goes or is nobody's any more."""
    listening = asyncio.ensure_future(_listen(socket))
    told: dict[str, int] = {}
    try:
        while True:
            tab.woken.clear()
            identity = state.identity(cookie)
            if identity is None:
                await socket.close(REVOKED)
                return
            version = state.edition(identity)
            if version != told:
                await socket.send_text(json.dumps(version))
                told = version
            waking = asyncio.ensure_future(tab.woken.wait())
            done, _ = await asyncio.wait(
                {waking, listening}, return_when=asyncio.FIRST_COMPLETED, timeout=IDLE_SECONDS
            )
            if not done or listening in done:
                waking.cancel()
                if not done:
                    await socket.close(GONE)
                return
    except (WebSocketDisconnect, RuntimeError):
        return
    finally:
        listening.cancel()
        with contextlib.suppress(asyncio.CancelledError, WebSocketDisconnect, RuntimeError):
            await listening


async def _listen(socket: WebSocket) -> None:
    """Wait until the tab goes. A tab has nothing to say: one that speaks is shown out."""
    message = await socket.receive()
    if message["type"] != "websocket.disconnect":
        await socket.close(1008)
