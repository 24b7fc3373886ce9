"""Group what a seat wrote with each other seat into threads, messages and proposals in one order, with unread marks.

Everything is numbered within its thread: a number that counted other threads, or the log, would tell of them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from papertiger.wargame.log.branch import Message, Proposal
from papertiger.wargame.views.plain import etag
from papertiger.wargame.views.promises import WAITING, said, state_of

if TYPE_CHECKING:
    from papertiger.wargame.log.branch import Branch
    from papertiger.wargame.views.snapshot import Snapshot

ALL = "all"

type Said = tuple[tuple[str, object], ...]


@dataclass(frozen=True)
class PressLine:
    """A seat's line of a turn, which everybody reads."""

    turn: int
    seat: str
    text: str


@dataclass(frozen=True)
class Entry:
    """A message or a proposal in a thread.

    Attributes
    ----------
    number, turn, sender
        Its place in the thread, the turn that was open, and who wrote it.
    text
        What it says.
    unread
        Whether the seat has not marked it as read.
    proposes
        Whether it is a proposal.
    gives, asks
        What the sender would do, and what it asks for, as plain data; blank where nothing.
    state
        How a proposal stands; blank for a message.
    name
        By which it is answered; blank where the seat cannot answer.
    """

    number: int
    turn: int
    sender: str
    text: str
    unread: bool
    proposes: bool = False
    gives: Said = ()
    asks: Said = ()
    state: str = ""
    name: str = ""


@dataclass(frozen=True)
class Thread:
    """All that a seat wrote with another one, or what went to several; the oldest first."""

    other: str
    entries: tuple[Entry, ...]

    @property
    def unread(self) -> int:
        """How many entries are not marked as read."""
        return sum(entry.unread for entry in self.entries)

    @property
    def waiting(self) -> bool:
        """Whether a proposal of the other seat waits for an answer."""
        return any(entry.state == WAITING and entry.sender == self.other for entry in self.entries)


def press_of(line: Branch, only: int | None = None) -> tuple[PressLine, ...]:
    """Return the lines that were published, or those of one turn, but for those that were taken off."""
    return tuple(
        PressLine(turn, seat, text)
        for (turn, seat), text in line.press.items()
        if (turn, seat) not in line.taken_off and only in (None, turn)
    )


def _written(snapshot: Snapshot, seat: str) -> dict[str, list[Message | Proposal]]:
    """Return what a seat wrote or got, by whom it was written with."""
    by_other: dict[str, list[Message | Proposal]] = {}
    for message in snapshot.line.messages:
        if seat in (message.sender, *message.to):
            other = message.to[0] if message.sender == seat else message.sender
            by_other.setdefault(ALL if len(message.to) > 1 else other, []).append(message)
    for proposal in snapshot.line.proposals:
        sender, to = proposal.parties
        if seat in (sender, to):
            by_other.setdefault(to if seat == sender else sender, []).append(proposal)
    for rows in by_other.values():
        rows.sort(key=lambda one: one.seq)
    return by_other


def threads_of(snapshot: Snapshot, seat: str) -> tuple[Thread, ...]:
    """Return a seat's threads, that with the newest entry first."""
    by_other = _written(snapshot, seat)
    order = sorted(by_other, key=lambda other: -by_other[other][-1].seq)
    return tuple(
        Thread(
            other,
            tuple(
                _entry(number, one, snapshot, seat, snapshot.line.read_until.get((seat, other), 0))
                for number, one in enumerate(by_other[other], start=1)
            ),
        )
        for other in order
    )


def _entry(number: int, one: Message | Proposal, snapshot: Snapshot, seat: str, read_until: int) -> Entry:
    if isinstance(one, Message):
        return Entry(number, one.turn, one.sender, one.text, one.sender != seat and one.seq > read_until)
    sender, state = one.body.sender, state_of(one, snapshot)
    # Who did not write the last word of it has something to read.
    author, last = one.body.to if one.reply in ("accepted", "refused") else sender, _news(one)
    gives, asks = said(one.body.gives), said(one.body.asks)
    name = f"{number}-{etag((number, sender, one.turn, gives, asks, one.body.text))[:12]}" if state == WAITING else ""
    unread = author != seat and last > read_until
    return Entry(number, one.turn, sender, one.body.text, unread, True, gives, asks, state, name)


def find(snapshot: Snapshot, seat: str, other: str, name: str) -> Proposal | None:
    """Return the proposal of a thread that is answered by a name, if there is one."""
    rows = _written(snapshot, seat).get(other, [])
    thread = next((one for one in threads_of(snapshot, seat) if one.other == other), Thread(other, ()))
    for row, entry in zip(rows, thread.entries, strict=True):
        if isinstance(row, Proposal) and name and entry.name == name:
            return row
    return None


def last_of(snapshot: Snapshot, seat: str, other: str, number: int) -> int:
    """Return the record up to which a thread is read once somebody has read so many of its entries; 0 for none."""
    rows = _written(snapshot, seat).get(other, [])[:number]
    return max((_news(one) for one in rows), default=0)


def _news(one: Message | Proposal) -> int:
    return max(one.seq, getattr(one, "replied", 0))
