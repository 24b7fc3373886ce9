"""The runner: rows, resuming, refusals and faults, all in this process."""

from __future__ import annotations

import errno
import hashlib
import json
import os
import shutil
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from filelock import FileLock

from papertiger.experiments.design.loader import load_study
from papertiger.experiments.design.sampling import design_points
from papertiger.experiments.errors import FolderError
from papertiger.experiments.run import chunks
from papertiger.experiments.run import store as folder
from papertiger.experiments.run.backends import run_chunks
from papertiger.experiments.run.manifest import Manifest, read_manifest
from papertiger.experiments.run.results import open_results
from papertiger.experiments.run.runner import Progress, run_experiment
from papertiger.experiments.run.worker import Task
from papertiger.model.ensemble.ensemble import Job
from tests.experiments.run.small import HEAD, MEASURES, SWEEP, run, same_rows, write

TEXT = HEAD.replace("replicates: 4", "replicates: 120") + MEASURES + SWEEP
"""Two scenarios, five points, 120 replicates: 1,200 rows in ten parts."""


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """Results of a start that nobody interrupted."""
    return run(tmp_path_factory.mktemp("whole"), TEXT)


def test_every_run_has_a_row_and_no_two_have_the_same_name(whole: Any) -> None:
    table = whole.frame()
    assert len(table) == whole.manifest.rows == 2 * 5 * 120
    assert table["run_id"].is_unique
    assert not table[["scenario", "point", "replicate"]].duplicated().any()
    assert (table["error"] == "").all()
    assert list(table.columns[:9]) == [*folder_columns(), "x:forgetting", "x:threat"]
    assert (table["run"] == table["replicate"]).all()
    assert set(table["seed"]) == {1}


def folder_columns() -> tuple[str, ...]:
    return ("run_id", "scenario", "point", "replicate", "run", "seed", "error")


def test_rows_come_sorted_and_batches_hold_the_same(whole: Any) -> None:
    table = whole.frame(["scenario", "point", "replicate", "belief"])
    assert list(table["scenario"].cat.categories) == ["world", "calm"]
    assert list(table["scenario"].unique()) == ["world", "calm"]
    assert table.equals(table.sort_values(["scenario", "point", "replicate"], kind="stable", ignore_index=True))
    pieces = list(whole.batches(["belief"]))
    assert len(pieces) == len(whole.parts) > 5
    assert sorted(pd.concat(pieces)["belief"]) == sorted(table["belief"])


def test_values_are_points_by_replicates(whole: Any) -> None:
    table = whole.frame()
    mine = table[(table["scenario"] == "calm") & (table["point"] == 3)]
    values = whole.values("belief", "calm")
    assert values.shape == (5, 120)
    np.testing.assert_array_equal(values[3], mine["belief"])


def test_the_folder_needs_nothing_beside_it(whole: Any, tmp_path: Path) -> None:
    moved = tmp_path / "moved"
    shutil.copytree(whole.folder, moved)
    again = open_results(moved)
    assert again.experiment == whole.experiment
    assert again.worlds["calm"].events.keys() == whole.worlds["world"].events.keys() - {"raid"}
    np.testing.assert_array_equal(whole.points.values, design_points(load_study(write(tmp_path, TEXT))).values)
    assert whole.points.unit is not None
    assert (whole.folder / "experiment.yaml").read_text(encoding="utf-8") == TEXT


def test_the_manifest_knows_every_file_by_its_hash(whole: Any) -> None:
    manifest = read_manifest(whole.folder)
    assert manifest is not None
    assert manifest.finished
    on_disk = {file.name: file for file in (whole.folder / "parts").iterdir()}
    assert on_disk.keys() == manifest.parts.keys()
    for name, part in manifest.parts.items():
        assert hashlib.sha256(on_disk[name].read_bytes()).hexdigest() == part.sha256


