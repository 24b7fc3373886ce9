"""Times to an event: against lifelines and SciPy, and what must hold of any data."""

from __future__ import annotations

import math
import warnings

import lifelines
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lifelines.statistics import logrank_test
from numpy.typing import NDArray
from scipy import stats

from papertiger.experiments.statistics.paired import paired_difference
from papertiger.experiments.statistics.survival import (
    cumulative_incidence,
    kaplan_meier,
    log_rank,
    restricted_mean,
    restricted_times,
)

RUNS = st.lists(st.tuples(st.integers(0, 12), st.booleans()), min_size=1, max_size=40)
GOING = st.lists(st.tuples(st.integers(0, 12), st.sampled_from(["", "East", "West"])), min_size=1, max_size=40)


def sample(seed: int, n: int = 120, rate: float = 20.0) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    """Return months with many ties, some of them censored."""
    rng = np.random.default_rng(seed)
    time = np.ceil(rng.exponential(rate, n))
    watched = np.ceil(rng.uniform(5, 40, n))
    return np.minimum(time, watched), time <= watched


def test_kaplan_meier_by_hand() -> None:
    found = kaplan_meier([1, 2, 2, 3, 5], [True, True, False, True, False])
    assert found["time"].tolist() == [0, 1, 2, 3, 5]
    assert found["at_risk"].tolist() == [5, 5, 4, 2, 1]
    assert found["events"].tolist() == [0, 1, 1, 1, 0]
    assert found["survival"].tolist() == pytest.approx([1, 0.8, 0.6, 0.3, 0.3])


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_kaplan_meier_agrees_with_lifelines(seed: int) -> None:
    time, event = sample(seed)
    mine = kaplan_meier(time, event).set_index("time")
    theirs = lifelines.KaplanMeierFitter().fit(time, event)
    survival = theirs.survival_function_.iloc[:, 0]
    assert mine["survival"].to_numpy() == pytest.approx(survival.loc[mine.index].to_numpy())
    inside = (mine["survival"] > 0) & (mine["survival"] < 1)
    limits = theirs.confidence_interval_.loc[mine.index[inside]]
    assert mine.loc[inside, ["low", "high"]].to_numpy() == pytest.approx(limits.to_numpy())


def test_kaplan_meier_agrees_with_scipy() -> None:
    time, event = sample(4)
    mine = kaplan_meier(time, event).set_index("time")
    theirs = stats.ecdf(stats.CensoredData.right_censored(time, ~event)).sf
    assert mine["survival"].loc[list(theirs.quantiles)].to_numpy() == pytest.approx(theirs.probabilities)


def test_log_rank_agrees_with_lifelines_and_scipy() -> None:
    time_a, event_a = sample(5)
    time_b, event_b = sample(6, rate=30.0)
    mine = log_rank(time_a, event_a, time_b, event_b)
    theirs = logrank_test(time_a, time_b, event_a, event_b)
    assert mine.statistic**2 == pytest.approx(theirs.test_statistic)
    assert mine.p == pytest.approx(theirs.p_value)
    scipy = stats.logrank(
        stats.CensoredData.right_censored(time_a, ~event_a), stats.CensoredData.right_censored(time_b, ~event_b)
    )
    assert mine.statistic == pytest.approx(scipy.statistic)
    assert mine.statistic > 0.0


def test_log_rank_of_a_million_runs_does_not_overflow() -> None:
    time = np.tile(np.arange(1.0, 101.0), 10_000)
    event = time < 80
    later = np.minimum(time + (time > 40), 100.0)
    few = log_rank(time[:100], event[:100], later[:100], event[:100]).statistic
    many = log_rank(time, event, later, event).statistic
    assert many == pytest.approx(100.0 * few, rel=0.02)


def test_log_rank_of_a_sample_against_itself() -> None:
    time, event = sample(7)
    assert log_rank(time, event, time, event) == pytest.approx((0.0, 1.0))
    nobody = np.zeros(len(time), dtype=bool)
    assert log_rank(time, nobody, time, nobody) == (0.0, 1.0)


@pytest.mark.parametrize("seed", [8, 9])
def test_cumulative_incidence_agrees_with_lifelines(seed: int) -> None:
    rng = np.random.default_rng(seed)
    # Lifelines cannot have ties, so no two times are the same.
    time = np.cumsum(rng.uniform(0.1, 1.0, 150))
    rng.shuffle(time)
    cause = rng.choice(["", "East", "West"], 150, p=[0.3, 0.5, 0.2])
    cause[time.argmax()] = ""
    found = cumulative_incidence(time, cause)
    for number, name in enumerate(["East", "West"], start=1):
        mine = found[found["destination"] == name].set_index("time")
        codes = np.select([cause == "East", cause == "West"], [1, 2], 0)
        with warnings.catch_warnings():
            # It takes the logarithm of an incidence of zero.
            warnings.simplefilter("ignore", RuntimeWarning)
            theirs = lifelines.AalenJohansenFitter().fit(time, codes, event_of_interest=number)
        incidence = theirs.cumulative_density_.iloc[:, 0]
        assert mine["incidence"].to_numpy() == pytest.approx(incidence.loc[mine.index].to_numpy())
        inside = mine["incidence"] > 0
        limits = theirs.confidence_interval_.loc[mine.index[inside]].to_numpy()
        assert mine.loc[inside, ["low", "high"]].to_numpy() == pytest.approx(np.sort(limits, axis=1))


