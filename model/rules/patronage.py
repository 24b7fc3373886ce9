"""Patronage: how the patron spreads its attention, whom it helps, and whether that works."""

from __future__ import annotations

import math


def attention_weight(focus: float, value: float) -> float:
    """Return exp(eta * value), what one claim on the patron's attention weighs before the shares are taken.

    Beyond an exponent of 600 the weight stays the same, so that the sum of all weights is a number.
    """
    return math.exp(min(600.0, focus * value))


def war_value(war_attention: float, burden: float) -> float:
    """Return the value of the war as a claim on attention, 3 h by default."""
    return war_attention * burden


def help_probability(
    attention: float,
    even_attention: float,
    budget: float,
    clash: float,
    trust: float,
    base: float,
    attention_weight: float,
    clash_weight: float,
    trust_weight: float,
) -> float:
    """Return P(help | crisis), a logistic in the capacity given to the client, the clash and the trust in it.

    logistic(eta0 + eta1 ln(B a_i / a_even) - eta2 clash + eta3 (trust - 1/2)). The default constants put the rate
    at which commitments are honoured without a war between .2 and .7, where the literature has it (Leeds, Long &
    Mitchell 2000; Berkemeier & Fuhrmann 2018).
    """
    capacity = math.log(max(budget * attention / even_attention, 1e-9))
    log_odds = base + attention_weight * capacity - clash_weight * clash + trust_weight * (trust - 0.5)
    return 1.0 / (1.0 + math.exp(-min(700.0, max(-700.0, log_odds))))


def help_works_probability(base: float, budget: float, burden: float) -> float:
    """Return the chance that help works, clip(base * B * (1 - h / 2), 0, 1)."""
    return min(1.0, max(0.0, base * budget * (1.0 - burden / 2.0)))


def systems_hold_probability(base: float, support_loss: float, missing_support: float) -> float:
    """Return the chance that supplied air defence holds, base * (1 - loss * missing support)."""
    return base * (1.0 - support_loss * missing_support)


def coercion_hazard(rate: float, exposure: float, posture: int) -> float:
    """Return the chance per month that the patron coerces a client below loyal, rate * e * (1 + p)."""
    if posture == 0:
        return 0.0
    return min(1.0, rate * exposure * (1.0 + posture))


def claim_hazard(rate: float, border: float, burden: float) -> float:
    """Return the chance per month of a claim on a neighbour's territory; it rises with the war it serves."""
    return rate * border * burden


def criticism_hazard(rate: float, track_value: float, clash: float) -> float:
    """Return the chance per month of public criticism; it rises with the value of the track with the main rival."""
    return min(1.0, rate * track_value * clash)


def courting_hazard(rate: float, worth: float) -> float:
    """Return the chance per month that the patron courts a client's adversary; it rises with that one's worth."""
    return rate * worth


def support_lapse_hazard(rate: float, burden: float) -> float:
    """Return the chance per month that technical support lapses: the war takes what it would need."""
    return rate * burden


def support_delivery_hazard(rate: float, budget: float, attention: float, even_attention: float) -> float:
    """Return the chance per month that support is delivered; it rises with the capacity given to the client."""
    return min(1.0, rate * budget * attention / even_attention)


def crisis_hazard(rate: float, threat: float) -> float:
    """Return the chance per month that a threat comes due, rate * tau."""
    return rate * threat
