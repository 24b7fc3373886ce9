"""Count seconds since 1970 that go on evenly, whatever is done to the machine's clock while a game is served.

A laptop that finds its time server in the middle of a lesson must neither end the code nor let the room's clock jump.
"""

from __future__ import annotations

import time
from collections.abc import Callable


class EvenClock:
    """Count on from the moment at which it was made.

    Parameters
    ----------
    wall
        The machine's clock, which anybody may set; read once.
    even
        Seconds that nobody can set.
    """

    def __init__(self, wall: Callable[[], float] = time.time, even: Callable[[], float] = time.monotonic) -> None:
        self._even = even
        self._offset = wall() - even()

    def __call__(self) -> float:
        """Return the seconds since 1970, by the machine's clock as it was when this one was made."""
        return self._offset + self._even()


seconds = EvenClock()
