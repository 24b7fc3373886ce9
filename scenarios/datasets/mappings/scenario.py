"""Write a scenario of event data: a parent, and the events that a mapping makes of the rows."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from papertiger.scenarios.arguments import check_text
from papertiger.scenarios.datasets.data_set import Table, read_data_set
from papertiger.scenarios.datasets.mappings.events import MappedEvents, map_rows
from papertiger.scenarios.datasets.mappings.loader import LoadedMapping, load_mapping
from papertiger.scenarios.errors import Problem, ScenarioError
from papertiger.scenarios.loader import build, notes, tell_notes
from papertiger.scenarios.reading.inheritance import tree_of
from papertiger.scenarios.reading.sources import Source
from papertiger.scenarios.reading.yaml_reader import Layer, Place
from papertiger.scenarios.reading.yaml_writer import block, check_written

REASONS = 12
"""How many reasons a report lists; the rest is summed up."""


@dataclass(frozen=True)
class MappedScenario:
    """The text of a scenario file, and what became of the rows of the data."""

    text: str
    mapped: MappedEvents
    loaded: LoadedMapping

    def report(self) -> list[str]:
        """Return in a few lines how many rows became events, why the others did not, and what nobody can see."""
        mapped, mapping = self.mapped, self.loaded.mapping
        missed = sum(mapped.unmatched.values())
        lines = [
            f"{mapped.rows} rows of {self.loaded.data_set.title}, by the mapping {mapping.name}: "
            f"{len(mapped.events)} events, {mapped.folded} weaker rows of the same month, {missed} rows left out"
        ]
        listed = list(mapped.unmatched.items())
        lines += [f"  {count:>7}  {reason}" for reason, count in listed[:REASONS]]
        if len(listed) > REASONS:
            rest = sum(count for _, count in listed[REASONS:])
            lines.append(f"  {rest:>7}  for {len(listed) - REASONS} more reasons")
        if mapped.unanswered:
            lines.append(unanswered_note(self.loaded, len(mapped.unanswered)))
        return lines + [f"  cannot be seen: {what}" for what in mapping.cannot_see]


def unanswered_note(loaded: LoadedMapping, count: int) -> str:
    """Return how attacks are read to which the data show no answer of the patron."""
    attacks = "1 attack has" if count == 1 else f"{count} attacks have"
    if loaded.mapping.unanswered == "unknown":
        return f"{attacks} no answer in the data: the answer is unknown, which sends no signal"
    return f"{attacks} no answer in the data, which the model reads as abandonment: add the patron's answers"


def mapped_scenario(
    data: str | Path, mapping: str | Path, parent: str, *, title: str | None = None
) -> MappedScenario:
    """Return a scenario that extends a parent by the events that a mapping makes of event data.

    Parameters
    ----------
    data
        A file of the mapping's data set, as its makers offer it.
    mapping
        Name of a shipped mapping, or the path of anyone's.
    parent
        The scenario to extend: a shipped name, or a path from the data's folder.
    title
        Of the new scenario; by default it names the data and the parent.

    Raises
    ------
    ScenarioError
        With every mistake in the mapping or the data and its line; when no row becomes an event; when events do
        not fit the parent.
    """
    check_text("parent", parent)
    loaded = load_mapping(mapping)
    table = read_data_set(loaded.data_set, data)
    source = Source(str(data), Path(data))
    start: dict[str, object] = {"title": parent, "description": parent, "extends": parent}
    # Without its events first, since they need its actors; an abstract parent has actors, too.
    scenario = build(tree_of(source, _layer(start, data, MappedEvents(0))))
    mapped = map_rows(table, loaded, scenario)
    if not mapped.events:
        first = "; ".join(f"{count} rows: {reason}" for reason, count in list(mapped.unmatched.items())[:3])
        message = f"no row becomes an event of {parent} by the mapping {loaded.mapping.name}: {first}"
        raise ScenarioError([Problem(str(data), message=message)])
    kinds = [(name, rule.kind) for name, rule in loaded.mapping.rules.items()]
    head = {
        "title": title or f"{parent} with events of {loaded.data_set.title}",
        "description": _description(table, loaded, mapped, parent),
        "extends": parent,
    }
    layer = _layer({**head, "events": mapped.events}, data, mapped)
    try:
        tree = tree_of(source, layer)
        built = build(tree)
    except ScenarioError as error:
        raise ScenarioError([*error.problems, *_unknown_kinds(error, kinds, loaded)]) from None
    tell_notes(notes(built, tree))
    text = "\n".join([*block(head), "", *block({"events": mapped.events})]) + "\n"
    check_written(text, str(data))
    return MappedScenario(text, mapped, loaded)


def _unknown_kinds(error: ScenarioError, kinds: list[tuple[str, str]], loaded: LoadedMapping) -> list[Problem]:
    """Return where the mapping asks for a kind of event that is refused."""
    said = " ".join(problem.message for problem in error.problems if problem.key.endswith(".kind"))
    return [
        loaded.layer.problem(("rules", name, "kind"), "the scenario refuses this kind of event")
        for name, kind in kinds
        if f"'{kind}'" in said
    ]


def _description(table: Table, loaded: LoadedMapping, mapped: MappedEvents, parent: str) -> str:
    """Return what the scenario is made of, and what stays unseen."""
    version = f", {table.version}" if table.version else ""
    said = [
        f"The events that the mapping {loaded.mapping.name} makes of {table.path.name} ({table.data_set.title}"
        f"{version}) on top of {parent}: {len(mapped.events)} of {mapped.rows} rows.",
    ]
    if mapped.unanswered:
        said.append(f"{unanswered_note(loaded, len(mapped.unanswered))}.")
    said.append(f"Such data do not tell: {'; '.join(loaded.mapping.cannot_see)}.")
    said.append(f"Cite: {table.data_set.citation}")
    return " ".join(said)


def _layer(data: dict[str, object], file: str | Path, mapped: MappedEvents) -> Layer:
    """Return the new file's data with the line of the data for every event."""
    label = str(file)
    layer = Layer(
        data, {(): Place(label, None), ("extends",): Place("--from", None), ("events",): Place(label, None)}
    )
    for name, line in mapped.lines.items():
        layer.places["events", name] = Place(label, line)
        for key in mapped.events[name]:
            layer.places["events", name, key] = Place(label, line)
    return layer
