"""Patronage: how the patron spreads its attention, whom it helps, and whether that works."""

from __future__ import annotations

from typing import NamedTuple

from papertiger.model.elementary import exp, log
from papertiger.model.rules.choice import LOYAL


def attention_weight(focus: float, value: float) -> float:
    """Return exp(eta * value), what one claim on the patron's attention weighs before the shares are taken.

    Beyond an exponent of 600 the weight stays the same, so that the sum of all weights is a number.
    """
    return exp(min(600.0, focus * value))


def war_value(war_attention: float, burden: float) -> float:
    """Return the value of the war as a claim on attention, 3 h by default."""
    return war_attention * burden


class Plea(NamedTuple):
    """What counts for a call for help: shares of attention, B, the clash with the main rival, and trust.

    ``attention`` is the client's share of attention and ``even_attention`` what each would get if all were alike.
    """

    attention: float
    even_attention: float
    budget: float
    clash: float
    trust: float


class HelpWeights(NamedTuple):
    """The constants of the answer to a call for help: eta0 to eta3."""

    base: float
    attention_weight: float
    clash_weight: float
    trust_weight: float


def help_probability(plea: Plea, weights: HelpWeights) -> float:
    """Return P(help | crisis), a logistic in the capacity given to the client, the clash and the trust in it.

    logistic(eta0 + eta1 ln(B a_i / a_even) - eta2 clash + eta3 (trust - 1/2)). The default constants put the rate
    at which commitments are honoured without a war between .2 and .7, where the literature has it (Leeds, Long &
    Mitchell 2000; Berkemeier & Fuhrmann 2018). That trust counts from 1/2 on is no judgement: eta0 takes up any
    other middle.
    """
    capacity = log(max(plea.budget * plea.attention / plea.even_attention, 1e-9))
    log_odds = (
        weights.base
        + weights.attention_weight * capacity
        - weights.clash_weight * plea.clash
        + weights.trust_weight * (plea.trust - 0.5)
    )
    return 1.0 / (1.0 + exp(-min(700.0, max(-700.0, log_odds))))


def help_works_probability(base: float, budget: float, burden: float, distraction: float) -> float:
    """Return the chance that help works, clip(base * B * (1 - d_H h), 0, 1)."""
    return min(1.0, max(0.0, base * budget * (1.0 - distraction * burden)))


def systems_hold_probability(base: float, support_loss: float, missing_support: float) -> float:
    """Return the chance that supplied air defence holds, base * (1 - loss * missing support)."""
    return base * (1.0 - support_loss * missing_support)


def coercion_hazard(rate: float, exposure: float, posture: int, growth: float) -> float:
    """Return the chance per month that the patron coerces a client below loyal, rate * e * (1 + growth * p)."""
    if posture == LOYAL:
        return 0.0
    return min(1.0, rate * exposure * (1.0 + growth * posture))


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


def crisis_intensity(luck: float, largest: float) -> float:
    """Return the intensity of a crisis, a whole number from 1 to the largest, all equally likely.

    Parameters
    ----------
    luck
        A uniform draw, 0 <= luck < 1.
    largest
        1 to 3.
    """
    return 1.0 + int(largest * luck)