def test_a_sweep_cut_short_is_balanced() -> None:
    size = chunks.layout(2, 1000, 100)
    order = chunks.cut(("a", "b"), 1000, 100, size)
    half = order[: len(order) // 2]
    assert {chunk.first_replicate for chunk in half} == {0}
    assert sum(chunk.points for chunk in half) == 2 * 1000
    seen = set()
    for chunk in order:
        for point in range(chunk.first_point, chunk.first_point + chunk.points):
            for replicate in range(chunk.first_replicate, chunk.first_replicate + chunk.replicates):
                seen.add((chunk.scenario, point, replicate))
    assert len(seen) == sum(chunk.rows for chunk in order) == 2 * 1000 * 100


@pytest.mark.parametrize("total", [(1, 1, 1), (2, 1, 400), (3, 50, 7), (8, 1, 12_500_000), (1, 1_000_000, 100)])
def test_there_are_never_too_many_parts(total: tuple[int, int, int]) -> None:
    size = chunks.layout(*total)
    per_scenario = -(-total[1] // size.points) * -(-total[2] // size.replicates)
    assert total[0] * per_scenario <= 3 * chunks.MAX_CHUNKS


class Stop(Exception):
    """Stands for whatever ends a start."""


def stop_after(parts: int) -> Any:
    calls = 0

    def progress(now: Progress) -> None:
        nonlocal calls
        calls += 1
        if calls > parts:
            raise Stop

    return progress


def test_a_second_start_does_only_what_is_missing(whole: Any, tmp_path: Path) -> None:
    for parts in (2, 1, 3):
        with pytest.raises(Stop):
            run(tmp_path, TEXT, progress=stop_after(parts))
    assert len(open_results(tmp_path / "out").parts) == 6
    assert not open_results(tmp_path / "out").manifest.finished
    stamps = {part: part.stat().st_mtime_ns for part in open_results(tmp_path / "out").parts}
    seen: list[Progress] = []
    results = run(tmp_path, TEXT, progress=seen.append)
    assert (seen[0].done, seen[0].before, seen[-1].done) == (seen[0].before, seen[0].done, 1200)
    assert seen[0].done > 0
    assert {part: part.stat().st_mtime_ns for part in stamps} == stamps
    same_rows(results, whole)


def test_damaged_deleted_and_stray_parts_are_put_right(whole: Any, tmp_path: Path) -> None:
    results = run(tmp_path, TEXT)
    first, second, third = results.parts[:3]
    first.unlink()
    data = bytearray(second.read_bytes())
    data[len(data) // 2] ^= 1
    second.write_bytes(data)
    third.write_bytes(third.read_bytes()[:100])
    stray, partial = first.with_name("part-99999.parquet"), first.with_name("part-00003.parquet.77.partial")
    stray.write_bytes(b"x")
    partial.write_bytes(b"x")
    with pytest.raises(FolderError, match="missing or damaged"):
        results.frame()
    same_rows(run(tmp_path, TEXT), whole)
    assert not stray.exists()
    assert not partial.exists()


def changed(text: str, old: str, new: str) -> str:
    assert old in text
    return text.replace(old, new)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("replicates: 120", "replicates: 119", "'replicates' was 120, now 119, which is fewer"),
        ("at: 2021-12", "at: 2021-11", "'measures' has changed"),
        ("points: 5", "points: 6", "'design' has changed"),
        ("[0.2, 0.9]", "[0.2, 0.8]", "'vary' has changed"),
        ("[world, calm]", "[world]", "the scenario 'calm' is gone"),
    ],
)
def test_a_changed_experiment_is_refused(whole: Any, old: str, new: str, said: str) -> None:
    study = load_study(write(whole.folder.parent, changed(TEXT, old, new), "other.yaml"))
    before = {file: file.read_bytes() for file in whole.folder.rglob("*") if file.is_file()}
    with pytest.raises(FolderError) as caught:
        run_experiment(study, whole.folder)
    assert str(caught.value) == (
        f"{whole.folder}: holds the results of an experiment that was not this one: {said}. Results of two "
        "experiments are never mixed; go on with another folder (--out), or replace what is there (--fresh)"
    )
    assert {file: file.read_bytes() for file in whole.folder.rglob("*") if file.is_file()} == before


def test_another_title_of_a_scenario_is_not_another_experiment(tmp_path: Path) -> None:
    first = run(tmp_path)
    entitled = HEAD.replace("calm]", "{scenario: calm, title: Without the raid}]") + MEASURES
    again = run(tmp_path, entitled)
    assert again.manifest.parts == first.manifest.parts
    assert again.experiment.scenarios[1].title == "Without the raid"


def test_a_changed_scenario_or_model_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    run(tmp_path)
    file = write(tmp_path)
    world = tmp_path / "world.yaml"
    world.write_text(changed(world.read_text(encoding="utf-8"), "arms: 0.3", "arms: 0.4"), encoding="utf-8")
    said = "the scenario 'world' has changed; the scenario 'calm' has changed"
    with pytest.raises(FolderError, match=said):
        run_experiment(load_study(file), tmp_path / "out")
    monkeypatch.setattr("papertiger.experiments.run.runner.model_hash", lambda: "0" * 64)
    with pytest.raises(FolderError, match="the model's code has changed"):
        run(tmp_path)


def test_words_may_change_without_anything_being_run_again(tmp_path: Path) -> None:
    first = run(tmp_path)
    stamps = [part.stat().st_mtime_ns for part in first.parts]
    again = run(tmp_path, HEAD.replace("A test", "Another title") + MEASURES)
    assert again.experiment.title == "Another title"
    assert [part.stat().st_mtime_ns for part in again.parts] == stamps


def test_fresh_keeps_nothing(tmp_path: Path) -> None:
    results = run(tmp_path, TEXT)
    (results.folder / "report.html").write_text("old", encoding="utf-8")
    (results.folder / "tables").mkdir()
    (results.folder / "tables" / "old.csv").write_text("old", encoding="utf-8")
    (results.folder / "notes.txt").write_text("mine", encoding="utf-8")
    again = run(tmp_path, fresh=True)
    names = {file.name for file in again.folder.iterdir()} - {".lock"}
    assert names == {"manifest.json", "experiment.yaml", "resolved.json", "points.parquet", "parts", "notes.txt"}
    assert len(again.frame()) == 8


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("{", "not JSON: EOF .* this is not the manifest of an experiment; go on with another folder"),
        ('{"format": 2}', "missing key 'papertiger'; this is not the manifest of an experiment; go on with another"),
        ('{"format": 1}', "written in format 1, this version reads 2; go on with another folder"),
        ('{"format": 9}', "written in format 9, this version reads 2; go on with another folder"),
        (None, "holds results that are not this experiment's; go on with another folder"),
    ],
)
def test_a_manifest_that_makes_no_sense_is_refused(tmp_path: Path, content: str | None, said: str) -> None:
    results = run(tmp_path)
    manifest = results.folder / "manifest.json"
    if content is None:
        manifest.unlink()
    else:
        manifest.write_text(content, encoding="utf-8")
    with pytest.raises(FolderError, match=said):
        run(tmp_path)
    assert len(run(tmp_path, fresh=True).frame()) == 8


