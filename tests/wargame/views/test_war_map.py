"""The wall's map: everybody in play is on it and can be told apart; a world without places is a circle."""

from __future__ import annotations

from itertools import combinations
from math import hypot
from pathlib import Path

import pytest

from papertiger.wargame.i18n.translate import Translator
from papertiger.wargame.rules import seats
from papertiger.wargame.session import Session
from papertiger.wargame.views.war_map import EDGE, HEIGHT, WIDTH, WarMap, war_map
from papertiger.wargame.views.world import OUTLINES, boxes, middle_of, outlines
from tests.model.worlds import shipped
from tests.wargame.games import FOE, SHIELDED, new_play, sheet, small, with_game


def drawn(game: Session, months: int = 0) -> WarMap:
    view, say = game.view(seats.THE_OBSERVER), Translator("en", game.game)
    offered = [str(seat) for seat in game.game.seats]
    return war_map(view.public, game.game.scenario, offered, view.public.news, view.public.coming, months, say.actor)


@pytest.mark.parametrize("name", with_game())
def test_every_seat_of_a_lesson_is_on_the_map_and_apart_from_the_others(name: str, tmp_path: Path) -> None:
    game = new_play(tmp_path, shipped(name))
    scene = drawn(game)
    assert scene.transform
    assert scene.land
    shown = {mark.seat: mark for mark in scene.marks}
    seated = [shown[str(seat)] for seat in game.game.seats]
    assert all(mark.labelled for mark in seated)
    for mark in scene.marks:
        assert EDGE <= mark.x <= WIDTH - EDGE
        assert EDGE <= mark.y <= HEIGHT - EDGE
    assert min(hypot(one.x - other.x, one.y - other.y) for one, other in combinations(seated, 2)) > 40.0
    for mark in scene.marks:
        if mark.labelled:  # bold letters are less than two thirds of their height wide, on the whole
            wide = 18.7 * len(mark.name)
            left = mark.label_x - {"start": 0.0, "middle": wide / 2, "end": wide}[mark.anchor]
            assert left >= -20.0, mark.name
            assert left + wide <= WIDTH + 20.0, mark.name


def test_a_made_up_world_is_a_circle_around_its_patron(tmp_path: Path) -> None:
    game = new_play(tmp_path, small(crisis_hazard=0.0))
    game.submit(sheet(FOE, 1, {"do": "press", "client": SHIELDED, "intensity": 2}))
    game.resolve(1)
    scene = drawn(game, 1)
    assert (scene.transform, scene.land) == ("", ())
    patron = next(mark for mark in scene.marks if mark.kind == "patron")
    assert (patron.x, patron.y) == (WIDTH / 2, HEIGHT / 2)
    assert {mark.seat for mark in scene.marks} == {str(seat) for seat in game.game.seats}
    step = next(number for number, item in enumerate(scene.steps, start=1) if item.client == SHIELDED)
    assert next(arrow.kind for arrow in scene.arrows if arrow.step == step) == "attack"
    assert (SHIELDED, step) in [(mark.name, number) for mark, number in scene.bursts]


def test_the_picture_of_the_world_is_small_and_its_countries_lie_where_they_are() -> None:
    assert OUTLINES.stat().st_size < 150_000
    assert len(outlines()) > 150
    west, east, south, north = boxes()["Cuba"]
    assert -86.0 < west < east < -73.0
    assert 19.0 < south < north < 24.0
    assert middle_of("Nowhere") is None
