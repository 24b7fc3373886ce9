"""The facilitator leads a class through the debrief with one button; the wall and the desks follow."""

from __future__ import annotations

import re
from collections.abc import Callable
from html import unescape
from pathlib import Path
from typing import Any

import pytest

from papertiger.wargame.i18n import catalogue
from papertiger.wargame.rules import seats
from papertiger.wargame.views.debrief import paths_of, step_now, steps_of
from tests.wargame.games import BORDER, FOE, OPEN, PATRON, sheet
from tests.wargame.server.classroom import LAPTOP, PHONE, PROJECTOR, Browsers, browsers, needs_chromium, visit
from tests.wargame.server.crawl import contents_of
from tests.wargame.server.served import Served
from tests.wargame.server.visitors import House, Visitor

BORDERLAND = seats.Seat("client", BORDER)


def play(house: House, turns: int = 2, *, after: int = 0) -> None:
    for turn in range(after + 1, turns + 1):
        session = house.session
        crisis = {"ask": "crisis", "client": BORDER, "turn": turn, "probability": 0.7}
        session.submit(sheet(BORDERLAND, turn, {"do": "ask", "ask": True, "why": "Help us."}, expects=[crisis]))
        session.submit(sheet(PATRON, turn, {"do": "respond", "client": BORDER, "answer": "words", "why": "Cheap."}))
        session.submit(sheet(FOE, turn, {"do": "press", "client": BORDER, "intensity": 3}))
        session.resolve(turn)


def press(staff: Visitor, said: str = "Next") -> bool:
    """Press a button of the debrief's page, if it has one of this name."""
    page = staff.get("/debrief").text
    found = re.search(rf'name="step" value="(\d+)"[^>]*>{said}</button>', page)
    if found is not None:
        assert staff.send("/room/debrief", step=found[1]).headers["location"] == "/debrief"
    return found is not None


def text_of(page: str) -> str:
    return unescape(re.sub(r"<[^>]+>", " ", page))


@pytest.mark.parametrize("language", catalogue.languages())
def test_with_next_alone_one_gets_from_the_end_of_play_to_the_end_of_the_debrief(house: House, language: str) -> None:
    play(house)
    staff, wall, team = house.facilitator(), house.observer(), house.team(str(BORDERLAND))
    for visitor in (staff, wall, team):
        visitor.send("/language", language=language)
    assert staff.send("/room/end").headers["location"] == "/debrief"
    steps = steps_of(house.session)
    pressed = 0
    while press(staff, catalogue.text(language, "debrief.next")):
        pressed += 1
        step = steps[pressed - 1]
        title = catalogue.text(language, f"debrief.title.{step.name}")
        for visitor, path in ((wall, "/wall"), (team, "/debrief"), (wall, "/debrief"), (staff, "/debrief")):
            page = visitor.get(path).text
            assert f"<h1>{title}</h1>" in page, (step, path)
            assert not contents_of(page).faults
        asked = catalogue.text(language, f"room.ask.{step.name}")
        assert asked in text_of(staff.get("/debrief").text) or step.name == "what_if"
        assert catalogue.text(language, f"room.ask.{step.name}") not in text_of(wall.get("/wall").text)
    assert pressed == len(steps) == step_now(house.session)
    assert catalogue.text(language, "debrief.end") in text_of(staff.get("/debrief").text)


def test_of_a_posture_that_was_ordered_nobody_says_what_luck_had_to_do_with_it(house: House) -> None:
    house.session.submit(sheet(BORDERLAND, 1, {"do": "posture", "posture": "distancing"}))
    house.session.resolve(1)
    house.session.resolve(2)
    staff, wall = house.facilitator(), house.observer()
    staff.send("/room/end")
    seen = set[bool]()
    while press(staff):
        step = steps_of(house.session)[step_now(house.session) - 1]
        if step.name == "what_if" and step.point is not None:
            said = "And chance?" in text_of(wall.get("/wall").text)
            asked = text_of(staff.get("/debrief").text)
            assert (catalogue.text("en", "room.ask.what_if") in asked) is said
            assert (catalogue.text("en", "room.ask.what_if_ordered") in asked) is not said
            if (step.point.turn, step.point.client) == (1, BORDER):
                assert not said
            seen.add(said)
    assert False in seen


