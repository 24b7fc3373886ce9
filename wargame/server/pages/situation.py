"""Say on a desk what just happened to the seat, how it stands, and what it can be asked to expect."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from papertiger.wargame.rules import seats
from papertiger.wargame.server.pages.forms import EXPECTATIONS, asked
from papertiger.wargame.views.client_desk import ClientDesk
from papertiger.wargame.views.news import CRISES
from papertiger.wargame.views.order_cards import MAX_CARDS, in_play

if TYPE_CHECKING:
    from collections.abc import Mapping

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


def near(view: SeatView) -> set[str]:
    """Return the clients whose news comes first: a client's own, and for the other powers those in play."""
    seat = seats.parse(view.seat)
    return {seat.name} if seat.kind == seats.CLIENT else set(in_play(view)[:MAX_CARDS])


def asks_of(view: SeatView, fields: Mapping[str, str]) -> dict[int, tuple[tuple[str, dict[str, object]], ...]]:
    """Return what a team can be asked to expect, for each of its forecasts: a value of the form, and the question.

    A question that was asked before and is none of these, as of an earlier turn, is among them. Whether there is a
    crisis is no question where everyone reads of it; a posture is one of each client, since each may still come back.
    """
    now, last = view.turn, view.turns
    clients = in_play(view)[:MAX_CARDS] or [client.client for client in view.public.clients][:1]
    known_of = {client for item in view.public.coming if item.kind in CRISES for client in item.clients}
    chosen = {fields.get(f"ask{number}", "") for number in EXPECTATIONS}
    crises: list[dict[str, object]] = [{"ask": "crisis", "client": client, "turn": now} for client in clients]
    offered = [said for said in crises if said["client"] not in known_of or asked(said) in chosen]
    for turn in dict.fromkeys((now, last)):
        for posture in ("distancing", "suspended"):
            offered += [
                {"ask": "posture_beyond", "client": client, "posture": posture, "turn": turn} for client in clients
            ]
    offered += [{"ask": "defected_share", "share": share / 100, "turn": last} for share in SHARES]
    pairs = [(asked(said), said) for said in offered]
    known = {value for value, _ in pairs}
    rows = {}
    for number in EXPECTATIONS:
        value = fields.get(f"ask{number}", "")
        # A second and a third forecast look farther: a page that says everything three times is long.
        some = pairs if number == 1 else [(one, said) for one, said in pairs if said["turn"] == last or one == value]
        rows[number] = (*some, *([(value, {})] if value and value not in known else []))
    return rows
