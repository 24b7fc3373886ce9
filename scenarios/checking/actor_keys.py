"""Give actors the keys of their draws, and refuse two actors of a scenario whose keys are the same."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from typing import TYPE_CHECKING

from papertiger.scenarios.errors import PathKey, Problem, shorten

if TYPE_CHECKING:
    from papertiger.scenarios.reading.inheritance import Tree
    from papertiger.scenarios.schema.scenario import Scenario


def actor_key(name: str) -> int:
    """Return the 32-bit key of an actor: a hash of its name, never of its position.

    Parameters
    ----------
    name
        Name of a state, or the dotted path of a figure that is drawn.
    """
    return int.from_bytes(hashlib.blake2s(name.encode("utf-8"), digest_size=4).digest(), "little")


def offer_name(rival: str, client: str) -> str:
    """Return the name by which the offers of a rival to a client are drawn.

    Parameters
    ----------
    rival, client
        The names by which they draw.
    """
    return f"{rival} to {client}"


def shared_keys(scenario: Scenario, tree: Tree) -> Iterator[Problem]:
    """Yield actors with other names but the same key, who would have the same luck in everything.

    Parameters
    ----------
    scenario
        A valid scenario.
    tree
        What its files say, and where.
    """
    keyed: dict[int, str] = {}
    for path, name in _drawing_names(scenario):
        other = keyed.setdefault(actor_key(name), name)
        if other != name:
            message = f"{shorten(name)} and {shorten(other)} have the same key of 32 bits, hence the same draws"
            yield tree.problem(path, f"{message}; give one of them another name to draw by (draws_as)")


def _drawing_names(scenario: Scenario) -> Iterator[tuple[PathKey, str]]:
    """Yield the names by which actors, and rivals in what they offer to each client, draw."""
    yield ("patron", "name"), scenario.patron.draws_as or scenario.patron.name
    clients = {name: client.draws_as or name for name, client in scenario.clients.items()}
    for name, draws_as in clients.items():
        yield ("clients", name), draws_as
    for name, rival in scenario.rivals.items():
        for draws_as in clients.values():
            yield ("rivals", name), offer_name(rival.draws_as or name, draws_as)
