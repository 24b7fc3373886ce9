"""Show a client what it knows of itself."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from papertiger.scenarios.schema.values import POSTURES
from papertiger.wargame.rules.objections import reachable
from papertiger.wargame.views.causes import MAX_CAUSES, Cause, why_moved
from papertiger.wargame.views.options import (
    RULES,
    Outside,
    Rung,
    crisis_chance,
    outside_of,
    rungs_of,
)

if TYPE_CHECKING:
    from papertiger.wargame.views.snapshot import Snapshot


@dataclass(frozen=True)
class Tie:
    """What one holder has of a client's arms and economy, and how that moved in the last turn; blank: all others."""

    holder: str
    arms: float
    economy: float
    arms_change: float
    economy_change: float


@dataclass(frozen=True)
class ClientDesk:
    """What a client knows of itself."""

    client: str
    posture: str
    reachable: tuple[str, ...]
    part_of_patron: bool
    """Whether it is part of the patron's own state, which cannot leave and may talk to others in secret at once."""
    capability: float
    resolve: float
    protection: float
    threat: float
    patron_threat: float
    dependence: float
    ties: tuple[Tie, ...]
    """The patron's, each rival's, and what all others have."""
    fear: float
    crisis_chance: float
    contacts: str
    found_out: bool
    successor: bool
    """Whether the regime falls this month, as everyone reads: then the desk is the successor's."""
    outside: tuple[Outside, ...]
    rungs: tuple[Rung, ...]
    beliefs: tuple[tuple[float, float, float], ...]
    """Capability, resolve and protection at the beginning of play and after each month."""
    why: tuple[Cause, ...]
    """Why its beliefs moved in the last turn."""


def client_desk(snapshot: Snapshot, name: str) -> ClientDesk:
    """Return what a client knows of itself."""
    setting, now = snapshot.setting, snapshot.now
    i = [client.name for client in setting.clients].index(name)
    client, fresh = now.clients[i], snapshot.fresh.get(i)
    outlook = snapshot.outlooks[i] if fresh is None else fresh.outlook
    offers = client.offers if fresh is None else fresh.offers
    constants = setting.constants
    return ClientDesk(
        client=name,
        posture=POSTURES[client.posture],
        reachable=tuple(POSTURES[rung] for rung in reachable(i, client.posture, setting, free=fresh is not None)),
        part_of_patron=setting.clients[i].sub_state,
        capability=client.capability,
        resolve=client.resolve,
        protection=client.protection,
        threat=RULES.adversary_threat(outlook.threat, client.attack_level),
        patron_threat=RULES.patron_threat(client.claim_level),
        dependence=client.dependence,
        ties=_ties(snapshot, i),
        fear=RULES.retaliation_fear(
            constants.retaliation_fear, outlook.exposure, client.capability, now.burden, constants.fear_distraction
        ),
        crisis_chance=crisis_chance(client, outlook, setting, snapshot.game.schedule.per_turn),
        contacts=setting.rivals[client.covert_rival] if client.covert_rival >= 0 else "",
        found_out=any(row[i].found_out for row in snapshot.last_seen),
        successor=fresh is not None,
        outside=outside_of(client, outlook, offers, setting),
        rungs=rungs_of(i, now, outlook, setting, fresh),
        beliefs=tuple(
            (month.clients[i].capability, month.clients[i].resolve, month.clients[i].protection)
            for month in (snapshot.replay.start, *snapshot.replay.months)
        ),
        why=why_moved(snapshot, i, snapshot.line.resolved, MAX_CAUSES) if snapshot.line.resolved else (),
    )


def _ties(snapshot: Snapshot, i: int) -> tuple[Tie, ...]:
    """Return a client's ties, with what moved since the beginning of the last turn."""
    months = (snapshot.replay.start, *snapshot.replay.months)
    now = months[-1].clients[i]
    before = months[max(0, len(months) - 1 - snapshot.game.schedule.per_turn)].clients[i]
    holders = (snapshot.replay.scenario.patron.name, *snapshot.setting.rivals, "")
    return tuple(
        Tie(holder, arms, economy, arms - arms_before, economy - economy_before)
        for holder, arms, economy, arms_before, economy_before in zip(
            holders, now.arms_ties, now.economy_ties, before.arms_ties, before.economy_ties, strict=True
        )
    )
