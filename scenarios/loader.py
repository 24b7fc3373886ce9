"""Make a scenario of a file: find it, read it with its ancestors, check it, and report all mistakes."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from itertools import islice
from pathlib import Path

from pydantic import ValidationError

from papertiger.scenarios import posteriors
from papertiger.scenarios.arguments import check_kind, check_text
from papertiger.scenarios.checking.effects import without_effect
from papertiger.scenarios.checking.references import check, check_game, check_names, events_in_span
from papertiger.scenarios.errors import MAX_SOUGHT, Problem, ScenarioError, printable, shorten
from papertiger.scenarios.reading.earlier import drop_withdrawn
from papertiger.scenarios.reading.inheritance import Tree, read_tree
from papertiger.scenarios.reading.overrides import apply
from papertiger.scenarios.reading.schema_messages import problems_of
from papertiger.scenarios.reading.yaml_reader import Place
from papertiger.scenarios.schema.scenario import Scenario


def load(
    name_or_path: str | Path, overrides: Mapping[str, object] | None = None, *, door: str | None = None
) -> Scenario:
    """Return a scenario with everything it inherits, checked.

    Parameters
    ----------
    name_or_path
        The name of a shipped scenario, or the path of a file.
    overrides
        Values that replace those of the files, by dotted path: ``parameters.forgetting``,
        ``clients.NAME.threat``, ``war.after``, ``switches.NAME``; a bare parameter name is short for
        ``parameters.…``.
    door
        Where they were given, which messages name; blank takes ``overrides``.

    Raises
    ------
    ScenarioError
        With every mistake found, each with its file and line.
    """
    if door is not None:
        check_text("door", door)
    tree = read_tree(name_or_path)
    if overrides is not None:
        apply(tree, overrides, door)
    scenario = build(tree)
    tell_notes(notes(scenario, tree))
    return scenario


def notes(scenario: Scenario, tree: Tree) -> tuple[Problem, ...]:
    """Return what a scenario says without any effect on a run, each with its place and the reason."""
    return tuple(_sorted(list(islice(without_effect(scenario, tree), MAX_SOUGHT)), tree))


def tell_notes(notes_of_file: Iterable[Problem]) -> None:
    """Say what has no effect, each once in a process, through Python's logging: on the error stream by default.

    Within `collecting_notes` they are collected, and nothing is logged.
    """
    collected = _COLLECTED.get()
    for note in notes_of_file:
        if collected is not None:
            collected[note] = None
        elif note not in _TOLD:
            _TOLD.add(note)
            logging.getLogger("papertiger").warning("%s", note)


@contextmanager
def collecting_notes() -> Iterator[dict[Problem, None]]:
    """Collect the notes of whatever is read meanwhile, in place of logging them.

    Yields
    ------
    dict
        Grows note by note; its keys are the notes, each once, in the order in which they were found.
    """
    collected: dict[Problem, None] = {}
    token = _COLLECTED.set(collected)
    try:
        yield collected
    finally:
        _COLLECTED.reset(token)


_TOLD: set[Problem] = set()
_COLLECTED: ContextVar[dict[Problem, None] | None] = ContextVar("notes", default=None)


def change(scenario: Scenario, overrides: Mapping[str, object], *, door: str | None = None) -> Scenario:
    """Return a scenario that differs from `scenario` by the given overrides, checked as a file is.

    What the overrides leave without effect is said as when a file is read; what was so before is not said again.

    Parameters
    ----------
    scenario
        A resolved scenario; it stays as it is.
    overrides, door
        As for `load`.

    Raises
    ------
    ScenarioError
        With every mistake found in the overrides.
    TypeError
        If `scenario` is none.
    """
    check_kind("scenario", scenario, Scenario, "a resolved scenario")
    data = scenario.model_dump(exclude_none=True)
    tree = Tree(data, {(): Place(scenario.name, None)}, name=scenario.name)
    before = {(note.key, note.message) for note in notes(scenario, tree)}
    apply(tree, overrides, door)
    changed = build(tree)
    tell_notes(note for note in notes(changed, tree) if (note.key, note.message) not in before)
    return changed


def build(tree: Tree) -> Scenario:
    """Return the checked scenario of a merged tree.

    Raises
    ------
    ScenarioError
        With every mistake found, those of the reading included.
    """
    tell_notes(drop_withdrawn(tree))
    problems = [*tree.problems, *_fill_in_posterior(tree), *islice(check_names(tree), MAX_SOUGHT)]
    abstract = tree.data.get("abstract") is True
    scenario: Scenario | None = None
    try:
        scenario = Scenario.model_validate(tree.data)
    except ValidationError as error:
        # What an abstract scenario leaves out is for its descendants to say.
        mistakes = problems_of(error, tree)
        problems += [one for one in mistakes if one.key or not abstract]
    else:
        problems += islice(check(scenario, tree), MAX_SOUGHT)
        unplayable = list(islice(check_game(scenario, tree), MAX_SOUGHT))
        if unplayable and _is_overridden(tree):
            # Who shortens the span or takes an event away wants to run the scenario, not to play it.
            scenario = scenario.model_copy(update={"game": None})
        else:
            problems += unplayable
    if abstract and not problems:
        problems.append(tree.problem(("abstract",), "this scenario is abstract: it can only be extended, not run"))
    if problems or scenario is None:
        raise ScenarioError(_sorted(problems, tree))
    return scenario.model_copy(update={"events": events_in_span(scenario)})


def _is_overridden(tree: Tree) -> bool:
    """Tell whether single values were replaced after the files were read."""
    return any(place.depth < 0 for place in tree.places.values())


def _fill_in_posterior(tree: Tree) -> list[Problem]:
    """Put the draws in the place of the name of their table."""
    name = tree.data.get("posterior")
    if name is None or isinstance(name, dict):  # none, or already filled in
        return []
    if not isinstance(name, str):
        tree.data = {key: value for key, value in tree.data.items() if key != "posterior"}
        message = f"expected the name of shipped draws or the path of a CSV, got {shorten(name)}"
        return [tree.problem(("posterior",), message)]
    label = tree.place(("posterior",)).file
    folder = Path(label).parent if tree.source is not None and not tree.source.shipped else None
    tree.data = {**tree.data}
    try:
        draws = posteriors.load(name.strip(), folder)
    except ScenarioError as error:
        del tree.data["posterior"]
        own = [one for one in error.problems if one.line is None]
        named = [tree.problem(("posterior",), f"{printable(one.file)}: {one.message}", one.hint) for one in own]
        return named or list(error.problems)
    tree.data["posterior"] = {"draws": draws.name, "paths": draws.paths, "values": draws.values}
    return []


def _sorted(problems: list[Problem], tree: Tree) -> list[Problem]:
    """Sort by file, the one that was asked for first, then by line; each problem once."""
    depth = {place.file: place.depth for place in tree.places.values()}
    unique = list(dict.fromkeys(problems))
    return sorted(unique, key=lambda one: (depth.get(one.file, 0), one.file, one.line or 0, one.key))
