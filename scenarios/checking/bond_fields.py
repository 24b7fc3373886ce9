"""Check the bonds of a client: which patrons they are with, and what the patrons share."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Literal

from papertiger.scenarios.bonds import patrons_of
from papertiger.scenarios.errors import PathKey, Problem, nearest, shorten
from papertiger.scenarios.schema.actors import Bond, Client

if TYPE_CHECKING:
    from collections.abc import Mapping

    from papertiger.scenarios.reading.inheritance import Tree
    from papertiger.scenarios.schema.figures import Figure
    from papertiger.scenarios.schema.scenario import Scenario

_ROUNDING = 1e-9
_SPLIT: tuple[Literal["arms", "economy"], ...] = ("arms", "economy")
"""What a client spreads over all of its patrons, so that their shares are at most a whole."""


def bonds(path: PathKey, client: Client, scenario: Scenario, tree: Tree) -> Iterator[Problem]:
    """Yield what does not fit about whose client it is.

    Parameters
    ----------
    path, client
        Where the client stands, and what it is.
    scenario, tree
        What it is part of, and where that was written.
    """
    patrons = patrons_of(scenario)
    own = client.patron or scenario.patron.name
    if own not in patrons:
        message = f"no patron {shorten(own)} in this scenario"
        yield tree.problem((*path, "patron"), message, nearest(own, patrons))
    elif client.sub_state and own != scenario.patron.name:
        yield tree.problem((*path, "patron"), "a sub-state is part of the first patron's own state")
    held: list[tuple[PathKey, str, Mapping[str, Figure]]] = [((*path, "assets"), own, client.assets)]
    for name, bond in client.bonds.items():
        where: PathKey = (*path, "bonds", name)
        held.append(((*where, "assets"), name, bond.assets))
        if name not in patrons:
            yield tree.problem(where, f"no patron {shorten(name)} in this scenario", nearest(name, patrons))
        elif name == own:
            yield tree.problem(where, f"{shorten(name)} is the patron that the client's own figures are about")
        elif client.sub_state:
            yield tree.problem(where, "a sub-state is part of its patron's own state, and has no other patron")
    for where, name, assets in held:
        known = patrons[name].assets if name in patrons else {}
        for asset in assets if name in patrons else ():
            if asset not in known:
                message = f"no asset of the patron {shorten(asset)} in this scenario"
                yield tree.problem((*where, asset), message, nearest(asset, known))


def shares_of_patrons(path: PathKey, client: Client, tree: Tree) -> Iterator[Problem]:
    """Yield a month in which the shares of several patrons are more than a whole; only numbers of the file can be.

    Parameters
    ----------
    path, client, tree
        As for `bonds`.
    """
    if not client.bonds:
        return
    for kind in _SPLIT:
        parts: list[Client | Bond] = [client, *client.bonds.values()]
        months = {month for part in parts if part.course is not None for month in getattr(part.course, kind)}
        for month in ["", *sorted(months)]:
            total = sum(_share(part, kind, month) for part in parts)
            if total > 1.0 + _ROUNDING:
                when = f"from {month} on " if month else ""
                message = f"the shares of {kind} of its patrons {when}add up to {total:g}, expected at most 1"
                yield tree.problem((*path, "bonds"), message)
                break


def _share(part: Client | Bond, kind: Literal["arms", "economy"], month: str) -> float:
    """Return a share as the file gives it for a month: the latest of the course, or the one at entry."""
    told: Mapping[str, Figure] = {} if part.course is None else getattr(part.course, kind)
    so_far = [at for at in told if at <= month]
    figure: Figure = told[max(so_far)] if so_far else getattr(part, kind)
    return figure.value or 0.0
