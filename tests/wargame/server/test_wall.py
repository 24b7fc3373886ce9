"""The wall shows what everyone knows, the code until play begins, and films the last turn when it is asked to."""

from __future__ import annotations

import re
from functools import partial
from pathlib import Path

from papertiger.wargame.i18n.formats import month as named
from papertiger.wargame.rules import seats
from papertiger.wargame.views.news import headline
from tests.wargame.games import FOE, SHIELDED, sheet, small
from tests.wargame.server.visitors import House


def test_the_code_is_large_until_play_begins_and_small_from_then_on(house: House) -> None:
    staff, wall = house.facilitator(), house.observer()
    house.team("client:Border")
    before = wall.get("/wall").text
    assert '<section class="join full">' in before
    assert house.state.auth.code in before
    staff.send("/room/timer", do="start", minutes="5")
    begun = wall.get("/wall").text
    assert '<section class="join">' in begun
    assert house.state.auth.code in begun
    assert "Still deciding" in begun


def test_it_names_who_still_decides_and_nobody_else(house: House) -> None:
    team, other = house.team("client:Border"), house.team("client:Open")
    house.facilitator().send("/room/timer", do="start", minutes="5")
    deciding = re.findall(r"<li><span aria-hidden=\"true\">○</span> (\w+)</li>", team.get("/wall").text)
    assert deciding == ["Border", "Open"]
    other.send("/desk/ready", turn="1", ready="yes")
    page = team.get("/wall").text
    assert re.findall(r"<li><span aria-hidden=\"true\">○</span> (\w+)</li>", page) == ["Border"]
    assert "ready: 1" in page


def test_it_says_who_decides_only_while_somebody_does(house: House) -> None:
    staff, wall = house.facilitator(), house.observer()
    staff.send("/room/timer", do="start", minutes="5")
    alone = wall.get("/wall").text
    assert "Still deciding" not in alone
    assert "0 of " in alone
    team = house.team("client:Border")
    team.send("/desk/ready", turn="1", ready="yes")
    ready = wall.get("/wall").text
    assert "Still deciding" not in ready
    assert "All teams are ready" in ready


def test_clock_and_code_are_gone_when_play_is_over(house: House) -> None:
    staff, wall = house.facilitator(), house.observer()
    staff.send("/room/timer", do="start", minutes="5")
    assert 'id="clock"' in wall.get("/wall").text
    staff.send("/room/end")
    over = wall.get("/wall").text
    assert 'id="clock"' not in over
    assert house.state.auth.code not in over
    assert house.state.seconds_left() is None
    assert 'id="clock"' not in staff.get("/review").text


def test_only_the_facilitator_starts_a_film_and_open_walls_hear_of_it(house: House) -> None:
    staff, wall = house.facilitator(), house.observer()
    house.session.submit(sheet(FOE, 1, {"do": "press", "client": SHIELDED, "intensity": 3}))
    house.session.resolve(1)
    page = wall.get("/wall").text
    assert re.search(rf'class="step big" data-step="\d+"><span class="when">[^<]+</span> {SHIELDED}', page)
    assert 'action="/room/show"' in staff.get("/room").text
    before = wall.get("/edition").json()
    assert wall.send("/room/show").status_code == 404
    assert wall.get("/edition").json() == before
    assert staff.send("/room/show").status_code == 303
    assert wall.get("/edition").json()["place"] == before["place"] + 1
    assert 'data-films="1"' in wall.get("/wall").text


def test_before_the_first_turn_there_is_nothing_to_film(house: House) -> None:
    assert "/room/show" not in house.facilitator().get("/room").text
    assert 'class="step' not in house.observer().get("/wall").text


def test_the_headline_has_the_month_in_which_it_happened(tmp_path: Path) -> None:
    house = House(tmp_path, partial(small, 2))
    try:
        wall = house.observer()
        house.session.submit(sheet(FOE, 1, {"do": "press", "client": SHIELDED, "intensity": 3}))
        house.session.resolve(1)
        months = [house.session.game.month(index) for index in house.session.game.schedule.months(1)]
        view = house.session.view(seats.THE_OBSERVER)
        last = [item for item in view.public.news if item.month in months]
        told = headline(last, frozenset(seat.name for seat in house.session.game.seats if seat.kind == seats.CLIENT))
        assert told is not None
        assert told.month != last[-1].month  # the turn went on after it
        page = wall.get("/wall").text
        shown = re.findall(r'<p class="still[^"]*"><span class="when">([^<]+)</span>', page)
        assert shown == [named(told.month, "en")]
    finally:
        house.close()
