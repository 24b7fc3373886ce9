"""Sensitivity through the same path as a sweep: known indices, known orders, and clear errors."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from SALib.sample import morris as morris_design
from SALib.sample import sobol as sobol_design

from papertiger.experiments.statistics.arguments import AnalysisError
from papertiger.experiments.statistics.sensitivity import main_effects, morris, one_at_a_time, sobol, sobol_pairs
from papertiger.experiments.statistics.sweep import Sweep, sweep
from tests.experiments.statistics.known import (
    ISHIGAMI_S1,
    ISHIGAMI_ST,
    Numbers,
    g_first_order,
    g_function,
    ishigami,
    ishigami_bounds,
    results,
)
from tests.tables import cell


def problem(bounds: list[list[float]]) -> dict[str, object]:
    return {"num_vars": len(bounds), "names": [f"x{i + 1}" for i in range(len(bounds))], "bounds": bounds}


def ishigami_sweep(blocks: int = 1024, *, second_order: bool = False, replicates: int = 2) -> Sweep:
    points = sobol_design.sample(problem(ishigami_bounds()), blocks, calc_second_order=second_order, seed=1)
    rows = results(points, ishigami, replicates=replicates)
    return sweep(rows.sample(frac=1.0, random_state=1), "y")


def test_ishigami_has_its_analytic_indices() -> None:
    found = ishigami_sweep()
    indices = sobol(found.factors, found.values).set_index("factor")
    assert list(indices.columns) == ["S1", "S1_conf", "ST", "ST_conf"]
    for factor in found.factors:
        row = indices.loc[factor]
        assert abs(row["S1"] - ISHIGAMI_S1[factor]) <= row["S1_conf"]
        assert abs(row["ST"] - ISHIGAMI_ST[factor]) <= row["ST_conf"]
        assert row["ST_conf"] < 0.1


def test_ishigami_has_one_interaction() -> None:
    found = ishigami_sweep(second_order=True, replicates=1)
    pairs = sobol_pairs(found.factors, found.values)
    assert pairs[["factor", "other"]].to_numpy().tolist() == [["x1", "x2"], ["x1", "x3"], ["x2", "x3"]]
    assert (pairs["S2"] - [0.0, ISHIGAMI_ST["x3"], 0.0]).abs().le(pairs["S2_conf"]).all()
    one = sobol(found.factors, found.values, second_order=True).set_index("factor")
    assert abs(cell(one, "x1", "S1") - ISHIGAMI_S1["x1"]) <= cell(one, "x1", "S1_conf")


def test_intervals_hang_on_the_seed_and_on_nothing_else() -> None:
    found = ishigami_sweep(64)
    np.random.seed(1)
    first = sobol(found.factors, found.values, seed=0)
    pd.testing.assert_frame_equal(first, sobol(found.factors, found.values, seed=0), check_exact=True)
    assert not first.equals(sobol(found.factors, found.values, seed=1))


def test_g_function() -> None:
    points = sobol_design.sample(problem([[0.0, 1.0]] * 5), 1024, calc_second_order=False, seed=2)
    found = sweep(results(points, g_function), "y")
    indices = sobol(found.factors, found.values)
    assert (indices["S1"] - g_first_order()).abs().le(indices["S1_conf"] + 0.01).all()
    assert indices["ST"].is_monotonic_decreasing


def test_morris_orders_the_factors_of_the_g_function() -> None:
    points = morris_design.sample(problem([[0.0, 1.0]] * 5), 60, num_levels=4, seed=3)
    found = sweep(results(points, g_function), "y")
    effects = morris(found.factors, found.points, found.values, levels=4)
    assert list(effects.columns) == ["factor", "mu", "mu_star", "mu_star_conf", "sigma"]
    assert effects["mu_star"].is_monotonic_decreasing
    assert (effects["mu"].abs() <= effects["mu_star"] + 1e-12).all()
    again = morris(found.factors, found.points, found.values, levels=4)
    pd.testing.assert_frame_equal(effects, again, check_exact=True)


def test_morris_of_a_line_is_its_slopes() -> None:
    points = morris_design.sample(problem([[0.0, 10.0]] * 3), 10, num_levels=4, seed=4)
    found = morris(["a", "b", "c"], points, points @ np.array([1.0, -2.0, 0.0]))
    assert found["mu"].to_numpy() == pytest.approx([10.0, -20.0, 0.0])
    assert found["mu_star"].to_numpy() == pytest.approx([10.0, 20.0, 0.0])
    assert found["sigma"].to_numpy() == pytest.approx(0.0, abs=1e-9)


def test_a_constant_measure_has_no_indices() -> None:
    for value in (0.0, 0.3):
        with pytest.raises(AnalysisError, match=f"is {value:g} at every point"):
            sobol(["a", "b"], np.full(64, value))
    with pytest.raises(AnalysisError, match="no factor moves it"):
        sobol(["a", "b"], 0.1 + 1e-17 * np.arange(64))


def test_a_missing_value_is_named() -> None:
    values = np.arange(64.0)
    values[[7, 9]] = np.nan
    with pytest.raises(AnalysisError, match="2 of 64 points have no value, the first is point 7"):
        sobol(["a", "b"], values)


def test_a_design_that_does_not_fit_is_refused() -> None:
    with pytest.raises(AnalysisError, match="expected a multiple of 4"):
        sobol(["a", "b"], np.arange(63.0))
    with pytest.raises(AnalysisError, match="at least 8"):
        sobol(["a", "b"], np.arange(4.0))
    points = np.random.default_rng(1).random((9, 2))
    with pytest.raises(AnalysisError, match="each step of a trajectory moves one factor"):
        morris(["a", "b"], points, np.arange(9.0))
    with pytest.raises(AnalysisError, match="expected a multiple of 3"):
        morris(["a", "b"], points[:8], np.arange(8.0))
    with pytest.raises(AnalysisError, match="8 points of 2 factors"):
        morris(["a", "b"], points, np.arange(8.0))
    with pytest.raises(AnalysisError, match="one value for each point"):
        sobol(["a", "b"], np.ones((4, 2)))


def rows_of(points: list[list[float]], replicates: int = 3) -> pd.DataFrame:
    return results(np.array(points), lambda x: x @ np.array([1.0, 2.0]), replicates=replicates)


SQUARE = [[0.0, 0.0], [1.0, 0.0], [0.0, 1.0], [1.0, 1.0]]


def test_a_sweep_is_the_mean_over_replicates() -> None:
    found = sweep(rows_of(SQUARE), "y")
    assert found.factors == ("x1", "x2")
    assert found.points.tolist() == SQUARE
    assert found.values.tolist() == pytest.approx([0.0, 1.0, 2.0, 3.0])
    assert found.replicates == 3
    # What a replicate adds to all points alike is no noise between them.
    assert found.noise_share == pytest.approx(0.0, abs=1e-12)


def test_the_share_of_luck() -> None:
    rng = np.random.default_rng(5)
    points = rng.random((400, 2))

    def lucky(replicates: int) -> float:
        rows = results(points, lambda x: x[:, 0], replicates=replicates)
        rows["y"] += rng.normal(0.0, 0.5, len(rows))
        return sweep(rows, "y").noise_share

    assert lucky(4) == pytest.approx((0.25 / 4) / (1 / 12 + 0.25 / 4), abs=0.08)
    assert lucky(64) == pytest.approx((0.25 / 64) / (1 / 12 + 0.25 / 64), abs=0.02)


def test_holes_in_a_sweep_are_named() -> None:
    rows = rows_of(SQUARE)
    with pytest.raises(AnalysisError, match="1 of 4 design points have no results, the first is point 2"):
        sweep(rows[rows["point"] != 2], "y")
    failed = rows.copy()
    failed.loc[(failed["point"] == 1) & (failed["replicate"] == 2), "y"] = np.nan
    with pytest.raises(AnalysisError, match=r"missing in 1 of 12 runs, the first is replicate 2 of point 1"):
        sweep(failed, "y")
    with pytest.raises(AnalysisError, match="missing in 1 of 12 runs"):
        sweep(rows[(rows["point"] != 1) | (rows["replicate"] != 2)], "y")
    with pytest.raises(AnalysisError, match="no measure 'z'"):
        sweep(rows, "z")
    with pytest.raises(AnalysisError, match="nothing was varied"):
        sweep(rows.drop(columns=["x:x1", "x:x2"]), "y")
    with pytest.raises(AnalysisError, match="appears twice"):
        sweep(pd.concat([rows, rows]), "y")
    with pytest.raises(AnalysisError, match="3 of 4 design points have no results, the first is point 0"):
        sweep(rows[rows["point"] == 3], "y")


def test_a_sweep_takes_one_scenario() -> None:
    rows = pd.concat([rows_of(SQUARE), rows_of(SQUARE).assign(scenario="twin", y=7.0)])
    with pytest.raises(AnalysisError, match="name one of the scenarios base, twin"):
        sweep(rows, "y")
    with pytest.raises(AnalysisError, match="no scenario 'other'"):
        sweep(rows, "y", "other")
    assert sweep(rows, "y", "twin").values.tolist() == [7.0] * 4


def test_one_at_a_time() -> None:
    found = one_at_a_time(rows_of([[0.0, 0.0], [1.0, 0.0], [2.0, 0.0], [0.0, 1.0]]), "y")
    assert found[["factor", "value"]].to_numpy().tolist() == [["x1", 1.0], ["x1", 2.0], ["x2", 1.0]]
    assert found["effect"].tolist() == pytest.approx([1.0, 2.0, 2.0])
    # The luck of a replicate is the same at both points, so nothing is left of it.
    assert found["low"].isna().all()
    assert (found["alike"] < 1.0).all()
    with pytest.raises(AnalysisError, match="point 3 moves 2 factors"):
        one_at_a_time(rows_of(SQUARE), "y")
    with pytest.raises(AnalysisError, match="base point 9"):
        one_at_a_time(rows_of(SQUARE), "y", base=9)


def test_main_effects_of_a_grid() -> None:
    found = main_effects(rows_of(SQUARE), "y")
    assert found[["factor", "value"]].to_numpy().tolist() == [["x1", 0.0], ["x1", 1.0], ["x2", 0.0], ["x2", 1.0]]
    assert found["effect"].tolist() == pytest.approx([-0.5, 0.5, -1.0, 1.0])
    assert found["mean"].tolist() == pytest.approx([1.0, 2.0, 0.5, 2.5])


def test_known_indices_are_those_of_the_function() -> None:
    """Check the analytic values by brute force, so that the tests above do not rest on a table alone."""
    rng = np.random.default_rng(6)
    x: Numbers = rng.uniform(-np.pi, np.pi, (400_000, 3))
    other: Numbers = rng.uniform(-np.pi, np.pi, (400_000, 3))
    y, total = ishigami(x), ishigami(x).var()
    for index, name in enumerate(ISHIGAMI_S1):
        mixed = other.copy()
        mixed[:, index] = x[:, index]
        assert np.mean(y * (ishigami(mixed) - ishigami(other))) / total == pytest.approx(ISHIGAMI_S1[name], abs=0.02)


def test_a_time_to_an_event_is_analysed_as_a_restricted_mean_or_not_at_all() -> None:
    rows = rows_of(SQUARE).assign(y=10.0)
    rows["y:event"] = ((rows["x:x1"] == 1.0) & (rows["replicate"] > 0)).astype(int)
    for analysis in (sweep, main_effects, one_at_a_time):
        with pytest.raises(AnalysisError, match="'y' is a time to an event that may not happen .* give the horizon"):
            analysis(rows, "y")
    # Of three replicates one is watched for ten months without the event, which is no time of ten months.
    assert sweep(rows, "y", horizon=40).values.tolist() == [40.0, 20.0, 40.0, 20.0]
    assert main_effects(rows, "y", horizon=40)["effect"].tolist() == pytest.approx([10.0, -10.0, 0.0, 0.0])
    steps = one_at_a_time(rows[rows["point"] < 3], "y", horizon=40)
    assert steps["effect"].tolist() == pytest.approx([-20.0, 0.0])
