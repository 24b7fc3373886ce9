"""The debriefs of a class: led at once from one page, each group its own, and where they parted once all is told."""

from __future__ import annotations

import re
from html import unescape

from papertiger.scenarios.schema.values import POSTURES
from papertiger.wargame.server.pages.debrief import steps_for
from tests.wargame.games import sheet
from tests.wargame.server.crawl import contents_of
from tests.wargame.server.parallel.classes import BORDER, ClassRoom, Member


def press(boss: Member, said: str = "Next") -> bool:
    """Press a button of the class's debrief, if there is one of this name."""
    section = boss.get_at("/class").text.partition('<section id="debrief">')[2].partition("</section>")[0]
    button = re.search(rf'name="step" value="(\d+)"[^>]*>{said}</button>', section)
    if button is not None:
        assert boss.send("/class/debrief", at="/class", step=button[1]).headers["location"] == "/class#debrief"
    return button is not None


def text_of(page: str) -> str:
    return unescape(re.sub(r"<[^>]+>", " ", page[page.index("<main") :]))


def play(room: ClassRoom) -> tuple[Member, Member, Member]:
    """Let two groups play two turns, of which the second differs in one order with a reason."""
    anna, bea, boss = room.member("Anna", "Reds"), room.member("Bea", "Blues"), room.facilitator()
    sessions = [group.session for group in room.games.groups]
    for session in sessions:
        session.resolve(1)
    sessions[1].submit(sheet(BORDER, 2, {"do": "posture", "posture": "distancing", "why": "c4n4ry of the Blues"}))
    for session in sessions:
        session.resolve(2)
    return anna, bea, boss


def now(room: ClassRoom, number: int) -> str:
    state = room.state.groups[number]
    step = state.session.game.debrief
    return steps_for(state)[step - 1].name if step else ""


def test_one_page_leads_all_groups_to_the_end_and_back(room: ClassRoom) -> None:
    anna, bea, boss = play(room)
    assert not press(boss)
    boss.send("/class/end", at="/class")
    visited = set[str]()
    for _ in range(100):
        if not press(boss):
            break
        assert {now(room, 1), now(room, 2)} - {""}
        visited |= {now(room, 1), now(room, 2)}
        for visitor in (anna, bea):
            page = visitor.get("/debrief").text
            assert not contents_of(page).faults
            assert visitor.get("/wall").status_code == 200
    assert visited >= {"changes", "plan", "view", "outcome", "why", "guess", "what_if", "secrets", "groups", "along"}
    assert (now(room, 1), now(room, 2)) == ("along", "along")
    while press(boss, "Back"):
        pass
    assert (now(room, 1), now(room, 2)) == ("", "")


def test_where_groups_parted_is_told_once_both_have_told_their_own(room: ClassRoom) -> None:
    anna, bea, boss = play(room)
    boss.send("/class/end", at="/class")
    states = room.state.groups
    places = {number: [step.name for step in steps_for(states[number])].index("groups") + 1 for number in (1, 2)}
    states[1].session.debrief(places[1])
    assert "Group 2: not there yet." in text_of(anna.get("/wall").text)
    assert "Group 2" not in text_of(bea.get("/wall").text)
    states[2].session.debrief(places[2])
    said = text_of(anna.get("/wall").text)
    assert "Group 2 parted from you in turn 2, at Border." in said
    assert "There: Take the posture “distancing”. Here: left to the rule." in said
    ends = [states[number].session.snapshot().now.clients for number in (1, 2)]
    names = list(states[1].session.game.scenario.clients)
    differ = [
        f"{name} stands there at “{POSTURES[two.posture]}” and here at “{POSTURES[one.posture]}”"
        for name, one, two in zip(names, *ends, strict=True)
        if one.posture != two.posture
    ]
    assert any(one in said for one in differ) if differ else "stand alike" in said
    # The other group reads the same from its side, and neither a reason nor a name.
    assert "There: left to the rule. Here: Take the posture “distancing”." in text_of(bea.get("/wall").text)
    assert "c4n4ry" not in said
    assert "Blues" not in said


def test_no_step_of_one_group_tells_anything_of_another_before_that(room: ClassRoom) -> None:
    anna, _, boss = play(room)
    boss.send("/class/end", at="/class")
    while press(boss):
        if now(room, 1) not in ("groups", "along"):
            for path in ("/wall", "/debrief", "/desk", "/review"):
                page = anna.get(path).text
                assert "c4n4ry" not in page
                assert "Group 2" not in page
                assert "Blues" not in page
    assert anna.get_at("/group/2/debrief").status_code == 404
    assert anna.get_at("/group/2/wall").status_code == 404


def test_a_group_that_still_plays_is_left_alone(room: ClassRoom) -> None:
    play(room)
    boss = room.facilitator()
    room.state.groups[1].session.end()
    assert press(boss)
    assert (now(room, 1), now(room, 2)) == ("changes", "")
    room.restart(boss)
    assert press(boss)
    assert now(room, 1) == "plan"


def test_one_click_makes_the_debriefs_of_all_groups_brief(room: ClassRoom) -> None:
    _, _, boss = play(room)
    boss.send("/class/end", at="/class")
    states = [room.state.groups[number] for number in (1, 2)]
    whole = [len(steps_for(state)) for state in states]
    assert boss.send("/class/length", at="/class", length="brief").headers["location"] == "/class#debrief"
    assert all(len(steps_for(state)) < length for state, length in zip(states, whole, strict=True))
    assert all("groups" in {step.name for step in steps_for(state)} for state in states)
    pressed = 0
    while press(boss):
        pressed += 1
    assert pressed <= 12
    assert now(room, 1) == now(room, 2) == "along"