def test_two_writers_do_not_meet(tmp_path: Path) -> None:
    run(tmp_path)
    said = "another process is writing this experiment right now"
    with FileLock(tmp_path / "out" / folder.LOCK), pytest.raises(FolderError, match=said):
        run(tmp_path)
    run(tmp_path)


def test_a_folder_that_cannot_be_is_one_clear_line(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    with pytest.raises(FolderError, match="this is a file, expected a folder"):
        run(tmp_path, out="file")
    with pytest.raises(FolderError, match="cannot write there: Not a directory"):
        run(tmp_path, out="file/out")
    with pytest.raises(FolderError, match="no such folder"):
        open_results(tmp_path / "nowhere")
    with pytest.raises(FolderError, match="there is no experiment in this folder"):
        open_results(tmp_path)


@pytest.mark.parametrize("writes", [0, 1, 2, 3, 4, 7, 10, 11])
def test_a_full_disk_costs_nothing_that_is_finished(
    whole: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, writes: int
) -> None:
    left = writes
    forced = os.fsync

    def full(number: int) -> None:
        nonlocal left
        left -= 1
        if left < 0:
            raise OSError(errno.ENOSPC, "No space left on device")
        forced(number)

    with monkeypatch.context() as patch:
        patch.setattr("papertiger.scenarios.files.os.fsync", full)
        with pytest.raises(FolderError) as caught:
            run(tmp_path, TEXT)
    assert str(caught.value) == (
        f"{tmp_path / 'out'}: cannot write there: No space left on device. What is finished stays; once there is "
        "room, the same command goes on"
    )
    assert not list((tmp_path / "out").rglob("*.partial"))
    manifest = read_manifest(tmp_path / "out")
    assert len(manifest.parts if manifest else {}) == max(0, (writes - 4) // 2)
    same_rows(run(tmp_path, TEXT), whole)


def test_a_run_that_fails_is_a_row_that_says_why(whole: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real = Job.run

    def failing(self: Job, kept: Any, first_run: int, runs: int, moving: Any = None) -> Any:
        if first_run <= 7 < first_run + runs and self.tables.constants[0]["forgetting"] > 0.95:
            raise FloatingPointError("the numbers\nran away")
        return real(self, kept, first_run, runs, moving)

    monkeypatch.setattr(Job, "run", failing)
    results = run(tmp_path, TEXT)
    table, right = results.frame(), whole.frame()
    failed = table["error"] != ""
    expected = (table["replicate"] == 7) & (table["x:forgetting"] > 0.95)
    assert failed.equals(expected)
    assert 0 < failed.sum() == results.manifest.errors
    assert set(table.loc[failed, "error"]) == {"FloatingPointError: the numbers ran away"}
    measures = ["gone", "posture", "leaves", "leaves:event", "goes_to", "share", "belief", "assets", "changes"]
    assert table.loc[failed, measures].isna().all().all()
    for name in measures:
        assert list(table.loc[~failed, name].astype(str)) == list(
            right.loc[~failed, name].astype(table[name].dtype).astype(str)
        )
    assert np.isnan(results.values("belief", "world")).sum() == failed.sum() / 2


def test_a_measure_that_is_no_number_is_a_failed_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from papertiger.experiments.measures.beliefs import Protection

    real = Protection.compute

    def odd(self: Protection, name: str, batch: Any) -> Any:
        values = real(self, name, batch)[name].copy()
        values[0] = np.nan
        return {name: values}

    monkeypatch.setattr(Protection, "compute", odd)
    table = run(tmp_path).frame()
    assert list(table["error"])[:2] == ["the measure 'belief' came to nan", ""]


def test_nothing_to_do_asks_nobody(tmp_path: Path) -> None:
    study = load_study(write(tmp_path))
    task = Task.of(study, design_points(study), "x")
    assert list(run_chunks(task, [], "dask", 2, "tcp://nowhere:1")) == []


def test_the_manifest_reads_what_it_wrote(whole: Any) -> None:
    manifest: Manifest = whole.manifest
    assert json.loads(manifest.to_json())["rows"] == 1200
    assert read_manifest(whole.folder) == manifest


def test_rooms_of_any_size_give_the_same_rows(whole: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for size in (20_000, 300_000):
        monkeypatch.setattr("papertiger.experiments.run.worker.ROOM_BYTES", size)
        same_rows(run(tmp_path, TEXT, out=f"out{size}"), whole)
