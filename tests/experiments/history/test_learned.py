"""Constants of other patrons are scored as they are, and one rule says of which of them the data speak."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from papertiger import scenarios
from papertiger.experiments.errors import ExperimentError
from papertiger.experiments.history.calibrate.likelihood import Likelihood
from papertiger.experiments.history.calibrate.posterior import Posterior
from papertiger.experiments.history.calibrate.problem import CalibrationProblem, trained_steps
from papertiger.experiments.history.evaluate.scoring import ONE_STEP, ORIGIN
from papertiger.experiments.history.learned.page import PICTURE, constant_table, page, picture
from papertiger.experiments.history.learned.speaking import Constant, constants_of
from papertiger.experiments.history.learned.trial import BY_HAND, FITTED, LEARNED, Trial, carry_out
from papertiger.experiments.history.learned.words import headline, particulars
from papertiger.experiments.history.pooled.cases import cases_of, make_cases
from papertiger.experiments.history.pooled.loader import load_pooled, plan_of_file
from papertiger.experiments.history.pooled.plan import PooledPlan
from papertiger.model.template import Template
from papertiger.scenarios import posteriors
from papertiger.scenarios.errors import ScenarioError
from papertiger.scenarios.posteriors import Draws
from tests.experiments.history.small import small_problem
from tests.scenarios.datasets.world import write_world

NOISE, COST = "parameters.choice_noise", "parameters.switching_cost"
DRAWS = Draws("others", (NOISE, COST), ((0.02, 0.1), (0.03, 0.12)), ("Made up.",))
SPAN = "training: {first: 1955, last: 1975}"
PLAN = f"""\
title: Two looks at one patron
description: From the field's data
patrons:
  Early: {{from_data: {{patron: USA, first: 1952, last: 1975}}, {SPAN}}}
  Late: {{from_data: {{patron: USA, first: 1955, last: 1975}}, {SPAN}}}
