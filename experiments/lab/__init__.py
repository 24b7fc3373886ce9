"""Move a figure of a scenario in a page, and see the whole ensemble move."""
