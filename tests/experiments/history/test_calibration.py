"""A calibration can be stopped anywhere and gone on with, and mixes with no other."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from papertiger.experiments.errors import ExperimentError, FolderError
from papertiger.experiments.history.calibrate.calibration import (
    Calibration,
    Piece,
    Progress,
    calibrate,
    evaluate,
    pieces,
    read_points,
)
from papertiger.experiments.history.calibrate.importance import moments, weights
from papertiger.experiments.history.calibrate.likelihood import Likelihood
from papertiger.experiments.history.calibrate.loader import load_problem
from papertiger.experiments.history.calibrate.models import MODELS
from papertiger.experiments.history.calibrate.outputs import comments, write_outputs
from papertiger.experiments.history.calibrate.plan import Plan
from papertiger.experiments.history.calibrate.posterior import posterior_of
from papertiger.experiments.history.calibrate.problem import CalibrationProblem
from papertiger.scenarios import posteriors
from papertiger.scenarios.errors import ScenarioError
from tests.experiments.history.small import PLAN, small_problem

MODELS_OF = "models: [M3, M4]\n"


def bytes_of(folder: Path) -> dict[str, bytes]:
    """Return what a finished folder holds; the manifest says when, so only what it says of parts."""
    found = {part.name: part.read_bytes() for part in (folder / "parts").iterdir()}
    found["manifest"] = json.dumps(json.loads((folder / "manifest.json").read_text())["parts"]).encode()
    return found


@pytest.fixture(scope="module")
def problem(tmp_path_factory: pytest.TempPathFactory) -> CalibrationProblem:
    return small_problem(tmp_path_factory.mktemp("small"), PLAN + MODELS_OF)


@pytest.fixture(scope="module")
def whole(problem: CalibrationProblem, tmp_path_factory: pytest.TempPathFactory) -> Calibration:
    return calibrate(problem, tmp_path_factory.mktemp("whole") / "out")


@pytest.fixture
def folder(whole: Calibration, tmp_path: Path) -> Path:
    """Return a copy of the finished folder."""
    return Path(shutil.copytree(whole.folder, tmp_path / "out"))


def done(problem: CalibrationProblem, folder: Path) -> list[Progress]:
    seen: list[Progress] = []
    calibrate(problem, folder, progress=seen.append)
    return seen


def test_nothing_is_done_twice(problem: CalibrationProblem, whole: Calibration, folder: Path) -> None:
    assert done(problem, folder) == []
    assert bytes_of(folder) == bytes_of(whole.folder)


@pytest.mark.parametrize("harm", ["deleted", "cut short", "changed", "foreign"])
def test_what_is_missing_or_damaged_is_done_again(
    problem: CalibrationProblem, whole: Calibration, folder: Path, harm: str
) -> None:
    part = folder / "parts" / Piece("M3", "world", 1).file
    if harm == "deleted":
        part.unlink()
    elif harm == "foreign":
        shutil.copy(part, part.with_name("part-M9-world-000.parquet"))
        part.unlink()
    else:
        data = part.read_bytes()
        part.write_bytes(data[:100] if harm == "cut short" else data[:-9] + b"x" + data[-8:])
    seen = done(problem, folder)
    assert (seen[0].before, seen[-1].done, seen[-1].total) == (3 * 64, 4 * 64, 4 * 64)
    assert {now.model for now in seen} == {"M3"}
    assert bytes_of(folder) == bytes_of(whole.folder)


class Stopped(Exception):
    """What a test stops a calibration with."""


@pytest.mark.parametrize("reports", [1, 2, 3, 6, 7, 8])
def test_a_calibration_that_was_stopped_goes_on(
    problem: CalibrationProblem, whole: Calibration, tmp_path: Path, reports: int
) -> None:
    seen: list[Progress] = []

    def stop(now: Progress) -> None:
        seen.append(now)
        if len(seen) == reports:  # one at the beginning of each sequence and one at its end
            raise Stopped

    out = tmp_path / "out"
    with pytest.raises(Stopped):
        calibrate(problem, out, progress=stop)
    left = len(list((out / "parts").glob("part-*.parquet")))
    assert left == reports // 2
    again = done(problem, out)
    assert not again if left == 4 else again[0].before == 64 * left
    assert bytes_of(out) == bytes_of(whole.folder)
    found = read_points(problem, out, "M4")
    np.testing.assert_array_equal(found.log_clients, whole.points["M4"].log_clients)


def test_another_plan_is_refused_unless_it_begins_anew(problem: CalibrationProblem, folder: Path) -> None:
    write_outputs(calibrate(problem, folder))
    assert (folder / "posteriors" / "trial_m4.csv").exists()
    other = replace(problem, plan=problem.plan.model_copy(update={"seed": 2}))
    with pytest.raises(FolderError, match=r"was not this one: 'seed' was 1, now 2\. Results"):
        calibrate(other, folder)
    facts = problem.observed.model_copy(update={"title": "Otherwise"})
    with pytest.raises(FolderError, match=r"was not this one: 'facts' has changed\. Results"):
        calibrate(replace(problem, observed=facts), folder)
    begun = calibrate(other, folder, fresh=True)
    assert begun.points["M4"].values[0, 0] != read_first(problem)
    assert not (folder / "posteriors").exists()


def read_first(problem: CalibrationProblem) -> float:
    likelihood = Likelihood(problem.match("M4"))
    return float(evaluate(problem, Piece("M4", "world", 0), likelihood).values[0, 0])


def test_what_does_not_change_a_point_may_change(problem: CalibrationProblem, folder: Path) -> None:
    changed = problem.plan.model_copy(update={"title": "Another", "apart": ("Alfa",), "draws": 200})
    assert done(replace(problem, plan=changed), folder) == []


def test_draws_are_left_as_parquet_and_as_a_table_that_scenarios_take(whole: Calibration) -> None:
    files = {file.name: file for file in write_outputs(whole)}
    rows = pd.read_parquet(files["trial_m4.parquet"])
    table = posteriors.load(str(files["trial_m4.csv"]))
    assert set(rows.pop("world")) == {"world"}
    assert tuple(rows.columns) == table.paths
    np.testing.assert_array_equal(rows.to_numpy(), whole.posterior("M4").values)
    np.testing.assert_allclose(rows.to_numpy(), table.values, rtol=1e-5)


def test_draws_of_another_calibration_are_refused(problem: CalibrationProblem, whole: Calibration) -> None:
    write_outputs(whole)
    assert len(posterior_of(problem, "M4", whole.folder)) == problem.plan.draws
    finer = replace(problem, plan=problem.plan.model_copy(update={"points": 128, "seed": 5}))
    assert len(posterior_of(finer, "M4", whole.folder)) == problem.plan.draws
    other = replace(problem, plan=problem.plan.model_copy(update={"settings": {"forgetting": 0.97}}))
    with pytest.raises(ExperimentError, match="another calibration than trial as it is now"):
        posterior_of(other, "M4", whole.folder)


def test_draws_that_were_changed_or_learned_from_something_else_are_refused(
    problem: CalibrationProblem, whole: Calibration, folder: Path
) -> None:
    write_outputs(calibrate(problem, folder))
    file = folder / "posteriors" / "trial_m4.csv"
    text = file.read_text(encoding="utf-8")
    assert len(posterior_of(problem, "M4", folder)) == problem.plan.draws
    *head, last = text.splitlines()
    file.write_text("\n".join([*head, "0.5" + last[last.index(",") :] if "," in last else "0.5"]), encoding="utf-8")
    with pytest.raises(ScenarioError, match="the draws are not those that were written"):
        posterior_of(problem, "M4", folder)
    marked = [line for line in text.splitlines() if posteriors.MARK not in line]
    file.write_text("\n".join(marked), encoding="utf-8")
    with pytest.raises(ExperimentError, match="expected the comment draws-sha256"):
        posterior_of(problem, "M4", folder)
    file.write_text(text, encoding="utf-8")
    moved = problem.scenario.model_copy(update={"title": "Another world"})
    with pytest.raises(ExperimentError, match="the scenario 'world' has changed"):
        posterior_of(replace(problem, worlds={"world": moved}), "M4", folder)


def test_more_sequences_go_on_with_those_that_are_there(
    problem: CalibrationProblem, whole: Calibration, tmp_path: Path
) -> None:
    few = replace(problem, plan=problem.plan.model_copy(update={"sequences": 1}))
    out = tmp_path / "out"
    calibrate(few, out)
    seen = done(problem, out)
    assert (seen[0].before, seen[-1].done) == (2 * 64, 4 * 64)
    found = read_points(problem, out, "M4")
    np.testing.assert_array_equal(found.log_clients, whole.points["M4"].log_clients)
    with pytest.raises(FolderError, match="'replicates' was 2, now 1, which is fewer"):
        calibrate(few, out)


def test_numbers_put_into_a_sequence_are_noticed(problem: CalibrationProblem, folder: Path) -> None:
    part = folder / "parts" / Piece("M3", "world", 1).file
    pd.read_parquet(part).assign(sequence=7).to_parquet(part)
    with pytest.raises(FolderError, match="part-M3-world-001.parquet: missing or damaged"):
        read_points(problem, folder, "M3")


def test_sequences_go_round_the_models(problem: CalibrationProblem) -> None:
    assert [(piece.number, piece.model) for piece in pieces(problem)] == [(0, "M3"), (0, "M4"), (1, "M3"), (1, "M4")]


def test_a_point_weighs_what_its_training_steps_say(problem: CalibrationProblem, whole: Calibration) -> None:
    points, match = whole.points["M4"], problem.match("M4")
    row = 70  # of the second sequence
    values = dict(zip(points.paths, map(float, points.values[row]), strict=True))
    steps = Likelihood(match).log_steps(values)
    last = match.postures.period(problem.plan.training.last)
    assert points.log_clients[row] == pytest.approx(steps[: last + 1].sum(axis=0))
    assert points.sequence[row] == 1
    assert points.clients == ("Alfa", "Bravo")
    log = points.log_likelihood
    assert points.evidence().log == pytest.approx(np.log(np.exp(log).mean()))
    assert points.evidence("Bravo").log == pytest.approx(np.log(np.exp(points.log_clients[:, 0]).mean()))
    ratio = np.exp(log).mean() / np.exp(points.log_clients[:, 0]).mean()
    assert points.left_out()[1] == pytest.approx(np.log(ratio))


def test_the_summary_says_how_much_the_data_take_away(problem: CalibrationProblem, whole: Calibration) -> None:
    rows = {(row["model"], row["parameter"]): row for row in whole.summary()}
    points = whole.points["M4"]
    row = rows["M4", "choice_noise"]
    mean, deviation = moments(points.values[:, 0], points.weight)
    assert (row["mean"], row["sd"]) == (mean, deviation)
    prior = points.values[:, 0].std()
    assert row["moved"] == pytest.approx(1 - (deviation / prior) ** 2)
    assert float(str(row["q05"])) < float(str(row["median"])) < float(str(row["q95"]))
    titles = [row["title"] for row in whole.evidences()]
    assert titles == [MODELS["M3"].title, MODELS["M4"].title]


def test_two_coders_are_weighed_together(tmp_path: Path) -> None:
    problem = small_problem(tmp_path, PLAN + "models: [M4]\ncodings: [other]\n")
    found = calibrate(problem, tmp_path / "out")
    points = found.points["M4"]
    assert points.worlds == ("world", "other")
    one, other = points.world == 0, points.world == 1
    np.testing.assert_array_equal(points.values[one], points.values[other])  # the same points under each coder
    assert (points.log_likelihood[one] != points.log_likelihood[other]).any()
    likelihood = np.exp(points.log_likelihood)
    assert points.evidence().log == pytest.approx(np.log((likelihood[one].mean() + likelihood[other].mean()) / 2))
    draws = found.posterior("M4")
    share = np.mean([world == "other" for world in draws.world])
    assert share == pytest.approx(likelihood[other].sum() / likelihood.sum(), abs=0.011)
    assert [world for world, _ in draws.each()] == list(draws.world)
    assert "drawn from 256 points" in comments(found, "M4")[2]


def test_draws_are_as_likely_as_their_weights(whole: Calibration) -> None:
    draws, points = whole.posterior("M4"), whole.points["M4"]
    assert len(draws) == 100
    mean, deviation = moments(points.values[:, 1], points.weight)
    assert draws.values[:, 1].mean() == pytest.approx(mean, abs=0.2 * deviation)
    assert np.isin(draws.values[:, 1], points.values[:, 1]).all()


@pytest.mark.parametrize("model", [pytest.param("M1", marks=pytest.mark.slow), "M4"])
def test_the_shipped_draws_are_those_of_the_shipped_plan(model: str) -> None:
    problem = load_problem("partners_2020", points=512)
    paths = MODELS[model].free(problem.plan.paths)
    draws = posterior_of(problem, model)
    assert draws.paths == paths
    assert len(draws) == Plan.model_fields["draws"].default == problem.plan.draws
    fresh = evaluate(problem, Piece(model, "partners_2020", 100), Likelihood(problem.match(model)))
    weight = weights(fresh.log_likelihood)
    count = 1.0 / float(weight @ weight)
    for column in range(len(paths)):
        mean, deviation = moments(fresh.values[:, column], weight)
        error = deviation / count**0.5
        assert abs(draws.values[:, column].mean() - mean) < 4 * error
        assert draws.values[:, column].std() == pytest.approx(deviation, rel=4 / (2 * count) ** 0.5)
