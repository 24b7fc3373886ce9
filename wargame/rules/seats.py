"""Name the seats of a game: who can sit there, and by which name the log knows them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from papertiger.wargame.rules.refusals import RefusalError, refusal, unknown

if TYPE_CHECKING:
    from collections.abc import Iterable

    from papertiger.scenarios.schema.game import Game, SeatBrief

PATRON, CLIENT, RIVAL, ADVERSARY, FACILITATOR, OBSERVER = (
    "patron",
    "client",
    "rival",
    "adversary",
    "facilitator",
    "observer",
)
NAMED = (CLIENT, RIVAL, ADVERSARY)
KINDS = (PATRON, *NAMED, FACILITATOR, OBSERVER)


class SeatError(RefusalError):
    """A seat that a game does not offer."""


@dataclass(frozen=True, order=True)
class Seat:
    """One seat: the patron, a client, a rival, an adversary, the facilitator (the white cell) or an observer.

    Each named adversary is a seat of its own, since the powers that threaten a network need not be friends.

    Attributes
    ----------
    kind
        One of ``KINDS``.
    name
        Of the client, the rival or the adversary; blank for the others.
    """

    kind: str
    name: str = ""

    def __str__(self) -> str:
        """Return the seat's name in the log, such as ``client:NAME``."""
        return f"{self.kind}:{self.name}" if self.name else self.kind

    @property
    def decides(self) -> bool:
        """Whether the seat gives orders about the model's actors."""
        return self.kind in (PATRON, *NAMED)


THE_PATRON = Seat(PATRON)
THE_FACILITATOR = Seat(FACILITATOR)
THE_OBSERVER = Seat(OBSERVER)


def parse(text: str) -> Seat:
    """Return the seat of a name in the log.

    Raises
    ------
    SeatError
        If it is no such name.
    """
    kind, _, name = text.partition(":")
    if kind not in KINDS or bool(name) != (kind in NAMED):
        raise SeatError(refusal("no.seat.name", given=text, kinds=KINDS))
    return Seat(kind, name)


def offered(game: Game) -> tuple[Seat, ...]:
    """Return the seats that decide in a game, in the order of its file."""
    seats = [THE_PATRON] if game.seats.patron is not None else []
    seats += [Seat(CLIENT, name) for name in game.seats.clients]
    seats += [Seat(RIVAL, name) for name in game.seats.rivals]
    seats += [Seat(ADVERSARY, name) for name in game.seats.adversaries]
    return tuple(seats)


def everybody(game: Game) -> tuple[Seat, ...]:
    """Return all seats of a game: those that decide, the facilitator and the observers."""
    return (*offered(game), THE_FACILITATOR, THE_OBSERVER)


def brief_of(game: Game, seat: Seat) -> SeatBrief | None:
    """Return what a seat is told and asked to reach; ``None`` for a seat without orders of its own."""
    match seat.kind:
        case "patron":
            return game.seats.patron
        case "client":
            return game.seats.clients.get(seat.name)
        case "rival":
            return game.seats.rivals.get(seat.name)
        case "adversary":
            return game.seats.adversaries.get(seat.name)
        case _:
            return None


def known(seat: Seat, seats: Iterable[Seat]) -> Seat:
    """Return the seat if it is one of some seats.

    Raises
    ------
    SeatError
        Naming the nearest one.
    """
    names = {str(one): one for one in seats}
    if str(seat) not in names:
        raise SeatError(unknown("seat", str(seat), names))
    return seat
