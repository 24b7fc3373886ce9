"""Published forecasts stay as they are: what is changed, removed or put beside them is found."""

from __future__ import annotations

import hashlib
import json
import math
import subprocess
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from papertiger.experiments.errors import ExperimentError, FolderError
from papertiger.experiments.history.calibrate.posterior import Posterior
from papertiger.experiments.history.calibrate.problem import CalibrationProblem
from papertiger.experiments.history.forecast.archive import (
    Forecast,
    mixture_of,
    read_forecast,
    rounded,
    write_forecast,
)
from papertiger.experiments.history.forecast.declaration import PATHS
from papertiger.experiments.history.forecast.published import LIST, faults, publish, published
from papertiger.scenarios import posteriors
from tests.experiments.history.declared import DECLARED, MADE, PERIODS, declared_problem, made_up
from tests.experiments.history.small import shipped_problem

ROOT = Path(__file__).parents[3]
RECORD = ROOT / "forecasts"


@pytest.fixture(scope="module")
def problem(tmp_path_factory: pytest.TempPathFactory) -> CalibrationProblem:
    return declared_problem(tmp_path_factory.mktemp("declared"))


@pytest.fixture
def two(problem: CalibrationProblem, tmp_path: Path) -> Path:
    """Return a folder with two published forecasts."""
    folder = tmp_path / "forecasts"
    publish(made_up(problem), folder)
    publish(made_up(problem, made="2023-10-01", seed=2), folder)
    return folder


FIRST, SECOND = f"{MADE}_trial.json", "2023-10-01_trial.json"


# The record of this repository

PUBLISHED = (
    (
        "2026-11-28_partners_2026.json",
        "7ac39c0d0fa84eb8fc966b1d50e99c196a29925f0998e50bc4d470145ec9e185",
    ),
)
"""What was published so far, in its order: a line is added for each file, and none is ever changed."""


def test_what_was_published_is_what_was_published_then() -> None:
    assert tuple(published(RECORD).items())[: len(PUBLISHED)] == PUBLISHED


def test_every_published_forecast_is_listed_and_unchanged() -> None:
    assert faults(RECORD) == []
    assert set(published(RECORD)) == {one.name for one in RECORD.glob("*.json")}


def test_the_record_asks_what_its_calibration_declares() -> None:
    for name in published(RECORD):
        forecast = read_forecast(RECORD / name)
        assert forecast.statement is not None
        assert forecast.mixture is not None
        assert set(forecast.baselines) == {"persistence", "climatology", "static landscape", "trust frozen"}
        assert forecast.statement.weights.declared <= forecast.made
        assert name.startswith(forecast.made)


def test_the_shipped_declaration_is_of_the_whole_span_and_every_path() -> None:
    plan = shipped_problem("partners_2026").plan
    assert plan.forecast is not None
    assert plan.forecast.last == "2028H2"
    assert tuple(plan.forecast.weights) == tuple(PATHS)
    assert math.fsum(plan.forecast.chances.values()) == pytest.approx(1.0)


@pytest.mark.parametrize(("chance", "weight"), [(0.10, 0.20), (0.16, 0.30), (0.30, 0.49)])
def test_the_weight_of_an_end_is_that_of_deals_at_a_rate(chance: float, weight: float) -> None:
    """The arithmetic behind the reason that partners_2026 gives: thirty months, a year of winding down."""
    months = 30

    def relief(after: int) -> float:
        return min(1.0, max(0.0, after / 12))

    at_once = sum(relief(month) for month in range(1, months + 1))
    hazard = 1.0 - (1.0 - chance) ** (1 / 6)
    later = sum(
        (1.0 - hazard) ** start * hazard * relief(month - start)
        for start in range(months)
        for month in range(1, months + 1)
    )
    assert later / at_once == pytest.approx(weight, abs=0.005)


# What a file says


def test_a_forecast_is_read_as_it_was_written(problem: CalibrationProblem, tmp_path: Path) -> None:
    forecast = made_up(problem)
    write_forecast(forecast, tmp_path / "one.json")
    again = read_forecast(tmp_path / "one.json")
    assert again.to_json() == forecast.to_json()
    assert json.loads(forecast.to_json())["format"] == 2


def test_the_mixture_is_the_weighted_sum_of_the_paths(problem: CalibrationProblem) -> None:
    forecast = made_up(problem)
    weights = {"continues": 0.5, "ends": 0.3, "escalates": 0.2}
    assert forecast.mixture is not None
    by_hand = sum(weights[path] * forecast.probabilities[path] for path in weights)
    np.testing.assert_allclose(forecast.mixture, by_hand, atol=1e-4)
    np.testing.assert_allclose(forecast.mixture.sum(axis=-1), 1.0, atol=1e-12)
    all_on_one = mixture_of(forecast.probabilities, {"continues": 0.0, "ends": 1.0, "escalates": 0.0})
    np.testing.assert_array_equal(all_on_one, forecast.probabilities["ends"])


