"""Succession: the hazard that a sub-state's leader must be replaced."""

from __future__ import annotations


def succession_hazard(base: float, health_weight: float, reports: float) -> float:
    """Return the chance per month of a succession, base + weight * intensity of the month's health reports."""
    return min(1.0, base + health_weight * reports)
