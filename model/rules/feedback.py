"""Feedback: what lost clients cost the patron, and its war and income paths."""

from __future__ import annotations

from papertiger.model.elementary import exp


def budget(income: float, lost_assets: float, budget_feedback: float, succession_loss: float) -> float:
    """Return B = exp(x) * (1 - f_B * L) * (1 - loss by a contested succession), 1 in a normal month.

    Beyond a logarithm of 600 income counts no further, so that the budget is a number.
    """
    return exp(min(600.0, income)) * (1.0 - budget_feedback * lost_assets) * (1.0 - succession_loss)


def burden(war_burden: float, lost_assets: float, burden_feedback: float) -> float:
    """Return h = min(1, h_w + f_h * L), the war's burden, 0 to 1."""
    return min(1.0, war_burden + burden_feedback * lost_assets)


def next_income(income: float, persistence: float, noise: float, shock: float) -> float:
    """Return the logarithm of income a month later, an AR(1) process: persistence * x + noise * shock."""
    return persistence * income + noise * shock
