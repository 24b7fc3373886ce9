"""The address that a class is given reaches the game, whatever networks the facilitator's machine is on."""

from __future__ import annotations

import socket
from types import SimpleNamespace as Given

import psutil
import pytest

from papertiger.wargame.server import network
from papertiger.wargame.server.network import Interface, Places, check_given, interfaces, join_host, split_host
from tests.wargame.server.visitors import House

WIFI, HOTSPOT, VPN, SIX = (
    Interface("192.168.0.7", "wlan0"),
    Interface("192.168.43.1", "ap0"),
    Interface("10.8.0.2", "tun0"),
    Interface("fd00::7", "wlan0"),
)


def places(*found: Interface, lan: bool = True, given: str = "", port: int = 8000) -> Places:
    return Places(port, lan=lan, given=given, look=lambda: found, names=lambda: frozenset({"desk", "desk.local"}))


def test_hosts_are_those_of_this_machine_and_of_its_networks_only_when_asked() -> None:
    for lan in (False, True):
        open_ = places(WIFI, lan=lan)
        for host in ("127.0.0.1:8000", "localhost:8000", "[::1]:8000"):
            assert open_.admits(host, "127.0.0.1")
        for host, local in (
            ("192.168.0.7:8000", "192.168.0.7"),
            ("192.168.0.7:8000", "::ffff:192.168.0.7"),
            ("192.168.43.1:8000", "192.168.43.1"),  # of a hotspot that was opened a moment ago
            ("[fd00::7]:8000", "fd00::7"),
            ("[fe80::1]:8000", "fe80::1%eth0"),
            ("DESK.local:8000", "192.168.0.7"),
            ("desk.local.:8000", "192.168.0.7"),
            ("desk:8000", "fd00::7"),
        ):
            assert open_.admits(host, local) is lan, host


@pytest.mark.parametrize(
    "host",
    [
        "evil.example:8000",
        "192.168.0.8:8000",
        "192.168.0.7",
        "192.168.0.7:80",
        "192.168.0.7:8000.evil.example",
        "desk.local.evil.example:8000",
        "192.168.0.7:8000@evil.example",
        "0xc0a80007:8000",
        "3232235527:8000",
        "192.168.7:8000",
        "[192.168.0.7]:8000.x",
        "[fd00::7",
        "",
        ":8000",
        "192.168.0.7:٨٠٠٠",
    ],
)
def test_what_is_no_address_of_this_connection_is_refused(host: str) -> None:
    assert not places(WIFI).admits(host, "192.168.0.7")


def test_a_host_that_the_facilitator_gave_is_taken_and_shown_first() -> None:
    forwarded = places(WIFI, given="Game.School.example:9000")
    assert forwarded.host == "game.school.example:9000"
    assert forwarded.admits("game.school.example:9000", "10.0.0.1")
    assert not forwarded.admits("game.school.example:8000", "10.0.0.1")
    named = places(WIFI, given="game.school.example")
    assert named.host == "game.school.example:8000"
    assert named.admits("GAME.school.example:8000", "10.0.0.1")
    assert places(WIFI, given="[fd00::9]").host == "[fd00::9]:8000"


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ("127.0.0.1", "reaches only the machine"),
        ("localhost:8000", "reaches only the machine"),
        ("[::1]", "reaches only the machine"),
        ("0.0.0.0", "reaches only the machine"),
        ("fd00::7", r"in brackets: \[fd00::7\]"),
        ("http://192.168.0.7", "expected a host"),
        ("192.168.0", "expected a host"),
        ("192.168.0.7:99999", "expected a host"),
        ("a b", "expected a host"),
        ("", "expected a host"),
    ],
)
def test_a_host_that_cannot_be_is_refused_with_what_is_wrong(given: str, said: str) -> None:
    import re

    assert re.search(said, check_given(given))


def test_hosts_that_can_be_are_taken() -> None:
    for given in ("192.168.0.7", "192.168.0.7:9000", "desk.local", "[fd00::7]:8000", "game.school.example:80"):
        assert check_given(given) == "", given


def test_a_host_is_split_as_it_is_joined() -> None:
    for name in ("192.168.0.7", "fd00::7", "desk.local"):
        for port in (80, 8000):
            assert split_host(join_host(name, port)) == (name, port)


