"""The clock is set to what the lesson plans, and starts anew with each turn once somebody has set it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from papertiger.wargame.kit.shipped import minutes_for
from tests.model.worlds import shipped
from tests.wargame.server.visitors import House


@pytest.fixture
def havana(tmp_path: Path) -> Iterator[House]:
    house = House(tmp_path, lambda: shipped("havana_2026"))
    yield house
    house.close()


def minutes(page: str) -> str:
    field = re.search(r'name="minutes"[^>]*value="(\d+)"', page)
    assert field is not None
    return field[1]


def test_what_a_lesson_plans_is_shared_among_the_turns_of_a_part() -> None:
    assert [minutes_for(shipped("havana_2026"), turn) for turn in (1, 2)] == [6, 4]
    assert [minutes_for(shipped("whole_network"), turn) for turn in (1, 5, 16)] == [18, 15, 14]


def test_a_game_without_a_lesson_has_its_own_length(house: House) -> None:
    game = house.session.game.game
    assert minutes(house.facilitator().get("/room").text) == str(game.minutes_per_turn)


def test_the_clock_is_filled_in_and_starts_anew_with_each_turn(havana: House) -> None:
    staff = havana.facilitator()
    assert minutes(staff.get("/room").text) == "6"
    staff.send("/room/timer", do="start", minutes="2")
    assert 100 < (havana.state.seconds_left() or 0) <= 120
    staff.send("/room/resolve", turn="1")
    assert minutes(staff.get("/room").text) == "4"
    assert 220 < (havana.state.seconds_left() or 0) <= 240
    havana.restart(staff)
    assert 220 < (havana.state.seconds_left() or 0) <= 240
    staff.send("/room/resolve", turn="2")
    assert havana.state.seconds_left() is None


def test_a_clock_that_nobody_set_stays_off(havana: House) -> None:
    staff = havana.facilitator()
    staff.send("/room/resolve", turn="1")
    assert havana.state.seconds_left() is None


def test_the_clock_starts_anew_when_the_last_team_is_ready(havana: House) -> None:
    staff, cuba = havana.facilitator(), havana.team("client:Cuba")
    staff.send("/room/timer", do="start", minutes="2")
    staff.send("/room/pace", by_itself="yes")
    cuba.send("/desk/ready", turn="1", ready="yes")
    assert havana.session.game.branch.turn == 2
    assert 220 < (havana.state.seconds_left() or 0) <= 240
