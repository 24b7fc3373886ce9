"""Choose postures in the compiled month, each from the state before any of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from papertiger.model.constants import rung_commitments, unobserved_scale, utility_weights
from papertiger.model.decisions import FREE
from papertiger.model.ensemble.kernel.bonds import base_option
from papertiger.model.ensemble.kernel.state import (
    POSTURE_DECISION,
    Fixed,
    Key,
    Moving,
    client_protection,
    draw,
    draw_for_all,
    given,
)
from papertiger.model.ensemble.tables import NO_OUTLOOK
from papertiger.model.randomness import CHOICE, REVIEW
from papertiger.model.rules.beliefs import belief_mean
from papertiger.model.rules.choice import (
    HEDGING,
    LOYAL,
    REALIGNED,
    SUSPENDED,
    Position,
    anchor,
    commitment,
    last_posture,
    logit_weight,
    utility,
)
from papertiger.model.rules.fear import retaliation_fear
from papertiger.model.rules.options import offered_economy, offered_protection, option_value
from papertiger.model.rules.threat import adversary_threat, patron_threat
from papertiger.model.setting import NOBODY

if TYPE_CHECKING:
    from papertiger.model.ensemble.records import Rows


def review(fixed: Fixed, moving: Moving, key: Key, month: int) -> None:
    """Let every client that has a reason review its posture; others still stand where they stood."""
    constants = fixed.constants[0]
    draw_for_all(fixed, moving, key, month, REVIEW)
    for i in range(fixed.clients.shape[0]):
        client, own = moving.clients[i], fixed.clients[i]
        client.next_posture = client.posture
        if client.present == 0:
            continue
        posture = given(fixed, month, i, POSTURE_DECISION)
        if posture != FREE:
            client.reviewed = 1
            client.next_posture = posture
            take_bearings(fixed, moving, i, moving.patron[own.patron].burden)
        elif client.new_outlook != NO_OUTLOOK:
            client.reviewed = 1
            look_around(fixed, moving, i)
            last = HEDGING if own.sub_state != 0 else REALIGNED
            client.next_posture = pick(fixed, moving, key, month, i, LOYAL, last, True)
        elif client.triggered != 0 or moving.luck[i] < constants.review_rate:
            client.reviewed = 1
            look_around(fixed, moving, i)
            last = last_posture(client.posture, own.sub_state != 0)
            first = max(LOYAL, client.posture - 1)
            client.next_posture = pick(fixed, moving, key, month, i, first, min(last, client.posture + 1), False)


def look_around(fixed: Fixed, moving: Moving, i: int) -> None:
    """Take a client's bearings, and look at its peers where that matters."""
    take_bearings(fixed, moving, i, moving.patron[fixed.clients[i].patron].burden)
    moving.clients[i].peers = 0.0
    if fixed.constants[0].contagion != 0.0:
        moving.clients[i].peers = defected_peers(fixed, moving, i)


def take_bearings(fixed: Fixed, moving: Moving, i: int, war_burden: float) -> None:
    """Work out a client's best outside option and its fear of retaliation from the present state."""
    constants, client = fixed.constants[0], moving.clients[i]
    outlook = fixed.outlooks[client.outlook]
    threat = adversary_threat(outlook.threat, client.attack_level)
    bound = commitment(client.posture, rung_commitments(constants))
    client.outside_option = 0.0
    client.best_rival = NOBODY
    client.best_economy = 0.0
    for rival in range(moving.offers.shape[1]):
        offers = moving.offers[i, rival]
        base = base_option(fixed, moving, i, rival)
        protects = offered_protection(base.protection, offers, constants.offer_protection, constants.lock_in, bound)
        pays = offered_economy(base.economy, offers, constants.lock_in, bound)
        value = option_value(threat, protects, constants.economy_weight, pays)
        if value > client.outside_option:
            client.outside_option = value
            client.best_rival = rival
            client.best_economy = pays
    client.fear = retaliation_fear(
        constants.retaliation_fear,
        outlook.exposure,
        belief_mean(client.capability_good, client.capability_bad),
        war_burden,
        constants.fear_distraction,
    )


def defected_peers(fixed: Fixed, moving: Moving, i: int) -> float:
    """Return the similarity-weighted share of other clients at suspended or beyond."""
    weight = 0.0
    defected = 0.0
    for k in range(fixed.clients.shape[0]):
        if moving.clients[k].present != 0:
            weight += fixed.similarity[i, k]
            if moving.clients[k].posture >= SUSPENDED:
                defected += fixed.similarity[i, k]
    return defected / weight if weight > 0.0 else 0.0


def pick(fixed: Fixed, moving: Moving, key: Key, month: int, i: int, first: int, last: int, free: bool) -> int:
    """Draw a posture between two rungs by the logit of their utilities."""
    weights = moving.weights
    total = weigh_postures(fixed, moving, i, first, last, free, weights)
    left = draw(key, month, fixed.clients[i].key, CHOICE) * total
    for target in range(first, last + 1):
        left -= weights[target]
        if left < 0.0:
            return target
    return last


def position(fixed: Fixed, moving: Moving, i: int, pressure: float) -> Position:
    """Return how a client stands when it weighs its postures."""
    client = moving.clients[i]
    outlook = fixed.outlooks[client.outlook]
    return Position(
        threat=adversary_threat(outlook.threat, client.attack_level),
        protection=client_protection(moving, i),
        dependence=client.dependence,
        anchor=client.anchor,
        option=client.outside_option,
        option_economy=client.best_economy,
        patron_threat=patron_threat(client.claim_level),
        fear=client.fear,
        pressure=pressure,
        defected_peers=client.peers,
    )


def weigh_postures(
    fixed: Fixed, moving: Moving, i: int, first: int, last: int, free: bool, weights: Rows[float]
) -> float:
    """Write how likely each posture between two rungs is, up to a factor, and return the sum.

    Parameters
    ----------
    fixed, moving
        Tables, and the state before choices.
    i
        The client.
    first, last
        The rungs it may choose among.
    free
        Leave out the costs of moving, as for a successor.
    weights
        Length 5, written from `first` to `last`.
    """
    constants, posture = fixed.constants[0], moving.clients[i].posture
    here = position(fixed, moving, i, moving.patron[fixed.clients[i].patron].pressure)
    costs = utility_weights(constants, free)
    rungs = rung_commitments(constants)
    noise = unobserved_scale(constants, free)
    best = 0.0
    for target in range(first, last + 1):
        weights[target] = utility(target, posture, commitment(target, rungs), here, costs)
        if target == first or weights[target] > best:
            best = weights[target]
    total = 0.0
    for target in range(first, last + 1):
        weights[target] = logit_weight(weights[target], best, noise)
        total += weights[target]
    return total


def set_anchors(fixed: Fixed, moving: Moving) -> None:
    """Put every client in balance at its first posture, before the first month."""
    constants = fixed.constants[0]
    for i in range(fixed.clients.shape[0]):
        client = moving.clients[i]
        take_bearings(fixed, moving, i, 0.0)
        bound = commitment(client.posture, rung_commitments(constants))
        client.anchor = anchor(bound, position(fixed, moving, i, 0.0), utility_weights(constants, False))
