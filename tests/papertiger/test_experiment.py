"""The commands about experiments, as a person types them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from papertiger.experiments.design.sources import experiment_names
from tests.experiments.run.small import HEAD, MEASURES, SWEEP, write
from tests.papertiger.conftest import Command


def test_an_experiment_is_run_and_gone_on_with(papertiger: Command, tmp_path: Path) -> None:
    write(tmp_path)
    first = papertiger("experiment", "trial.yaml", "--no-report", "--workers", "1")
    assert (first.code, first.out, first.error) == (0, "8 runs in results/trial\n", "")
    stamps = [part.stat().st_mtime_ns for part in (tmp_path / "results" / "trial" / "parts").iterdir()]
    assert papertiger("experiment", "trial.yaml", "--no-report", "--quiet").out == ""
    assert [part.stat().st_mtime_ns for part in (tmp_path / "results" / "trial" / "parts").iterdir()] == stamps


def test_more_replicates_go_on_with_those_that_are_there_and_fewer_are_refused(
    papertiger: Command, tmp_path: Path
) -> None:
    write(tmp_path)
    papertiger("experiment", "trial.yaml", "--no-report")
    more = papertiger("experiment", "trial.yaml", "--no-report", "--replicates", "5")
    assert (more.code, more.out) == (0, "10 runs in results/trial\n")
    fewer = papertiger("experiment", "trial.yaml", "--no-report")
    assert fewer.code == 2
    assert "'replicates' was 5, now 4" in fewer.error
    again = papertiger("experiment", "trial.yaml", "--no-report", "--fresh")
    assert again.out == "8 runs in results/trial\n"


def test_points_can_be_fewer(papertiger: Command, tmp_path: Path) -> None:
    write(tmp_path, HEAD + MEASURES + SWEEP)
    answer = papertiger("experiment", "trial.yaml", "--no-report", "--points", "2", "--out", "small")
    assert answer.out == "16 runs in small\n"


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--backend", "cloud"), "--backend cloud: expected one of here, processes, dask"),
        (("--cluster", "tcp://x:1"), "--cluster tcp://x:1: only --backend dask has a cluster"),
        (("--workers", "0"), "--workers 0: expected a number of workers from 1 to 1000"),
        (("--replicates", "0"), "--replicates: replicates: expected a whole number of at least 1, got 0"),
        (("--points", "3"), "--points: an experiment that varies nothing takes no number of points"),
    ],
)
def test_what_cannot_be_is_refused_before_anything_is_written(
    papertiger: Command, tmp_path: Path, arguments: tuple[str, ...], said: str
) -> None:
    write(tmp_path)
    answer = papertiger("experiment", "trial.yaml", *arguments)
    assert (answer.code, answer.error) == (2, said + "\n")
    assert not (tmp_path / "results").exists()


def test_check_knows_experiments(papertiger: Command, tmp_path: Path) -> None:
    write(tmp_path, HEAD + MEASURES + SWEEP)
    answer = papertiger("check", "trial.yaml", "world.yaml", "war_paths")
    assert answer.code == 0
    assert answer.out.splitlines()[0] == "OK trial.yaml: 2 scenarios, 2 factors, 40 runs"
    assert answer.out.splitlines()[1].startswith("OK world.yaml: 2 clients, ")
    write(tmp_path, HEAD.replace("calm", "clam") + MEASURES)
    answer = papertiger("check", "trial.yaml")
    assert answer.code == 2
    assert answer.error.startswith("trial.yaml:5: scenarios.1: no scenario 'clam'")


def test_list_knows_experiments(papertiger: Command) -> None:
    rows = json.loads(papertiger("list", "--experiments", "--json").out)
    assert [row["name"] for row in rows] == experiment_names()
    assert "war_paths" in papertiger("list", "--experiments").out


def test_the_schema_of_an_experiment_names_the_kinds_of_measure(papertiger: Command) -> None:
    form = json.loads(papertiger("schema", "experiment").out)
    assert form["required"] == ["title", "question", "description", "replicates", "scenarios", "measures"]
    assert form["$defs"]["measure posture"]["properties"]["kind"] == {"const": "posture"}
    assert {"$ref": "#/$defs/measure time_to"} in form["$defs"]["Measure"]["anyOf"]
