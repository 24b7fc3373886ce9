"""Say how the kernel reads its arguments, for whoever puts them into memory without Python."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from papertiger.model.ensemble.batches import Job, Plan, Workshop, key_of, make_fixed
from papertiger.model.ensemble.kernel.record import LEVELS, PATHS, PATRON_MEASURES
from papertiger.model.ensemble.kernel.state import Batch
from papertiger.model.ensemble.start import start_of
from papertiger.model.ensemble.tables import CHANNELS, GENERATED, Tables, build_decisions
from papertiger.model.rules.breaks import BREAK_CAUSES

if TYPE_CHECKING:
    from collections.abc import Iterator

    from papertiger.scenarios.schema.scenario import Scenario

PARTS = ("fixed", "moving", "kept", "key", "start", "batch")
"""What the arguments of the kernel's entry are called, in order."""


def layout_of(scenario: Scenario, tables: Tables) -> dict[str, Any]:
    """Return the arguments of the kernel's entry in order, the fields of its records, and what its numbers mean.

    Parameters
    ----------
    scenario, tables
        Any scenario: all have the same layout.
    """
    leaves, fields = [], dict[str, list[str]]()
    for name, value in _leaves(scenario, tables):
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


def shapes_of(scenario: Scenario, tables: Tables) -> list[list[int] | None]:
    """Return the shape of each argument for one scenario, and None for what is a single number."""
    return [list(value.shape) if isinstance(value, np.ndarray) else None for _, value in _leaves(scenario, tables)]


def _leaves(scenario: Scenario, tables: Tables) -> Iterator[tuple[str, Any]]:
    """Yield the arrays and numbers that the kernel's entry takes, with their names; the room is an ensemble's own."""
    setting = tables.setting
    start, decisions = start_of(setting), build_decisions(None, setting)
    plan = Plan(scenario, setting.seed, 0, 0, Job(tables, start, decisions, None))
    written, moving = Workshop(plan, (), 1).rooms[0]
    fixed, key, batch = make_fixed(tables, decisions), key_of(setting, 0), Batch(0, len(setting.months), 0, 1)
    arguments: tuple[Any, ...] = (fixed, moving, written, key, start.state, batch)
    for part, held in zip(PARTS, arguments, strict=True):
        for field, value in zip(held._fields, held, strict=True):
            yield f"{part}.{field}", value
