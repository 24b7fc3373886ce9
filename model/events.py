"""Turn the dated events of a scenario into numbers."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from papertiger.model.actors import (
    dependences,
    holders,
    moved_ties,
    situation_outlook,
    structure,
    successor_outlook,
)
from papertiger.model.calendar import month_number
from papertiger.model.course import later_situations
from papertiger.model.setting import NOBODY, SIGNAL, STRUCTURAL, ClientSetting, DatedEvent, SignalSetting
from papertiger.scenarios.bonds import bond_rows, bonds_of_client, patrons_of, reached_by
from papertiger.scenarios.knowledge import known_in
from papertiger.scenarios.schema.events import NOT_INPUTS, Event

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from papertiger.model.actors import Structure
    from papertiger.model.constants import Constants
    from papertiger.model.sampling import FigureReader
    from papertiger.model.setting import Outlook
    from papertiger.scenarios.bonds import BondRow
    from papertiger.scenarios.schema.actors import Situation, Successor
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
    for row in bond_rows(scenario).values():
        for month, situation in later_situations(row.own, scenario):
            what = f"the course of {row.name} from {month}"
            event = Event(
                date=month,
                kind="new_situation",
                client=row.client,
                patron=row.patron,
                situation=situation,
                always=True,
                what=what,
            )
            courses[what] = event, _path_in_course(row, month)
    return courses


def _path_in_course(row: BondRow, month: str) -> Callable[[str], str]:
    return lambda field: row.path(f"course.{field}.{month}")


def _reached(name: str, event: Event, courses: Mapping[str, object], scenario: Scenario) -> list[BondRow | None]:
    """Return the bonds that an event reaches; a network-wide one reaches none in particular."""
    if event.client is None:
        return [None]
    rows = reached_by(event, scenario)
    if name in courses:  # each bond has a course of its own, with what is the client's in it
        return [row for row in rows if row.patron == event.patron]
    if event.situation is not None and not (event.situation.options or event.situation.threat is not None):
        return [row for row in rows if _is_about(event, row, scenario)]
    return [*rows]


def _is_about(event: Event, row: BondRow, scenario: Scenario) -> bool:
    """Tell whether an event that says something of one patron says it of this bond's."""
    assert event.client is not None
    return row.patron == (event.patron or bonds_of_client(event.client, scenario)[0].patron)


def _of_all(successor: Successor) -> Successor:
    """Return what a successor is to the patrons that its event does not speak of."""
    of_one = ("exposure", "arms", "economy", "prior_capability", "prior_resolve")
    return successor.model_copy(update=dict.fromkeys(of_one))


def _of_all_bonds(situation: Situation) -> Situation:
    """Return what a new situation is to the patrons that its event does not speak of."""
    return situation.model_copy(update=dict.fromkeys(("treaty", "border", "bases", "diaspora", "arms", "economy")))


@dataclass
class Standing:
    """How clients stand towards their patrons as events go by: outlooks, dependences and structures by bond."""

    outlooks: dict[str, Outlook]
    depends: dict[str, tuple[float, float]]
    structures: dict[str, Structure]

    def succeed(
        self,
        name: str,
        successor: Successor,
        row: BondRow,
        event: Event,
        scenario: Scenario,
        constants: Constants,
        figure: FigureReader,
    ) -> Outlook:
        """Let a successor take office, and return its outlook on one patron.

        Parameters
        ----------
        name, successor
            Of the event.
        row, event
            The bond, and the regime loss, which speaks of one patron.
        scenario, constants, figure
            What is read, and by whom.
        """
        about = _is_about(event, row, scenario)
        outlook, self.depends[row.name] = successor_outlook(
            successor if about else _of_all(successor),
            name,
            self.outlooks[row.name],
            self.depends[row.name],
            scenario,
            constants,
            figure,
        )
        if not about:
            outlook = self._beside(outlook, name, successor, row, event, scenario, figure)
        self.outlooks[row.name] = outlook
        return outlook

    def _beside(
        self,
        outlook: Outlook,
        name: str,
        successor: Successor,
        row: BondRow,
        event: Event,
        scenario: Scenario,
        figure: FigureReader,
    ) -> Outlook:
        """Return an outlook on another patron than the event's, whose shares leave this one less or more."""
        patron = event.patron or bonds_of_client(row.client, scenario)[0].patron
        place = 1 + holders(scenario).index(patron)
        where = f"events.{name}.successor"
        if successor.arms is not None:
            ties = moved_ties(outlook.arms_ties, place, figure(f"{where}.arms", successor.arms))
            outlook = replace(outlook, arms_ties=ties)
        if successor.economy is not None:
            ties = moved_ties(outlook.economy_ties, place, figure(f"{where}.economy", successor.economy))
            outlook = replace(outlook, economy_ties=ties)
        self.depends[row.name] = outlook.arms_ties[0], outlook.economy_ties[0]
        return outlook


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
    rows = {(row.client, row.patron): index for index, row in enumerate(bond_rows(scenario).values())}
    holder_index = {name: index for index, name in enumerate(holders(scenario))}
    patron_index = {name: index for index, name in enumerate(patrons_of(scenario))}
    signal_index = {signal.name: index for index, signal in enumerate(signals)}
    stands = Standing(
        {client.name: client.outlook for client in clients},
        dependences(scenario, figure),
        {name: structure(row, scenario, figure) for name, row in bond_rows(scenario).items()},
    )
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
        reached = _reached(name, event, courses, scenario)
        for row in reached:
            place = NOBODY if row is None else rows[row.client, row.patron]
            outlook, continuity = None, 0.0
            if event.successor is not None and row is not None:
                outlook = stands.succeed(name, event.successor, row, event, scenario, constants, figure)
                continuity = figure(f"events.{name}.successor.continuity", event.successor.continuity)
            if event.situation is not None and row is not None:
                situation = event.situation if _is_about(event, row, scenario) else _of_all_bonds(event.situation)
                outlook, changed = situation_outlook(
                    situation,
                    row.own,
                    where(name),
                    stands.outlooks[row.name],
                    stands.structures[row.name],
                    scenario,
                    constants,
                    figure,
                )
                # What comes later builds on it only where it happens, and to a client in the network by then.
                there = clients[place].is_in_network(month)
                if there and (event.always or is_replayed(event, scenario)):
                    stands.outlooks[row.name], stands.structures[row.name] = outlook, changed
            adversary = scenario.adversaries.get(event.adversary or "")
            owed = row is None or event.patron in (None, row.patron)
            dated.append(
                DatedEvent(
                    name=name,
                    month=month,
                    kind=STRUCTURAL.get(event.kind, SIGNAL),
                    client=place,
                    rival=NOBODY if event.rival is None else holder_index[event.rival],
                    intensity=2.0 if name in courses else figure(f"events.{name}.intensity", event.intensity),
                    signal=signal_index.get(event.kind, NOBODY),
                    loading=None if event.loading is None else figure(f"events.{name}.loading", event.loading),
                    always=event.always,
                    outlook=outlook,
                    continuity=continuity,
                    clash=figure(f"adversaries.{event.adversary}.clash", adversary.clash) if adversary else 0.0,
                    answer_known=event.answer is None and owed,
                    from_air=_from_air(event, None if place == NOBODY else clients[place]),
                    patron=patron_index.get(event.patron or scenario.patron.name, 0),
                )
            )
    return tuple(dated)
