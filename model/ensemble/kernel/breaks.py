"""Let clients break with the patron, or come back to it, in the compiled month."""

from __future__ import annotations

from typing import TYPE_CHECKING

from papertiger.model.constants import break_effects, break_rungs
from papertiger.model.decisions import FREE
from papertiger.model.ensemble.kernel.choices import take_bearings
from papertiger.model.ensemble.kernel.ledger import note_break
from papertiger.model.ensemble.kernel.state import POSTURE_DECISION, Fixed, Key, Moving, draw, given
from papertiger.model.ensemble.tables import NO_OUTLOOK
from papertiger.model.randomness import BREAK, BREAK_DESTINATION
from papertiger.model.rules.breaks import BreakStocks, break_hazard, break_weight, strongest_cause
from papertiger.model.rules.threat import fade

if TYPE_CHECKING:
    from papertiger.model.ensemble.records import Rows


def face_breaks(fixed: Fixed, moving: Moving, key: Key, month: int) -> None:
    """Let every client break away or come back, if it is so drawn, in the place of its choice."""
    constants = fixed.constants[0]
    if constants.break_away <= 0.0 and constants.break_toward <= 0.0:
        return
    for i in range(fixed.clients.shape[0]):
        if moving.clients[i].present != 0:
            face_break(fixed, moving, key, month, i)


def face_break(fixed: Fixed, moving: Moving, key: Key, month: int, i: int) -> None:
    """Draw whether a client breaks away this month or comes back."""
    client, own = moving.clients[i], fixed.clients[i]
    if own.sub_state != 0 or client.new_outlook != NO_OUTLOOK:
        return
    if given(fixed, month, i, POSTURE_DECISION) != FREE:
        return
    away = break_chance(fixed, moving, i, False)
    toward = break_chance(fixed, moving, i, True)
    if away + toward <= 0.0:
        return
    luck = draw(key, month, own.key, BREAK)
    if luck < away:
        jump(fixed, moving, key, month, i, False, away)
    elif luck < away + (1.0 - away) * toward:
        jump(fixed, moving, key, month, i, True, toward)


def stocks(moving: Moving, i: int) -> BreakStocks:
    """Return what a client remembers of each cause of a break."""
    client = moving.clients[i]
    return BreakStocks(client.ruler_stock, client.coercion_stock, client.disengagement_stock, client.pledge_stock)


def break_chance(fixed: Fixed, moving: Moving, i: int, toward: bool) -> float:
    """Return the hazard of a break in a direction, 0 where it has no rung to end on."""
    constants = fixed.constants[0]
    baseline = constants.break_toward if toward else constants.break_away
    if baseline <= 0.0 or weigh_rungs(fixed, moving, i, toward, moving.weights) <= 0.0:
        return 0.0
    return break_hazard(baseline, stocks(moving, i), break_effects(constants, toward))


def weigh_rungs(fixed: Fixed, moving: Moving, i: int, toward: bool, weights: Rows[float]) -> float:
    """Write how likely a break in a direction ends on each rung, up to a factor, and return the sum."""
    rungs, posture = break_rungs(fixed.constants[0]), moving.clients[i].posture
    total = 0.0
    for target in range(weights.shape[0]):
        weights[target] = 0.0
        if (target < posture) if toward else (target > posture):
            weights[target] = break_weight(target, posture, rungs)
        total += weights[target]
    return total


def jump(fixed: Fixed, moving: Moving, key: Key, month: int, i: int, toward: bool, hazard: float) -> None:
    """Choose the rung on which a client's break ends, and write the break and its strongest cause down."""
    client, weights = moving.clients[i], moving.weights
    total = weigh_rungs(fixed, moving, i, toward, weights)
    left = draw(key, month, fixed.clients[i].key, BREAK_DESTINATION) * total
    last = client.posture
    for target in range(weights.shape[0]):
        if weights[target] > 0.0:
            last = target
            left -= weights[target]
            if left < 0.0:
                break
    take_bearings(fixed, moving, i, moving.patron[fixed.clients[i].patron].burden)
    client.next_posture = last
    cause = strongest_cause(stocks(moving, i), break_effects(fixed.constants[0], toward))
    note_break(moving, month, i, client.posture, last, cause, hazard)


def fade_stocks(fixed: Fixed, moving: Moving, i: int) -> None:
    """Let the stocks of the causes of a client's break fade."""
    memory, client = fixed.constants[0].break_memory, moving.clients[i]
    client.ruler_stock = fade(client.ruler_stock, memory)
    client.coercion_stock = fade(client.coercion_stock, memory)
    client.disengagement_stock = fade(client.disengagement_stock, memory)
    client.pledge_stock = fade(client.pledge_stock, memory)
