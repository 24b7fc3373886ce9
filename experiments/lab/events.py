"""Write dated events, and the later situations of clients' courses, as the lab's page reads them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from papertiger.model.calendar import month_number
from papertiger.model.course import later_situations
from papertiger.model.events import is_known, is_replayed, is_switched_on
from papertiger.model.setting import NOBODY, SIGNAL, STRUCTURAL
from papertiger.scenarios.schema.events import NOT_INPUTS

if TYPE_CHECKING:
    from papertiger.model.setting import Setting
    from papertiger.scenarios.schema.events import Event
    from papertiger.scenarios.schema.scenario import Scenario

ANNOTATION_LACKS = ("loading", "answer", "means", "successor", "situation")
"""Fields of an event that have no meaning once it is background, so that a file that makes it so empties them."""


def events_of(scenario: Scenario, setting: Setting) -> dict[str, dict[str, Any]]:
    """Return what enters a run, by name; the page sorts it by date and name, as `papertiger.model.events` does.

    Parameters
    ----------
    scenario, setting
        A scenario with one patron, and the same in numbers.
    """
    dated: list[tuple[str, str, dict[str, Any]]] = []
    for name, event in scenario.events.items():
        if event.kind not in NOT_INPUTS and is_switched_on(event, scenario) and is_known(event, scenario):
            dated.append((event.date, name, _event(name, event, scenario, setting)))
    for place, (client, own) in enumerate(scenario.clients.items()):
        for month, situation in later_situations(own, scenario):
            name = f"the course of {client} from {month}"
            path = f"clients.{own.draws_as or client}.course."
            written = {
                "kind": STRUCTURAL["new_situation"],
                "client": place,
                "always": 1,
                "situation": [path, f".{month}", situation.treaty],
                "builds": int(_is_there(place, month, setting)),
            }
            dated.append((month, name, written))
    return {
        name: {"date": date, "month": month_number(date) - setting.first_month, **written}
        for date, name, written in sorted(dated, key=lambda one: one[:2])
        if 0 <= month_number(date) - setting.first_month < len(setting.months)
    }


def _is_there(place: int, date: str, setting: Setting) -> bool:
    return setting.clients[place].is_in_network(month_number(date) - setting.first_month)


def _event(name: str, event: Event, scenario: Scenario, setting: Setting) -> dict[str, Any]:
    """Return a dated event without its number and month."""
    place = NOBODY if event.client is None else list(scenario.clients).index(event.client)
    there = place != NOBODY and _is_there(place, event.date, setting)
    situation = event.situation
    optional = {
        "rival": None if event.rival is None else list(scenario.rivals).index(event.rival),
        "signal": None if event.kind in STRUCTURAL else list(scenario.signals).index(event.kind),
        "always": 1 if event.always else None,
        "unanswered": 1 if event.answer is not None else None,
        "adversary": event.adversary if event.adversary in scenario.adversaries else None,
        "air": None if event.means is None else float(event.means == "air"),
        "successor": 1 if event.successor is not None else None,
        "situation": None if situation is None else [f"events.{name}.situation.", "", situation.treaty],
        "builds": 1 if there and (event.always or is_replayed(event, scenario)) else None,
        "only": [field for field in ANNOTATION_LACKS if getattr(event, field) is not None] or None,
    }
    return {
        "kind": STRUCTURAL.get(event.kind, SIGNAL),
        "client": place,
        "what": event.what,
        "source": event.source if isinstance(event.source, str) else "; ".join((event.source or ())[:1]),
        **{key: value for key, value in optional.items() if value is not None},
    }
