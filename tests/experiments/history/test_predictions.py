"""Left-out forecasts without a left-out calibration, and history replayed with the shipped draws."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from papertiger.experiments.history.calibrate.calibration import Piece, Points, evaluate, pieces
from papertiger.experiments.history.calibrate.importance import effective, moments, weights
from papertiger.experiments.history.calibrate.likelihood import Likelihood
from papertiger.experiments.history.calibrate.loader import load_problem
from papertiger.experiments.history.calibrate.posterior import Posterior, posterior_of
from papertiger.experiments.history.calibrate.problem import CalibrationProblem, trained_steps
from papertiger.experiments.history.evaluate.replay import Replayed, replay
from papertiger.experiments.history.forecast.predictions import KINDS, Predictions, predict, predict_from_prior
from papertiger.experiments.history.observed.coding import code_postures
from papertiger.scenarios import observed
from tests.experiments.history.small import PLAN, small_problem


@pytest.fixture(scope="module")
def problem(tmp_path_factory: pytest.TempPathFactory) -> CalibrationProblem:
    return small_problem(tmp_path_factory.mktemp("small"), PLAN + "models: [M4]\n")


@pytest.fixture(scope="module")
def points(problem: CalibrationProblem) -> Points:
    likelihood = Likelihood(problem.match("M4"))
    return evaluate(problem, next(iter(pieces(problem))), likelihood)


@pytest.fixture(scope="module")
def found(problem: CalibrationProblem, points: Points) -> Predictions:
    """Return predictions of all points of a sequence, weighted by what was learned."""
    even = Posterior("M4", points.paths, points.values, ("world",) * len(points.values))
    return replace(predict(problem, even), weight=points.weight)


def test_leaving_a_client_out_is_learning_without_it(found: Predictions, points: Points) -> None:
    for column, name in enumerate(found.clients):
        alone = weights(np.delete(points.log_clients, column, axis=1).sum(axis=1))
        np.testing.assert_allclose(found.weight_without([name]), alone, rtol=1e-9)
        expected = np.tensordot(alone, found.ahead[:, :, column], axes=1)
        np.testing.assert_allclose(found.left_out(KINDS[1])[:, column], expected, rtol=1e-9)
        assert found.effective_left_out()[name] == pytest.approx(effective(alone))
    np.testing.assert_allclose(found.weight_without(list(found.clients)), 1 / len(points.values), rtol=1e-9)
    assert found.weight_without([]) == pytest.approx(points.weight)


def test_a_forecast_is_the_mean_over_weighted_draws(
    found: Predictions, problem: CalibrationProblem, points: Points
) -> None:
    assert found.periods == (5, 6)
    for kind in KINDS:
        np.testing.assert_allclose(found.forecast(kind).sum(axis=2), 1.0)
    likelihood = Likelihood(problem.match("M4"))
    row = 17
    values = dict(zip(points.paths, map(float, points.values[row]), strict=True))
    matrices = likelihood.matrices(values)
    np.testing.assert_array_equal(found.ahead[row], likelihood.match.ahead(matrices, 4)[[5, 6]])
    np.testing.assert_array_equal(found.one_step[row], likelihood.match.one_step(matrices)[[5, 6]])
    np.testing.assert_array_equal(found.lasting[row], likelihood.match.lasting(matrices, 4)[[5, 6]])


def test_weighting_the_prior_on_the_way_is_calibrating(problem: CalibrationProblem, points: Points) -> None:
    made = predict_from_prior(problem, "M4", problem.match("M4"), problem.plan.points)
    np.testing.assert_allclose(made.weight, points.weight, rtol=1e-9)
    np.testing.assert_allclose(made.log_clients, points.log_clients, rtol=1e-9)


def test_what_was_not_learned_from_is_not_taken_back(
    tmp_path: Path, problem: CalibrationProblem, points: Points
) -> None:
    """Another coder's view of the years behind changes what is scored, not what the draws were learned from."""
    (tmp_path / "postures.yaml").write_text(
        (folder_of(problem) / "postures.yaml").read_text(encoding="utf-8").replace("2021-02", "2020-08"),
        encoding="utf-8",
    )
    facts = observed.load(tmp_path / "postures.yaml")
    other = replace(problem, observed=facts, postures=code_postures(facts))
    draws = Posterior("M4", points.paths, points.values, ("world",) * len(points.values))
    np.testing.assert_allclose(predict(other, draws, learned=problem).log_clients, points.log_clients, rtol=1e-9)
    assert (predict(other, draws).log_clients[:, 0] != points.log_clients[:, 0]).any()


