"""What was observed: dated facts behind coded postures, votes, polls and ties, read from files that people write.

A file says what happened and by which rule it is coded; nothing is computed here. The names below are loaded when
they are first used.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from papertiger.scenarios.observed.loader import load, load_polls, load_ties, load_votes
    from papertiger.scenarios.observed.schema import (
        REGIME,
        Fact,
        Gap,
        Observed,
        Polls,
        Reading,
        Rule,
        Ties,
        TieSeries,
        Votes,
    )

__all__ = [
    "REGIME",
    "Fact",
    "Gap",
    "Observed",
    "Polls",
    "Reading",
    "Rule",
    "TieSeries",
    "Ties",
    "Votes",
    "load",
    "load_polls",
    "load_ties",
    "load_votes",
    "names",
]

# No module is called like a name it exports: once imported, it would stand in that name's place.
_HOMES = {
    "REGIME": "schema",
    "Fact": "schema",
    "Gap": "schema",
    "Reading": "schema",
    "Observed": "schema",
    "Polls": "schema",
    "Rule": "schema",
    "TieSeries": "schema",
    "Ties": "schema",
    "Votes": "schema",
    "load": "loader",
    "load_polls": "loader",
    "load_ties": "loader",
    "load_votes": "loader",
}


def names() -> list[str]:
    """Return the names of the shipped files of observations, sorted."""
    from papertiger.scenarios.reading.sources import OBSERVATIONS  # noqa: PLC0415 - loaded when first used

    return OBSERVATIONS.names()


def __getattr__(name: str) -> object:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)


def __dir__() -> list[str]:
    return sorted({*globals(), *_HOMES})
