"""Run the months of a replay that all runs share once, and let each run follow them until its luck parts it.

In replay nothing but the postures is drawn, as long as lost assets burden no patron, nobody hedges covertly and no
successor has to be found by luck: events, evidence, beliefs, offers and ties are the same in every run. They are
worked out once, and written down as they are before postures are reviewed. A run that follows takes them over, and
draws and does what is its own. What it has then is its whole state, so that it goes on alone from any month on.
"""

from __future__ import annotations

from papertiger.model.ensemble.kernel.beginning import take_income
from papertiger.model.ensemble.kernel.events import draws_successor
from papertiger.model.ensemble.kernel.feedback import take_stock
from papertiger.model.ensemble.kernel.state import Batch, Fixed, Key, Moving, StartState
from papertiger.model.ensemble.tables import NO_OUTLOOK
from papertiger.model.rules.feedback import burden
from papertiger.model.setting import NOBODY


def can_share(fixed: Fixed, moving: Moving, start: StartState, batch: Batch) -> bool:
    """Tell whether runs can share what is the same in all of them."""
    if moving.shared_clients.shape[0] == 0 or batch.runs < 2 or fixed.decisions.shape[0] != 0:
        return False
    if moving.held.shape[0] != 0 or moving.ledger.shape[0] != 0:
        return False  # each run writes down all that it learns
    for i in range(start.clients.shape[0]):  # noqa: SIM110 - compiled code knows no generators
        if start.clients[i].covert_rival != NOBODY:
            return False
    return True


def stand_still(fixed: Fixed, moving: Moving, month: int) -> None:
    """Write down the state of a month before postures are reviewed, and end it without that."""
    for i in range(moving.clients.shape[0]):
        moving.shared_clients[month, i] = moving.clients[i]
        for rival in range(moving.offers.shape[1]):
            moving.shared_offers[month, i, rival] = moving.offers[i, rival]
        for kind in range(moving.ties.shape[1]):
            for holder in range(moving.ties.shape[2]):
                moving.shared_ties[month, i, kind, holder] = moving.ties[i, kind, holder]
    take_stock(fixed, moving, month)
    for m in range(moving.patron.shape[0]):
        moving.shared_patron[month, m] = moving.patron[m]


def follow(fixed: Fixed, moving: Moving, key: Key, month: int) -> bool:
    """Put a run into a shared month, unless a burden or a successor is this run's alone."""
    feedback = fixed.constants[0].burden_feedback
    for m in range(fixed.patrons.shape[0]):
        mine = burden(fixed.war_burden[m, month], moving.patron[m].lost_assets, feedback)
        if mine != moving.shared_patron[month, m].burden:
            return False
    for i in range(fixed.clients.shape[0]):
        if fixed.clients[i].sub_state != 0:
            shared = moving.shared_clients[month, i]
            if shared.present != 0 and shared.new_outlook == NO_OUTLOOK:
                if draws_successor(fixed, key, month, i, shared.health_reports):
                    return False
    for i in range(fixed.clients.shape[0]):
        client = moving.clients[i]
        posture, destination = client.posture, client.destination
        good, bad = client.patron_trust_good, client.patron_trust_bad
        moving.clients[i] = moving.shared_clients[month, i]
        client.posture, client.destination = posture, destination
        client.patron_trust_good, client.patron_trust_bad = good, bad
        for rival in range(moving.offers.shape[1]):
            moving.offers[i, rival] = moving.shared_offers[month, i, rival]
        for kind in range(moving.ties.shape[1]):
            for holder in range(moving.ties.shape[2]):
                moving.ties[i, kind, holder] = moving.shared_ties[month, i, kind, holder]
    for m in range(fixed.patrons.shape[0]):
        moving.patron[m].succession_loss = moving.shared_patron[month, m].succession_loss
        take_income(fixed, moving, key, month, m)
    return True


def still_follows(moving: Moving) -> bool:
    """Tell whether no client has come to hedge covertly, with offers that are this run's alone."""
    for i in range(moving.clients.shape[0]):  # noqa: SIM110 - compiled code knows no generators
        if moving.clients[i].covert_rival != NOBODY:
            return False
    return True
