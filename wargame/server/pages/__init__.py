"""Answer requests with pages."""
