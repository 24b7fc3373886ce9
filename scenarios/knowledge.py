"""What was public when: the events of a scenario that somebody could have known in a month.

What happened and when it became known are two dates. A run of history is driven by the first. Whoever forecasts, or
learns from a part of history, may use only what was known by then.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from papertiger.scenarios.schema.scenario import Scenario


class Dated(Protocol):
    """Something that happened on a date and became public then or later."""

    @property
    def date(self) -> str:
        """When it happened, YYYY-MM or YYYY-MM-DD."""
        ...

    @property
    def known(self) -> str | None:
        """When it became public, YYYY-MM; blank where that is the month of its date."""
        ...


def known_in(dated: Dated) -> str:
    """Return the month, YYYY-MM, in which something became public: that of its date unless it says a later one."""
    return max(dated.date[:7], dated.known or "")


def known_by(scenario: Scenario, month: str) -> Scenario:
    """Return a scenario without the events that nobody knew in a month.

    Parameters
    ----------
    scenario
        A resolved scenario; it stays as it is.
    month
        The last month, YYYY-MM, of what is known; later events are left out, and earlier ones that came out later.
    """
    events = {name: event for name, event in scenario.events.items() if known_in(event) <= month}
    return scenario if len(events) == len(scenario.events) else scenario.model_copy(update={"events": events})
