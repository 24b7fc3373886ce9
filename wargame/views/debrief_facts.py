"""Hold what the debrief is made of: a sentence as facts, a turning point, and all that is known about one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from papertiger.scenarios.schema.values import POSTURES
from papertiger.wargame.rules import seats
from papertiger.wargame.rules.orders import Attention

if TYPE_CHECKING:
    from papertiger.wargame.engine.months import ClientMonth
    from papertiger.wargame.log.branch import SubmittedSheet
    from papertiger.wargame.rules.orders import Order
    from papertiger.wargame.session import Session
    from papertiger.wargame.views.snapshot import Snapshot


@dataclass(frozen=True)
class Sentence:
    """One sentence of the debrief.

    Attributes
    ----------
    name
        Of its text in the catalogues.
    values
        The facts that stand in it, by placeholder.
    """

    name: str
    values: tuple[tuple[str, object], ...] = ()


def sentence(name: str, /, **values: object) -> Sentence:
    """Return a sentence with its facts."""
    return Sentence(name, tuple(values.items()))


@dataclass(frozen=True)
class TurningPoint:
    """A turn in which a client moved; where nobody did, one in which a client changed its mind."""

    turn: int
    client: str
    before: str
    after: str

    @property
    def rungs(self) -> int:
        """By how many rungs, away from the patron if positive."""
        return POSTURES.index(self.after) - POSTURES.index(self.before)


@dataclass(frozen=True)
class Scene:
    """A turning point, and the game in which it came."""

    session: Session
    snapshot: Snapshot
    point: TurningPoint

    @property
    def place(self) -> int:
        """Index of the client."""
        return [own.name for own in self.snapshot.setting.clients].index(self.point.client)

    @property
    def before(self) -> ClientMonth:
        """The client as the turn began."""
        return self.snapshot.before(self.point.turn).clients[self.place]

    @property
    def after(self) -> ClientMonth:
        """The client as the turn ended."""
        return self.snapshot.turn_months(self.point.turn)[-1].clients[self.place]

    @property
    def own_seat(self) -> seats.Seat | None:
        """The client's seat, if the game offers one."""
        seat = seats.Seat(seats.CLIENT, self.point.client)
        return seat if seat in self.snapshot.game.seats else None

    @property
    def involved(self) -> tuple[seats.Seat, ...]:
        """The seats whose orders may touch the client: its own, the patron's, its adversary's, the rivals'."""
        adversary = self.snapshot.setting.clients[self.place].adversary
        foe = seats.Seat(seats.ADVERSARY, adversary) if adversary else None
        wanted = (self.own_seat, seats.THE_PATRON, foe)
        offered = self.snapshot.game.seats
        rivals = [seat for seat in offered if seat.kind == seats.RIVAL]
        return (*(seat for seat in wanted if seat is not None and seat in offered), *rivals)

    def given(self, seat: seats.Seat) -> SubmittedSheet | None:
        """Return what a seat gave in the turn."""
        return self.snapshot.line.sheets.get((self.point.turn, str(seat)))

    def orders(self, seat: seats.Seat) -> tuple[Order, ...]:
        """Return a seat's orders of the turn that are about the client."""
        given = self.given(seat)
        orders = given.sheet.orders if given is not None else ()
        if seat == self.own_seat:
            return orders
        return tuple(order for order in orders if self._is_about(order))

    def _is_about(self, order: Order) -> bool:
        if isinstance(order, Attention):
            return bool(order.shares.get(self.point.client))
        return getattr(order, "client", "") == self.point.client
