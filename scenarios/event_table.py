"""Turn a spreadsheet of events, saved as CSV, into a scenario file."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from papertiger.scenarios.arguments import check_path, check_text
from papertiger.scenarios.errors import (
    MAX_SOUGHT,
    PathKey,
    Problem,
    ScenarioError,
    dotted,
    listing,
    nearest,
    shorten,
)
from papertiger.scenarios.loader import build, notes, tell_notes
from papertiger.scenarios.reading.excel import (
    TwoReadingsError,
    decode_table,
    read_date,
    read_number,
    read_truth,
    separator_of,
)
from papertiger.scenarios.reading.inheritance import tree_of
from papertiger.scenarios.reading.shapes import shape_at
from papertiger.scenarios.reading.sources import Source
from papertiger.scenarios.reading.yaml_reader import MAX_BYTES, Layer, Place, read_value
from papertiger.scenarios.reading.yaml_writer import block, check_written
from papertiger.scenarios.schema.events import Event

COLUMNS = ("id", *Event.model_fields)
"""Every column that a table of events may have."""

REQUIRED = ("id", "date", "kind", "what")

_DELIMITERS = ",;"
_OTHER_DELIMITERS = {"\t": "tabs", "|": "'|'", ":": "':'"}


def events_scenario(
    table: str | Path,
    parent: str,
    *,
    title: str | None = None,
    description: str | None = None,
) -> str:
    """Return the text of a scenario file that extends `parent` by the events of a table.

    Parameters
    ----------
    table
        A CSV file, separated by commas or semicolons, one event a row. The columns are the fields of an event
        and ``id``; an empty cell leaves a field out. Numbers may be distributions: ``{uniform: [1, 3]}``.
    parent
        The scenario to extend: a shipped name, or a path from the table's folder.
    title, description
        Of the new scenario; by default they name the table and the parent.

    Raises
    ------
    ScenarioError
        With every mistake in the table and the line of its row; also when events do not fit the parent.
    TypeError
        If an argument is no text.
    """
    for what, text in (("parent", parent), ("title", title), ("description", description)):
        if text is not None or what == "parent":
            check_text(what, text)
    layer = read_events(table)
    name = Path(table).name
    head = {
        "title": title or f"{parent} with the events of {name}",
        "description": description or f"The events of {name} on top of {parent}.",
        "extends": parent,
    }
    layer.data = {**head, **layer.data}
    layer.places["extends",] = Place("--from", None)
    tree = tree_of(Source(str(table), Path(table)), layer)
    scenario = build(tree)
    tell_notes(notes(scenario, tree))
    text = "\n".join([*block(head), "", *block({"events": layer.data["events"]})]) + "\n"
    check_written(text, str(table))
    return text


def read_events(table: str | Path) -> Layer:
    """Return the events of a table as a scenario file would give them, with the line of every row.

    Raises
    ------
    ScenarioError
        When the file is not such a table. What is wrong with single cells is left in the layer's problems.
    """
    path = check_path("table", table, "the path of a CSV file")
    label = str(table)
    text, notes_of_reading = decode_table(Source(label, path).read(MAX_BYTES), label)
    tell_notes(notes_of_reading)
    separator = separator_of(text) or _separator_in(text)
    rows = _rows(text, label, separator)
    header = next(rows, None)
    if header is None:
        raise ScenarioError([Problem(label, message="the table is empty, expected a row of column names")])
    columns = _columns(*header, label)
    events: dict[str, dict[str, Any]] = {}
    layer = Layer({"events": events}, {(): Place(label, 1), ("events",): Place(label, header[0])})
    for line, cells in rows:
        _row(line, cells, columns, layer, events, separator)
    if not events and not layer.problems:
        raise ScenarioError([Problem(label, header[0], message="the table has no event below its column names")])
    return layer


def _separator_in(text: str) -> str:
    """Return the separator that the first row of a table speaks for."""
    first = next((line for line in text.splitlines() if line.strip()), "")
    return max(_DELIMITERS, key=first.count)


def _rows(text: str, label: str, separator: str) -> Iterator[tuple[int, list[str]]]:
    """Yield each row that is not blank with the line it begins in, without a first line that names the separator."""
    named = separator_of(text) is not None
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    line = 1
    try:
        for cells in reader:
            if any(cell.strip() for cell in cells) and not (named and line == 1):
                yield line, [cell.strip() for cell in cells]
            line = reader.line_num + 1
    except csv.Error as error:
        raise ScenarioError([Problem(label, line, message=f"not valid CSV: {error}")]) from None


def _columns(line: int, cells: list[str], label: str) -> list[str]:
    """Return the names of the columns, after checking them all."""
    if len(cells) == 1:
        for char, called in _OTHER_DELIMITERS.items():
            if char in cells[0]:
                message = f"the columns are separated by {called}, expected commas or semicolons"
                raise ScenarioError([Problem(label, line, message=message)])
    cells = cells[: _filled(cells)]  # spreadsheets leave empty columns at the right
    cells = [name.casefold() if name.casefold() in COLUMNS else name for name in cells]
    problems: list[Problem] = []
    # Each name is offered once, and what a misspelt heading is near to is not missing as well.
    free = [name for name in COLUMNS if name not in cells]
    for position, name in enumerate(cells):
        if len(problems) >= MAX_SOUGHT:
            break
        if name in cells[:position]:
            problems.append(Problem(label, line, name, "duplicate column"))
        elif name not in COLUMNS:
            hint = nearest(name, free)
            if hint is not None:
                free.remove(hint)
            message = "unknown column" if hint else f"unknown column, expected some of {listing(COLUMNS)}"
            problems.append(Problem(label, line, name or f"column {position + 1}", message, hint))
    missing = [name for name in REQUIRED if name in free]
    if missing:
        message = f"missing column{'s' if len(missing) > 1 else ''} {', '.join(missing)}"
        problems.append(Problem(label, line, message=message))
    if problems:
        raise ScenarioError(problems)
    return cells


def _filled(cells: list[str]) -> int:
    """Return how many cells there are up to the last one that is not empty."""
    return next((count for count in range(len(cells), 0, -1) if cells[count - 1]), 0)


def _row(
    line: int,
    cells: list[str],
    columns: list[str],
    layer: Layer,
    events: dict[str, dict[str, Any]],
    separator: str,
) -> None:
    """Add the event of one row to a layer."""
    label = layer.places[()].file
    cells = cells[: max(len(columns), _filled(cells))]
    if len(cells) > len(columns):
        message = f"{len(cells)} cells in a table of {len(columns)} columns; quote text that contains the separator"
        layer.problems.append(Problem(label, line, message=message))
        return
    given = {column: cell for column, cell in zip(columns, cells, strict=False) if cell}
    name = given.pop("id", None)
    if name is None:
        layer.problems.append(Problem(label, line, "id", "every event needs an id of its own"))
        return
    path: PathKey = ("events", name)
    if name in events:
        first = layer.places[path].line
        layer.problems.append(Problem(label, line, "id", f"{shorten(name)} is already the id of line {first}"))
        return
    layer.places[path] = Place(label, line)
    events[name] = {}
    for column, cell in given.items():
        layer.places[*path, column] = Place(label, line)
        events[name][column] = _cell((*path, column), cell, layer, separator)


def _cell(path: PathKey, cell: str, layer: Layer, separator: str) -> Any:
    """Return what a cell says: text where text is expected, else the value that YAML would make of it."""
    shape = shape_at(path)
    try:
        if path[-1] == "date":
            return read_date(cell)
        if shape is None or shape.is_text:
            return cell
        plain = read_truth(cell) if shape.kind is bool else read_number(cell, separator)
        return read_value(plain, layer.places[path].file, dotted(path))
    except TwoReadingsError as error:
        layer.broken.add(path)
        layer.problems.append(layer.problem(path, str(error)))
    except ScenarioError as error:
        layer.broken.add(path)
        for problem in error.problems:
            layer.problems.append(layer.problem(path, problem.message, problem.hint))
    return None
