"""Tell why a client's beliefs moved in a turn, cause by cause: what came in the turn, and what faded, in one line."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from papertiger.model import ledger
from papertiger.model.run import shares_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from papertiger.wargame.views.news import NewsItem
    from papertiger.wargame.views.snapshot import Snapshot

EYE = 0.005
"""What is smaller than this nobody sees: a row of less is none."""


@dataclass(frozen=True)
class Cause:
    """A cause's part in the change of a client's beliefs.

    Attributes
    ----------
    cause, channel
        As the ledger names them.
    capability, resolve, protection
        What it changed.
    story
        The news that tells of it, with what the patron did; ``None`` where there was none.
    """

    cause: str
    channel: str
    capability: float
    resolve: float
    protection: float
    story: NewsItem | None = None

    @property
    def visible(self) -> bool:
        """Whether the eye sees any of it."""
        return any(abs(value) >= EYE for value in (self.capability, self.resolve, self.protection))


OLDER = ("older news", "earlier")
"""Cause and channel under which a view sums up parts that are too small for a row of their own."""

FADING = ("fading", "earlier")
"""Cause and channel under which a view sums up what earlier turns brought and what is being forgotten."""


MAX_CAUSES = 12


def why_moved(snapshot: Snapshot, i: int, turn: int, most: int | None = None) -> tuple[Cause, ...]:
    """Return each cause's part in the change of a client's beliefs in a turn, the largest part of protection first.

    What came in the turn has a row of its own if the eye can see it; what came before fades in one row, the last but
    for the small parts. The parts always sum to the change.

    Parameters
    ----------
    snapshot, i, turn
        Of which client, and when.
    most
        How many rows at most.
    """
    replay, span = snapshot.replay, snapshot.game.schedule.months(turn)
    book = ledger.Ledger()
    book.entries, book.closings = list(replay.entries), list(replay.closings)
    before = shares_of(book, snapshot.setting, i, span[0] - 1)
    after = shares_of(book, snapshot.setting, i, span[-1])
    fresh = {(entry.cause, entry.channel) for entry in replay.entries if entry.client == i and entry.month in span}
    fresh.add(ledger.SUCCESSION)
    rows: list[Cause] = []
    small: list[Cause] = []
    old: list[Cause] = []
    for (cause, channel), part in ledger.change(before, after).items():
        row = Cause(
            cause, channel, part.capability, part.resolve, part.protection, snapshot.story_by_cause.get(cause)
        )
        (old if (cause, channel) not in fresh else rows if row.visible else small).append(row)
    rows.sort(key=lambda cause: (-abs(cause.protection), cause.cause, cause.channel))
    if most is not None and len(rows) > most - 2:
        rows, small = rows[: most - 2], rows[most - 2 :] + small
    return (*rows, *_summed(FADING, old), *_summed(OLDER, small))


def _summed(name: tuple[str, str], rows: Iterable[Cause]) -> tuple[Cause, ...]:
    rows = tuple(rows)
    if not rows:
        return ()
    capability, resolve, protection = (
        sum(getattr(row, part) for row in rows) for part in ("capability", "resolve", "protection")
    )
    return (Cause(*name, capability, resolve, protection),)


def largest(causes: Sequence[Cause], most: int) -> tuple[Cause, ...]:
    """Return the first causes, and the rest summed up in one."""
    if len(causes) <= most:
        return tuple(causes)
    return (*causes[: most - 1], *_summed(OLDER, causes[most - 1 :]))
