"""Serve parallel games: one place to join for all groups, and the pages that are about all of them."""
