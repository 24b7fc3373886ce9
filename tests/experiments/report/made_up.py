"""Folders of results with numbers made up to order, so that a test knows what a report must say."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from papertiger import scenarios
from papertiger.experiments.design.schema import Experiment
from papertiger.experiments.run.manifest import (
    EXPERIMENT,
    MANIFEST,
    PARTS,
    POINTS,
    RESOLVED,
    Manifest,
    Part,
    sha256_of,
)
from papertiger.experiments.run.results import Results, open_results

Values = Callable[[str, int, int], float | str]
"""What a measure is in a scenario, at a design point, in a replicate."""

CLIENT = "Mali"


def luck(replicate: int, salt: int = 0) -> float:
    """Return a number between 0 and 1 that belongs to a replicate, the same in every scenario."""
    return float(np.random.default_rng([replicate, salt]).random())


def make_results(
    folder: Path,
    values: Mapping[str, Values],
    *,
    scenario_labels: tuple[str, ...] = ("base", "twin"),
    replicates: int = 40,
    points: NDArray[np.float64] | None = None,
    unit: NDArray[np.float64] | None = None,
    finished: bool = True,
    **experiment: Any,
) -> Results:
    """Write a folder as the runner would, and open it."""
    content: dict[str, Any] = {
        "name": "made_up",
        "title": "Made up",
        "question": "Does the twin differ?",
        "description": "Numbers made up to order.",
        "replicates": replicates,
        "scenarios": [{"scenario": "sahel_2020", "label": label} for label in scenario_labels],
        **experiment,
    }
    asked = Experiment.model_validate(content)
    world = scenarios.load("sahel_2020")
    worlds = {label: {**world.model_dump(mode="json"), "title": f"World {label}"} for label in asked.labels}
    points = np.zeros((1, 0)) if points is None else points
    factors = [
        {"name": name, "path": f"parameters.{name}", "levels": factor.levels, "distribution": None}
        for name, factor in asked.vary.items()
    ]
    folder.mkdir(parents=True, exist_ok=True)
    (folder / PARTS).mkdir()
    (folder / EXPERIMENT).write_text("title: Made up\n", encoding="utf-8")
    resolved = {"experiment": asked.model_dump(mode="json"), "scenarios": worlds, "factors": factors}
    (folder / RESOLVED).write_text(json.dumps(resolved), encoding="utf-8")
    table = {f"x:{factor['name']}": points[:, column] for column, factor in enumerate(factors)}
    if unit is not None:
        table |= {f"u:{factor['name']}": unit[:, column] for column, factor in enumerate(factors)}
    pd.DataFrame({"point": np.arange(len(points)), **table}).to_parquet(folder / POINTS)
    rows = [
        {
            "run_id": f"{label}-{point}-{replicate}",
            "scenario": label,
            "point": point,
            "replicate": replicate,
            "run": replicate,
            "seed": 1,
            "error": "",
            **{f"x:{factor['name']}": points[point, column] for column, factor in enumerate(factors)},
            **{name: make(label, point, replicate) for name, make in values.items()},
        }
        for replicate in range(replicates)
        for point in range(len(points))
        for label in asked.labels
    ]
    file = folder / PARTS / "part-00000.parquet"
    pd.DataFrame(rows).to_parquet(file)
    manifest = Manifest(
        version="0.0.0",
        model_sha256="m" * 64,
        experiment_sha256="e" * 64,
        points_sha256="p" * 64,
        scenarios={label: label[0] * 64 for label in asked.labels},
        seed=asked.seed,
        replicates=replicates,
        points=len(points),
        layout={},
        parts={file.name: Part(str(sha256_of(file)), len(rows))},
        finished=finished,
    )
    (folder / MANIFEST).write_text(manifest.to_json(), encoding="utf-8")
    return open_results(folder)


def share(shift: Mapping[str, float]) -> Values:
    """Return a measure that is luck, shifted by scenario and a little of the scenario's own."""
    return lambda label, _point, replicate: (
        0.3 + 0.1 * luck(replicate) + shift.get(label, 0.0) * (0.5 + luck(replicate, 1))
    )


def plain(folder: Path, shift: float = -0.1, **more: Any) -> Results:
    """Return a small experiment whose twin is lower by about a tenth."""
    measures: dict[str, Any] = {"share": {"kind": "share_defected"}}
    return make_results(folder, {"share": share({"twin": shift})}, measures=measures, **more)


