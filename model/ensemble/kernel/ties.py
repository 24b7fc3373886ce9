"""Let ties move in the compiled month: where each client buys its arms and does its business."""

from __future__ import annotations

from papertiger.model.ensemble.kernel.bonds import base_option, bond_beside
from papertiger.model.ensemble.kernel.state import Fixed, Moving, client_protection
from papertiger.model.ensemble.tables import NO_OUTLOOK
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
from papertiger.model.setting import NOBODY

AT_ENTRY = -1
"""In place of a kind of tie: what draws a client before any event or war."""


def turn_ties(fixed: Fixed, moving: Moving) -> None:
    """Move every client's ties a month towards what draws it, and its dependence with them.

    Who has several patrons spreads its arms and its economy over all of them at once: the first bond's ties turn, and
    the others are the same, seen from their patron.
    """
    constants = fixed.constants[0]
    for i in range(fixed.clients.shape[0]):
        if moving.clients[i].present == 0 or fixed.clients[i].lead != i:
            continue
        as_before = rivals_as_before(fixed, moving, i)
        for kind in (ARMS, ECONOMY):
            if kind == ARMS or constants.procurement_lasting > 0.0:
                attract(fixed, moving, i, kind, as_before)
            weigh_rivals(fixed, moving, i, kind, as_before)
            moving.patron_changes[2 * i + kind] = change_of(fixed, moving, i, kind, PATRON)
            moving.patron_bases[2 * i + kind] = fixed.base_ties[moving.clients[i].outlook, kind, PATRON]
    # The patron's part moves in every month: all in one loop, in which compiled code works out several at a time.
    noise = constants.tie_noise
    for n in range(moving.patron_changes.shape[0]):
        moving.patron_pulls[n] = tie_weight(moving.patron_bases[n], moving.patron_changes[n], noise)
    for i in range(fixed.clients.shape[0]):
        if moving.clients[i].present == 0 or fixed.clients[i].lead != i:
            continue
        for kind in (ARMS, ECONOMY):
            turn(moving, i, kind, constants.arms_tie_rate if kind == ARMS else constants.economy_tie_rate)
    # What a client depends on counts in what draws it, so that no dependence moves before all have been drawn.
    for i in range(fixed.clients.shape[0]):
        client = moving.clients[i]
        if client.present == 0:
            continue
        share_ties(fixed, moving, i)
        client.dependence = dependence(
            moving.ties[i, ARMS, PATRON], moving.ties[i, ECONOMY, PATRON], constants.arms_weight
        )


def share_ties(fixed: Fixed, moving: Moving, i: int) -> None:
    """Give a further bond the ties of the client's first one, with its own patron in the first place."""
    lead = fixed.clients[i].lead
    if lead == i:
        return
    holders = moving.attraction.shape[0]
    patrons = fixed.patrons.shape[0]
    mine = holders - patrons + fixed.clients[i].patron
    first = holders - patrons + fixed.clients[lead].patron
    for kind in range(moving.ties.shape[1]):
        for holder in range(holders + 1):
            moving.ties[i, kind, holder] = moving.ties[lead, kind, holder]
        moving.ties[i, kind, PATRON] = moving.ties[lead, kind, mine]
        moving.ties[i, kind, mine] = 0.0
        moving.ties[i, kind, first] = moving.ties[lead, kind, PATRON]


def rivals_as_before(fixed: Fixed, moving: Moving, i: int) -> bool:
    """Tell whether rivals draw a client just as they did when that was last worked out, and note how it stands now.

    Most clients hear no offer and are not attacked in most months, and need not be worked out again.
    """
    client, last = moving.clients[i], moving.weighed[i]
    outlook = client.outlook
    threat = adversary_threat(fixed.outlooks[outlook].threat, client.attack_level)
    same = last.threat == threat and last.outlook == outlook and fixed.beside.shape[0] == 0
    for rival in range(moving.offers.shape[1]):
        offers = moving.offers[i, rival]
        same = same and moving.weighed_offers[i, rival] == offers
        moving.weighed_offers[i, rival] = offers
    last.threat = threat
    last.outlook = outlook
    return same


def forget_rivals(moving: Moving) -> None:
    """Let everything be worked out anew: other constants or another start may hold."""
    for i in range(moving.weighed.shape[0]):
        moving.weighed[i].outlook = NO_OUTLOOK


