"""A file that somebody or something spoilt is refused in our own words, or read to exactly what it said before."""

from __future__ import annotations

import json
import pickle
import random
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from papertiger.cli.folder import ResultFolder
from papertiger.experiments.errors import FolderError
from papertiger.experiments.history.forecast.archive import Forecast, read_forecast
from papertiger.experiments.run import baselines
from papertiger.experiments.run.results import open_results
from papertiger.scenarios import posteriors
from papertiger.scenarios.errors import ScenarioError
from tests.experiments.run.small import HEAD, MEASURES, SWEEP, run
from tests.robustness.mutations import spoil

FOLDER_FILES = ("manifest.json", "resolved.json", "points.parquet", "parts/part-00000.parquet")


def held_in(folder: Path) -> bytes:
    """Return all that a folder of results says to its readers."""
    results = open_results(folder)
    points = results.points
    return pickle.dumps(
        (
            results.manifest.to_json(),
            results.experiment.model_dump_json(),
            [world.model_dump_json() for world in results.worlds.values()],
            (points.names, points.paths, points.values.tobytes()),
            results.frame().to_csv(),
        )
    )


def assert_refused_or_equal(file: Path, read: Callable[[], Any], times: int, seed: str) -> None:
    whole = file.read_bytes()
    before = read()
    luck = random.Random(seed)
    refused = 0
    for _ in range(times):
        file.write_bytes(spoil(file.name, whole, luck))
        try:
            said = read()
        except (FolderError, ScenarioError) as error:
            refused += 1
            assert str(error)
        else:
            assert said == before
    file.write_bytes(whole)
    assert read() == before
    assert refused > times / 2


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return run(tmp_path_factory.mktemp("whole"), HEAD + MEASURES + SWEEP).folder


@pytest.mark.parametrize("times", [15, pytest.param(800, marks=pytest.mark.slow)])
@pytest.mark.parametrize("name", FOLDER_FILES)
def test_no_spoilt_file_of_a_folder_gives_other_results(folder: Path, tmp_path: Path, name: str, times: int) -> None:
    copy = Path(shutil.copytree(folder, tmp_path / "copy"))
    assert_refused_or_equal(copy / name, lambda: held_in(copy), times, name)


@pytest.mark.parametrize("times", [40, pytest.param(900, marks=pytest.mark.slow)])
def test_no_spoilt_forecast_is_scored(tmp_path: Path, times: int) -> None:
    chances = np.full((2, 1, 5), 0.2)
    made = Forecast("2026-01-01", "2025H2", ("Alfa",), ("2026H1", "2026H2"), {"ends": chances}, {"seed": "1"})
    file = tmp_path / "forecast.json"
    file.write_text(made.to_json(), encoding="ascii")
    assert_refused_or_equal(file, lambda: read_forecast(file).to_json(), times, "forecast")


@pytest.mark.parametrize("times", [40, pytest.param(500, marks=pytest.mark.slow)])
def test_no_spoilt_draws_are_taken(tmp_path: Path, times: int) -> None:
    shipped = Path(posteriors.__file__).parent / f"{posteriors.DEFAULT}.csv"
    head = shipped.read_text(encoding="utf-8").splitlines()
    rows = [line for line in head if not line.startswith("#")][:20]
    mark = f"# {posteriors.MARK} {posteriors.hash_of_rows(chr(10).join(rows))}"
    file = tmp_path / "draws.csv"
    file.write_text("\n".join([mark, *rows]), encoding="utf-8")

    def read() -> Any:
        draws = posteriors.load(str(file))
        return draws.paths, draws.values

    luck = random.Random("draws")
    whole, before = file.read_bytes(), read()
    for _ in range(times):
        file.write_bytes(spoil(file.name, whole, luck))
        try:
            said = read()
        except ScenarioError:
            continue
        # Without its mark a table is somebody's own.
        assert said == before or mark.encode() not in file.read_bytes()


@pytest.mark.parametrize("times", [40, pytest.param(400, marks=pytest.mark.slow)])
def test_no_spoilt_frozen_table_ends_in_a_traceback(tmp_path: Path, times: int) -> None:
    file = tmp_path / "frozen.csv"
    baselines.write(file, [baselines.Row("world", f"m{number}", 8, 0.5, 0.1) for number in range(5)])
    luck, whole = random.Random("frozen"), file.read_bytes()
    for _ in range(times):
        file.write_bytes(spoil(file.name, whole, luck))
        try:
            baselines.read(file)
        except FolderError as error:
            assert len(str(error).splitlines()) == 1


@pytest.mark.parametrize("times", [30, pytest.param(400, marks=pytest.mark.slow)])
def test_a_spoilt_list_of_files_leaves_nothing_half_written(tmp_path: Path, times: int) -> None:
    luck, mine = random.Random("run.json"), tmp_path.parent / "mine.csv"
    mine.write_text("mine")
    for _ in range(times):
        listed = luck.choice(("a.csv", "../mine.csv", "/etc/hosts", "run.json", "c.csv"))
        whole = json.dumps({"files": [listed, "b.png"], "seed": 1, "scenario": {"name": "x", "sha256": "0" * 64}})
        (tmp_path / "run.json").write_bytes(spoil("run.json", whole.encode(), luck))
        with ResultFolder(tmp_path) as made:
            made.place("c.csv").write_text("1")
            made.place("run.json").write_text('{"files": ["c.csv"]}')
        assert not list(tmp_path.glob("*partial*"))
        assert not list(tmp_path.glob(".*partial"))
        assert (tmp_path / "run.json").read_text() == '{"files": ["c.csv"]}'
        assert (tmp_path / "c.csv").read_text() == "1"
        assert mine.read_text() == "mine"
