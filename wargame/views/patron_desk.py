"""Show the patron its means and what it can do."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from papertiger.wargame.views.options import (
    Patronage,
    patronage_of,
)

if TYPE_CHECKING:
    from papertiger.wargame.views.snapshot import Snapshot


@dataclass(frozen=True)
class PatronDesk:
    """What the patron knows of itself and of what it can do."""

    budget: float
    burden: float
    lost_assets: float
    clients: tuple[Patronage, ...]
    found_out: tuple[str, ...]
    """Clients whose contacts under cover were found out in the last turn."""


def patron_desk(snapshot: Snapshot) -> PatronDesk:
    """Return what the patron knows."""
    now = snapshot.now
    clients = [
        client.name
        for i, client in enumerate(snapshot.setting.clients)
        if any(row[i].found_out for row in snapshot.last_seen)
    ]
    return PatronDesk(
        budget=now.budget,
        burden=now.burden,
        lost_assets=now.lost_assets,
        clients=patronage_of(now, snapshot.outlooks, snapshot.setting, now.index + 1),
        found_out=tuple(clients),
    )
