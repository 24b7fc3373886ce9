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
HEAD = 40
"""Bytes before the table of words."""
WORD = 8


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
    packed = pack(arguments)
    described = {name: packed.described(getattr(results, name)) for name in Kept._fields}
    description = {
        "scenario": resolved.name,
        "months": list(setting.months),
        "clients": [client.name for client in setting.clients],
    }
    return Image(packed.content(results, description), described)


@dataclass(frozen=True)
class Packed:
    """Hold the arguments of an entry of the kernel as words and data.

    Attributes
    ----------
    words
        The table that the entry takes.
    addresses
        Which words are addresses.
    data
        The arrays.
    places
        Of each array, by its identity, the place of its first byte in the data.
    """

    words: tuple[int, ...]
    addresses: tuple[int, ...]
    data: bytes
    places: dict[int, int]

    @property
    def start(self) -> int:
        """Return where the data begin in an image."""
        return HEAD + WORD * (len(self.words) + len(self.addresses))

    def described(self, array: np.ndarray[Any, Any]) -> tuple[int, str, tuple[int, ...]]:
        """Return the place of an array in the data, its type and its shape."""
        return self.places[id(array)], array.dtype.str, array.shape

    def content(self, results: Kept, description: dict[str, Any]) -> bytes:
        """Return the image, whose description ends with the arrays that runs write to."""
        arrays = {}
        for name in Kept._fields:
            place, kind, shape = self.described(getattr(results, name))
            arrays[name] = {"offset": place, "dtype": kind, "shape": list(shape)}
        said = json.dumps({**description, "arrays": arrays}, separators=(",", ":")).encode()
        head = MAGIC + struct.pack("<4Q", len(self.words), len(self.addresses), len(self.data), len(said))
        table = struct.pack(f"<{len(self.words) + len(self.addresses)}Q", *self.words, *self.addresses)
        return head + table + self.data + said


def pack(arguments: Any) -> Packed:
    """Return the arguments of an entry of the kernel as words and data.

    Parameters
    ----------
    arguments
        Named tuples of arrays and numbers, within tuples.
    """
    data = bytearray()
    words: list[int] = []
    addresses: list[int] = []
    places: dict[int, int] = {}
    for value in leaves_of(arguments):
        if not isinstance(value, np.ndarray):
            words.append(int(value) & 0xFFFFFFFFFFFFFFFF)
            continue
        data += bytes(-len(data) % ALIGNMENT)
        places[id(value)] = len(data)
        words += [0, 0, value.size, value.itemsize]
        addresses.append(len(words))
        words += [len(data), *value.shape, *value.strides]
        data += np.ascontiguousarray(value).tobytes()
    data += bytes(-len(data) % ALIGNMENT)
    return Packed(tuple(words), tuple(addresses), bytes(data), places)


def leaves_of(arguments: Any) -> Iterator[Any]:
    """Yield the arrays and numbers of named tuples within tuples, in order."""
    for argument in arguments:
        if isinstance(argument, tuple):
            yield from leaves_of(argument)
        else:
            yield argument
