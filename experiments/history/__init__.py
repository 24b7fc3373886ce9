"""Hold the model against history: what was observed, what it would have said, and how wrong it was."""
