"""Replay a game through the model."""
