"""Run many runs at once: the compiled month and its tables."""
