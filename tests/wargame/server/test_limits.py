"""Limits: who asks too often, opens too much or says too long is held up, and nobody else."""

from __future__ import annotations

import asyncio

import pytest

from papertiger.wargame.server import middleware as guard
from papertiger.wargame.server.auth import Throttle
from papertiger.wargame.server.live import MAX_EACH, Hub, Tab
from papertiger.wargame.server.middleware import TooMuchError
from tests.wargame.server.visitors import BASE, House

LIVE = "ws://127.0.0.1:8000/live"
HEADERS = {"origin": BASE}


def test_whoever_sends_too_many_forms_waits_and_nobody_else(house: House) -> None:
    team, other = house.team("patron"), house.team("client:Border")
    house.state.forms = Throttle(3, 100, 10.0, clock=lambda: 0.0)
    said = [team.send("/desk/ready", turn="1", ready="yes").status_code for _ in range(4)]
    assert said == [303, 303, 303, 429]
    assert other.send("/desk/ready", turn="1", ready="yes").status_code == 303


def test_all_together_wait_too(house: House) -> None:
    teams = [house.team("patron"), house.team("client:Border")]
    house.state.forms = Throttle(3, 3, 10.0, clock=lambda: 0.0)
    said = [teams[i % 2].send("/desk/ready", turn="1", ready="yes").status_code for i in range(4)]
    assert said == [303, 303, 303, 429]


def test_texts_have_a_length(house: House) -> None:
    team, staff = house.team("client:Border"), house.facilitator()
    assert team.send("/desk/message", to="patron", text="x" * 2001).status_code == 422
    assert (
        team.send("/desk/orders", turn="1", **{"as": "orders", "ask": "yes", "ask.why": "x" * 401}).status_code == 422
    )
    assert staff.send("/room/branch", turn="1", name="x" * 81, luck="same").status_code == 422
    guest = house.guest("x" * 100)
    guest.send("/claim", seat="patron")
    assert len(house.session.game.holders["patron"].partition(" #")[0]) == 40


def test_one_browser_opens_so_many_tabs_and_no_more(house: House) -> None:
    async def run() -> None:
        hub, loop = Hub(), asyncio.get_running_loop()
        tabs = [Tab("anna", "patron", loop) for _ in range(MAX_EACH + 1)]
        assert [hub.enter(tab) for tab in tabs] == [True] * MAX_EACH + [False]
        assert hub.enter(Tab("berta", "patron", loop))
        hub.leave(tabs[0])
        assert hub.enter(tabs[-1])

    asyncio.run(run())


def test_a_tab_has_nothing_to_say(house: House) -> None:
    team = house.team("patron")
    with team.client.websocket_connect(LIVE, headers=HEADERS) as socket:
        socket.receive_json()
        socket.send_text("hello")
        said = socket.receive()
    assert (said["type"], said["code"]) == ("websocket.close", 1008)


def test_however_many_changes_come_a_tab_is_told_where_things_are_now(house: House) -> None:
    team, staff = house.team("patron"), house.facilitator()
    with team.client.websocket_connect(LIVE, headers=HEADERS) as socket:
        told = socket.receive_json()["version"]
        for minutes in ("1", "2", "3"):
            staff.send("/room/timer", do="start", minutes=minutes)
        last = house.session.versions["patron"]
        assert last == told + 3
        while told < last:
            told = socket.receive_json()["version"]
        assert told == last


def test_a_body_that_dribbles_is_given_up_in_all(monkeypatch: pytest.MonkeyPatch) -> None:
    now = [0.0]
    monkeypatch.setattr(guard, "clock", lambda: now[0])

    async def drop() -> dict[str, object]:
        now[0] += guard.BODY_SECONDS / 3  # each piece comes soon enough, if one waited for each alone
        return {"type": "http.request", "body": b"x", "more_body": True}

    async def run() -> int:
        bounded = guard._bounded(drop)
        for taken in range(10):
            try:
                await bounded()
            except TooMuchError:
                return taken
        return 10

    assert asyncio.run(run()) < 5
