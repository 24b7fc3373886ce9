"""Starting: who can reach the game, what is printed, and what never stands in a log."""

from __future__ import annotations

import socket
from pathlib import Path
from urllib.request import build_opener

import pytest

from papertiger.wargame.server.serve import StartError, announce, bind, names_of
from tests.wargame.server.served import Served
from tests.wargame.server.visitors import House

OTHERS = ("192.168.0.7", "10.0.0.9")


@pytest.mark.parametrize(("lan", "where"), [(False, "127.0.0.1"), (True, "0.0.0.0")])
def test_only_this_machine_is_listened_to_unless_asked(lan: bool, where: str) -> None:
    with bind(lan, 0) as listening:
        assert listening.getsockname()[0] == where


def test_a_port_that_is_taken_is_passed_over_and_one_that_was_killed_is_not() -> None:
    with bind(False, 0) as first:
        port = first.getsockname()[1]
        with bind(False, port) as second:
            assert second.getsockname()[1] > port
        with socket.create_connection(("127.0.0.1", port)):
            first.accept()[0].close()  # leaves the port lingering, as a kill does
    with bind(False, port) as again:
        assert again.getsockname()[1] == port


def test_a_machine_without_a_free_port_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    def taken(*_: object) -> None:
        raise OSError

    monkeypatch.setattr(socket.socket, "bind", taken)
    with pytest.raises(StartError, match="--port"):
        bind(False, 8000)


def test_hosts_are_those_of_this_machine_and_of_its_networks_only_when_asked() -> None:
    hosts, origins = names_of(8000, False, OTHERS)
    assert hosts == {"127.0.0.1:8000", "localhost:8000"}
    assert origins == {f"http://{host}" for host in hosts}
    assert {f"{other}:8000" for other in OTHERS} < names_of(8000, True, OTHERS)[0]


@pytest.mark.parametrize("lan", [False, True])
def test_whoever_opens_the_game_to_a_network_is_warned_and_told_its_addresses(house: House, lan: bool) -> None:
    said: list[str] = []
    link = f"http://127.0.0.1:8000/enter?key={house.auth.key}"
    announce(house.state, link, lan, OTHERS, 8000, house.folder, said.append)
    text = "\n".join(said)
    assert ("WARNING" in text, "not encrypted" in text, "██" in text) == (lan, lan, lan)
    assert all((f"http://{other}:8000" in text) is lan for other in OTHERS)
    assert text.count(house.auth.key) == 1


@pytest.mark.slow
def test_no_key_code_or_cookie_stands_in_what_a_server_prints(tmp_path: Path) -> None:
    served = Served(tmp_path, "venezuela_2026")
    try:
        browser = build_opener()
        for path in (served.link.removeprefix(served.base), f"/?code={served.code}", "/nowhere?key=SECRET"):
            try:
                browser.open(served.base + path).read()
            except OSError as error:  # what is refused is logged least of all
                assert "404" in str(error)
    finally:
        rest = served.end()
    assert "SECRET" not in rest
    assert served.code not in rest
    assert "key=" not in rest
