"""Choose the events that a figure of one client marks."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from papertiger.experiments.ledger.causes import describe
from papertiger.model.events import is_known, is_switched_on
from papertiger.scenarios.schema.events import NOT_INPUTS

if TYPE_CHECKING:
    from papertiger.model.run import Run

Tone = Literal["good", "bad", "other"]


@dataclass(frozen=True)
class Mark:
    """Describe an event that reached a client, as a figure marks it."""

    number: int
    month: str
    cause: str
    text: str
    tone: Tone


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
    months = set(run.setting.months[: run.months_run])
    inputs: dict[str, tuple[str, Tone]] = {}
    sent: dict[str, str] = {}
    for name, event in scenario.events.items():
        drawn_instead = scenario.mode == "generative" or (
            scenario.generative_from is not None and event.date[:7] >= scenario.generative_from
        )
        if event.client != client or event.kind in NOT_INPUTS or event.date[:7] not in months:
            continue
        if is_switched_on(event, scenario) and is_known(event, scenario) and not drawn_instead:
            inputs[name] = (event.date[:7], event.news or "other")
    columns, rows = run.rows("signals")
    for row in rows:
        told = dict(zip(columns, row, strict=True))
        month, cause, news, signal = told["month"], told["cause"], told["news"], told["signal"]
        if told["client"] == client and cause != "war" and cause not in inputs:
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
