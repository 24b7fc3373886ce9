"""Read lessons: what a teacher says, asks and measures about a scenario, from files beside the scenarios."""
