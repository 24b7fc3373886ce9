"""Tell why a client's beliefs moved in a turn, cause by cause."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from papertiger.model import ledger
from papertiger.model.run import shares_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from papertiger.wargame.views.snapshot import Snapshot


@dataclass(frozen=True)
class Cause:
    """A cause's part in the change of a client's beliefs."""

    cause: str
    channel: str
    capability: float
    resolve: float
    protection: float


OLDER = ("older news", "earlier")
"""Cause and channel under which a view sums up what faded a little."""


MAX_CAUSES = 12


def why_moved(snapshot: Snapshot, i: int, turn: int, most: int | None = None) -> tuple[Cause, ...]:
    """Return each cause's part in the change of a client's beliefs in a turn, the largest part of protection first.

    Parameters
    ----------
    snapshot, i, turn
        Of which client, and when.
    most
        How many rows; the smallest parts are summed up in the last. The parts always sum to the change.
    """
    replay, span = snapshot.replay, snapshot.game.schedule.months(turn)
    book = ledger.Ledger()
    book.entries, book.closings = list(replay.entries), list(replay.closings)
    before = shares_of(book, snapshot.setting, i, span[0] - 1)
    after = shares_of(book, snapshot.setting, i, span[-1])
    parts = ledger.change(before, after)
    causes = sorted(
        (
            Cause(cause, channel, part.capability, part.resolve, part.protection)
            for (cause, channel), part in parts.items()
        ),
        key=lambda cause: (-abs(cause.protection), cause.cause, cause.channel),
    )
    return tuple(causes) if most is None else largest(causes, most)


def largest(causes: Sequence[Cause], most: int) -> tuple[Cause, ...]:
    """Return the first causes, and the rest summed up in one."""
    if len(causes) <= most:
        return tuple(causes)
    rest = causes[most - 1 :]
    together = [sum(getattr(cause, name) for cause in rest) for name in ("capability", "resolve", "protection")]
    return (*causes[: most - 1], Cause(*OLDER, *together))
