"""Say how the kernel reads its arguments, for whoever puts them into memory without Python."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from papertiger.model.ensemble.batches import key_of, make_fixed, make_kept, make_moving
from papertiger.model.ensemble.kernel.record import LEVELS, PATHS, PATRON_MEASURES
from papertiger.model.ensemble.kernel.state import Batch
from papertiger.model.ensemble.start import start_of
from papertiger.model.ensemble.tables import CHANNELS, GENERATED, Tables, build_decisions
from papertiger.model.rules.breaks import BREAK_CAUSES

if TYPE_CHECKING:
    from collections.abc import Iterator

PARTS = ("fixed", "moving", "kept", "key", "start", "batch")
"""What the arguments of the kernel's entry are called, in order."""


def layout_of(tables: Tables) -> dict[str, Any]:
    """Return the arguments of the kernel's entry in order, the fields of its records, and what its numbers mean.

    Parameters
    ----------
    tables
        Of any scenario: all have the same layout.
    """
    leaves, fields = [], dict[str, list[str]]()
    for name, value in _leaves(tables):
        if not isinstance(value, np.ndarray):
            leaves.append([name, ""])
            continue
        names = value.dtype.names
        leaves.append([name, "record" if names else value.dtype.str[1:], value.dtype.itemsize])
        if names:
            fields[name] = [("i:" if value.dtype[field].kind == "i" else "f:") + field for field in names]
    return {
        "leaves": leaves,
        "records": fields,
        "paths": list(PATHS),
        "levels": list(LEVELS),
        "patron": list(PATRON_MEASURES),
        "channels": list(CHANNELS),
        "generated": list(GENERATED),
        "breaks": list(BREAK_CAUSES),
    }


def shapes_of(tables: Tables) -> list[list[int] | None]:
    """Return the shape of each argument for one scenario, and None for what is a single number."""
    return [list(value.shape) if isinstance(value, np.ndarray) else None for _, value in _leaves(tables)]


def _leaves(tables: Tables) -> Iterator[tuple[str, Any]]:
    """Yield the arrays and numbers that the kernel's entry takes, with their names."""
    setting = tables.setting
    arguments: tuple[Any, ...] = (
        make_fixed(tables, build_decisions(None, setting)),
        make_moving(tables),
        make_kept(tables),
        key_of(setting, 0),
        start_of(setting).state,
        Batch(0, len(setting.months), 0, 1),
    )
    for part, held in zip(PARTS, arguments, strict=True):
        for field, value in zip(held._fields, held, strict=True):
            yield f"{part}.{field}", value
