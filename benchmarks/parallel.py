"""How parallel games fare: twelve groups of bots and a hundred open pages, each told of its group's resolved turn.

Run with ``python -m benchmarks.parallel [PAGES]``: it serves a class by the real command, lets each group take all
seats that it has pages for, resolves a turn in all groups at once, and prints how long that took.
"""

from __future__ import annotations

import asyncio
import re
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

import httpx2
import websockets

from tests.wargame.server.served import Served

SCENARIO = "venezuela_2026"
GROUPS = 12
TOKEN = re.compile(r'name="csrf" value="([0-9a-f]+)"')
SEAT = re.compile(r'name="seat" value="([^"]+:[^"]+|patron)"')
CHOICE = re.compile(r'<input type="radio" name="([^"]+)" value="([^"]*)"([^>]*)>')
TOGETHER = 8
"""Browsers that come in at the same time."""


@dataclass(frozen=True)
class Told:
    """What a turn took in all groups.

    Attributes
    ----------
    pages
        How many were told, by group.
    told
        Seconds from the first word of a group's turn until its last page had heard of it, of the slowest group.
    first, last
        Seconds from the click until the first group was told, and until the last was.
    memory
        The most that the server's process ever held, in MB.
    orders, seated
        How many bots gave an order that was taken, and how many have a seat.
    """

    pages: tuple[int, ...]
    told: float
    first: float
    last: float
    memory: int
    orders: int
    seated: int


class Bot:
    """One browser without a screen, in a group; with a seat it gives an order, and says that it is ready."""

    def __init__(self, served: Served, group: int) -> None:
        self.base, self.group = served.base, group
        self.at, self.seat = "", ""
        self.client = httpx2.AsyncClient(base_url=served.base, follow_redirects=True, timeout=120.0)

    async def send(self, path: str, page: str = "/", **fields: str) -> httpx2.Response:
        """Send a form with the token of a page."""
        match = TOKEN.search((await self.client.get(page)).text)
        assert match is not None
        answer = await self.client.post(path, data={"csrf": match.group(1), **fields})
        assert answer.status_code == 200, answer.text
        return answer

    async def join(self, code: str, *, forms: bool) -> None:
        """Come in, form or pick the group, and take a seat; where all are taken, look on."""
        await self.send("/join", code=code, name="Bot", language="en")
        act = {"name": ""} if forms else {"group": str(self.group)}
        answer = await self.send("/groups/form" if forms else "/groups/pick", **act)
        self.at = f"/group/{self.group}"
        assert answer.url.path == f"{self.at}/lobby"
        free = SEAT.findall(answer.text)
        self.seat = free[0] if free else ""
        await self.send(f"{self.at}/claim", seat=self.seat or "observer")

    async def order(self, turn: int) -> bool:
        """Give the first order that the desk offers, and be ready; tell whether it was taken."""
        if not self.seat:
            return False
        desk = f"{self.at}/desk"
        choices = [
            (name, value)
            for name, value, more in CHOICE.findall((await self.client.get(desk)).text)
            if value and "disabled" not in more
        ]
        name, value = choices[self.group % len(choices)]
        fields = {"turn": str(turn), "whole": "1", "as": "ready", name: value}
        answer = await self.send(f"{desk}/orders", desk, **fields)
        return "done=ordered" in str(answer.url)

    async def wait(self, turn: int, opened: asyncio.Semaphore) -> float:
        """Wait with an open socket for a turn; return when the page was told of it and showed it."""
        cookie = f"papertiger={self.client.cookies['papertiger']}"
        where = f"{self.base.replace('http:', 'ws:')}{self.at}/live"
        async with websockets.connect(where, origin=self.base, additional_headers={"cookie": cookie}) as socket:  # type: ignore[arg-type]
            await socket.recv()  # the version of now
            opened.release()
            while True:
                await socket.recv()
                told = time.perf_counter()
                if f"Turn {turn} of" in (await self.client.get(f"{self.at}/wall")).text:
                    return told


async def fill(served: Served, pages: int) -> list[Bot]:
    """Return a full class."""
    bots = [Bot(served, number % GROUPS + 1) for number in range(pages)]
    for bot in bots[:GROUPS]:
        await bot.join(served.code, forms=True)
    # One after the other within a group, so that each finds another seat.
    for start in range(GROUPS, pages, TOGETHER):
        await asyncio.gather(*(bot.join(served.code, forms=False) for bot in bots[start : start + TOGETHER]))
    return bots


async def turn_of_all(served: Served, pages: int) -> Told:
    """Let a class see one turn resolved in every group."""
    staff = Bot(served, 0)
    await staff.client.get(served.link.removeprefix(served.base))
    bots = await fill(served, pages)
    taken = [await bot.order(1) for bot in bots]
    opened = asyncio.Semaphore(0)
    waiting = [asyncio.create_task(bot.wait(2, opened)) for bot in bots]
    for _ in bots:
        await opened.acquire()
    clicked = time.perf_counter()
    await staff.send("/class/resolve", "/class", turn="1")
    moments = await asyncio.gather(*waiting)
    groups = [
        [moment for bot, moment in zip(bots, moments, strict=True) if bot.group == number + 1]
        for number in range(GROUPS)
    ]
    for bot in (staff, *bots):
        await bot.client.aclose()
    return Told(
        pages=tuple(len(group) for group in groups),
        told=max(max(group) - min(group) for group in groups),
        first=min(moments) - clicked,
        last=max(moments) - clicked,
        memory=served.memory(),
        orders=sum(taken),
        seated=sum(bool(bot.seat) for bot in bots),
    )


def measure(pages: int = 100) -> Told:
    """Serve a class to so many pages and return what a turn took."""
    with tempfile.TemporaryDirectory() as folder:
        served = Served(Path(folder), SCENARIO, more=("--groups", str(GROUPS)))
        try:
            return asyncio.run(turn_of_all(served, pages))
        finally:
            served.kill()


def main(pages: int = 100) -> None:
    """Print what a turn took."""
    seen = measure(pages)
    print(  # noqa: T201 - what it is for
        f"{GROUPS} groups, {pages} pages, {seen.orders} orders: the first group told after {seen.first:.2f} s, "
        f"the last after {seen.last:.2f} s; within a group {seen.told:.2f} s apart; server {seen.memory} MB"
    )


if __name__ == "__main__":
    main(*(int(argument) for argument in sys.argv[1:2]))
