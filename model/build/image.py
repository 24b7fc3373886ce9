"""Write a scenario as an image of memory: all that the kernel reads and writes, for a machine that has no Python.

An image is, in bytes of the lowest first, the text ``PTIMAGE1``; how many words there are, how many of them are
addresses, how many bytes of data, and how many of description; the words of the table that an entry of the kernel
takes (see `papertiger.model.ensemble.library`); the places of the words that are addresses, which count from the
beginning of the data; the data; and a description of its arrays as JSON. Whoever runs it puts the data into memory,
adds its address to those words, and hands the table to the entry. The last four words are the first month, the one
after the last, the number of the first run and how many runs, and may be changed before.
"""

from __future__ import annotations

import json
import struct
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from papertiger import scenarios
from papertiger.model.ensemble.batches import key_of, make_fixed, make_kept, make_moving
from papertiger.model.ensemble.kernel.record import Kept
from papertiger.model.ensemble.kernel.state import Batch
from papertiger.model.ensemble.start import start_of
from papertiger.model.ensemble.tables import build_decisions, build_tables
from papertiger.model.template import build_setting
from papertiger.scenarios.schema.scenario import Scenario

MAGIC = b"PTIMAGE1"
ALIGNMENT = 64


@dataclass(frozen=True)
class Image:
    """A scenario as an image of memory.

    Attributes
    ----------
    content
        The image.
    written
        Of each array that a run writes to: the place of its first byte in the data, its type as NumPy writes it, and
        its shape.
    """

    content: bytes
    written: dict[str, tuple[int, str, tuple[int, ...]]]

    def read(self, data: bytes, name: str) -> np.ndarray[Any, Any]:
        """Return an array from the data as they are after a run.

        Parameters
        ----------
        data
            The data, without what stands before and behind them in an image.
        name
            Name of the array, see `papertiger.model.ensemble.kernel.Kept`.
        """
        place, kind, shape = self.written[name]
        count = int(np.prod(shape, dtype=np.int64))
        return np.frombuffer(data, kind, count, place).reshape(shape)


def memory_image(
    scenario: str | Scenario, seed: int = 1, runs: int = 1, keep: Collection[str] = (), *, first_run: int = 0
) -> Image:
    """Return a scenario as an image of memory, ready to be run.

    Parameters
    ----------
    scenario
        A scenario, or the name of a shipped one. Its figures are those of the first run.
    seed, first_run
        Key of the runs.
    runs
        How many.
    keep
        What is kept beside counts of postures, as for `papertiger.model.ensemble.ensemble.ensemble`.
    """
    resolved = scenario if isinstance(scenario, Scenario) else scenarios.load(scenario)
    setting = build_setting(resolved, seed, first_run)
    tables = build_tables(setting)
    results = make_kept(tables, keep, runs)
    arguments = (
        make_fixed(tables, build_decisions(None, setting)),
        make_moving(tables),
        results,
        key_of(setting, first_run),
        start_of(setting).state,
        Batch(0, len(setting.months), first_run, runs),
    )
    data = bytearray()
    words: list[int] = []
    addresses: list[int] = []
    placed: dict[int, int] = {}
    for value in _leaves(arguments):
        if not isinstance(value, np.ndarray):
            words.append(int(value) & 0xFFFFFFFFFFFFFFFF)
            continue
        data += bytes(-len(data) % ALIGNMENT)
        placed[id(value)] = len(data)
        words += [0, 0, value.size, value.itemsize]
        addresses.append(len(words))
        words += [len(data), *value.shape, *value.strides]
        data += np.ascontiguousarray(value).tobytes()
    data += bytes(-len(data) % ALIGNMENT)
    described = {name: _described(getattr(results, name), placed) for name in Kept._fields}
    description = json.dumps(
        {
            "scenario": resolved.name,
            "months": list(setting.months),
            "clients": [client.name for client in setting.clients],
            "arrays": {
                name: {"offset": place, "dtype": kind, "shape": list(shape)}
                for name, (place, kind, shape) in described.items()
            },
        },
        separators=(",", ":"),
    ).encode()
    head = MAGIC + struct.pack("<4Q", len(words), len(addresses), len(data), len(description))
    content = b"".join((head, struct.pack(f"<{len(words)}Q", *words), struct.pack(f"<{len(addresses)}Q", *addresses)))
    return Image(content + bytes(data) + description, described)


def _leaves(arguments: Any) -> Iterator[Any]:
    """Yield the arrays and numbers of named tuples within tuples, in order."""
    for argument in arguments:
        if isinstance(argument, tuple):
            yield from _leaves(argument)
        else:
            yield argument


def _described(array: np.ndarray[Any, Any], placed: dict[int, int]) -> tuple[int, str, tuple[int, ...]]:
    return placed[id(array)], array.dtype.str, array.shape
