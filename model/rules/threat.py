"""Threats: from a client's adversaries, and from the patron itself (Walt 1985, balance of threat).

Levels are dimensionless, 0 to 1 once added up; impulses fade by a constant share a month.
"""

from __future__ import annotations


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


def exposure(border: float, bases: float, diaspora: float, sub_state: bool) -> float:
    """Return e = .4 border + .3 bases + .3 diaspora, how far the patron can hurt a client; 1 for a sub-state."""
    if sub_state:
        return 1.0
    return 0.4 * border + 0.3 * bases + 0.3 * diaspora


def invasion_impulse(size: float, exposure: float) -> float:
    """Return what an invasion of a neighbour by the patron adds to y, j_inv * e."""
    return size * exposure
