"""Starting: who can reach the game, what is printed, and what never stands in a log."""

from __future__ import annotations

import errno
import socket
from contextlib import ExitStack
from pathlib import Path
from typing import Any
from urllib.request import build_opener

import pytest

from papertiger.wargame.server.network import Interface, Places
from papertiger.wargame.server.serve import StartError, announce, bind
from tests.wargame.server.served import Served
from tests.wargame.server.visitors import House

WIFI, VPN = Interface("192.168.0.7", "wlan0"), Interface("10.0.0.9", "tun0")


def closed(sockets: list[socket.socket]) -> ExitStack:
    stack = ExitStack()
    for one in sockets:
        stack.enter_context(one)
    return stack


@pytest.mark.parametrize(("lan", "where"), [(False, ["127.0.0.1", "::1"]), (True, ["0.0.0.0", "::"])])
def test_only_this_machine_is_listened_to_unless_asked(lan: bool, where: list[str]) -> None:
    listening = bind(lan, 0)
    with closed(listening):
        assert [one.getsockname()[0] for one in listening] == where[: len(listening)]
        assert len({one.getsockname()[1] for one in listening}) == 1


def test_a_port_that_is_taken_is_passed_over_and_one_that_was_killed_is_not() -> None:
    first = bind(False, 0)
    with closed(first):
        port = first[0].getsockname()[1]
        second = bind(False, port)
        with closed(second):
            assert second[0].getsockname()[1] > port
        with socket.create_connection(("127.0.0.1", port)):
            first[0].accept()[0].close()  # leaves the port lingering, as a kill does
    again = bind(False, port)
    with closed(again):
        assert again[0].getsockname()[1] == port


def test_a_port_that_somebody_has_of_ipv6_alone_is_passed_over() -> None:
    with socket.socket(socket.AF_INET6) as other:
        try:
            other.bind(("::1", 0))
        except OSError:
            pytest.skip("this machine has no IPv6")
        other.listen()
        listening = bind(False, other.getsockname()[1])
        with closed(listening):
            assert listening[0].getsockname()[1] > other.getsockname()[1]


def test_a_machine_without_ipv6_is_served_by_ipv4(monkeypatch: pytest.MonkeyPatch) -> None:
    class Old(socket.socket):
        def bind(self, address: Any) -> None:
            if self.family == socket.AF_INET6:
                raise OSError(errno.EADDRNOTAVAIL, "no such address")
            super().bind(address)

    monkeypatch.setattr(socket, "socket", Old)
    listening = bind(True, 0)
    with closed(listening):
        assert [one.family for one in listening] == [socket.AF_INET]


def test_a_machine_without_a_free_port_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    def taken(*_: object) -> None:
        raise OSError

    monkeypatch.setattr(socket.socket, "bind", taken)
    with pytest.raises(StartError, match="--port"):
        bind(False, 8000)


@pytest.mark.parametrize("lan", [False, True])
def test_whoever_opens_the_game_to_a_network_is_warned_and_told_its_addresses(house: House, lan: bool) -> None:
    said: list[str] = []
    house.state.places = Places(8000, lan=lan, look=lambda: (WIFI, VPN))
    link = f"http://127.0.0.1:8000/enter?key={house.auth.key}"
    announce(house.state, link, house.folder, said.append)
    text = "\n".join(said)
    assert ("WARNING" in text, "not encrypted" in text, "██" in text) == (lan, lan, lan)
    assert all((f"http://{one.address}:8000  ({one.name})" in text) is lan for one in (WIFI, VPN))
    assert text.count(house.auth.key) == 1


def test_a_machine_without_a_network_draws_no_address_and_says_what_to_do(house: House) -> None:
    said: list[str] = []
    house.state.places = Places(8000, lan=True, look=tuple)
    announce(house.state, "http://127.0.0.1:8000/enter?key=x", house.folder, said.append)
    text = "\n".join(said)
    assert "██" not in text
    assert "join one, or open a hotspot" in text


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
