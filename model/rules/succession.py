"""Succession: the hazard that a sub-state's leader must be replaced."""

from __future__ import annotations


def succession_hazard(base: float, health_weight: float, reports: float) -> float:
    """Return the chance per month of a succession, base + weight * intensity of the month's health reports."""
    return min(1.0, base + health_weight * reports)


def covert_chance(base: float, health_weight: float, reports: float) -> float:
    """Return the chance per review of taking up secret contacts, base (1 + weight * intensity of health reports)."""
    return min(1.0, base * (1.0 + health_weight * reports))
