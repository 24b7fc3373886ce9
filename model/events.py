"""Turn the dated events of a scenario into numbers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from papertiger.model.actors import dependences, situation_outlook, structure, successor_outlook
from papertiger.model.calendar import month_number
from papertiger.model.course import later_situations
from papertiger.model.setting import NOBODY, SIGNAL, STRUCTURAL, ClientSetting, DatedEvent, SignalSetting
from papertiger.scenarios.knowledge import known_in
from papertiger.scenarios.schema.events import NOT_INPUTS, Event

if TYPE_CHECKING:
    from collections.abc import Callable

    from papertiger.model.constants import Constants
    from papertiger.model.sampling import FigureReader
    from papertiger.scenarios.schema.scenario import Scenario


def is_switched_on(event: Event, scenario: Scenario) -> bool:
    """Tell whether the switches that an event names let it happen."""
    if event.only_if is not None and not scenario.switches[event.only_if].value:
        return False
    return event.unless is None or not scenario.switches[event.unless].value


def is_known(event: Event, scenario: Scenario) -> bool:
    """Tell whether an event was public before the world goes on by rule: a forecast starts from what was known."""
    begins = scenario.generative_from
    return begins is None or not event.date[:7] < begins <= known_in(event)


def is_replayed(event: Event, scenario: Scenario) -> bool:
    """Tell whether an event comes in a month that history drives."""
    if scenario.mode == "generative":
        return False
    return scenario.generative_from is None or event.date[:7] < scenario.generative_from


def _courses(scenario: Scenario) -> dict[str, tuple[Event, Callable[[str], str]]]:
    """Return the new situations of the courses of clients as events, by name, and the path of each of their figures.

    A course is given like the war's, so that it goes on in generative months.
    """
    courses: dict[str, tuple[Event, Callable[[str], str]]] = {}
    for name, client in scenario.clients.items():
        for month, situation in later_situations(client, scenario):
            what = f"the course of {name} from {month}"
            event = Event(date=month, kind="new_situation", client=name, situation=situation, always=True, what=what)
            courses[what] = event, _path_in_course(client.draws_as or name, month)
    return courses


def _path_in_course(key: str, month: str) -> Callable[[str], str]:
    return lambda field: f"clients.{key}.course.{field}.{month}"


def _from_air(event: Event, client: ClientSetting | None) -> float:
    """Return the chance that an attack comes from the air: what its means say, or else the client's share."""
    if event.means is not None:
        return float(event.means == "air")
    return 1.0 if client is None else client.air_attacks


def dated_events(
    scenario: Scenario,
    clients: tuple[ClientSetting, ...],
    signals: tuple[SignalSetting, ...],
    constants: Constants,
    figure: FigureReader,
    first: int,
    length: int,
) -> tuple[DatedEvent, ...]:
    """Return the dated events that enter a run, in the order in which they happen.

    Parameters
    ----------
    scenario
        What is read.
    clients, signals
        In numbers already.
    constants, figure
        Constants of the run, and who reads figures.
    first, length
        Number of the first month, and how many months.
    """
    client_index = {client.name: index for index, client in enumerate(clients)}
    rival_index = {name: index for index, name in enumerate(scenario.rivals)}
    signal_index = {signal.name: index for index, signal in enumerate(signals)}
    outlooks = {client.name: client.outlook for client in clients}
    depends = dependences(scenario, figure)
    structures = {name: structure(name, scenario, figure) for name in scenario.clients}
    dated: list[DatedEvent] = []
    courses = _courses(scenario)

    def where(name: str) -> Callable[[str], str]:
        return courses[name][1] if name in courses else lambda field: f"events.{name}.situation.{field}"

    happening = [*scenario.events.items(), *((name, event) for name, (event, _) in courses.items())]
    for name, event in sorted(happening, key=lambda item: (item[1].date, item[0])):
        month = month_number(event.date) - first
        if event.kind in NOT_INPUTS or not 0 <= month < length or not is_switched_on(event, scenario):
            continue
        if name not in courses and not is_known(event, scenario):
            continue
        outlook, continuity = None, 0.0
        if event.successor is not None and event.client is not None:
            outlook, depends[event.client] = successor_outlook(
                event.successor,
                name,
                outlooks[event.client],
                depends[event.client],
                scenario,
                constants,
                figure,
            )
            outlooks[event.client] = outlook
            continuity = figure(f"events.{name}.successor.continuity", event.successor.continuity)
        if event.situation is not None and event.client is not None:
            outlook, changed = situation_outlook(
                event.situation,
                scenario.clients[event.client],
                where(name),
                outlooks[event.client],
                structures[event.client],
                scenario,
                constants,
                figure,
            )
            # What comes later builds on it only where it happens, and to a client that is in the network by then.
            there = clients[client_index[event.client]].is_in_network(month)
            if there and (event.always or is_replayed(event, scenario)):
                outlooks[event.client], structures[event.client] = outlook, changed
        adversary = scenario.adversaries.get(event.adversary or "")
        dated.append(
            DatedEvent(
                name=name,
                month=month,
                kind=STRUCTURAL.get(event.kind, SIGNAL),
                client=NOBODY if event.client is None else client_index[event.client],
                rival=NOBODY if event.rival is None else rival_index[event.rival],
                intensity=2.0 if name in courses else figure(f"events.{name}.intensity", event.intensity),
                signal=signal_index.get(event.kind, NOBODY),
                loading=None if event.loading is None else figure(f"events.{name}.loading", event.loading),
                always=event.always,
                outlook=outlook,
                continuity=continuity,
                clash=figure(f"adversaries.{event.adversary}.clash", adversary.clash) if adversary else 0.0,
                answer_known=event.answer is None,
                from_air=_from_air(event, clients[client_index[event.client]] if event.client is not None else None),
            )
        )
    return tuple(dated)
