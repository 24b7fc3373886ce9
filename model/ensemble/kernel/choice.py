"""Step 6 of the compiled month: choices, and what follows from them at once."""

from __future__ import annotations

from typing import Any

from papertiger.model.decisions import FREE
from papertiger.model.ensemble.kernel.crises import rival_decides
from papertiger.model.ensemble.kernel.state import (
    COVERT_DECISION,
    POSTURE_DECISION,
    WITHDRAW_DECISION,
    Fixed,
    Key,
    Moving,
    client_protection,
    draw,
    draw_for_all,
    given_decision,
)
from papertiger.model.ensemble.tables import NO_OUTLOOK
from papertiger.model.randomness import CHOICE, COVERT_DISCOVERY, COVERT_START, OFFER_WITHDRAWAL, REVIEW
from papertiger.model.rules.beliefs import belief_mean
from papertiger.model.rules.choice import (
    HEDGING,
    LOYAL,
    REALIGNED,
    SUSPENDED,
    anchor,
    commitment,
    last_posture,
    logit_weight,
    retaliation_fear,
    utility,
)
from papertiger.model.rules.options import is_rejected, offered_economy, offered_protection, option_value
from papertiger.model.rules.threat import adversary_threat, patron_threat
from papertiger.model.setting import NOBODY


def take_bearings(fixed: Fixed, moving: Moving, i: int, war_burden: float) -> None:
    """Work out a client's best outside option and its fear of retaliation from the present state."""
    constants, client = fixed.constants[0], moving.clients[i]
    outlook = fixed.outlooks[client.outlook]
    threat = adversary_threat(outlook.threat, client.attack_level)
    bound = commitment(client.posture)
    client.outside_option = 0.0
    client.best_rival = NOBODY
    client.best_economy = 0.0
    for rival in range(moving.offers.shape[1]):
        offers = moving.offers[i, rival]
        protects = offered_protection(fixed.base_protection[client.outlook, rival], offers, constants.lock_in, bound)
        pays = offered_economy(fixed.base_economy[client.outlook, rival], offers, constants.lock_in, bound)
        value = option_value(threat, protects, constants.economy_weight, pays)
        if value > client.outside_option:
            client.outside_option = value
            client.best_rival = rival
            client.best_economy = pays
    capability = belief_mean(client.capability_good, client.capability_bad)
    client.fear = retaliation_fear(constants.retaliation_fear, outlook.exposure, capability, war_burden)


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


def review(fixed: Fixed, moving: Moving, key: Key, month: int) -> None:
    """Let every client that has a reason review its posture; others still stand where they stood."""
    constants, patron = fixed.constants[0], moving.patron[0]
    draw_for_all(fixed, moving, key, month, REVIEW)
    for i in range(fixed.clients.shape[0]):
        client, own = moving.clients[i], fixed.clients[i]
        client.next_posture = client.posture
        if client.present == 0:
            continue
        given = given_decision(fixed, month, i, POSTURE_DECISION)
        if given != FREE:
            client.reviewed = 1
            client.next_posture = given
            take_bearings(fixed, moving, i, patron.burden)
        elif client.new_outlook != NO_OUTLOOK:
            client.reviewed = 1
            look(fixed, moving, i)
            client.next_posture = pick(
                fixed, moving, key, month, i, LOYAL, HEDGING if own.sub_state != 0 else REALIGNED, True
            )
        elif client.triggered != 0 or moving.luck[i] < constants.review_rate:
            client.reviewed = 1
            look(fixed, moving, i)
            last = last_posture(
                client.posture, own.sub_state != 0, own.defence_pact != 0, constants.ladder_needs_pact >= 0.5
            )
            client.next_posture = pick(
                fixed,
                moving,
                key,
                month,
                i,
                max(LOYAL, client.posture - 1),
                min(last, client.posture + 1),
                False,
            )


def look(fixed: Fixed, moving: Moving, i: int) -> None:
    """Take bearings, and look at peers where that matters."""
    take_bearings(fixed, moving, i, moving.patron[0].burden)
    moving.clients[i].peers = 0.0
    if fixed.constants[0].contagion != 0.0:
        moving.clients[i].peers = defected_peers(fixed, moving, i)


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


