"""Lay out the bonds of a scenario: one for each client and patron that it has, beside each other.

Whoever has one patron is one bond, of the client's own name. Whoever has several is one bond for each, called
``CLIENT/PATRON``: a slash is in nobody's name. Runs, tables, measures and observations speak of bonds.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from papertiger.scenarios.schema.actors import Bond, Client, Course, FurtherPatron, Patron, Protector

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from papertiger.scenarios.schema.events import Event
    from papertiger.scenarios.schema.scenario import Scenario

SEPARATOR = "/"
"""Between the client and the patron in the name of a bond."""
COURSE = ("treaty", "border", "bases", "diaspora", "arms", "economy")
"""What the course of a further bond may say."""
OF_ALL = ("attack", "regime_loss", "leader_health", "leader_change", "new_situation")
"""Kinds of event that befall a client as such, hence every bond of it."""
OF_RIVALS = ("offer", "offer_withdrawn", "rival_pledge")
"""Kinds of event by which a rival lures a client away from its patrons, or from the one that is named."""
_OF_A_BOND = frozenset(Bond.model_fields) - {"course", "source", "why"}


@dataclass(frozen=True)
class BondRow:
    """One bond.

    Attributes
    ----------
    name
        Of the client, or ``CLIENT/PATRON`` where it has several.
    client, patron
        Names of the two.
    place
        Which of the scenario's patrons it is, the first one being 0.
    own
        The client as it stands towards this patron.
    draws_as
        What the bond's draws are keyed by.
    further
        Whether it is none of the client's own figures but one of its ``bonds``.
    """

    name: str
    client: str
    patron: str
    place: int
    own: Client
    draws_as: str
    further: bool

    def path(self, field: str) -> str:
        """Return the dotted path of a figure of the bond, by which it is given and drawn.

        Parameters
        ----------
        field
            Its path within a client.
        """
        client = f"clients.{self.own.draws_as or self.client}"
        first, _, rest = field.partition(".")
        inner = rest.partition(".")[0] if first == "course" else first
        return (
            f"{client}.bonds.{self.patron}.{field}" if self.further and inner in _OF_A_BOND else f"{client}.{field}"
        )


def patrons_of(scenario: Scenario) -> dict[str, Protector]:
    """Return the patrons of a scenario by name, the first one first."""
    return {scenario.patron.name: scenario.patron, **scenario.patrons}


def bond_rows(scenario: Scenario) -> dict[str, BondRow]:
    """Return every bond of a scenario by its name, in the order of clients and then of patrons."""
    return {row.name: row for row in _rows(scenario)}


def bonds_of(scenario: Scenario) -> Mapping[str, Client]:
    """Return every client as it stands towards each of its patrons, by the name of the bond."""
    if not scenario.patrons:
        return scenario.clients
    return {row.name: row.own for row in _rows(scenario)}


def bonds_of_client(client: str, scenario: Scenario) -> list[BondRow]:
    """Return the bonds of one client, its own figures' first."""
    return list(_rows_of(client, scenario))


def reached_by(event: Event, scenario: Scenario) -> list[BondRow]:
    """Return the bonds that an event is about: one, or for what befalls the client as such all that it has.

    Parameters
    ----------
    event, scenario
        The event, whose client is known, and the scenario.
    """
    if event.client is None or event.client not in scenario.clients:
        return []
    rows = bonds_of_client(event.client, scenario)
    if event.kind in OF_RIVALS:
        # Nobody lures a client away from itself.
        return [row for row in rows if row.patron != event.rival and event.patron in (None, row.patron)]
    if event.kind in OF_ALL:
        return rows
    return [row for row in rows if row.patron == (event.patron or rows[0].patron)]


def _rows(scenario: Scenario) -> Iterator[BondRow]:
    for name in scenario.clients:
        yield from _rows_of(name, scenario)


def _rows_of(name: str, scenario: Scenario) -> Iterator[BondRow]:
    client, places = scenario.clients[name], list(patrons_of(scenario))
    first = client.patron or scenario.patron.name
    key = client.draws_as or name
    several = bool(client.bonds)
    called = f"{name}{SEPARATOR}{first}" if several else name
    own = client.model_copy(update={"bonds": {}, "label": None}) if several else client
    yield BondRow(called, name, first, _place(first, places), own, key, further=False)
    for patron, bond in client.bonds.items():
        there = _protector(patron, scenario)
        drawn = f"{key}{SEPARATOR}{(there.draws_as if there else None) or patron}"
        called = f"{name}{SEPARATOR}{patron}"
        yield BondRow(called, name, patron, _place(patron, places), _towards(client, bond), drawn, further=True)


def _place(patron: str, places: list[str]) -> int:
    return places.index(patron) if patron in places else 0


def _protector(patron: str, scenario: Scenario) -> Patron | FurtherPatron | None:
    return scenario.patron if patron == scenario.patron.name else scenario.patrons.get(patron)


def _towards(client: Client, bond: Bond) -> Client:
    """Return a client as it stands towards a further patron: what is the client's stays, the rest is the bond's."""
    course = client.course
    if course is not None or bond.course is not None:
        said: dict[str, Any] = {}
        if bond.course is not None:
            said |= {field: getattr(bond.course, field) for field in COURSE}
        if course is not None:
            said |= {"threat": course.threat, "options": course.options}
        course = Course().model_copy(update=said)
    told = {field: getattr(bond, field) for field in _OF_A_BOND}
    return client.model_copy(update={**told, "course": course, "bonds": {}, "label": None})
