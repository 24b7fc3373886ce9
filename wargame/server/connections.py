"""Bound the connections that are open, so that no crowd shuts out the class, and nobody the facilitator.

The system gives a process so many descriptors. When as many connections are open as fit, a new one takes the place of
one that nobody misses: of an address that has more than half of all, or else of the one with the most connections on
which nobody who has joined ever asked for anything, and there the one that is open longest. So whoever opens a
thousand connections only closes its own, also where the class comes from the same address, since a request takes
milliseconds.
"""

from __future__ import annotations

import contextlib
import os
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from threading import Lock
from typing import Protocol

MAX_CONNECTIONS = 2000
MAX_UNPROVEN = 300
"""Connections of one address on which nobody who has joined has asked for anything yet."""

WANTED_DESCRIPTORS = 8192
DESCRIPTORS_BESIDES = 64
"""For the log, the worker, a page's files, where the system does not tell how many are in use."""

LOOPBACK = ("127.0.0.1", "::1")

type Client = tuple[str, int]


class Transport(Protocol):
    """What a connection is closed by."""

    def abort(self) -> None:
        """Close at once."""


@dataclass(eq=False)
class Connection:
    """One open connection.

    Attributes
    ----------
    proven
        Whether somebody who has joined has asked for something on it.
    staff
        Whether that was the facilitator.
    """

    transport: Transport
    address: str
    proven: bool = False
    staff: bool = False
    socket: bool = False


class Connections:
    """All open connections, the oldest first. Safe to use from several threads.

    Parameters
    ----------
    most, unproven
        How many there may be in all, and of one address before anybody has joined on them.
    """

    def __init__(self, most: int = MAX_CONNECTIONS, unproven: int = MAX_UNPROVEN) -> None:
        self.most, self.unproven = most, unproven
        self._lock = Lock()
        self._open: dict[Client, Connection] = {}

    def __len__(self) -> int:
        """Return how many are open."""
        return len(self._open)

    def enter(self, client: Client | None, transport: Transport) -> None:
        """Take a new connection in, in place of one that nobody misses if there are too many."""
        if client is None:
            return
        with self._lock:
            self._open.pop(client, None)
            mine = [key for key, one in self._open.items() if one.address == client[0] and not one.proven]
            if len(mine) >= self.unproven:
                self._close(mine[0])
            while len(self._open) >= self.most:
                self._close(self._dispensable())
            self._open[client] = Connection(transport, client[0])

    def become_socket(self, client: Client | None) -> None:
        """Take note that a connection is a WebSocket from now on."""
        with self._lock:
            if client in self._open:
                self._open[client].socket = True

    def prove(self, client: Client | None, *, staff: bool = False) -> None:
        """Take note that somebody who has joined asked for something on a connection."""
        with self._lock:
            if client in self._open:
                self._open[client].proven = True
                self._open[client].staff |= staff

    def leave(self, client: Client | None) -> None:
        """Let a connection go."""
        with self._lock:
            self._open.pop(client, None)  # type: ignore[arg-type]

    def _dispensable(self) -> Client:
        crowds = Counter(one.address for one in self._open.values() if not one.proven)
        crowding = {
            address
            for address, count in Counter(one.address for one in self._open.values()).items()
            if count > self.most // 2
        }
        # Sorted by what is worth keeping; among equals the first one, which is open longest.
        return min(
            self._open,
            key=lambda key: (
                self._open[key].staff,
                # Who has joined may flood as well; whoever comes new from elsewhere must not make room for it.
                key[0] not in crowding,
                self._open[key].proven,
                self._open[key].socket,
                key[0] in LOOPBACK,
                -crowds[key[0]],
            ),
        )

    def _close(self, client: Client) -> None:
        self._open.pop(client).transport.abort()


def raise_descriptor_limit() -> int:
    """Raise the number of descriptors that this process may open as far as the system lets it, and return it."""
    try:
        import resource  # noqa: PLC0415 - not on Windows
    except ImportError:
        return WANTED_DESCRIPTORS
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = WANTED_DESCRIPTORS if hard == resource.RLIM_INFINITY else min(WANTED_DESCRIPTORS, hard)
    while soft != resource.RLIM_INFINITY and wanted > soft:
        # macOS says that there is no limit and refuses what is above another one.
        with contextlib.suppress(ValueError, OSError):
            resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
            return wanted
        wanted //= 2
    return WANTED_DESCRIPTORS if soft == resource.RLIM_INFINITY else soft


@dataclass(frozen=True)
class Capacity:
    """How many connections fit.

    Attributes
    ----------
    connections
        That may be open.
    backlog
        That the system may hold for each address before they are taken in.
    """

    connections: int
    backlog: int


def capacity(descriptors: int, listening: int = 2) -> Capacity:
    """Return how many connections a number of descriptors has room for.

    Parameters
    ----------
    descriptors
        That this process may open.
    listening
        How many sockets are listened to. Of each, a whole backlog is taken in before the first one is counted.
    """
    try:
        used = len(list(Path("/dev/fd").iterdir())) + DESCRIPTORS_BESIDES // 2
    except OSError:
        used = DESCRIPTORS_BESIDES
    backlog = 128 if descriptors >= 1024 else 16 if os.name == "posix" else 64
    room = descriptors - used - 2 * listening * (backlog + 1)
    return Capacity(max(16, min(MAX_CONNECTIONS, room)), backlog)
