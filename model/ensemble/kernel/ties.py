"""Let ties move in the compiled month: where each client buys its arms and does its business."""

from __future__ import annotations

from papertiger.model.ensemble.kernel.bonds import base_option, bond_beside
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
from papertiger.model.setting import NOBODY

AT_ENTRY = -1
"""In place of a kind of tie: what draws a client before any event or war."""


def turn_ties(fixed: Fixed, moving: Moving) -> None:
    """Move every client's ties a month towards what draws it, and its dependence with them.

    Who has several patrons spreads its arms and its economy over all of them at once: the first bond's ties turn, and
    the others are the same, seen from their patron.
    """
    constants = fixed.constants[0]
    noise = constants.tie_noise
    rows = 0
    for i in range(fixed.clients.shape[0]):
        if moving.clients[i].present == 0 or fixed.clients[i].lead != i:
            continue
        for kind in (ARMS, ECONOMY):
            if kind == ARMS or constants.procurement_lasting > 0.0:
                attract(fixed, moving, i, kind)
            line_up(fixed, moving, i, kind, rows)
            rows += 1
    # All in one loop, so that compiled code works out several at a time; and so below.
    for n in range(rows * moving.attraction.shape[0]):
        moving.pulls[n] = tie_weight(moving.pull_bases[n], moving.pulls[n], noise)
    rows = 0
    for i in range(fixed.clients.shape[0]):
        if moving.clients[i].present == 0 or fixed.clients[i].lead != i:
            continue
        for kind in (ARMS, ECONOMY):
            rate = constants.arms_tie_rate if kind == ARMS else constants.economy_tie_rate
            add_up(fixed, moving, i, kind, rate, rows)
            rows += 1
    width = moving.attraction.shape[0] + 1
    for n in range(rows * width):
        moving.shares[n] = next_tie(moving.shares[n], moving.targets[n] / moving.totals[n], moving.rates[n])
    rows = 0
    for i in range(fixed.clients.shape[0]):
        if moving.clients[i].present == 0 or fixed.clients[i].lead != i:
            continue
        for kind in (ARMS, ECONOMY):
            for holder in range(width):
                moving.ties[i, kind, holder] = moving.shares[rows * width + holder]
            rows += 1
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


def attract(fixed: Fixed, moving: Moving, i: int, kind: int) -> None:
    """Write what draws a client to its patron, to each rival and to each other patron, whatever its postures are.

    Parameters
    ----------
    fixed, moving, i
        Tables, the state, and the client's bond.
    kind
        Of tie, or `AT_ENTRY`.
    """
    for holder in range(moving.attraction.shape[0]):
        bond = i if holder == PATRON else bond_beside(fixed, i, holder - 1)
        if bond != NOBODY:
            moving.attraction[holder] = draw_to_patron(fixed, moving, bond, kind, bond == i)


def draw_to_patron(fixed: Fixed, moving: Moving, i: int, kind: int, write: bool) -> float:
    """Return what draws a client to the patron of a bond, and write what draws it to each rival if asked for."""
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
    pressure = 0.0
    claims = 0.0
    if kind != AT_ENTRY:
        pressure = moving.patron[fixed.clients[i].patron].pressure
        claims = client.procurement_level if kind == ARMS else client.claim_level
    return patron_attraction(
        Pull(threat, client_protection(moving, i), patron_threat(claims), pressure, economy),
        constants.patron_threat_weight,
        constants.standing_cost,
    )


def line_up(fixed: Fixed, moving: Moving, i: int, kind: int, row: int) -> None:
    """Write into a row how what draws a client to each holder of a tie has moved, and its shares at entry."""
    outlook = moving.clients[i].outlook
    others = moving.attraction.shape[0]
    for holder in range(others):
        change = moving.attraction[holder] - moving.first_attraction[i, holder]
        bond = i if holder == PATRON else bond_beside(fixed, i, holder - 1)
        if kind == ARMS and bond != NOBODY:
            burden = moving.patron[fixed.clients[bond].patron].burden
            change = change - supply_shortfall(fixed.constants[0].supply_burden, burden)
        moving.pull_bases[row * others + holder] = fixed.base_ties[outlook, kind, holder]
        moving.pulls[row * others + holder] = change


def add_up(fixed: Fixed, moving: Moving, i: int, kind: int, rate: float, row: int) -> None:
    """Write into a row a client's shares, what each holder weighs now, the sum of it, and how fast shares move."""
    others = moving.attraction.shape[0]
    last = fixed.base_ties[moving.clients[i].outlook, kind, others]
    total = 0.0
    for holder in range(others):
        total += moving.pulls[row * others + holder]
    total += last
    for holder in range(others + 1):
        place = row * (others + 1) + holder
        moving.shares[place] = moving.ties[i, kind, holder]
        moving.targets[place] = moving.pulls[row * others + holder] if holder < others else last
        moving.totals[place] = total
        moving.rates[place] = rate


def set_first_attractions(fixed: Fixed, moving: Moving) -> None:
    """Note what draws every client at its entry, before any event or war."""
    for i in range(fixed.clients.shape[0]):
        attract(fixed, moving, i, AT_ENTRY)
        for holder in range(moving.attraction.shape[0]):
            moving.first_attraction[i, holder] = moving.attraction[holder]
