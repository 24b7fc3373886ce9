"""Outside options: the protection and the economy that each rival offers a client instead of the patron."""

from __future__ import annotations

from papertiger.model.rules.choice import REALIGNED


def base_protection(reach: float, openness: float, distance_reach: float, proximity: float, gap: float) -> float:
    """Return q0 = reach * openness_P * (d + (1 - d) prox) * gap, the protection a rival offers without any offer.

    d is the share of it that does not need the rival to be near.
    """
    return reach * openness * (distance_reach + (1.0 - distance_reach) * proximity) * gap


def base_economy(openness: float, proximity: float, size: float, gap: float) -> float:
    """Return O0 = openness_E * prox * size * gap, the economy a rival offers without any offer."""
    return openness * proximity * size * gap


def offered_protection(base: float, offers: float, share: float, lock_in: float, commitment: float) -> float:
    """Return q = min(1, (q0 + w_z z) * (1 + g * (1 - c))), with c the commitment of the present posture.

    w_z is what an offer is worth as protection, where it is worth 1 as economy.
    """
    return min(1.0, (base + share * offers) * (1.0 + lock_in * (1.0 - commitment)))


def offered_economy(base: float, offers: float, lock_in: float, commitment: float) -> float:
    """Return O = min(1, (O0 + z) * (1 + g * (1 - c))), with c the commitment of the present posture."""
    return min(1.0, (base + offers) * (1.0 + lock_in * (1.0 - commitment)))


def option_value(threat: float, protection: float, economy_weight: float, economy: float) -> float:
    """Return tau * q + b_E * O, the value of turning to one rival; V is the largest over all rivals."""
    return threat * protection + economy_weight * economy


def offer_hazard(rate: float, commitment: float, openness: float) -> float:
    """Return the chance per month that a rival raises its offer, rate * (1 - c) * openness."""
    return rate * (1.0 - commitment) * openness


def is_rejected(posture_before: int, posture_after: int) -> bool:
    """Tell whether a client that reviewed its posture turned the offer down: it took no step away.

    A client that has realigned has no step left to take, and is not turning anybody down by staying.
    """
    return posture_after <= posture_before and posture_after != REALIGNED
