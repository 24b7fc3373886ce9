"""A real server on real interfaces: a hotspot, a VPN with the default route, IPv6, a network that comes later."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.wargame.server.namespaces import Network, need_namespaces
from tests.wargame.server.served import Served

ASK = """
import http.client, sys
connection = http.client.HTTPConnection(sys.argv[1], int(sys.argv[2]), timeout=20)
connection.request("GET", "/", headers={"Host": sys.argv[3]} if len(sys.argv) > 3 else {})
print(connection.getresponse().status)
"""


class InNetwork(Served):
    """`papertiger play --lan` on a machine of a test's own network."""

    def __init__(self, folder: Path, network: Network) -> None:
        import sys

        super().__init__(
            folder, "venezuela_2026", [*network.enter, sys.executable, "-m", "papertiger"], more=("--lan",)
        )


@pytest.fixture(scope="module")
def machines() -> Iterator[tuple[Network, Network]]:
    need_namespaces()
    laptop = Network()
    pupils = Network(laptop)
    laptop.ip("link set lo up")
    laptop.cable(pupils, "ap0", ["192.168.43.1/24", "fd00:43::1/64"], ["192.168.43.20/24", "fd00:43::20/64"])
    laptop.cable(pupils, "school0", ["10.1.2.3/24"], ["10.1.2.20/24"])
    laptop.cable(pupils, "tun0", [], [])
    laptop.ip("addr add 10.8.0.2 peer 10.8.0.1 dev tun0")  # as a VPN's: one address, one peer, the default route
    laptop.ip("route add default via 10.8.0.1")
    yield laptop, pupils
    pupils.close()
    laptop.close()


@pytest.mark.slow
def test_a_class_reaches_the_game_at_every_address_that_it_is_given(
    tmp_path: Path, machines: tuple[Network, Network]
) -> None:
    import sys

    laptop, pupils = machines
    served = InNetwork(tmp_path, laptop)
    try:
        offered = re.findall(r"  http://(\S+)  \((\w+)\)", served.said)
        port = served.port
        assert {name for _, name in offered} == {"ap0", "school0", "tun0"}
        assert offered[-1] == (f"10.8.0.2:{port}", "tun0")  # the VPN has the default route, and no class
        assert "127.0.0.1" not in served.said.split("Teams join at")[1].split("\n")[0]

        def asked(address: str, host: str = "") -> str:
            return pupils.run(sys.executable, "-c", ASK, address, str(port), *([host] if host else [])).strip()

        for address in ("192.168.43.1", "fd00:43::1", "10.1.2.3"):
            assert asked(address) == "200", address
        name = laptop.run("hostname").strip().partition(".")[0]
        assert asked("10.1.2.3", f"{name}.local:{port}") == "200"
        assert asked("10.1.2.3", f"192.168.43.1:{port}") == "400"
        assert asked("10.1.2.3", f"evil.example:{port}") == "400"
        # A hotspot that is opened in the middle of the lesson.
        laptop.cable(pupils, "late0", ["172.20.10.1/28"], ["172.20.10.2/28"])
        assert asked("172.20.10.1") == "200"
    finally:
        served.kill()
