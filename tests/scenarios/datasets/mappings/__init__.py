"""Tests of how event data become events of a scenario."""
