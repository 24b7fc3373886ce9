"""Patterns of a history are what their titles say, and learning by them can be gone on with."""

from __future__ import annotations

import builtins
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from papertiger.experiments.errors import ExperimentError, FolderError
from papertiger.experiments.history.calibrate import abc
from papertiger.experiments.history.calibrate.abc import Simulator, learn
from papertiger.experiments.history.calibrate.plan import Patterns
from papertiger.experiments.history.calibrate.posterior import Posterior, posterior_of
from papertiger.experiments.history.calibrate.problem import CalibrationProblem
from papertiger.experiments.history.observed.patterns import TITLES, Sights, sights_of
from tests.experiments.history.small import PLAN, shipped_problem, small_problem
from tests.papertiger.conftest import Command, papertiger  # noqa: F401 - a fixture

WHOSE = Patterns(
    free=("contagion",), mover="A", hedger="B", loyal=("C",), votes="x", item="x", fall="2021H2", population=10
)
PERIODS = ("2020H1", "2020H2", "2021H1", "2021H2", "2022H1", "2022H2")


@pytest.fixture(scope="module")
def problem() -> CalibrationProblem:
    found = shipped_problem()
    assert found.plan.patterns is not None
    return with_patterns(found, population=20, generations=1)


@pytest.fixture(scope="module")
def exact(problem: CalibrationProblem) -> Posterior:
    return posterior_of(problem, "M4")


def with_patterns(problem: CalibrationProblem, **changes: Any) -> CalibrationProblem:
    assert problem.plan.patterns is not None
    patterns = problem.plan.patterns.model_copy(update=changes)
    return replace(problem, plan=problem.plan.model_copy(update={"patterns": patterns}))


def sights() -> Sights:
    counted = np.ones((6, 3), dtype=bool)
    counted[0] = False
    return Sights(("A", "B", "C"), PERIODS, WHOSE, counted, (0, 1, 2), (1, 3, 5), 0)


def test_patterns_of_a_made_up_history() -> None:
    posture = np.array([[0, 0, 0], [0, 0, 0], [0, 1, 0], [1, 1, 0], [2, 1, 0], [2, 1, 1]])
    found = sights().of(posture)
    assert list(found) == list(TITLES)
    assert found["first step"] == pytest.approx(3 / 5)
    assert found["second step"] == pytest.approx(4 / 5)
    assert found["hedging"] == pytest.approx(4 / 6)
    assert found["loyal"] == pytest.approx(5 / 6)
    assert found["changes"] == pytest.approx(4 / 15)
    # Two of three leave from the end of 2020 to that of 2021, then the last one.
    assert found["fall of No votes"] == pytest.approx(2 / 3 - 1)
    assert sights().of(np.zeros((6, 3), dtype=int))["first step"] == pytest.approx(6 / 5)  # never


def test_votes_take_the_place_of_postures_where_they_are_known() -> None:
    votes = np.array([[True, True, False], [False, True, False], [False, True, True]])
    assert sights().of(np.zeros((6, 3), dtype=int), votes)["fall of No votes"] == pytest.approx(1 / 2)


def test_the_observed_patterns_are_those_of_the_files(problem: CalibrationProblem) -> None:
    found, seen = sights_of(problem)
    assert found.periods == tuple(f"{year}H{half}" for year in (2020, 2021, 2022, 2023) for half in (1, 2))
    assert seen["loyal"] == 1.0
    assert seen["hedging"] == 4 / 8  # from 2022H1 to 2023H2
    assert (seen["first step"], seen["second step"]) == (5 / 7, 1.0)
    assert seen["changes"] == pytest.approx(4 / found.counted.sum())
    assert seen["fall of No votes"] > 0.2
    assert {found.periods[year] for year in found.years} == {"2020H2", "2021H2", "2022H2", "2023H2"}


@pytest.mark.slow
def test_a_simulated_history_is_its_run_and_its_parameters(problem: CalibrationProblem, exact: Posterior) -> None:
    simulator = Simulator(problem, exact)
    still = dict.fromkeys(simulator.paths, 0.0)
    one = simulator.patterns(still, 5)
    assert one == simulator.patterns(still, 5)
    assert {tuple(simulator.patterns(still, run).values()) for run in range(6)} != {tuple(one.values())}
    middle = simulator.values_of(dict.fromkeys(("budget_feedback", "contagion", "covert_start"), 0.5))
    assert middle["parameters.contagion"] == pytest.approx(0.75)


@pytest.mark.slow
def test_what_does_not_fit_is_told(problem: CalibrationProblem, exact: Posterior, tmp_path: Path) -> None:
    with pytest.raises(ExperimentError, match="this calibration names no patterns"):
        Simulator(small_problem(tmp_path, PLAN), exact)
    for changes, said in (
        ({"mover": "Armenai"}, "no client Armenai was observed"),
        ({"fall": "2022H1"}, "expected a half-year with votes on crimea human rights"),
        ({"item": "nothing"}, "expected a half-year with votes on nothing"),
        ({"free": ("contagoin",)}, "no parameter contagoin with a prior"),
        ({"free": ("ladder_needs_pact",)}, "no parameter ladder_needs_pact with a prior"),
    ):
        with pytest.raises(ExperimentError, match=said):
            Simulator(with_patterns(problem, **changes), exact)


def test_without_the_extra_it_says_how_to_get_it(
    papertiger: Command,  # noqa: F811
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    real = builtins.__import__

    def without(name: str, *rest: Any, **others: Any) -> Any:
        if name == "pyabc":
            raise ImportError(name)
        return real(name, *rest, **others)

    monkeypatch.setattr(builtins, "__import__", without)
    answer = papertiger("calibrate", "--abc")
    assert answer.code == 2
    assert answer.error == f"this needs the optional package pyabc; install it with: {abc.INSTALL}\n"
    assert not (tmp_path / "results").exists()
    refused = papertiger("calibrate", "--abc", "--points", "64")
    assert (refused.code, refused.error[:10]) == (2, "--points: ")


@pytest.mark.slow
def test_generations_go_on_where_they_stopped(problem: CalibrationProblem, exact: Posterior, tmp_path: Path) -> None:
    pytest.importorskip("pyabc")
    state = np.random.get_state()[1].copy()
    first = learn(problem, exact, tmp_path / "one")
    again = learn(problem, exact, tmp_path / "two")
    assert (np.random.get_state()[1] == state).all()  # nobody else's luck is moved
    np.testing.assert_array_equal(first.values, again.values)
    assert first.weight.sum() == pytest.approx(1.0)
    assert learn(problem, exact, tmp_path / "one").simulations == first.simulations  # nothing is done twice
    longer = learn(with_patterns(problem, generations=2), exact, tmp_path / "one")
    assert (longer.generations, len(longer.values)) == (2, 20)
    assert longer.simulations > first.simulations
    assert longer.distance < first.distance
    for row, prior in zip(longer.summary(), longer.priors, strict=True):
        low, high = prior.uniform or (0.0, 0.0)
        assert low <= float(str(row["q05"])) <= float(str(row["q95"])) <= high
    assert [row["pattern"] for row in longer.compared()] == list(TITLES)
    with pytest.raises(FolderError, match="holds what another calibration learned"):
        learn(with_patterns(problem, population=30), exact, tmp_path / "one")
    fewer = learn(with_patterns(problem, population=12), exact, tmp_path / "one", fresh=True)
    assert len(fewer.values) == 12
