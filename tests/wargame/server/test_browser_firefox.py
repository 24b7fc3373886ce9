"""Debian's Firefox: a team plays a turn on a phone's screen with the keyboard, and nothing that it types is lost."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.wargame.server.firefox import firefox, needs_firefox
from tests.wargame.server.served import Served

WHY = "Because nobody came."
SAVED = "document.getElementById('saved').textContent === document.getElementById('saved').dataset.saved"


@pytest.mark.slow
@needs_firefox
def test_a_team_plays_a_turn_in_firefox(tmp_path: Path) -> None:
    served = Served(tmp_path, "venezuela_2026")
    try:
        with firefox(tmp_path) as page:
            page.size(360, 740)
            page.visit(f"{served.base}/?code={served.code}&language=de")
            page.type("[name=name]", "Havanna")
            page.click("main button")
            page.wait("location.pathname === '/lobby'")
            page.click("button[value='client:Cuba']")
            page.wait("location.pathname === '/desk'")
            assert page.run("document.documentElement.scrollWidth") <= 360
            assert page.run("document.documentElement.scrollHeight") <= 5 * 740
            page.type("[name='ask.why']", WHY)
            page.wait(SAVED)
            page.visit(f"{served.base}/desk")
            assert page.run("document.querySelector(\"[name='ask.why']\").value") == WHY
            page.click("[name=ask][value=yes]")
            page.run("document.querySelector('button[value=ready]').click()")
            page.wait("location.search === '?done=ordered' && document.activeElement.id === 'done'")
            assert page.run('document.querySelector("[name=ask]:checked").value') == "yes"
            assert page.run("document.querySelector('#done').getBoundingClientRect().top") < 740
            assert not page.complaints
    finally:
        served.kill()
