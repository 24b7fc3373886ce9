"""Let dated events happen in the compiled month, and draw a sub-state's succession."""

from __future__ import annotations

from papertiger.model.ensemble.kernel.own_beliefs import feel_threatened
from papertiger.model.ensemble.kernel.state import NO_RUN, Fixed, Key, Moving, draw
from papertiger.model.ensemble.tables import NO_OUTLOOK
from papertiger.model.randomness import CRISIS_MEANS, SUCCESSION, SUCCESSION_CONTESTED
from papertiger.model.rules.succession import succession_hazard
from papertiger.model.rules.threat import impulse, invasion_impulse
from papertiger.model.setting import (
    ATTACK,
    DISENGAGEMENT,
    INVASION,
    LEADER_CHANGE,
    LEADER_HEALTH,
    NEW_SITUATION,
    NOBODY,
    OFFER,
    OFFER_WITHDRAWN,
    REGIME_LOSS,
    RIVAL_PLEDGE,
    SIGNAL,
)


def let_events_happen(fixed: Fixed, moving: Moving, key: Key, month: int) -> None:
    """Let what is dated happen; in generative months only what is marked as always."""
    moving.written[1] = 0
    first, last = fixed.event_starts[month], fixed.event_starts[month + 1]
    # A regime falls before anything else of its month, so that the month's offers are the successor's.
    for e in range(first, last):
        event = fixed.events[e]
        if reaches(fixed, moving, month, e):
            if event.kind == REGIME_LOSS:
                lose_regime(moving, event.client, event.outlook, event.continuity)
                get_ruler(moving, event.client, event.intensity)
            elif event.kind == LEADER_HEALTH:
                hear_of_health(moving, event.client, event.intensity)
            elif event.kind == NEW_SITUATION:
                moving.clients[event.client].new_situation = event.outlook
    for i in range(fixed.clients.shape[0]):
        client = moving.clients[i]
        if fixed.clients[i].sub_state != 0 and client.present != 0 and client.new_outlook == NO_OUTLOOK:
            face_succession(fixed, moving, key, month, i)
    for e in range(first, last):
        event = fixed.events[e]
        if event.kind == INVASION and happens(fixed, month, e):
            for i in range(fixed.clients.shape[0]):
                if moving.clients[i].present != 0 and fixed.clients[i].patron == event.patron:
                    feel_invasion(fixed, moving, i)
    for e in range(first, last):
        if reaches(fixed, moving, month, e):
            reach(fixed, moving, key, month, e)


def happens(fixed: Fixed, month: int, e: int) -> bool:
    """Tell whether a dated event of this month happens."""
    return bool(fixed.events[e].always != 0 or fixed.generative[month] == 0)


def reaches(fixed: Fixed, moving: Moving, month: int, e: int) -> bool:
    """Tell whether a dated event happens to a client in the network."""
    event = fixed.events[e]
    if event.client == NOBODY or moving.clients[event.client].present == 0:
        return False
    return happens(fixed, month, e)


def reach(fixed: Fixed, moving: Moving, key: Key, month: int, e: int) -> None:
    """Let a dated event reach the client it is addressed to."""
    event = fixed.events[e]
    i = event.client
    if event.kind == ATTACK:
        suffer_attack(fixed, moving, i, event.intensity)
        if fixed.generative[month] != 0:
            from_air = comes_from_air(fixed, key, month, i, event.from_air)
            add_crisis(moving, i, event.intensity, e, event.clash, from_air)
        elif event.answer_known != 0:
            note_unanswered(moving, i, event.intensity, e)
    elif event.kind == OFFER:
        hear_offer(fixed, moving, i, event.rival, event.intensity)
    elif event.kind == OFFER_WITHDRAWN:
        lose_offer(fixed, moving, i, event.rival, event.intensity)
    elif event.kind == LEADER_CHANGE:
        get_ruler(moving, i, event.intensity)
    elif event.kind == DISENGAGEMENT:
        see_disengagement(moving, i, event.intensity)
    elif event.kind == RIVAL_PLEDGE:
        get_pledge(moving, i, event.intensity)
    elif event.kind == SIGNAL:
        post(moving, i, event.signal, event.intensity, e, event.loading)


def comes_from_air(fixed: Fixed, key: Key, month: int, i: int, share: float) -> int:
    """Tell whether an attack comes from the air, so that it tests the air defence: 1 or 0."""
    if share >= 1.0:
        return 1
    # One attack is one for all of a client's patrons.
    lead = fixed.clients[fixed.clients[i].lead]
    return 1 if share > 0.0 and draw(key, month, lead.key, CRISIS_MEANS) < share else 0


