"""Score models against what clients did, beside what any model must beat."""
