"""A page without a socket hears of a turn nevertheless, says when its line is cut, and catches up; a real browser."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from papertiger.wargame.server.serve import open_browser
from tests.wargame.server.classroom import LAPTOP, browsers, needs_chromium, visit
from tests.wargame.server.served import Served

PATIENCE = 40_000
FORBIDDEN = """
window.WebSocket = class extends EventTarget {
  static OPEN = 1;
  constructor() {
    super();
    this.readyState = 3;
    setTimeout(() => this.dispatchEvent(new CloseEvent("close", { code: 1006 })), 50);
  }
};
"""
"""What a page sees of a proxy that lets no socket through."""


@pytest.mark.slow
@needs_chromium
def test_a_browser_whose_proxy_forbids_sockets_follows_the_game(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    served = Served(tmp_path, "venezuela_2026")
    try:
        with browsers(served) as room:
            staff, pupil = room.open(LAPTOP), room.open(LAPTOP)
            visit(staff, served.link)
            pupil.add_init_script(FORBIDDEN)
            visit(pupil, f"{served.base}/?code={served.code}")
            pupil.fill("[name=name]", "Anna")
            pupil.click("form[action='/join'] button")
            pupil.click("form[action='/claim'] button[value=observer]")
            pupil.wait_for_selector("h1:has-text(' 1 ')")
            staff.click("form[action='/room/resolve'] button[value='1']")
            # Nobody touches the page.
            pupil.wait_for_selector("h1:has-text(' 2 ')", timeout=PATIENCE)
            assert not pupil.is_visible("#lost")
            staff.wait_for_selector("form[action='/room/resolve'] button[value='2']", timeout=PATIENCE)
            served.kill()
            pupil.wait_for_selector("#lost", state="visible", timeout=PATIENCE)
            staff.wait_for_selector("#lost", state="visible", timeout=PATIENCE)
            served.start()
            pupil.wait_for_selector("#lost", state="hidden", timeout=PATIENCE)
            staff.wait_for_selector("#lost", state="hidden", timeout=PATIENCE)
            # What the program opens the browser with is a file, so that nobody reads the key among the programs.
            opened = launch_page(served, tmp_path / "open.html", monkeypatch)
            other = room.open(LAPTOP)
            visit(other, opened)
            other.wait_for_url(f"{served.base}/room", timeout=PATIENCE)
            assert not room.complaints, room.complaints
    finally:
        if served.process.poll() is None:
            served.kill()


def launch_page(served: Served, page: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """Return what a browser would be called with."""
    import threading
    import webbrowser

    called: list[str] = []

    class Window(webbrowser.BackgroundBrowser):
        def open(self, url: str, *_: Any) -> bool:
            called.append(url)
            return True

    class AtOnce:
        daemon = True

        def __init__(self, _: float, call: Any, arguments: Any) -> None:
            call(*arguments)

        def start(self) -> None:
            pass

    monkeypatch.setattr(webbrowser, "get", lambda: Window("window"))
    monkeypatch.setattr(threading, "Timer", AtOnce)
    open_browser(served.link, page)
    assert "key" not in called[0]
    assert page.stat().st_mode & 0o077 == 0
    return called[0]
