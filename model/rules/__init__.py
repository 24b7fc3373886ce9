"""Compute one quantity a function: the formulas of a month."""
