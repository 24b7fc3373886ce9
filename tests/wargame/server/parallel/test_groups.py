"""A class: joining, forming groups, what is done in all of them at once, and what a restart finds."""

from __future__ import annotations

import re

import pytest

from papertiger.wargame.log import records
from papertiger.wargame.server.parallel import review as debrief
from papertiger.wargame.server.parallel.routes import CLASS_PAGES
from papertiger.wargame.views.plain import as_bytes
from tests.wargame.games import TEAMS
from tests.wargame.server.crawl import contents_of
from tests.wargame.server.parallel.classes import BORDER, SHIELDED, ClassRoom, Member
from tests.wargame.server.test_network import VPN, WIFI, places


def test_who_joins_forms_or_picks_a_group_and_takes_a_seat_there(room: ClassRoom) -> None:
    anna = room.member("Anna", "Reds")
    bea = room.guest("Bea")
    assert "Reds" in bea.get("/groups").text
    assert bea.send("/groups/pick", group="2").status_code == 409  # nobody formed it
    assert bea.send("/groups/pick", group="1").headers["location"] == "/group/1/lobby"
    bea.home = "/group/1"
    assert bea.send("/claim", seat=str(BORDER)).status_code == 409
    assert bea.send("/claim", seat=str(SHIELDED)).headers["location"] == "/group/1/desk"
    assert anna.get_at("/").headers["location"] == bea.get_at("/").headers["location"] == "/group/1/desk"
    assert [one.name for one in room.games.formed] == ["Reds"]


def test_no_more_groups_are_formed_than_there_are_and_no_two_of_one_name(room: ClassRoom) -> None:
    room.founder("Anna", "Reds")
    bea = room.guest("Bea")
    assert bea.send("/groups/form", name="Reds").status_code == 409
    assert bea.send("/groups/form", name="").headers["location"] == "/group/2/lobby"
    assert "Group 2" in bea.get_at("/group/2/lobby").text
    carl = room.guest("Carl")
    assert carl.send("/groups/form", name="Third").status_code == 409


def test_a_member_who_leaves_is_back_at_the_door_and_a_pass_leads_into_the_group(room: ClassRoom) -> None:
    anna = room.member("Anna", "Reds")
    other = Member(room, "Other")
    room.names.who = "Anna"
    code = room.state.groups[1].auth.hand_over(str(BORDER))
    assert other.send("/join", code=code, name="Anna").headers["location"] == "/group/1/desk"
    assert anna.get("/desk").status_code == 404
    other.home = "/group/1"
    assert other.send("/leave").headers["location"] == "/"
    assert other.get("/desk").status_code == 404
    assert not room.games.groups[0].session.game.holders


def test_every_address_in_a_group_page_stays_in_the_group(room: ClassRoom) -> None:
    anna, boss = room.member("Anna", "Reds"), room.facilitator()
    pages = [anna.get(path) for path in ("/desk", "/outlook", "/wall", "/desk")]
    pages += [boss.get_at(f"/group/1{path}") for path in ("/room", "/wall", "/room/seat/client%3ABorder")]
    for page in pages:
        assert page.status_code == 200
        contents = contents_of(page.text)
        assert not contents.faults
        places = [*contents.links, *(form.action for form in contents.forms)]
        outside = {
            place for place in places if place.startswith("/") and not place.startswith(("/group/1/", "/static/"))
        }
        assert outside <= {"/class"}
    assert "Reds" in pages[0].text


def test_all_groups_are_paused_told_and_resolved_at_once(room: ClassRoom) -> None:
    room.member("Anna", "Reds")
    room.member("Bea", "Blues")
    boss = room.facilitator()
    games = [group.session.game for group in room.games.groups]
    assert boss.send("/class/timer", minutes="5", do="start").headers["location"] == "/class"
    assert all(game.timer.until for game in games)
    assert boss.send("/class/inject", kind="attack", client="Shielded", intensity="3", when="now").status_code == 303
    assert [list(game.branch.injects) for game in games] == [list(games[0].branch.injects)] * 2
    assert boss.send("/class/message", to="all", text="Ten minutes.").status_code == 303
    assert [game.branch.messages[0].text for game in games] == ["Ten minutes."] * 2
    assert boss.send("/class/close", turn="1", open="no").status_code == 303
    assert [game.branch.closed for game in games] == [True, True]
    for _ in range(2):  # a second click resolves no second turn
        assert boss.send("/class/resolve", turn="1").status_code == 303
        assert [game.branch.resolved for game in games] == [1, 1]
    assert boss.send("/class/undo", turn="1").status_code == 303
    assert [game.branch.resolved for game in games] == [0, 0]
    assert boss.send("/class/end").status_code == 303
    assert [game.ended for game in games] == [True, True]


