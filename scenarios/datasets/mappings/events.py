"""Turn the rows of event data into events, and count those that become none, by reason."""

from __future__ import annotations

import datetime
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from papertiger.scenarios.checking.references import objection_to_name
from papertiger.scenarios.datasets.data_set import Table
from papertiger.scenarios.datasets.mappings.actors import Actors
from papertiger.scenarios.datasets.mappings.loader import LoadedMapping
from papertiger.scenarios.datasets.mappings.schema import Bands, Condition, EventMapping, MappingRule, as_text
from papertiger.scenarios.errors import shorten
from papertiger.scenarios.schema.scenario import Scenario

if TYPE_CHECKING:
    import pandas as pd

LONGEST = 80
"""Characters of a cell that go into an event's line for people."""


@dataclass(frozen=True)
class MappedRow:
    """A row that a rule took: who is who, and how strong it is."""

    line: int
    rule: str
    month: str
    parties: dict[str, str]
    intensity: float


@dataclass
class MappedEvents:
    """What became of the rows.

    Attributes
    ----------
    events
        Events as a scenario file has them, by id.
    lines
        The line or row of the data of each event.
    rows
        How many rows were read.
    folded
        How many rows are in an event of another row, as weaker ones of a month.
    unmatched
        How many rows became no event, by reason, the most frequent first.
    unanswered
        Attacks to which the data show no answer, by id.
    """

    rows: int
    events: dict[str, dict[str, Any]] = field(default_factory=dict)
    lines: dict[str, int] = field(default_factory=dict)
    folded: int = 0
    unmatched: dict[str, int] = field(default_factory=dict)
    unanswered: list[str] = field(default_factory=list)


def map_rows(table: Table, loaded: LoadedMapping, scenario: Scenario) -> MappedEvents:
    """Return the events that the rows of a data set are for a scenario, by a mapping."""
    mapping = loaded.mapping
    actors = Actors(scenario, loaded)
    reasons: dict[int, str] = {}
    taken: dict[int, MappedRow] = {}
    days: list[datetime.date] = table.rows[mapping.date].to_list()
    months = {int(line): f"{day:%Y-%m}" for line, day in zip(table.rows.index, days, strict=True)}
    for line, month in months.items():
        if not scenario.span.start <= month <= scenario.span.end:
            reasons[line] = f"outside the scenario's span {scenario.span.start} to {scenario.span.end}"
    closed = set(reasons)
    for name, rule in mapping.rules.items():
        _take(table.rows, name, rule, actors, months, closed, reasons, taken)
    result = MappedEvents(rows=len(table.rows))
    _count(table.rows, mapping, reasons, taken, result)
    groups = _grouped(mapping, list(taken.values()))
    for group in sorted(groups, key=lambda rows: (table.rows.at[rows[0].line, mapping.date], rows[0].line)):
        _add(group, table, mapping, scenario, result)
    _answers(mapping, scenario, result)
    return result


def _take(
    rows: pd.DataFrame,
    name: str,
    rule: MappingRule,
    actors: Actors,
    months: dict[int, str],
    closed: set[int],
    reasons: dict[int, str],
    taken: dict[int, MappedRow],
) -> None:
    """Let a rule take the rows that fit it, of those that no earlier one took."""
    fits = rows.index
    for column, condition in rule.where.items():
        fits = fits[_holds(rows.loc[fits, column], condition)]
    means: dict[str, dict[str, str | None]] = {}
    for role, party in rule.parties().items():
        different = rows.loc[fits, party.column].unique()
        means[role] = {as_text(value): actors.of(role, party, value) for value in different}
    for place in fits:
        line = int(place)
        if line in closed or line in taken:
            continue
        cells = {role: as_text(rows.at[place, party.column]) for role, party in rule.parties().items()}
        who = {role: means[role][cell] for role, cell in cells.items()}
        unknown = next((role for role, actor in who.items() if actor is None), None)
        if unknown is not None:
            said = shorten(cells[unknown]) if cells[unknown] else "nobody"
            reasons[line] = f"{said} is no {unknown} of the scenario"
            continue
        parties = {role: actor for role, actor in who.items() if actor is not None}
        if len(set(parties.values())) < len(parties):
            reasons[line] = f"rule {name}: one actor in two roles"
            continue
        strength = rule.intensity
        if isinstance(strength, Bands):
            value: Any = rows.at[place, strength.column]
            intensity = strength.of(float(value))
        else:
            intensity = strength
        if intensity is None:
            reasons[line] = f"rule {name}: below the first step of its intensity"
            continue
        taken[line] = MappedRow(line, name, months[line], parties, intensity)


