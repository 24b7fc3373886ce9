"""Breaks: the likelihood's derivatives, the mode, and what pooling recovers."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.optimize import approx_fprime, minimize

from papertiger.experiments.patrons.breaks import fit, fit_given, log_likelihood, log_scores
from papertiger.experiments.patrons.pooling import Column, Fit, Pool, Rows
from tests.experiments.patrons.made_up import plan_with

PLAN = plan_with().plan.breaks


def test_slope_and_curvature_are_those_of_finite_differences() -> None:
    rng = np.random.default_rng(1)
    eta, y = rng.normal(-2.0, 1.5, 12), (rng.random(12) < 0.4).astype(float)
    _, slope, curve = log_likelihood(eta, y)

    def value(at: np.ndarray) -> float:
        return log_likelihood(at, y)[0]

    assert slope == pytest.approx(approx_fprime(eta, value, 1e-6), abs=1e-4)
    ahead = log_likelihood(eta + 1e-5, y)[1]
    assert curve == pytest.approx((slope - ahead) / 1e-5, rel=1e-3, abs=1e-5)
    assert (curve > 0.0).all()


def test_chance_of_a_break_is_that_of_the_models_hazard() -> None:
    value, _, _ = log_likelihood(np.array([-3.0, -3.0]), np.array([1.0, 0.0]))
    chance = -np.expm1(-np.exp(-3.0))
    assert value == pytest.approx(np.log(chance) + np.log1p(-chance))


def test_mode_is_where_a_general_search_ends() -> None:
    rng = np.random.default_rng(2)
    rows = np.column_stack([np.ones(400), rng.random((400, 2)) < 0.2]).astype(float)
    y = (rng.random(400) < -np.expm1(-np.exp(rows @ np.array([-3.0, 1.0, 0.0])))).astype(float)
    mean, sd = np.array([-4.0, 0.0, 0.0]), np.array([1.5, 1.0, 1.0])
    found = fit_given(Rows.plain(rows), y, mean, sd, (0.1, 0.1), mean)

    def loss(at: np.ndarray) -> float:
        return -log_likelihood(rows @ at, y)[0] + 0.5 * float((((at - mean) / sd) ** 2).sum())

    searched = minimize(loss, mean, method="BFGS")
    assert found.mean == pytest.approx(searched.x, abs=1e-3)


def test_evidence_is_that_of_a_grid() -> None:
    y = np.array([1.0] * 4 + [0.0] * 60)
    found = fit_given(
        Rows.plain(np.ones((64, 1))), y, np.array([-3.0]), np.array([1.0]), (0.1, 0.1), np.array([-3.0])
    )
    grid = np.linspace(-8.0, 2.0, 4001)
    density = [log_likelihood(np.full(64, at), y)[0] - 0.5 * (at + 3.0) ** 2 - 0.5 * np.log(2 * np.pi) for at in grid]
    assert found.evidence == pytest.approx(np.log(np.exp(density).sum() * (grid[1] - grid[0])), abs=0.02)


def test_scores_average_over_the_posterior() -> None:
    fitted = Fit(np.array([-2.0]), np.array([[0.5]]), 0.0, (0.1, 0.1))
    draws = np.random.default_rng(3).normal(-2.0, np.sqrt(0.5), 200_000)
    chance = -np.expm1(-np.exp(draws)).mean()
    scores = log_scores(fitted, Rows.plain(np.ones((2, 1))), np.array([1.0, 0.0]))
    assert scores == pytest.approx([np.log(chance), np.log1p(-chance)], abs=3e-3)


def test_a_pooled_fit_recovers_the_shared_effect_and_each_patrons() -> None:
    rng = np.random.default_rng(4)
    patron = np.repeat(np.arange(5), 4000)
    event = (rng.random(patron.size) < 0.2).astype(float)
    effects = 1.0 + np.array([-0.6, -0.3, 0.0, 0.3, 0.6])
    y = (rng.random(patron.size) < -np.expm1(-np.exp(-4.0 + effects[patron] * event))).astype(float)
    pool = Pool((Column("rate", "intercept"), Column("event", "event")), 5, PLAN)
    found = fit(Rows.of(pool, np.column_stack([np.ones(y.size), event]), patron), y, pool)
    spread = np.sqrt(np.diag(found.cov))
    assert abs(found.mean[1] - 1.0) < 2.5 * spread[1]
    own = [found.mean[list(pool.of_patron(1, place))].sum() for place in range(5)]
    assert np.corrcoef(own, effects)[0, 1] > 0.7
    assert found.scales[1] > 0.05, "patrons differ, and the data must say so"