shared: [choice_noise, switching_cost]
priors: {{switching_cost: {{zero: 0.5, uniform: [0.01, 0.05]}}}}
sequences: 2
points: 64
draws: 100
"""


def plan_of(tmp_path: Path, text: str = PLAN) -> PooledPlan:
    path = tmp_path / "together.yaml"
    path.write_text(text, encoding="utf-8")
    return plan_of_file(path)


@pytest.fixture(scope="module")
def problem(tmp_path_factory: pytest.TempPathFactory) -> CalibrationProblem:
    return small_problem(tmp_path_factory.mktemp("small"))


@pytest.fixture(scope="module")
def trial(problem: CalibrationProblem) -> Trial:
    values = np.array(DRAWS.values)
    fitted = {name: Posterior(name, DRAWS.paths, values, ("world",) * len(values)) for name in ("M1", "M4")}
    return carry_out(problem, DRAWS, fitted)


# Of which constants the data speak


@pytest.mark.parametrize(
    ("posterior", "shipped", "speaks", "against"),
    [
        ((0.2, 0.3, 0.5), 0.4, True, False),
        ((0.2, 0.3, 0.5), 0.6, True, True),
        ((0.1, 0.3, 0.6), 0.4, False, False),
        ((0.1, 0.3, 0.7), 0.9, False, False),
    ],
)
def test_the_data_speak_where_less_than_half_of_the_interval_is_left(
    posterior: tuple[float, float, float], shipped: float, speaks: bool, against: bool
) -> None:
    one = Constant("choice_noise", shipped, (0.0, 0.5, 1.0), posterior, 0.0, 0.0)
    assert (one.speaks, one.against_shipped) == (speaks, against)


def test_constants_are_those_of_the_plan_and_the_draws(tmp_path: Path) -> None:
    rows = tuple((0.01 + number / 10_000, 0.0 if number < 30 else 0.02) for number in range(100))
    plan, draws = plan_of(tmp_path), Draws("together", (NOISE, COST), rows)
    noise, cost = constants_of(plan, draws, scenarios.load("partners_2020"))
    assert (cost.zero_before, cost.zero, noise.zero) == (0.5, 0.3, 0.0)
    assert cost.prior == pytest.approx((0.0, 0.01, 0.046))
    assert (noise.shipped, cost.shipped) == (0.015, 0.12)
    # The scenario's own prior: loguniform from 0.008 to 0.05.
    assert noise.prior == pytest.approx(tuple(0.008 * 6.25**level for level in (0.05, 0.5, 0.95)))
    assert noise.posterior == pytest.approx((0.0104, 0.0149, 0.0194))
    assert (noise.speaks, cost.speaks, cost.against_shipped) == (True, True, True)


# What they foretell


def test_constants_of_others_score_as_any_draws_do(trial: Trial) -> None:
    """The same draws under another name have the same scores: nothing is learned on the way."""
    for kind in (ONE_STEP, ORIGIN):
        assert trial.against(FITTED, kind).gain == 0.0
        assert trial.means()[kind, "RPS", LEARNED] == trial.means()[kind, "RPS", FITTED]


def test_the_evidence_of_the_training_span_is_the_mean_over_the_draws(
    trial: Trial, problem: CalibrationProblem
) -> None:
    likelihood = Likelihood(problem.match("M4"))
    counted = trained_steps(likelihood.match, problem)
    logs = [
        np.where(counted, likelihood.log_steps(dict(zip(DRAWS.paths, row, strict=True))), 0.0).sum()
        for row in DRAWS.values
    ]
    assert trial.log_evidence(LEARNED) == pytest.approx(np.log(np.mean(np.exp(logs))))
    assert trial.log_evidence(BY_HAND) != pytest.approx(trial.log_evidence(LEARNED))


def test_draws_of_what_is_no_parameter_are_refused(problem: CalibrationProblem) -> None:
    with pytest.raises(ExperimentError, match=r"draws of parameters\.courage, which world has not"):
        carry_out(problem, Draws("others", ("parameters.courage",), ((1.0,),)))


def test_the_page_says_what_was_found(trial: Trial, tmp_path: Path) -> None:
    plan = plan_of(tmp_path)
    constants = constants_of(plan, DRAWS, trial.problem.scenario)
    text = page(trial, constants, plan, DRAWS, "papertiger learned")
    assert text.startswith(f"# What other patrons teach\n\n**{headline(trial)}**")
    for line in particulars(trial, constants):
        assert f"- {line}" in text
    assert f"figures/{PICTURE}" in text
    assert str(constant_table(constants)) in text
    assert picture(trial, constants, plan, DRAWS).startswith(b"\x89PNG")


# Cases of the field's data


def test_a_plan_makes_its_cases_and_reads_them(tmp_path: Path) -> None:
    plan, told = plan_of(tmp_path), list[str]()
    data = write_world(tmp_path)
    make_cases(plan, data, tmp_path / "cases", tell=told.append)
    make_cases(plan, data, tmp_path / "cases", tell=told.append)  # they are there
    assert told == ["Early", "Late"]
    problem = load_pooled(tmp_path / "together.yaml", tmp_path / "cases")
    assert [part.scenario.span.start for part in problem.parts.values()] == ["1952-01", "1955-01"]
    point = np.array([[0.5, 0.1]])
    each = problem.log_likelihood(point)
    assert problem.log_steps(point[0]).sum() == pytest.approx(each.sum())
    np.testing.assert_array_equal(problem.log_likelihood(np.vstack([point] * 5)), np.vstack([each] * 5))
    # Where the cases lie is no part of what was asked.
    assert str(tmp_path) not in str(problem.decisive)
    assert set(cases_of(plan, tmp_path)) == {"Early", "Late"}


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (("", ""), r"patrons\.Early\.from_data: made from data sets on disk; say with --data where they lie"),
        (
            ("{from_data: {patron: USA, first: 1952, last: 1975}, ", "{"),
            "scenario: expected scenario and obs",
        ),
        (("first: 1952, last: 1975}", "first: 1952, last: 1975}, observed: x"), "observed: from_data gives both"),
    ],
)
def test_a_plan_with_cases_that_cannot_be_read_is_refused(tmp_path: Path, change: tuple[str, str], says: str) -> None:
    (tmp_path / "together.yaml").write_text(PLAN.replace(*change), encoding="utf-8")
    with pytest.raises(ExperimentError, match=says):
        load_pooled(tmp_path / "together.yaml")


def test_cases_of_a_folder_without_the_data_say_what_is_missing(tmp_path: Path) -> None:
    with pytest.raises(ScenarioError):
        make_cases(plan_of(tmp_path), tmp_path, tmp_path / "cases")


# What ships


def test_the_page_that_ships_is_of_the_draws_that_ship() -> None:
    """The table of constants needs no replay; the rest of the page is made by the same command."""
    plan, draws = plan_of_file("patrons"), posteriors.load("patrons")
    constants = constants_of(plan, draws, scenarios.load("partners_2020"))
    text = (Path(__file__).parents[3] / "docs" / "learned.md").read_text(encoding="utf-8")
    assert str(constant_table(constants)) in text
    assert draws.paths == plan.paths
    assert not {"patron", "client", "year"} & {cell for path in draws.paths for cell in path.split(".")}


def test_a_run_draws_the_constants_that_ship(tmp_path: Path) -> None:
    """With `posterior: patrons` a scenario takes them; each run has a row of its own."""
    (tmp_path / "world.yaml").write_text(
        "extends: partners_2020\ntitle: By others\ndescription: d\nposterior: patrons\n",
        encoding="utf-8",
    )
    template = Template(scenarios.load(tmp_path / "world.yaml"))
    drawn = [template.setting(1, run, None).constants.break_away for run in range(3)]
    assert len(set(drawn)) > 1
    assert min(drawn) > 0.0
