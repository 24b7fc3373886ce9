"""Debian's Firefox: a team comes in, plays a turn and follows the debrief on its phone, in each language."""

from __future__ import annotations

import re
from http.cookiejar import CookieJar
from pathlib import Path
from urllib.parse import urlencode
from urllib.request import HTTPCookieProcessor, build_opener

import pytest

from papertiger.wargame.i18n import catalogue
from tests.wargame.server.firefox import firefox, needs_firefox
from tests.wargame.server.served import Served


class Staff:
    """The facilitator, who needs no window here."""

    def __init__(self, served: Served) -> None:
        self.base, self.opener = served.base, build_opener(HTTPCookieProcessor(CookieJar()))
        self.opener.open(served.link).read()

    def send(self, path: str, **fields: str) -> str:
        page = self.opener.open(f"{self.base}/room").read().decode()
        token = re.search(r'name="csrf" value="([0-9a-f]+)"', page)
        assert token is not None
        answer = self.opener.open(f"{self.base}{path}", urlencode({"csrf": token[1], **fields}).encode())
        return str(answer.read().decode())


@pytest.mark.slow
@needs_firefox
@pytest.mark.parametrize("language", catalogue.languages())
def test_a_team_plays_and_follows_the_debrief_in_firefox(tmp_path: Path, language: str) -> None:
    served = Served(tmp_path, "havana_2026")
    try:
        staff = Staff(served)
        with firefox(tmp_path) as page:
            page.size(360, 740)
            page.visit(f"{served.base}/?code={served.code}&language={language}")
            page.type("[name=name]", "Havanna")
            page.click("main button")
            page.wait("location.pathname === '/lobby'")
            page.click("button[value='client:Cuba']")
            page.wait("location.pathname === '/desk'")
            page.click("[name=ask][value=yes]")
            page.run("document.querySelector('button[value=ready]').click()")
            page.wait("location.search === '?done=ordered'")
            staff.send("/room/resolve", turn="1")
            page.visit(f"{served.base}/desk")
            page.wait("document.querySelector('input[name=turn]').value === '2'")
            page.visit(f"{served.base}/outlook")
            page.wait("document.querySelector('svg.chart') !== null")
            staff.send("/room/resolve", turn="2")
            page.visit(f"{served.base}/desk")
            page.click("a.button")
            page.wait("location.pathname === '/debrief'")
            titles = []
            for step in range(1, 10):
                if f'value="{step}"' not in staff.opener.open(f"{served.base}/debrief").read().decode():
                    break
                staff.send("/room/debrief", step=str(step))
                page.visit(f"{served.base}/debrief")
                page.wait("document.querySelector('h1') !== null")
                titles.append(page.run("document.querySelector('h1').textContent"))
                assert page.run("document.documentElement.scrollWidth") <= 360
            assert titles[0] == catalogue.text(language, "debrief.title.changes")
            assert titles[-1] == catalogue.text(language, "debrief.title.along")
            page.visit(f"{served.base}/review")
            assert page.run("document.documentElement.scrollWidth") <= 360
            assert not page.complaints
    finally:
        served.kill()
