"""Show an adversary those whom it threatens."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from papertiger.wargame.views.options import (
    RULES,
    crisis_chance,
)

if TYPE_CHECKING:
    from papertiger.wargame.views.snapshot import Snapshot


@dataclass(frozen=True)
class Pressed:
    """What an adversary knows of a client that it threatens."""

    client: str
    threat: float
    crisis_chance: float
    air_defence: bool
    clash: float


@dataclass(frozen=True)
class AdversaryDesk:
    """What an adversary knows of those it threatens."""

    adversary: str
    clients: tuple[Pressed, ...]


def adversary_desk(snapshot: Snapshot, name: str) -> AdversaryDesk:
    """Return what an adversary knows of those it threatens."""
    setting, targets = snapshot.setting, []
    for own, client, outlook in zip(setting.clients, snapshot.now.clients, snapshot.outlooks, strict=True):
        if client.present and own.adversary == name:
            targets.append(
                Pressed(
                    client=own.name,
                    threat=RULES.adversary_threat(outlook.threat, client.attack_level),
                    crisis_chance=crisis_chance(client, outlook, setting, snapshot.game.schedule.per_turn),
                    air_defence=own.supplied_air_defence,
                    clash=own.clash,
                )
            )
    return AdversaryDesk(name, tuple(targets))
