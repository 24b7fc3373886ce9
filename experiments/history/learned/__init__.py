"""Try constants that were learned from other patrons on one that nothing was learned from."""
