"""Say on a desk what just happened to the seat, how it stands, and what it can be asked to expect."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from papertiger.scenarios.schema.values import POSTURES
from papertiger.wargame.rules import seats
from papertiger.wargame.server.pages.forms import EXPECTATIONS, asked
from papertiger.wargame.views.client_desk import ClientDesk
from papertiger.wargame.views.news import CRISES
from papertiger.wargame.views.order_cards import MAX_CARDS, in_play

if TYPE_CHECKING:
    from collections.abc import Mapping

    from papertiger.model.setting import Setting
    from papertiger.wargame.views.news import NewsItem
    from papertiger.wargame.views.seats import SeatView

MOVED = 0.005
"""What moves less is said to stand still."""

STEPS = 5
SHARES = (10, 25, 50)
MAX_HAPPENED = 6


@dataclass(frozen=True)
class Level:
    """How much there is of something, from 1 to 5, and whether it rose (1) or fell (-1) in the last turn."""

    says: str
    step: int
    moved: int = 0


def levels_of(view: SeatView) -> tuple[Level, ...]:
    """Return how a seat stands, in steps: the figures behind them are for whoever asks for the numbers."""
    before = -1 - len(view.last.months) if view.last is not None else -1
    if isinstance(view.desk, ClientDesk):
        desk, beliefs = view.desk, view.desk.beliefs
        then = beliefs[max(before, -len(beliefs))]
        ties, trade = desk.ties[0], desk.ties[0].economy_change
        return (
            Level("capability", _step(desk.capability), _sign(desk.capability - then[0])),
            Level("resolve", _step(desk.resolve), _sign(desk.resolve - then[1])),
            Level("protection", _step(desk.protection), _sign(desk.protection - then[2])),
            Level("threat", _step(desk.threat)),
            Level("patron_threat", _step(desk.patron_threat)),
            Level("ties", _step((ties.arms + ties.economy) / 2), _sign((ties.arms_change + trade) / 2)),
        )
    path = view.public.credibility
    return (
        Level("credibility", _step(path[-1]), _sign(path[-1] - path[max(before, -len(path))])),
        Level("budget", _step(view.public.budget)),
        Level("burden", _step(view.public.burden)),
    )


def _step(value: float) -> int:
    return min(STEPS, max(1, 1 + int(value * STEPS)))


def _sign(change: float) -> int:
    return 0 if abs(change) < MOVED else 1 if change > 0.0 else -1


def happened_of(view: SeatView) -> tuple[tuple[NewsItem, ...], tuple[NewsItem, ...]]:
    """Return the news of the last turn: first what happened to the seat, then the rest."""
    if view.last is None:
        return (), ()
    seat = seats.parse(view.seat)
    news = [item for item in view.public.news if item.month in view.last.months]
    own = [item for item in news if item.client in near(view) or seat.name in (item.client, item.rival)]
    return tuple(own[:MAX_HAPPENED]), tuple(item for item in news if item not in own[:MAX_HAPPENED])


def rule_moved(view: SeatView) -> tuple[str, str] | None:
    """Return from where to where the rules moved a client in the last turn that left its posture open."""
    if view.last is None or not isinstance(view.desk, ClientDesk) or "posture" not in view.last.left_to_rule:
        return None
    path = next(one.path for one in view.public.clients if one.client == seats.parse(view.seat).name)
    before, after = path[-1 - len(view.last.months)], path[-1]
    return (before, after) if before != after else None


def near(view: SeatView) -> set[str]:
    """Return the clients whose news comes first: a client's own, and for the other powers those in play."""
    seat = seats.parse(view.seat)
    return {seat.name} if seat.kind == seats.CLIENT else set(in_play(view)[:MAX_CARDS])


def can_break(setting: Setting) -> bool:
    """Tell whether clients can break away from where they stand, or come back, over several rungs."""
    return setting.constants.break_away > 0.0 or setting.constants.break_toward > 0.0


@dataclass(frozen=True)
class Reach:
    """Say on which rungs a client can stand at the end of a turn, as far as everyone knows.

    Where a team leaves its posture open, and where nobody sits, the rules may move it one rung a month. A new
    government chooses among all rungs, and so does who can break away.

    Attributes
    ----------
    view
        Of a seat.
    jumps
        Whether clients can break away.
    """

    view: SeatView
    jumps: bool = False

    def of(self, client: str, turn: int) -> tuple[int, int]:
        """Return the nearest and the farthest rung at the end of a turn."""
        standing = next(one for one in self.view.public.clients if one.client == client)
        falls = any(one.kind == "regime_loss" and client in one.clients for one in self.view.public.coming)
        rung, months = POSTURES.index(standing.posture), len(self.view.turn_months) * (turn - self.view.turn + 1)
        if self.jumps or falls:
            return 0, len(POSTURES) - 1
        return max(0, rung - months), min(len(POSTURES) - 1, rung + months)

    def is_open(self, client: str, posture: str, turn: int) -> bool:
        """Tell whether nobody can know yet on which side of a posture a client will stand."""
        nearest, farthest = self.of(client, turn)
        return nearest < POSTURES.index(posture) <= farthest

    def shares(self, turn: int) -> tuple[float, float]:
        """Return the smallest and the largest share of clients that can have defected at the end of a turn."""
        there = [one.client for one in self.view.public.clients if one.in_network]
        gone = POSTURES.index("suspended")
        ends = [self.of(client, turn) for client in there]
        sure, may = sum(low >= gone for low, _ in ends), sum(high >= gone for _, high in ends)
        return sure / max(1, len(there)), may / max(1, len(there))


def asks_of(
    view: SeatView, fields: Mapping[str, str], *, jumps: bool = False
) -> dict[int, tuple[tuple[str, dict[str, object]], ...]]:
    """Return what a team can be asked to expect, for each of its forecasts: a value of the form, and the question.

    A question that was asked before and is none of these, as of an earlier turn, is among them. Whether there is a
    crisis is no question where everyone reads of it; nor is a posture that a client cannot reach, or not leave.

    Parameters
    ----------
    view, fields
        The seat's, and what its form holds.
    jumps
        Whether clients can break away, to any rung.
    """
    now, last = view.turn, view.turns
    clients = in_play(view)[:MAX_CARDS] or [client.client for client in view.public.clients][:1]
    known_of = {client for item in view.public.coming if item.kind in CRISES for client in item.clients}
    chosen = {fields.get(f"ask{number}", "") for number in EXPECTATIONS}
    crises: list[dict[str, object]] = [{"ask": "crisis", "client": client, "turn": now} for client in clients]
    offered = [said for said in crises if said["client"] not in known_of or asked(said) in chosen]
    reach = Reach(view, jumps)
    for turn in dict.fromkeys((now, last)):
        for posture in ("distancing", "suspended"):
            offered += [
                {"ask": "posture_beyond", "client": client, "posture": posture, "turn": turn}
                for client in clients
                if reach.is_open(client, posture, turn)
            ]
    least, most = reach.shares(last)
    shares = [share / 100 for share in SHARES if least < share / 100 <= most]
    offered += [{"ask": "defected_share", "share": share, "turn": last} for share in shares]
    pairs = [(asked(said), said) for said in offered]
    known = {value for value, _ in pairs}
    rows = {}
    for number in EXPECTATIONS:
        value = fields.get(f"ask{number}", "")
        # A second and a third forecast look farther: a page that says everything three times is long.
        some = pairs if number == 1 else [(one, said) for one, said in pairs if said["turn"] == last or one == value]
        rows[number] = (*some, *([(value, {})] if value and value not in known else []))
    return rows