def test_one_destination_is_what_does_not_stay() -> None:
    time, event = sample(10)
    going = cumulative_incidence(time, np.where(event, "East", ""))
    staying = kaplan_meier(time, event)
    assert going["incidence"].to_numpy() == pytest.approx(1.0 - staying["survival"].to_numpy())


def test_destinations_may_be_missing_values() -> None:
    blank = cumulative_incidence([1, 2, 3, 4], ["East", "", "", "West"])
    for nothing in (None, math.nan):
        cause = pd.Series(["East", nothing, nothing, "West"], dtype=object)
        pd.testing.assert_frame_equal(cumulative_incidence([1, 2, 3, 4], cause), blank)
    assert list(cumulative_incidence([1, 2], ["", ""]).columns) == list(blank.columns)
    assert len(cumulative_incidence([1, 2], ["", ""])) == 0


def test_nobody_and_everybody_left_are_not_certain() -> None:
    nobody = kaplan_meier([10] * 100, [False] * 100).iloc[-1]
    assert nobody["survival"] == 1.0
    assert nobody["low"] == pytest.approx(0.025 ** (1 / 100))
    everybody = kaplan_meier([10] * 100, [True] * 100).iloc[-1]
    assert everybody["survival"] == 0.0
    assert everybody["high"] == pytest.approx(1 - 0.025 ** (1 / 100))
    gone = cumulative_incidence([10] * 100, ["East"] * 100).iloc[-1]
    assert (gone["incidence"], gone["high"]) == (1.0, 1.0)
    assert gone["low"] == pytest.approx(0.025 ** (1 / 100))


