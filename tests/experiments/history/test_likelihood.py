"""The likelihood is what the ensemble does, one half-year after another, and only of steps that count."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from papertiger import scenarios
from papertiger.experiments.errors import ExperimentError
from papertiger.experiments.history.calibrate.likelihood import SMALLEST, Likelihood, Match, MatchError
from papertiger.experiments.history.calibrate.loader import load_problem
from papertiger.experiments.history.calibrate.problem import trained_steps
from papertiger.experiments.history.forecast.forecasting import observed_decisions
from papertiger.experiments.history.observed.ceiling import coded
from papertiger.experiments.history.observed.coding import Postures, code_postures
from papertiger.experiments.history.observed.periods import last_month
from papertiger.model.calendar import month_number
from papertiger.model.ensemble.ensemble import ensemble
from papertiger.model.ensemble.exact import EXACT, Chain
from papertiger.scenarios import Scenario, observed
from tests.experiments.history.small import OBSERVED, shipped_problem, small_problem

RUNS = 4_000


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Match:
    return small_problem(tmp_path_factory.mktemp("small")).match("M4")


def made_chain(scenario: Scenario, seed: int = 0) -> Chain:
    """Return a chain of random monthly matrices for a scenario."""
    start, end = month_number(scenario.span.start), month_number(scenario.span.end)
    months = tuple(f"{month // 12:04d}-{month % 12 + 1:02d}" for month in range(start, end + 1))
    clients = tuple(scenario.clients)
    steps = np.random.default_rng(seed).dirichlet(np.ones(5), size=(len(months), len(clients), 5))
    return Chain(months, clients, (0,) * len(clients), steps, np.zeros((len(months), len(clients), 2)))


def test_half_years_are_the_product_of_their_months(small: Match) -> None:
    chain = made_chain(small.scenario)
    matrices = small.matrices(chain)
    periods = small.postures.periods
    assert matrices.shape == (7, 2, 5, 5)
    assert not matrices[0].any()
    for row in range(1, len(periods)):
        between = chain.between(last_month(periods[row - 1]), last_month(periods[row]))
        np.testing.assert_allclose(matrices[row], between, rtol=1e-12)


def test_clients_stand_in_the_order_of_the_scenario(small: Match) -> None:
    assert small.postures.clients == ("Alfa", "Bravo")  # the file of observations has them the other way round
    assert small.columns.tolist() == [0, 1]


def test_only_steps_that_are_a_clients_own_choice_count(small: Match) -> None:
    alfa, bravo = small.scored.T.tolist()
    assert alfa == [False, True, True, True, True, True, True]
    # Bravo enters in March 2021, so the half-year of its entry is not whole; its regime falls in 2023.
    assert bravo == [False, False, False, True, True, True, False]
    steps = small.log_steps(small.matrices(made_chain(small.scenario)))
    assert (steps[~small.scored] == 0.0).all()
    assert (steps[small.scored] < 0.0).all()


def test_a_sub_state_never_counts() -> None:
    match = Match.of(scenarios.load("partners_2020", EXACT), code_postures(observed.load("partners_postures")))
    assert not match.scored[:, match.postures.clients.index("Chechnya")].any()
    entered = match.scored[:, match.postures.clients.index("Niger")]
    assert [period for period, counts in zip(match.postures.periods, entered, strict=True) if counts] == [
        "2024H2",
        "2025H1",
        "2025H2",
    ]


def test_one_step_begins_where_the_client_was_observed(small: Match) -> None:
    matrices = small.matrices(made_chain(small.scenario))
    said, posture = small.one_step(matrices), small.postures.posture
    assert not said[0].any()
    assert small.ceiling.tolist() == [2, 2], "neither has a pact, so that distancing is the last that can be seen"
    for row in range(1, 7):
        for client in range(2):
            if posture[:row, client].max() < 2:  # below the ceiling a client stands where it is seen
                near, beyond = matrices[row, client, posture[row - 1, client]], said[row, client]
                assert beyond == pytest.approx([near[0], near[1], near[2:].sum(), 0.0, 0.0])
    steps = small.log_steps(matrices)
    assert steps[1, 0] == pytest.approx(np.log(matrices[1, 0, posture[0, 0], posture[1, 0]]))


def test_without_a_ceiling_one_step_is_a_row_of_the_matrix(small: Match) -> None:
    """The likelihood of a client with a pact is what it was before the ceiling moved into the observation."""
    overrides = {f"clients.{name}.treaty": "defence_pact" for name in small.scenario.clients}
    bound = Match.of(scenarios.change(small.scenario, overrides), small.postures)
    matrices, posture = bound.matrices(made_chain(bound.scenario)), bound.postures.posture
    said = bound.one_step(matrices)
    for row in range(1, 7):
        for client_row in range(2):
            expected = matrices[row, client_row, posture[row - 1, client_row]]
            np.testing.assert_array_equal(said[row, client_row], expected)


def test_an_impossible_step_is_not_infinitely_bad(small: Match) -> None:
    never = np.zeros((7, 2, 5, 5))
    never[..., 4] = 1.0
    assert small.log_steps(never)[small.scored] == pytest.approx(np.full(9, np.log(SMALLEST)))


def test_ahead_and_lasting_are_sums_over_paths(small: Match) -> None:
    matrices, posture = small.matrices(made_chain(small.scenario)), small.postures.posture
    ahead, lasting = small.ahead(matrices, 2), small.lasting(matrices, 2)
    assert not ahead[:3].any()
    for client in range(2):
        here = int(posture[2, client])
        assert posture[:3, client].max() < 2, "so that it is known where it stands"
        first, second = matrices[3, client], matrices[4, client]
        beyond = sum(first[here, middle] * second[middle, end] for middle in range(5) for end in (2, 3, 4))
        for end in range(2):
            paths = sum(first[here, middle] * second[middle, end] for middle in range(5))
            assert ahead[4, client, end] == pytest.approx(paths)
        assert ahead[4, client, 2:] == pytest.approx([beyond, 0.0, 0.0])
        assert lasting[2, client] == 1.0
        assert lasting[4, client] == pytest.approx(first[here, here] * second[here, here])
    np.testing.assert_allclose(ahead[3:].sum(axis=2), 1.0)
    np.testing.assert_allclose(ahead[3], small.one_step(matrices)[3])


def test_a_match_that_does_not_fit_is_refused(small: Match) -> None:
    postures = small.postures
    with pytest.raises(MatchError, match="has no client Zulu, which was observed"):
        Match.of(small.scenario, replace(postures, clients=("Alfa", "Zulu")))
    later = tuple(f"{int(period[:4]) + 3}{period[4:]}" for period in postures.periods)
    with pytest.raises(MatchError, match="2023-06 to 2026-06 reach beyond world, which runs 2020-01 to 2023-12"):
        Match.of(small.scenario, replace(postures, periods=later))


@pytest.fixture(scope="module")
def shipped() -> Likelihood:
    """Return the base network; exact, as every nested model is."""
    scenario = scenarios.load("partners_2020", EXACT)
    return Likelihood(Match.of(scenario, code_postures(observed.load("partners_postures"))))


def frequencies(match: Match, kept: Postures) -> tuple[np.ndarray, np.ndarray]:
    """Return frequencies of postures and of staying, when clients are held at some observed postures until then."""
    scenario = match.scenario
    made = ensemble(scenario, RUNS, seed=3, keep="postures", decisions=observed_decisions(scenario, kept))
    start = month_number(scenario.span.start)
    ends = [month_number(last_month(period)) - start for period in match.postures.periods]
    postures = coded(made.path("postures")[:, ends][:, :, match.columns], match.ceiling)
    origin = len(kept.periods) - 1
    stayed = np.logical_and.accumulate(postures[:, origin:] == postures[:, origin : origin + 1], axis=1).mean(axis=0)
    return (postures[..., None] == np.arange(5)).mean(axis=0), stayed


def near(exact: np.ndarray, seen: np.ndarray) -> bool:
    """Tell whether shares lie within six standard errors; the floor keeps one run in a rare cell from counting."""
    return bool((np.abs(exact - seen) < 6 * np.sqrt(np.maximum(exact * (1 - exact), 1e-3) / RUNS)).all())


@pytest.mark.parametrize("origin", ["2021H2", "2023H2"])
def test_forecasts_are_the_frequencies_of_the_ensemble(shipped: Likelihood, origin: str) -> None:
    match = shipped.match
    row, whole = match.postures.period(origin), match.postures
    kept = Postures(
        whole.clients,
        whole.periods[: row + 1],
        whole.posture[: row + 1],
        whole.regime_lost[: row + 1],
        whole.scored[: row + 1],
    )
    shares, stayed = frequencies(match, kept)
    matrices = shipped.matrices({})
    choosing = ~whole.regime_lost[row + 1 :]  # after a regime loss in the file the ensemble has a successor, too
    counted = choosing & ~np.isin(whole.clients, ["Chechnya"])[None]
    assert near(match.ahead(matrices, row)[row + 1 :][counted], shares[row + 1 :][counted])
    assert near(match.lasting(matrices, row)[row + 1 :][counted], stayed[1:][counted])
    assert near(match.one_step(matrices)[row + 1][counted[0]], shares[row + 1][counted[0]])


def test_a_parameter_set_is_that_of_an_override(shipped: Likelihood) -> None:
    match = shipped.match
    values = {"parameters.choice_noise": 0.035, "parameters.switching_cost": 0.1}
    other = Likelihood(Match.of(scenarios.change(match.scenario, dict(values)), match.postures))
    np.testing.assert_array_equal(shipped.log_steps(values), other.log_steps({}))
    assert (shipped.log_steps(values) != shipped.log_steps({})).any()


@pytest.mark.slow
def test_the_curve_of_the_anchoring_is_what_its_reason_says(shipped: Likelihood) -> None:
    """The log-likelihood of the training, other constants at their defaults, by how far levels are taken out."""
    problem = shipped_problem()
    counted = trained_steps(shipped.match, problem)
    why = str(problem.scenario.parameters.anchoring.why)
    said = {float(at): float(value) for value, at in re.findall(r"(-\d+\.\d) at (\d(?:\.\d+)?)", why)}
    assert list(said) == [0.0, 0.25, 0.5, 0.75, 1.0]
    for anchoring, value in said.items():
        steps = shipped.log_steps({"parameters.anchoring": anchoring})
        assert float(steps[counted].sum()) == pytest.approx(value, abs=0.06)


def test_a_rule_without_a_ceiling_lets_clients_without_a_pact_be_seen_anywhere(small: Match) -> None:
    free = replace(small, postures=replace(small.postures, capped=False))
    assert free.ceiling.tolist() == [4, 4]
    matrices, posture = free.matrices(made_chain(free.scenario)), free.postures.posture
    assert free.one_step(matrices)[3, 0] == pytest.approx(matrices[3, 0, posture[2, 0]])
    assert (free.in_sight, small.in_sight) == (True, False)
    np.testing.assert_allclose(free.log_rows(made_chain(free.scenario)), free.log_steps(matrices), rtol=1e-12)


def test_what_the_rule_could_not_have_coded_is_refused(tmp_path: Path) -> None:
    """Such a step has no chance whatever the constants, so that a fit would only weigh how often it happens."""
    beyond = OBSERVED.replace("suspended: [{pact: 2}]", "suspended: [{stance: 1}]")
    small_problem(tmp_path)
    (tmp_path / "postures.yaml").write_text(beyond, encoding="utf-8")
    with pytest.raises(ExperimentError, match=r"was seen beyond distancing in 2021H1, and .* 'ceiling' says"):
        load_problem(tmp_path / "trial.yaml")
    (tmp_path / "postures.yaml").write_text(beyond.replace("rule:", "rule:\n  ceiling: none"), encoding="utf-8")
    assert load_problem(tmp_path / "trial.yaml").match("M4").ceiling.tolist() == [4, 4]
