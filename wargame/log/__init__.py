"""Keep a game as a log of records."""
