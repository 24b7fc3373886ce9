"""No result outlives what it is a result of: files that changed, and measures that did, are refused by name."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any, ClassVar

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from papertiger import experiments
from papertiger.experiments.design.loader import load_study
from papertiger.experiments.errors import BackendError, FolderError
from papertiger.experiments.measures import Measure, measure
from papertiger.experiments.measures.base import _KINDS
from papertiger.experiments.report.page import write_report
from papertiger.experiments.run.manifest import read_manifest
from papertiger.experiments.run.provenance import model_hash, own_code_of
from papertiger.experiments.run.results import Results, open_results
from papertiger.experiments.run.runner import run_experiment
from papertiger.experiments.run.worker import Task
from tests.experiments.run.small import HEAD, MEASURES, SWEEP, run, write
from tests.experiments.run.test_runner import Stop, stop_after

OWN = HEAD.replace("replicates: 4", "replicates: 700") + "measures:\n  mine: {kind: of_mine}\n"


@pytest.fixture(autouse=True)
def own_kinds() -> Any:
    """Leave no kind of measure of a test registered."""
    before = dict(_KINDS)
    yield
    _KINDS.clear()
    _KINDS.update(before)


def register(share: float, how: Callable[[Any], Any] = np.mean) -> None:
    """Define a measure of one's own, as somebody does who runs a cell of a notebook again."""

    @measure("of_mine")
    class OfMine(Measure):
        needs: ClassVar[tuple[str, ...]] = ("postures",)

        def compute(self, name: str, batch: Any) -> dict[str, Any]:
            last = batch.path("postures")[:, -1]
            return {name: np.array([share * how(row) for row in last])}

    assert OfMine.kind_name == "of_mine"


@pytest.mark.parametrize(
    "source", ["measures/time_to.py", "measures/ledger.py", "ledger/causes.py", "ledger/evidence.py"]
)
def test_what_a_measure_reads_is_part_of_the_code_of_a_result(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, source: str
) -> None:
    (folder,) = experiments.__path__
    for part in ("measures", "ledger"):
        shutil.copytree(Path(folder) / part, tmp_path / part, ignore=shutil.ignore_patterns("__pycache__"))
    monkeypatch.setattr(experiments, "__path__", [str(tmp_path)])
    before = model_hash.__wrapped__()
    assert before == model_hash()
    with (tmp_path / source).open("a", encoding="utf-8") as file:
        file.write("# another\n")
    assert model_hash.__wrapped__() != before


def test_a_measure_that_changed_is_refused_and_never_mixed(tmp_path: Path) -> None:
    register(0.5)
    with pytest.raises(Stop):
        run(tmp_path, OWN, progress=stop_after(1))
    register(0.25)
    said = "the measure 'mine' is not the one that made these rows: its code has changed"
    with pytest.raises(FolderError, match=said):
        run(tmp_path, OWN)
    with pytest.raises(FolderError, match=said):
        open_results(tmp_path / "out").frame()
    register(0.5, np.max)
    with pytest.raises(FolderError, match=said):
        run(tmp_path, OWN)
    register(0.5)
    whole = run(tmp_path, OWN)
    halves = whole.frame()["mine"].to_numpy()
    assert len(halves) == 1400
    register(0.25)
    with pytest.raises(FolderError, match=said):
        run(tmp_path, OWN)
    with pytest.raises(FolderError, match=said):
        write_report(open_results(tmp_path / "out"))
    fresh = run(tmp_path, OWN, fresh=True)
    np.testing.assert_array_equal(fresh.frame()["mine"] * 2, halves)


def test_a_measure_that_is_not_known_here_is_one_clear_line(tmp_path: Path) -> None:
    register(0.5)
    run(tmp_path, OWN.replace("700", "2"))
    del _KINDS["of_mine"]
    with pytest.raises(
        FolderError,
        match="expected a kind of measure.*make it known: by --import FILE.py, or in Python by importing the module",
    ) as caught:
        open_results(tmp_path / "out").frame()
    assert "\n" not in str(caught.value)


def test_shipped_measures_are_known_by_the_hash_of_the_model(tmp_path: Path) -> None:
    results = run(tmp_path)
    assert results.manifest.own_code == {}
    assert own_code_of(results.experiment.measures) == {}


def test_a_worker_with_another_version_of_a_measure_is_refused(tmp_path: Path) -> None:
    register(0.5)
    study = load_study(write(tmp_path, OWN))
    task = Task(study.experiment, study.worlds, None, "", {"mine": "0" * 64})  # type: ignore[arg-type]
    with pytest.raises(BackendError, match="a worker has another version of the measure 'mine'"):
        task.check_code()
    Task(study.experiment, study.worlds, None, "", own_code_of(study.experiment.measures)).check_code()  # type: ignore[arg-type]


