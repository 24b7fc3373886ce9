"""Causes in words: what a name in the ledger stands for, and which events a figure of one client marks."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from papertiger.model.events import is_switched_on
from papertiger.scenarios.schema.events import NOT_INPUTS

if TYPE_CHECKING:
    from collections.abc import Iterable

    from papertiger.model.run import Run
    from papertiger.scenarios import Scenario

Tone = Literal["good", "bad", "other"]

NO_RESPONSE = "no response to "
DRAWN_MONTH = re.compile(r"^\d{4}-\d{2}$")


@dataclass(frozen=True)
class Cause:
    """A cause in words: the month it happened (blank for a standing one) and one line."""

    month: str
    text: str


@dataclass(frozen=True)
class Mark:
    """An event that reached a client, as a figure marks it."""

    number: int
    month: str
    cause: str
    text: str
    tone: Tone


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
    if cause == "succession":
        return Cause("", "Change of regime: the account of the former leaders is closed")
    return Cause("", cause)


@dataclass(frozen=True)
class Drawn:
    """What the model drew by itself: which kind, for whom and when."""

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
    drawn = drawn_of(scenario.clients, cause)
    if drawn is None:
        return None
    name = label(scenario, drawn.client)
    if drawn.kind == "crisis":
        return Cause(drawn.month, f"Crisis of {name}, drawn by the model")
    row = scenario.signals.get(drawn.kind)
    what = drawn.kind if row is None else row.label
    return Cause(drawn.month, f"{what[:1].upper()}{what[1:]} ({name}), drawn by the model")


def label(scenario: Scenario, client: str) -> str:
    """Return the name of a client for people."""
    described = scenario.clients.get(client)
    return client if described is None else described.called(client)


def marks(run: Run, client: str, limit: int) -> tuple[list[Mark], int]:
    """Choose the events that a figure of a client marks.

    Every dated event addressed to the client counts, and every signal it received that no dated event
    explains (a missing response, a crisis that the model drew). Where there are more than `limit`, those that
    moved protection most are kept, and a change of regime always.

    Returns
    -------
    tuple
        The marks in order of time, and how many events were left out.
    """
    scenario = run.scenario
    months = set(run.clients["month"])
    inputs: dict[str, tuple[str, Tone]] = {}
    sent: dict[str, str] = {}
    for name, event in scenario.events.items():
        drawn_instead = scenario.mode == "generative" or (
            scenario.generative_from is not None and event.date[:7] >= scenario.generative_from
        )
        if event.client != client or event.kind in NOT_INPUTS or event.date[:7] not in months:
            continue
        if is_switched_on(event, scenario) and not drawn_instead:
            inputs[name] = (event.date[:7], event.news or "other")
    own = run.signals[run.signals["client"] == client]
    for month, cause, news, signal in zip(own["month"], own["cause"], own["news"], own["signal"], strict=True):
        if cause != "war" and cause not in inputs:
            inputs[cause] = (month, news)
            sent[cause] = f": {scenario.signals[signal].label}" if cause.startswith("crisis ") else ""

    weight: dict[str, float] = {}
    for (cause, _), share in run.shares(client).items():
        weight[cause] = weight.get(cause, 0.0) + abs(share.protection)
    for name, event in scenario.events.items():
        if event.kind == "regime_loss":
            weight[name] = float("inf")
    marked = sorted(inputs, key=lambda name: (-weight.get(name, 0.0), inputs[name][0], name))[:limit]
    marked.sort(key=lambda name: (inputs[name][0], name))
    chosen = [
        Mark(number, inputs[name][0], name, describe(scenario, name).text + sent.get(name, ""), inputs[name][1])
        for number, name in enumerate(marked, start=1)
    ]
    return chosen, len(inputs) - len(chosen)
