"""Left-out forecasts without a left-out calibration, and history replayed with the shipped draws."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from papertiger.experiments.history.calibrate.calibration import Piece, Points, evaluate, pieces
from papertiger.experiments.history.calibrate.importance import effective, moments, weights
from papertiger.experiments.history.calibrate.likelihood import Likelihood
from papertiger.experiments.history.calibrate.loader import load_case
from papertiger.experiments.history.calibrate.posterior import Posterior, posterior_of
from papertiger.experiments.history.calibrate.problem import Case, trained_steps
from papertiger.experiments.history.evaluate.replay import Replayed, replay
from papertiger.experiments.history.forecast.predictions import KINDS, Predictions, predict, predict_from_prior
from papertiger.experiments.history.observed.coding import code_postures
from papertiger.scenarios import observed
from tests.experiments.history.small import PLAN, small_case


@pytest.fixture(scope="module")
def case(tmp_path_factory: pytest.TempPathFactory) -> Case:
    return small_case(tmp_path_factory.mktemp("small"), PLAN + "models: [M4]\n")


@pytest.fixture(scope="module")
def points(case: Case) -> Points:
    likelihood = Likelihood(case.match("M4"))
    return evaluate(case, next(iter(pieces(case))), likelihood)


@pytest.fixture(scope="module")
def found(case: Case, points: Points) -> Predictions:
    """Return predictions of all points of a sequence, weighted by what was learned."""
    even = Posterior("M4", points.paths, points.values, ("world",) * len(points.values))
    return replace(predict(case, even), weight=points.weight)


def test_leaving_a_client_out_is_learning_without_it(found: Predictions, points: Points) -> None:
    for column, name in enumerate(found.clients):
        alone = weights(np.delete(points.log_clients, column, axis=1).sum(axis=1))
        np.testing.assert_allclose(found.weight_without([name]), alone, rtol=1e-9)
        expected = np.tensordot(alone, found.ahead[:, :, column], axes=1)
        np.testing.assert_allclose(found.left_out(KINDS[1])[:, column], expected, rtol=1e-9)
        assert found.effective_left_out()[name] == pytest.approx(effective(alone))
    np.testing.assert_allclose(found.weight_without(list(found.clients)), 1 / len(points.values), rtol=1e-9)
    assert found.weight_without([]) == pytest.approx(points.weight)


def test_a_forecast_is_the_mean_over_weighted_draws(found: Predictions, case: Case, points: Points) -> None:
    assert found.periods == (5, 6)
    for kind in KINDS:
        np.testing.assert_allclose(found.forecast(kind).sum(axis=2), 1.0)
    likelihood = Likelihood(case.match("M4"))
    row = 17
    values = dict(zip(points.paths, map(float, points.values[row]), strict=True))
    matrices = likelihood.matrices(values)
    np.testing.assert_array_equal(found.ahead[row], likelihood.match.ahead(matrices, 4)[[5, 6]])
    np.testing.assert_array_equal(found.one_step[row], likelihood.match.one_step(matrices)[[5, 6]])
    np.testing.assert_array_equal(found.lasting[row], likelihood.match.lasting(matrices, 4)[[5, 6]])


def test_weighting_the_prior_on_the_way_is_calibrating(case: Case, points: Points) -> None:
    made = predict_from_prior(case, "M4", case.match("M4"), case.plan.points)
    np.testing.assert_allclose(made.weight, points.weight, rtol=1e-9)
    np.testing.assert_allclose(made.log_clients, points.log_clients, rtol=1e-9)


def test_what_was_not_learned_from_is_not_taken_back(tmp_path: Path, case: Case, points: Points) -> None:
    """Another coder's view of the years behind changes what is scored, not what the draws were learned from."""
    (tmp_path / "postures.yaml").write_text(
        (case_folder(case) / "postures.yaml").read_text(encoding="utf-8").replace("2021-02", "2020-08"),
        encoding="utf-8",
    )
    facts = observed.load(tmp_path / "postures.yaml")
    other = replace(case, observed=facts, postures=code_postures(facts))
    draws = Posterior("M4", points.paths, points.values, ("world",) * len(points.values))
    np.testing.assert_allclose(predict(other, draws, learned=case).log_clients, points.log_clients, rtol=1e-9)
    assert (predict(other, draws).log_clients[:, 0] != points.log_clients[:, 0]).any()


def case_folder(case: Case) -> Path:
    return Path(case.handle).parent


@pytest.mark.slow
def test_draws_that_were_kept_reweigh_as_all_points_do() -> None:
    """A thousand shipped draws without a client are near a calibration that never saw it."""
    case = load_case("partners_2020", points=1024)
    whole = posterior_of(case, "M4")
    draws = replace(whole, values=whole.values[::2], world=whole.world[::2])
    kept = predict(case, draws)
    fresh = evaluate(case, Piece("M4", "partners_2020", 0), Likelihood(case.match("M4")))
    name = "Armenia"
    weight = kept.weight_without([name])
    without = weights(fresh.log_likelihood - fresh.log_clients[:, fresh.clients.index(name)])
    assert kept.effective_left_out()[name] > 50
    path = fresh.paths.index("parameters.choice_noise")
    mine, theirs = moments(draws.values[:, path], weight), moments(fresh.values[:, path], without)
    error = np.hypot(mine[1] / effective(weight) ** 0.5, theirs[1] / effective(without) ** 0.5)
    assert abs(mine[0] - theirs[0]) < 4 * error
    counted = trained_steps(kept.match, case)
    assert counted.sum() == 13 * 7 + 4  # all that were there from the start, and Mali from 2022 on


@pytest.fixture(scope="module")
def replayed() -> Replayed:
    case = load_case("partners_2020")
    draws = posterior_of(case, "M4")
    few = replace(draws, values=draws.values[::5], world=draws.world[::5])
    return replay(case, few)


def test_armenia_is_the_likeliest_to_suspend_in_2024(replayed: Replayed) -> None:
    chance = {name: replayed.probability(name, "2024H2", 3) for name in replayed.postures.clients}
    assert max(chance, key=chance.__getitem__) == "Armenia"


@pytest.mark.parametrize("name", ["Iran", "Cuba", "Belarus", "DPRK"])
def test_isolated_clients_stay_loyal(replayed: Replayed, name: str) -> None:
    assert replayed.probability(name, "2025H2", 0, 0) > 0.5


def test_kazakhstan_hedges_most_often_where_it_was_observed_to(replayed: Replayed) -> None:
    """Over all half-years it does not, which the page on validation says: the replay moves it later than it moved."""
    column = replayed.postures.clients.index("Kazakhstan")
    hedged = replayed.postures.posture[:, column] == 1
    mean = replayed.marginals[hedged, column].mean(axis=0)
    assert mean.argmax() == 1, mean


def test_replays_change_about_as_often_as_history(replayed: Replayed) -> None:
    observed_changes, _, low, high = replayed.changes_between("2020H2", "2023H2")
    assert observed_changes == 4
    assert low <= observed_changes <= high
    # The two of the regime that fell and of the sub-state are nobody's choices, and not among the seven.
    assert replayed.changes_between("2020H2", "2025H2")[0] == 7
