"""Visitors: browsers without a screen, each with its own cookies, and the house that they visit."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

from starlette.testclient import TestClient

from papertiger.scenarios import Scenario
from papertiger.wargame.engine.worker import LocalEngine
from papertiger.wargame.folder import LOG_NAME, open_game
from papertiger.wargame.server.app import make_app
from papertiger.wargame.server.auth import Authenticator
from papertiger.wargame.server.network import Places
from papertiger.wargame.server.state import ServerState
from papertiger.wargame.session import Session
from tests.wargame.games import small

BASE = "http://127.0.0.1:8000"


class Visitor:
    """One browser."""

    def __init__(self, house: House, name: str = "") -> None:
        self.house = house
        self.client = house.browser(name)
        self._tokens: dict[str, str] = {}

    def get(self, path: str, **more: Any) -> Any:
        return self.client.get(path, **more)

    def token(self) -> str:
        """Return the token of a form on whatever page the visitor may see."""
        if self.cookie() not in self._tokens:
            page = self.client.get("/", follow_redirects=True).text
            found = re.search(r'name="csrf" value="([0-9a-f]+)"', page)
            assert found is not None
            self._tokens[self.cookie()] = found.group(1)
        return self._tokens[self.cookie()]

    def send(self, path: str, **fields: str) -> Any:
        return self.client.post(path, data={"csrf": self.token(), "key": self.house.key_for(self), **fields})

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
            Session.create(self.folder / LOG_NAME, self.scenario(), seed=3).close()
        self.session = open_game(self.folder, self.scenario, LocalEngine())
        self.auth = Authenticator(self.folder)
        self.state = ServerState(self.session, self.auth, places=Places(8000))
        self.app = make_app(self.state)

    def close(self) -> None:
        self.session.close()

    def restart(self, *visitors: Visitor) -> None:
        """Start anew as after a crash; visitors keep their cookies."""
        self.close()
        self.open()
        for visitor in visitors:
            cookies = visitor.client.cookies
            visitor.client = TestClient(self.app, base_url=BASE, follow_redirects=False, cookies=cookies)

    def browser(self, _: str) -> Any:
        return TestClient(self.app, base_url=BASE, follow_redirects=False)

    def key_for(self, _: Visitor) -> str:
        """Return the name of a form as it would stand on a visitor's page."""
        return self.state.ids()

    def stranger(self, who: str = "") -> Visitor:
        return Visitor(self, who)

    def guest(self, name: str = "Anna", who: str = "") -> Visitor:
        visitor = Visitor(self, who)
        answer = visitor.send("/join", code=self.auth.code.lower(), name=name, language="en")
        assert (answer.status_code, answer.headers["location"]) == (303, "/lobby")
        return visitor

    def team(self, seat: str, name: str = "Anna") -> Visitor:
        visitor = self.guest(name, seat)
        assert visitor.send("/claim", seat=seat).headers["location"] == "/desk"
        return visitor

    def observer(self, who: str = "") -> Visitor:
        visitor = self.guest(who=who)
        assert visitor.send("/claim", seat="observer").headers["location"] == "/wall"
        return visitor

    def facilitator(self, who: str = "") -> Visitor:
        visitor = Visitor(self, who)
        assert visitor.get(f"/enter?key={self.auth.key}").headers["location"] == "/room"
        return visitor

    def everybody(self) -> dict[str, Visitor]:
        return {
            "stranger": self.stranger(),
            "guest": self.guest(),
            "team": self.team("client:Border"),
            "observer": self.observer(),
            "facilitator": self.facilitator(),
        }
