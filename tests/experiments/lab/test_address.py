"""An address opens what it says: numbers that a file may say, and two worlds that can be held beside each other."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from papertiger.experiments.lab.opening import experiment_worlds, left_out
from tests.experiments.lab.pages import STATIC

RUNNER = """
import { readFileSync } from "node:fs";
import { read, shipped, written } from "./address.mjs";
const { worlds, hash } = JSON.parse(readFileSync(process.argv[2], "utf8"));
const own = { seed: 1, client: "Alfa", rung: 3, run: 0, of: "b", side: "b", lang: "en" };
const initial = { a: shipped("one"), b: shipped("one"), ...own };
const state = read(hash, worlds, initial);
process.stdout.write(JSON.stringify({ state, again: read(written(state), worlds, initial) }));
"""
FIGURE = {"key": "parameters.cost", "value": 0.2, "low": 0.1, "high": 0.5, "least": 0, "greatest": 1}
HEAD = "title: Mine\nquestion: Does it matter?\ndescription: It may.\nreplicates: 10\n"
MEASURES = "measures:\n  share: {kind: share_defected, at: end}\n"


def world(name: str, *clients: str) -> dict[str, Any]:
    return {
        "id": name, "months": ["2020-01", "2020-02"], "postures": ["loyal", "hedging", "distancing", "suspended"],
        "clients": [{"id": client} for client in clients], "figures": [FIGURE], "switches": [], "events": [],
        "paths": [],
    }  # fmt: skip


def state_of(fragment: str, folder: Path) -> dict[str, Any]:
    """Return what an address opens."""
    node = shutil.which("node")
    assert node is not None, "node is missing: apt-get install nodejs"
    shutil.copy(STATIC / "address.mjs", folder)
    (folder / "run.mjs").write_text(RUNNER, encoding="utf-8")
    worlds = [world("one", "Alfa", "Bravo"), world("two", "Alfa", "Bravo"), world("other", "Zulu")]
    (folder / "given.json").write_text(json.dumps({"worlds": worlds, "hash": fragment}), encoding="utf-8")
    done = subprocess.run([node, "run.mjs", "given.json"], cwd=folder, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    answer: dict[str, Any] = json.loads(done.stdout)
    assert answer["again"] == answer["state"], "what is written is read again"
    opened: dict[str, Any] = answer["state"]
    return opened


@pytest.mark.parametrize(
    ("said", "value"), [("0", 0), ("0.05", 0.05), ("0.9", 0.9), ("7", 1), ("-1", 0), ("x", None)]
)
def test_a_figure_beyond_its_slider_keeps_its_number(said: str, value: float | None, tmp_path: Path) -> None:
    figures = state_of(f"#a=one&b=two&b.parameters.cost={said}", tmp_path)["b"]["figures"]
    assert figures == ({} if value is None else {"parameters.cost": value})


def test_a_world_that_cannot_stand_beside_the_other_is_not_opened(tmp_path: Path) -> None:
    assert state_of("#a=one&b=two", tmp_path)["b"]["world"] == "two"
    for fragment in ("#a=other&b=one", "#a=other", "#a=other&b=two&b.parameters.cost=0.3"):
        state = state_of(fragment, tmp_path)
        assert (state["a"]["world"], state["b"]["world"], state["client"]) == ("other", "other", "Zulu")
        assert state["b"]["figures"] == {}


def test_what_all_scenarios_of_an_experiment_set_is_opened_too(tmp_path: Path) -> None:
    file = tmp_path / "mine.yaml"
    file.write_text(
        f"{HEAD}settings: {{standing_cost: 0.3, forgetting: 0.9}}\nscenarios:\n  - partners_2020\n"
        "  - {scenario: partners_2020, label: after, settings: {standing_cost: 0.4, war.after: ends}}\n" + MEASURES,
        encoding="utf-8",
    )
    _, opening = experiment_worlds(str(file))
    assert opening["a"]["figures"] == {"parameters.standing_cost": 0.3, "parameters.forgetting": 0.9}
    assert opening["b"]["figures"] == {"parameters.standing_cost": 0.4, "parameters.forgetting": 0.9}
    assert (opening["a"]["path"], opening["b"]["path"]) == (None, "ends")
    assert left_out(str(file)) == []


def test_what_the_page_has_no_control_for_is_named(tmp_path: Path) -> None:
    file = tmp_path / "mine.yaml"
    file.write_text(
        f"{HEAD}seed: {2**53}\nsettings: {{span.end: 2024-12}}\nscenarios:\n  - partners_2020\n"
        "  - {scenario: partners_2020, label: after, frozen: [resolve]}\n" + MEASURES,
        encoding="utf-8",
    )
    assert left_out(str(file)) == [
        "partners_2020: span.end",
        "after: span.end, frozen resolve",
        f"the seed {2**53}, which browsers cannot hold",
    ]
    assert "seed" not in experiment_worlds(str(file))[1]
