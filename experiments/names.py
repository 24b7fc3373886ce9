"""Name actors as people do."""

from __future__ import annotations

from typing import TYPE_CHECKING

from papertiger.scenarios.bonds import SEPARATOR, patrons_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from papertiger.scenarios.schema.scenario import Scenario
    from papertiger.scenarios.schema.values import Named


def label(actors: Mapping[str, Named], name: str) -> str:
    """Return what people call an actor: its name, where it has no label or is not among the actors.

    Parameters
    ----------
    actors
        The clients of a scenario, or its rivals.
    name
        Its key.
    """
    described = actors.get(name)
    return name if described is None else described.called(name)


def patron_of(scenario: Scenario, client: str) -> str:
    """Return the name of the patron that a client, or one of its bonds, is about.

    Parameters
    ----------
    scenario, client
        The scenario, and the name that tables give to the client.
    """
    name, _, patron = client.partition(SEPARATOR)
    return patron or scenario.clients[name].patron or scenario.patron.name


def patrons_in_words(scenario: Scenario) -> str:
    """Return the names of all patrons, as a title has them."""
    return " and ".join(patrons_of(scenario))
