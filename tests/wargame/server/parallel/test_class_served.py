"""A class served by the real command: twelve groups and a hundred pages, and a kill."""

from __future__ import annotations

import re
from http.cookiejar import CookieJar
from pathlib import Path
from urllib.parse import urlencode
from urllib.request import HTTPCookieProcessor, build_opener

import pytest

from benchmarks.parallel import GROUPS, measure
from papertiger.wargame.engine.worker import LocalEngine
from papertiger.wargame.parallel import ParallelGames
from tests.wargame.games import small
from tests.wargame.server.served import Served


@pytest.mark.slow
def test_a_hundred_pages_of_twelve_groups_are_told_of_the_turn() -> None:
    seen = measure(100)  # returns once every page was told, and had the turn to show
    assert sum(seen.pages) == 100
    assert min(seen.pages) >= 100 // GROUPS
    assert seen.orders == seen.seated >= 5 * GROUPS
    assert seen.memory < 450


@pytest.mark.slow
def test_a_kill_of_the_server_brings_all_groups_back(tmp_path: Path) -> None:
    served = Served(tmp_path, "venezuela_2026", more=("--groups", "3"))
    try:
        boss = build_opener(HTTPCookieProcessor(CookieJar()))

        def send(path: str, **fields: str) -> str:
            page = boss.open(f"{served.base}/class").read().decode()
            token = re.search(r'name="csrf" value="([0-9a-f]+)"', page)
            assert token is not None
            said = urlencode({"csrf": token[1], **fields}).encode()
            return str(boss.open(f"{served.base}{path}", said).read().decode())

        boss.open(served.link).read()
        for number in "123":
            send("/class/form", group=number)
        send("/class/resolve", turn="1")
        served.restart()
        assert "Up to 3 groups" in served.said
        assert "Turn 2 of" in send("/class/resolve", turn="1")
        page = send("/class/resolve", turn="2")
        assert page.count("Turn 3") >= 3
    finally:
        served.kill()
    again = ParallelGames(tmp_path / "results" / "games" / "venezuela_2026", small, LocalEngine())
    assert [group.session.game.branch.resolved for group in again.groups] == [2, 2, 2]
    assert not any(group.session.verify() for group in again.groups)
    assert len({group.session.replay().digest for group in again.groups}) == 1
    again.close()
