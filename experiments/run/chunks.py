"""Cut the runs of an experiment in chunks, each of which becomes one file of rows.

The cut depends on the experiment alone, never on who carries it out. Replicates come in blocks, and all points of all
scenarios get their first block before any gets its second: a sweep that is cut short is balanced.
"""

from __future__ import annotations

import hashlib
from bisect import bisect_right
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from itertools import accumulate, islice

MIN_ROWS = 250
MAX_ROWS = 5_000
"""Rows of a chunk, unless there would be more than `MAX_CHUNKS`: about a second of work."""
MAX_CHUNKS = 2_000
WANTED_CHUNKS = 64
MIN_REPLICATES = 50
"""A block smaller than this would spend its time on setting points up."""
BLOCKS = 4


@dataclass(frozen=True)
class Chunk:
    """Name some runs of one scenario.

    Attributes
    ----------
    number
        Its place among all chunks.
    scenario
        Label.
    first_point, points, first_replicate, replicates
        A block of points and a block of replicates.
    """

    number: int
    scenario: str
    first_point: int
    points: int
    first_replicate: int
    replicates: int

    @property
    def rows(self) -> int:
        """Return how many runs it has."""
        return self.points * self.replicates

    @property
    def file(self) -> str:
        """Return the name of its file."""
        return f"part-{self.number:05d}.parquet"


@dataclass(frozen=True)
class Layout:
    """Say how large chunks are: points and replicates of each."""

    points: int
    replicates: int

    @staticmethod
    def of(said: Mapping[str, int]) -> Layout:
        """Return the layout that a manifest says."""
        return Layout(said["points_per_part"], said["replicates_per_part"])

    def to_dict(self) -> dict[str, int]:
        """Return it as the manifest says it."""
        return {"points_per_part": self.points, "replicates_per_part": self.replicates}


def layout(scenarios: int, points: int, replicates: int) -> Layout:
    """Return how to cut an experiment.

    Parameters
    ----------
    scenarios, points, replicates
        How many there are.
    """
    total = scenarios * points * replicates
    rows = min(MAX_ROWS, max(MIN_ROWS, total // WANTED_CHUNKS))
    rows = max(rows, -(-total // MAX_CHUNKS))
    if points == 1:
        return Layout(1, min(replicates, rows))
    block = max(min(replicates, MIN_REPLICATES), -(-replicates // BLOCKS))
    block = min(block, max(rows, MIN_REPLICATES))
    return Layout(min(points, max(1, rows // block)), block)


def cut(labels: tuple[str, ...], points: int, replicates: int, size: Layout) -> list[Chunk]:
    """Return all chunks of an experiment, in the order in which they are to be done.

    Parameters
    ----------
    labels
        Of the scenarios.
    points, replicates
        How many there are.
    size
        How large chunks are.
    """
    chunks: list[Chunk] = []
    for first_replicate in range(0, replicates, size.replicates):
        for first_point in range(0, points, size.points):
            for label in labels:
                chunks.append(
                    Chunk(
                        len(chunks),
                        label,
                        first_point,
                        min(size.points, points - first_point),
                        first_replicate,
                        min(size.replicates, replicates - first_replicate),
                    )
                )
    return chunks


def uncovered(chunks: Iterable[Chunk], done: Collection[Chunk]) -> list[Chunk]:
    """Return what is missing of some chunks, in their order, under numbers that are free.

    Parameters
    ----------
    chunks
        All that is wanted.
    done
        What is there: of the same blocks of points, perhaps cut in other blocks of replicates.
    """
    ends: dict[tuple[str, int, int], list[tuple[int, int]]] = {}
    for chunk in sorted(done, key=lambda one: one.first_replicate):
        block = ends.setdefault((chunk.scenario, chunk.first_point, chunk.points), [])
        block.append((chunk.first_replicate, chunk.first_replicate + chunk.replicates))
    # How far each block and all before it reach, by which those that end before a chunk begins are passed over.
    reach = {key: list(accumulate((last for _, last in block), max)) for key, block in ends.items()}
    taken = {chunk.number for chunk in done}
    number = 0
    missing: list[Chunk] = []
    for chunk in chunks:
        start, end = chunk.first_replicate, chunk.first_replicate + chunk.replicates
        gaps: list[tuple[int, int]] = []
        key = (chunk.scenario, chunk.first_point, chunk.points)
        held = ends.get(key, [])
        for first, last in islice(held, bisect_right(reach.get(key, []), start), None):
            if first >= end:
                break
            if first > start:
                gaps.append((start, first))
            start = max(start, last)
        if start < end:
            gaps.append((start, end))
        for first, last in gaps:
            while number in taken:
                number += 1
            missing.append(replace(chunk, number=number, first_replicate=first, replicates=last - first))
            number += 1
    return missing


def run_ids(experiment: str, chunk: Chunk) -> list[str]:
    """Return the name of each run of a chunk: a hash of experiment, scenario, point and replicate.

    Parameters
    ----------
    experiment
        Hash of what the experiment says about each run: the same when it gets more replicates or scenarios.
    chunk
        The runs.
    """
    length = 10
    names = []
    for point in range(chunk.first_point, chunk.first_point + chunk.points):
        # One long hash per point, of which each replicate has its piece: the same however the runs are cut.
        whole = hashlib.shake_128(f"{experiment}\n{chunk.scenario}\n{point}".encode())
        last = chunk.first_replicate + chunk.replicates
        text = whole.hexdigest(length * last)
        names += [
            text[2 * length * number : 2 * length * (number + 1)] for number in range(chunk.first_replicate, last)
        ]
    return names
