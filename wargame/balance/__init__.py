"""Test whether the decisions of a game count: strategies of each seat against the rules and against each other's."""
