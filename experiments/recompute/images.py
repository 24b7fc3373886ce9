"""Write the images of memory of a scenario in an experiment: as it is, at each point of the design, without events.

An image is that of `papertiger.model.build.image`, with room for the trajectories that the measures read. Points of a
design differ from the first in a few numbers, which stand beside it as patches: the place of eight bytes, and those
bytes.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from papertiger.experiments.design.decisions import book_of
from papertiger.model.build.image import WORD, leaves_of, pack
from papertiger.model.ensemble.batches import key_of, make_fixed, make_kept, make_moving
from papertiger.model.ensemble.kernel import Batch, Fixed, Kept
from papertiger.model.ensemble.start import start_of
from papertiger.model.ensemble.tables import build_decisions, build_tables

if TYPE_CHECKING:
    from papertiger.experiments.design.decisions import GivenDecision
    from papertiger.model.decisions import Decisions
    from papertiger.model.ensemble.tables import Tables
    from papertiger.model.setting import Setting
    from papertiger.model.template import Template

GAP = 64
"""So many zeros between two pieces of an image are not worth a piece of their own."""

type Patch = dict[int, bytes]
"""Eight bytes by their place in the image."""


@dataclass(frozen=True)
class World:
    """Hold a scenario of an experiment as images of memory.

    Attributes
    ----------
    content
        The image at the first point of the design.
    patches
        What differs at each point.
    places
        Of each figure that can be changed without anything else being so, by its path, the place of its number.
    """

    content: bytes
    patches: tuple[Patch, ...]
    places: Mapping[str, int]


@dataclass(frozen=True)
class Room:
    """Say what a run leaves behind in an image.

    Attributes
    ----------
    keep
        Names of trajectories.
    only
        Of those of which not every month is kept, the months that are.
    runs
        How many runs there is room for.
    """

    keep: tuple[str, ...]
    only: Mapping[str, Sequence[int]]
    runs: int


def world_of(
    template: Template,
    points: Sequence[Mapping[str, float]],
    seed: int,
    room: Room,
    given: Sequence[GivenDecision] = (),
) -> World:
    """Return a scenario as images.

    Parameters
    ----------
    template
        The scenario.
    points
        Numbers by path, for each point of the design.
    seed, room
        Of the experiment.
    given
        Decisions that are given in the scenario.
    """
    base = template.setting(seed, 0, points[0])
    tables, book = build_tables(base), book_of(given, base)
    image, placed = _image(base, tables, book, make_kept(tables, room.keep, room.runs, room.only), room.runs)
    patches: list[Patch] = [{}]
    before = _read_only(base, tables, book)
    for values in points[1:]:
        setting = template.setting(seed, 0, values)
        now = _read_only(setting, build_tables(setting, tables), book)
        patches.append(_patch(before, now, placed))
    return World(image, tuple(patches), _places(tables, placed))


def _read_only(setting: Setting, tables: Tables, book: Decisions) -> tuple[Any, ...]:
    """Return the arguments of the kernel that differ between the points of a design."""
    return make_fixed(tables, build_decisions(book, setting)), start_of(setting).state


def _image(setting: Setting, tables: Tables, book: Decisions, results: Kept, runs: int) -> tuple[bytes, list[int]]:
    """Return an image, and the place of each array of what is only read."""
    fixed, start = _read_only(setting, tables, book)
    batch = Batch(0, len(setting.months), 0, runs)
    packed = pack((fixed, make_moving(tables), results, key_of(setting, 0), start, batch))
    read = [
        packed.start + packed.places[id(leaf)] for leaf in leaves_of((fixed, start)) if isinstance(leaf, np.ndarray)
    ]
    return packed.content(results, {}), read


def _patch(before: tuple[Any, ...], now: tuple[Any, ...], placed: list[int]) -> Patch:
    """Return what differs between two points."""
    patch: Patch = {}
    arrays = iter(placed)
    for old, new in zip(leaves_of(before), leaves_of(now), strict=True):
        if not isinstance(old, np.ndarray):
            assert old == new, "points of a design differ in numbers alone"
            continue
        place = next(arrays)
        if old is new or old.tobytes() == new.tobytes():
            continue
        assert old.shape == new.shape, "points of a design differ in numbers alone"
        one, two = (np.frombuffer(array.tobytes(), "<u8") for array in (old, new))
        for index in np.flatnonzero(one != two):
            patch[place + WORD * int(index)] = two[index].tobytes()
    return patch


def _places(tables: Tables, placed: list[int]) -> dict[str, int]:
    """Return the place of each parameter, and of the weight and loading of each signal."""
    # All that is only read stands in the order of `Fixed` first, and each of its fields is an array.
    constants, signals = (placed[Fixed._fields.index(name)] for name in ("constants", "signals"))
    fields: Any = tables.constants.dtype.fields
    places = {f"parameters.{name}": constants + int(field[1]) for name, field in fields.items()}
    row = tables.signals.dtype
    columns: Any = row.fields
    for number, signal in enumerate(tables.setting.signals):
        for name in ("weight", "loading"):
            offset = int(columns[name][1])
            places[f"signals.{signal.name}.{name}"] = signals + number * row.itemsize + offset
    return places


def pieces_of(content: bytes) -> list[tuple[int, bytes]]:
    """Return the pieces of an image that are not zero, each with its place."""
    padded = content + bytes(-len(content) % WORD)
    filled = np.flatnonzero(np.frombuffer(padded, "<u8"))
    if not len(filled):
        return []
    cuts = np.flatnonzero(np.diff(filled) > GAP // WORD) + 1
    runs = np.split(filled, cuts)
    return [(WORD * int(run[0]), content[WORD * int(run[0]) : WORD * (int(run[-1]) + 1)]) for run in runs]


def is_direct(template: Template, seed: int, path: str, value: float) -> bool:
    """Tell whether a figure stands in its own place alone, so that to change it is to change one number.

    Parameters
    ----------
    template, seed
        The scenario, in which no figure is drawn.
    path, value
        The figure, and another number than its own.
    """
    base, other = template.setting(seed, 0), template.setting(seed, 0, {path: value})
    if not all(
        getattr(base, name) is getattr(other, name) for name in ("clients", "events", "similarity", "patrons")
    ):
        return False
    one, two = start_of(base), start_of(other)
    return all(
        getattr(one, name).tobytes() == getattr(two, name).tobytes()
        for name in ("clients", "offers", "ties", "patron")
    )
