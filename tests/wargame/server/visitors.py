"""Visitors: browsers without a screen, each with its own cookies, and the house that they visit."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

from starlette.testclient import TestClient

from scenarios import Scenario
from tests.wargame.games import small
from wargame.engine import Here
from wargame.play import Play
from wargame.server.access import Access
from wargame.server.app import make_app
from wargame.server.room import Room
from wargame.server.start import LOG_NAME, open_game

BASE = "http://127.0.0.1:8000"


class Visitor:
    """One browser."""

    def __init__(self, house: House) -> None:
        self.house = house
        self.client = TestClient(house.app, base_url=BASE, follow_redirects=False)

    def get(self, path: str, **more: Any) -> Any:
        return self.client.get(path, **more)

    def token(self) -> str:
        """Return the token of a form on whatever page the visitor may see."""
        page = self.client.get("/", follow_redirects=True).text
        found = re.search(r'name="csrf" value="([0-9a-f]+)"', page)
        assert found is not None
        return found.group(1)

    def send(self, path: str, **fields: str) -> Any:
        return self.client.post(path, data={"csrf": self.token(), "key": self.house.room.ids(), **fields})

    def cookie(self) -> str:
        return str(self.client.cookies.get("papertiger"))


class House:
    """One served game."""

    def __init__(self, folder: Path, scenario: Callable[[], Scenario] = small) -> None:
        self.folder, self.scenario = folder, scenario
        self.open()

    def open(self) -> None:
        # With a seed of its own, since what can be ordered hangs on what was drawn before play.
        if not (self.folder / LOG_NAME).exists():
            Play.create(self.folder / LOG_NAME, self.scenario(), seed=3).close()
        self.play = open_game(self.folder, self.scenario, Here())
        self.access = Access(self.folder)
        self.room = Room(self.play, self.access, address=BASE)
        self.app = make_app(self.room, {"127.0.0.1:8000"})

    def close(self) -> None:
        self.play.close()

    def restart(self, *visitors: Visitor) -> None:
        """Start anew as after a crash; visitors keep their cookies."""
        self.close()
        self.open()
        for visitor in visitors:
            cookies = visitor.client.cookies
            visitor.client = TestClient(self.app, base_url=BASE, follow_redirects=False, cookies=cookies)

    def stranger(self) -> Visitor:
        return Visitor(self)

    def guest(self, name: str = "Anna") -> Visitor:
        visitor = Visitor(self)
        answer = visitor.send("/join", code=self.access.code.lower(), name=name, language="en")
        assert (answer.status_code, answer.headers["location"]) == (303, "/lobby")
        return visitor

    def team(self, seat: str) -> Visitor:
        visitor = self.guest()
        assert visitor.send("/claim", seat=seat).headers["location"] == "/desk"
        return visitor

    def observer(self) -> Visitor:
        visitor = self.guest()
        assert visitor.send("/claim", seat="observer").headers["location"] == "/wall"
        return visitor

    def facilitator(self) -> Visitor:
        visitor = Visitor(self)
        assert visitor.get(f"/enter?key={self.access.key}").headers["location"] == "/room"
        return visitor

    def everybody(self) -> dict[str, Visitor]:
        return {
            "stranger": self.stranger(),
            "guest": self.guest(),
            "team": self.team("client:Border"),
            "observer": self.observer(),
            "facilitator": self.facilitator(),
        }
