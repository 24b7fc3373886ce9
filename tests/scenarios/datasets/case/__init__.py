"""Tests of cases from data."""
