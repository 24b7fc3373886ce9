"""Choice: a logit over neighbouring postures of the ladder.

Postures are numbered 0 (loyal) to 4 (realigned). Utilities are in units of the economy term (b_E = 1).
Sources: Morrow 1991 (autonomy against security), Walt 1985 (threat), Granovetter 1978 (contagion).
"""

from __future__ import annotations

from typing import NamedTuple

from papertiger.model.elementary import exp

LOYAL, HEDGING, DISTANCING, SUSPENDED, REALIGNED = 0, 1, 2, 3, 4


class Rungs(NamedTuple):
    """Commitments between the ladder's ends, by default .75, .5 and .25; at the ends they are 1 and 0."""

    hedging: float
    distancing: float
    suspended: float


class Position(NamedTuple):
    """How a client stands when it weighs its postures.

    ``threat`` and ``patron_threat`` are tau and theta, ``protection`` pi, ``dependence`` D, ``anchor`` a_i,
    ``option`` V and ``option_economy`` O_k*, the economy that the best rival offers; ``fear`` is F, ``pressure`` psi,
    the pressure on whoever stands with the patron, and ``defected_peers`` s, the similarity-weighted share of other
    clients at suspended or beyond.
    """

    threat: float
    protection: float
    dependence: float
    anchor: float
    option: float
    option_economy: float
    patron_threat: float
    fear: float
    pressure: float
    defected_peers: float


class UtilityWeights(NamedTuple):
    """The constants of the utility: b_E, b_A, b_theta, b_S, b_N, kappa, kappa_x and, of the anchor, A."""

    economy_weight: float
    autonomy_price: float
    patron_threat_weight: float
    standing_cost: float
    contagion: float
    switching_cost: float
    realignment_cost: float
    anchoring: float


def commitment(posture: int, rungs: Rungs) -> float:
    """Return c, the commitment to the patron of a posture, 1 at loyal down to 0 at realigned."""
    if posture == LOYAL:
        return 1.0
    if posture == HEDGING:
        return rungs.hedging
    if posture == DISTANCING:
        return rungs.distancing
    if posture == SUSPENDED:
        return rungs.suspended
    return 0.0


def dependence(arms: float, economy: float, arms_weight: float) -> float:
    """Return D = w arms + (1 - w) economy, how far a client depends on its patron, 0 to 1."""
    return arms_weight * arms + (1.0 - arms_weight) * economy


def last_posture(posture: int, sub_state: bool) -> int:
    """Return the farthest posture that a client may step to.

    A sub-state has only loyal and hedging; who is beyond already may stay there. All others have the whole ladder.
    """
    return max(posture, HEDGING) if sub_state else REALIGNED


def anchor(commitment: float, first: Position, weights: UtilityWeights) -> float:
    """Return a_i, which puts a client in balance at its first posture, without any event or war.

    a = 2 b_A c0 - 2 F0 (1 - c0) - A (tau0 pi0 + b_E D - V0). At A = 1 the levels of threat, protection, dependence
    and options are taken out whole, and only what changes them moves the client; at A = 0 they count in full. At
    the top of the ladder the anchor can only add, at its end only take away, since there the balance need not be
    interior.

    Parameters
    ----------
    commitment
        c0, of the first posture.
    first
        Where the client stands before anything happens; its anchor is not read.
    weights
        Constants of the utility.
    """
    value = (
        2.0 * weights.autonomy_price * commitment
        - 2.0 * first.fear * (1.0 - commitment)
        - weights.anchoring
        * (first.threat * first.protection + weights.economy_weight * first.dependence - first.option)
    )
    if commitment >= 1.0:
        return max(0.0, value)
    if commitment <= 0.0:
        return min(0.0, value)
    return value


def utility(target: int, posture: int, commitment: float, position: Position, weights: UtilityWeights) -> float:
    """Return U(a), the utility of a posture for a client.

    U = c (tau pi + b_E D + a_i) + (1 - c) V - b_A c^2 + b_theta theta (1 - c) - (1 - c)^2 F - b_S psi O_k* c
    + b_N s (1 - c) - kappa [a != p] - kappa_x [p = 3, a = 4].

    Parameters
    ----------
    target, posture
        Posture considered, and the present one, 0 to 4.
    commitment
        c of the target, 0 to 1.
    position
        Where the client stands.
    weights
        Constants of the utility; kappa and kappa_x are 0 for a successor, which moves without cost.
    """
    c = commitment
    away = 1.0 - c
    value = c * (
        position.threat * position.protection + weights.economy_weight * position.dependence + position.anchor
    )
    value = value + away * position.option
    value = value - weights.autonomy_price * (c * c)
    value = value + weights.patron_threat_weight * position.patron_threat * away
    value = value - away * away * position.fear
    value = value - weights.standing_cost * position.pressure * position.option_economy * c
    value = value + weights.contagion * position.defected_peers * away
    if target != posture:
        value = value - weights.switching_cost
    if posture == SUSPENDED and target == REALIGNED:
        value = value - weights.realignment_cost
    return value


def logit_weight(utility: float, best: float, noise: float) -> float:
    """Return the unnormalised probability of an alternative, exp((U - U_best) / mu), 0 to 1."""
    return exp((utility - best) / noise)
