"""Every shipped world with one patron is the same in the page, as shipped and with figures and events changed."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from papertiger import scenarios
from papertiger.model.ensemble.ensemble import ensemble
from tests.experiments.lab.pages import changed, folder_of_engine, in_node, random_state
from tests.experiments.lab.test_engine import RUNS, SEED, assert_same

pytestmark = pytest.mark.xdist_group("lab")  # the kernel is linked once


@pytest.mark.slow
def test_every_shipped_world_gives_the_table_of_python(page_kernel: bytes, tmp_path: Path) -> None:
    names = [name for name in scenarios.names() if not scenarios.load(name).patrons]
    folder = folder_of_engine(tmp_path, page_kernel, names)
    tried = [
        state for n, name in enumerate(names) for state in ({"world": name}, random_state(name, random.Random(n)))
    ]
    results = in_node(folder, [["table", state, SEED, [[0, 5], [5, RUNS - 5]]] for state in tried])
    for number, (state, result) in enumerate(zip(tried, results, strict=True)):
        scenario, values = changed(state)
        assert_same(result, ensemble(scenario, RUNS, SEED, keep="paths", values=values))
        file = tmp_path / f"lab_{number}.yaml"
        file.write_text(result["scenario"], encoding="utf-8")
        assert_same(result, ensemble(file, RUNS, SEED, keep="paths"))
