"""Against history: what was observed, what a model would have said, and by how much it was right or wrong."""