def test_loopback_is_never_shown_where_there_is_another_one_and_never_drawn(house: House) -> None:
    staff = house.facilitator()
    assert staff.get("/code.svg").status_code == 404
    assert "code.svg" not in staff.get("/wall").text
    house.state.places = places(WIFI)
    assert house.state.address == "http://192.168.0.7:8000"
    assert "192.168.0.7:8000/?code=" in staff.get("/wall").text
    assert staff.get("/code.svg").status_code == 200
    house.state.places = places()
    assert "code.svg" not in staff.get("/wall").text
    assert staff.get("/code.svg").status_code == 404


def test_a_network_that_comes_or_goes_is_seen_and_pages_are_told() -> None:
    now: list[float] = [0.0]
    found: list[tuple[Interface, ...]] = [(VPN,)]
    moving = Places(8000, lan=True, look=lambda: found[0], clock=lambda: now[0])
    assert (moving.host, moving.edition) == ("10.8.0.2:8000", 0)
    found[0] = (WIFI, VPN)
    assert moving.host == "10.8.0.2:8000"  # looked up a moment ago
    now[0] = network.LOOK_SECONDS
    assert (moving.host, moving.edition) == ("192.168.0.7:8000", 1)
    assert moving.choose("10.8.0.2:8000")
    assert (moving.host, moving.edition) == ("10.8.0.2:8000", 2)
    found[0], now[0] = (WIFI,), 2 * network.LOOK_SECONDS
    assert (moving.host, moving.edition) == ("192.168.0.7:8000", 3)  # the one that was chosen is gone
    assert not moving.choose("10.8.0.2:8000")
    assert moving.choose("")


def test_the_facilitator_chooses_what_the_wall_shows_and_it_holds_after_a_crash(house: House) -> None:
    staff, wall = house.facilitator(), house.observer()
    house.state.places = places(WIFI, VPN, SIX)
    page = staff.get("/room").text
    assert all(join_host(one.address, 8000) in page for one in (WIFI, VPN, SIX))
    assert staff.send("/room/address", address="10.8.0.2:8000").status_code == 303
    assert "http://10.8.0.2:8000" in wall.get("/wall").text
    for wrong in ("evil.example:8000", "10.8.0.3:8000", "<b>"):
        assert staff.send("/room/address", address=wrong).status_code == 422
    house.restart()
    assert house.auth.shown == "10.8.0.2:8000"
    assert wall.client.post("/room/address", data={"address": "x"}).status_code == 404


def test_a_refused_host_is_told_what_to_do(house: House) -> None:
    answer = house.stranger().get("/", headers={"host": "evil.example"})
    assert answer.status_code == 400
    for said in ("the one that the wall shows", "--address", "die das Wandbild zeigt"):
        assert said in answer.text
    assert "127.0.0.1" not in answer.text  # a foreign page reads it, too


def test_interfaces_that_reach_a_class_come_first(monkeypatch: pytest.MonkeyPatch) -> None:
    def at(address: str, family: int = socket.AF_INET, netmask: str | None = "255.255.255.0", ptp: str | None = None):  # type: ignore[no-untyped-def]
        return Given(family=family, address=address, netmask=netmask, ptp=ptp)

    up, tunnel = Given(isup=True, flags="up,broadcast,running"), Given(isup=True, flags="up,pointopoint,running")
    monkeypatch.setattr(
        psutil,
        "net_if_addrs",
        lambda: {
            "lo": [at("127.0.0.1"), at("::1", socket.AF_INET6)],
            "docker0": [at("172.17.0.1")],
            "tun0": [at("10.8.0.2", netmask="255.255.255.255", ptp="10.8.0.1")],
            "eth0": [at("169.254.3.4"), at("02:00:00:00:00:01", 17)],
            "ap0": [at("192.168.43.1"), at("fe80::1%ap0", socket.AF_INET6), at("fd00::7", socket.AF_INET6)],
            "wlan0": [at("192.168.0.7")],
            "wlan1": [at("192.168.9.9")],
        },
    )
    monkeypatch.setattr(
        psutil,
        "net_if_stats",
        lambda: {"tun0": tunnel, "wlan1": Given(isup=False, flags="")} | dict.fromkeys(("lo", "eth0", "ap0"), up),
    )
    monkeypatch.setattr(network, "_routed", lambda: {"10.8.0.2", "192.168.0.7"})
    assert [one.address for one in interfaces()] == [
        "192.168.0.7",
        "192.168.43.1",
        "fd00::7",
        "172.17.0.1",
        "10.8.0.2",
        "169.254.3.4",
    ]
