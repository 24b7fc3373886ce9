"""Show a rival its own offers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from papertiger.model.constants import rung_commitments
from papertiger.wargame.views.options import RULES

if TYPE_CHECKING:
    from papertiger.wargame.views.snapshot import Snapshot


@dataclass(frozen=True)
class Courted:
    """What a rival knows of a client."""

    client: str
    offers: float
    openness: float
    raises: float
    """Chance that the rule raises the offer in a month."""
    withdrawn: bool


@dataclass(frozen=True)
class RivalDesk:
    """What a rival knows of its own offers."""

    rival: str
    clients: tuple[Courted, ...]


def rival_desk(snapshot: Snapshot, name: str) -> RivalDesk:
    """Return what a rival knows of its own offers; what contacts under cover added is not among it.

    A covert hedge is decided by the client's order (`papertiger.wargame.rules.orders.Hedge`) or the rule, and its
    growth is part of the offer in the model. A rival is shown `PublicMonth.rival_offers`
    (`papertiger.wargame.views.knowledge`), which is worked out anew without it. Hedging in the open is news to all
    (`Snapshot._open_towards`).
    """
    setting, k = snapshot.setting, snapshot.setting.rivals.index(name)
    last = snapshot.last_seen
    courted = []
    for i, (own, client) in enumerate(zip(setting.clients, snapshot.now.clients, strict=True)):
        if client.present:
            openness = snapshot.outlooks[i].openness[k]
            bound = RULES.commitment(client.posture, rung_commitments(setting.constants))
            courted.append(
                Courted(
                    client=own.name,
                    offers=snapshot.seen[-1][i].rival_offers[k],
                    openness=openness,
                    raises=RULES.offer_hazard(setting.constants.offer_rate, bound, openness),
                    withdrawn=any(row[i].withdrawn[k] for row in last if row[i].withdrawn),
                )
            )
    return RivalDesk(name, tuple(courted))