def test_rounding_keeps_the_sum_and_moves_nothing_by_a_digit() -> None:
    values = np.random.default_rng(3).dirichlet(np.full(5, 0.2), size=(50, 4))
    digits = rounded(values)
    np.testing.assert_allclose(digits.sum(axis=-1), 1.0, atol=1e-12)
    assert np.abs(digits - values).max() < 1e-4
    np.testing.assert_array_equal(rounded(digits), digits)


def test_questions_are_in_words_with_their_day_and_who_is_not_scored(problem: CalibrationProblem) -> None:
    statement = made_up(problem).statement
    assert statement is not None
    assert len(statement.questions) == 2 * len(PERIODS)
    asked = {(one.client, one.period): one for one in statement.questions}
    alfa, bravo = asked["Alfa", "2024H1"], asked["Bravo", "2024H1"]
    assert alfa.asks == (
        "Which posture towards Patronia will Alfa be coded at, at the end of 2024H1: loyal, hedging, distancing, "
        "suspended, realigned?"
    )
    assert (alfa.decided_by, alfa.scored) == ("2024-09-30", True)
    assert (bravo.scored, "2023H1" in bravo.unscored_because) == (False, True)
    assert (statement.recorded_to, statement.public_by, statement.deciding.rule["hedging"]) == (
        "2023-06",
        "2023-09",
        1,
    )


def test_baselines_start_where_the_forecast_does(problem: CalibrationProblem) -> None:
    forecast = made_up(problem)
    assert set(forecast.baselines) == {"persistence", "climatology", "static landscape"}
    last = problem.postures.posture[-1]
    for column in range(len(forecast.clients)):
        stays = forecast.baselines["persistence"][:, column, last[column]]
        assert stays == pytest.approx(0.992, abs=1e-3)
        staying = forecast.baselines["climatology"][:, column, last[column]]
        assert (np.diff(staying) < 0).all()  # the farther ahead, the less sure


def test_the_hash_of_draws_is_the_mark_in_their_file() -> None:
    shipped = posteriors.load("partners_2020_m4")
    draws = Posterior("M4", shipped.paths, np.array(shipped.values), ("partners_2020",) * len(shipped.values))
    marked = next(line for line in shipped.comments if line.startswith(posteriors.MARK))
    assert draws.sha256 == marked.split()[-1]


@pytest.mark.parametrize(
    ("path", "value", "said"),
    [
        (("mixture", "Alfa", "2023H2"), [0.2] * 5, "a mixture that is the weighted sum of the paths"),
        (("statement", "weights", "paths", "ends", "weight"), 0.4, "a weight for each path of the war"),
        (("statement", "questions", 0, "client"), "Bravoo", "one question for each client and half-year"),
        (("baselines", "climatology", "Alfa", "2024H1"), [0.9] * 5, "five probabilities"),
    ],
)
def test_a_file_that_contradicts_itself_is_refused(
    problem: CalibrationProblem, tmp_path: Path, path: tuple[str | int, ...], value: object, said: str
) -> None:
    content = json.loads(made_up(problem).to_json())
    there = content
    for key in path[:-1]:
        there = there[key]
    there[path[-1]] = value
    del content["sha256"]
    plain = json.dumps(content, sort_keys=True, ensure_ascii=True).encode()
    content["sha256"] = hashlib.sha256(plain).hexdigest()
    (tmp_path / "forged.json").write_text(json.dumps(content), encoding="ascii")
    with pytest.raises(FolderError, match=said):
        read_forecast(tmp_path / "forged.json")


# The folder


def test_a_forecast_is_published_with_its_hash(two: Path) -> None:
    assert list(published(two)) == [FIRST, SECOND]
    lines = (two / LIST).read_text(encoding="ascii").splitlines()
    assert lines == [f"{hashlib.sha256((two / name).read_bytes()).hexdigest()}  {name}" for name in (FIRST, SECOND)]
    assert faults(two) == []


def test_the_list_is_what_sha256sum_reads(two: Path) -> None:
    try:
        done = subprocess.run(
            ["sha256sum", "-c", "--strict", LIST], cwd=two, capture_output=True, text=True, check=False
        )
    except FileNotFoundError:
        pytest.skip("this system has no sha256sum")
    assert (done.returncode, done.stdout) == (0, f"{FIRST}: OK\n{SECOND}: OK\n")


def test_nothing_is_published_twice_or_in_another_s_place(problem: CalibrationProblem, two: Path) -> None:
    before = {file.name: file.read_bytes() for file in two.iterdir()}
    with pytest.raises(FolderError, match=r"2023-09-15_trial\.json: is published already"):
        publish(made_up(problem), two)
    with pytest.raises(FolderError, match="is published already"):
        publish(made_up(problem, seed=9), two)
    assert {file.name: file.read_bytes() for file in two.iterdir()} == before
    other = two / "2023-11-01_trial.json"
    other.write_text("mine", encoding="ascii")
    with pytest.raises(FolderError, match="another forecast lies there"):
        publish(made_up(problem, made="2023-11-01"), two)
    assert other.read_text(encoding="ascii") == "mine"


