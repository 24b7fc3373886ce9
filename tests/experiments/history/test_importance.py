"""Importance sampling from the prior against posteriors and evidences that are known in closed form."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from papertiger.experiments.history.calibrate import importance
from papertiger.scenarios.schema.figures import Distribution

NORMAL = Distribution(normal=(1.0, 0.5))
SEEN, NOISE = np.array([1.9, 1.4, 2.2]), 0.7
BETA = Distribution(beta=(2.0, 3.0))
HEADS, TAILS = 9, 4


def normal_posterior() -> tuple[float, float, float]:
    """Return mean and deviation of a normal mean after normal data, and the log evidence."""
    precision = 1 / 0.5**2 + len(SEEN) / NOISE**2
    mean = (1.0 / 0.5**2 + SEEN.sum() / NOISE**2) / precision
    spread = np.eye(len(SEEN)) * NOISE**2 + 0.5**2
    evidence = stats.multivariate_normal(np.full(len(SEEN), 1.0), spread).logpdf(SEEN)
    return float(mean), float(precision**-0.5), float(evidence)


def log_normal(values: np.ndarray) -> np.ndarray:
    return np.asarray(stats.norm.logpdf(SEEN[None, :], values, NOISE)).sum(axis=1)


def sequences(prior: Distribution, count: int, points: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    values = np.concatenate([importance.prior_points([prior], points, seed, number) for number in range(count)])
    return values, np.repeat(np.arange(count), points)


def test_points_follow_the_prior_and_their_key() -> None:
    priors = [Distribution(uniform=(2.0, 4.0)), Distribution(loguniform=(0.1, 10.0)), NORMAL]
    points = importance.prior_points(priors, 1024, 3, 0)
    assert points.shape == (1024, 3)
    assert np.array_equal(points, importance.prior_points(priors, 1024, 3, 0))
    assert not np.isin(points[:, 0], importance.prior_points(priors, 1024, 3, 1)[:, 0]).any()
    assert not np.isin(points[:, 0], importance.prior_points(priors, 1024, 4, 0)[:, 0]).any()
    for column, law in enumerate((stats.uniform(2, 2), stats.loguniform(0.1, 10), stats.norm(1.0, 0.5))):
        # A randomised Sobol sequence fills each of 1024 equal bins once, so it lies nearer than random points do.
        assert stats.kstest(points[:, column], law.cdf).statistic < 2 / 1024


def test_a_normal_mean_is_learned_as_in_closed_form() -> None:
    mean, deviation, log_evidence = normal_posterior()
    values, sequence = sequences(NORMAL, 8, 256, seed=5)
    log = log_normal(values)
    found = importance.evidence(log, sequence)
    assert found.log == pytest.approx(log_evidence, abs=4 * found.error)
    assert found.error < 0.01
    weight = importance.weights(log)
    assert weight.sum() == pytest.approx(1.0)
    assert importance.moments(values[:, 0], weight) == pytest.approx((mean, deviation), rel=0.01)
    levels = (0.05, 0.5, 0.95)
    expected = stats.norm(mean, deviation).ppf(levels)
    assert importance.quantiles(values[:, 0], weight, levels) == pytest.approx(expected, abs=0.01)


def test_a_share_is_learned_as_in_closed_form() -> None:
    values, sequence = sequences(BETA, 4, 256, seed=2)
    log = HEADS * np.log(values[:, 0]) + TAILS * np.log1p(-values[:, 0])
    exact = stats.beta(2 + HEADS, 3 + TAILS)
    weight = importance.weights(log)
    assert importance.moments(values[:, 0], weight) == pytest.approx((exact.mean(), exact.std()), rel=0.01)
    from scipy.special import betaln

    assert importance.evidence(log, sequence).log == pytest.approx(betaln(11, 7) - betaln(2, 3), abs=0.01)


def test_the_effective_number_is_that_of_the_likelihood() -> None:
    """Uniform points of which a share p has likelihood 1 and the rest 0 count as p of all."""
    values, sequence = sequences(Distribution(uniform=(0.0, 1.0)), 2, 512, seed=1)
    inside = np.where(values[:, 0] < 0.25, 0.0, -np.inf)
    assert importance.evidence(inside, sequence).effective == pytest.approx(256, abs=2)
    assert importance.effective(importance.weights(inside)) == pytest.approx(256, abs=2)
    assert importance.effective(np.full(7, 3.0)) == pytest.approx(7)
    # In closed form for a normal likelihood: (E L)² / E L², with L² a normal likelihood of half the variance.
    values, sequence = sequences(NORMAL, 8, 512, seed=9)
    log = np.asarray(stats.norm.logpdf(2.0, values[:, 0], NOISE))
    first = stats.norm.pdf(2.0, 1.0, np.hypot(NOISE, 0.5)) ** 2
    second = stats.norm.pdf(2.0, 1.0, np.hypot(NOISE / 2**0.5, 0.5)) / (2 * np.pi**0.5 * NOISE)
    assert importance.evidence(log, sequence).effective == pytest.approx(4096 * first / second, rel=0.01)


def test_the_standard_error_of_the_evidence_covers() -> None:
    """Student's interval over eight sequences holds the truth about as often as it says."""
    truth = normal_posterior()[2]
    inside = 0
    for seed in range(60):
        values, sequence = sequences(NORMAL, 8, 64, seed)
        found = importance.evidence(log_normal(values), sequence)
        inside += abs(found.log - truth) <= stats.t(7).ppf(0.95) * found.error
    assert stats.binomtest(inside, 60, 0.9).pvalue > 0.001
    assert np.isnan(importance.evidence(np.zeros(4), np.zeros(4, dtype=int)).error)


def test_a_constant_beside_the_likelihood_only_moves_the_evidence() -> None:
    values, sequence = sequences(NORMAL, 2, 64, seed=0)
    log = log_normal(values)
    far = importance.evidence(log - 5_000.0, sequence)
    near = importance.evidence(log, sequence)
    assert far.log == pytest.approx(near.log - 5_000.0)
    assert far.error == pytest.approx(near.error)
    np.testing.assert_allclose(importance.weights(log - 5_000.0), importance.weights(log), rtol=1e-9)


@settings(deadline=None, max_examples=60)
@given(st.lists(st.floats(0.0, 1.0), min_size=1, max_size=30), st.integers(1, 200), st.floats(0.0, 0.999))
def test_resampling_takes_each_point_as_often_as_its_weight_asks(
    parts: list[float], count: int, start: float
) -> None:
    raw = np.array(parts) + 1e-3
    weight = raw / raw.sum()
    taken = importance.resample(weight, count, start)
    assert len(taken) == count
    assert (np.diff(taken) >= 0).all()
    times = np.bincount(taken, minlength=len(weight))
    assert (np.abs(times - count * weight) < 1 + 1e-6).all()


def test_quantiles_are_points_and_begin_with_the_first_that_reaches() -> None:
    values, weight = np.array([3.0, 1.0, 2.0]), np.array([0.2, 0.5, 0.3])
    assert importance.quantiles(values, weight, (0.0, 0.4, 0.6, 0.9, 1.0)).tolist() == [1.0, 1.0, 2.0, 3.0, 3.0]


def test_the_error_of_the_evidence_is_that_of_the_mean_of_sequences() -> None:
    """Two sequences with mean likelihoods 1 and 3: their mean is 2, its standard error 1, that of its log 1/2."""
    logs = np.log(np.array([0.5, 1.5, 2.0, 4.0]))
    found = importance.evidence(logs, np.array([0, 0, 1, 1]))
    assert found.log == pytest.approx(np.log(2.0))
    assert found.error == pytest.approx(0.5)
