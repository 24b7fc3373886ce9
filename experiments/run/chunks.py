"""How the runs of an experiment are cut in chunks, each of which becomes one file of rows.

The cut depends on the experiment alone, never on who carries it out. Replicates come in blocks, and all points of all
scenarios get their first block before any gets its second: a sweep that is cut short is balanced.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

FEWEST_ROWS = 250
MOST_ROWS = 5_000
"""Rows of a chunk, unless there would be more than `MOST_CHUNKS`: about a second of work."""
MOST_CHUNKS = 2_000
WANTED_CHUNKS = 64
FEWEST_REPLICATES = 50
"""A block smaller than this would spend its time on setting points up."""
BLOCKS = 4


@dataclass(frozen=True)
class Chunk:
    """Some runs of one scenario.

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
    """How large chunks are: points and replicates of each."""

    points: int
    replicates: int

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
    rows = min(MOST_ROWS, max(FEWEST_ROWS, total // WANTED_CHUNKS))
    rows = max(rows, -(-total // MOST_CHUNKS))
    if points == 1:
        return Layout(1, min(replicates, rows))
    block = max(min(replicates, FEWEST_REPLICATES), -(-replicates // BLOCKS))
    block = min(block, max(rows, FEWEST_REPLICATES))
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


def run_ids(experiment: str, chunk: Chunk) -> list[str]:
    """Return the name of each run of a chunk: a hash of experiment, scenario, point and replicate.

    Parameters
    ----------
    experiment
        Hash of the experiment.
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