def test_a_table_of_changes_writes_every_rung(house: House) -> None:
    for turn in (1, 2):
        house.session.submit(sheet(BORDERLAND, turn, {"do": "posture", "posture": "distancing"}))
        house.session.resolve(turn)
    staff, wall = house.facilitator(), house.observer()
    staff.send("/room/end")
    assert press(staff)
    cells = re.findall(r"<td class=\"(?:moved)?\">([^<]*)</td>", wall.get("/wall").text)
    paths = paths_of(house.session.snapshot())
    assert cells == [catalogue.text("en", f"posture.{rung}") for _, path in paths for rung in path]
    assert len(cells) > len(set(cells))


def test_the_brief_debrief_is_one_click_away_and_so_is_the_whole_one(house: House) -> None:
    play(house)
    staff, wall = house.facilitator(), house.observer()
    staff.send("/room/end")
    for _ in range(2):
        assert press(staff)
    title = re.search(r"<h1>([^<]+)</h1>", wall.get("/wall").text)
    whole = len(steps_of(house.session))
    assert staff.send("/room/debrief/length", length="brief").headers["location"] == "/debrief"
    assert len(steps_of(house.session)) < whole
    assert title is not None
    assert title[0] in wall.get("/wall").text
    pressed = 2
    while press(staff):
        pressed += 1
    assert pressed == len(steps_of(house.session))
    house.restart(staff, wall)
    assert len(steps_of(house.session)) == pressed
    staff.send("/room/debrief/length", length="whole")
    assert len(steps_of(house.session)) == whole


def test_one_can_go_back_to_before_the_first_step(house: House) -> None:
    play(house, 1)
    staff, wall = house.facilitator(), house.observer()
    staff.send("/room/end")
    for _ in range(3):
        assert press(staff)
    for _ in range(3):
        assert press(staff, "Back")
    assert not press(staff, "Back")
    assert step_now(house.session) == 0
    assert "Play is over." in wall.get("/wall").text


def test_there_is_no_debrief_while_play_goes_on(house: House) -> None:
    staff, team = house.facilitator(), house.team("patron")
    for visitor in (staff, team, house.observer()):
        assert visitor.get("/debrief").status_code == 409
        assert "/debrief" not in visitor.get("/wall").text
    assert "/debrief" not in staff.get("/room").text
    assert staff.send("/room/debrief", step="1").status_code == 409
    assert team.send("/room/debrief", step="1").status_code == 404
    assert house.session.game.debrief == 0


def test_the_last_turn_leads_to_the_debrief_without_a_click_on_end(house: House) -> None:
    last = house.session.game.schedule.turns
    play(house, last - 1)
    staff, team = house.facilitator(), house.team("patron")
    assert 'href="/debrief"' not in team.get("/desk").text
    play(house, last, after=last - 1)
    assert 'href="/debrief"' in staff.get("/room").text
    assert 'href="/debrief"' in team.get("/desk").text
    assert team.get("/debrief").status_code == 200
    assert press(staff)
    assert 'href="/debrief"' in team.get("/desk").text


def test_a_step_is_where_it_was_after_a_restart(house: House) -> None:
    play(house)
    staff, wall = house.facilitator(), house.observer()
    staff.send("/room/end")
    for number in range(1, len(steps_of(house.session)) + 1):
        assert press(staff)
        before = wall.get("/wall").text
        house.restart(staff, wall)
        assert step_now(house.session) == number
        assert told(wall.get("/wall").text) == told(before)


def told(page: str) -> str:
    """Return what a wall says, without what a restart makes anew."""
    return page[page.index("<main") : page.index("</main>")]


def test_a_click_that_is_sent_twice_goes_one_step(house: House) -> None:
    play(house, 1)
    staff = house.facilitator()
    staff.send("/room/end")
    for _ in range(2):
        staff.send("/room/debrief", step="1")
    assert step_now(house.session) == 1
    assert staff.send("/room/debrief", step="9999").status_code == 422
    staff.send("/room/debrief", step="900")
    assert step_now(house.session) == len(steps_of(house.session)) == house.session.game.debrief


def test_a_team_reads_its_own_beside_what_all_read(house: House) -> None:
    play(house)
    staff, border, other = house.facilitator(), house.team(str(BORDERLAND)), house.team(f"client:{OPEN}")
    staff.send("/room/end")
    seen = set[str]()
    while press(staff):
        step = steps_of(house.session)[step_now(house.session) - 1]
        mine, theirs = border.get("/debrief").text, other.get("/debrief").text
        if step.name == "plan" and step.point is not None and step.point.client == BORDER:
            assert "Your orders of that turn" in mine
            assert "Your orders of that turn" not in theirs
            assert "Help us." in theirs  # its own words, which this step tells everybody
        elif step.name in ("changes", "view", "outcome", "why", "guess", "what_if"):
            assert "Help us." not in mine + theirs
        if step.name == "view" and step.point is not None:
            path = re.search(r'href="(/review/\d+/[^"]+)"', mine)
            assert path is not None
            assert border.get(unescape(path[1])).status_code == 200
            assert other.get(unescape(path[1])).status_code == 404
        if step.name == "forecasts":
            assert ("Your own forecasts" in mine, "Your own forecasts" in theirs) == (True, False)
        if step.name == "along":
            assert 'href="/review#closing"' in mine
        seen.add(step.name)
    assert {"plan", "view", "forecasts", "along"} <= seen


