"""Code what clients did as postures by half-year."""
