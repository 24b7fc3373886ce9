"""Published forecasts are scored on what has come true, and on nothing else."""

from __future__ import annotations

import math
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from papertiger.experiments.history.calibrate.posterior import Posterior
from papertiger.experiments.history.calibrate.problem import CalibrationProblem
from papertiger.experiments.history.evaluate.come_true import (
    MIXTURE,
    ComeTrue,
    has_ratio,
    latest_observed,
    scoringutils_rows,
)
from papertiger.experiments.history.evaluate.skill import skill
from papertiger.experiments.history.forecast.archive import Forecast
from papertiger.experiments.history.forecast.forecasting import forecast
from papertiger.experiments.history.forecast.questions import FROZEN
from papertiger.experiments.history.observed.coding import code_postures
from papertiger.scenarios import observed
from papertiger.scenarios.schema.values import POSTURES
from tests.experiments.history.declared import PERIODS, declared_problem, made_up

NAMES = [
    MIXTURE,
    "persistence",
    "climatology",
    "static landscape",
    "war continues",
    "war ends",
    "war escalates",
]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("come true")


@pytest.fixture(scope="module")
def problem(folder: Path) -> CalibrationProblem:
    return declared_problem(folder)


def come_true(problem: CalibrationProblem, folder: Path, forecast: Forecast | None = None) -> ComeTrue:
    """Return a forecast of three half-years of which two are coded: Alfa stays loyal, then hedges."""
    facts = observed.load(folder / "later.yaml")
    return ComeTrue("here.json", forecast or made_up(problem), facts, code_postures(facts))


def by_hand(chances: list[float], came: int) -> float:
    total = 0.0
    for rung in range(4):
        total += (sum(chances[: rung + 1]) - (came <= rung)) ** 2
    return total / 4


def test_only_what_is_decided_and_counts_is_scored(problem: CalibrationProblem, folder: Path) -> None:
    found = come_true(problem, folder)
    clients = found.forecast.clients
    assert (found.decided, found.open) == (["2023H2", "2024H1"], ["2024H2"])
    alfa, bravo = clients.index("Alfa"), clients.index("Bravo")
    assert found.scored[:, alfa].tolist() == [True, True, False]
    assert not found.scored[:, bravo].any()  # its regime was lost
    assert found.outcome[:, alfa].tolist() == [0, 1, -1]
    assert found.changes() == 1


def test_a_question_that_was_published_as_void_is_never_scored(problem: CalibrationProblem, folder: Path) -> None:
    forecast = made_up(problem)
    assert forecast.statement is not None
    void = tuple(
        one.model_copy(update={"scored": False}) if (one.client, one.period) == ("Alfa", "2024H1") else one
        for one in forecast.statement.questions
    )
    found = come_true(
        problem, folder, replace(forecast, statement=forecast.statement.model_copy(update={"questions": void}))
    )
    assert found.decided == ["2023H2"]
    assert len(list(scoringutils_rows(found))) == len(list(scoringutils_rows(come_true(problem, folder)))) * 2 // 3


def test_a_coding_that_begins_with_the_forecast_knows_no_change_before_it(
    problem: CalibrationProblem, folder: Path
) -> None:
    whole = come_true(problem, folder)
    first = whole.postures.periods.index("2023H2")
    cut = {name: getattr(whole.postures, name)[first:] for name in ("periods", "posture", "scored")}
    found = replace(whole, postures=replace(whole.postures, **cut))
    assert found.decided == ["2023H2", "2024H1"]
    assert found.changes() == 1  # of 2024H1; what was before 2023H2 nobody says
    assert math.isfinite(found.gain(MIXTURE, "climatology").gain)


def test_an_interval_of_one_client_reckons_with_others(problem: CalibrationProblem, folder: Path) -> None:
    gain = come_true(problem, folder).gain(MIXTURE, "climatology")
    assert gain.gain_low < gain.gain < gain.gain_high


def test_scores_are_those_of_the_mixture_that_was_published(problem: CalibrationProblem, folder: Path) -> None:
    found = come_true(problem, folder)
    assert list(found.forecasters) == NAMES
    column = found.forecast.clients.index("Alfa")
    for name, values in found.forecasters.items():
        said = [values[row, column].tolist() for row in (0, 1)]
        expected = [by_hand(said[0], 0), by_hand(said[1], 1)]
        assert found.case_scores(name, "RPS") == pytest.approx(expected)
    rows = list(found.table())
    mean = {row["forecaster"]: row["mean"] for row in rows if row["score"] == "RPS"}
    assert list(mean) == NAMES
    gains = [row for row in rows if row["forecaster"] == MIXTURE and row["against"] == "climatology"]
    first = gains[0]
    assert first["gain"] == pytest.approx(float(str(mean["climatology"])) - float(str(mean[MIXTURE])))


def test_the_sentence_is_about_the_mixture_and_says_what_is_open(problem: CalibrationProblem, folder: Path) -> None:
    lines = come_true(problem, folder).sentences()
    assert lines[0].startswith("here.json: the forecast of 2023-09-15 has a ranked probability score of ")
    assert "in 2023H2 and 2024H1" in lines[0]
    assert "war" not in lines[0]
    assert lines[1] == "That is 2 questions about 1 client, with 1 change of posture."
    assert lines[2].startswith("Beside it, each path of the war by itself: continues ")
    assert lines[-1] == "Not decided yet: 2024H2 (to be coded by 2025-03-31)."


