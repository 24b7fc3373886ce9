"""Write the exact chain of a replay: transition probabilities of every client's posture, month by month.

In replay, as long as nothing else depends on postures, beliefs, threats and offers are the same in every run, and
each client's posture is a Markov chain on the ladder. This module runs the deterministic part of the month once and
writes down the chain; it samples nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from papertiger.model.ensemble.kernel.beginning import begin_month
from papertiger.model.ensemble.kernel.breaks import break_chance, weigh_rungs
from papertiger.model.ensemble.kernel.choices import set_anchors, take_bearings, weigh_postures
from papertiger.model.ensemble.kernel.crises import settle_unanswered
from papertiger.model.ensemble.kernel.events import let_events_happen
from papertiger.model.ensemble.kernel.own_beliefs import weigh_own
from papertiger.model.ensemble.kernel.state import Fixed, Key, Moving, StartState, begin_run
from papertiger.model.ensemble.kernel.successions import succeed
from papertiger.model.ensemble.kernel.ties import forget_rivals, set_first_attractions, turn_ties
from papertiger.model.ensemble.kernel.witnesses import weigh_witnessed
from papertiger.model.ensemble.tables import NO_OUTLOOK
from papertiger.model.rules.beliefs import belief_mean
from papertiger.model.rules.choice import HEDGING, LOYAL, REALIGNED, last_posture

if TYPE_CHECKING:
    from papertiger.model.ensemble.records import Cube, Quad, Rows


def transition_row(fixed: Fixed, moving: Moving, i: int, first: int, last: int, free: bool, row: Rows[float]) -> None:
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


def mix_breaks(fixed: Fixed, moving: Moving, i: int, row: Rows[float]) -> None:
    """Let breaks take their part of the probabilities of a client's next posture.

    Parameters
    ----------
    fixed, moving
        Tables, and the state before choices.
    i
        The client, at the posture that the row is of.
    row
        Probabilities of the next posture by choice; those with breaks are written over them.
    """
    away = break_chance(fixed, moving, i, False)
    toward = break_chance(fixed, moving, i, True)
    for target in range(row.shape[0]):
        row[target] = (1.0 - away) * (1.0 - toward) * row[target]
    if away > 0.0:
        total = weigh_rungs(fixed, moving, i, False, moving.weights)
        for target in range(row.shape[0]):
            row[target] += away * moving.weights[target] / total
    if toward > 0.0:
        total = weigh_rungs(fixed, moving, i, True, moving.weights)
        for target in range(row.shape[0]):
            row[target] += (1.0 - away) * toward * moving.weights[target] / total


def posture_chain(
    fixed: Fixed, moving: Moving, key: Key, start: StartState, chain: Quad[float], beliefs: Cube[float]
) -> None:
    """Write the transition matrices of every month and client, and the beliefs behind them.

    Parameters
    ----------
    fixed, moving, key
        Tables, room for the state, and the key; nothing is drawn but what the caller has switched off.
    start
        The state before the first month.
    chain
        T x N x 5 x 5, written: the probability of each posture after the month, by the one before it.
    beliefs
        T x N x 2, written: capability and resolve.
    """
    constants = fixed.constants[0]
    breaks = constants.break_away > 0.0 or constants.break_toward > 0.0
    forget_rivals(moving)
    begin_run(moving, start)
    set_anchors(fixed, moving)
    set_first_attractions(fixed, moving)
    for month in range(chain.shape[0]):
        begin_month(fixed, moving, key, month)
        let_events_happen(fixed, moving, key, month)
        for i in range(fixed.clients.shape[0]):
            if moving.clients[i].present != 0:
                settle_unanswered(fixed, moving, i)
        weigh_own(fixed, moving, month)
        weigh_witnessed(fixed, moving, month)
        succeed(fixed, moving, month)
        turn_ties(fixed, moving)
        for i in range(fixed.clients.shape[0]):
            client, own = moving.clients[i], fixed.clients[i]
            beliefs[month, i, 0] = belief_mean(client.capability_good, client.capability_bad)
            beliefs[month, i, 1] = belief_mean(client.resolve_good, client.resolve_bad)
            present_posture = client.posture
            for posture in range(REALIGNED + 1):
                row = chain[month, i, posture]
                client.posture = posture
                take_bearings(fixed, moving, i, moving.patron[own.patron].burden)
                if client.present == 0:
                    for target in range(row.shape[0]):
                        row[target] = 1.0 if target == posture else 0.0
                elif client.new_outlook != NO_OUTLOOK:
                    rungs = HEDGING if own.sub_state != 0 else REALIGNED
                    transition_row(fixed, moving, i, LOYAL, rungs, True, row)
                else:
                    last = last_posture(posture, own.sub_state != 0)
                    transition_row(fixed, moving, i, max(LOYAL, posture - 1), min(last, posture + 1), False, row)
                    if client.triggered == 0:
                        for target in range(row.shape[0]):
                            row[target] = constants.review_rate * row[target]
                        row[posture] += 1.0 - constants.review_rate
                    if breaks and own.sub_state == 0:
                        mix_breaks(fixed, moving, i, row)
            client.posture = present_posture