def test_what_people_typed_stays_text(house: House) -> None:
    typed = "<b>bold</b> {client} & \"quoted\" 'so' %s"
    house.session.submit(sheet(BORDERLAND, 1, {"do": "posture", "posture": "distancing", "why": typed}))
    house.session.resolve(1)
    staff, wall = house.facilitator(), house.observer()
    staff.send("/room/end")
    said = ""
    while press(staff):
        page = wall.get("/wall").text
        assert not contents_of(page).faults
        assert "<b>bold" not in page
        said += text_of(page)
    assert typed in said


# In real browsers

FITS = """() => {
  const main = document.querySelector("main"), told = document.querySelector(".told");
  let small = 1000;
  for (const one of document.querySelectorAll("body *")) {
    const shown = one.getBoundingClientRect().width > 0;
    if (shown && [...one.childNodes].some((node) => node.nodeType === 3 && node.textContent.trim())) {
      const scale = one.ownerSVGElement ? one.ownerSVGElement.getScreenCTM().a : 1;
      small = Math.min(small, scale * parseFloat(getComputedStyle(one).fontSize));
    }
  }
  const cut = [...document.querySelectorAll(".told li")].some((one) => one.scrollHeight > one.clientHeight + 2);
  const over = [main, told, document.documentElement].map((one) => one.scrollHeight - one.clientHeight);
  return { small, cut, over: Math.max(...over) };
}"""


@pytest.mark.slow
@needs_chromium
@pytest.mark.parametrize("language", catalogue.languages())
def test_next_alone_leads_through_the_review_while_the_server_dies_at_every_step(
    tmp_path: Path, language: str
) -> None:
    served = Served(tmp_path, "venezuela_2026", more=("--language", language))
    try:
        with browsers(served) as state:
            walk(state, served)
            assert not state.complaints
            assert not state.foreign
    finally:
        served.kill()


def walk(state: Browsers, served: Served) -> None:
    staff, phone = state.open(LAPTOP), state.open(PHONE)
    walls = [state.open(PROJECTOR), state.open(LAPTOP)]
    visit(staff, served.link)
    for page in (phone, *walls):
        page.context.add_cookies(staff.context.cookies())
    for turn in (1, 2):
        visit(staff, f"{served.base}/room")
        staff.click("form[action='/room/resolve'] button")
        staff.wait_for_selector(f"form[action='/room/resolve'] button[value='{turn + 1}']")
    details = staff.locator("details.sure:has(form[action='/room/end'])")
    details.locator("summary").click()
    details.locator("button").click()
    staff.wait_for_url(f"{served.base}/debrief")
    count = pressed_to_the_end(staff, served, lambda number: look_at(state, phone, walls, served, number))
    assert count > 10


def pressed_to_the_end(staff: Any, served: Served, look: Callable[[int], None]) -> int:
    """Press the focused button with the keyboard until there is none, and kill the server after each step."""
    number = 0
    while staff.locator("button[autofocus]").count():
        number += 1
        staff.locator("button[autofocus]").press("Enter")
        staff.wait_for_selector(f"p.count:has-text('{number}')")
        served.restart()
        look(number)
        visit(staff, f"{served.base}/debrief")
    return number


def look_at(state: Browsers, phone: Any, walls: list[Any], served: Served, number: int) -> None:
    for wall, least in zip(walls, (28.0, 19.0), strict=True):
        # A tab of its own each time: one that stays open loads itself anew when the server is back, amid our visit.
        page = wall.context.new_page()
        state.watch(page)
        visit(page, f"{served.base}/wall")
        fits = page.evaluate(FITS)
        assert fits["over"] <= 1, (number, fits)
        assert not fits["cut"], (number, fits)
        assert fits["small"] >= least, (number, fits)
        state.look(page, f"wall {number}")
        page.close()
    page = phone.context.new_page()
    state.watch(page)
    visit(page, f"{served.base}/debrief")
    state.look(page, f"phone {number}")
    page.close()
