"""Find the addresses at which a class reaches the game, and tell whether a request may name one of them.

A laptop has an address on each of its networks: the school's, its own hotspot, a VPN. Which of them reaches the class
only the people in the room know, so all are offered and the facilitator chooses which one the wall shows. They are
looked up anew while a game is served, since a hotspot may be opened in the middle of a lesson.

What a browser names as its host is checked so that no foreign page can speak to the game. A name that is bound to
this machine from outside (DNS rebinding) is a name, so the connection's own address, in numbers, is always safe.
"""

from __future__ import annotations

import contextlib
import ipaddress
import re
import socket
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from threading import Lock

HERE = "127.0.0.1"
LOCAL_NAMES = (HERE, "localhost", "::1")
LOOK_SECONDS = 2.0
"""How long the addresses that were found are taken to be those of now."""

BRIDGES = re.compile(r"(docker|br-|virbr|vmnet|vboxnet|veth|vethernet|vmware|virtualbox|bridge\d)", re.IGNORECASE)
"""Interfaces of virtual machines and containers: real addresses, at which no class is."""

DOCUMENTED = ((socket.AF_INET, "192.0.2.1"), (socket.AF_INET6, "2001:db8::1"))
"""Addresses that are reserved for documents, to ask the routing table about; nothing is sent there."""