def test_publishing_that_was_cut_short_goes_on(problem: CalibrationProblem, two: Path) -> None:
    third = made_up(problem, made="2023-11-01")
    publish(third, two)
    whole = {file.name: file.read_bytes() for file in two.iterdir()}
    (two / LIST).write_bytes(
        b"".join((two / LIST).read_bytes().splitlines(keepends=True)[:2])
    )  # killed before the list
    publish(third, two)
    assert {file.name: file.read_bytes() for file in two.iterdir()} == whole


def test_tampering_is_found(problem: CalibrationProblem, two: Path) -> None:
    first, listed = (two / FIRST).read_bytes(), (two / LIST).read_bytes()
    (two / FIRST).write_bytes(first.replace(b'"made": "2023-09-15"', b'"made": "2023-09-14"'))
    assert faults(two) == [f"{two / FIRST}: has been changed since it was published"]
    with pytest.raises(FolderError, match="has been changed since it was published"):
        publish(made_up(problem, made="2023-11-01"), two)
    (two / FIRST).unlink()
    assert faults(two) == [f"{two / FIRST}: was published, and is missing"]
    (two / FIRST).write_bytes(first)
    (two / LIST).write_bytes(listed.splitlines(keepends=True)[1])  # the first line taken out
    assert faults(two) == [
        f"{two / SECOND}: the list of forecasts before it is not what it was",
        f"{two / FIRST}: lies among published forecasts, and is not listed in {LIST}",
    ]
    (two / LIST).write_bytes(listed.replace(b"  2023", b" 2023", 1))
    with pytest.raises(FolderError, match=f"{LIST}:1: expected a hash, two spaces and the name"):
        faults(two)


def test_a_file_changed_together_with_its_line_shows_in_the_next(problem: CalibrationProblem, two: Path) -> None:
    another = made_up(problem, seed=7)
    assert another.statement is not None
    forged = replace(
        another, statement=another.statement.model_copy(update={"follows": hashlib.sha256().hexdigest()})
    )
    old = hashlib.sha256((two / FIRST).read_bytes()).hexdigest()
    (two / FIRST).write_text(forged.to_json(), encoding="ascii")
    new = hashlib.sha256((two / FIRST).read_bytes()).hexdigest()
    (two / LIST).write_text((two / LIST).read_text(encoding="ascii").replace(old, new), encoding="ascii")
    assert faults(two) == [f"{two / SECOND}: the list of forecasts before it is not what it was"]


def test_what_declares_nothing_or_too_late_is_not_published(problem: CalibrationProblem, tmp_path: Path) -> None:
    bare: Forecast = replace(made_up(problem), statement=None, mixture=None, baselines={})
    with pytest.raises(FolderError, match="declares no weights of the war's paths"):
        publish(bare, tmp_path / "forecasts")
    with pytest.raises(FolderError, match=r"declared on 2023-08-01, after the forecast's date, 2023-07-31"):
        publish(made_up(problem, made="2023-07-31"), tmp_path / "forecasts")
    assert not (tmp_path / "forecasts").exists()


# Weights


BAD_WEIGHTS = {
    DECLARED.replace("weight: 0.5", "weight: 0.4"):
        "trial.yaml:15: forecast.weights: expected weights that add up to 1, got 0.9",
    DECLARED.replace("    ends:", "    end:"):
        "trial.yaml:17: forecast.weights.end: no path of the war 'end', expected continues, ends, escalates"
        " (did you mean 'ends'?)",
    DECLARED.replace("    escalates: {weight: 0.2, range: [0.1, 0.3], why: a guess}\n", ""):
        "trial.yaml:15: forecast.weights: expected a weight for each path of the war, lacks escalates",
    DECLARED.replace("[0.2, 0.5]", "[0.4, 0.5]"):
        "trial.yaml:17: forecast.weights.ends.range: expected a range around 0.3, got 0.4 to 0.5",
    DECLARED.replace("weight: 0.5", "weight: 1.5"): "trial.yaml:16: forecast.weights.continues.weight",
    DECLARED.replace("last: 2024H2", "last: 2029H2"):
        "trial.yaml:14: forecast.last: world ends with 2024-12, before 2029H2 does",
    DECLARED.replace("last: 2024H2", "last: 2024"): "trial.yaml:14: forecast.last",
    DECLARED.replace("2023-08-01", "2023-08"):
        "trial.yaml:13: forecast.declared: expected a day written YYYY-MM-DD, got 2023-08",
    DECLARED.replace("decided_by: a coder", "decided_buy: a coder"): "forecast.decided_buy: unknown key",
}  # fmt: skip


@pytest.mark.parametrize("text", sorted(BAD_WEIGHTS))
def test_bad_weights_are_told_file_line_and_key(tmp_path: Path, text: str) -> None:
    with pytest.raises(ExperimentError) as caught:
        declared_problem(tmp_path, text)
    assert BAD_WEIGHTS[text] in str(caught.value)
