"""Name actors as people do."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

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