NAME = re.compile(r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?(\.[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)*\.?", re.IGNORECASE)

type Address = ipaddress.IPv4Address | ipaddress.IPv6Address


@dataclass(frozen=True)
class Interface:
    """An address of this machine on one of its networks.

    Attributes
    ----------
    address
        In numbers.
    name
        Of the interface, as the system calls it.
    """

    address: str
    name: str = ""


def parse_address(text: str) -> Address | None:
    """Return an address that is written in numbers, without its scope; one of IPv4 inside IPv6 as what it is."""
    try:
        address = ipaddress.ip_address(text.partition("%")[0])
    except ValueError:
        return None
    return address.ipv4_mapped or address if isinstance(address, ipaddress.IPv6Address) else address


def split_host(host: str) -> tuple[str, int | None]:
    """Return the name of a host and its port; without one it is 80, and ``None`` where it is none."""
    name, port = host, "80"
    if host.startswith("["):
        name, closed, rest = host[1:].partition("]")
        if not closed or (rest and not rest.startswith(":")):
            return "", None
        port = rest[1:] if rest else port
    elif ":" in host:
        name, _, port = host.rpartition(":")
    if not (port.isascii() and port.isdecimal() and len(port) <= 5 and int(port) < 65_536):
        return name, None
    return name, int(port)


def join_host(name: str, port: int) -> str:
    """Return a host as it stands in an address."""
    name = f"[{name}]" if ":" in name else name
    return name if port == 80 else f"{name}:{port}"


def interfaces() -> tuple[Interface, ...]:
    """Return this machine's addresses on its networks, those that likely reach a class first; nothing is sent.

    Loopback and addresses of IPv6 that need a scope are left out: the one reaches nobody, no browser takes the other.
    """
    import psutil  # noqa: PLC0415 - only for a class on other machines

    routed, states = _routed(), psutil.net_if_stats()
    ranked: list[tuple[tuple[bool, ...], int, Interface]] = []
    for name, addresses in psutil.net_if_addrs().items():
        state = states.get(name)
        if state is not None and not state.isup:
            continue
        tunnel = state is not None and "pointopoint" in state.flags.split(",")
        for one in addresses:
            address = parse_address(one.address) if one.family in (socket.AF_INET, socket.AF_INET6) else None
            if address is None or address.is_loopback or address.is_unspecified or address.is_multicast:
                continue
            if address.version == 6 and address.is_link_local:
                continue
            rank = (
                address.is_link_local,
                tunnel or one.netmask == "255.255.255.255",
                BRIDGES.match(name) is not None,
                address.version == 6,
                str(address) not in routed,
            )
            ranked.append((rank, len(ranked), Interface(str(address), name)))
    return tuple(dict.fromkeys(one for *_, one in sorted(ranked, key=lambda entry: entry[:2])))


def _routed() -> set[str]:
    """Return the addresses from which this machine would reach the rest of the world."""
    addresses = set()
    for family, documented in DOCUMENTED:
        # Connecting a datagram socket only asks the routing table.
        with contextlib.suppress(OSError), socket.socket(family, socket.SOCK_DGRAM) as probe:
            probe.connect((documented, 9))
            addresses.add(str(probe.getsockname()[0]).partition("%")[0])
    return addresses


def own_names() -> frozenset[str]:
    """Return how this machine is called on its networks, by its name alone and with ``.local``."""
    name = socket.gethostname().strip(".").lower()
    first = name.partition(".")[0]
    return frozenset(one for one in (name, first, f"{first}.local") if NAME.fullmatch(one) and first != "localhost")


class Places:
    """Where a class reaches the game. Safe to use from several threads.

    Parameters
    ----------
    port
        That is listened to.
    lan
        Whether other machines may join.
    given
        A host that the facilitator gave, with a port if it is another one: what the wall shows, and is accepted.
    chosen
        The address that the facilitator chose at an earlier start.
    look, names, clock
        Injected, so that tests have their own.
    """

    def __init__(
        self,
        port: int = 8000,
        *,
        lan: bool = False,
        given: str = "",
        chosen: str = "",
        look: Callable[[], Sequence[Interface]] = interfaces,
        names: Callable[[], frozenset[str]] = own_names,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.port, self.lan, self.given, self.chosen = port, lan, given.lower(), chosen
        self._look, self._names, self._clock = look, names, clock
        self._lock = Lock()
        self._found: tuple[Interface, ...] = ()
        self._until = float("-inf")
        self._shown = ""
        self.edition = 0
        """How often what the wall shows has changed."""

    def interfaces(self) -> tuple[Interface, ...]:
        """Return the addresses of now."""
        if not self.lan:
            return ()
        with self._lock:
            if self._clock() >= self._until:
                self._found = tuple(self._look())
                self._until = self._clock() + LOOK_SECONDS
            return self._found

    def hosts(self) -> tuple[tuple[str, str], ...]:
        """Return what the wall can show, each with the name of its interface; the likely one first."""
        hosts = [(join_host(one.address, self.port), one.name) for one in self.interfaces()]
        if self.given:
            name, port = split_host(self.given)
            hosts.insert(0, (join_host(name, self.port if not _has_port(self.given) else port or self.port), ""))
        return tuple({host: (host, name) for host, name in reversed(hosts)}.values())[::-1]

    @property
    def host(self) -> str:
        """What the wall shows; of this machine alone where there is no network, or nobody else may join."""
        hosts = [host for host, _ in self.hosts()]
        shown = self.chosen if self.chosen in hosts else hosts[0] if hosts else join_host(HERE, self.port)
        with self._lock:
            if shown != self._shown:
                self.edition += bool(self._shown)
                self._shown = shown
        return shown

    @property
    def is_reachable(self) -> bool:
        """Whether what the wall shows reaches this machine from another one."""
        return bool(self.hosts())

    def choose(self, host: str) -> bool:
        """Let the wall show an address, or, blank, the likely one; tell whether it is one of this machine's."""
        if host and host not in [one for one, _ in self.hosts()]:
            return False
        self.chosen = host
        return True

    def admits(self, host: str, local: str) -> bool:
        """Tell whether a request may name a host.

        Parameters
        ----------
        host
            What it names, with the port where one is usual.
        local
            The address of this machine at which its connection came in.
        """
        name, port = split_host(host.lower())
        if self.given and host.lower() in self._given():
            return True
        if port != self.port:
            return False
        if name in LOCAL_NAMES:
            return True
        if not self.lan:
            return False
        literal = parse_address(name)
        if literal is not None:
            return literal == parse_address(local)
        return name.removesuffix(".") in self._names()

    def _given(self) -> tuple[str, ...]:
        name, port = split_host(self.given)
        if _has_port(self.given):
            return (self.given, join_host(name, port or self.port))
        return (join_host(name, self.port), f"{self.given}:{self.port}")


def _has_port(host: str) -> bool:
    return bool(re.search(r"(^[^:]*|\]):\d+$", host))


def check_given(text: str) -> str:
    """Return what is wrong with a host that a facilitator gave to be shown; blank if nothing is."""
    name, port = split_host(text)
    literal = parse_address(name)
    if ":" in text and not text.startswith("[") and parse_address(text) is not None:
        return f"write an address of IPv6 in brackets: [{text}]"
    if port is None or (literal is None and (not NAME.fullmatch(name) or re.fullmatch(r"[\d.]+", name))):
        return "expected a host as it stands in an address, such as 192.168.0.7 or mylaptop.local:8000"
    if name.lower() in LOCAL_NAMES or (literal is not None and (literal.is_loopback or literal.is_unspecified)):
        return "this address reaches only the machine that asks for it; expected one that reaches this machine"
    return ""