def test_a_refusal_names_the_group_and_the_others_go_on(room: ClassRoom) -> None:
    room.member("Anna", "Reds")
    room.member("Bea", "Blues")
    boss = room.facilitator()
    room.games.groups[0].session.resolve(1)
    # Month 2020-10 is over for the first group alone.
    answer = boss.send(
        "/class/inject", kind="attack", client="Shielded", intensity="3", when="month", month="2020-10"
    )
    assert answer.status_code in (409, 422)
    assert "Reds: " in answer.text
    assert "Blues: " not in answer.text
    assert [len(group.session.game.branch.injects) for group in room.games.groups] == [0, 1]


def test_a_group_behind_is_resolved_alone(room: ClassRoom) -> None:
    room.member("Anna", "Reds")
    room.member("Bea", "Blues")
    room.games.groups[0].session.resolve(1)
    boss = room.facilitator()
    page = boss.get("/class").text
    assert re.search(r'name="turn" value="1">Resolve', page)
    boss.send("/class/resolve", turn="1")
    assert [group.session.game.branch.resolved for group in room.games.groups] == [1, 1]


def test_what_is_done_in_all_groups_leaves_out_those_that_nobody_formed(room: ClassRoom) -> None:
    boss = room.facilitator()
    assert boss.send("/class/resolve", turn="1").status_code == 303
    assert boss.send("/class/end").status_code == 409
    assert boss.send("/class/form", group="1").status_code == 303
    assert boss.send("/class/form", group="1").status_code == 303  # sent twice
    assert [group.formed for group in room.games.groups] == [True, False]
    boss.send("/class/resolve", turn="1")
    assert [group.session.game.branch.resolved for group in room.games.groups] == [1, 0]


def test_the_number_of_groups_changes_before_play_and_not_after(room: ClassRoom) -> None:
    boss = room.facilitator()
    assert boss.send("/class/groups", groups="4").status_code == 303
    for name in ("Anna", "Bea", "Carl"):
        room.member(name, name)
    assert boss.send("/class/groups", groups="2").status_code == 409  # the third is formed
    assert boss.send("/class/groups", groups="3").status_code == 303
    assert boss.get_at("/group/4/room").status_code == 404
    assert boss.send("/class/groups", groups="13").status_code == 422
    boss.send("/class/resolve", turn="1")
    assert boss.send("/class/groups", groups="5").status_code == 409
    assert len({group.session.game.created.seed for group in room.games.groups}) == 1
    room.restart(boss)
    assert [(group.name, group.formed) for group in room.games.groups] == [
        ("Anna", True),
        ("Bea", True),
        ("Carl", True),
    ]


def test_all_walls_show_the_address_that_the_facilitator_chose_and_it_holds_after_a_crash(room: ClassRoom) -> None:
    staff = room.facilitator()
    room.founder("Anna", "Owls")
    room.state.places = places(WIFI, VPN)
    assert staff.send("/class/address", address="10.8.0.2:8000").status_code == 303
    assert room.auth.shown == "10.8.0.2:8000"
    for wrong in ("evil.example:8000", "10.8.0.3:8000", "<b>"):
        assert staff.send("/class/address", address=wrong).status_code == 422
    assert room.auth.shown == "10.8.0.2:8000"
    room.restart(staff)
    assert room.auth.shown == "10.8.0.2:8000"


