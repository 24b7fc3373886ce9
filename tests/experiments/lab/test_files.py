"""What the page writes for the command line: an experiment that gives the page's numbers; and what it refuses."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from ruamel.yaml import YAML
from typer.testing import CliRunner

from papertiger.cli import app
from papertiger.experiments.run.results import open_results
from papertiger.scenarios import load
from tests.experiments.lab.conftest import WORLDS
from tests.experiments.lab.pages import Engine, world

pytestmark = pytest.mark.xdist_group("lab")  # the kernel is linked once

SEED = 11
RUNS = 6


def of_each_kind(name: str) -> list[str]:
    """Return events of a scenario that have what a file must empty when it takes them out, one of each."""
    fields: dict[str, str] = {}
    for key, event in world(name)[0]["events"].items():
        if "what" in event:
            for field in event.get("only", ["plain"]):
                fields.setdefault(field, key)
    return list(fields.values())


def test_an_experiment_file_gives_the_numbers_of_the_page(engine: Engine, tmp_path: Path) -> None:
    name = "france_africa_1990"
    figures = {"parameters.forgetting": 0.9725, "parameters.arms_tie_rate": 1e-7}
    before: dict[str, Any] = {"world": name, "figures": figures}
    after = before | {"struck": of_each_kind(name), "off": ["standing"]}
    text, *tables = engine(
        [
            ["experiment", before, after, RUNS, SEED],
            *(["table", state, SEED, [[0, RUNS]]] for state in (before, after)),
        ]
    )
    file, out = tmp_path / "lab.yaml", tmp_path / "results"
    file.write_text(text, encoding="utf-8")
    done = CliRunner().invoke(app, ["experiment", str(file), "--out", str(out), "--no-report", "--quiet"])
    assert done.exit_code == 0, done.output
    results = open_results(out)
    clients = list(load(name).clients)
    months = world(name)[0]["months"]
    for label, table in zip(("before", "after"), tables, strict=True):
        counts = np.array(table["counts"]).reshape(months, len(clients), 5)
        for place, client in enumerate(world(name)[0]["clients"]):
            rungs = results.values(f"posture_{place}", label)
            last = min(months, client["leaves"]) - 1
            assert np.array_equal(np.bincount(rungs.ravel().astype("i8"), minlength=5), counts[last, place])


def test_the_files_say_only_what_was_changed(engine: Engine) -> None:
    shipped = {"world": WORLDS[0], "figures": {"parameters.forgetting": load(WORLDS[0]).parameters.forgetting.value}}
    texts = engine([["scenario", shipped], ["experiment", {"world": WORLDS[0]}, shipped, 10, 1]])
    scenario, experiment = (YAML(typ="safe").load(text) for text in texts)
    assert set(scenario) == {"extends", "counterfactual_to", "title", "description"}
    assert not any("settings" in entry for entry in experiment["scenarios"])


def test_a_state_that_a_world_does_not_know_is_refused(engine: Engine) -> None:
    refused: dict[str, dict[str, Any]] = {
        "no world nowhere": {"world": "nowhere"},
        "partners_2020 has no figure parameters.trust that can be moved": {"figures": {"parameters.trust": 1}},
        "parameters.contagion: expected a number from 0 to 100, got -1": {"figures": {"parameters.contagion": -1}},
        "parameters.forgetting: expected a number from 0 to 1, got null": {
            "figures": {"parameters.forgetting": None}
        },
        "partners_2020 has no event nothing": {"struck": ["nothing"]},
        "partners_2020 has no path of the war peace": {"path": "peace"},
        "partners_2020 has no switch war": {"off": ["war"]},
    }
    assert engine([["refusal", state] for state in refused.values()]) == list(refused)
