"""The lab's engine gives the numbers of Python to the last bit, and its files give them again."""

from __future__ import annotations

import hashlib
import random
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from papertiger import scenarios
from papertiger.model.ensemble.ensemble import ensemble
from papertiger.model.ensemble.kernel.record import PATHS
from papertiger.model.ensemble.outcomes import Ensemble
from tests.experiments.lab.conftest import WORLDS
from tests.experiments.lab.pages import Engine, changed, random_state

pytestmark = pytest.mark.xdist_group("lab")  # the kernel is linked once

SEED = 20270101
RUNS = 12
DEFECTED = 3


def states(count: int, first: int = 0) -> list[dict[str, Any]]:
    """Return states of the lab, the first one as shipped."""
    drawn = [random_state(WORLDS[n % len(WORLDS)], random.Random(n)) for n in range(first, first + count)]
    return [{"world": WORLDS[0]}, *drawn]


def assert_same(result: dict[str, Any], found: Ensemble) -> None:
    """Hold what the page counted and kept against an ensemble."""
    assert result["runs"] == RUNS
    assert np.array_equal(np.array(result["counts"]), found.kept.counts.ravel())
    hashes = {name: hashlib.sha256(np.asarray(found.path(name)).tobytes()).hexdigest() for name in PATHS}
    assert result["hashes"] == hashes


def check(engine: Engine, tried: list[dict[str, Any]], folder: Path) -> None:
    """Run states in the page and in Python, and the files that the page writes of them."""
    # The second batch goes on where the first one ended.
    results = engine([["table", state, SEED, [[0, 5], [5, RUNS - 5]]] for state in tried])
    for number, (state, result) in enumerate(zip(tried, results, strict=True)):
        scenario, values = changed(state)
        assert_same(result, ensemble(scenario, RUNS, SEED, keep="paths", values=values))
        file = folder / f"lab_{number}.yaml"
        file.write_text(result["scenario"], encoding="utf-8")
        assert_same(result, ensemble(file, RUNS, SEED, keep="paths"))


def test_a_page_gives_the_table_of_python_and_so_does_the_file_that_it_writes(engine: Engine, tmp_path: Path) -> None:
    check(engine, states(3), tmp_path)


@pytest.mark.slow
def test_fifty_random_states_give_the_tables_of_python(engine: Engine, tmp_path: Path) -> None:
    check(engine, states(50, first=100), tmp_path)


def test_first_months_of_defection_are_those_of_the_paths(engine: Engine) -> None:
    state = {"world": "soviet_bloc_1985"}
    (result,) = engine([["table", state, SEED, [[0, RUNS]]]])
    scenario = scenarios.load(state["world"])
    found = ensemble(scenario, RUNS, SEED, keep="paths")
    postures = np.asarray(found.path("postures"))
    for run, row in enumerate(result["firsts"]):
        for place, client in enumerate(found.setting.clients):
            gone = [
                month
                for month in range(postures.shape[1])
                if client.is_in_network(month) and postures[run, month, place] >= DEFECTED
            ]
            assert row[place] == (gone[0] if gone else -1)
