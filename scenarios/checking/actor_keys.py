"""Give actors and figures the keys of their draws, and refuse two of a scenario whose keys are the same.

Keys have 32 bits. Longer ones would change every draw of every scenario; two of one scenario that meet, which befalls
about one in ten thousand scenarios of a thousand drawn figures, are refused instead.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from pydantic import BaseModel

from papertiger.scenarios.bonds import bond_rows, patrons_of
from papertiger.scenarios.errors import PathKey, Problem, shorten
from papertiger.scenarios.schema.figures import Figure

if TYPE_CHECKING:
    from papertiger.scenarios.reading.inheritance import Tree
    from papertiger.scenarios.schema.scenario import Scenario

POSTERIOR = "posterior"
"""What the row of a table of joint draws is drawn by."""
WITHOUT_FIGURES = frozenset({("events",), ("posterior",), ("game",)})
"""Parts of a scenario that are large and hold no figure."""


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
    drawn: dict[int, str] = {actor_key(POSTERIOR): POSTERIOR}
    for path in _drawn_figures(scenario, ()):
        name = ".".join(map(str, path))
        other = drawn.setdefault(actor_key(name), name)
        if other != name:
            message = f"{shorten(name)} and {shorten(other)} have the same key of 32 bits, hence the same luck"
            yield tree.problem(path, f"{message}; give one of them a 'value', or another name to what holds it")


def _drawn_figures(part: object, path: PathKey) -> Iterator[PathKey]:
    """Yield the places of the figures that are drawn, each by the key of its dotted path: bare distributions."""
    if isinstance(part, Figure):
        if part.value is None:
            yield path
    elif isinstance(part, BaseModel):
        for name in type(part).model_fields:
            if (*path, name) not in WITHOUT_FIGURES:
                yield from _drawn_figures(getattr(part, name), (*path, name))
    elif isinstance(part, Mapping):
        for name, held in part.items():
            yield from _drawn_figures(held, (*path, name))


def _drawing_names(scenario: Scenario) -> Iterator[tuple[PathKey, str]]:
    """Yield the names by which actors, and rivals in what they offer to each client, draw."""
    yield ("patron", "name"), scenario.patron.draws_as or scenario.patron.name
    for name, patron in scenario.patrons.items():
        yield ("patrons", name), patron.draws_as or name
    rows = list(bond_rows(scenario).values())
    for row in rows:
        yield ("clients", row.client), row.draws_as
    for name, rival in scenario.rivals.items():
        for row in rows:
            yield ("rivals", name), offer_name(rival.draws_as or name, row.draws_as)
    for name in patrons_of(scenario) if scenario.patrons else ():
        for row in rows:
            yield ("patrons", name), offer_name(name, row.draws_as)