@pytest.mark.parametrize(
    ("time", "event", "message"),
    [
        ([], [], "no runs"),
        ([1.0], [True, False], "a time and an event"),
        ([1.0, math.nan], [1, 0], "1 of 2 runs have no time"),
        ([1.0, 2.0], [1.0, math.nan], "1 of 2 runs have no time"),
        ([-1.0], [1], "from 0 on"),
        ([1.0], [2], "0 or 1"),
    ],
)
def test_bad_data(time: list[float], event: list[float], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        kaplan_meier(time, event)


@given(RUNS, st.randoms())
@settings(max_examples=80)
def test_survival_falls_and_its_interval_holds_it(runs: list[tuple[int, bool]], random: object) -> None:
    found = kaplan_meier(*map(list, zip(*runs, strict=True)))
    assert (found["survival"].diff().dropna() <= 0).all()
    assert found["survival"].between(0, 1).all()
    assert (found["low"] <= found["survival"] + 1e-12).all()
    assert (found["survival"] <= found["high"] + 1e-12).all()
    assert found["low"].between(0, 1).all()
    assert found["high"].between(0, 1).all()
    assert found["events"].sum() == sum(event for _, event in runs)
    random.shuffle(runs)  # type: ignore[attr-defined]
    pd.testing.assert_frame_equal(kaplan_meier(*map(list, zip(*runs, strict=True))), found, check_exact=True)


@given(GOING)
@settings(max_examples=80)
def test_destinations_and_staying_add_up_to_one(runs: list[tuple[int, str]]) -> None:
    time, cause = map(list, zip(*runs, strict=True))
    found = cumulative_incidence(time, cause)
    staying = kaplan_meier(time, [name != "" for name in cause]).set_index("time")["survival"]
    assert (found["low"] <= found["incidence"] + 1e-12).all()
    assert (found["incidence"] <= found["high"] + 1e-12).all()
    assert found["low"].between(0, 1).all()
    assert found["high"].between(0, 1).all()
    if len(found):
        total = found.groupby("time")["incidence"].sum() + staying
        assert total.to_numpy() == pytest.approx(1.0)
        for _, one in found.groupby("destination"):
            assert (one["incidence"].diff().dropna() >= 0).all()


@given(RUNS, RUNS)
@settings(max_examples=60)
def test_log_rank_changes_its_sign_when_the_samples_change_places(
    one: list[tuple[int, bool]], other: list[tuple[int, bool]]
) -> None:
    a, b = ([list(part) for part in zip(*runs, strict=True)] for runs in (one, other))
    forth, back = log_rank(*a, *b), log_rank(*b, *a)
    assert back.statistic == pytest.approx(-forth.statistic, abs=1e-9)
    assert back.p == pytest.approx(forth.p, abs=1e-9)
    assert 0.0 <= forth.p <= 1.0


def coverage(samples: int, rng: np.random.Generator) -> float:
    """Return how often the interval at month 15 holds the true share that stays."""
    truth, held = math.exp(-15 / 20), 0
    for _ in range(samples):
        time, watched = rng.exponential(20, 80), rng.uniform(5, 40, 80)
        found = kaplan_meier(np.minimum(time, watched), time <= watched)
        row = found[found["time"] <= 15].iloc[-1]
        held += bool(row["low"] <= truth <= row["high"])
    return held / samples


@pytest.mark.slow
def test_intervals_of_kaplan_meier_cover_as_often_as_they_say() -> None:
    assert 0.935 <= coverage(4_000, np.random.default_rng(11)) <= 0.965


def competing(runs: int = 80, horizon: int = 24) -> tuple[NDArray[np.float64], NDArray[np.float64], list[str]]:
    """Return times, flags and causes of runs in which the event competes with a loss of the regime."""
    random = np.random.default_rng(11)
    event, loss = random.integers(1, 40, runs), random.integers(1, 40, runs)
    happened = (event <= loss) & (event <= horizon)
    lost = ~happened & (loss < horizon)
    time = np.where(happened, event, np.where(lost, loss, horizon)).astype(float)
    cause = ["left" if one else "lost" if other else "" for one, other in zip(happened, lost, strict=True)]
    return time, happened.astype(float), cause


def test_the_restricted_mean_is_the_area_over_the_cumulative_incidence() -> None:
    time, happened, cause = competing()
    incidence = cumulative_incidence(time, np.array(cause, dtype=object))
    area = restricted_mean(incidence[incidence["destination"] == "left"], 24.0)
    assert area == pytest.approx(restricted_times(time, happened, 24.0).mean(), rel=1e-12)
    codes = np.array([{"": 0, "left": 1, "lost": 2}[name] for name in cause])
    theirs = lifelines.AalenJohansenFitter(calculate_variance=False)
    # It parts ties by a little noise; of times so far apart that changes nothing that counts here.
    theirs.fit(pd.Series(time) + np.arange(len(time)) * 1e-9, codes, event_of_interest=1)
    curve = theirs.cumulative_density_.iloc[:, 0]
    steps = np.append(curve.index.to_numpy(), 24.0)
    inside = steps[:-1] < 24.0
    lengths = np.diff(np.append(steps[:-1][inside], 24.0))
    assert area == pytest.approx(float((lengths * (1.0 - curve.to_numpy()[inside])).sum()), rel=1e-6)


def test_without_competing_events_it_is_the_restricted_mean_survival_time() -> None:
    time, happened, cause = competing()
    only = np.array([name if name == "left" else "" for name in cause], dtype=object)
    time = np.where(happened == 1.0, time, 24.0)
    theirs = lifelines.KaplanMeierFitter().fit(time, happened)
    expected = lifelines.utils.restricted_mean_survival_time(theirs, t=24.0)
    assert restricted_times(time, happened, 24.0).mean() == pytest.approx(expected, rel=1e-9)
    assert restricted_mean(cumulative_incidence(time, only), 24.0) == pytest.approx(expected, rel=1e-9)


def test_treating_the_competing_event_as_censoring_would_say_something_else() -> None:
    time, happened, cause = competing()
    censored = lifelines.utils.restricted_mean_survival_time(
        lifelines.KaplanMeierFitter().fit(time, happened), t=24.0
    )
    assert "lost" in cause
    assert abs(restricted_times(time, happened, 24.0).mean() - censored) > 0.5


def test_the_paired_difference_of_restricted_means_is_that_of_the_restricted_times() -> None:
    time, happened, _ = competing()
    other, come, _ = competing(80, 12)
    here, there = restricted_times(time, happened, 12.0), restricted_times(other, come, 12.0)
    difference = paired_difference(here, there).difference
    assert difference == pytest.approx(there.mean() - here.mean())
    # Looked at for the same twelve months, the same runs are the same.
    assert difference == 0.0


def test_where_nothing_happens_the_whole_horizon_counts() -> None:
    time = np.array([57.0, 12.0, 57.0])
    assert restricted_times(time, np.zeros(3), 57.0).tolist() == [57.0, 57.0, 57.0]
    empty = cumulative_incidence(time, np.array(["", "", ""], dtype=object))
    assert restricted_mean(empty, 57.0) == 57.0
    missing = restricted_times(np.array([np.nan, 3.0]), np.array([0.0, 1.0]), 57.0)
    assert np.isnan(missing[0])
    assert missing[1] == 3.0
