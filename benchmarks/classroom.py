"""How a full class fares: a hundred open pages in one game, each told of a resolved turn and fetching its own view.

Run with ``python -m benchmarks.classroom [PAGES]``: it serves a shipped game by the real command, lets so many
browsers in, and prints how long it took from the facilitator's click until the last of them had the new turn.
"""

from __future__ import annotations

import asyncio
import re
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import httpx2
import websockets

from tests.wargame.server.served import Served

SCENARIO = "venezuela_2026"
TOKEN = re.compile(r'name="csrf" value="([0-9a-f]+)"')


@dataclass(frozen=True)
class Seen:
    """How long it took, and what it took.

    Attributes
    ----------
    pages
        How many were open.
    told, loaded
        Seconds from the facilitator's click until the last page was told, and until the last had the new turn.
    resolved
        Seconds until the facilitator's own page was answered.
    memory
        The most that the server's process ever held, in MB.
    """

    pages: int
    told: float
    loaded: float
    resolved: float
    memory: int


class Visitor:
    """One browser without a screen."""

    def __init__(self, served: Served) -> None:
        self.base = served.base
        self.client = httpx2.AsyncClient(base_url=served.base, follow_redirects=True, timeout=30.0)
        self.home = "/wall"

    async def send(self, path: str, **fields: str) -> httpx2.Response:
        """Send a form with the token of a page."""
        match = TOKEN.search((await self.client.get("/")).text)
        assert match is not None
        return await self.client.post(path, data={"csrf": match.group(1), **fields})

    async def join(self, code: str, seat: str) -> None:
        """Come in and take a seat."""
        await self.send("/join", code=code, name="Somebody", language="en")
        answer = await self.send("/claim", seat=seat)
        assert answer.status_code == 200
        self.home = answer.url.path

    async def wait(self, turn: int, open_pages: asyncio.Semaphore) -> tuple[float, float]:
        """Wait with an open socket for a turn; return when it was told of, and when the page showed it."""
        cookie = f"papertiger={self.client.cookies['papertiger']}"
        where = self.base.replace("http:", "ws:") + "/live"
        async with websockets.connect(where, origin=self.base, additional_headers={"cookie": cookie}) as socket:  # type: ignore[arg-type]
            await socket.recv()  # the version of now
            open_pages.release()
            while True:
                await socket.recv()
                told = time.perf_counter()
                if f"Turn {turn} of" in (await self.client.get(self.home)).text:
                    return told, time.perf_counter()


async def fill(served: Served, pages: int) -> tuple[Visitor, list[Visitor]]:
    """Return the facilitator and a full class: every seat is taken, and everybody else looks on."""
    staff = Visitor(served)
    await staff.client.get(served.link.removeprefix(served.base))
    first = Visitor(served)
    await first.send("/join", code=served.code, name="First", language="en")
    seats = re.findall(r'name="seat" value="([^"]+:[^"]+|patron)"', (await first.client.get("/lobby")).text)
    await first.client.aclose()
    visitors = [Visitor(served) for _ in range(pages)]
    for number, visitor in enumerate(visitors):
        await visitor.join(served.code, seats[number] if number < len(seats) else "observer")
    return staff, visitors


async def turns(served: Served, pages: int, wanted: Sequence[int]) -> list[Seen]:
    """Let a class see some turns resolved."""
    staff, visitors = await fill(served, pages)
    visits = []
    for turn in wanted:
        opened = asyncio.Semaphore(0)
        waiting = [asyncio.create_task(visitor.wait(turn + 1, opened)) for visitor in visitors]
        for _ in visitors:
            await opened.acquire()
        clicked = time.perf_counter()
        answer = await staff.send("/room/resolve", turn=str(turn))
        resolved = time.perf_counter()
        assert answer.status_code == 200
        moments = await asyncio.gather(*waiting)
        told, loaded = (max(moment) for moment in zip(*moments, strict=True))
        visits.append(Seen(pages, told - clicked, loaded - clicked, resolved - clicked, served.memory()))
    for visitor in (staff, *visitors):
        await visitor.client.aclose()
    return visits


def measure(pages: int = 100, wanted: Sequence[int] = (1, 2, 3)) -> list[Seen]:
    """Serve a game to so many pages and return what each turn took."""
    with tempfile.TemporaryDirectory() as folder:
        served = Served(Path(folder), SCENARIO)
        try:
            return asyncio.run(turns(served, pages, wanted))
        finally:
            served.kill()


def main(pages: int = 100) -> None:
    """Print what each turn took."""
    for turn, seen in enumerate(measure(pages), start=1):
        print(  # noqa: T201 - what it is for
            f"turn {turn}, {seen.pages} pages: told after {seen.told:.2f} s, loaded after {seen.loaded:.2f} s, "
            f"the facilitator's own page after {seen.resolved:.2f} s; server {seen.memory} MB"
        )


if __name__ == "__main__":
    main(*(int(argument) for argument in sys.argv[1:2]))