def rich(folder: Path) -> Results:
    """Return an experiment with every kind of measure that a report draws in its own way."""

    def rung(label: str, _point: int, replicate: int) -> float:
        return float(min(4, int(5 * luck(replicate, 2) * (1.2 if label == "base" else 0.8))))

    def time(label: str, _point: int, replicate: int) -> float:
        return float(min(48, round(10 + 60 * luck(replicate, 3) * (1 if label == "base" else 1.4))))

    def goal(label: str, point: int, replicate: int) -> str:
        return "" if time(label, point, replicate) == 48 else ("China", "Türkiye", "")[replicate % 3]

    return make_results(
        folder,
        {
            "share": share({"twin": -0.1, "third": 0.05}),
            "gone": lambda label, point, replicate: float(rung(label, point, replicate) >= 3),
            "rung": rung,
            "months": time,
            "months:event": lambda label, point, replicate: int(time(label, point, replicate) < 48),
            "goal": goal,
        },
        scenario_labels=("base", "twin", "third"),
        replicates=60,
        measures={
            "share": {"kind": "share_defected"},
            "gone": {"kind": "defected", "client": CLIENT, "at": "2022-06"},
            "rung": {"kind": "posture", "client": CLIENT},
            "months": {"kind": "time_to", "client": CLIENT},
            "goal": {"kind": "destination", "client": CLIENT},
        },
        analyses=[
            {"kind": "survival", "measure": "months"},
            {"kind": "incidence", "measure": "months", "destination": "goal"},
            {"kind": "convergence", "measure": "share", "tolerance": 0.02},
        ],
    )


def swept(folder: Path, kind: str) -> Results:
    """Return an experiment with a design of some kind over three factors, of which the first matters most."""
    from papertiger.experiments.design.sampling import unit_sample
    from papertiger.experiments.design.schema import Design

    names = ("forgetting", "witness_weight", "contagion")
    asked = {
        "sobol": {"kind": "sobol", "points": 64},
        "morris": {"kind": "morris", "trajectories": 10},
        "latin-hypercube": {"kind": "latin-hypercube", "points": 120},
    }[kind]
    unit = unit_sample(Design.model_validate(asked), 3, 1)
    analysis = {
        "sobol": {"kind": "sobol", "measure": "share"},
        "morris": {"kind": "morris", "measure": "share"},
        "latin-hypercube": {"kind": "prim", "measure": "share", "threshold": 0.6},
    }[kind]

    def value(_label: str, point: int, replicate: int) -> float:
        one, two, three = unit[point]
        return float(0.7 * one * one + 0.3 * two * one + 0.001 * three + 0.01 * luck(replicate, point))

    return make_results(
        folder,
        {"share": value},
        scenario_labels=("base",),
        replicates=2,
        points=unit,
        unit=unit,
        measures={"share": {"kind": "share_defected"}},
        vary={name: {"path": f"parameters.{name}", "uniform": [0, 1]} for name in names},
        design=asked,
        analyses=[analysis],
    )


def stepped(folder: Path, kind: str, **first: str) -> Results:
    """Return an experiment that steps through the levels of two factors; of the first more can be said."""
    levels = (0.0, 0.5, 1.0)
    names = ("witness_weight", "contagion")
    if kind == "grid":
        points = np.array([(one, two) for one in levels for two in levels])
    else:
        nan = float("nan")
        points = np.array([(nan, nan), *((one, nan) for one in levels), *((nan, two) for two in levels)])

    def value(label: str, point: int, replicate: int) -> float:
        one, two = np.nan_to_num(points[point], nan=0.5)
        return float(0.3 + 0.1 * luck(replicate) + (0.2 * one - 0.1 * two) * (label == "twin"))

    return make_results(
        folder,
        {"share": value},
        replicates=20,
        points=points,
        measures={"share": {"kind": "share_defected"}},
        vary={
            name: {"path": f"parameters.{name}", "levels": list(levels), **(first if name == names[0] else {})}
            for name in names
        },
        design={"kind": kind},
    )


def awaited(folder: Path, sample: str, **analysis: Any) -> Results:
    """Return a design over three factors and a time to an event, which comes in no run of the points below a half."""
    from papertiger.experiments.design.sampling import unit_sample
    from papertiger.experiments.design.schema import Design

    asked = {"latin-hypercube": {"points": 120}, "morris": {"trajectories": 10}, "sobol": {"points": 16}}[sample]
    design = {"kind": sample, **asked}
    unit = unit_sample(Design.model_validate(design), 3, 1)
    names = ("forgetting", "witness_weight", "contagion")

    def comes(_label: str, point: int, replicate: int) -> int:
        return int(unit[point][0] > 0.5 and replicate > 0)

    def time(label: str, point: int, replicate: int) -> float:
        # Where it does not come, the run was watched for ten months only: its regime was lost.
        return float(20 + round(9 * unit[point][1])) if comes(label, point, replicate) else 10.0

    return make_results(
        folder,
        {"months": time, "months:event": comes},
        scenario_labels=("base",),
        replicates=4,
        points=unit,
        unit=unit,
        measures={"months": {"kind": "time_to", "client": CLIENT}},
        vary={name: {"path": f"parameters.{name}", "uniform": [0, 1]} for name in names},
        design=design,
        analyses=[{"measure": "months", **analysis}],
    )
