"""A finished folder that gets more replicates and scenarios holds what a fresh run of the larger experiment does."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest
from pandas.testing import assert_frame_equal

from papertiger.experiments.errors import FolderError
from papertiger.experiments.run.chunks import Chunk, cut, layout, uncovered
from papertiger.experiments.run.manifest import read_manifest
from papertiger.experiments.run.results import Results, open_results
from tests.experiments.run.small import HEAD, MEASURES, SWEEP, bits, run
from tests.experiments.run.test_runner import Stop, stop_after

SMALLER = HEAD.replace("replicates: 4", "replicates: 70").replace("[world, calm]", "[calm]") + MEASURES + SWEEP
LARGER = HEAD.replace("replicates: 4", "replicates: 130") + MEASURES + SWEEP


@pytest.fixture(scope="module")
def larger(tmp_path_factory: pytest.TempPathFactory) -> Results:
    return run(tmp_path_factory.mktemp("larger"), LARGER)


@pytest.fixture(scope="module")
def smaller(tmp_path_factory: pytest.TempPathFactory) -> Results:
    return run(tmp_path_factory.mktemp("smaller"), SMALLER)


def assert_same_table(one: Results, two: Results) -> None:
    left, right = one.frame(), two.frame()
    assert_frame_equal(left, right, check_exact=True)
    assert bits(left) == bits(right)


def test_more_replicates_and_scenarios_take_nothing_away(smaller: Results, larger: Results, tmp_path: Path) -> None:
    shutil.copytree(smaller.folder, tmp_path / "out")
    before = {part: part.read_bytes() for part in open_results(tmp_path / "out").parts}
    seen: list[Any] = []
    grown = run(tmp_path, LARGER, progress=seen.append)
    assert (seen[0].before, seen[-1].done) == (70 * 5, 2 * 130 * 5)
    assert_same_table(grown, larger)
    assert {part: part.read_bytes() for part in before} == before
    assert grown.manifest.finished
    (stage,) = grown.manifest.history
    assert (stage.replicates, stage.scenarios, stage.rows) == (70, ("calm",), 350)
    again = run(tmp_path, LARGER)
    assert again.manifest == grown.manifest


@pytest.mark.parametrize("parts", [0, 1, 3])
def test_an_extension_that_is_stopped_goes_on(smaller: Results, larger: Results, tmp_path: Path, parts: int) -> None:
    shutil.copytree(smaller.folder, tmp_path / "out")
    with pytest.raises(Stop):
        run(tmp_path, LARGER, progress=stop_after(parts))
    assert not open_results(tmp_path / "out").manifest.finished
    grown = run(tmp_path, LARGER)
    assert_same_table(grown, larger)
    assert len(grown.manifest.history) == 1


def test_a_start_that_was_stopped_is_extended_too(larger: Results, tmp_path: Path) -> None:
    with pytest.raises(Stop):
        run(tmp_path, SMALLER, progress=stop_after(2))
    assert_same_table(run(tmp_path, LARGER), larger)


def test_fewer_are_not_taken_from_more(larger: Results, tmp_path: Path) -> None:
    shutil.copytree(larger.folder, tmp_path / "out")
    with pytest.raises(
        FolderError, match="'replicates' was 130, now 70, which is fewer; the scenario 'world' is gone"
    ):
        run(tmp_path, SMALLER)
    with pytest.raises(FolderError, match="'measures' has changed"):
        run(tmp_path, LARGER.replace("  changes: {kind: change_rate}\n", ""))


@pytest.mark.parametrize(
    ("scenarios", "points", "few", "many"), [(1, 1, 400, 800), (2, 7, 30, 333), (1, 1, 7, 90_000)]
)
def test_what_is_missing_is_cut_around_what_is_there(scenarios: int, points: int, few: int, many: int) -> None:
    labels = ("a", "b")[:scenarios]
    size = layout(scenarios, points, few)
    there = cut(labels[:1], points, few, size)[1:]  # a part is missing, too
    wanted = cut(labels, points, many, size)
    missing = uncovered(wanted, there)
    numbers = [chunk.number for chunk in (*there, *missing)]
    assert len(set(numbers)) == len(numbers)

    def runs(chunks: list[Chunk]) -> list[tuple[str, int, int]]:
        return [
            (chunk.scenario, point, replicate)
            for chunk in chunks
            for point in range(chunk.first_point, chunk.first_point + chunk.points)
            for replicate in range(chunk.first_replicate, chunk.first_replicate + chunk.replicates)
        ]

    held = runs([*there, *missing])
    assert len(held) == len(set(held))
    assert set(held) == set(runs(wanted))
    assert uncovered(wanted, [*there, *missing]) == []


def test_the_parts_of_a_start_that_was_stopped_have_the_names_that_they_would_have_had() -> None:
    size = layout(2, 5, 120)
    chunks = cut(("a", "b"), 5, 120, size)
    assert uncovered(chunks, []) == chunks
    assert uncovered(chunks, chunks[1::2]) == chunks[::2]


def test_the_manifest_says_which_runs_a_part_holds(larger: Results) -> None:
    manifest = read_manifest(larger.folder)
    assert manifest is not None
    table = larger.frame(["scenario", "point", "replicate"])
    held = 0
    for part in manifest.parts.values():
        assert part.block is not None
        held += part.block.points * part.block.replicates
    assert held == len(table)