def add_crisis(moving: Moving, client: int, intensity: float, cause: int, clash: float, from_air: int) -> None:
    """Note a crisis that waits for the patron's answer."""
    crisis = moving.crises[moving.written[1]]
    crisis.client = client
    crisis.intensity = intensity
    crisis.cause = cause
    crisis.clash = clash
    crisis.from_air = from_air
    moving.written[1] += 1


def post(moving: Moving, client: int, signal: int, intensity: float, cause: int, loading: float) -> None:
    """Put a signal on a client's board; of one type only the strongest of the month stands."""
    place = moving.board[client, signal]
    if intensity > place.intensity:
        if place.intensity == 0.0:
            moving.clients[client].posted += 1
        place.intensity = intensity
        place.cause = cause
        place.loading = loading


def suffer_attack(fixed: Fixed, moving: Moving, client: int, intensity: float) -> None:
    """Let a client feel an attack by an adversary."""
    moving.clients[client].attack_level += impulse(fixed.constants[0].attack_threat, intensity)
    moving.clients[client].triggered = 1


def note_unanswered(moving: Moving, client: int, intensity: float, event: int) -> None:
    """Remember a dated attack, whose response history must show this month or the next."""
    if intensity > moving.clients[client].new_attack_intensity:
        moving.clients[client].new_attack_intensity = intensity
        moving.clients[client].new_attack_cause = event


def hear_offer(fixed: Fixed, moving: Moving, client: int, rival: int, intensity: float) -> None:
    """Let a client hear that a rival raises its offer."""
    amount = impulse(fixed.constants[0].offer_size, intensity)
    moving.offers[client, rival] += amount
    moving.open_offers[client, rival] += amount
    moving.clients[client].triggered = 1


def lose_offer(fixed: Fixed, moving: Moving, client: int, rival: int, intensity: float) -> None:
    """Let a client hear that a rival withdraws an offer."""
    amount = impulse(fixed.constants[0].offer_size, intensity)
    moving.offers[client, rival] = max(0.0, moving.offers[client, rival] - amount)


def get_ruler(moving: Moving, client: int, intensity: float) -> None:
    """Let a client get a new ruler, of the old regime or of another."""
    moving.clients[client].ruler_stock += impulse(1.0, intensity)


def see_disengagement(moving: Moving, client: int, intensity: float) -> None:
    """Let a client see the patron let go."""
    moving.clients[client].disengagement_stock += impulse(1.0, intensity)


def get_pledge(moving: Moving, client: int, intensity: float) -> None:
    """Let a client get a pledge of a rival."""
    moving.clients[client].pledge_stock += impulse(1.0, intensity)


def hear_of_health(moving: Moving, client: int, intensity: float) -> None:
    """Let a client hear reports about its leader's health, the strongest of which counts."""
    state = moving.clients[client]
    state.health_reports = max(state.health_reports, intensity)
    state.triggered = 1


def feel_invasion(fixed: Fixed, moving: Moving, client: int) -> None:
    """Let a client see the patron invade a neighbour: exposed clients fear to be next."""
    state = moving.clients[client]
    exposure = fixed.outlooks[state.outlook].exposure
    if exposure > 0.0:
        feel_threatened(moving, client, invasion_impulse(fixed.constants[0].invasion_threat, exposure))
        state.triggered = 1


def lose_regime(moving: Moving, client: int, outlook: int, continuity: float) -> None:
    """Let a client lose its incumbent: later this month the successor takes over."""
    state = moving.clients[client]
    state.new_outlook = outlook
    state.continuity = continuity
    state.claim_level = 0.0
    state.procurement_level = 0.0
    for rival in range(moving.offers.shape[1]):
        moving.offers[client, rival] = 0.0


def face_succession(fixed: Fixed, moving: Moving, key: Key, month: int, i: int) -> None:
    """Draw whether a sub-state's leader must be replaced, and whether that is contested."""
    constants, client, actor = fixed.constants[0], moving.clients[i], fixed.clients[i].key
    if draws_successor(fixed, key, month, i, client.health_reports):
        outlook = client.outlook if client.new_situation == NO_OUTLOOK else client.new_situation
        lose_regime(moving, i, outlook, 0.0)
        if draw(key, month, actor, SUCCESSION_CONTESTED) < constants.succession_contested:
            client.contested_months = constants.succession_months


def draws_successor(fixed: Fixed, key: Key, month: int, i: int, health_reports: float) -> bool:
    """Draw whether a sub-state's leader must be replaced this month; where there is no run, nobody has such luck."""
    if key.run == NO_RUN:
        return False
    constants = fixed.constants[0]
    hazard = succession_hazard(constants.succession_base, constants.succession_health, health_reports)
    return draw(key, month, fixed.clients[i].key, SUCCESSION) < hazard
