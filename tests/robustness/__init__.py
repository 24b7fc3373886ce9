"""Promises of robustness that are kept by generators, not by examples."""
