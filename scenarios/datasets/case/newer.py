"""Keep apart what a case would say if the schema had a field for it; the schema switches each on.

Whoever adds such a field to the schema changes nothing else: what is known is asked of the schema itself.
"""

from __future__ import annotations

from typing import Any

from papertiger.scenarios.observed.schema import Observed
from papertiger.scenarios.schema.actors import Client
from papertiger.scenarios.schema.events import STRUCTURAL_KINDS, Event

HAS_ANSWER = "answer" in Event.model_fields
"""Whether an attack can say that nobody knows how the patron answered."""
HAS_LEAVES = "leaves" in Client.model_fields
"""Whether a client can leave the network."""
HAS_EVERY = "every" in Observed.model_fields
"""Whether postures can be observed by year."""
HAS_COURSE = "course" in Client.model_fields
"""Whether a client's figures can go on by month."""
HAS_LEADER_CHANGE = "leader_change" in STRUCTURAL_KINDS
"""Whether a new ruler is a kind of event of its own."""
HAS_RIVAL_PLEDGE = "rival_pledge" in STRUCTURAL_KINDS
"""Whether a rival's pledge is a kind of event of its own."""


def unanswered(event: dict[str, Any]) -> dict[str, Any]:
    """Return an attack in whose dispute the patron was no party: that is no abandonment."""
    return {**event, "answer": "no_party"} if HAS_ANSWER else event


def leaving(client: dict[str, Any], month: str) -> dict[str, Any]:
    """Return a client that is no more watched, or no more there, from a month on."""
    return {**client, "leaves": month} if HAS_LEAVES else client


def by_year(observed: dict[str, Any]) -> dict[str, Any]:
    """Return observations of one look a year."""
    return {**observed, "every": "12 months"} if HAS_EVERY else observed


def new_ruler(event: dict[str, Any], intensity: float) -> dict[str, Any]:
    """Return an irregular change of rulers: a cause of a break, or a note where there is none."""
    if HAS_LEADER_CHANGE:
        return {**event, "kind": "leader_change", "intensity": intensity}
    return {**event, "kind": "background"}


def sanction(event: dict[str, Any], signals: tuple[str, ...]) -> dict[str, Any]:
    """Return a sanction as a signal of its own where the table has one, else as coercion."""
    kind = next((name for name in ("sanction", "sanctions") if name in signals), "coercion")
    return {**event, "kind": kind}


def course_of(figures: dict[str, dict[str, Any]], source: str, why: str) -> dict[str, Any] | None:
    """Return how a client's figures go on, by field and month; None where the schema has no such thing."""
    if not HAS_COURSE or not any(figures.values()):
        return None
    given = {name: by_month for name, by_month in figures.items() if by_month}
    return {**given, "source": source, "why": why}


def left_out() -> list[str]:
    """Return what the present schema cannot say, for the list of what is missing."""
    said: list[str] = []
    if not HAS_ANSWER:
        said.append("an attack in whose dispute the patron was no party becomes abandonment: no field says otherwise")
    if not HAS_LEAVES:
        said.append("clients that are no more, or no more clients, stay in the network")
    if not HAS_EVERY:
        said.append("postures are known by year and stand in December, so each first half-year looks like a stay")
    if not HAS_LEADER_CHANGE:
        said.append("irregular changes of rulers are notes: no kind of event makes a break of them")
    if not HAS_COURSE:
        said.append("shares of arms are those at entry: no field takes them on from year to year")
    return said
