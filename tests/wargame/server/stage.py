"""A stage: a served game in which names, codes and moments are given, and browsers that keep every byte they get.

Nothing stands between a browser and the application but the protocol, so what is kept is what would go over the wire.
"""

from __future__ import annotations

import asyncio
import io
import json
import zipfile
from collections import Counter
from collections.abc import Mapping
from concurrent.futures import Future
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from threading import Condition, Thread
from typing import Any
from urllib.parse import urlencode, urlsplit

from starlette.datastructures import Headers

from papertiger.scenarios import Scenario
from papertiger.wargame.engine.fan import Fan, FanRequest
from papertiger.wargame.engine.worker import LocalEngine
from papertiger.wargame.folder import LOG_NAME
from papertiger.wargame.server.app import make_app
from papertiger.wargame.server.auth import CODE_LENGTH, Authenticator, Throttle
from papertiger.wargame.server.network import Places
from papertiger.wargame.server.state import (
    FORM_SECONDS,
    FORMS_ALL,
    FORMS_EACH,
    GUESS_SECONDS,
    ServerState,
)
from papertiger.wargame.session import Session
from tests.wargame.games import small
from tests.wargame.server.visitors import BASE, House, Visitor

HOST = "127.0.0.1:8000"
SEED = 20_201_001_777
PATIENCE = 30.0


class Names:
    """Gives ids and cookies, for each visitor from a row of its own.

    A real server draws them at random, so they say nothing. Here they must be the same in two games that differ in
    what one team does. One row for all would count that team's requests on everybody's pages, which a real server
    does not; but a row of each visitor still shows every id that another's doing puts on its page, leaves out or
    adds, since the rest of the row moves, and an id that was made for somebody else bears that one's name.
    """

    def __init__(self) -> None:
        self.who = "house"
        self.given: Counter[str] = Counter()

    def __call__(self) -> str:
        self.given[self.who] += 1
        return f"{self.who}{self.given[self.who]:06}"


class Quick(LocalEngine):
    """An engine with few continuations, since here it is not their number that counts."""

    def fan(self, request: FanRequest) -> Fan:
        return super().fan(replace(request, runs=20))


@dataclass(frozen=True)
class Answer:
    """All that came back."""

    method: str
    path: str
    status_code: int
    raw: tuple[tuple[bytes, bytes], ...]
    content: bytes

    @property
    def headers(self) -> Headers:
        return Headers(raw=list(self.raw))

    @property
    def text(self) -> str:
        return self.content.decode("utf-8", "replace")

    @property
    def everything(self) -> str:
        """Status, headers and body as text; of an archive, what is in it."""
        parts = [str(self.status_code), *(f"{name!r}: {value!r}" for name, value in self.raw)]
        if self.headers.get("content-type") == "application/zip":
            with zipfile.ZipFile(io.BytesIO(self.content)) as archive:
                for name in archive.namelist():
                    parts += [name, archive.read(name).decode()]
                parts += [repr(archive.infolist()), repr(archive.comment)]
        return "\n".join([*parts, self.text])


class Wire:
    """A loop in a thread of its own, on which the application runs."""

    def __init__(self) -> None:
        self.loop = asyncio.new_event_loop()
        self.thread = Thread(target=self.loop.run_forever, daemon=True)
        self.thread.start()

    def begin(self, coroutine: Any) -> Future[Any]:
        return asyncio.run_coroutine_threadsafe(coroutine, self.loop)

    def run(self, coroutine: Any) -> Any:
        return self.begin(coroutine).result(PATIENCE)

    def close(self) -> None:
        async def rest() -> None:
            await self.loop.shutdown_default_executor()

        self.run(rest())
        self.loop.call_soon_threadsafe(self.loop.stop)
        self.thread.join(PATIENCE)
        self.loop.close()


@dataclass
class Browser:
    """Sends requests under a name, with the cookie that it was given, and keeps all answers."""

    stage: Stage
    name: str
    cookies: dict[str, str] = field(default_factory=dict)
    answers: list[Answer] = field(default_factory=list)

    def take(self) -> list[Answer]:
        """Return the answers since the last time."""
        taken, self.answers = self.answers, []
        return taken

    def get(self, path: str, **more: Any) -> Answer:
        return self.request("GET", path, **more)

    def post(self, path: str, **more: Any) -> Answer:
        return self.request("POST", path, **more)

    def request(
        self,
        method: str,
        path: str,
        *,
        data: Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
        follow_redirects: bool = False,
    ) -> Answer:
        self.stage.names.who = self.name
        body = urlencode(data).encode() if data is not None else b""
        sent = {"host": HOST, "content-length": str(len(body))}
        if data is not None:
            sent["content-type"] = "application/x-www-form-urlencoded"
        answer: Answer = self.stage.wire.run(self._page_request(method, path, body, sent | dict(headers or {})))
        self.answers.append(answer)
        if follow_redirects and answer.status_code == 303:
            return self.request("GET", answer.headers["location"], follow_redirects=True)
        return answer

    async def _page_request(self, method: str, path: str, body: bytes, headers: Mapping[str, str]) -> Answer:
        parts = urlsplit(path)
        waiting = [{"type": "http.request", "body": body, "more_body": False}]
        said: list[dict[str, Any]] = []

        async def receive() -> dict[str, Any]:
            return waiting.pop() if waiting else await asyncio.Future()

        async def send(message: Any) -> None:
            said.append(message)

        scope = {
            "type": "http",
            "asgi": {"version": "3.0"},
            "http_version": "1.1",
            "method": method,
            "scheme": "http",
            "path": parts.path,
            "raw_path": parts.path.encode(),
            "query_string": parts.query.encode(),
            "root_path": "",
            "headers": self.headers(headers),
            "client": ("127.0.0.1", 50_000),
            "server": ("127.0.0.1", 8000),
        }
        await self.stage.app(scope, receive, send)
        start = said[0]
        raw = tuple((bytes(name), bytes(value)) for name, value in start["headers"])
        for name, value in raw:
            if name == b"set-cookie":
                key, _, rest = value.decode().partition("=")
                self.cookies[key] = rest.partition(";")[0]
        content = b"".join(message.get("body", b"") for message in said[1:])
        return Answer(method, path, start["status"], raw, content)

    def headers(self, headers: Mapping[str, str]) -> list[tuple[bytes, bytes]]:
        sent = [(name.encode(), value.encode()) for name, value in headers.items()]
        if self.cookies:
            sent.append((b"cookie", "; ".join(f"{name}={value}" for name, value in self.cookies.items()).encode()))
        return sent


