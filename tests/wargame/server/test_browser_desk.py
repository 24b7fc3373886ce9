"""Real browsers at the desk of every seat: it is short, reached by keyboard, and nothing typed there is lost."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from papertiger.wargame.rules import seats
from papertiger.wargame.rules.setup import game_of
from tests.model.worlds import shipped
from tests.wargame.server.classroom import LAPTOP, PHONE, Browsers, browsers, needs_chromium, visit
from tests.wargame.server.served import Served

MAX_TABS = 25
SCREENS = {LAPTOP: 2, PHONE: 5}
SAVED = "#saved:has-text('Saved. Not given yet.')"
WHY = "[name='ask.why']"


@pytest.fixture
def served(tmp_path: Path) -> Iterator[Served]:
    made = Served(tmp_path, "venezuela_2026")
    yield made
    made.kill()


def join(state: Browsers, seat: str, language: str = "en") -> Any:
    page = state.open(LAPTOP)
    visit(page, f"{state.served.base}/?code={state.served.code}&language={language}")
    page.fill("[name=name]", "Team")
    page.click("main button")
    page.wait_for_url("**/lobby")
    page.click(f'button[value="{seat}"]')
    page.wait_for_url("**/desk")
    return page


def tabs_to_the_button(page: Any) -> int:
    """Press the tabulator from the top of the page until the one button has the focus."""
    for tabs in range(1, 100):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.matches('.give button')"):
            return tabs
    return 100


@pytest.mark.slow
@needs_chromium
def test_every_desk_is_short_and_reached_by_keyboard(served: Served) -> None:
    """German is the longer language."""
    kinds = {seat.kind: str(seat) for seat in seats.offered(game_of(shipped("venezuela_2026")))}
    with browsers(served) as state:
        staff = state.open(LAPTOP)
        visit(staff, served.link)
        pages = {name: join(state, name, "de") for name in kinds.values()}
        for turn in (1, 2):
            for name, page in pages.items():
                page.set_viewport_size({"width": LAPTOP[0], "height": LAPTOP[1]})
                visit(page, f"{served.base}/desk")
                assert tabs_to_the_button(page) <= MAX_TABS, (name, turn)
                for size, screens in SCREENS.items():
                    page.set_viewport_size({"width": size[0], "height": size[1]})
                    height = page.evaluate("document.documentElement.scrollHeight")
                    assert height <= screens * size[1], (name, turn, size, height / size[1])
                state.look(page, name)
            if turn == 1:
                visit(staff, f"{served.base}/room")
                staff.click("form[action='/room/resolve'] button")
                staff.wait_for_selector("form[action='/room/resolve'] button[value='2']")
        assert not state.complaints, state.complaints


@pytest.mark.slow
@needs_chromium
def test_nothing_typed_at_a_desk_is_lost(served: Served) -> None:
    with browsers(served) as state:
        staff, page = state.open(LAPTOP), join(state, "client:Venezuela")
        visit(staff, served.link)
        # Left in the middle of a word, by reload and by going elsewhere and back.
        page.fill(WHY, "reload")
        page.reload()
        assert page.input_value(WHY) == "reload"
        page.fill(WHY, "back")
        visit(page, f"{served.base}/wall")
        page.go_back()
        page.wait_for_selector(WHY)
        assert page.input_value(WHY) == "back"
        # A second tab of the team writes elsewhere in the same sheet.
        second = page.context.new_page()
        state.watch(second)
        visit(second, f"{served.base}/desk")
        second.fill("[name='complain.why']", "second tab")
        second.wait_for_selector(SAVED)
        page.fill(WHY, "first tab")
        page.wait_for_selector(SAVED)
        second.close()
        page.reload()
        assert [page.input_value(WHY), page.input_value("[name='complain.why']")] == ["first tab", "second tab"]
        # The program dies while somebody types, and comes back.
        served.kill()
        page.fill(WHY, "kill")
        page.wait_for_selector("#saved.failed")
        served.start()
        page.wait_for_selector(SAVED)
        page.reload()
        assert page.input_value(WHY) == "kill"
        # A message is sent in the middle of it, and then what stands there is given.
        page.fill(WHY, "message first")
        page.fill("#messages textarea", "Do you come?")
        page.click("#messages button:has-text('Send')")
        page.wait_for_url("**/desk?done=sent#sent")
        assert page.evaluate("document.activeElement.id") == "sent"
        assert [page.input_value(WHY), page.input_value("#messages textarea")] == ["message first", ""]
        page.check("[name=ask][value=yes]")
        page.fill(WHY, "ready first")
        page.click("button[value=ready]")
        page.wait_for_url("**/desk?done=ordered#done")
        assert page.evaluate("document.activeElement.id") == "done"
        top = page.evaluate("document.getElementById('done').getBoundingClientRect().top")
        assert 0 <= top < LAPTOP[1]
        assert page.input_value(WHY) == "ready first"
        # The turn ends while somebody types.
        page.fill(WHY, "too late")
        page.wait_for_selector(SAVED)
        visit(staff, f"{served.base}/room")
        staff.click("form[action='/room/resolve'] button")
        staff.wait_for_selector("form[action='/room/resolve'] button[value='2']")
        page.wait_for_selector("#stale:not([hidden])")
        page.click("#stale a")
        page.wait_for_selector(".missed:has-text('too late')")
        page.click(".missed a")
        assert page.input_value(WHY) == "too late"
        assert not state.foreign
        assert not [said for said in state.complaints if "409" not in said]


@pytest.mark.slow
@needs_chromium
def test_points_are_counted_and_errors_have_the_focus(served: Served) -> None:
    with browsers(served) as state:
        page = join(state, "patron")
        have = int(page.get_attribute("#spent", "data-have"))
        page.check("[name='respond/Venezuela'][value=help]")
        page.check("[name='respond/Cuba'][value=help]")
        page.check("[name='respond/Nicaragua'][value=help]")
        assert page.inner_text("#spent") == "6"
        assert have < 6
        assert page.locator(".spent.over").count() == 1
        page.click("button[value=ready]")
        page.wait_for_selector(".problems")
        page.check("[name='respond/Cuba'][value='']")
        page.check("[name='respond/Nicaragua'][value='']")
        page.click(".card:has([name='points/Cuba']) summary")
        page.fill("[name='points/Cuba']", "200")
        page.evaluate("document.querySelector('#sheet').noValidate = true")
        page.click("button[value=ready]")
        page.wait_for_selector("[name='points/Cuba'][aria-invalid=true]")
        assert page.evaluate("document.activeElement.name") == "points/Cuba"
        assert page.input_value("[name='points/Cuba']") == "200"
