"""Posteriors of simulated histories hold the parameters that these were made with, as often as they say."""

from __future__ import annotations

import io

import numpy as np
import pytest
from PIL import Image
from scipy.stats import binomtest

from papertiger.experiments.figures import sbc as figures
from papertiger.experiments.figures import style
from papertiger.experiments.history.calibrate.problem import CalibrationProblem
from papertiger.experiments.history.calibrate.sbc import Ranks, simulate, simulated_ranks
from tests.experiments.history.small import shipped_problem

LEAST_P = 0.01


@pytest.fixture(scope="module")
def problem() -> CalibrationProblem:
    return shipped_problem()


@pytest.fixture(scope="module")
def few(problem: CalibrationProblem) -> Ranks:
    return simulated_ranks(problem, "M4", histories=60, points=512)


def covers(ranks: Ranks) -> bool:
    """Tell whether intervals of 90 % hold the truth as often as that, for every parameter."""
    count = len(ranks.rank)
    shares = ranks.coverage().values()
    return all(binomtest(round(share * count), count, 0.9).pvalue >= LEAST_P for share in shares)


@pytest.mark.slow
def test_true_values_lie_anywhere_in_their_posteriors(few: Ranks) -> None:
    assert few.rank.shape == (60, 5)
    assert min(few.uniformity().values()) >= LEAST_P
    assert covers(few)


@pytest.mark.slow
def test_known_parameters_are_recovered_where_the_data_inform(few: Ranks) -> None:
    rows = {str(row["parameter"]): row for row in few.rows()}
    noise = rows["choice_noise"]
    assert few.moved[few.paths.index("parameters.choice_noise")] > 0.2
    assert float(str(noise["correlation"])) > 0.4
    assert (few.moved > -0.05).all()


@pytest.mark.slow
def test_a_posterior_that_is_too_sure_of_itself_is_noticed(problem: CalibrationProblem) -> None:
    found = simulated_ranks(problem, "M4", histories=60, points=512, sharpened=8.0)
    assert found.uniformity()["parameters.choice_noise"] < LEAST_P
    assert not covers(found)


def test_the_same_seed_gives_the_same_ranks(problem: CalibrationProblem) -> None:
    told: list[tuple[int, int]] = []
    one, other = (simulated_ranks(problem, "M1", histories=3, points=64, progress=lambda *now: told.append(now))
                  for _ in range(2))  # fmt: skip
    np.testing.assert_array_equal(one.rank, other.rank)
    assert told[66] == (67, 67)


def test_only_steps_that_count_are_simulated() -> None:
    rng = np.random.default_rng(1)
    observed = np.zeros((4, 2), dtype=np.int64)
    up = np.zeros((4, 2, 5, 5))
    up[..., np.arange(5), np.minimum(np.arange(5) + 1, 4)] = 1.0
    counted = np.array([[False, False], [True, False], [True, True], [False, True]])
    free = np.array([4, 4])
    assert simulate(up, observed, counted, free, rng).T.tolist() == [[0, 1, 2, 0], [0, 0, 1, 2]]
    even = np.full((2, 20_000, 5, 5), [0.1, 0.2, 0.3, 0.4, 0.0])
    start = np.zeros((2, 20_000), dtype=np.int64)
    every = np.ones(start.shape, dtype=bool)
    drawn = simulate(even, start, every, np.full(20_000, 4), rng)[1]
    shares = np.bincount(drawn, minlength=5) / 20_000
    assert shares == pytest.approx([0.1, 0.2, 0.3, 0.4, 0.0], abs=0.015)


def test_a_simulated_history_is_coded_up_to_the_ceiling_and_goes_on_beyond_it() -> None:
    """Up a rung each half-year and back to the start from the last: coded 0 1 2 2 2 0, not stuck at the ceiling."""
    rng = np.random.default_rng(1)
    turn = np.zeros((6, 2, 5, 5))
    turn[..., np.arange(5), np.array([1, 2, 3, 4, 0])] = 1.0
    observed = np.zeros((6, 2), dtype=np.int64)
    counted = np.array([[False] * 2] + [[True] * 2] * 5)
    path = simulate(turn, observed, counted, np.array([2, 4]), rng)
    assert path.T.tolist() == [[0, 1, 2, 2, 2, 0], [0, 1, 2, 3, 4, 0]]


@pytest.mark.slow
def test_the_figure_is_the_same_bytes_each_time(few: Ranks) -> None:
    first, second = io.BytesIO(), io.BytesIO()
    for stream in (first, second):
        style.save(figures.ranks([few], {"choice_noise": "noise"}, "A title", "A subtitle", "made up"), stream)
    assert first.getvalue() == second.getvalue()
    assert Image.open(first).size[0] == 1500


@pytest.mark.slow
@pytest.mark.parametrize("model", ["M1", "M4"])
def test_ranks_are_uniform_over_three_hundred_histories(problem: CalibrationProblem, model: str) -> None:
    found = simulated_ranks(problem, model)
    assert min(found.uniformity().values()) >= LEAST_P
    assert covers(found)
    assert np.median(found.effective) > 100