def weigh_postures(fixed: Fixed, moving: Moving, i: int, first: int, last: int, free: bool, weights: Any) -> float:
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
    constants, patron, client = fixed.constants[0], moving.patron[0], moving.clients[i]
    outlook = fixed.outlooks[client.outlook]
    threat = adversary_threat(outlook.threat, client.attack_level)
    from_patron = patron_threat(client.claim_level)
    believed = client_protection(moving, i)
    best = 0.0
    for target in range(first, last + 1):
        weights[target] = utility(
            target,
            client.posture,
            commitment(target),
            threat,
            believed,
            outlook.dependence,
            client.anchor,
            client.outside_option,
            client.best_economy,
            from_patron,
            client.fear,
            patron.burden,
            client.peers,
            constants.economy_weight,
            constants.autonomy_price,
            constants.patron_threat_weight,
            constants.standing_cost,
            constants.contagion,
            0.0 if free else constants.switching_cost,
            0.0 if free else constants.realignment_cost,
        )
        if target == first or weights[target] > best:
            best = weights[target]
    total = 0.0
    for target in range(first, last + 1):
        weights[target] = logit_weight(weights[target], best, constants.choice_noise)
        total += weights[target]
    return total


def move(fixed: Fixed, moving: Moving, key: Key, month: int) -> None:
    """Let every client take the posture it chose, and rivals answer those that turned them down."""
    constants = fixed.constants[0]
    generative = fixed.generative[month] != 0
    for i in range(fixed.clients.shape[0]):
        client = moving.clients[i]
        if client.present == 0:
            continue
        before = client.posture
        client.posture = client.next_posture
        if client.posture != before and client.new_outlook == NO_OUTLOOK:
            if client.posture > before:
                client.trust_bad += constants.step_trust_cost
            else:
                client.trust_good += constants.step_trust_cost
        if client.posture != REALIGNED:
            client.destination = NOBODY
        elif before != REALIGNED or client.new_outlook != NO_OUTLOOK:
            client.destination = client.best_rival
        hedge_covertly(fixed, moving, key, month, i)
        if client.reviewed != 0 and generative and is_rejected(before, client.posture):
            for rival in range(moving.offers.shape[1]):
                amount = moving.open_offers[i, rival]
                if amount > 0.0 and rival_decides(
                    fixed, key, month, i, rival, WITHDRAW_DECISION, OFFER_WITHDRAWAL, constants.offer_withdrawal
                ):
                    moving.offers[i, rival] = max(0.0, moving.offers[i, rival] - amount)


def hedge_covertly(fixed: Fixed, moving: Moving, key: Key, month: int, i: int) -> None:
    """Let a client start, deepen or lose covert hedging."""
    constants, client, actor = fixed.constants[0], moving.clients[i], fixed.clients[i].key
    if client.posture != HEDGING:
        client.covert_rival = NOBODY
        return
    given = given_decision(fixed, month, i, COVERT_DECISION)
    if given != FREE:
        client.covert_rival = given - 1
    if client.covert_rival == NOBODY:
        if given == FREE and client.reviewed != 0 and client.best_rival != NOBODY:
            if draw(key, month, actor, COVERT_START) < constants.covert_start:
                client.covert_rival = client.best_rival
        return
    moving.offers[i, client.covert_rival] += constants.covert_growth
    if draw(key, month, actor, COVERT_DISCOVERY) < constants.covert_discovery:
        client.covert_rival = NOBODY
        client.claim_level += constants.claim_threat
        client.trust_bad += constants.covert_trust_cost


def set_anchors(fixed: Fixed, moving: Moving) -> None:
    """Put every client in balance at its first posture, before the first month."""
    constants = fixed.constants[0]
    for i in range(fixed.clients.shape[0]):
        client = moving.clients[i]
        outlook = fixed.outlooks[client.outlook]
        take_bearings(fixed, moving, i, 0.0)
        client.anchor = anchor(
            commitment(client.posture),
            constants.autonomy_price,
            client.fear,
            adversary_threat(outlook.threat, client.attack_level),
            client_protection(moving, i),
            constants.economy_weight,
            outlook.dependence,
            client.outside_option,
        )