def test_a_restart_brings_all_groups_back_with_everybody_in_them(room: ClassRoom) -> None:
    anna, bea, boss = room.member("Anna", "Reds"), room.member("Bea", "Blues"), room.facilitator()
    anna.order(1, posture="distancing")
    before = [[as_bytes(group.session.view(seat)) for seat in TEAMS] for group in room.games.groups]
    room.restart(anna, bea, boss)
    after = [[as_bytes(group.session.view(seat)) for seat in TEAMS] for group in room.games.groups]
    assert after == before
    assert anna.get("/desk").status_code == bea.get("/desk").status_code == boss.get("/class").status_code == 200
    assert anna.get_at("/").headers["location"] == "/group/1/desk"


def test_a_turn_that_a_kill_cut_short_is_played_in_every_group(room: ClassRoom) -> None:
    room.member("Anna", "Reds")
    room.member("Bea", "Blues")
    for group in room.games.groups:
        group.session._journal.commit(records.Closed(turn=1, resolving=True))
    room.restart()
    room.state.resume()
    assert [group.session.game.branch.resolved for group in room.games.groups] == [1, 1]


def test_the_wall_marks_what_a_decision_made_different_and_another_computer_shows_it(room: ClassRoom) -> None:
    anna = room.member("Anna", "Reds")
    room.member("Bea", "Blues")
    boss = room.facilitator()
    anna.order(1, posture="distancing")
    boss.send("/class/resolve", turn="1")
    assert 'class="unlike"' in boss.get("/class/wall").text
    boss.send("/class/pass", do="give")
    screen = Member(room, "Screen")
    code = room.auth.pass_for("observer")
    assert code in boss.get("/class").text
    assert screen.send("/join", code=code).headers["location"] == "/class/wall"
    assert 'class="unlike"' in screen.get("/class/wall").text
    assert screen.get("/class").status_code == screen.get("/class/review").status_code == 404
    assert screen.get("/group/1/room").status_code == 404
    assert screen.get("/group/1/wall").status_code == 200
    assert Member(room, "Late").send("/join", code=code).status_code == 403  # it is good once


def test_the_review_names_the_first_order_in_which_two_groups_differ(
    room: ClassRoom, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(debrief, "RUNS", 3)
    anna = room.member("Anna", "Reds")
    room.member("Bea", "Blues")
    boss = room.facilitator()
    boss.send("/class/resolve", turn="1")
    assert "The same orders in every turn" in boss.get("/class/review").text
    anna.order(2, posture="distancing")
    boss.send("/class/resolve", turn="2")
    page = boss.get("/class/review?beside=2").text
    assert "left to the rule" in page
    assert 'id="turn2"' in page
    assert "The same orders in every turn" not in page
    lab = boss.get("/class/lab?beside=2").text
    assert not contents_of(lab).faults
    assert "3 other fates" in lab


@pytest.mark.parametrize("language", ["en", "de"])
def test_the_pages_of_a_class_are_whole_in_each_language(room: ClassRoom, language: str) -> None:
    guest = room.guest("Gina")
    room.member("Anna", "Reds")
    room.member("Bea", "")
    boss = room.facilitator()
    for visitor in (guest, boss):
        visitor.send("/language", language=language)
    boss.send("/class/resolve", turn="1")
    pages = [guest.get("/groups"), *(boss.get(path) for path in ("/class", "/class/wall", "/class/review"))]
    for page in pages:
        assert page.status_code == 200
        assert not contents_of(page.text).faults
        assert f'lang="{language}"' in page.text
        assert "class." not in re.sub(r"<[^>]*>", "", page.text).replace("class.css", "")


def test_every_page_of_a_class_refuses_every_role_that_it_is_not_for(room: ClassRoom) -> None:
    anna, boss = room.member("Anna", "Reds"), room.facilitator()
    boss.send("/class/pass", do="give")
    screen = Member(room, "Screen")
    screen.send("/join", code=room.auth.pass_for("observer"))
    visitors = {
        "stranger": Member(room, "Stranger"),
        "guest": room.guest("Gina"),
        "observer": screen,
        "facilitator": boss,
    }
    anna.home = ""
    for page in CLASS_PAGES:
        for role, visitor in visitors.items():
            if role not in page.roles:
                assert visitor.client.request(page.method, page.path).status_code == 404, (page.path, role)
        if "stranger" not in page.roles:
            assert anna.client.request(page.method, page.path).status_code == 404, page.path
