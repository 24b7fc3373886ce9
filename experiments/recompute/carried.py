"""Gather what a page carries of an experiment, or say in one sentence why it cannot be run again in a page."""

from __future__ import annotations

import json
import math
import struct
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from papertiger.experiments.phrases import counted
from papertiger.experiments.recompute.images import Room, World, is_direct, pieces_of, world_of
from papertiger.experiments.recompute.kernel import page_kernel
from papertiger.experiments.recompute.readings import READABLE, Reader, twins_of
from papertiger.experiments.run.results import FACTOR
from papertiger.model.calendar import month_number
from papertiger.model.elementary import exp
from papertiger.model.ensemble.kernel import PATHS
from papertiger.model.own_code import is_shipped
from papertiger.model.template import Template

if TYPE_CHECKING:
    from papertiger.experiments.run.results import Results
    from papertiger.scenarios.schema.figures import Distribution
    from papertiger.scenarios.schema.scenario import Scenario

MAX_RUNS = 200_000
"""A page would take minutes for more."""
MAX_NUMBERS = 20_000
"""So many numbers of design points may go along."""
MAX_BYTES = 1_000_000
"""So large may the scenarios be, compressed."""
TAIL = 2.5758
"""Standard deviations of a normal distribution between which, to either side of its middle, 99 % lie."""
ROWS = 250
"""Trajectories of so many runs are held at a time."""


@dataclass(frozen=True)
class Figure:
    """Describe a figure that a reader may change.

    Attributes
    ----------
    path
        Its dotted path.
    value
        What the first scenario has.
    low, high
        Its range.
    why
        Source or reason.
    factor
        The factor of the design that it is, if it is one.
    set_by
        Labels of the scenarios that set it to another number, which they keep.
    """

    path: str
    value: float
    low: float
    high: float
    why: str
    factor: str | None
    set_by: tuple[str, ...]


@dataclass(frozen=True)
class Carried:
    """Hold what a page carries, each piece compressed for itself.

    Attributes
    ----------
    kernel
        The kernel as WebAssembly.
    scenarios
        Images and readings of each scenario, by label.
    plan
        What is to be run, and what it must come to; whoever writes the page adds words.
    figures
        What can be changed.
    """

    kernel: bytes
    scenarios: dict[str, bytes]
    plan: dict[str, Any]
    figures: tuple[Figure, ...]


def _objections(results: Results, templates: Mapping[str, Template]) -> Iterator[str]:
    """Yield why an experiment cannot be run again in a page."""
    experiment, manifest = results.experiment, results.manifest
    if not manifest.finished:
        yield "it is not finished"
    if manifest.errors:
        yield "some of its runs failed"
    if any(part.table_sha256 is None or part.block is None for part in manifest.parts.values()):
        yield "its rows were written without the hash that a page compares with"
    if experiment.theories:
        yield "it has rules of its own, which are not in the kernel that pages have"
    for name, measure in experiment.measures.items():
        if not is_shipped(type(measure)):
            yield f"the measure “{name}” is one of its author's own, which no page knows"
        elif type(measure) not in READABLE:
            yield f"the measure “{name}” reads the ledger, which the kernel for pages does not keep"
    if manifest.rows > MAX_RUNS:
        yield f"it has {counted(manifest.rows, 'run')}, for which a page would take too long"
    if results.points.values.size > MAX_NUMBERS:
        yield f"the {counted(len(results.points), 'point')} of its design would make the page too large"
    for label, template in templates.items():
        if any(template.is_drawn(results.points.at(point)) for point in range(len(results.points))):
            yield f"each run of the scenario “{label}” draws figures of its own from distributions"


def carried(results: Results) -> Carried | str:
    """Return what a page carries of an experiment, or why it can carry nothing, as a sentence.

    Parameters
    ----------
    results
        An opened folder.
    """
    templates = {label: Template(world) for label, world in results.worlds.items()}
    reason = next(_objections(results, templates), None)
    if reason is not None:
        return f"This experiment cannot be run again in this page: {reason}."
    kernel = page_kernel()
    if kernel is None:
        return (
            "This page cannot run the experiment again: where it was written the kernel for pages was not installed."
        )
    figures = tuple(_figures(results, templates))
    scenarios = {
        label: _packed(_scenario(results, label, template, figures)) for label, template in templates.items()
    }
    if sum(map(len, scenarios.values())) > MAX_BYTES:
        return "This experiment cannot be run again in this page: its scenarios would make the page too large."
    return Carried(_packed(kernel), scenarios, _plan(results), figures)


def _packed(content: bytes) -> bytes:
    return zlib.compress(content, 9)


def _plan(results: Results) -> dict[str, Any]:
    experiment, manifest, points = results.experiment, results.manifest, results.points
    parts = [
        {"file": name, "sha256": part.table_sha256, **part.block.model_dump()}
        for name, part in sorted(manifest.parts.items())
        if part.block is not None
    ]
    columns = [
        (column, "text" if kind == "text" else "number", name)
        for name, measure in experiment.measures.items()
        for column, kind in measure.columns(name).items()
    ]
    return {
        "seed": experiment.seed,
        "points": manifest.points,
        "replicates": manifest.replicates,
        "points_sha256": manifest.points_sha256,
        "factors": [FACTOR + name for name in points.names],
        "paths": list(points.paths),
        "values": [[None if math.isnan(number) else float(number) for number in row] for row in points.values],
        "parts": parts,
        "columns": columns,
        "rows": _rows(results),
    }


