"""Answer the requests of browsers with pages."""
