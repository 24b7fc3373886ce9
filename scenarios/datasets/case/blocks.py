"""Write the parts of a case that several of its data sets have in common: attacks, leaving, rulers, courses."""

from __future__ import annotations

from typing import Any


def unanswered(event: dict[str, Any]) -> dict[str, Any]:
    """Return an attack in whose dispute the patron was no party: that is no abandonment."""
    return {**event, "answer": "no_party"}


def leaving(client: dict[str, Any], month: str) -> dict[str, Any]:
    """Return a client that is no more watched, or no more there, from a month on."""
    return {**client, "leaves": month}


def by_year(observed: dict[str, Any]) -> dict[str, Any]:
    """Return observations of one look a year."""
    return {**observed, "every": "12 months"}


def new_ruler(event: dict[str, Any], intensity: float) -> dict[str, Any]:
    """Return an irregular change of rulers, a cause of a break."""
    return {**event, "kind": "leader_change", "intensity": intensity}


def course_of(figures: dict[str, dict[str, Any]], source: str, why: str) -> dict[str, Any] | None:
    """Return how a client's figures go on, by field and month; None where none of them does."""
    given = {name: by_month for name, by_month in figures.items() if by_month}
    return {**given, "source": source, "why": why} if given else None
