"""Scores agree with an independent library and with closed forms, and reward honesty."""

from __future__ import annotations

import importlib
import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from papertiger.experiments.history.evaluate.scores import (
    FLOOR,
    brier,
    logarithmic,
    publishable,
    ranked_probability,
    time_to_event,
)

Numbers = NDArray[np.float64]
Score = Callable[[Numbers, NDArray[np.int64]], Numbers]
CATEGORICAL: dict[str, Score] = {"ranked": ranked_probability, "brier": brier, "log": logarithmic}
POSTURES = 5
FORECASTS = np.random.default_rng(5).dirichlet(np.ones(POSTURES), size=200)
OUTCOMES = np.random.default_rng(6).integers(0, POSTURES, size=200)


@st.composite
def probabilities(draw: st.DrawFn, count: int = POSTURES) -> Numbers:
    weights = draw(st.lists(st.floats(0.001, 1.0), min_size=count, max_size=count))
    return np.asarray(weights) / sum(weights)


def expected(score: Score, belief: Numbers, said: Numbers) -> float:
    """Return the score that somebody who believes `belief` expects of saying `said`."""
    outcomes = np.arange(len(belief))
    return float(belief @ score(np.tile(said, (len(belief), 1)), outcomes))


@pytest.fixture(scope="module")
def scoringrules() -> Any:
    """Import the library where it is used: it compiles for seconds."""
    return importlib.import_module("scoringrules")


@pytest.mark.slow  # the package compiles itself when it is first used
def test_ranked_probability_is_that_of_scoringrules(scoringrules: Any) -> None:
    theirs = scoringrules.rps_score(OUTCOMES + 1, FORECASTS) / (POSTURES - 1)
    assert ranked_probability(FORECASTS, OUTCOMES) == pytest.approx(theirs, abs=1e-12)


@pytest.mark.slow  # the package compiles itself when it is first used
def test_brier_is_that_of_scoringrules(scoringrules: Any) -> None:
    came = np.eye(POSTURES)[OUTCOMES]
    theirs = scoringrules.brier_score(came, FORECASTS).sum(axis=-1)
    assert brier(FORECASTS, OUTCOMES) == pytest.approx(theirs, abs=1e-12)


@pytest.mark.slow  # the package compiles itself when it is first used
def test_logarithmic_is_that_of_scoringrules(scoringrules: Any) -> None:
    two = FORECASTS[:, :2] / FORECASTS[:, :2].sum(axis=1, keepdims=True)
    came = OUTCOMES % 2
    theirs = scoringrules.log_score(came, two[:, 1])
    assert logarithmic(two, came) == pytest.approx(theirs, abs=1e-12)


@pytest.mark.slow  # the package compiles itself when it is first used
def test_time_to_event_is_the_crps_of_scoringrules(scoringrules: Any) -> None:
    steps, random = 8, np.random.default_rng(7)
    weights = random.dirichlet(np.ones(steps + 1), size=100)  # the last one: later than all steps
    times = random.integers(1, steps + 2, size=100)
    members = np.tile(np.arange(1.0, steps + 2), (100, 1))
    theirs = scoringrules.crps_ensemble(times.astype(float), members, ens_w=weights, estimator="nrg")
    mine = time_to_event(np.cumsum(weights, axis=1)[:, :steps], times, np.full(100, steps))
    assert mine == pytest.approx(theirs, abs=1e-9)


def test_closed_forms() -> None:
    sure = np.array([0.0, 1.0, 0.0, 0.0, 0.0])
    even = np.full(POSTURES, 0.2)
    assert ranked_probability(sure, 4).item() == 3 / 4
    assert ranked_probability(even, 0).item() == pytest.approx((0.64 + 0.36 + 0.16 + 0.04) / 4)
    assert brier(sure, 4).item() == 2.0
    assert brier(even, 3).item() == pytest.approx(0.8)
    assert logarithmic(even, 3).item() == pytest.approx(math.log(5))
    assert logarithmic(sure, 2).item() == math.inf
    assert time_to_event(np.full(8, 0.25), 9, 8).item() == pytest.approx(8 / 16)
    assert time_to_event([0.0, 1.0, 1.0], 2, 3).item() == 0.0
    # A constant hazard q, and an event that never comes: the sum over k of (1 - (1-q)^k)^2.
    q, k = 0.1, np.arange(1, 9)
    assert time_to_event(1 - (1 - q) ** k, 9, 8).item() == pytest.approx(float(((1 - (1 - q) ** k) ** 2).sum()))


