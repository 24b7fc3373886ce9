"""Compute the statistics of results: paired differences, times to events, sensitivity, discovery."""
