"""Paired differences: exact answers, intervals, and what may not change them."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from scipy import stats

from papertiger.experiments.statistics.intervals import max_differing_share
from papertiger.experiments.statistics.paired import paired_difference

PAIRS = st.lists(
    st.tuples(
        st.integers(-4, 4) | st.floats(-1e3, 1e3, width=32), st.integers(-4, 4) | st.floats(-1e3, 1e3, width=32)
    ),
    min_size=2,
    max_size=30,
)


def two(pairs: list[tuple[float, float]]) -> tuple[list[float], list[float]]:
    return [a for a, _ in pairs], [b for _, b in pairs]


def test_a_scenario_against_itself_has_no_difference() -> None:
    values = np.random.default_rng(1).normal(size=50)
    found = paired_difference(values, values)
    assert (found.difference, found.effect_size, found.changed) == (0.0, 0.0, 0.0)
    assert math.isnan(found.low)
    assert math.isnan(found.high)
    assert found.alike == pytest.approx(1.0 - max_differing_share(50))
    assert found.verdict == "no difference"
    assert found.variance_saved == 1.0


def test_known_answer() -> None:
    found = paired_difference([0, 0, 1, 1], [1, 1, 1, 3])
    assert (found.mean_a, found.mean_b, found.difference, found.n, found.changed) == (0.5, 1.5, 1.0, 4, 0.75)
    differences = np.array([1.0, 1.0, 0.0, 2.0])
    assert found.effect_size == pytest.approx(1.0 / differences.std(ddof=1))
    assert found.variance_saved == pytest.approx(1.0 - (2 / 3) / (1 / 3 + 1.0))


def test_shares_of_what_happened() -> None:
    happened = np.arange(200) < 60
    fewer = np.arange(200) < 36
    found = paired_difference(happened, fewer)
    assert found.difference == pytest.approx(-0.12)
    assert found.low < -0.12 < found.high < 0.0
    assert found.verdict == "lower"
    assert found.changed == 0.12
    # The standard error of the difference of paired shares, McNemar 1947.
    error = math.sqrt((0.12 - 0.12**2) / 200)
    assert found.high - found.low == pytest.approx(2 * 1.96 * error, rel=0.1)


@pytest.mark.parametrize(
    ("runs", "verdict"), [(2, "no clear difference"), (4, "no clear difference"), (5, "higher"), (300, "higher")]
)
@pytest.mark.parametrize("step", [1.0, 1 / 17])
def test_what_always_differs_by_the_same_has_no_interval_but_an_exact_bound(
    runs: int, verdict: str, step: float
) -> None:
    before = np.arange(runs) / 17  # so that the steps differ in their last digits
    found = paired_difference(before, before + step)
    assert found.difference == pytest.approx(step)
    assert math.isnan(found.low)
    assert math.isnan(found.high)
    assert found.alike == pytest.approx(0.05 ** (1 / runs))
    assert found.effect_size == math.inf
    assert found.verdict == verdict
    mirror = paired_difference(before + step, before)
    assert mirror.verdict == {"higher": "lower"}.get(verdict, verdict)


def test_what_does_not_vary_saves_no_variance() -> None:
    assert math.isnan(paired_difference([0, 0], [1, 1]).variance_saved)


def test_it_is_the_interval_of_scipy() -> None:
    rng = np.random.default_rng(3)
    a, b = rng.exponential(size=300), rng.exponential(size=300) * 1.3
    mine = paired_difference(a, b, resamples=20_000)
    theirs = stats.bootstrap((b - a,), np.mean, n_resamples=20_000, method="BCa", rng=rng).confidence_interval
    assert (mine.low, mine.high) == pytest.approx((theirs.low, theirs.high), abs=0.01)


def test_many_distinct_values_and_few_are_resampled_alike() -> None:
    rng = np.random.default_rng(4)
    few = np.round(rng.normal(size=2_000), 1)
    many = few + rng.uniform(-1e-9, 1e-9, size=2_000)
    zero = np.zeros(2_000)
    one, other = (paired_difference(zero, values, resamples=8_000) for values in (few, many))
    assert (one.low, one.high) == pytest.approx((other.low, other.high), abs=0.003)


def test_very_many_values_are_resampled_in_groups() -> None:
    rng = np.random.default_rng(12)
    values = rng.exponential(size=100_003)
    found = paired_difference(np.zeros(len(values)), values)
    error = values.std() / math.sqrt(len(values))
    assert found.low == pytest.approx(values.mean() - 1.96 * error, abs=0.15 * error)
    assert found.high == pytest.approx(values.mean() + 1.96 * error, abs=0.15 * error)
    assert paired_difference(np.zeros(len(values)), rng.permutation(values)) == found


def test_missing_pairs_are_left_out_and_counted() -> None:
    found = paired_difference([1.0, math.nan, 2.0, 3.0], [2.0, 1.0, math.nan, 5.0])
    assert (found.n, found.dropped, found.difference) == (2, 2, 1.5)


def test_clusters_are_resampled_as_one() -> None:
    rng = np.random.default_rng(5)
    shared = np.repeat(rng.normal(size=40), 25)
    a, b = np.zeros(1_000), shared + 0.01 * rng.normal(size=1_000)
    alone = paired_difference(a, b)
    together = paired_difference(a, b, cluster=np.repeat(np.arange(40), 25))
    assert together.n == 40
    assert together.difference == pytest.approx(alone.difference)
    assert together.high - together.low > 3 * (alone.high - alone.low)
    mixed = rng.permutation(1_000)
    assert paired_difference(a[mixed], b[mixed], cluster=np.repeat(np.arange(40), 25)[mixed]) == together


@pytest.mark.parametrize(
    ("a", "b", "message"),
    [
        ([1.0], [2.0], "at least 2 pairs"),
        ([1.0, math.nan], [2.0, 1.0], "at least 2 pairs with both outcomes, got 1"),
        ([1.0, 2.0], [2.0], "same length"),
        ([1.0, math.inf], [2.0, 2.0], "infinite"),
    ],
)
def test_what_cannot_be_compared(a: list[float], b: list[float], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        paired_difference(a, b)


def test_other_bad_arguments() -> None:
    with pytest.raises(ValueError, match="level"):
        paired_difference([1, 2], [2, 4], level=1.0)
    with pytest.raises(ValueError, match="a cluster for each of 2"):
        paired_difference([1, 2], [2, 4], cluster=[1])


def test_none_of_n() -> None:
    assert max_differing_share(300) == pytest.approx(3 / 300, rel=0.01)
    assert max_differing_share(1) == pytest.approx(0.95)


@given(PAIRS)
@settings(max_examples=60)
def test_the_interval_holds_its_estimate(pairs: list[tuple[float, float]]) -> None:
    found = paired_difference(*two(pairs), resamples=200)
    if found.alike is not None:
        assert math.isnan(found.low)
        assert math.isnan(found.high)
        return
    assert found.low <= found.difference <= found.high
    assert found.low < found.high


@given(PAIRS, st.randoms())
@settings(max_examples=60)
def test_the_order_of_the_runs_does_not_matter(pairs: list[tuple[float, float]], random: object) -> None:
    before = paired_difference(*two(pairs), resamples=200)
    random.shuffle(pairs)  # type: ignore[attr-defined]
    after = paired_difference(*two(pairs), resamples=200)
    assert repr(before) == repr(after)


@given(PAIRS)
@settings(max_examples=60)
def test_changing_places_changes_the_sign_and_nothing_else(pairs: list[tuple[float, float]]) -> None:
    a, b = two(pairs)
    assume(a != b)
    one, other = paired_difference(a, b, resamples=200), paired_difference(b, a, resamples=200)
    assert other.difference == -one.difference
    assert (other.low, other.high) == pytest.approx((-one.high, -one.low), rel=0, abs=0, nan_ok=True)
    assert other.alike == one.alike
    assert other.effect_size == pytest.approx(-one.effect_size)
    opposite = {"higher": "lower", "lower": "higher"}
    assert other.verdict == opposite.get(one.verdict, one.verdict)


@given(PAIRS)
@settings(max_examples=30)
def test_an_outcome_against_itself(pairs: list[tuple[float, float]]) -> None:
    a, _ = two(pairs)
    found = paired_difference(a, a)
    assert (found.difference, found.verdict) == (0.0, "no difference")
    assert found.alike == pytest.approx(1.0 - max_differing_share(len(pairs)))


def test_the_same_bytes_again_and_other_bytes_with_another_seed() -> None:
    rng = np.random.default_rng(6)
    a, b = rng.normal(size=(2, 500))
    assert repr(paired_difference(a, b, seed=7)) == repr(paired_difference(a, b, seed=7))
    other = paired_difference(a, b, seed=8)
    assert replace(other, seed=7) != paired_difference(a, b, seed=7)
    assert other.difference == paired_difference(a, b, seed=7).difference


def coverage(samples: int, n: int, rng: np.random.Generator) -> tuple[float, float]:
    """Return how often the intervals hold a known mean: of a skewed outcome, and of a difference of shares."""
    skewed = shares = 0
    for number in range(samples):
        values = rng.exponential(size=n)
        found = paired_difference(np.zeros(n), values, seed=number, resamples=600)
        skewed += found.low <= 1.0 <= found.high
        luck = rng.random(n)
        found = paired_difference(luck < 0.4, luck < 0.25, seed=number, resamples=600)
        shares += found.low <= -0.15 <= found.high
    return skewed / samples, shares / samples


def test_intervals_cover_about_as_often_as_they_say() -> None:
    for share in coverage(150, 100, np.random.default_rng(9)):
        assert 0.88 <= share <= 0.99


@pytest.mark.slow
def test_intervals_cover_as_often_as_they_say() -> None:
    # Four standard errors of 4,000 samples are 1.4 points; BCa of a mean of 200 skewed values misses a little more.
    for share in coverage(4_000, 200, np.random.default_rng(10)):
        assert 0.93 <= share <= 0.964


def test_adjusted_intervals_hold_for_all_comparisons_at_once() -> None:
    from papertiger.experiments.statistics.intervals import adjusted

    rng = np.random.default_rng(5)
    count, trials, together = 20, 300, 0
    for _ in range(trials):
        estimates = rng.normal(0.0, 1.0, count)
        ends = [adjusted(one, one - 1.959964, one + 1.959964, count) for one in estimates]
        together += all(low <= 0.0 <= high for low, high in ends)
    assert 0.91 < together / trials < 0.985
    assert adjusted(1.0, 0.5, 2.5, 1) == pytest.approx((0.5, 2.5))
    low, high = adjusted(1.0, 0.5, 2.5, 8)
    assert (high - 1.0) / (1.0 - low) == pytest.approx(3.0)  # it is as skewed as the plain one
