"""Lay out the course of a client: what it is at its entry, and the new situations that come later."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from papertiger.scenarios.schema.actors import Situation

if TYPE_CHECKING:
    from collections.abc import Iterator

    from papertiger.scenarios.schema.actors import Client
    from papertiger.scenarios.schema.scenario import Scenario

FIELDS = ("treaty", "border", "bases", "diaspora", "threat", "arms", "economy")
"""What a course may say month by month, beside the options."""


def first_month(client: Client, scenario: Scenario) -> str:
    """Return the month in which a client is first in the network, or the first one of the span."""
    return max(client.enters or scenario.span.start, scenario.span.start)


def at_entry(client: Client, scenario: Scenario) -> Client:
    """Return a client as it enters: what its course says by then takes the place of its own figures.

    Parameters
    ----------
    client
        As it stands towards one patron.
    scenario
        Whose span begins the course of those who are there from the start.
    """
    if client.course is None:
        return client
    entry, now = first_month(client, scenario), dict[str, Any]()
    for field in FIELDS:
        if so_far := [month for month in getattr(client.course, field) if month <= entry]:
            now[field] = getattr(client.course, field)[max(so_far)]
    options = dict(client.options)
    for rival, by_month in client.course.options.items():
        if so_far := [month for month in by_month if month <= entry]:
            options[rival] = by_month[max(so_far)]
    return client.model_copy(update={**now, "options": options})


def later_situations(client: Client, scenario: Scenario) -> Iterator[tuple[str, Situation]]:
    """Yield each month after a client's entry in which its course goes on, with what is new.

    Parameters
    ----------
    client, scenario
        The client, and the scenario that it is part of.
    """
    if client.course is None:
        return
    course, entry = client.course, first_month(client, scenario)
    months = {month for field in FIELDS for month in getattr(course, field)}
    months |= {month for by_month in course.options.values() for month in by_month}
    for month in sorted(month for month in months if month > entry):
        new = {field: getattr(course, field)[month] for field in FIELDS if month in getattr(course, field)}
        options = {rival: by_month[month] for rival, by_month in course.options.items() if month in by_month}
        yield month, Situation(**new, options=options)
