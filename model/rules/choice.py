"""Choice: a logit over neighbouring postures of the ladder.

Postures are numbered 0 (loyal) to 4 (realigned). Utilities are in units of the economy term (b_E = 1).
Sources: Morrow 1991 (autonomy against security), Walt 1985 (threat), Granovetter 1978 (contagion).
"""

from __future__ import annotations

import math

LOYAL, HEDGING, DISTANCING, SUSPENDED, REALIGNED = 0, 1, 2, 3, 4


def commitment(posture: int) -> float:
    """Return c, the commitment to the patron of a posture: 1, .75, .5, .25, 0."""
    return 1.0 - 0.25 * posture


def last_posture(posture: int, sub_state: bool, defence_pact: bool, ladder_needs_pact: bool) -> int:
    """Return the farthest posture that a client may step to.

    A sub-state has only loyal and hedging. Without a defence pact there is nothing to suspend, so steps away end
    at distancing, unless the scenario lifts that. Who is beyond already may stay there.
    """
    if sub_state:
        return max(posture, HEDGING)
    if ladder_needs_pact and not defence_pact:
        return max(posture, DISTANCING)
    return REALIGNED


def retaliation_fear(weight: float, exposure: float, capability: float, burden: float) -> float:
    """Return F = phi * e * m_C * (1 - h / 2): fear of retaliation falls as the patron looks weaker or busier."""
    return weight * exposure * capability * (1.0 - burden / 2.0)


def anchor(
    first_commitment: float,
    autonomy_price: float,
    first_fear: float,
    first_threat: float,
    first_protection: float,
    economy_weight: float,
    dependence: float,
    first_option: float,
) -> float:
    """Return a_i, which puts a client in balance at its first posture, without any event or war.

    a = 2 b_A c0 - 2 F0 (1 - c0) - (tau0 pi0 + b_E D - V0). At the top of the ladder it can only add, at its end
    only take away, since there the balance need not be interior.
    """
    value = (
        2.0 * autonomy_price * first_commitment
        - 2.0 * first_fear * (1.0 - first_commitment)
        - (first_threat * first_protection + economy_weight * dependence - first_option)
    )
    if first_commitment >= 1.0:
        return max(0.0, value)
    if first_commitment <= 0.0:
        return min(0.0, value)
    return value


def utility(
    target: int,
    posture: int,
    commitment: float,
    threat: float,
    protection: float,
    dependence: float,
    anchor: float,
    option: float,
    option_economy: float,
    patron_threat: float,
    fear: float,
    burden: float,
    defected_peers: float,
    economy_weight: float,
    autonomy_price: float,
    patron_threat_weight: float,
    standing_cost: float,
    contagion: float,
    switching_cost: float,
    realignment_cost: float,
) -> float:
    """Return U(a), the utility of a posture for a client.

    U = c (tau pi + b_E D + a_i) + (1 - c) V - b_A c^2 + b_theta theta (1 - c) - (1 - c)^2 F - b_S h O_k* c
    + b_N s (1 - c) - kappa [a != p] - kappa_x [p = 3, a = 4].

    Parameters
    ----------
    target, posture
        Posture considered, and the present one, 0 to 4.
    commitment
        c of the target, 0 to 1.
    threat, patron_threat
        tau and theta, 0 to 1.
    protection, dependence, option, option_economy
        pi, D, V and the economy that the best rival offers, O_k*.
    anchor, fear
        a_i and F.
    burden, defected_peers
        h, and the similarity-weighted share of other clients at suspended or beyond, 0 to 1.
    economy_weight, autonomy_price, patron_threat_weight, standing_cost, contagion
        b_E, b_A, b_theta, b_S, b_N.
    switching_cost, realignment_cost
        kappa and kappa_x.
    """
    c = commitment
    away = 1.0 - c
    value = c * (threat * protection + economy_weight * dependence + anchor)
    value = value + away * option
    value = value - autonomy_price * (c * c)
    value = value + patron_threat_weight * patron_threat * away
    value = value - away * away * fear
    value = value - standing_cost * burden * option_economy * c
    value = value + contagion * defected_peers * away
    if target != posture:
        value = value - switching_cost
    if posture == 3 and target == 4:
        value = value - realignment_cost
    return value


def logit_weight(utility: float, best: float, noise: float) -> float:
    """Return the unnormalised probability of an alternative, exp((U - U_best) / mu), 0 to 1."""
    return math.exp((utility - best) / noise)