def test_nothing_is_said_of_skill_before_anything_is_decided(problem: CalibrationProblem) -> None:
    found = ComeTrue("here.json", made_up(problem), problem.observed, problem.postures)
    assert list(found.table()) == []
    assert found.sentences()[0] == "here.json: of the forecast of 2023-09-15 nothing is decided yet."
    assert "2023H2 (to be coded by 2024-03-31), 2024H1 (to be coded by 2024-09-30) and 2024H2" in found.sentences()[1]


def test_no_path_of_the_war_is_the_forecast_where_no_weights_were_declared(
    problem: CalibrationProblem, folder: Path
) -> None:
    bare = replace(made_up(problem), statement=None, mixture=None, baselines={})
    found = come_true(problem, folder, bare)
    assert list(found.forecasters) == NAMES[4:]
    assert "declared no weights of the war's paths" in found.sentences()[0]
    assert "none of them may be picked now" in found.sentences()[0]
    assert all("against" not in row for row in found.table())


def test_another_rule_of_coding_is_said(problem: CalibrationProblem, folder: Path) -> None:
    found = come_true(problem, folder)
    assert not any("another rule" in line for line in found.sentences())
    other = found.observed.model_copy(update={"rule": found.observed.rule.model_copy(update={"hedging": 2})})
    changed = replace(found, observed=other)
    assert "later codes by another rule than the one that was published" in changed.sentences()[-1]


def test_a_ratio_is_left_out_where_the_reference_is_near_perfect() -> None:
    names = ["a", "b", "c"]
    assert has_ratio(skill([0.1, 0.2, 0.3], [0.2, 0.2, 0.3], names))
    assert not has_ratio(skill([0.1, 0.2, 0.3], [1e-5, 1e-5, 1e-5], names))
    assert not has_ratio(skill([0.1, 0.2, 0.3], [0.0, 0.0, 0.0], names))


def test_rows_leave_the_ratio_out_there_too(problem: CalibrationProblem, folder: Path) -> None:
    forecast = made_up(problem)
    sure = np.full((len(PERIODS), len(forecast.clients), 5), 0.0)
    column = forecast.clients.index("Alfa")
    sure[..., 0] = 1.0
    sure[1, column] = np.eye(5)[1]  # what came
    found = come_true(problem, folder, replace(forecast, baselines={"seer": sure}))
    row = next(row for row in found.table() if row["forecaster"] == MIXTURE and row["score"] == "RPS")
    assert (row["reference"], math.isnan(float(str(row["skill"])))) == (0.0, True)
    assert float(str(row["gain"])) < 0
    assert "%" not in found.sentences()[0].replace("95 % interval", "")


def test_the_export_is_what_scoringutils_takes(problem: CalibrationProblem, folder: Path) -> None:
    """Columns, a probability for each label of each forecast unit, which sum to 1, and one outcome a unit."""
    found = come_true(problem, folder)
    table = pd.DataFrame(scoringutils_rows(found))
    assert {"observed", "predicted", "predicted_label", "model"} <= set(table.columns)
    assert not {"sample_id", "quantile_level"} & set(table.columns)
    unit = ["model", "location", "forecast_date", "target_end_date", "horizon"]
    assert [*unit, "observed", "predicted", "predicted_label"] == list(table.columns)
    for _, group in table.groupby(unit):
        assert group["predicted_label"].tolist() == list(POSTURES)
        assert group["predicted"].sum() == pytest.approx(1.0, abs=1e-12)
        assert group["observed"].nunique() == 1
    assert set(table["model"]) == set(NAMES)
    assert set(table["location"]) == {"Alfa"}  # whoever is never scored has no rows
    observed_by = table.drop_duplicates(unit).set_index(["model", "target_end_date"])["observed"]
    assert observed_by[MIXTURE].to_dict() == {"2023-12-31": "loyal", "2024-06-30": "hedging", "2024-12-31": "NA"}


def test_the_shipped_observations_that_reach_farthest_are_taken() -> None:
    assert latest_observed(("Armenia", "Cuba")).name == "partners_2026_postures"
    with pytest.raises(LookupError, match="no shipped observations of Alfa; give some with --observed"):
        latest_observed(("Alfa",))


def test_frozen_trust_is_the_forecast_itself_where_no_evidence_counts(problem: CalibrationProblem) -> None:
    """A known answer: with an evidence scale of 0 trust does not move anyhow, and else some chance differs."""
    paths = ("parameters.evidence_scale", "parameters.choice_noise")

    def of(scale: float) -> Forecast:
        draws = Posterior("M4", paths, np.array([[scale, 0.3]] * 3), ("world",) * 3)
        return forecast(problem, draws, "2023-09-15", last="2024H2", runs=60)

    without, moved = of(0.0), of(3.0)
    assert without.mixture is not None
    assert moved.mixture is not None
    np.testing.assert_array_equal(without.baselines[FROZEN], without.mixture)
    np.testing.assert_array_equal(moved.baselines[FROZEN], without.mixture)
    assert (moved.mixture != without.mixture).any()
