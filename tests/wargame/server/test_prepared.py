"""What the scenario has prepared: one click in the room, planned and seen by the facilitator alone; and the kit."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from functools import cache
from io import BytesIO
from pathlib import Path

import pytest

from papertiger.scenarios import Scenario
from papertiger.scenarios.schema.game import PreparedInject
from papertiger.wargame.server.pages import handout
from tests.model.worlds import shipped
from tests.wargame.games import small
from tests.wargame.server.parallel.classes import BORDER, ClassRoom
from tests.wargame.server.visitors import House

RAID = {
    "kind": "attack", "client": "Border", "adversary": "Foe", "intensity": 3,
    "says": {"en": "PREPARED-RAID.", "de": "VORBEREITET."}, "why": "For a test.",
}  # fmt: skip
WORDS = {"kind": "words_only", "client": "Open", "says": {"en": "Words.", "de": "Worte."}, "why": "For a test."}


@cache
def stocked() -> Scenario:
    """Return the small scenario with a library of two."""
    game = small().game
    assert game is not None
    library = {"a raid": RAID, "words": WORDS}
    prepared = {name: PreparedInject.model_validate(one) for name, one in library.items()}
    return small().model_copy(update={"game": game.model_copy(update={"library": prepared})})


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    made = House(tmp_path, stocked)
    yield made
    made.close()


def test_one_click_lets_it_happen_in_the_open_turn(house: House) -> None:
    staff, team = house.facilitator(), house.team("client:Border")
    assert "PREPARED-RAID" in staff.get("/room").text
    assert staff.send("/room/prepared", name="a raid", key="k" * 12).headers["location"] == "/room#plan"
    assert staff.send("/room/prepared", name="a raid", key="k" * 12).status_code == 303  # sent twice, it counts once
    [(name, script)] = house.session.game.branch.injects.items()
    assert name.endswith(": a raid")
    assert (script.body.event.kind, script.body.event.date) == ("attack", "2020-10")
    # What happens now is read at once, so that it can be answered in the turn.
    assert "PREPARED-RAID" in team.get("/desk").text
    staff.send("/room/resolve", turn="1")
    assert "PREPARED-RAID" in team.get("/desk").text
    team.send("/language", language="de")
    assert "VORBEREITET" in team.get("/desk").text
    house.restart()
    assert "PREPARED-RAID" in house.facilitator().get("/room").text


def test_two_clicks_are_two_and_what_has_not_happened_is_taken_back(house: House) -> None:
    staff = house.facilitator()
    for key in ("a", "b"):
        assert staff.send("/room/prepared", name="words", key=key).status_code == 303
    names = list(house.session.game.branch.injects)
    assert len(names) == 2
    assert staff.send("/room/recall", name=names[0]).status_code == 303
    assert list(house.session.game.branch.injects) == names[1:]
    assert "Words." in staff.get("/room").text  # in the trace, by what it says
    assert staff.send("/room/prepared", name="nothing such").status_code == 422
    assert house.team("client:Border").send("/room/prepared", name="words").status_code in (403, 404)


def test_undo_keeps_what_was_let_happen_in_its_turn(house: House) -> None:
    staff = house.facilitator()
    staff.send("/room/resolve", turn="1")
    staff.send("/room/prepared", name="a raid", key="k" * 12)
    staff.send("/room/resolve", turn="2")
    digest = house.session.game.branch.digests[2]
    staff.send("/room/undo", turn="2")
    assert house.session.game.branch.injects
    staff.send("/room/resolve", turn="2")
    assert house.session.game.branch.digests[2] == digest
    staff.send("/room/undo", turn="2")
    staff.send("/room/undo", turn="1")
    assert not house.session.game.branch.injects  # given while a later turn was open


def test_the_plan_is_the_facilitators_alone(house: House) -> None:
    staff, team, guest = house.facilitator(), house.team("client:Border"), house.guest()
    staff.send("/room/inject", kind="attack", client="Open", intensity="2", news="PLANNED-LATER", rival="",
               when="month", month="2021-02")  # fmt: skip
    page = staff.get("/room").text
    assert page.count('<ol class="plan">') == 1
    assert "PLANNED-LATER" in page
    for visitor, path in ((team, "/desk"), (team, "/wall"), (guest, "/lobby"), (guest, "/wall")):
        text = visitor.get(path).text
        assert "PLANNED-LATER" not in text
        assert "PREPARED-RAID" not in text


def test_a_class_lets_it_happen_in_every_group_and_they_stay_equal(tmp_path: Path) -> None:
    room = ClassRoom(tmp_path, 2, stocked)
    staff = room.facilitator()
    try:
        for name in ("A", "B"):
            room.member(name, f"Group {name}", BORDER)
        assert "PREPARED-RAID" in staff.get("/class").text
        assert staff.send("/class/prepared", name="a raid").status_code == 303
        assert staff.send("/class/resolve", turn="1").status_code == 303
        digests = {one.session.game.branch.digests[1] for one in room.state.formed}
        assert len(room.state.formed) == 2
        assert len(digests) == 1
    finally:
        room.close()


def test_the_kit_is_the_facilitators_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    house = House(tmp_path, lambda: shipped("cuba"))
    staff, team = house.facilitator(), house.team("client:Cuba")
    assert "/room/kit.zip" in staff.get("/room").text
    read = handout.lesson_of(house.session)
    assert read is not None
    few = read._replace(lesson=read.lesson.model_copy(update={"games": 10}))
    monkeypatch.setattr(handout, "lesson_of", lambda _: few)
    answer = staff.get("/room/kit.zip")
    assert answer.headers["content-type"] == "application/zip"
    assert "kit/script.html" in zipfile.ZipFile(BytesIO(answer.content)).namelist()
    assert team.get("/room/kit.zip").status_code in (403, 404)
    house.close()


def test_a_scenario_of_ones_own_offers_no_kit(house: House) -> None:
    staff = house.facilitator()
    assert "kit.zip" not in staff.get("/room").text
    assert staff.get("/room/kit.zip").status_code == 404


def test_what_was_clicked_is_the_headline_of_the_wall(house: House) -> None:
    """Even a small thing, in a turn with a crisis: the class shall see that something happened."""
    staff, wall = house.facilitator(), house.observer()
    for name, said in (("a raid", "PREPARED-RAID."), ("words", "Words.")):
        staff.send("/room/prepared", name=name)
        page = wall.get("/wall").text
        headline = page[page.index('class="still big"') :].partition("</p>")[0]
        assert said in headline
    staff.send("/room/resolve", turn="1")
    page = wall.get("/wall").text
    assert "Words." not in page[page.index('class="still big"') :].partition("</p>")[0]
