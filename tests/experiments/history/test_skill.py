"""Skill and its intervals over clients, and whether probabilities mean what they say."""

from __future__ import annotations

import math
from dataclasses import astuple

import numpy as np
import pytest
from scipy import stats

from papertiger.experiments.history.evaluate.skill import EDGES, each_category, reliability, skill, wilson
from papertiger.experiments.history.page.evidence import skill_cell

CLIENTS = np.repeat([f"c{number}" for number in range(16)], 4)


def test_skill_in_closed_form() -> None:
    found = skill([0.1, 0.2, 0.3], [0.4, 0.4, 0.4], ["a", "a", "b"])
    assert found.skill == pytest.approx(0.5)
    assert found.gain == pytest.approx(0.2)
    assert (found.score, found.reference) == pytest.approx((0.2, 0.4))
    assert (found.steps, found.clients) == (3, 2)


def test_the_interval_weighs_clients_and_one_more_at_either_end_of_the_reach() -> None:
    random = np.random.default_rng(3)
    ours, theirs = random.exponential(1.0, 64), random.exponential(1.3, 64)
    found = skill(ours, theirs, CLIENTS, reach=(-6.0, 9.0), resamples=20_000, seed=1)
    gains = np.array([(theirs - ours)[name == CLIENTS].mean() for name in np.unique(CLIENTS)])
    ends = []
    for beyond, tail in ((-6.0, 0.025), (9.0, 0.975)):
        weights = random.dirichlet(np.ones(17), 20_000)
        ends.append(np.quantile(weights @ [*gains, beyond], tail))
    assert (found.gain_low, found.gain_high) == pytest.approx(ends, abs=0.04)
    assert found.gain_low < found.gain < found.gain_high


def test_one_client_says_hardly_more_than_the_reach_and_a_wider_reach_says_less() -> None:
    one = skill([0.1], [0.3], ["a"], reach=(-1.0, 0.5))
    assert (one.gain_low, one.gain_high) == pytest.approx((-0.97, 0.495), abs=0.02)
    assert one.verdict == "no clear difference"
    random = np.random.default_rng(3)
    ours, theirs = random.random(64) * 0.1, random.random(64) * 0.1 + 0.5
    narrow, wide = (skill(ours, theirs, CLIENTS, reach=reach) for reach in ((0.4, 0.6), (-9.0, 9.0)))
    assert (narrow.verdict, wide.verdict) == ("higher", "no clear difference")


def test_a_reach_that_leaves_out_what_came_is_widened() -> None:
    values = np.linspace(-1.0, 1.0, 64)
    inside, exact = (skill(np.zeros(64), values, CLIENTS, reach=reach) for reach in ((0.0, 0.0), None))
    assert inside == exact


def test_steps_of_one_client_are_not_taken_as_independent() -> None:
    random = np.random.default_rng(3)
    # All steps of a client alike: sixteen pieces of information, not sixty-four.
    ours = np.repeat(random.exponential(1.0, 16), 4)
    blocks = skill(ours, np.ones(64), CLIENTS)
    as_if = skill(ours, np.ones(64), np.arange(64).astype(str))
    ratio = (blocks.gain_high - blocks.gain_low) / (as_if.gain_high - as_if.gain_low)
    assert ratio == pytest.approx(2.0, rel=0.15)


def test_the_same_seed_gives_the_same_interval_and_order_does_not_matter() -> None:
    random = np.random.default_rng(3)
    ours, theirs = random.random(64), random.random(64)
    order = random.permutation(64)
    one, two = skill(ours, theirs, CLIENTS), skill(ours[order], theirs[order], CLIENTS[order])
    assert astuple(one) == pytest.approx(astuple(two))
    assert skill(ours, theirs, CLIENTS) == one
    assert skill(ours, theirs, CLIENTS, seed=2) != one


def test_a_forecaster_has_no_skill_against_itself() -> None:
    random = np.random.default_rng(3)
    ours = random.random(64)
    assert skill(ours, ours, CLIENTS, reach=(0.0, 0.0)).verdict == "no difference"
    found = skill(ours, ours, CLIENTS)
    assert (found.skill, found.gain) == (0.0, 0.0)
    assert np.isnan([found.gain_low, found.gain_high]).all()
    assert found.alike == pytest.approx(0.05 ** (1 / 16))
    assert found.verdict == "no difference"


