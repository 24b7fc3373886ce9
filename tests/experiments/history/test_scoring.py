"""All forecasters on the same cases; whoever knows the future scores best."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from papertiger.experiments.errors import ExperimentError
from papertiger.experiments.history.calibrate.likelihood import Likelihood
from papertiger.experiments.history.calibrate.posterior import Posterior, posterior_of
from papertiger.experiments.history.calibrate.problem import CalibrationProblem
from papertiger.experiments.history.evaluate import scores
from papertiger.experiments.history.evaluate.baselines import Climatology
from papertiger.experiments.history.evaluate.robustness import Outcome, chance
from papertiger.experiments.history.evaluate.scoring import (
    ALL,
    CLIMATOLOGY,
    LANDSCAPE,
    ONE_STEP,
    ORIGIN,
    PERSISTENCE,
    SCORES,
    TIME,
    Examination,
    splits,
)
from papertiger.experiments.history.evaluate.verdict import verdict
from papertiger.experiments.history.forecast.archive import Forecast
from papertiger.experiments.history.forecast.forecasting import forecast, observed_decisions, standing_of
from papertiger.experiments.history.forecast.predictions import KINDS, Predictions, predict
from papertiger.experiments.history.observed.ceiling import ceilings
from papertiger.experiments.history.observed.later import check_archive, later_problem
from papertiger.model.calendar import month_number
from papertiger.model.decisions import Decision
from tests.experiments.history.small import shipped_problem, small_problem

pytestmark = pytest.mark.xdist_group("scoring")  # one process foretells for both models


@pytest.fixture(scope="module")
def problem() -> CalibrationProblem:
    return shipped_problem()


def few(model: str) -> Posterior:
    draws = posterior_of(shipped_problem(), model)
    return replace(draws, values=draws.values[::50], world=draws.world[::50])


@pytest.fixture(scope="module")
def seer(problem: CalibrationProblem) -> Predictions:
    """Return predictions of somebody who has seen what came."""
    found = predict(problem, few("M4"))
    posture = found.match.postures.posture
    came = np.eye(5)[posture[list(found.periods)].astype(int)]
    stays = np.minimum.accumulate(posture[list(found.periods)] == posture[found.periods[0] - 1], axis=0)
    sure = np.broadcast_to(came, found.ahead.shape)
    return replace(found, one_step=sure, ahead=sure, lasting=np.broadcast_to(stays * 1.0, found.lasting.shape))


@pytest.fixture(scope="module")
def examination(problem: CalibrationProblem, seer: Predictions) -> Examination:
    return Examination(problem, {"M1": predict(problem, few("M1")), "M4": seer})


def test_a_perfect_forecaster_scores_best(examination: Examination) -> None:
    rows = [row for row in examination.table() if row["forecaster"] == "M4" or row["against"] == "M4"]
    assert {row["split"] for row in rows} == {"all", "left out", "apart", "transfer"}
    assert {(row["forecast"], row["score"]) for row in rows} == {
        *((kind, score) for kind in KINDS for score in SCORES),
        (ORIGIN, TIME),
    }
    for row in rows:
        assert row["forecaster"] == "M4"  # nobody is measured against the full model
        assert float(str(row["mean"])) < 0.05  # but for the floor it would be 0
        assert float(str(row["mean"])) <= float(str(row["reference"]))
        # With an interval, since clients that never move are foretold as well by whoever says that nothing moves.
        assert float(str(row["gain"])) >= 0.0
    assert examination.skill("M4", CLIMATOLOGY, ALL, ORIGIN, "RPS").skill > 0.99
    first = verdict(examination)[0]
    # Three moves among sixteen clients are too few for an interval, even where all three were foretold.
    assert first.startswith(
        "Given the events, the full model is ahead of persistence, climatology and structure alone"
    )
    assert "it stays ahead without Armenia" in first


def test_scores_of_cases_are_those_of_the_functions(examination: Examination) -> None:
    said = examination.forecasts("M1", ALL).by_kind[ONE_STEP]
    cases = examination.scored_steps(ALL)
    values, whose = examination.scored("M1", ALL, ONE_STEP, "Brier")
    came = examination.postures.posture[list(examination.periods)].astype(int)
    np.testing.assert_allclose(values, scores.brier(said[cases], came[cases]))
    assert len(values) == cases.sum() == 59
    assert set(whose) == set(examination.postures.clients) - {"Chechnya"}


def test_splits_score_whom_they_say(examination: Examination, problem: CalibrationProblem) -> None:
    by_name = {split.name: split for split in splits(problem)}
    clients = np.array(examination.postures.clients)
    assert "Armenia" not in set(examination.scored("M1", by_name["apart"], ONE_STEP, "RPS")[1])
    members = {name for name, client in problem.scenario.clients.items() if client.treaty == "defence_pact"}
    scored = set(examination.scored("M1", by_name["transfer"], ONE_STEP, "RPS")[1])
    assert scored == set(clients) - members - {"Chechnya"}
    assert by_name["transfer"].unseen == tuple(name for name in problem.scenario.clients if name not in members)


def test_left_out_baselines_do_not_see_the_client(examination: Examination, problem: CalibrationProblem) -> None:
    by_name = {split.name: split for split in splits(problem)}
    column = examination.postures.clients.index("Armenia")
    full = examination.forecasts(CLIMATOLOGY, ALL).by_kind[ORIGIN][:, column]
    without = examination.forecasts(CLIMATOLOGY, by_name["left out"]).by_kind[ORIGIN][:, column]
    assert (without[:, 3:].sum(axis=1) < full[:, 3:].sum(axis=1)).all()  # half of the moves up are Armenia's own
    same = examination.forecasts(PERSISTENCE, by_name["left out"]).by_kind[ORIGIN]
    np.testing.assert_array_equal(same, examination.forecasts(PERSISTENCE, ALL).by_kind[ORIGIN])
    assert examination.names == (PERSISTENCE, CLIMATOLOGY, LANDSCAPE, "M1", "M4")


def test_the_time_of_a_first_departure_is_that_of_the_observations(examination: Examination) -> None:
    watched, time = examination._first_departures()
    at = dict(zip(examination.postures.clients, zip(watched.tolist(), time.tolist(), strict=True), strict=True))
    assert (at["Armenia"], at["Cuba"]) == ((4, 1), (4, 5))
    assert at["Syria"][0] == 1  # its regime was lost in the second half-year
    assert at["Niger"][0] == 0  # not there in the first half-year
    values, whose = examination.scored("M4", ALL, ORIGIN, TIME)
    assert np.abs(values).max() == 0.0
    assert "Niger" not in set(whose)


def test_everything_published_is_possible(examination: Examination, problem: CalibrationProblem) -> None:
    for split in splits(problem):
        for name in examination.names:
            for kind in KINDS:
                said = examination.forecasts(name, split).by_kind[kind]
                assert (said > 0.0).all()
                np.testing.assert_allclose(said.sum(axis=2), 1.0)


def test_a_forecast_calls_nothing_likely_that_the_coding_cannot_see(problem: CalibrationProblem) -> None:
    said = forecast(problem, few("M4"), "2026-01-31", last="2026H2", runs=20)
    top = ceilings(problem.scenario, said.clients)
    assert set(top.tolist()) == {2, 4}
    for shares in said.probabilities.values():
        beyond = np.arange(5) > top[:, None]
        assert shares[:, beyond].max() <= scores.FLOOR
        np.testing.assert_allclose(shares.sum(axis=2), 1.0)


def test_a_forecast_starts_where_a_client_may_stand_and_not_where_the_coding_ends(
    problem: CalibrationProblem,
) -> None:
    """What the filter knows: a client that was coded at its ceiling for years has mostly gone on."""
    likelihood = Likelihood(problem.match("M4"))
    _, values = next(few("M4").each())
    known = likelihood.match.known(likelihood.matrices(values), len(problem.postures.periods) - 1)
    drawn = np.array([standing_of(likelihood, values, np.random.default_rng(n)).posture[-1] for n in range(400)])
    for column, name in enumerate(problem.postures.clients):
        shares = np.bincount(drawn[:, column].astype(int), minlength=5) / 400
        assert shares == pytest.approx(known[column], abs=0.12), name
        coded_at = int(problem.postures.posture[-1, column])
        assert (np.minimum(drawn[:, column], likelihood.match.ceiling[column]) == coded_at).all()
    serbia = problem.postures.clients.index("Serbia")
    assert len(set(drawn[:, serbia].tolist())) > 1
    earlier = standing_of(likelihood, values, np.random.default_rng(1)).posture[:-1]
    np.testing.assert_array_equal(earlier, problem.postures.posture[:-1])


def test_an_archive_of_the_truth_is_scored_from_its_origin_only(
    problem: CalibrationProblem, seer: Predictions
) -> None:
    postures = problem.postures
    periods = tuple(postures.periods[row] for row in seer.periods)
    order = tuple(reversed(postures.clients))  # an archive may have its clients in another order
    columns = [postures.clients.index(name) for name in order]
    sure = seer.ahead[0][:, columns]
    archive = Forecast("2024-01-05", "2023H2", order, periods, {"ends": sure}, {})
    check_archive(problem, archive, "here.json")
    examined = Examination(problem, {"M1": predict(problem, few("M1"))}, archive)
    rows = [row for row in examined.table((ALL,)) if row["forecaster"] == "archived, war ends"]
    assert {(row["forecast"], row["score"]) for row in rows} == {(ORIGIN, score) for score in SCORES}
    assert max(float(str(row["mean"])) for row in rows) < 0.05
    # It was published long ago, so it is not floored once more.
    said = examined.forecasts("archived, war ends", ALL).by_kind[ORIGIN]
    np.testing.assert_array_equal(said, seer.ahead[0])
    with pytest.raises(ExperimentError, match=r"here\.json: knows the postures of 2024H1; .* from those of 2023H2"):
        check_archive(problem, replace(archive, origin="2024H1"), "here.json")
    with pytest.raises(ExperimentError, match=r"here\.json: forecasts nothing for Armenia"):
        check_archive(problem, replace(archive, clients=order[:-1]), "here.json")


@pytest.mark.parametrize("kind", KINDS)
def test_climatology_has_learned_nothing_of_the_test(
    examination: Examination, problem: CalibrationProblem, kind: str
) -> None:
    postures, origin = examination.postures, examination.postures.period("2023H2")
    learned = Climatology.fit(postures, origin)
    said = examination.forecasts(CLIMATOLOGY, ALL).by_kind[kind]
    for row, period in enumerate(examination.periods):
        begin = period - 1 if kind == KINDS[0] else origin
        np.testing.assert_allclose(said[row], scores.publishable(learned.forecast(postures, begin, period)))


def test_the_verdict_says_when_the_model_is_behind(problem: CalibrationProblem, seer: Predictions) -> None:
    fool = replace(seer, one_step=seer.one_step[..., ::-1], ahead=seer.ahead[..., ::-1])
    examined = Examination(problem, {"M1": predict(problem, few("M1")), "M4": fool})
    first = verdict(examined)[0]
    assert first.startswith(
        "The full model does not beat its baselines in 2024H1 to 2025H2: it is clearly behind persistence one"
    )
    assert "without Armenia it is clearly behind" in first


def test_chance_counts_the_true_world_among_the_worlds(problem: CalibrationProblem) -> None:
    true = Outcome("true", "", -10.0, -10.0, 0.3, 0.4, 0.5, 0.6, 100.0)
    worlds = [replace(true, one_step=score) for score in (0.1, 0.3, 0.5, 0.7)]
    assert chance(worlds, true, lambda one: one.one_step, high=False) == 3 / 5  # .1, .3, and the true one of five
    assert chance(worlds, true, lambda one: one.one_step, high=True) == 4 / 5


def test_history_holds_clients_in_place_and_out_of_secret_contacts(problem: CalibrationProblem) -> None:
    book = observed_decisions(problem.scenario, problem.postures)
    names, start = list(problem.scenario.clients), month_number(problem.scenario.span.start)
    months = {month for month, _, _ in book.decisions}
    assert months == set(range(month_number("2025-12") - start + 1))
    armenia = names.index("Armenia")
    for month in months:
        assert all(book.decision(month, names.index(name), Decision.COVERT) == 0 for name in problem.postures.clients)
    at = {
        date: book.decision(month_number(date) - start, armenia, Decision.POSTURE) for date in ("2022-11", "2022-12")
    }
    assert at == {"2022-11": 0, "2022-12": 1}  # a change counts from the end of its half-year


def test_what_was_learned_from_cannot_be_given_other_events(tmp_path: Path) -> None:
    problem = small_problem(tmp_path)
    events = tmp_path / "events.yaml"
    events.write_text(
        "events:\n  early: {date: 2022-06, kind: attack, client: Alfa, adversary: Foeland, what: x}\n",
        encoding="utf-8",
    )
    with pytest.raises(ExperimentError, match=r"events\.yaml:2: events\.early\.date: expected a date after 2022-06"):
        later_problem(problem, None, str(events))


def test_later_files_are_found_beside_the_plan_and_move_the_test(tmp_path: Path) -> None:
    """A scenario and observations that are no shipped ones, from another folder than the plan's."""
    problem = small_problem(tmp_path)
    (tmp_path / "later.yaml").write_text(
        "title: Later\ndescription: x\nextends: postures\nspan: {end: 2023-12}\nfacts: {}\n", encoding="utf-8"
    )
    (tmp_path / "events.yaml").write_text(
        "events:\n  late: {date: 2023-08, kind: attack, client: Alfa, adversary: Foeland, what: x}\n",
        encoding="utf-8",
    )
    found = later_problem(problem, str(tmp_path / "later.yaml"), str(tmp_path / "events.yaml"))
    assert (found.plan.testing.first, found.plan.testing.last) == ("2023H2", "2023H2")
    assert found.plan.training == problem.plan.training
    assert set(found.scenario.events) - set(problem.scenario.events) == {"late"}
    assert found.scenario.name == problem.scenario.name
    (tmp_path / "events.yaml").write_text(
        "events:\n  raid: {date: 2023-08, kind: attack, client: Alfa, adversary: Foeland, what: x}\n",
        encoding="utf-8",
    )
    with pytest.raises(
        ExperimentError, match=r"events\.yaml:2: events\.raid: the scenario world has an event of this"
    ):
        later_problem(problem, None, str(tmp_path / "events.yaml"))
    assert later_problem(problem, None, None) is problem


def test_war_and_income_may_come_with_later_events(tmp_path: Path) -> None:
    problem = small_problem(tmp_path)
    (tmp_path / "events.yaml").write_text(
        "war: {burden: {points: {2023-07: 0.9}}}\n"
        "events:\n  late: {date: 2023-08, kind: attack, client: Alfa, adversary: Foeland, what: x}\n",
        encoding="utf-8",
    )
    found = later_problem(problem, None, str(tmp_path / "events.yaml"))
    points = found.scenario.war.burden.points
    assert points["2023-07"] != problem.scenario.war.burden.points.get("2023-07")
    assert set(problem.scenario.war.burden.points) < set(points)


def test_the_reach_of_a_gain_holds_what_every_client_came_to(examination: Examination) -> None:
    for kind, score in [*((kind, score) for kind in KINDS for score in SCORES), (ORIGIN, TIME)]:
        ours, whose = examination.scored("M4", ALL, kind, score)
        theirs, _ = examination.scored(CLIMATOLOGY, ALL, kind, score)
        low, high = examination.reach("M4", CLIMATOLOGY, ALL, kind, score)
        means = [(theirs - ours)[whose == name].mean() for name in np.unique(whose)]
        assert low <= min(means) <= max(means) <= high
