"""The exact chain of a replay: transition probabilities of every client's posture, month by month.

In replay, as long as nothing else depends on postures, beliefs, threats and offers are the same in every run, and
each client's posture is a Markov chain on the ladder. This module runs the deterministic part of the month once and
writes down the chain; it samples nothing.
"""

from __future__ import annotations

from typing import Any

from papertiger.model.ensemble.kernel.beliefs import succeed, weigh_own, weigh_witnessed
from papertiger.model.ensemble.kernel.choice import set_anchors, take_bearings, weigh_postures
from papertiger.model.ensemble.kernel.events import begin_month, let_events_happen
from papertiger.model.ensemble.kernel.state import Fixed, Key, Moving
from papertiger.model.ensemble.tables import NO_OUTLOOK
from papertiger.model.rules.beliefs import belief_mean
from papertiger.model.rules.choice import HEDGING, LOYAL, REALIGNED, last_posture


def transition_row(fixed: Fixed, moving: Moving, i: int, first: int, last: int, free: bool, row: Any) -> None:
    """Write the probabilities of the next posture of a client that reviews, from its present one.

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
    row
        Length 5, written.
    """
    for target in range(row.shape[0]):
        row[target] = 0.0
    total = weigh_postures(fixed, moving, i, first, last, free, row)
    for target in range(first, last + 1):
        row[target] = row[target] / total


def posture_chain(
    fixed: Fixed,
    moving: Moving,
    key: Key,
    start_clients: Any,
    start_offers: Any,
    start_patron: Any,
    chain: Any,
    beliefs: Any,
) -> None:
    """Write the transition matrices of every month and client, and the beliefs behind them.

    Parameters
    ----------
    fixed, moving, key
        Tables, room for the state, and the key; nothing is drawn but what the caller has switched off.
    start_clients, start_offers, start_patron
        The state before the first month.
    chain
        T x N x 5 x 5, written: the probability of each posture after the month, by the one before it.
    beliefs
        T x N x 2, written: capability and resolve.
    """
    constants = fixed.constants[0]
    for i in range(start_clients.shape[0]):
        moving.clients[i] = start_clients[i]
        for rival in range(start_offers.shape[1]):
            moving.offers[i, rival] = start_offers[i, rival]
        for signal in range(moving.board.shape[1]):
            moving.board[i, signal].intensity = 0.0
    moving.patron[0] = start_patron[0]
    set_anchors(fixed, moving)
    for month in range(chain.shape[0]):
        begin_month(fixed, moving, key, month)
        let_events_happen(fixed, moving, key, month)
        weigh_own(fixed, moving, month)
        weigh_witnessed(fixed, moving, month)
        succeed(fixed, moving, month)
        for i in range(fixed.clients.shape[0]):
            client, own = moving.clients[i], fixed.clients[i]
            beliefs[month, i, 0] = belief_mean(client.capability_good, client.capability_bad)
            beliefs[month, i, 1] = belief_mean(client.resolve_good, client.resolve_bad)
            held = client.posture
            for posture in range(REALIGNED + 1):
                row = chain[month, i, posture]
                client.posture = posture
                take_bearings(fixed, moving, i, moving.patron[0].burden)
                if client.present == 0:
                    for target in range(row.shape[0]):
                        row[target] = 1.0 if target == posture else 0.0
                elif client.new_outlook != NO_OUTLOOK:
                    rungs = HEDGING if own.sub_state != 0 else REALIGNED
                    transition_row(fixed, moving, i, LOYAL, rungs, True, row)
                else:
                    last = last_posture(
                        posture, own.sub_state != 0, own.defence_pact != 0, constants.ladder_needs_pact >= 0.5
                    )
                    transition_row(fixed, moving, i, max(LOYAL, posture - 1), min(last, posture + 1), False, row)
                    if client.triggered == 0:
                        for target in range(row.shape[0]):
                            row[target] = constants.review_rate * row[target]
                        row[posture] += 1.0 - constants.review_rate
            client.posture = held
