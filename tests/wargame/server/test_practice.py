"""A practice turn before the first one: nothing of it counts, secrets are kept, and the log says so."""

from __future__ import annotations

from pathlib import Path

from papertiger.wargame.practice import PRACTICE, begin_practice, can_practise, end_practice, is_practising
from tests.wargame.games import PATRON, new_play, reopened, sheet
from tests.wargame.server.parallel.classes import BORDER, ClassRoom
from tests.wargame.server.visitors import House

HELP = {"do": "respond", "client": "Border", "answer": "help"}
NOTHING = {"do": "respond", "client": "Border", "answer": "nothing"}


def test_the_game_that_counts_is_the_same_with_and_without_it(tmp_path: Path) -> None:
    practised, other = new_play(tmp_path, name="a"), new_play(tmp_path, name="b")
    begin_practice(practised, key="k")
    begin_practice(practised, key="k")
    assert is_practising(practised.game)
    practised.submit(sheet(PATRON, 1, HELP))
    practised.resolve(1)
    tried = practised.replay().digest
    end_practice(practised, key="e")
    end_practice(practised, key="e")
    assert not is_practising(practised.game)
    assert practised.game.branch.turn == 1
    assert not practised.game.branch.sheets
    for session in (practised, other):
        session.submit(sheet(PATRON, 1, NOTHING))
        session.resolve(1)
    assert practised.replay().digest == other.replay().digest
    assert practised.replay().digest != tried
    marks = [(mark.what, mark.text) for mark in practised.game.marks]
    assert ("branched", PRACTICE) in marks
    assert not can_practise(practised.game)


def test_its_luck_is_another_one(tmp_path: Path) -> None:
    session = new_play(tmp_path)
    begin_practice(session)
    assert session.game.branch.runs != session.game.branches[0].runs
    session.resolve(1)
    end_practice(session)
    session.resolve(1)
    assert session.replay(1, 1).digest != session.replay(0, 1).digest


def test_a_kill_between_any_two_steps_keeps_what_the_log_has(tmp_path: Path) -> None:
    session = new_play(tmp_path)
    number = session.branch_off(PRACTICE, 1, luck="other")  # killed before the teams went there
    session = reopened(session)
    begin_practice(session)
    assert session.game.active == number  # it goes on with that one
    session.resolve(1)
    session = reopened(session)
    assert is_practising(session.game)
    session.undo(1)
    assert session.game.branch.turn == 1
    assert session.game.branches[0].turn == 1
    end_practice(session)
    session = reopened(session)
    assert session.game.active == 0
    begin_practice(session)
    assert is_practising(session.game)
    assert session.verify() == ()


def test_teams_see_that_it_is_practice_and_leave_it_with_nothing(house: House) -> None:
    staff, border, patron = house.facilitator(), house.team("client:Border"), house.team("patron")
    assert border.send("/room/practise", do="begin").status_code in (403, 404)
    assert "practice turn" in staff.get("/room").text
    assert staff.send("/room/practise", do="begin").headers["location"] == "/room"
    for visitor, path in ((border, "/desk"), (patron, "/wall"), (staff, "/room")):
        assert "PRACTICE · " in visitor.get(path).text
    assert "Nothing of it counts" in border.get("/desk").text
    border.send("/desk/orders", turn="1", ask="yes", **{"as": "orders", "ask.why": "CANARY-WHY"})
    border.send("/desk/message", to="patron", text="CANARY-SAID")
    assert "CANARY-WHY" not in patron.get("/desk").text
    assert "CANARY-SAID" in patron.get("/desk").text
    staff.send("/room/resolve", turn="1")
    assert staff.send("/room/practise", do="end").status_code == 303
    for visitor in (border, patron):
        page = visitor.get("/desk").text
        assert "PRACTICE" not in page
        assert "CANARY" not in page
    staff.send("/room/resolve", turn="1")
    assert "/room/practise" not in staff.get("/room").text
    assert staff.send("/room/practise", do="begin").status_code == 409
    house.restart(staff)
    assert "practice turn" in staff.get("/room").text  # among the branches and in the trace
    staff.send("/language", language="de")
    review = staff.get("/review").text
    assert "Proberunde (" in review
    assert "practice turn" not in review


def test_all_groups_practise_with_the_same_luck_and_stay_equal(tmp_path: Path) -> None:
    room = ClassRoom(tmp_path)
    staff = room.facilitator()
    try:
        for name in ("A", "B"):
            room.member(name, f"Group {name}", BORDER)
        assert staff.send("/class/practise", do="begin").status_code == 303
        assert staff.send("/class/resolve", turn="1").status_code == 303
        assert "PRACTICE" in staff.get("/class").text
        assert len({one.session.replay().digest for one in room.state.formed}) == 1
        assert staff.send("/class/practise", do="end").status_code == 303
        assert all(one.session.game.branch.turn == 1 for one in room.state.formed)
        assert staff.send("/class/resolve", turn="1").status_code == 303
        assert len({one.session.replay().digest for one in room.state.formed}) == 1
    finally:
        room.close()