@pytest.mark.parametrize(("clients", "verdict"), [(1, "no clear difference"), (16, "higher")])
def test_a_gain_that_is_the_same_for_all_has_no_interval(clients: int, verdict: str) -> None:
    names = np.repeat([f"c{number}" for number in range(clients)], 4)
    found = skill(np.full(len(names), 0.1), np.full(len(names), 0.3), names)
    assert found.gain == pytest.approx(0.2)
    assert np.isnan([found.gain_low, found.gain_high]).all()
    assert found.verdict == verdict
    assert "nan" not in skill_cell(found)
    assert "no interval" in skill_cell(found)


def test_a_better_one_is_clearly_better() -> None:
    random = np.random.default_rng(3)
    found = skill(random.random(64) * 0.1, random.random(64) * 0.1 + 0.5, CLIENTS)
    assert found.verdict == "higher"
    assert found.gain_low > 0.4


def test_a_perfect_reference_cannot_be_divided_by() -> None:
    found = skill([0.1, 0.0], [0.0, 0.0], ["a", "b"])
    assert found.skill == -math.inf
    assert found.gain == pytest.approx(-0.05)
    assert "%" not in skill_cell(found)
    assert skill([0.0, 0.0], [0.0, 0.0], ["a", "b"]).skill == 0.0


def test_an_infinite_score_cannot_be_weighed() -> None:
    worse = skill([math.inf, 0.1], [0.2, 0.2], ["a", "b"])
    assert (worse.skill, worse.gain) == (-math.inf, -math.inf)
    better = skill([0.2, 0.1], [math.inf, 0.2], ["a", "b"])
    assert (better.skill, better.gain) == (1.0, math.inf)
    assert {worse.verdict, better.verdict} == {"not comparable"}


def test_what_cannot_be_compared_is_refused() -> None:
    with pytest.raises(ValueError, match="at least one case"):
        skill([], [], [])
    with pytest.raises(ValueError, match="at least one case"):
        skill([0.1], [0.1, 0.2], ["a"])
    with pytest.raises(ValueError, match="that are numbers"):
        skill([math.nan], [0.1], ["a"])
    with pytest.raises(ValueError, match="level"):
        skill([0.1], [0.1], ["a"], level=95)


def test_reliability_counts_what_came() -> None:
    found = reliability([0.0, 0.005, 0.02, 0.02, 0.6, 0.995, 1.0], [0, 0, 1, 0, 1, 1, 1])
    assert found["low"].tolist() == [0.0, 0.01, 0.5, 0.99]
    assert found["count"].tolist() == [2, 2, 1, 2]
    assert found["forecast"].tolist() == pytest.approx([0.0025, 0.02, 0.6, 0.9975])
    assert found["frequency"].tolist() == [0.0, 0.5, 1.0, 1.0]
    assert (found["frequency_low"] <= found["frequency"]).all()
    assert (found["frequency_high"] >= found["frequency"]).all()


def test_honest_forecasts_lie_on_the_diagonal() -> None:
    random = np.random.default_rng(3)
    said = random.random(20_000)
    found = reliability(said, random.random(20_000) < said)
    inside = (found["frequency_low"] <= found["forecast"]) & (found["forecast"] <= found["frequency_high"])
    assert inside.mean() >= 0.7
    assert found["count"].sum() == 20_000
    assert len(found) == len(EDGES) - 1


def test_every_category_is_a_forecast_of_its_own() -> None:
    said, came = each_category([[0.7, 0.2, 0.1], [0.0, 0.5, 0.5]], [0, 2])
    assert said.tolist() == [0.7, 0.2, 0.1, 0.0, 0.5, 0.5]
    assert came.tolist() == [True, False, False, False, False, True]


def test_wilson_is_scipys() -> None:
    for events, count in ((0, 5), (3, 7), (40, 40)):
        low, high = wilson(np.array([events / count]), np.array([count]))
        theirs = stats.binomtest(events, count).proportion_ci(method="wilson")
        assert (low[0], high[0]) == (pytest.approx(theirs.low, abs=1e-6), pytest.approx(theirs.high, abs=1e-6))


def test_what_is_no_forecast_is_refused() -> None:
    with pytest.raises(ValueError, match="from 0 to 1"):
        reliability([1.2], [1])
    with pytest.raises(ValueError, match="came true"):
        reliability([0.2], [2])
    with pytest.raises(ValueError, match="edges"):
        reliability([0.2], [1], edges=(0.0, 0.5))