def attract(fixed: Fixed, moving: Moving, i: int, kind: int, as_before: bool) -> None:
    """Write what draws a client to its patron, to each rival and to each other patron, whatever its postures are.

    Parameters
    ----------
    fixed, moving, i
        Tables, the state, and the client's bond.
    kind
        Of tie, or `AT_ENTRY`.
    as_before
        What draws it to rivals is as it was, and is neither worked out nor written.
    """
    for holder in range(moving.attraction.shape[0]):
        bond = i if holder == PATRON else bond_beside(fixed, i, holder - 1)
        if bond != NOBODY:
            if not as_before:
                moving.weighed[bond].economy = draw_to_rivals(fixed, moving, bond, bond == i)
            moving.attraction[holder] = draw_to_patron(fixed, moving, bond, kind)


def draw_to_rivals(fixed: Fixed, moving: Moving, i: int, write: bool) -> float:
    """Return the economy that the best rival offers a client, and write what draws it to each rival if asked for."""
    constants, client = fixed.constants[0], moving.clients[i]
    threat = adversary_threat(fixed.outlooks[client.outlook].threat, client.attack_level)
    best = 0.0
    economy = 0.0
    for rival in range(moving.offers.shape[1]):
        offers = moving.offers[i, rival]
        base = base_option(fixed, moving, i, rival)
        protects = offered_protection(base.protection, offers, constants.offer_protection, constants.lock_in, 1.0)
        pays = offered_economy(base.economy, offers, constants.lock_in, 1.0)
        value = option_value(threat, protects, constants.economy_weight, pays)
        if write:
            moving.attraction[1 + rival] = value
        if value > best:
            best = value
            economy = pays
    return economy


def draw_to_patron(fixed: Fixed, moving: Moving, i: int, kind: int) -> float:
    """Return what draws a client to the patron of a bond."""
    constants, client = fixed.constants[0], moving.clients[i]
    threat = adversary_threat(fixed.outlooks[client.outlook].threat, client.attack_level)
    pressure = 0.0
    claims = 0.0
    if kind != AT_ENTRY:
        pressure = moving.patron[fixed.clients[i].patron].pressure
        claims = client.procurement_level if kind == ARMS else client.claim_level
    return patron_attraction(
        Pull(threat, client_protection(moving, i), patron_threat(claims), pressure, moving.weighed[i].economy),
        constants.patron_threat_weight,
        constants.standing_cost,
    )


def change_of(fixed: Fixed, moving: Moving, i: int, kind: int, holder: int) -> float:
    """Return how far what draws a client to a holder of its ties has moved since its entry."""
    change = moving.attraction[holder] - moving.first_attraction[i, holder]
    bond = i if holder == PATRON else bond_beside(fixed, i, holder - 1)
    if kind == ARMS and bond != NOBODY:
        burden = moving.patron[fixed.clients[bond].patron].burden
        change = change - supply_shortfall(fixed.constants[0].supply_burden, burden)
    return change


def weigh_rivals(fixed: Fixed, moving: Moving, i: int, kind: int, as_before: bool) -> None:
    """Write what every holder of a client's ties but its patron weighs, unless that is as it was."""
    if as_before:
        return
    noise, outlook = fixed.constants[0].tie_noise, moving.clients[i].outlook
    others = moving.attraction.shape[0]
    for holder in range(1, others):
        change = change_of(fixed, moving, i, kind, holder)
        moving.pulls[i, kind, holder] = tie_weight(fixed.base_ties[outlook, kind, holder], change, noise)
    moving.pulls[i, kind, others] = fixed.base_ties[outlook, kind, others]


def turn(moving: Moving, i: int, kind: int, rate: float) -> None:
    """Move a client's shares of one kind of tie a month towards their target."""
    others = moving.attraction.shape[0]
    moving.pulls[i, kind, PATRON] = moving.patron_pulls[2 * i + kind]
    total = 0.0
    for holder in range(others + 1):
        total += moving.pulls[i, kind, holder]
    for holder in range(others + 1):
        target = 0.0  # of nothing, without a division; many clients have no tie with most rivals
        if not (moving.pulls[i, kind, holder] == 0.0 and total > 0.0):
            target = moving.pulls[i, kind, holder] / total
        moving.ties[i, kind, holder] = next_tie(moving.ties[i, kind, holder], target, rate)


def set_first_attractions(fixed: Fixed, moving: Moving) -> None:
    """Note what draws every client at its entry, before any event or war."""
    for i in range(fixed.clients.shape[0]):
        attract(fixed, moving, i, AT_ENTRY, False)
        for holder in range(moving.attraction.shape[0]):
            moving.first_attraction[i, holder] = moving.attraction[holder]
    forget_rivals(moving)
