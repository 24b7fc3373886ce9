"""Run the lab's engine in Node and in a browser, and draw states of it."""

from __future__ import annotations

import json
import random
import shutil
import subprocess
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

from papertiger import scenarios
from papertiger.experiments.lab.figures import SWITCHES, Movable, movable_figures
from papertiger.experiments.lab.payload import payload, world_of
from papertiger.model.build import link
from papertiger.model.template import Template
from papertiger.scenarios import Scenario

STATIC = Path(__file__).parents[3] / "experiments" / "lab" / "static"
HERE = Path(__file__).parent
RUNNER = """
import { readFileSync, writeFileSync } from "node:fs";
import { Lab } from "./engine.mjs";
import { doAll } from "./jobs.mjs";
const [jobs, out] = process.argv.slice(2);
const lab = await Lab.open(readFileSync("kernel.wasm"), readFileSync("payload"));
writeFileSync(out, JSON.stringify(await doAll(lab, JSON.parse(readFileSync(jobs)))));
"""

type Job = list[Any]
type Engine = Callable[[list[Job]], list[Any]]


def folder_of_engine(folder: Path, kernel: bytes, names: list[str]) -> Path:
    """Put the engine, its kernel and some scenarios into a folder."""
    for module in (*STATIC.glob("engine*.mjs"), HERE / "jobs.mjs", Path(link.__file__).with_name("kernel.mjs")):
        shutil.copy(module, folder)
    (folder / "kernel.wasm").write_bytes(kernel)
    (folder / "payload").write_bytes(payload(names))
    (folder / "run.mjs").write_text(RUNNER, encoding="utf-8")
    return folder


def in_node(folder: Path, jobs: list[Job]) -> list[Any]:
    """Do jobs in Node, in a folder with the engine."""
    node = shutil.which("node")
    assert node is not None, "node is missing: apt-get install nodejs"
    (folder / "jobs.json").write_text(json.dumps(jobs), encoding="utf-8")
    command = [node, "run.mjs", "jobs.json", "results.json"]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    results: list[Any] = json.loads((folder / "results.json").read_text(encoding="utf-8"))
    return results


@cache
def world(name: str) -> tuple[dict[str, Any], list[Movable]]:
    """Return a world of the page, and its figures that can be moved."""
    scenario = scenarios.load(name)
    return world_of(scenario), movable_figures(scenario, Template(scenario))


def random_state(name: str, rng: random.Random) -> dict[str, Any]:
    """Draw a state of the lab: some figures within their sliders, switches, events struck out, a path of the war."""
    described, movable = world(name)
    events = [name for name, event in described["events"].items() if "what" in event]
    return {
        "world": name,
        "figures": {
            one.key: rng.choice([one.low, one.high, rng.uniform(one.low, one.high), rng.uniform(one.low, one.high)])
            for one in rng.sample(movable, rng.choice([0, 1, 3, 12, 60]))
        },
        "off": [key for key in described["switches"] if rng.random() < 0.15],
        "struck": rng.sample(events, rng.choice([0, 0, 1, 5, len(events) // 2])),
        "path": rng.choice(list(described["war"]["burden"])),
    }


def changed(state: dict[str, Any]) -> tuple[Scenario, dict[str, float]]:
    """Return the scenario of a state and the numbers that it gives figures, by Python's own means."""
    scenario = scenarios.load(state["world"])
    struck = state.get("struck", ())
    events = {
        name: event.model_copy(update={"beside": None}) if event.beside in struck else event
        for name, event in scenario.events.items()
        if name not in struck
    }
    path = state.get("path") or scenario.war.after
    war = scenario.war.model_copy(update={"after": path})
    values = dict(state.get("figures", {})) | {SWITCHES[key]: 0.0 for key in state.get("off", ())}
    there = scenario.model_copy(update={"events": events, "war": war})
    read = Template(there).figures  # what an event says that was struck out, nobody reads
    return there, {path: value for path, value in values.items() if path in read}