def test_points_of_a_table_and_parents_of_a_scenario_are_part_of_the_experiment(tmp_path: Path) -> None:
    text = (
        HEAD
        + MEASURES
        + SWEEP.replace("{kind: random, points: 5}", "{kind: points, file: points.csv}")
        .replace(", uniform: [0.9, 0.99]", "")
        .replace(", levels: [0.2, 0.9]", "")
    )
    (tmp_path / "points.csv").write_text("forgetting,threat\n0.95,0.2\n0.97,0.4\n", encoding="utf-8")
    run(tmp_path, text)
    (tmp_path / "points.csv").write_text("forgetting,threat\n0.95,0.2\n0.97,0.5\n", encoding="utf-8")
    with pytest.raises(FolderError, match="the points of the design have changed"):
        run(tmp_path, text)
    (tmp_path / "points.csv").write_text("forgetting,threat\n0.95,0.2\n0.97,0.4\n", encoding="utf-8")
    path = write(tmp_path, text)
    parent = tmp_path / "world.yaml"  # which calm extends
    parent.write_text(parent.read_text(encoding="utf-8").replace("arms: 0.3", "arms: 0.4"), encoding="utf-8")
    with pytest.raises(FolderError, match="the scenario 'calm' has changed"):
        run_experiment(load_study(path), tmp_path / "out")


def test_a_table_of_draws_that_a_scenario_names_is_part_of_it(tmp_path: Path) -> None:
    (tmp_path / "draws.csv").write_text("parameters.forgetting\n0.95\n0.96\n", encoding="utf-8")
    path = write(tmp_path)
    world = tmp_path / "world.yaml"
    world.write_text(world.read_text(encoding="utf-8") + "posterior: draws.csv\n", encoding="utf-8")
    run_experiment(load_study(path), tmp_path / "out")
    (tmp_path / "draws.csv").write_text("parameters.forgetting\n0.95\n0.97\n", encoding="utf-8")
    with pytest.raises(FolderError, match="the scenario 'world' has changed; the scenario 'calm' has changed"):
        run_experiment(load_study(path), tmp_path / "out")


# Files that are not those that were written


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Results:
    return run(tmp_path_factory.mktemp("whole"), HEAD + MEASURES + SWEEP)


@pytest.fixture
def copy(whole: Results, tmp_path: Path) -> Path:
    return Path(shutil.copytree(whole.folder, tmp_path / "out"))


def test_numbers_put_into_a_part_are_noticed(copy: Path) -> None:
    part = copy / "parts" / "part-00000.parquet"
    table = pq.read_table(part)
    column = table.column_names.index("belief")
    pq.write_table(table.set_column(column, "belief", pa.array([0.5] * table.num_rows)), part)
    results = open_results(copy)
    said = rf"{part}: missing or damaged: this is not the file that was written .*; delete it and start"
    for read in (results.frame, lambda: results.values("belief", "world"), lambda: write_report(results)):
        with pytest.raises(FolderError, match=said):
            read()


def spoil(file: Path) -> None:
    """Change a file of a folder into another that can still be read."""
    data = file.read_bytes()
    spoilt = {
        "experiment.yaml": data + b"# a remark of somebody's own\n",
        "resolved.json": data.replace(b"0.3", b"0.4"),
        "points.parquet": data[:-20] + data[-21:],
    }[file.name]
    file.write_bytes(spoilt)


@pytest.mark.parametrize("name", ["experiment.yaml", "resolved.json", "points.parquet"])
def test_so_is_a_change_of_what_the_rows_come_from(copy: Path, name: str) -> None:
    spoil(copy / name)
    results = open_results(copy)
    with pytest.raises(FolderError, match=f"{name}: missing or damaged"):
        _ = results.points
    for read in (lambda: open_results(copy).frame(), lambda: open_results(copy).worlds):
        with pytest.raises(FolderError, match=f"{name}: missing or damaged"):
            read()
    with pytest.raises(FolderError, match=f"{name}: missing or damaged"):
        write_report(open_results(copy))


@pytest.mark.parametrize("name", ["experiment.yaml", "resolved.json", "points.parquet"])
@pytest.mark.parametrize("replicates", [4, 5], ids=["gone on with", "extended"])
def test_a_folder_with_a_changed_file_is_not_gone_on_with(copy: Path, name: str, replicates: int) -> None:
    text = (HEAD + MEASURES + SWEEP).replace("replicates: 4", f"replicates: {replicates}")
    whole = (copy / name).read_bytes()
    spoil(copy / name)
    with pytest.raises(FolderError, match=f"{name}: missing or damaged: this is not the file"):
        run(copy.parent, text)
    (copy / name).unlink()
    run(copy.parent, text)
    assert replicates != 4 or (copy / name).read_bytes() == whole


@pytest.mark.parametrize(
    "key", ["replicates", "points", "seed", "experiment_sha256", "finished", "parts", "own_code"]
)
def test_a_manifest_is_held_against_its_own_hash(copy: Path, key: str) -> None:
    said = json.loads((copy / "manifest.json").read_text(encoding="utf-8"))
    said[key] = {
        "replicates": 3,
        "points": 4,
        "seed": 2,
        "experiment_sha256": "0" * 64,
        "finished": False,
        "parts": {},
        "own_code": {"mine": "0" * 64},
    }[key]
    (copy / "manifest.json").write_text(json.dumps(said), encoding="utf-8")
    with pytest.raises(FolderError, match="its SHA-256 differs, so it has been changed since it was written"):
        read_manifest(copy)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="pipes by name are of POSIX")
@pytest.mark.parametrize("name", ["manifest.json", "resolved.json", "points.parquet", "parts/part-00000.parquet"])
@pytest.mark.parametrize("what", ["pipe", "folder"])
def test_what_is_no_file_is_refused_and_not_waited_for(copy: Path, name: str, what: str) -> None:
    (copy / name).unlink()
    if what == "pipe":
        os.mkfifo(copy / name)
    else:
        (copy / name).mkdir()
    with pytest.raises(FolderError):
        write_report(open_results(copy))
