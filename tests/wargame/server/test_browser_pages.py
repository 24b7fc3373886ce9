"""Every page of a game in a real browser, in both languages: for all to use, small, and never too wide."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from papertiger.wargame.i18n import catalogue
from papertiger.wargame.kit.measured import measure
from papertiger.wargame.server.pages.kit import pages_of
from tests.model.worlds import shipped
from tests.wargame.kit.test_kit import lesson
from tests.wargame.server.classroom import LAPTOP, PHONE, PROJECTOR, Browsers, browsers, needs_chromium, visit
from tests.wargame.server.served import Served

LESSON = "havana_2026"
SIZES = {"phone": PHONE, "laptop": LAPTOP, "projector": PROJECTOR}


class Tour:
    """A facilitator, a team on a phone and a wall, all in one language."""

    def __init__(self, state: Browsers, language: str) -> None:
        self.state, self.language, self.base = state, language, state.served.base
        self.staff, self.team, self.wall = state.open(LAPTOP), state.open(PHONE), state.open(PROJECTOR)

    def look(self, page: Any, name: str) -> None:
        self.state.look(page, f"{self.language} {name}")

    def at(self, page: Any, path: str, name: str) -> None:
        visit(page, f"{self.base}{path}")
        self.look(page, name)

    def come_in(self) -> None:
        visit(self.staff, self.state.served.link)
        self.speak(self.staff)
        for page, seat in ((self.team, "client:Cuba"), (self.wall, "observer")):
            self.at(page, f"/?code={self.state.served.code}&language={self.language}", f"join {seat}")
            page.fill("[name=name]", "Team")
            page.click("main button")
            page.wait_for_url("**/lobby")
            self.look(page, f"lobby {seat}")
            page.click(f'button[value="{seat}"]')
            page.wait_for_load_state()

    def speak(self, page: Any) -> None:
        button = page.locator(f'header button[value="{self.language}"]')
        if button.count():
            button.first.click()
            page.wait_for_load_state()

    def play(self) -> None:
        self.at(self.wall, "/wall", "wall before")
        for turn in (1, 2):
            self.at(self.team, "/desk", f"desk {turn}")
            self.at(self.team, "/outlook", f"outlook {turn}")
            self.at(self.staff, "/room", f"room {turn}")
            self.staff.click(f"button[name=turn][value='{turn}']")
            self.staff.wait_for_load_state()
            self.at(self.wall, "/wall", f"wall {turn}")

    def debrief(self) -> None:
        self.at(self.team, "/desk", "desk over")
        self.team.click("a.button[href='/debrief']")
        self.team.wait_for_load_state()
        self.at(self.staff, "/debrief", "debrief before")
        step = 0
        while step < 40:
            step += 1
            following = self.staff.locator(f"button[name=step][value='{step}']")
            if not following.count():
                break
            following.first.click()
            self.staff.wait_for_load_state()
            self.look(self.staff, f"debrief staff {step}")
            self.at(self.team, "/debrief", f"debrief team {step}")
            self.at(self.wall, "/wall", f"debrief wall {step}")
        assert 8 <= step <= 10  # a lesson of 25 minutes has the brief one
        self.at(self.staff, "/review", "review staff")
        self.at(self.staff, "/review/turn/1", "review turn")
        self.at(self.team, "/review", "review team")
        self.at(self.team, "/review/1/client:Cuba", "then")

    def lists(self) -> None:
        self.at(self.staff, "/room/roster", "roster empty")
        self.staff.fill("textarea[name=text]", "Anna; Cuba\nBernd; client:Cuba\nCem")
        self.staff.click("form[action='/room/roster'] button")
        self.staff.wait_for_load_state()
        self.look(self.staff, "roster")
        self.at(self.staff, "/room/roster/slips", "slips")

    def paper(self) -> None:
        scenario, read = shipped(LESSON), lesson(LESSON)
        for file, text in pages_of(scenario, read.lesson, measure(read, scenario), self.language, LESSON).items():
            for name, size in SIZES.items():
                page = self.state.open(size)
                page.set_content(text)
                self.look(page, f"kit {file} {name}")
                page.close()


@pytest.mark.slow
@needs_chromium
@pytest.mark.parametrize("language", catalogue.languages())
def test_every_page_can_be_used_by_everybody(tmp_path: Path, language: str) -> None:
    served = Served(tmp_path, LESSON)
    try:
        with browsers(served) as state:
            tour = Tour(state, language)
            tour.come_in()
            tour.lists()
            tour.play()
            tour.debrief()
            tour.paper()
            assert state.complaints == []
            assert state.foreign == []
    finally:
        served.kill()
