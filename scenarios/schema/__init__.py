"""Define what a scenario file may hold."""
