"""The kernel's tables are the same to the last bit whether Python or the page works them out of the figures."""

from __future__ import annotations

import hashlib
import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from papertiger import scenarios
from papertiger.model.ensemble.batches import make_fixed
from papertiger.model.ensemble.start import start_of
from papertiger.model.ensemble.tables import build_decisions, build_tables
from papertiger.model.template import build_setting
from tests.experiments.lab.conftest import WORLDS
from tests.experiments.lab.pages import Engine, Job, changed, folder_of_engine, in_node, random_state, world

pytestmark = pytest.mark.xdist_group("lab")  # the kernel is linked once


def tables_of(state: dict[str, Any]) -> dict[str, str]:
    """Return a hash of each table of a state that Python makes."""
    scenario, values = changed(state)
    setting = build_setting(scenario, 1, 0, values)
    fixed = make_fixed(build_tables(setting), build_decisions(None, setting))
    hashes = {}
    for part, held in (("fixed", fixed), ("start", start_of(setting).state)):
        for name, table in zip(held._fields, held, strict=True):
            if isinstance(table, np.ndarray):
                hashes[f"{part}.{name}"] = hashlib.sha256(np.ascontiguousarray(table).tobytes()).hexdigest()
    return hashes


def all_moved(name: str, number: int) -> Iterator[dict[str, Any]]:
    """Yield states of a world in which every figure that can be moved is moved, with all events and with some."""
    rng = random.Random(number)
    figures = {one.key: rng.uniform(one.low, one.high) for one in world(name)[1]}
    yield {"world": name, "figures": figures}
    ends = {one.key: rng.choice([one.low, one.high]) for one in world(name)[1]}
    yield random_state(name, rng) | {"figures": ends}


def jobs_of(tried: list[dict[str, Any]]) -> list[Job]:
    return [["tables", state] for state in tried]


def test_every_figure_reaches_the_same_places_of_the_tables(engine: Engine) -> None:
    tried = [state for n, name in enumerate(WORLDS) for state in all_moved(name, n)]
    for state, found in zip(tried, engine(jobs_of(tried)), strict=True):
        assert found == tables_of(state)


def test_every_figure_that_can_be_moved_moves_a_table(engine: Engine) -> None:
    name = "no_war_2022"
    movable = world(name)[1]
    states = [{"world": name, "figures": {one.key: one.low + 0.37 * (one.high - one.low)}} for one in movable]
    shipped, *moved = engine(jobs_of([{"world": name}, *states]))
    idle = [one.key for one, found in zip(movable, moved, strict=True) if found == shipped]
    # Nearness of a rival that offers nothing, and what exposes a sub-state, which is the patron's own already.
    own = {client["path"] for client in world(name)[0]["clients"] if client["sub_state"]}
    assert [key for key in idle if not key.endswith(".proximity") and key.rpartition(".")[0] not in own] == []


@pytest.mark.slow
def test_every_figure_of_every_shipped_world_does(page_kernel: bytes, tmp_path: Path) -> None:
    names = [name for name in scenarios.names() if not scenarios.load(name).patrons]
    folder = folder_of_engine(tmp_path, page_kernel, names)
    tried = [state for n, name in enumerate(names) for state in all_moved(name, 100 + n)]
    for state, found in zip(tried, in_node(folder, jobs_of(tried)), strict=True):
        assert found == tables_of(state)