class Ear:
    """An open page's socket: all that the server says to it, in order."""

    def __init__(self, browser: Browser, headers: Mapping[str, str] | None = None) -> None:
        self.stage, self.heard = browser.stage, list[str]()
        self._changed, self._gone = Condition(), asyncio.Event()
        self._first = True
        scope = {
            "type": "websocket",
            "asgi": {"version": "3.0"},
            "scheme": "ws",
            "path": "/live",
            "raw_path": b"/live",
            "query_string": b"",
            "root_path": "",
            "headers": browser.headers({"host": HOST, "origin": BASE} | dict(headers or {})),
            "subprotocols": [],
            "client": ("127.0.0.1", 50_000),
            "server": ("127.0.0.1", 8000),
        }
        self.ended = self.stage.wire.begin(self.stage.app(scope, self._receive, self._send))

    async def _receive(self) -> dict[str, Any]:
        if self._first:
            self._first = False
            return {"type": "websocket.connect"}
        await self._gone.wait()
        return {"type": "websocket.disconnect", "code": 1001}

    async def _send(self, message: Any) -> None:
        said = {"websocket.accept": "accepted", "websocket.close": f"closed {message.get('code')}"}
        with self._changed:
            self.heard.append(said.get(message["type"]) or str(message.get("text")))
            self._changed.notify_all()

    @property
    def last(self) -> str:
        return self.heard[-1] if self.heard else ""

    @property
    def is_closed(self) -> bool:
        return self.last.startswith("closed")

    def wait_for(self, wanted: str) -> None:
        """Wait until the last that was said is this, or nothing more can come."""
        with self._changed:
            assert self._changed.wait_for(lambda: self.is_closed or self.last == wanted, PATIENCE), self.heard

    def hang_up(self) -> list[str]:
        """Close the page, and return all that it was told."""
        self.stage.wire.loop.call_soon_threadsafe(self._gone.set)
        self.ended.result(PATIENCE)
        return self.heard


class Stage(House):
    """A served game with everything given that a real one draws or reads off a clock."""

    def __init__(self, folder: Path, scenario: Scenario | None = None) -> None:
        made = scenario or small()
        self.names, self.wire = Names(), Wire()
        self.now = 1_800_000_000.0
        self.browsers: dict[str, Browser] = {}
        self.ears: dict[str, Ear] = {}
        super().__init__(folder, lambda: made)

    def time(self) -> float:
        return self.now

    def stamp(self) -> str:
        return datetime.fromtimestamp(self.now, UTC).isoformat(timespec="seconds")

    def open(self) -> None:
        path = self.folder / LOG_NAME
        given: dict[str, Any] = {"engine": Quick(), "clock": self.stamp, "ids": self.names}
        self.names.who = "house"
        if not path.exists():
            Session.create(path, self.scenario(), seed=SEED, **given).close()
        self.session = Session.open(path, **given)
        self.auth = Authenticator(self.folder, tokens=self.names, codes=self.code, clock=self.time)
        self.state = ServerState(self.session, self.auth, places=Places(8000), ids=self.names, clock=self.time)
        # As a real room's, but by the clock that is given; only of wrong codes the crawl sends more than anybody may.
        self.state.guesses = Throttle(10_000, 10_000, GUESS_SECONDS, self.time)
        self.state.forms = Throttle(FORMS_EACH, FORMS_ALL, FORM_SECONDS, self.time)
        self.state.staff_forms = Throttle(FORMS_EACH, FORMS_ALL, FORM_SECONDS, self.time)
        self.session.on_change = self._changed
        self.app = make_app(self.state)

    def code(self, length: int) -> str:
        """Return the code to join with, or a pass for a seat."""
        return "CDEF2345" if length == CODE_LENGTH else self.names().upper()

    def _changed(self, versions: Mapping[str, int]) -> None:
        """Let every page hear of each change before there is another, so that what is heard hangs on no thread."""
        self.state.hub.tell(versions)
        self.settle()

    def close(self) -> None:
        for ear in self.ears.values():
            ear.hang_up()
        self.wire.close()
        super().close()

    def browser(self, name: str) -> Browser:
        assert name
        assert name not in self.browsers
        self.browsers[name] = Browser(self, "".join(char for char in name if char.isalnum()))
        return self.browsers[name]

    def key_for(self, visitor: Visitor) -> str:
        self.names.who = visitor.client.name
        return self.names()

    def listen(self) -> None:
        """Let every visitor who may open a page's socket."""
        for name, browser in self.browsers.items():
            if name not in self.ears:
                self.ears[name] = Ear(browser)

    def settle(self) -> None:
        """Wait until every open page knows of the present."""
        for name, ear in self.ears.items():
            identity = self.state.identity(self.browsers[name].cookies.get("papertiger", ""))
            wanted = json.dumps(self.state.edition(identity)) if identity is not None else "closed"
            ear.wait_for(wanted)

    def later(self, seconds: float = 20.0) -> None:
        """Let time pass."""
        self.now += seconds
