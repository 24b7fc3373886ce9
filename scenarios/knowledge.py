"""What was public when: the events of a scenario that somebody could have known in a month.

What happened and when it became known are two dates. A run of history is driven by the first. Whoever forecasts, or
learns from a part of history, may use only what was known by then.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from papertiger.scenarios.schema.actors import Protector
    from papertiger.scenarios.schema.figures import Series
    from papertiger.scenarios.schema.scenario import Scenario
    from papertiger.scenarios.schema.values import Part


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
    """Return a scenario as it could have been written in a month.

    Events that happened or came out later are left out, and so are later points of the series that record what went
    on in the world: the war's burden, income, the pressure on the patron's friends, the track with the main rival,
    and what assets are worth.

    Parameters
    ----------
    scenario
        A resolved scenario; it stays as it is.
    month
        The last month, YYYY-MM, of what is known.
    """
    cut = {
        "events": {name: event for name, event in scenario.events.items() if known_in(event) <= month},
        "war": _cut(scenario.war, "burden", month),
        "income": _cut(scenario.income, "index", month),
        "patron": _known_of(scenario.patron, month),
        "patrons": {
            name: _known_of(patron, month).model_copy(
                update={
                    "war": _cut(patron.war, "burden", month),
                    "income": _cut(patron.income, "index", month),
                }
            )
            for name, patron in scenario.patrons.items()
        },
    }
    known = scenario.model_copy(update=cut)
    return scenario if known == scenario else known


def _known_of[T: Protector](patron: T, month: str) -> T:
    """Return a patron without the later points of its series."""
    assets = {name: _cut(asset, "value", month) for name, asset in patron.assets.items()}
    return _cut(_cut(patron, "rival_track", month), "sanctions", month).model_copy(update={"assets": assets})


def _cut[T: Part](part: T, field: str, month: str) -> T:
    """Return a part without the later points of one of its series, whose first point always stays."""
    series: Series | None = getattr(part, field)
    if series is None:
        return part
    points = {at: value for at, value in series.points.items() if at <= month or at == min(series.points)}
    return part.model_copy(update={field: series.model_copy(update={"points": points})})
