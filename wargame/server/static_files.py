"""Serve style, script and pictures under addresses that change with their content, so that browsers may keep them.

A page that comes while the server dies still has its script then, and with it hears when the server is back.
"""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from starlette.staticfiles import StaticFiles

if TYPE_CHECKING:
    from starlette.responses import Response
    from starlette.types import Scope

STATIC = Path(__file__).parent / "static"
CACHED = "public, max-age=31536000, immutable"


@cache
def address(name: str) -> str:
    """Return the address of a file, with the start of its hash."""
    return f"/static/{name}?{hashlib.sha256((STATIC / name).read_bytes()).hexdigest()[:16]}"


class CachedFiles(StaticFiles):
    """The files, which a browser may cache if it asks for the content that is here."""

    async def get_response(self, path: str, scope: Scope) -> Response:
        """Answer a request for a file."""
        answer = await super().get_response(path, scope)
        asked = f"/static/{path}?{scope['query_string'].decode('latin-1')}"
        if answer.status_code == 200 and asked == address(path):
            answer.headers["cache-control"] = CACHED
        return answer
