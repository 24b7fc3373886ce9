"""Secrets across groups: nothing of one group reaches a member of another one, in any answer to anything."""

from __future__ import annotations

from pathlib import Path
from string import Formatter

import pytest
from starlette.websockets import WebSocketDisconnect

from papertiger.wargame.rules import seats
from papertiger.wargame.server.middleware import HEADERS
from papertiger.wargame.server.parallel.routes import CLASS_PAGES
from papertiger.wargame.server.routes import PAGES
from tests.wargame.games import NOON, TEAMS
from tests.wargame.server.parallel.classes import BORDER, SHIELDED, ClassRoom, Member
from tests.wargame.server.visitors import BASE

CANARY = "c4n4ry"
SOCKETS = BASE.replace("http", "ws")


def addresses(groups: tuple[int, ...]) -> list[str]:
    """Return every address of the class and of some groups, with parts that there are."""
    parts = {"turn": "1", "seat": "client%3ABorder"}
    own = [page.path.format(**{n: parts[n] for _, n, _, _ in Formatter().parse(page.path) if n}) for page in PAGES]
    return [*(page.path for page in CLASS_PAGES), *(f"/group/{n}{path}" for n in groups for path in own)]


def everything(visitor: Member, groups: tuple[int, ...], methods: tuple[str, ...]) -> list[tuple[int, str, str]]:
    """Ask for everything, and return all that comes back."""
    answers = []
    for path in addresses(groups):
        if path.endswith("/leave"):
            continue
        for method in methods:
            visitor.room.names.who = visitor.name
            answer = visitor.client.request(method, path)
            assert {name: answer.headers.get(name) for name in HEADERS} == HEADERS
            answers.append((answer.status_code, str(sorted(answer.headers.multi_items())), answer.text))
    return answers


def play_with_secrets(room: ClassRoom, first: Member) -> None:
    """Let the first group write, order and be told what nobody else may learn."""
    boss = room.facilitator()
    first.order(1, **{"posture": "distancing", "posture.why": f"{CANARY} why"})
    first.send("/desk/message", to=str(SHIELDED), text=f"{CANARY} message")
    boss.home = "/group/1"
    boss.send("/room/message", to="all", text=f"{CANARY} told", at="/group/1/room")
    more = {"kind": "attack", "client": "Shielded", "intensity": "3", "when": "now", "news": f"{CANARY} news"}
    assert boss.send("/room/inject", at="/group/1/room", **more).status_code == 303
    boss.send("/room/timer", minutes="7", do="start", at="/group/1/room")
    room.games.groups[0].session.resolve(1)
    first.send("/desk/message", to="all", text=f"{CANARY} later")


def test_no_answer_to_a_member_of_one_group_holds_anything_of_another(room: ClassRoom) -> None:
    anna, bea = room.member("Anna", f"{CANARY} group"), room.member("Bea", "Blues")
    play_with_secrets(room, anna)
    answers = everything(bea, (2,), ("GET",)) + everything(bea, (1, 99), ("GET", "POST"))
    assert len(answers) > 200
    assert not [text for answer in answers for text in answer[1:] if CANARY in text]
    assert CANARY in anna.get("/desk").text  # what is looked for is there to be found


@pytest.mark.slow
def test_a_group_gets_the_same_bytes_whatever_another_one_does(tmp_path: Path) -> None:
    said: list[list[tuple[int, str, str]]] = []
    for busy in (False, True):
        room = ClassRoom(tmp_path / str(busy))
        try:
            second = room.games.groups[1].session
            second.store.clock = lambda: NOON
            anna, bea = room.member("Anna", f"{CANARY} group"), room.member("Bea", "Blues")
            if busy:
                play_with_secrets(room, anna)
            answers = everything(bea, (1, 2), ("GET",))
            second.end()
            said.append(answers + everything(bea, (2,), ("GET",)))
        finally:
            room.close()
    assert said[0] == said[1]


def test_a_socket_of_another_group_is_refused_and_ones_own_is_told(room: ClassRoom) -> None:
    room.member("Anna", "Reds")
    bea = room.member("Bea", "Blues")
    origin = {"origin": BASE}
    with bea.client.websocket_connect(f"{SOCKETS}/group/2/live", headers=origin) as socket:
        told = socket.receive_json()
    edition = bea.get("/edition").json()
    assert told == {name: edition[name] for name in ("version", "place")}
    for path in ("/group/1/live", "/group/77/live", "/live"):
        with pytest.raises(WebSocketDisconnect), bea.client.websocket_connect(SOCKETS + path, headers=origin):
            pass


def test_a_member_of_one_group_writes_nothing_in_another(room: ClassRoom) -> None:
    room.member("Anna", "Reds")
    bea = room.member("Bea", "Blues")
    before = room.games.groups[0].session.store.last()
    token = room.state.groups[1].auth.form_token(bea.client.cookies["papertiger"])
    for page in PAGES:
        if page.method == "POST":
            path = "/group/1" + page.path.format(seat="client%3ABorder", turn=1)
            fields = {
                "csrf": token,
                "turn": "1",
                "seat": str(BORDER),
                "posture": "distancing",
                "text": "x",
                "to": "all",
            }
            assert bea.client.post(path, data=fields).status_code == 404
    assert room.games.groups[0].session.store.last() == before


def test_all_seats_know_of_their_own_group_alone(room: ClassRoom) -> None:
    anna = room.member("Anna", "Reds")
    room.member("Bea", "Blues")
    before = [room.games.groups[1].session.view(seat) for seat in (*TEAMS, seats.THE_OBSERVER)]
    anna.order(1, posture="distancing")
    room.games.groups[0].session.resolve(1)
    assert [room.games.groups[1].session.view(seat) for seat in (*TEAMS, seats.THE_OBSERVER)] == before
