"""Step 1 of the compiled month: events and shocks."""

from __future__ import annotations

from papertiger.model.ensemble.kernel.state import Fixed, Key, Moving, draw
from papertiger.model.ensemble.tables import NO_OUTLOOK
from papertiger.model.randomness import INCOME, SUCCESSION, SUCCESSION_CONTESTED, normal
from papertiger.model.rules.feedback import budget, burden, next_income
from papertiger.model.rules.succession import succession_hazard
from papertiger.model.rules.threat import fade, impulse, invasion_impulse
from papertiger.model.setting import ATTACK, INVASION, LEADER_HEALTH, NOBODY, OFFER_WITHDRAWN, REGIME_LOSS, SIGNAL
from papertiger.model.setting import OFFER as OFFER_KIND


def begin_month(fixed: Fixed, moving: Moving, key: Key, month: int) -> None:
    """Let impulses fade, clear what belongs to one month, and take the month's income and burden."""
    constants, patron = fixed.constants[0], moving.patron[0]
    loss = 0.0
    for i in range(fixed.clients.shape[0]):
        client = moving.clients[i]
        client.present = 1 if month >= fixed.clients[i].enters else 0
        client.attack_level = fade(client.attack_level, constants.attack_memory)
        client.claim_level = fade(client.claim_level, constants.patron_threat_memory)
        client.missing_support = fade(client.missing_support, constants.support_memory)
        for rival in range(moving.offers.shape[1]):
            moving.offers[i, rival] = fade(moving.offers[i, rival], constants.offer_memory)
            moving.open_offers[i, rival] = 0.0
        client.posted = 0
        client.evidence = 0
        client.triggered = 0
        client.reviewed = 0
        client.health_reports = 0.0
        client.new_attack_intensity = 0.0
        client.new_outlook = NO_OUTLOOK
        client.trust_good = 0.0
        client.trust_bad = 0.0
        if client.contested_months > 0.0:
            loss = constants.succession_cost
            client.contested_months = max(0.0, client.contested_months - 1.0)
    if month < key.income_drawn_from:
        patron.income = fixed.income_known[month]
    else:
        shock = normal(key.seed, key.run, key.first_month + month, key.patron_key, INCOME)
        patron.income = next_income(patron.income, key.income_persistence, key.income_noise, shock)
    patron.budget = budget(patron.income, patron.lost_assets, constants.budget_feedback, loss)
    patron.burden = burden(fixed.war_burden[month], patron.lost_assets, constants.burden_feedback)


def post(moving: Moving, client: int, signal: int, intensity: float, cause: int, loading: float) -> None:
    """Put a signal on a client's board; of one type only the strongest of the month stands."""
    place = moving.board[client, signal]
    if intensity > place.intensity:
        if place.intensity == 0.0:
            moving.clients[client].posted += 1
        place.intensity = intensity
        place.cause = cause
        place.loading = loading


def hear_offer(fixed: Fixed, moving: Moving, client: int, rival: int, intensity: float) -> None:
    """Let a client hear that a rival raises its offer."""
    amount = impulse(fixed.constants[0].offer_size, intensity)
    moving.offers[client, rival] += amount
    moving.open_offers[client, rival] += amount
    moving.clients[client].triggered = 1


def lose_regime(moving: Moving, client: int, outlook: int, continuity: float) -> None:
    """Let a client lose its incumbent: later this month the successor takes over."""
    state = moving.clients[client]
    state.new_outlook = outlook
    state.continuity = continuity
    state.claim_level = 0.0
    for rival in range(moving.offers.shape[1]):
        moving.offers[client, rival] = 0.0


def let_events_happen(fixed: Fixed, moving: Moving, key: Key, month: int) -> None:
    """Let what is dated happen; in generative months only what is marked as always."""
    constants = fixed.constants[0]
    moving.written[1] = 0
    first, last = fixed.event_starts[month], fixed.event_starts[month + 1]
    for e in range(first, last):
        event = fixed.events[e]
        if happens(fixed, moving, month, e):
            if event.kind == REGIME_LOSS:
                lose_regime(moving, event.client, event.successor, event.continuity)
            elif event.kind == LEADER_HEALTH:
                client = moving.clients[event.client]
                client.health_reports = max(client.health_reports, event.intensity)
                client.triggered = 1
    for i in range(fixed.clients.shape[0]):
        client = moving.clients[i]
        if fixed.clients[i].sub_state != 0 and client.present != 0 and client.new_outlook == NO_OUTLOOK:
            face_succession(fixed, moving, key, month, i)
    for e in range(first, last):
        event = fixed.events[e]
        if event.kind == INVASION and (event.always != 0 or fixed.generative[month] == 0):
            for i in range(fixed.clients.shape[0]):
                client = moving.clients[i]
                exposure = fixed.outlooks[client.outlook].exposure
                if client.present != 0 and exposure > 0.0:
                    client.claim_level += invasion_impulse(constants.invasion_threat, exposure)
                    client.triggered = 1
    for e in range(first, last):
        if happens(fixed, moving, month, e):
            reach(fixed, moving, month, e)


def happens(fixed: Fixed, moving: Moving, month: int, e: int) -> bool:
    """Tell whether a dated event reaches the client it is addressed to this month."""
    event = fixed.events[e]
    if event.client == NOBODY or moving.clients[event.client].present == 0:
        return False
    return bool(event.always != 0 or fixed.generative[month] == 0)


def reach(fixed: Fixed, moving: Moving, month: int, e: int) -> None:
    """Let a dated event reach the client it is addressed to."""
    event, constants = fixed.events[e], fixed.constants[0]
    i = event.client
    client = moving.clients[i]
    if event.kind == ATTACK:
        client.attack_level += impulse(constants.attack_threat, event.intensity)
        client.triggered = 1
        if fixed.generative[month] != 0:
            add_crisis(moving, i, event.intensity, e, event.clash)
        elif event.intensity > client.new_attack_intensity:
            client.new_attack_intensity = event.intensity
            client.new_attack_cause = e
    elif event.kind == OFFER_KIND:
        hear_offer(fixed, moving, i, event.rival, event.intensity)
    elif event.kind == OFFER_WITHDRAWN:
        amount = impulse(constants.offer_size, event.intensity)
        moving.offers[i, event.rival] = max(0.0, moving.offers[i, event.rival] - amount)
    elif event.kind == SIGNAL:
        post(moving, i, event.signal, event.intensity, e, event.loading)


def add_crisis(moving: Moving, client: int, intensity: float, cause: int, clash: float) -> None:
    """Note a crisis that waits for the patron's answer."""
    crisis = moving.crises[moving.written[1]]
    crisis.client = client
    crisis.intensity = intensity
    crisis.cause = cause
    crisis.clash = clash
    moving.written[1] += 1


def face_succession(fixed: Fixed, moving: Moving, key: Key, month: int, i: int) -> None:
    """Draw whether a sub-state's leader must be replaced, and whether that is contested."""
    constants, client, actor = fixed.constants[0], moving.clients[i], fixed.clients[i].key
    hazard = succession_hazard(constants.succession_base, constants.succession_health, client.health_reports)
    if draw(key, month, actor, SUCCESSION) < hazard:
        lose_regime(moving, i, client.outlook, 0.0)
        if draw(key, month, actor, SUCCESSION_CONTESTED) < constants.succession_contested:
            client.contested_months = constants.succession_months
