"""Tell a group of a class where the others parted from it: with the same luck, every difference is a decision."""

from __future__ import annotations

from typing import TYPE_CHECKING

from papertiger.scenarios.schema.values import POSTURES
from papertiger.wargame.rules import seats
from papertiger.wargame.views.debrief_facts import Sentence, sentence
from papertiger.wargame.views.parallel import INJECT, ORDER, first_difference, played_together

if TYPE_CHECKING:
    from papertiger.wargame.session import Session


def beside(session: Session, other: Session | None, number: int) -> Sentence:
    """Say where another group parted first, and where a client stands otherwise for that.

    Parameters
    ----------
    session
        Whose debrief it is.
    other
        The other group's game; blank while its own debrief has not come so far, since its secrets come first.
    number
        Of the other group.
    """
    if other is None:
        return sentence("group_waits", group=number)
    parted = first_difference(session, other)
    if parted is None:
        return sentence("group_same", group=number, turns=played_together((session, other)))
    if parted.kind != ORDER:
        return sentence("group_inject" if parted.kind == INJECT else "group_luck", group=number, turn=parted.turn)
    said = {"group": number, "turn": parted.turn, "seat": parted.seat, "here": parted.one, "there": parted.other}
    end = _end(session, other)
    if end is None:
        return sentence("group_alike", **said)
    client, here, there = end
    return sentence("group_parted", **said, client=client, after=here, would=there)


def _end(session: Session, other: Session) -> tuple[str, str, str] | None:
    """Return the first client with a seat that stands elsewhere after the last turn that both have played."""
    turn = played_together((session, other))
    snapshots = session.snapshot(), other.snapshot()
    here, there = (snapshot.turn_months(turn)[-1] for snapshot in snapshots)
    names = [own.name for own in snapshots[0].setting.clients]
    for seat in session.game.seats:
        if seat.kind == seats.CLIENT:
            place = names.index(seat.name)
            mine, theirs = here.clients[place].posture, there.clients[place].posture
            if mine != theirs:
                return seat.name, POSTURES[mine], POSTURES[theirs]
    return None
