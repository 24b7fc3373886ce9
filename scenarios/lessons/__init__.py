"""Lessons: what a teacher says, asks and measures about a scenario, read from files beside the scenarios."""
