"""Put causes into words: what a name in the ledger stands for."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from papertiger.experiments.names import label
from papertiger.model.ledger import SUCCESSION
from papertiger.scenarios.bonds import bonds_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from papertiger.scenarios import Scenario

NO_RESPONSE = "no response to "
"""What the silence after an event is called, before the event's name."""
DRAWN_MONTH = re.compile(r"^\d{4}-\d{2}$")


@dataclass(frozen=True)
class Cause:
    """Describe a cause: the month it happened (blank for a standing one) and one line."""

    month: str
    text: str


def describe(scenario: Scenario, cause: str) -> Cause:
    """Put a cause of the ledger into words.

    Parameters
    ----------
    scenario
        The scenario of the run, whose events carry a line for people.
    cause
        A cause as the ledger names it.

    Returns
    -------
    Cause
        Its month and text; an unknown cause is its own text.
    """
    event = scenario.events.get(cause)
    if event is not None:
        return Cause(event.date[:7], event.what)
    if cause.startswith(NO_RESPONSE):
        about = describe(scenario, cause.removeprefix(NO_RESPONSE))
        return Cause(about.month, f"No response to: {about.text}")
    drawn = _drawn(scenario, cause)
    if drawn is not None:
        return drawn
    if cause == "war":
        return Cause("", f"{scenario.war.adversary or 'The adversary'} holds out in the war, month after month")
    if cause == SUCCESSION[0]:
        return Cause("", "Change of regime or treaty: what is expected of the patron from the start")
    return Cause("", cause)


@dataclass(frozen=True)
class Drawn:
    """Hold what the model drew by itself: which kind, for whom and when."""

    kind: str
    client: str
    month: str


def drawn_of(clients: Iterable[str], cause: str) -> Drawn | None:
    """Return what a cause stands for that the model drew, and that is named by kind, client and month.

    Parameters
    ----------
    clients
        Names of the scenario's clients; where one ends like another, the longer one is meant.
    cause
        A cause as the ledger names it.
    """
    rest, _, month = cause.rpartition(" ")
    candidates = [client for client in clients if rest.endswith(f" {client}")]
    if not DRAWN_MONTH.match(month) or not candidates:
        return None
    client = max(candidates, key=len)
    return Drawn(rest.removesuffix(f" {client}"), client, month)


def _drawn(scenario: Scenario, cause: str) -> Cause | None:
    """Put into words what the model drew by itself."""
    drawn = drawn_of(bonds_of(scenario), cause)
    if drawn is None:
        return None
    name = label(scenario.clients, drawn.client)
    if drawn.kind == "crisis":
        return Cause(drawn.month, f"Crisis of {name}, drawn by the model")
    row = scenario.signals.get(drawn.kind)
    what = drawn.kind if row is None else row.label
    return Cause(drawn.month, f"{what[:1].upper()}{what[1:]} ({name}), drawn by the model")
