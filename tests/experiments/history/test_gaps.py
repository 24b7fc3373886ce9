"""Observations by year, quarter or month and with gaps: products over what lies between, and never a made-up stay."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from papertiger.experiments.errors import ExperimentError
from papertiger.experiments.history.calibrate import problem as steps
from papertiger.experiments.history.calibrate.likelihood import Match
from papertiger.experiments.history.calibrate.loader import load_problem
from papertiger.experiments.history.calibrate.problem import CalibrationProblem
from papertiger.experiments.history.calibrate.sbc import simulate, simulated_ranks
from papertiger.experiments.history.evaluate.baselines import Climatology, Persistence, transition_counts
from papertiger.experiments.history.evaluate.robustness import placebos
from papertiger.experiments.history.evaluate.scoring import ALL, ONE_STEP, ORIGIN, TIME, Examination
from papertiger.experiments.history.evaluate.verdict import verdict
from papertiger.experiments.history.forecast.forecasting import forecast
from papertiger.experiments.history.forecast.predictions import predict_from_prior
from papertiger.experiments.history.observed.coding import Postures, bridged, code_postures, latest, only_half_years
from papertiger.experiments.history.observed.patterns import sights_of
from papertiger.experiments.history.observed.periods import (
    first_month,
    following,
    last_month,
    months_of,
    noun_of,
    period_name,
    period_number,
    period_of,
    periods_between,
)
from papertiger.model.ensemble.exact import Chain
from papertiger.scenarios import ScenarioError, observed
from tests.experiments.history import small
from tests.scenarios.minimal import SMALL

WORLD = SMALL.replace("title: Small", "title: Small\nspan: {start: 2014-01, end: 2024-12}")
FACT = small.FACT
YEARLY = f"""\
title: Small
description: What two clients did, looked up once a year
span: {{start: 2014-01, end: 2023-12}}
every: 12 months
indicators:
  pact: {{highest: 3, what: taking part}}
  stance: {{highest: 2, what: words}}
rule:
  hedging: 1
  distancing: 3
clients:
  Bravo: {{gaps: [{{start: 2016-03, end: 2018-12, why: the archive is closed}}]}}
  Alfa: {{}}
facts:
  alfa_speaks: {FACT % ("2015-02", "Alfa", "stance", 1)}
  alfa_silent: {FACT % ("2018-11", "Alfa", "stance", 0)}
  bravo_in_the_gap: {FACT % ("2017-03", "Bravo", "stance", 1)}
  bravo_speaks: {FACT % ("2021-03", "Bravo", "stance", 0)}
