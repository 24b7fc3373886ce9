"""Scores of forecast shares and the likelihood of observed ones, against results by hand."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import norm, t

from papertiger.experiments.history.ties.likelihood import ErrorGrid, error_grids, log_density, log_means
from papertiger.experiments.history.ties.plan import ReadingError
from papertiger.experiments.history.ties.scores import crps, gain, median

SHARE = st.floats(0, 1)


def crps_of(share: float, centre: float, spread: float) -> float:
    return crps(share, np.array([centre]), np.array([spread]))


def test_crps_of_a_normal_far_from_both_ends_is_the_closed_form() -> None:
    """Gneiting & Raftery 2007, equation 21."""
    z = (0.55 - 0.5) / 0.05
    expected = 0.05 * (z * (2 * norm.cdf(z) - 1) + 2 * norm.pdf(z) - 1 / math.sqrt(math.pi))
    assert crps_of(0.55, 0.5, 0.05) == pytest.approx(expected, rel=1e-4)


@given(share=SHARE, centre=SHARE)
def test_crps_without_spread_is_the_absolute_error(share: float, centre: float) -> None:
    assert crps_of(share, centre, 1e-9) == pytest.approx(abs(share - centre), abs=3e-3)


def test_what_lies_beyond_an_end_counts_as_the_end() -> None:
    assert crps_of(1.0, 5.0, 0.1) == pytest.approx(0.0, abs=1e-12)
    assert crps_of(0.0, 5.0, 0.1) == pytest.approx(1.0, abs=1e-12)
    assert median(np.array([5.0]), np.array([0.1])) == 1.0
    assert median(np.array([-5.0]), np.array([0.1])) == 0.0


def test_crps_is_proper() -> None:
    """Who says what they hold expects the least loss."""
    rng = np.random.default_rng(1)
    came = np.clip(0.7 + 0.3 * rng.standard_normal(300), 0, 1)

    def expected(centre: float, spread: float) -> float:
        return float(np.mean([crps_of(share, centre, spread) for share in came]))

    honest = expected(0.7, 0.3)
    assert honest < min(expected(0.5, 0.3), expected(0.9, 0.3), expected(0.7, 0.1), expected(0.7, 0.8))


def test_the_median_of_a_mixture() -> None:
    assert median(np.array([0.2, 0.4, 0.9]), np.full(3, 1e-6)) == pytest.approx(0.4, abs=1e-5)
    assert median(np.array([0.3]), np.array([0.4])) == pytest.approx(0.3, abs=1e-9)


def test_gain_counts_each_client_once_with_students_interval() -> None:
    """Clients gain .1 and .3, one of them in two years."""
    loss, reference = np.array([0.2, 0.2, 0.1]), np.array([0.25, 0.35, 0.4])
    found = gain(loss, reference, np.array([0, 0, 7]), seed=1)
    assert found.gain == pytest.approx(0.2)
    assert found.clients == 2
    half = t.ppf(0.975, 1) * 0.1
    assert found.low == pytest.approx(0.2 - half)
    assert found.high == pytest.approx(0.2 + half)
    assert not found.clear
    assert found.coverage == pytest.approx(0.5, abs=0.03), "both drawn alike leave no spread, and miss"


def test_gain_of_one_client_has_no_interval() -> None:
    found = gain(np.array([0.1]), np.array([0.3]), np.array([2]), seed=1)
    assert found.gain == pytest.approx(0.2)
    assert math.isnan(found.low)
    assert not found.clear


def test_the_simulated_coverage_of_even_differences_is_near_its_aim() -> None:
    rng = np.random.default_rng(3)
    found = gain(np.zeros(40), rng.standard_normal(40), np.arange(40), seed=1)
    assert 0.92 < found.coverage < 0.97


@given(share=st.one_of(st.just(0.0), st.just(1.0), SHARE), centre=st.floats(-0.5, 1.5), spread=st.floats(0.05, 1))
def test_likelihood_is_a_density_inside_and_a_probability_at_the_ends(
    share: float, centre: float, spread: float
) -> None:
    found = float(log_density(np.array(share), np.array(centre), np.array(spread)))
    if share == 0.0:
        expected = norm.logcdf(0.0, centre, spread)
    elif share == 1.0:
        expected = norm.logsf(1.0, centre, spread)
    else:
        expected = norm.logpdf(share, centre, spread)
    assert found == pytest.approx(float(expected), rel=1e-9, abs=1e-9)


def test_the_likelihood_of_all_shares_adds_up_to_one() -> None:
    inside = np.linspace(0, 1, 4001)[1:-1]
    total = np.trapezoid(np.exp(log_density(inside, np.array(0.8), np.array(0.3))), inside)
    ends = np.exp(log_density(np.array([0.0, 1.0]), np.array(0.8), np.array(0.3))).sum()
    assert total + ends == pytest.approx(1.0, abs=1e-3)


def test_error_grids_lie_evenly_in_the_logarithm_and_fall_by_band() -> None:
    error = ReadingError(arms=(0.1, 1.0), per_band=(0.25, 1.0), economy=(0.01, 0.1))
    arms, economy = error_grids(error)
    spreads = np.unique(arms.spread)
    assert np.diff(np.log(spreads)) == pytest.approx(math.log(10) / len(spreads))
    assert (arms.per_band < 1).all()
    assert len(arms.spread) == len(spreads) ** 2
    assert (economy.per_band == 1).all()
    one = ErrorGrid(np.array([0.4]), np.array([0.5]))
    assert one.of(np.array([0, 1, 2])) == pytest.approx(np.array([[0.4, 0.2, 0.1]]))


def test_the_mean_over_the_grid_is_of_likelihoods_and_not_of_logs() -> None:
    assert log_means(np.log(np.array([[0.2, 0.4], [1.0, 1.0]]))) == pytest.approx(np.log([0.3, 1.0]))
