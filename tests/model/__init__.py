"""Tests of the model: its rules, its months, and what the shipped scenarios show."""
