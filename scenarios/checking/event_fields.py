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


_SPECIFIC = ("client", "adversary", "rival", "news", "loading", "answer", "means", "successor", "situation")
_ANNOTATION = Rule(frozenset(), frozenset({"client", "adversary", "rival", "news"}))
_SIGNAL = Rule(frozenset({"client", "news"}), frozenset({"adversary", "loading"}))
_STRUCTURAL = {
    "attack": Rule(frozenset({"client", "adversary"}), frozenset({"answer", "means"})),
    "offer": Rule(frozenset({"client", "rival"})),
    "offer_withdrawn": Rule(frozenset({"client", "rival"})),
    "invasion": Rule(frozenset(), frozenset({"adversary"})),
    "regime_loss": Rule(frozenset({"client", "successor"}), frozenset({"adversary", "rival"})),
    "leader_health": Rule(frozenset({"client"})),
    "new_situation": Rule(frozenset({"client", "situation"}), frozenset({"adversary", "rival"})),
    "leader_change": Rule(frozenset({"client"})),
    "disengagement": Rule(frozenset({"client"})),
    "rival_pledge": Rule(frozenset({"client", "rival"})),
    "outcome": _ANNOTATION,
    "background": _ANNOTATION,
}


def breaches(event: Event, signals: Mapping[str, Signal]) -> Iterator[tuple[str, str]]:
    """Yield the field and the message of all that does not fit the event's kind, which must be known."""
    rule = _STRUCTURAL.get(event.kind, _SIGNAL)
    given = {name for name in _SPECIFIC if getattr(event, name) is not None}
    for name in sorted(rule.needs - given):
        yield "", f"an event of kind '{event.kind}' needs '{name}'"
    for name in sorted(given - rule.needs - rule.allows):
        valid = rule.needs | rule.allows
        suffix = f"; it takes {listing(valid)}" if valid else ""
        yield name, f"an event of kind '{event.kind}' has no '{name}'{suffix}"
    if event.kind not in STRUCTURAL_KINDS and event.news is not None and event.news != signals[event.kind].news:
        yield "news", f"expected {signals[event.kind].news}, as signal '{event.kind}' is, got '{event.news}'"
