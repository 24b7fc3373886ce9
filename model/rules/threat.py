"""Threats: from a client's adversaries, and from the patron itself (Walt 1985, balance of threat).

Levels are dimensionless, 0 to 1 once added up; impulses fade by a constant share a month.
"""

from __future__ import annotations

from typing import NamedTuple


def fade(level: float, memory: float) -> float:
    """Return what is left of an impulse one month later, memory * level."""
    return memory * level


def impulse(size: float, intensity: float) -> float:
    """Return what an event of intensity 1 to 3 adds to a level, size * intensity / 3."""
    return size * (intensity / 3.0)


def adversary_threat(base: float, level: float) -> float:
    """Return tau = min(1, tau0 + x), the threat from adversaries."""
    return min(1.0, base + level)


def patron_threat(level: float) -> float:
    """Return theta = min(1, y), the threat from the patron."""
    return min(1.0, level)


class ExposureWeights(NamedTuple):
    """What a border, bases and a diaspora count for, by default .4, .3 and .3."""

    border: float
    bases: float
    diaspora: float


def exposure(border: float, bases: float, diaspora: float, sub_state: bool, weights: ExposureWeights) -> float:
    """Return e = w_b border + w_m bases + w_d diaspora, at most 1, how far the patron can hurt a client.

    A sub-state is part of the patron, so its exposure is 1.
    """
    if sub_state:
        return 1.0
    return min(1.0, weights.border * border + weights.bases * bases + weights.diaspora * diaspora)


def invasion_impulse(size: float, exposure: float) -> float:
    """Return what an invasion of a neighbour by the patron adds to y, j_inv * e."""
    return size * exposure
