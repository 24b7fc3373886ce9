"""Tell how long events are waited for, and which thresholds no restricted mean time passes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from papertiger.model.calendar import month_number

if TYPE_CHECKING:
    from collections.abc import Iterable

    from papertiger.scenarios.schema.scenario import Scenario


def horizon_of(worlds: Iterable[Scenario]) -> int:
    """Return how many months all scenarios have: so long every event is waited for."""
    return min(month_number(world.span.end) - month_number(world.span.start) + 1 for world in worlds)


def beyond_horizon(threshold: float, horizon: int, *, above: bool) -> str | None:
    """Return what is wrong with a threshold of a time to an event, or None.

    Parameters
    ----------
    threshold
        Months, where scenario discovery tells points apart.
    horizon
        See `horizon_of`; a run in which the event does not happen counts with all of it.
    above
        Whether points above the threshold are looked for, or below it.
    """
    if threshold < horizon or (threshold == horizon and not above):
        return None
    reach = "below" if above else "up to"
    return (
        f"expected a number {reach} {horizon}, got {threshold:g}: a run in which the event does not happen counts "
        f"with all {horizon} months, and no restricted mean time is above that"
    )
