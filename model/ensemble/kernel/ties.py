"""Let ties move in the compiled month: where each client buys its arms and does its business."""

from __future__ import annotations

from papertiger.model.ensemble.kernel.state import Fixed, Moving, client_protection
from papertiger.model.rules.choice import dependence
from papertiger.model.rules.options import offered_economy, offered_protection, option_value
from papertiger.model.rules.threat import adversary_threat, patron_threat
from papertiger.model.rules.ties import (
    ARMS,
    ECONOMY,
    PATRON,
    Pull,
    next_tie,
    patron_attraction,
    supply_shortfall,
    tie_weight,
)


def turn_ties(fixed: Fixed, moving: Moving) -> None:
    """Move every client's ties a month towards what draws it, and its dependence with them."""
    constants = fixed.constants[0]
    shortfall = supply_shortfall(constants.supply_burden, moving.patron[0].burden)
    for i in range(fixed.clients.shape[0]):
        client = moving.clients[i]
        if client.present == 0:
            continue
        attract(fixed, moving, i, moving.patron[0].pressure, client.procurement_level)
        turn(fixed, moving, i, ARMS, constants.arms_tie_rate, shortfall)
        if constants.procurement_lasting > 0.0:
            attract(fixed, moving, i, moving.patron[0].pressure, client.claim_level)
        turn(fixed, moving, i, ECONOMY, constants.economy_tie_rate, 0.0)
        client.dependence = dependence(
            moving.ties[i, ARMS, PATRON], moving.ties[i, ECONOMY, PATRON], constants.arms_weight
        )


def attract(fixed: Fixed, moving: Moving, i: int, pressure: float, claims: float) -> None:
    """Write what draws a client to the patron and to each rival, whatever its posture is.

    Parameters
    ----------
    fixed, moving, i
        Tables, the state, and the client.
    pressure
        On whoever stands with the patron.
    claims
        Level of the patron's claims and coercion that counts for the ties in question.
    """
    constants, client = fixed.constants[0], moving.clients[i]
    threat = adversary_threat(fixed.outlooks[client.outlook].threat, client.attack_level)
    best = 0.0
    economy = 0.0
    for rival in range(moving.offers.shape[1]):
        offers = moving.offers[i, rival]
        protects = offered_protection(
            fixed.base_protection[client.outlook, rival], offers, constants.offer_protection, constants.lock_in, 1.0
        )
        pays = offered_economy(fixed.base_economy[client.outlook, rival], offers, constants.lock_in, 1.0)
        value = option_value(threat, protects, constants.economy_weight, pays)
        moving.attraction[1 + rival] = value
        if value > best:
            best = value
            economy = pays
    moving.attraction[PATRON] = patron_attraction(
        Pull(threat, client_protection(moving, i), patron_threat(claims), pressure, economy),
        constants.patron_threat_weight,
        constants.standing_cost,
    )


def turn(fixed: Fixed, moving: Moving, i: int, kind: int, rate: float, shortfall: float) -> None:
    """Move a client's shares of one kind of tie a month towards their target."""
    noise, outlook = fixed.constants[0].tie_noise, moving.clients[i].outlook
    others = moving.attraction.shape[0]
    total = 0.0
    for holder in range(others):
        change = moving.attraction[holder] - moving.first_attraction[i, holder]
        if holder == PATRON:
            change = change - shortfall
        moving.pulls[holder] = tie_weight(fixed.base_ties[outlook, kind, holder], change, noise)
        total += moving.pulls[holder]
    moving.pulls[others] = fixed.base_ties[outlook, kind, others]
    total += moving.pulls[others]
    for holder in range(others + 1):
        moving.ties[i, kind, holder] = next_tie(moving.ties[i, kind, holder], moving.pulls[holder] / total, rate)


def set_first_attractions(fixed: Fixed, moving: Moving) -> None:
    """Note what draws every client at its entry, before any event or war."""
    for i in range(fixed.clients.shape[0]):
        attract(fixed, moving, i, 0.0, 0.0)
        for holder in range(moving.attraction.shape[0]):
            moving.first_attraction[i, holder] = moving.attraction[holder]
