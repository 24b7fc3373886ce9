"""Tell open pages that they are old. A frame says two numbers and nothing else; the page fetches its own view.

A page without a socket, because a proxy forbids it or too many are open, asks for the same numbers every few seconds.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from threading import Lock

MAX_SOCKETS = 500
MAX_EACH = 10


@dataclass(eq=False)
class Tab:
    """One open page: whose it is, and what wakes its socket. The facilitator's always finds a place."""

    who: str
    seat: str
    loop: asyncio.AbstractEventLoop
    woken: asyncio.Event = field(default_factory=asyncio.Event)
    called: bool = False
    staff: bool = False

    def wake(self) -> None:
        """Let the socket look at what changed; from any thread. Until it does, more calls add nothing."""
        if not (self.called or self.loop.is_closed()):
            self.called = True
            self.loop.call_soon_threadsafe(self._wake)

    def _wake(self) -> None:
        self.called = False
        self.woken.set()


class Hub:
    """All open pages. However many changes come, each tab is merely woken: nothing queues up."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._tabs: set[Tab] = set()

    def enter(self, tab: Tab) -> bool:
        """Take a tab in, unless there are too many."""
        with self._lock:
            mine = sum(1 for one in self._tabs if one.who == tab.who)
            if mine >= MAX_EACH or (len(self._tabs) >= MAX_SOCKETS and not tab.staff):
                return False
            self._tabs.add(tab)
            return True

    def leave(self, tab: Tab) -> None:
        """Let a tab go."""
        with self._lock:
            self._tabs.discard(tab)

    def tell(self, changed: Mapping[str, int]) -> None:
        """Wake the tabs of some seats."""
        self._wake(lambda tab: tab.seat in changed)

    def tell_all(self) -> None:
        """Wake every tab, so that each looks whether it is still somebody's."""
        self._wake(lambda _: True)

    def _wake(self, wanted: Callable[[Tab], bool]) -> None:
        with self._lock:
            tabs = [tab for tab in self._tabs if wanted(tab)]
        for tab in tabs:
            tab.wake()
