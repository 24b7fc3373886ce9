"""A real browser: a facilitator and a team play a turn of a shipped scenario from the join code to the review."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

CHROMIUM = Path("/usr/bin/chromium")


@pytest.fixture
def served(tmp_path: Path) -> Iterator[tuple[str, str]]:
    """Serve a game in a process of its own, and return the facilitator's link and the code."""
    command = [sys.executable, "-m", "papertiger", "play", "venezuela_2026", "--no-browser", "--port", "0"]
    environment = os.environ | {"PYTHONPATH": str(Path(__file__).parents[3])}
    with subprocess.Popen(command, cwd=tmp_path, stdout=subprocess.PIPE, text=True, env=environment) as process:
        try:
            assert process.stdout is not None
            said = "".join(process.stdout.readline() for _ in range(4))
            link, code = re.search(r"http\S+key=\S+", said), re.search(r"the code (\w+)", said)
            assert link is not None, said
            assert code is not None, said
            yield link.group(), code.group(1)
        finally:
            process.terminate()


@pytest.mark.slow
@pytest.mark.skipif(not CHROMIUM.exists(), reason="there is no chromium here")
def test_a_turn_from_the_join_code_to_the_review(served: tuple[str, str]) -> None:
    from playwright.sync_api import sync_playwright

    link, code = served
    base = link.partition("/enter")[0]
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=str(CHROMIUM), args=["--no-sandbox"])
        complaints: list[str] = []
        foreign: list[str] = []

        def page(width: int, height: int):  # type: ignore[no-untyped-def]
            made = browser.new_context(viewport={"width": width, "height": height}).new_page()
            made.on("console", lambda message: complaints.append(message.text))
            made.on("request", lambda asked: None if asked.url.startswith(base) else foreign.append(asked.url))
            return made

        staff, team = page(1366, 768), page(360, 740)
        staff.goto(link)
        assert staff.url == f"{base}/room"
        team.goto(f"{base}/?code={code}")
        team.fill("[name=name]", "Havana")
        team.click("main button")
        team.click('button[value="client:Cuba"]')
        assert team.evaluate("document.documentElement.scrollWidth") <= 360
        team.select_option("[name=ask]", "yes")
        team.click("button[value=orders]")
        assert team.url.endswith("done=ordered#orders")
        staff.click("text=Resolve turn 1")
        staff.wait_for_selector("text=Resolve turn 2")
        team.wait_for_selector('h1:has-text("Turn 2")')  # the page was told, and fetched its own view
        team.reload()
        team.go_back()
        staff.click("text=End play")
        staff.wait_for_url(f"{base}/review")
        assert "1 " in staff.inner_text("main")
        browser.close()
    assert not complaints
    assert not foreign
