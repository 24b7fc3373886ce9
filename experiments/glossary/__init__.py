"""Define every number that a command or a report prints: one name, one unit, one definition."""
