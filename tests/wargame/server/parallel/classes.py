"""A served class of the small scenario, and browsers that visit it."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from starlette.testclient import TestClient

from papertiger.wargame.engine.worker import LocalEngine
from papertiger.wargame.parallel import ParallelGames
from papertiger.wargame.rules.seats import Seat
from papertiger.wargame.server.auth import Authenticator
from papertiger.wargame.server.network import Places
from papertiger.wargame.server.parallel.app import make_class_app
from papertiger.wargame.server.parallel.state import ClassState
from tests.wargame.games import small
from tests.wargame.server.stage import Names
from tests.wargame.server.visitors import BASE

BORDER, SHIELDED = Seat("client", "Border"), Seat("client", "Shielded")


class ClassRoom:
    """One served class."""

    def __init__(self, folder: Path, groups: int = 2, scenario: Any = small) -> None:
        self.folder, self.scenario, self.names = folder, scenario, Names()
        self.open(groups)

    def open(self, groups: int = 0) -> None:
        self.names.who = "house"
        self.games = ParallelGames(self.folder, self.scenario, LocalEngine(), groups=groups, seed=3)
        self.auth = Authenticator(self.folder, tokens=self.names, codes=self._code)
        self.state = ClassState(
            self.games.groups[0].session, self.auth, games=self.games, places=Places(8000), ids=self.names
        )
        self.app = make_class_app(self.state)

    def _code(self, length: int) -> str:
        return self.names().upper().ljust(length, "Z")

    def close(self) -> None:
        self.games.close()

    def restart(self, *visitors: Member) -> None:
        """Start anew as after a crash; visitors keep their cookies."""
        self.close()
        self.open()
        for visitor in visitors:
            visitor.client = TestClient(
                self.app, base_url=BASE, follow_redirects=False, cookies=visitor.client.cookies
            )

    def guest(self, name: str) -> Member:
        visitor = Member(self, name)
        assert visitor.send("/join", code=self.auth.code, name=name).headers["location"] == "/groups"
        return visitor

    def founder(self, name: str, group: str) -> Member:
        """Return somebody who has formed the next group."""
        visitor = self.guest(name)
        visitor.home = visitor.send("/groups/form", name=group).headers["location"].removesuffix("/lobby")
        assert re.fullmatch(r"/group/\d+", visitor.home)
        return visitor

    def member(self, name: str, group: str, seat: Seat = BORDER) -> Member:
        """Return somebody who has formed the next group and sits in it."""
        visitor = self.founder(name, group)
        assert visitor.send("/claim", seat=str(seat)).headers["location"] == f"{visitor.home}/desk"
        return visitor

    def facilitator(self) -> Member:
        visitor = Member(self, "facilitator")
        assert visitor.get(f"/enter?key={self.auth.key}").headers["location"] == "/class"
        return visitor


class Member:
    """One browser; ``home`` is where its group's pages begin, and goes before every address that is asked for."""

    def __init__(self, room: ClassRoom, name: str) -> None:
        self.room, self.name, self.home = room, name, ""
        self.client = TestClient(room.app, base_url=BASE, follow_redirects=False)

    def get(self, path: str, **more: Any) -> Any:
        return self.get_at(self.home + path, **more)

    def get_at(self, path: str, **more: Any) -> Any:
        """Ask for an address as it stands."""
        self.room.names.who = self.name
        return self.client.get(path, **more)

    def send(self, path: str, *, at: str = "", **fields: str) -> Any:
        """Send a form; of a facilitator, one of the page that is named."""
        page = self.get_at(at or f"{self.home}/", follow_redirects=True).text
        token = re.search(r'name="csrf" value="([0-9a-f]+)"', page)
        assert token is not None, page
        self.room.names.who = self.name
        key = self.room.names()
        return self.client.post(self.home + path, data={"csrf": token[1], "key": key, **fields})

    def order(self, turn: int, **fields: str) -> Any:
        return self.send("/desk/orders", turn=str(turn), whole="yes", **fields)