"""
PLAN = """\
title: A trial by year
description: Two constants of two clients
scenario: world
observed: ./postures.yaml
training: {first: 2014, last: 2020}
testing: {first: 2021, last: 2023}
free: [choice_noise, switching_cost]
sequences: 2
points: 64
draws: 100
models: [M1, M4]
"""


def yearly(folder: Path, facts: str = YEARLY, plan: str = PLAN) -> CalibrationProblem:
    small.write(folder, plan)
    (folder / "world.yaml").write_text(WORLD, encoding="utf-8")
    (folder / "postures.yaml").write_text(facts, encoding="utf-8")
    return load_problem(folder / "trial.yaml")


@pytest.fixture(scope="module")
def problem(tmp_path_factory: pytest.TempPathFactory) -> CalibrationProblem:
    return yearly(tmp_path_factory.mktemp("yearly"))


def constant_chain(match: Match, month: np.ndarray) -> Chain:
    """Return a chain that moves by one matrix in every month."""
    names = tuple(match.scenario.clients)
    months = tuple(f"{year}-{month:02d}" for year in range(2014, 2025) for month in range(1, 13))
    steps = np.broadcast_to(month, (len(months), len(names), 5, 5))
    return Chain(months, names, (0,) * len(names), steps, np.zeros((len(months), len(names), 2)))


PERIODS = st.sampled_from([12, 6, 3, 1]).flatmap(
    lambda months: st.integers(12 * 1700 // months, 12 * 2200 // months).map(lambda n: period_name(n, months))
)


@given(PERIODS, st.integers(-40, 40))
def test_periods_follow_each_other_without_a_gap_of_their_own(period: str, steps: int) -> None:
    assert period_name(period_number(period), months_of(period)) == period
    assert period_of(first_month(period), months_of(period)) == period_of(last_month(period), months_of(period))
    later = following(period, steps)
    assert following(later, -steps) == period
    assert (later > period) == (steps > 0)  # names sort as their dates do
    assert len(periods_between(period, later)) == max(0, steps + 1)
    assert last_month(period) < first_month(following(period))


def test_periods_have_names() -> None:
    assert [period_of("2023-08", months) for months in (12, 6, 3, 1)] == ["2023", "2023H2", "2023Q3", "2023M08"]
    assert [noun_of(one) for one in ("2023", "2023H2", "2023Q3", "2023M08")] == [
        "year",
        "half-year",
        "quarter",
        "month",
    ]
    assert (first_month("2023"), last_month("2023")) == ("2023-01", "2023-12")
    with pytest.raises(ValueError, match="expected a year written YYYY, got '2023H2'"):
        periods_between("2020", "2023H2")
    for wrong in ("2023H3", "2023Q5", "2023M13", "23", "2023-08"):
        with pytest.raises(ValueError, match="expected a half-year written"):
            last_month(wrong)


def test_a_file_by_year_is_coded_at_the_ends_of_years(problem: CalibrationProblem) -> None:
    postures = problem.postures
    assert postures.periods == tuple(str(year) for year in range(2014, 2024))
    bravo, alfa = postures.posture.T.tolist()
    assert alfa == [0, 1, 1, 1, 0, 0, 0, 0, 0, 0]
    # What came in the gap is seen after it; inside it stands what was seen last, and nothing counts.
    assert bravo == [0, 0, 0, 0, 0, 1, 1, 0, 0, 0]
    assert postures.seen.T.tolist() == [[True] * 2 + [False] * 3 + [True] * 5, [True] * 10]
    assert postures.scored.T.tolist() == [[False, True] + [False] * 3 + [True] * 5, [False] + [True] * 9]
    assert postures.seen_before()[:, 0].tolist() == [-1, 0, 1, 1, 1, 1, 5, 6, 7, 8]


def test_a_constant_chain_seen_by_year_with_gaps_is_a_power_of_its_matrix(problem: CalibrationProblem) -> None:
    match = problem.match("M4")
    month = np.random.default_rng(3).dirichlet(np.ones(5), size=5)
    matrices = match.matrices(constant_chain(match, month))
    power = np.linalg.matrix_power
    np.testing.assert_allclose(matrices[1:], np.broadcast_to(power(month, 12), (9, 2, 5, 5)), rtol=1e-12)
    bound = replace(match, scenario=match.scenario)
    object.__setattr__(bound, "ceiling", np.array([4, 4]))
    log = bound.log_steps(matrices)
    alfa, bravo = (match.postures.clients.index(name) for name in ("Alfa", "Bravo"))
    assert log[1, alfa] == pytest.approx(np.log(power(month, 12)[0, 1]))
    assert log[5, bravo] == pytest.approx(np.log(power(month, 48)[0, 1]))  # from 2015 to 2019
    assert log[6, bravo] == pytest.approx(np.log(power(month, 12)[1, 1]))
    assert (log[2:5, bravo] == 0.0).all()


def test_a_gap_is_the_sum_over_all_ways_through_it(problem: CalibrationProblem) -> None:
    """With a ceiling, too: what is known of a client moves on through the gap."""
    match = problem.match("M4")
    assert match.ceiling.tolist() == [2, 2]
    rng = np.random.default_rng(5)
    matrices = rng.dirichlet(np.ones(5), size=(10, 2, 5))
    bravo = match.postures.clients.index("Bravo")
    seen = [0, 1, 5, 6, 7, 8, 9]
    posture = match.postures.posture[:, bravo]
    total = 0.0
    now = np.eye(5)[posture[0]]
    for row in range(1, 10):
        now = now @ matrices[row, bravo]
        if row in seen:
            total += np.log(now[posture[row]].sum())
            now = np.eye(5)[posture[row]]  # below the ceiling a client stands where it is seen
    assert match.log_steps(matrices)[:, bravo].sum() == pytest.approx(total)
    assert match.ahead(matrices, 3)[5, bravo] == pytest.approx(match.one_step(matrices)[5, bravo])


def test_half_years_written_out_are_the_default(tmp_path: Path) -> None:
    said = small.small_problem(tmp_path)
    (tmp_path / "postures.yaml").write_text(small.OBSERVED + "every: 6 months\ngaps: []\n", encoding="utf-8")
    again = load_problem(tmp_path / "trial.yaml")
    assert again.fingerprint == said.fingerprint  # shipped draws go on being those of their calibration
    np.testing.assert_array_equal(again.postures.posture, said.postures.posture)
    assert again.postures.gaps is None


def test_a_gap_that_nobody_is_in_changes_nothing(problem: CalibrationProblem) -> None:
    match = problem.match("M4")
    every = replace(match.postures, gaps=None, scored=np.array([[False] * 2] + [[True] * 2] * 9))
    seen = replace(every, gaps=np.zeros(every.posture.shape, dtype=bool))
    matrices = np.random.default_rng(1).dirichlet(np.ones(5), size=(10, 2, 5))
    np.testing.assert_array_equal(
        replace(match, postures=every).one_step(matrices), replace(match, postures=seen).one_step(matrices)
    )
    np.testing.assert_array_equal(bridged(every.scored, seen.seen), every.scored)


@given(st.lists(st.tuples(st.booleans(), st.booleans()), min_size=1, max_size=12))
def test_a_step_counts_if_all_that_it_leads_through_does(rows: list[tuple[bool, bool]]) -> None:
    counts, seen = (np.array([[row[k]] for row in rows]) for k in range(2))
    scored, before = bridged(counts, seen), np.concatenate([[[-1]], latest(seen)[:-1]])
    for row in range(len(rows)):
        begin = int(before[row, 0])
        assert scored[row, 0] == (seen[row, 0] and begin >= 0 and bool(counts[begin + 1 : row + 1].all()))


def test_a_step_that_begins_before_the_client_enters_does_not_count(tmp_path: Path) -> None:
    world = WORLD.replace("    arms: 0.1\n", "    enters: 2017-06\n    arms: 0.1\n")
    problem = yearly(tmp_path)
    (tmp_path / "world.yaml").write_text(world, encoding="utf-8")
    match = load_problem(tmp_path / "trial.yaml").match("M4")
    bravo = match.postures.clients.index("Bravo")
    assert match.scored[:, bravo].tolist() == [False] * 6 + [True] * 4  # the step from 2015 to 2019 is not whole
    assert problem.match("M4").scored[5, bravo]


def test_baselines_go_on_from_where_a_client_was_seen_last(problem: CalibrationProblem) -> None:
    postures = problem.match("M4").postures
    bravo = postures.clients.index("Bravo")
    chain = Climatology.fit(postures, 6)
    assert transition_counts(postures, 6).sum() == 6 + 2  # the step over the gap is none of one year
    said = chain.forecast(postures, 4, 5)
    assert said[bravo] == pytest.approx(np.linalg.matrix_power(chain.transition, 4)[0])
    assert said[1 - bravo] == pytest.approx(chain.transition[0])
    assert Persistence().forecast(postures, 4, 5)[bravo].tolist() == [1, 0, 0, 0, 0]


def test_scores_placebos_and_coverage_go_by_years(problem: CalibrationProblem) -> None:
    match = problem.match("M4")
    predictions = {name: predict_from_prior(problem, name, problem.match(name), 64) for name in ("M1", "M4")}
    examination = Examination(problem, predictions)
    assert examination.periods == (7, 8, 9)
    assert steps.trained_steps(match, problem).sum() == 6 + 3
    assert len(examination.scored("M4", ALL, ONE_STEP, "RPS")[0]) == 6
    assert "The test has 6 client-years of 2 clients" in verdict(examination)[-1]
    assert {outcome.kind for outcome in placebos(problem, 1, 64)} >= {"dates", "lag", "witnesses"}


def test_whoever_was_not_seen_at_the_origin_is_not_asked_when_it_leaves(tmp_path: Path) -> None:
    facts = YEARLY.replace("start: 2016-03, end: 2018-12", "start: 2019-03, end: 2020-12")
    problem = yearly(tmp_path, facts)
    examination = Examination(problem, {"M4": predict_from_prior(problem, "M4", problem.match("M4"), 64)})
    assert set(examination.scored("M4", ALL, ORIGIN, "RPS")[1]) == {"Alfa", "Bravo"}
    assert set(examination.scored("M4", ALL, ORIGIN, TIME)[1]) == {"Alfa"}
    ends = examination.reach("M4", "climatology", ALL, ORIGIN, TIME)
    assert ends[0] <= ends[1]


def test_whoever_was_never_seen_before_the_test_is_not_scored(tmp_path: Path) -> None:
    facts = YEARLY.replace("start: 2016-03, end: 2018-12", "start: 2014-01, end: 2021-06")
    problem = yearly(tmp_path, facts)
    match = problem.match("M4")
    bravo = match.postures.clients.index("Bravo")
    assert match.scored[:, bravo].tolist() == [False] * 8 + [True] * 2
    assert not steps.tested_steps(match, problem)[:, bravo].any()
    matrices = np.random.default_rng(1).dirichlet(np.ones(5), size=(10, 2, 5))
    assert match.one_step(matrices)[8, bravo, 0] == pytest.approx(matrices[8, bravo, 0, 0])


def test_a_simulated_history_goes_on_in_a_gap(problem: CalibrationProblem) -> None:
    up = np.zeros((5, 1, 5, 5))
    up[..., np.arange(5), np.minimum(np.arange(5) + 1, 4)] = 1.0
    gaps = np.array([[False], [True], [True], [False], [False]])
    counted = np.array([[False], [False], [False], [True], [True]])
    path = simulate(up, np.zeros((5, 1), dtype=int), counted, np.array([4]), np.random.default_rng(1), gaps)
    assert path[[0, 3, 4], 0].tolist() == [0, 3, 4]
    ranks = simulated_ranks(problem, "M4", histories=40, points=256)
    assert min(ranks.uniformity().values()) >= 0.01


def test_what_goes_by_half_years_alone_refuses_by_name(problem: CalibrationProblem) -> None:
    draws = predict_from_prior  # never reached
    for what, call in (
        ("a forecast for later", lambda: forecast(problem, draws, "2026-01-01")),  # type: ignore[arg-type]
        ("the page", lambda: only_half_years(problem.postures, "postures", "the page on validation")),
    ):
        with pytest.raises(ExperimentError, match=f"{what}.*needs observations by half-year.*these are by year"):
            call()
    patterns = problem.plan.model_copy(update={"patterns": None})
    with pytest.raises(ExperimentError, match="names no patterns"):
        sights_of(replace(problem, plan=patterns))


LENGTHS = "expected one of 12 months, 6 months, 3 months, 1 month"
MISTAKES = {
    "every: 12 months": {
        "every: 5": f"postures.yaml:4: every: {LENGTHS}, got 5",
        "every: 5 months": f"postures.yaml:4: every: {LENGTHS}, got '5 months'",
    },
    "start: 2014-01, end: 2023-12": {
        "start: 2014-07, end: 2023-12": "span.start: expected the first month of a year, YYYY-01, got 2014-07",
        "start: 2014-01, end: 2023-06": "span.end: expected the last month of a year, YYYY-12, got 2023-06",
    },
    "start: 2016-03, end: 2018-12": {
        "start: 2016-03, end: 2016-10": "no year of the span ends from 2016-03 to 2016-10, so that nothing is left",
        "start: 2010-03, end: 2026-10": "the gaps leave no year in which 'Bravo' was seen",
        "start: 2018-03, end: 2016-10": "expected an end at or after the start 2018-03, got 2016-10",
    },
}


@pytest.mark.parametrize(("place", "written", "said"), [(k, w, s) for k, v in MISTAKES.items() for w, s in v.items()])
def test_mistakes_are_told_at_their_line(tmp_path: Path, place: str, written: str, said: str) -> None:
    path = tmp_path / "postures.yaml"
    path.write_text(YEARLY.replace(place, written), encoding="utf-8")
    with pytest.raises(ScenarioError) as caught:
        observed.load(path)
    assert said in str(caught.value)


def test_spans_of_another_length_were_not_observed(tmp_path: Path) -> None:
    with pytest.raises(ExperimentError, match="2014H1 was not observed; observations run 2014 to 2023"):
        yearly(tmp_path, plan=PLAN.replace("first: 2014,", "first: 2014H1,"))


def test_gaps_of_all_clients_and_of_one_add_up(tmp_path: Path) -> None:
    path = tmp_path / "postures.yaml"
    path.write_text(YEARLY + "gaps: [{start: 2020-01, end: 2020-12}]\n", encoding="utf-8")
    seen = code_postures(observed.load(path)).seen
    assert seen.sum(axis=0).tolist() == [6, 9]


def test_a_selection_keeps_its_gaps(problem: CalibrationProblem) -> None:
    chosen: Postures = problem.postures.select(["Alfa", "Bravo"])
    assert chosen.seen.sum(axis=0).tolist() == [10, 7]
