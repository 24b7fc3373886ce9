"""List the sources that the scenarios of a report name."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

    from papertiger.scenarios.schema.scenario import Scenario

MAX_SOURCES = 40


def named_sources(worlds: dict[str, Scenario]) -> dict[str, Any]:
    """Return which sources the scenarios name, the most used first."""
    used: Counter[str] = Counter()
    for world in worlds.values():
        used.update(_named(world.model_dump(mode="json")))
    listed = [name for name, _ in sorted(used.items(), key=lambda item: (-item[1], item[0]))]
    left = len(listed) - MAX_SOURCES
    more = f" The {MAX_SOURCES} most used of {len(listed)} are:" if left > 0 else " They are:"
    return {"sentence": more.strip() if listed else "", "listed": listed[:MAX_SOURCES]}


def _named(part: Any) -> Iterator[str]:
    """Yield every source named anywhere in a scenario, once for each place."""
    if isinstance(part, dict):
        source = part.get("source")
        if isinstance(source, str) and source.strip():
            yield " ".join(source.split())
        for value in part.values():
            yield from _named(value)
    elif isinstance(part, list):
        for value in part:
            yield from _named(value)