def folder_of(problem: CalibrationProblem) -> Path:
    return Path(problem.handle).parent


@pytest.mark.slow
def test_draws_that_were_kept_reweigh_as_all_points_do() -> None:
    """A thousand shipped draws without a client are near a calibration that never saw it."""
    problem = load_problem("partners_2020", points=1024)
    whole = posterior_of(problem, "M4")
    draws = replace(whole, values=whole.values[::2], world=whole.world[::2])
    kept = predict(problem, draws)
    fresh = evaluate(problem, Piece("M4", "partners_2020", 0), Likelihood(problem.match("M4")))
    name = "Armenia"
    weight = kept.weight_without([name])
    without = weights(fresh.log_likelihood - fresh.log_clients[:, fresh.clients.index(name)])
    assert kept.effective_left_out()[name] > 50
    path = fresh.paths.index("parameters.choice_noise")
    mine, theirs = moments(draws.values[:, path], weight), moments(fresh.values[:, path], without)
    error = np.hypot(mine[1] / effective(weight) ** 0.5, theirs[1] / effective(without) ** 0.5)
    assert abs(mine[0] - theirs[0]) < 4 * error
    counted = trained_steps(kept.match, problem)
    assert counted.sum() == 13 * 7 + 4  # all that were there from the start, and Mali from 2022 on


@pytest.fixture(scope="module")
def replayed() -> Replayed:
    problem = load_problem("partners_2020")
    draws = posterior_of(problem, "M4")
    few = replace(draws, values=draws.values[::5], world=draws.world[::5])
    return replay(problem, few)


def test_armenia_is_the_likeliest_to_suspend_in_2024(replayed: Replayed) -> None:
    chance = {name: replayed.probability(name, "2024H2", 3) for name in replayed.postures.clients}
    assert max(chance, key=chance.__getitem__) == "Armenia"


@pytest.mark.parametrize("name", ["Iran", "Cuba", "Belarus"])
def test_isolated_clients_stay_loyal(replayed: Replayed, name: str) -> None:
    assert replayed.probability(name, "2025H2", 0, 0) > 0.5


def test_the_dprk_drifts_away_though_it_was_seen_to_stay(replayed: Replayed) -> None:
    """A pattern that does not hold: with the draws of the posterior it is as likely gone as not."""
    assert 0.45 < replayed.probability("DPRK", "2025H2", 0, 0) < 0.5
    assert replayed.probability("DPRK", "2023H2", 0, 0) > 0.7


def test_kazakhstan_goes_on_to_distancing_where_it_was_observed_to_hedge(replayed: Replayed) -> None:
    """A pattern that does not hold any more: hedging and distancing are as likely as one another."""
    column = replayed.postures.clients.index("Kazakhstan")
    hedged = replayed.postures.posture[:, column] == 1
    mean = replayed.marginals[hedged, column].mean(axis=0)
    assert mean[1] > 0.3, mean
    assert abs(mean[1] - mean[2]) < 0.02, mean
    assert set(np.argsort(mean)[-2:].tolist()) == {1, 2}, mean


def test_replays_change_about_as_often_as_history(replayed: Replayed) -> None:
    observed_changes, _, low, high = replayed.changes_between("2020H2", "2023H2")
    assert observed_changes == 4
    assert low <= observed_changes <= high
    # The two of the regime that fell and of the sub-state are nobody's choices, and not among the seven.
    assert replayed.changes_between("2020H2", "2025H2")[0] == 7
