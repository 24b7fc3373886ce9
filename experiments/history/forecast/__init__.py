"""Forecast postures from a month on, and keep what was forecast."""
