"""Which fields an event of each kind needs, and which have no meaning for it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from papertiger.scenarios.errors import listing
from papertiger.scenarios.schema.events import STRUCTURAL_KINDS, Event, Signal


@dataclass(frozen=True)
class Rule:
    """The fields, of those that not every kind has, that a kind needs and allows besides."""

    needs: frozenset[str]
    allows: frozenset[str] = frozenset()


_SPECIFIC = ("client", "patron", "adversary", "rival", "news", "loading", "answer", "means", "successor", "situation")
_ANNOTATION = Rule(frozenset(), frozenset({"client", "patron", "adversary", "rival", "news"}))
_SIGNAL = Rule(frozenset({"client", "news"}), frozenset({"patron", "adversary", "loading"}))
_STRUCTURAL = {
    "attack": Rule(frozenset({"client", "adversary"}), frozenset({"patron", "answer", "means"})),
    "offer": Rule(frozenset({"client", "rival"}), frozenset({"patron"})),
    "offer_withdrawn": Rule(frozenset({"client", "rival"}), frozenset({"patron"})),
    "invasion": Rule(frozenset(), frozenset({"patron", "adversary"})),
    "regime_loss": Rule(frozenset({"client", "successor"}), frozenset({"patron", "adversary", "rival"})),
    "leader_health": Rule(frozenset({"client"})),
    "new_situation": Rule(frozenset({"client", "situation"}), frozenset({"patron", "adversary", "rival"})),
    "leader_change": Rule(frozenset({"client"})),
    "disengagement": Rule(frozenset({"client"}), frozenset({"patron"})),
    "rival_pledge": Rule(frozenset({"client", "rival"}), frozenset({"patron"})),
    "outcome": _ANNOTATION,
    "background": _ANNOTATION,
}


def breaches(
    event: Event, signals: Mapping[str, Signal], *, several_patrons: bool = False
) -> Iterator[tuple[str, str]]:
    """Yield the field and the message of all that does not fit the event's kind, which must be known.

    Parameters
    ----------
    event, signals
        The event, and the signal table.
    several_patrons
        Whether the scenario has several; else nobody need say which one is meant.
    """
    rule = _STRUCTURAL.get(event.kind, _SIGNAL)
    given = {name for name in _SPECIFIC if getattr(event, name) is not None}
    for name in sorted(rule.needs - given):
        yield "", f"an event of kind '{event.kind}' needs '{name}'"
    for name in sorted(given - rule.needs - rule.allows):
        valid = (rule.needs | rule.allows) - (frozenset() if several_patrons else {"patron"})
        suffix = f"; it takes {listing(valid)}" if valid else ""
        yield name, f"an event of kind '{event.kind}' has no '{name}'{suffix}"
    if event.kind not in STRUCTURAL_KINDS and event.news is not None and event.news != signals[event.kind].news:
        yield "news", f"expected {signals[event.kind].news}, as signal '{event.kind}' is, got '{event.news}'"
