"""PRIM finds what was planted, and says so where there is nothing."""

from __future__ import annotations

import sys

import numpy as np
import pandas as pd
import pytest

from papertiger.experiments.statistics.arguments import AnalysisError
from papertiger.experiments.statistics.discovery import prim
from tests.tables import cell, rows_of

pytestmark = pytest.mark.xdist_group("prim")  # one process imports the EMA Workbench, which takes seconds


def cloud(n: int = 800, seed: int = 1) -> pd.DataFrame:
    return pd.DataFrame(np.random.default_rng(seed).random((n, 4)), columns=["burden", "scenario", "weight", "idle"])


def planted(factors: pd.DataFrame) -> pd.Series:
    # A factor may have any name, also one that the algorithm would take for its own.
    return (factors["burden"] > 0.6) & (factors["scenario"] < 0.4)


def test_a_planted_box_is_found() -> None:
    factors = cloud()
    found = prim(factors, planted(factors)).set_index("factor")
    assert list(found.index) == ["burden", "scenario"]
    assert found.loc["burden", "low"] == pytest.approx(0.6, abs=0.03)
    assert cell(found, "burden", "high") == cell(found, "burden", "highest")
    assert found.loc["scenario", "high"] == pytest.approx(0.4, abs=0.03)
    assert cell(found, "scenario", "low") == cell(found, "scenario", "lowest")
    assert (found["coverage"] > 0.9).all()
    assert (found["density"] > 0.9).all()
    assert (found["quasi_p_low"].dropna() < 1e-6).all()
    assert np.isnan(cell(found, "burden", "quasi_p_high"))
    assert found["base_rate"].iloc[0] == pytest.approx(planted(factors).mean())
    assert found["mass"].iloc[0] == pytest.approx(found["base_rate"].iloc[0], abs=0.03)


def test_numbers_are_those_of_the_box() -> None:
    factors = cloud(seed=2)
    outcome = planted(factors) | (np.random.default_rng(2).random(len(factors)) < 0.05)
    found = prim(factors, outcome)
    inside = np.ones(len(factors), dtype=bool)
    for row in rows_of(found):
        inside &= factors[row.factor].between(row.low, row.high).to_numpy()
    assert found["density"].iloc[0] == pytest.approx(outcome[inside].mean())
    assert found["coverage"].iloc[0] == pytest.approx(outcome[inside].sum() / outcome.sum())
    assert found["mass"].iloc[0] == pytest.approx(inside.mean())


def test_two_boxes_one_after_the_other() -> None:
    factors = cloud(1_500, seed=3)
    outcome = (factors["burden"] > 0.75) | (factors["weight"] < 0.15)
    found = prim(factors, outcome, boxes=2)
    assert found["box"].tolist() == [1, 2]
    assert set(found["factor"]) == {"burden", "weight"}


def test_levels_of_a_grid() -> None:
    grid = pd.DataFrame([(a, b, c) for a in range(5) for b in range(5) for c in range(4)], columns=["a", "b", "c"])
    found = prim(grid, (grid["a"] >= 3) & (grid["b"] <= 1)).set_index("factor")
    assert 2 < cell(found, "a", "low") <= 3
    assert 1 <= cell(found, "b", "high") < 2
    assert found["density"].iloc[0] == 1.0


def test_the_order_of_points_does_not_matter() -> None:
    factors = cloud(200, seed=4)
    mixed = factors.sample(frac=1.0, random_state=5)
    pd.testing.assert_frame_equal(prim(factors, planted(factors)), prim(mixed, planted(mixed)))


def test_noise_has_no_box() -> None:
    factors = cloud(600, seed=6)
    found = prim(factors, np.random.default_rng(7).random(600) < 0.3)
    assert len(found) == 0 or found["density"].iloc[0] < 0.6


def test_what_has_no_region() -> None:
    factors = cloud(50)
    with pytest.raises(AnalysisError, match="at every point"):
        prim(factors, np.ones(50))
    with pytest.raises(AnalysisError, match="at no point"):
        prim(factors, np.zeros(50))
    with pytest.raises(AnalysisError, match="each of 50 points"):
        prim(factors, np.zeros(49))
    with pytest.raises(AnalysisError, match="missing"):
        prim(factors.where(factors > 0.1), planted(factors))
    with pytest.raises(AnalysisError, match="no factor varies"):
        prim(pd.DataFrame({"a": np.ones(50)}), np.arange(50) < 20)


def test_without_its_package_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "ema_workbench.analysis.prim", None)
    points = pd.DataFrame({"a": np.linspace(0.0, 1.0, 50)})
    with pytest.raises(AnalysisError, match=r"not installed: pip install 'papertiger\[discovery\]'"):
        prim(points, points["a"].to_numpy() > 0.5)
