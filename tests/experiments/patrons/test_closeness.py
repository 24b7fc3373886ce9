"""Closeness: the filter against one large normal distribution, and what ridge regression recovers."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from scipy.stats import multivariate_normal

from papertiger.experiments.patrons.closeness_problem import closeness_problem, ridge, trailing_mean
from papertiger.experiments.patrons.filtering import Filter, Scales, StateSpace
from papertiger.experiments.patrons.panel import load_panel
from tests.experiments.patrons.made_up import plan_with, write_panel

SCALES = Scales(0.8, (0.7, 0.5, 0.3), 0.4, 0.5, 0.6, 0.7, (0.4, 0.3, 0.2), (0.5, 0.6, 0.4))


def covariance(space: StateSpace, years: int) -> np.ndarray:
    """Return the covariance of all readings of a dyad, year by year, without any filter."""
    states = [space.first]
    for _ in range(years - 1):
        states.append(space.transition @ states[-1] @ space.transition.T + space.shocks)
    n = len(space.noise)
    whole = np.zeros((years * n, years * n))
    for early in range(years):
        across = states[early]
        for late in range(early, years):
            block = space.readings @ across @ space.readings.T
            whole[late * n : late * n + n, early * n : early * n + n] = block
            whole[early * n : early * n + n, late * n : late * n + n] = block.T
            across = space.transition @ across
    return whole + np.diag(np.tile(space.noise, years))


def test_the_filter_is_a_direct_multivariate_normal_with_gaps() -> None:
    rng = np.random.default_rng(1)
    space = StateSpace.of(SCALES, 3)
    seen = rng.random((3, 7, 3)) < 0.6
    readings = rng.standard_normal((3, 7, 3))
    filtered = Filter.of(space, seen)
    white = filtered.whiten(readings[..., None])[:, 0]
    by_filter = -0.5 * (float(white @ white) + filtered.log_determinant() + white.size * np.log(2 * np.pi))
    whole = covariance(space, 7)
    direct = 0.0
    for dyad in range(3):
        where = seen[dyad].ravel()
        direct += multivariate_normal(cov=whole[np.ix_(where, where)]).logpdf(readings[dyad].ravel()[where])
    assert by_filter == pytest.approx(direct, abs=1e-8)


def test_scales_come_back_from_numbers_without_bounds() -> None:
    again = Scales.bound(SCALES.free(), 3)
    assert again.free() == pytest.approx(SCALES.free())
    assert again.loadings == pytest.approx(SCALES.loadings)
    assert again.offsets == pytest.approx(SCALES.offsets)


def test_a_mean_over_a_window_is_one() -> None:
    assert trailing_mean(np.array([[3.0, 0.0, 3.0, 6.0]]), 3)[0] == pytest.approx([1.0, 1.0, 2.0, 3.0])


def test_ridge_evidence_is_that_of_a_normal_distribution() -> None:
    rng = np.random.default_rng(5)
    rows, y, sd = rng.standard_normal((9, 2)), rng.standard_normal(9), np.array([0.5, 2.0])
    found = ridge(rows.T @ rows, rows.T @ y, float(y @ y), np.zeros(2), sd, (0.1, 0.1))
    direct = multivariate_normal(cov=np.eye(9) + rows @ np.diag(sd**2) @ rows.T).logpdf(y)
    assert found.evidence - 4.5 * np.log(2 * np.pi) == pytest.approx(direct)


def test_an_effect_that_is_there_is_found_and_one_that_is_not_is_none(tmp_path: Path) -> None:
    files = plan_with()
    panel = load_panel(write_panel(tmp_path, clients=12, closeness={"mid_patron": -0.8}), files.plan)
    problem = closeness_problem(
        files.plan, panel, Scales(0.9, (0.7, 0.6, 0.3), 0.5, 0.35, 0.5, 0.8, (0.4,) * 3, (0.5,) * 3)
    )
    design = problem.design(["coercion"])
    found = problem.fit(design, np.ones(problem.y.size, dtype=bool))
    of = {one.name: (found.mean[i], np.sqrt(found.cov[i, i])) for i, one in enumerate(design.pool.columns)}
    mean, spread = of["mid_patron words"]
    assert mean + 3.0 * spread < 0.0
    mean, spread = of["sanction_onset words"]
    assert abs(mean) < 3.0 * spread
