"""Make the application of a class: its own pages, and those of each group under the group's address."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.exceptions import HTTPException
from starlette.requests import HTTPConnection
from starlette.routing import Mount
from starlette.websockets import WebSocket

from papertiger.wargame.server.app import make_router
from papertiger.wargame.server.middleware import SecurityMiddleware
from papertiger.wargame.server.parallel.routes import CLASS_PAGES
from papertiger.wargame.server.parallel.state import PREFIX
from papertiger.wargame.server.request import COOKIE

if TYPE_CHECKING:
    from starlette.applications import Starlette
    from starlette.types import ASGIApp, Receive, Scope, Send

    from papertiger.wargame.server.parallel.state import ClassState, GroupState


class _Groups:
    """Pass a request on to the group that it names, if whoever makes it is known there."""

    def __init__(self, state: ClassState) -> None:
        self.state = state
        self._routers: dict[int, tuple[GroupState, Starlette]] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request."""
        group = self.state.groups.get(scope["path_params"]["group"])
        cookie = HTTPConnection(scope).cookies.get(COOKIE, "")[:200]
        if group is None or group.identity(cookie) is None:
            # The same for a group that is not there and for one of others: the class answers, and says nothing of it.
            if scope["type"] == "websocket":
                await WebSocket(scope, receive, send).close(1008)
                return
            raise HTTPException(404)
        known = self._routers.get(group.group.number)
        if known is None or known[0] is not group:
            known = self._routers[group.group.number] = group, make_router(group)
        await known[1](scope, receive, send)


def make_class_app(state: ClassState) -> ASGIApp:
    """Return the application of a class.

    Parameters
    ----------
    state
        The class.
    """
    groups = Mount(f"{PREFIX}/{{group:int}}", app=_Groups(state))
    return SecurityMiddleware(make_router(state, CLASS_PAGES, (groups,)), state.places.admits)
