"""Count seconds since 1970 that go on evenly, whatever is done to the machine's clock while a game is served.

A laptop that finds its time server in the middle of a lesson must neither end the code nor let the room's clock jump.
"""

from __future__ import annotations

import time

_BEGAN, _COUNTED = time.time(), time.monotonic()


def seconds() -> float:
    """Return the seconds since 1970, by the machine's clock as it was when the program began."""
    return _BEGAN + (time.monotonic() - _COUNTED)
