"""Let seats talk in a game: messages, proposals and lines for the press. A part of `papertiger.wargame.session`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from papertiger.wargame.log import records

if TYPE_CHECKING:
    from papertiger.wargame.log.journal import Journal
    from papertiger.wargame.rules.pledges import Pledge
    from papertiger.wargame.rules.seats import Seat

type Reply = Literal["accepted", "refused", "withdrawn"]


class Talking:
    """The acts of a session by which seats talk to each other and to everybody."""

    _journal: Journal

    def message(self, sender: Seat, to: tuple[Seat, ...], text: str, *, key: str = "") -> None:
        """Send a message to other seats or to the facilitator."""
        body = records.Messaged(sender=str(sender), to=tuple(map(str, to)), text=text)
        self._journal.commit(body, key, owner=str(sender))

    def propose(
        self,
        sender: Seat,
        to: Seat,
        turn: int,
        *,
        gives: Pledge | None = None,
        asks: Pledge | None = None,
        text: str = "",
        key: str = "",
    ) -> int:
        """Propose something to another seat, and return the number of the record.

        Parameters
        ----------
        sender, to
            Between whom.
        turn
            The open turn; with it the proposal lapses.
        gives, asks
            What the sender would do, and what the other seat would; both for an exchange, neither for mere words.
        text
            What is said with it.
        key
            Of the form.

        Raises
        ------
        papertiger.wargame.log.state.GameError
            If it cannot be proposed now.
        """
        body = records.Proposed(sender=str(sender), to=str(to), turn=turn, gives=gives, asks=asks, text=text)
        return self._journal.commit(body, key, owner=str(sender)).seq

    def reply(self, seat: Seat, proposal: int, turn: int, reply: Reply, *, key: str = "") -> None:
        """Accept or refuse a proposal of another seat, or withdraw one's own.

        Raises
        ------
        papertiger.wargame.log.state.GameError
            If it is not this seat's to answer, is answered already, or has lapsed.
        """
        body = records.Replied(seat=str(seat), proposal=proposal, turn=turn, reply=reply)
        self._journal.commit(body, key, owner=str(seat))

    def mark_read(self, seat: Seat, other: str, until: int, *, key: str = "") -> None:
        """Note that a seat has read what it wrote with another one, up to a record."""
        self._journal.commit(records.Seen(seat=str(seat), other=other, until=until), key, owner=str(seat))

    def publish(self, seat: Seat, turn: int, text: str, *, key: str = "") -> None:
        """Publish a seat's line of the turn, for everybody to read.

        Raises
        ------
        papertiger.wargame.log.state.GameError
            If the seat has published one in this turn already.
        """
        self._journal.commit(records.Published(seat=str(seat), turn=turn, text=text), key, owner=str(seat))

    def take_off(self, seat: Seat, turn: int, *, key: str = "") -> None:
        """Take a seat's line off the wall; the facilitator's to do."""
        self._journal.commit(records.Unpublished(seat=str(seat), turn=turn), key)