def _holds(cells: pd.Series[Any], condition: Condition) -> list[bool]:
    """Return which cells fulfil a condition; each different one is looked at once."""
    holds = {as_text(value): condition.holds(value) for value in cells.unique()}
    return [holds[as_text(value)] for value in cells]


def _count(
    rows: pd.DataFrame,
    mapping: EventMapping,
    reasons: dict[int, str],
    taken: dict[int, MappedRow],
    result: MappedEvents,
) -> None:
    """Count the rows that no rule took, by reason."""
    counts: Counter[str] = Counter()
    for place, value in rows[mapping.counted_by].items():
        line = int(str(place))
        if line not in taken:
            said = shorten(as_text(value)) if as_text(value) else "nothing"
            counts[reasons.get(line, f"no rule for {mapping.counted_by} {said}")] += 1
    result.unmatched = dict(sorted(counts.items(), key=lambda item: (-item[1], item[0])))


def _grouped(mapping: EventMapping, rows: list[MappedRow]) -> list[list[MappedRow]]:
    """Return the rows that are one event together, the strongest and then the earliest first."""
    groups: dict[tuple[object, ...], list[MappedRow]] = {}
    for row in rows:
        kind = mapping.rules[row.rule].kind
        who = tuple(sorted(row.parties.items()))
        key = (kind, row.month, who) if mapping.one_per == "month" else (row.line,)
        groups.setdefault(key, []).append(row)
    return [sorted(group, key=lambda row: (-row.intensity, row.line)) for group in groups.values()]


def _add(
    group: list[MappedRow], table: Table, mapping: EventMapping, scenario: Scenario, result: MappedEvents
) -> None:
    """Add the event of a group of rows."""
    row, rule = group[0], mapping.rules[group[0].rule]
    cells = table.rows.loc[row.line]
    number = as_text(cells[mapping.id])
    name = f"{mapping.data_set}_{number}"
    if objection_to_name(name) is not None:
        name = f"{mapping.data_set}_{table.unit}_{row.line}"
    words = {str(column): shorten_cell(value) for column, value in cells.items()}
    more = f" ({len(group) - 1} more of its kind this month)" if len(group) > 1 else ""
    event: dict[str, Any] = {
        "date": cells[mapping.date].isoformat(),
        "kind": rule.kind,
        "client": row.parties["client"],
        "intensity": int(row.intensity) if float(row.intensity).is_integer() else row.intensity,
    }
    event |= {role: row.parties[role] for role in ("adversary", "rival") if role in row.parties}
    if rule.kind in scenario.signals:
        event["news"] = scenario.signals[rule.kind].news
    event["what"] = _tidy(rule.what.format(**(words | row.parties))) + more
    event["confidence"] = mapping.confidence
    event["source"] = f"{table.source(row.line)}, event {number}"
    event["why"] = f"Rule {row.rule} of the mapping {mapping.name}: {rule.why}"
    result.events[name] = event
    result.lines[name] = row.line
    result.folded += len(group) - 1


def _tidy(text: str) -> str:
    """Return a line without what empty cells leave behind."""
    return " ".join(text.split()).replace(" )", ")").replace("( ", "(").replace(" ,", ",").replace("()", "").strip()


def shorten_cell(value: object) -> str:
    """Return a cell for a line for people: on one line, not too long."""
    text = " ".join(as_text(value).split())
    text = "".join(char for char in text if char.isprintable())
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…"


def _answers(mapping: EventMapping, scenario: Scenario, result: MappedEvents) -> None:
    """Note the attacks to which no answer is among the events, in their month or the next."""
    responses = {kind for kind, signal in scenario.signals.items() if signal.response}
    answered = {
        (event["client"], _month_number(event["date"]) - ago)
        for event in result.events.values()
        if event["kind"] in responses
        for ago in (0, 1)
    }
    for name, event in result.events.items():
        if event["kind"] == "attack" and (event["client"], _month_number(event["date"])) not in answered:
            result.unanswered.append(name)
            if mapping.unanswered == "unknown":
                event["answer"] = "unknown"


def _month_number(date: str) -> int:
    return int(date[:4]) * 12 + int(date[5:7])
