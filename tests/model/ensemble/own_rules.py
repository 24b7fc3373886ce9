"""Rules of a modeler's own, as the tests pass them to both engines."""

from __future__ import annotations

import math
from typing import Any

from papertiger.model.rules.choice import Position, UtilityWeights

FLOOR = 0.25
TABLE = {"weight": [0.5, 1.5]}


def half(value: float) -> float:
    """Return half of a number."""
    return 0.5 * value


def softened(value: float) -> float:
    """Return a number that grows ever more slowly; calls another helper."""
    return math.log(1.0 + half(value))


def own_utility(target: int, posture: int, commitment: float, position: Position, weights: UtilityWeights) -> float:
    """Care about protection and the best option only, with threats softened."""
    c = FLOOR + (1.0 - FLOOR) * commitment
    staying = softened(position.threat) * position.protection + weights.economy_weight * position.dependence
    value = c * (staying + position.anchor) + (1.0 - c) * position.option
    value = value - weights.autonomy_price * c * c - half(position.fear) * (1.0 - c)
    value = value + weights.patron_threat_weight * position.patron_threat * (1.0 - c)
    return value if target == posture else value - weights.switching_cost


def own_forget(count: float, prior: float, forgetting: float) -> float:
    """Forget faster what is far from the prior."""
    distance = count - prior
    return prior + forgetting * distance / (1.0 + 0.01 * abs(distance))


def with_a_table(count: float, prior: float, forgetting: float) -> float:
    """Look a weight up in a dict of objects, which compiled code cannot."""
    return prior + TABLE["weight"][0] * forgetting * (count - prior)


def with_a_power(count: float, prior: float, forgetting: float) -> float:
    """Take a power, whose last bit may differ between engines."""
    weight: float = forgetting**1.5
    return prior + weight * (count - prior)


def power_of(value: float) -> float:
    """Take a power."""
    return value**2


def with_a_power_inside(count: float, prior: float, forgetting: float) -> float:
    """Take a power in a helper."""
    return prior + power_of(forgetting) * (count - prior)


def with_keywords(count: float, prior: float, forgetting: float) -> float:
    """Call a helper with a dict of keywords."""
    return keyworded(**{"count": count, "prior": prior, "forgetting": forgetting})


def keyworded(**given: Any) -> float:
    """Forget as usual."""
    return float(given["prior"] + given["forgetting"] * (given["count"] - given["prior"]))
