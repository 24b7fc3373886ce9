"""Read what an earlier version wrote: keys that are gone are dropped, and said."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from papertiger.scenarios.errors import PathKey, Problem

if TYPE_CHECKING:
    from papertiger.scenarios.reading.inheritance import Tree

WITHDRAWN: dict[PathKey, str] = {
    ("parameters", "ladder_needs_pact"): (
        "has no effect: since version 2 every state has the whole ladder, and that one without a defence pact is "
        "coded at distancing at most belongs to the observation"
    )
}
"""Keys of a scenario that earlier versions knew, and why there is no such key any more."""


def without_withdrawn(data: Mapping[str, Any]) -> dict[str, Any]:
    """Return the data of a scenario without the keys that are gone.

    Parameters
    ----------
    data
        As files, results or logs hold it; it stays as it is.
    """
    left = dict(data)
    for path in _withdrawn(data):
        left = _without(left, path)
    return left


def drop_withdrawn(tree: Tree) -> list[Problem]:
    """Drop the keys that are gone from a merged tree, and return a note on each.

    Parameters
    ----------
    tree
        What the files say; its data are replaced.
    """
    notes = [tree.problem(path, WITHDRAWN[path]) for path in _withdrawn(tree.data)]
    tree.data = without_withdrawn(tree.data)
    return notes


def _withdrawn(data: Mapping[str, Any]) -> list[PathKey]:
    """Return the paths in the data that are gone."""
    paths = []
    for path in WITHDRAWN:
        part: Any = data
        for key in path:
            if not isinstance(part, Mapping) or key not in part:
                break
            part = part[key]
        else:
            paths.append(path)
    return paths


def _without(data: Mapping[str, Any], path: PathKey) -> dict[str, Any]:
    """Return nested mappings without one key."""
    first, *rest = path
    if not rest:
        return {key: value for key, value in data.items() if key != first}
    return {key: _without(value, tuple(rest)) if key == first else value for key, value in data.items()}