def _rows(results: Results) -> int:
    return min(ROWS, results.manifest.replicates)


# Scenarios


def _scenario(results: Results, label: str, base: Template, figures: tuple[Figure, ...]) -> bytes:
    """Return the images and readings of a scenario: the length of a description, the description, and bytes."""
    scenario, measures = base.scenario, results.experiment.measures
    room = _room(results, scenario)
    events = twins_of(measures, scenario)
    points = [results.points.at(point) for point in range(len(results.points))]
    given = results.experiment.decisions_in(label)
    worlds = [
        world_of(template, points, results.experiment.seed, room, given)
        for template in (base, *(Template(_without(scenario, names)) for names in events))
    ]
    setting = base.setting(results.experiment.seed, 0, points[0])
    reader = Reader(scenario, setting, room.only, {names: place for place, names in enumerate(events, 1)})
    description: dict[str, Any] = {
        "scenario": label,
        "readings": {name: reader.reading(measure) for name, measure in measures.items()},
        "worlds": [],
    }
    content = bytearray()
    for world in worlds:
        described, data = _described(world, [one.path for one in figures if label not in one.set_by])
        description["worlds"].append(described)
        content += data
    text = json.dumps(description, ensure_ascii=True, allow_nan=False, separators=(",", ":")).encode("ascii")
    return struct.pack("<I", len(text)) + text + bytes(content)


def _described(world: World, paths: list[str]) -> tuple[dict[str, Any], bytes]:
    """Return an image and its patches as a description and the bytes that it speaks of, in order."""
    pieces = pieces_of(world.content)
    description = {
        "size": len(world.content),
        "pieces": [(place, len(data)) for place, data in pieces],
        "patches": [list(patch) for patch in world.patches],
        "places": {path: world.places[path] for path in paths if path in world.places},
    }
    numbers = b"".join(number for patch in world.patches for number in patch.values())
    return description, b"".join(data for _, data in pieces) + numbers


def _without(scenario: Scenario, events: tuple[str, ...]) -> Scenario:
    remaining = {name: event for name, event in scenario.events.items() if name not in events}
    return scenario.model_copy(update={"events": remaining})


def _room(results: Results, scenario: Scenario) -> Room:
    """Return what a run leaves behind: trajectories that measures read, and only the months that they read."""
    measures = results.experiment.measures.values()
    keep = tuple(name for name in PATHS if any(name in measure.required for measure in measures))
    first, last = month_number(scenario.span.start), month_number(scenario.span.end)
    only = {}
    for name in keep:
        moments = {measure.moment for measure in measures if name in measure.required}
        if None not in moments:
            only[name] = sorted({last - first if at == "end" else month_number(str(at)) - first for at in moments})
    return Room(keep, only, _rows(results))


# Figures


def _figures(results: Results, templates: Mapping[str, Template]) -> Iterator[Figure]:
    """Yield what can be changed: factors of the design first, then whatever else has a range."""
    template, points = templates[results.experiment.labels[0]], results.points
    factors = dict(zip(points.paths, points.names, strict=True))
    ranges = {path: _range_of_factor(results, place) for place, path in enumerate(points.paths)}
    for path, figure in template.figures.items():
        if path not in ranges and figure.prior is not None:
            ranges[path] = _range_of_prior(figure.prior)
    for path, (low, high) in ranges.items():
        one = template.figures.get(path)
        if one is None or one.value is None or not path.startswith(("parameters.", "signals.")):
            continue
        value = float(one.value)
        ends = min(low, value), max(high, value)
        other = next((end for end in ends if end != value), None)
        if other is not None and is_direct(template, results.experiment.seed, path, other):
            said = {label: world.figures.get(path) for label, world in templates.items()}
            set_by = tuple(label for label, here in said.items() if here is None or here.value != value)
            yield Figure(path, value, *ends, one.why or one.source or "", factors.get(path), set_by)


def _range_of_prior(prior: Distribution) -> tuple[float, float]:
    """Return the ends of a distribution; of one with tails those between which 99 % lie, to three digits."""
    low, high = prior.reach()
    if prior.family not in ("normal", "lognormal"):
        return low, high
    middle, spread = prior.numbers
    reach = TAIL * spread
    ends = (
        (middle - reach, middle + reach) if prior.family == "normal" else (middle / exp(reach), middle * exp(reach))
    )
    below, above = (float(f"{end:.3g}") for end in ends)
    return max(low, below), min(high, above)


def _range_of_factor(results: Results, place: int) -> tuple[float, float]:
    column = [float(number) for number in results.points.values[:, place] if not math.isnan(number)]
    return (min(column), max(column)) if column else (0.0, 0.0)
