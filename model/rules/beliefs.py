"""Beliefs: a Beta reputation for capability and one for resolve, with evidence weighting.

Each belief is a pair of counts (alpha for good news, beta for bad) that forget towards the client's own prior
and grow with evidence. References: Jøsang & Ismail 2002 (the Beta reputation system); Škorić, de Hoogh & Zannone
2016 (evidence weighting of what others report); LeVeck & Narang 2017 (hard times excuse).

Every function is a plain scalar rule: no arrays, no agents, no randomness. All counts are in units of evidence.
"""

from __future__ import annotations

from typing import NamedTuple

STANDARD_INTENSITY = 2.0
"""The intensity at which evidence has just the size of its weight; a unit of measurement."""


class Counts(NamedTuple):
    """Evidence as it enters the counts: good and bad on capability, good and bad on resolve."""

    good_capability: float
    bad_capability: float
    good_resolve: float
    bad_resolve: float


def forget(count: float, prior: float, forgetting: float) -> float:
    """Return a count one month later, before new evidence: prior + lambda * (count - prior)."""
    return prior + forgetting * (count - prior)


def belief_mean(good: float, bad: float) -> float:
    """Return the mean of the Beta belief, m = alpha / (alpha + beta), 0 to 1."""
    return good / (good + bad)


def protection(capability: float, resolve: float) -> float:
    """Return pi = m_C * m_W, the probability that help comes and works."""
    return capability * resolve


def evidence_size(scale: float, weight: float, intensity: float) -> float:
    """Return the evidence in one signal, Omega * omega * intensity / 2."""
    return scale * weight * (intensity / STANDARD_INTENSITY)


def excused_weight(weight: float, excuse: float, burden: float) -> float:
    """Return the weight of an excusable signal, omega * (1 - gamma * h).

    A violation in hard times counts less than one in good times (LeVeck & Narang 2017).
    """
    return weight * (1.0 - excuse * burden)


def hard_times_loading(loading: float, shift: float, burden: float) -> float:
    """Return the loading on capability of an excusable signal, clip(l0 + delta * h, 0, 1).

    What is left of the blame may move from will to means; no study says how far, so delta is 0 by default.
    """
    return min(1.0, max(0.0, loading + shift * burden))


def cap_factor(total: float, cap: float) -> float:
    """Return the factor that scales evidence in proportion so that its sum stays within the cap."""
    return 1.0 if total <= cap else cap / total


class SimilarityWeights(NamedTuple):
    """What a shared pact, region and adversary count for, by default 1 each."""

    pact: float
    region: float
    adversary: float


def similarity(same_pact: bool, same_region: bool, same_adversary: bool, weights: SimilarityWeights) -> float:
    """Return how alike two clients are: the weighted mean of shared pact, region and adversary, 0 to 1."""
    total = weights.pact + weights.region + weights.adversary
    if total <= 0.0:
        return 0.0
    shared = weights.pact * same_pact + weights.region * same_region + weights.adversary * same_adversary
    return shared / total


def witness_share(witness_weight: float, similarity: float) -> float:
    """Return chi * sim, the share of another client's evidence that a witness takes.

    A negative share means that the evidence changes its sign (Henry 2020: seeing another abandoned does not
    always hurt); the caller swaps good and bad and uses the absolute value.
    """
    return witness_weight * similarity


def inherit(count: float, old_prior: float, new_prior: float, continuity: float) -> float:
    """Return a successor's count: its own prior plus the share of the predecessor's evidence it takes over."""
    return new_prior + continuity * (count - old_prior)
