"""A class room: real browsers of a facilitator and of teams, in front of a server that can be killed at any time."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from playwright import sync_api as playwright

from tests.wargame.server.served import Served

CHROMIUM = Path("/usr/bin/chromium")
needs_chromium = pytest.mark.skipif(not CHROMIUM.exists(), reason="there is no chromium here")

PHONE, LAPTOP, PROJECTOR = (360, 740), (1366, 768), (1920, 1080)
MAX_PAGE = 60_000
SERIOUS = ("serious", "critical")

# What a browser itself says of a server that was killed.
NOISE = ("WebSocket connection to", "net::ERR_")


def visit(page: Any, url: str) -> None:
    """Open an address, also while the page loads itself anew because its socket said that it is old.

    Such a load of the page's own cuts ours short. Asked again it is there, since a page that is being left hears of
    nothing more.
    """
    for patience in range(5, 0, -1):
        try:
            page.goto(url)
        except playwright.Error as error:
            if "interrupted by another navigation" not in str(error) or patience == 1:
                raise
            page.wait_for_load_state()
        else:
            return


def hears(page: Any, selector: str) -> None:
    """Wait until a page has become another by itself, and load it anew where the browser says that nobody answers.

    A page that loads itself anew in the moment in which the server is killed is such a page.
    """
    for patience in range(3, 0, -1):
        try:
            page.wait_for_selector(selector)
        except playwright.Error:
            if not page.url.startswith("chrome-error:") or patience == 1:
                raise
            page.reload()
        else:
            return


class Browsers:
    """Browsers, each with cookies of its own, and what they complained of.

    Attributes
    ----------
    complaints
        What consoles said, and pages that were too large, too wide, or that some people could not use.
    foreign
        Requests to any other host.
    """

    def __init__(self, engine: Any, served: Served) -> None:
        from axe_playwright_python.sync_playwright import Axe

        self.engine, self.served, self.axe = engine, served, Axe()
        self.complaints: list[str] = []
        self.foreign: list[str] = []
        self.looked_at: set[str] = set()

    def open(self, size: tuple[int, int]) -> Any:
        """Return a page of a browser that nobody used before."""
        page = self.engine.new_context(viewport={"width": size[0], "height": size[1]}).new_page()
        self.watch(page)
        return page

    def watch(self, page: Any) -> None:
        page.on("console", self._heard)
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("request", self._asked)
        page.set_default_timeout(90_000)  # a busy machine is no fault of the page

    def _heard(self, message: Any) -> None:
        if not any(noise in message.text for noise in NOISE):
            where = (message.location or {}).get("url", "")
            self.complaints.append(f"{message.text} {where}".rstrip())

    def _asked(self, request: Any) -> None:
        if not request.url.startswith((self.served.base, f"ws://127.0.0.1:{self.served.port}/")):
            self.foreign.append(request.url)

    def look(self, page: Any, name: str) -> None:
        """Look at a page with the eyes of those who cannot see it well; once for each name."""
        if name in self.looked_at:
            return
        self.looked_at.add(name)
        for patience in range(5, 0, -1):
            try:
                self.complaints += self._complaints(page, name)
                break
            except playwright.Error as error:
                # A page that its socket reloads in this moment is looked at once it is there again.
                if "navigati" not in str(error) or patience == 1:
                    raise
                page.wait_for_load_state()

    def _complaints(self, page: Any, name: str) -> list[str]:
        complaints = []
        size = len(page.content().encode())
        if size > MAX_PAGE:
            complaints.append(f"{name}: {size} bytes")
        wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        if wide > 0:
            complaints.append(f"{name}: {wide} pixels too wide")
        for found in self.axe.run(page).response["violations"]:
            if found["impact"] in SERIOUS:
                where = [node["html"][:120] for node in found["nodes"][:3]]
                complaints.append(f"{name}: {found['id']}: {where}")
        return complaints


@contextmanager
def browsers(served: Served) -> Iterator[Browsers]:
    """Start a browser and let it go."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as session:
        engine = session.chromium.launch(executable_path=str(CHROMIUM), args=["--no-sandbox"])
        try:
            yield Browsers(engine, served)
        finally:
            engine.close()
