"""Whether there are enough replicates and points."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from SALib.sample import sobol as sobol_design
from scipy import stats

from papertiger.experiments.statistics.arguments import AnalysisError
from papertiger.experiments.statistics.convergence import enough, indices_by_size, running_interval
from tests.experiments.statistics.known import ISHIGAMI_ST, ishigami, ishigami_bounds


def test_the_running_interval_is_students() -> None:
    values = np.random.default_rng(1).normal(1e6, 1.0, 50)
    found = running_interval(values)
    assert found["n"].tolist() == list(range(2, 51))
    for n in (2, 17, 50):
        row = found[found["n"] == n].iloc[0]
        error = values[:n].std(ddof=1) / math.sqrt(n)
        low, high = stats.t.interval(0.95, n - 1, loc=values[:n].mean(), scale=error)
        assert (row["low"], row["high"]) == pytest.approx((low, high), rel=1e-9)


def test_many_replicates_are_thinned_to_the_last() -> None:
    found = running_interval(np.random.default_rng(2).normal(size=100_000))
    assert len(found) <= 200
    assert found["n"].iloc[-1] == 100_000
    assert found["n"].is_monotonic_increasing


def test_shares_never_become_certain() -> None:
    found = running_interval(np.zeros(100))
    assert found["mean"].iloc[-1] == 0.0
    assert 0.03 < found["high"].iloc[-1] < 0.06
    assert found["low"].iloc[-1] == 0.0
    assert not enough(np.zeros(20), 0.01).enough
    assert enough(np.zeros(2_000), 0.01).enough


def test_enough_and_how_many_are_needed() -> None:
    values = np.random.default_rng(3).normal(0.0, 1.0, 400)
    verdict = enough(values, 0.05)
    assert not verdict.enough
    assert verdict.needed == pytest.approx((1.96 * values.std(ddof=1) / 0.05) ** 2, rel=0.01)
    more = np.random.default_rng(4).normal(0.0, 1.0, round(1.2 * verdict.needed))
    assert enough(more, 0.05).enough
    assert enough(np.full(5, 7.0), 0.1).enough


@given(st.lists(st.floats(-1e3, 1e3, width=32), min_size=3, max_size=40), st.floats(0.01, 100.0))
@settings(max_examples=60)
def test_what_is_needed_agrees_with_what_is_enough(values: list[float], tolerance: float) -> None:
    verdict = enough(values, tolerance)
    assert verdict.enough == (verdict.half_width <= tolerance)
    assert verdict.enough == (verdict.needed <= verdict.n)
    last = running_interval(values).iloc[-1]
    if min(values) == max(values) and values[0] not in (0.0, 1.0):  # shares have an interval of their own
        assert math.isnan(last["low"])
        assert math.isnan(last["high"])
        return
    assert last["low"] <= last["mean"] <= last["high"]


def test_values_that_differ_by_rounding_alone_have_no_interval() -> None:
    intervals = running_interval([0.3, 0.1 + 0.2, 0.3, 0.3, 0.7])
    assert intervals["low"].isna().tolist() == intervals["high"].isna().tolist() == [True, True, True, False]


@given(st.lists(st.booleans(), min_size=2, max_size=60))
@settings(max_examples=60)
def test_intervals_of_shares_hold_them(values: list[bool]) -> None:
    found = running_interval(values)
    assert (found["low"] <= found["mean"] + 1e-12).all()
    assert (found["mean"] <= found["high"] + 1e-12).all()
    assert found["low"].between(0, 1).all()
    assert found["high"].between(0, 1).all()


def test_missing_replicates_are_left_out() -> None:
    assert enough([1.0, math.nan, 2.0], 0.1).n == 2
    with pytest.raises(AnalysisError, match="at least 2 replicates, got 1"):
        running_interval([1.0, math.nan])
    with pytest.raises(ValueError, match="tolerance above 0"):
        enough([1.0, 2.0], 0.0)


def test_indices_settle_as_the_design_grows() -> None:
    names = ["x1", "x2", "x3"]
    problem = {"num_vars": 3, "names": names, "bounds": ishigami_bounds()}
    points = sobol_design.sample(problem, 1024, calc_second_order=False, seed=1)
    found = indices_by_size(names, ishigami(points))
    assert found["n"].unique().tolist() == [5 * 2**power for power in range(4, 11)]
    width = found[found["factor"] == "x3"].set_index("n")["ST_conf"]
    assert width.iloc[-1] < 0.5 * width.iloc[0]
    last = found[found["n"] == 5_120].set_index("factor")["ST"]
    for name in names:
        assert last[name] == pytest.approx(ISHIGAMI_ST[name], abs=0.05)


def test_a_small_design_and_one_that_moves_late() -> None:
    values = np.zeros(64 * 4)
    values[-40:] = np.random.default_rng(5).random(40)
    assert indices_by_size(["a", "b"], values)["n"].unique().tolist() == [256]
    with pytest.raises(AnalysisError, match="no Sobol design"):
        indices_by_size(["a", "b"], values[-4:])
