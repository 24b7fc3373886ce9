"""Take the chosen postures in the compiled month, and what follows from them at once."""

from __future__ import annotations

from papertiger.model.decisions import FREE
from papertiger.model.ensemble.kernel.crises import decides
from papertiger.model.ensemble.kernel.own_beliefs import feel_threatened
from papertiger.model.ensemble.kernel.state import (
    COVERT_DECISION,
    WITHDRAW_DECISION,
    Fixed,
    Key,
    Moving,
    draw,
    given,
)
from papertiger.model.ensemble.tables import NO_OUTLOOK
from papertiger.model.randomness import COVERT_DISCOVERY, COVERT_START, OFFER_WITHDRAWAL
from papertiger.model.rules.choice import HEDGING, REALIGNED
from papertiger.model.rules.options import is_rejected
from papertiger.model.rules.succession import covert_chance
from papertiger.model.setting import NOBODY


def move(fixed: Fixed, moving: Moving, key: Key, month: int) -> None:
    """Let every client take the posture it chose, and rivals answer those that turned them down."""
    constants = fixed.constants[0]
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
        if client.reviewed != 0 and is_rejected(before, client.posture):
            for rival in range(moving.offers.shape[1]):
                if moving.open_offers[i, rival] > 0.0:
                    answer_rejection(fixed, moving, key, month, i, rival)


def answer_rejection(fixed: Fixed, moving: Moving, key: Key, month: int, i: int, rival: int) -> None:
    """Decide whether a rival withdraws an offer that a client turned down; in replay history says it."""
    if fixed.generative[month] == 0:
        return
    chance = fixed.constants[0].offer_withdrawal
    if decides(fixed, key, month, i, rival, WITHDRAW_DECISION, OFFER_WITHDRAWAL, chance):
        moving.offers[i, rival] = max(0.0, moving.offers[i, rival] - moving.open_offers[i, rival])


def hedge_covertly(fixed: Fixed, moving: Moving, key: Key, month: int, i: int) -> None:
    """Let a client start, deepen or lose covert hedging; secret contacts live on the rung of hedging.

    A sub-state's live on the one below, too: in public it has hardly another.
    """
    constants, client, actor = fixed.constants[0], moving.clients[i], fixed.clients[i].key
    if client.posture > HEDGING or (client.posture < HEDGING and fixed.clients[i].sub_state == 0):
        client.covert_rival = NOBODY
        return
    covert = given(fixed, month, i, COVERT_DECISION)
    if covert != FREE:
        client.covert_rival = covert - 1
    if client.covert_rival == NOBODY:
        if covert == FREE and client.reviewed != 0 and client.best_rival != NOBODY:
            chance = covert_chance(constants.covert_start, constants.covert_health, client.health_reports)
            if draw(key, month, actor, COVERT_START) < chance:
                client.covert_rival = client.best_rival
        return
    moving.offers[i, client.covert_rival] += constants.covert_growth
    if draw(key, month, actor, COVERT_DISCOVERY) < constants.covert_discovery:
        client.covert_rival = NOBODY
        feel_threatened(moving, i, constants.covert_threat * constants.claim_threat)
        client.trust_bad += constants.covert_trust_cost