def test_watching_ends() -> None:
    by = np.linspace(0.1, 0.8, 8)
    assert time_to_event(by, 99, 0).item() == 0.0
    assert time_to_event(by, 99, 3).item() == pytest.approx(0.01 + 0.04 + 0.09)
    # An event seen before the end of watching is scored over the steps watched, and no longer.
    assert time_to_event(by, 2, 3).item() == pytest.approx(0.01 + 0.64 + 0.49)
    assert time_to_event(by, 2, 99).item() == time_to_event(by, 2, 8).item()
    assert time_to_event(np.tile(by, (4, 1)), [1, 2, 3, 99], [8, 3, 2, 0]).shape == (4,)


@pytest.mark.parametrize("name", CATEGORICAL)
def test_a_perfect_forecaster_scores_best(name: str) -> None:
    score = CATEGORICAL[name]
    perfect = score(np.eye(POSTURES)[OUTCOMES], OUTCOMES)
    assert perfect.tolist() == [0.0] * len(OUTCOMES)
    assert not np.signbit(perfect).any()
    assert (score(FORECASTS, OUTCOMES) > 0.0).all()


@pytest.mark.parametrize("name", CATEGORICAL)
@settings(deadline=None, max_examples=60)
@given(belief=probabilities(), other=probabilities(), share=st.floats(0.0, 1.0))
def test_hedging_away_from_ones_belief_never_pays(name: str, belief: Numbers, other: Numbers, share: float) -> None:
    hedged = (1.0 - share) * belief + share * other
    score = CATEGORICAL[name]
    assert expected(score, belief, belief) <= expected(score, belief, hedged) + 1e-12
    if np.abs(hedged - belief).max() > 1e-3:
        assert expected(score, belief, belief) < expected(score, belief, hedged)


@settings(deadline=None, max_examples=60)
@given(
    belief=probabilities(9),
    other=probabilities(9),
    share=st.floats(0.0, 1.0),
    watched=st.lists(st.floats(0.0, 1.0), min_size=9, max_size=9).filter(lambda weights: sum(weights) > 0.1),
)
def test_hedging_about_the_time_never_pays_whenever_watching_ends(
    belief: Numbers, other: Numbers, share: float, watched: list[float]
) -> None:
    ends = np.asarray(watched) / sum(watched)  # chances of watching 0 to 8 steps, whatever happens
    hedged = (1.0 - share) * belief + share * other
    times, until = np.meshgrid(np.arange(1, 10), np.arange(9), indexing="ij")

    def mean(said: Numbers) -> float:
        by = np.broadcast_to(np.cumsum(said)[:8], (*times.shape, 8))
        return float(belief @ time_to_event(by, times, until) @ ends)

    assert mean(belief) <= mean(hedged) + 1e-12


def test_a_miss_by_two_rungs_costs_more_than_one_by_one() -> None:
    said = np.eye(POSTURES)[0]
    found = [ranked_probability(said, outcome).item() for outcome in range(POSTURES)]
    assert found == sorted(set(found)) == [0.0, 0.25, 0.5, 0.75, 1.0]


@settings(deadline=None, max_examples=60)
@given(forecast=probabilities())
def test_a_published_forecast_calls_nothing_impossible(forecast: Numbers) -> None:
    sharp = np.where(forecast > 0.15, forecast, 0.0) if (forecast > 0.15).any() else forecast
    sharp = sharp / sharp.sum()
    published = publishable(sharp)
    assert published.sum() == pytest.approx(1.0)
    assert published.min() >= FLOOR / (1 + POSTURES * FLOOR)
    assert np.abs(published - sharp).max() <= POSTURES * FLOOR
    assert (np.argsort(-sharp, kind="stable") == np.argsort(-published, kind="stable")).all()
    assert np.isfinite(logarithmic(published, 0))


def test_the_score_itself_does_not_floor() -> None:
    assert logarithmic(np.eye(POSTURES)[0], 1).item() == math.inf
    assert ranked_probability(np.eye(POSTURES)[0], 0).item() == 0.0


def test_what_is_no_forecast_is_refused() -> None:
    with pytest.raises(ValueError, match="add up to 1"):
        brier([0.5, 0.4], 0)
    with pytest.raises(ValueError, match="add up to 1"):
        publishable([1.5, -0.5])
    with pytest.raises(ValueError, match="from 0 to 1"):
        ranked_probability([0.5, 0.5], 2)
    with pytest.raises(ValueError, match="never fall"):
        time_to_event([0.5, 0.4], 1, 2)
    with pytest.raises(ValueError, match="never fall"):
        time_to_event([0.5, math.nan], 1, 2)
    with pytest.raises(ValueError, match="from 1"):
        time_to_event([0.5, 0.6], 0, 2)
