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


def test_the_interval_is_that_of_drawing_clients_one_by_one() -> None:
    random = np.random.default_rng(3)
    ours, theirs = random.exponential(1.0, 64), random.exponential(1.3, 64)
    found = skill(ours, theirs, CLIENTS, resamples=20_000, seed=1)
    names = np.unique(CLIENTS)
    by_client = {name: (ours[name == CLIENTS].sum(), theirs[name == CLIENTS].sum()) for name in names}
    plain = []
    for _ in range(4000):
        drawn = [by_client[name] for name in random.choice(names, len(names))]
        plain.append(1.0 - sum(one for one, _ in drawn) / sum(other for _, other in drawn))
    low, high = np.quantile(plain, [0.025, 0.975])
    assert (found.skill_low, found.skill_high) == pytest.approx((low, high), abs=0.03)
    assert found.skill_low < found.skill < found.skill_high


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
    found = skill(ours, ours, CLIENTS)
    assert (found.skill, found.gain) == (0.0, 0.0)
    assert np.isnan([found.skill_low, found.skill_high, found.gain_low, found.gain_high]).all()
    assert found.alike == pytest.approx(0.05 ** (1 / 16))
    assert found.verdict == "no difference"


@pytest.mark.parametrize(("clients", "verdict"), [(1, "no clear difference"), (16, "higher")])
def test_a_gain_that_is_the_same_in_every_draw_has_no_interval(clients: int, verdict: str) -> None:
    names = np.repeat([f"c{number}" for number in range(clients)], 4)
    found = skill(np.full(len(names), 0.1), np.full(len(names), 0.3), names)
    assert found.gain == pytest.approx(0.2)
    assert np.isnan([found.skill_low, found.skill_high, found.gain_low, found.gain_high]).all()
    assert found.verdict == verdict
    assert "nan" not in skill_cell(found)
    assert "no interval" in skill_cell(found)


def test_a_better_one_is_clearly_better() -> None:
    random = np.random.default_rng(3)
    found = skill(random.random(64) * 0.1, random.random(64) * 0.1 + 0.5, CLIENTS)
    assert found.verdict in ("higher", "lower")
    assert found.skill_low > 0.0


def test_a_perfect_reference_cannot_be_divided_by() -> None:
    found = skill([0.1, 0.0], [0.0, 0.0], ["a", "b"])
    assert found.skill == -math.inf
    assert (found.skill_low, found.skill_high) == (-math.inf, 0.0)
    assert found.gain == pytest.approx(-0.05)
    assert skill([0.0, 0.0], [0.0, 0.0], ["a", "b"]).skill == 0.0


def test_an_infinite_score_counts_whenever_its_client_is_drawn() -> None:
    worse = skill([math.inf, 0.1], [0.2, 0.2], ["a", "b"])
    assert (worse.skill, worse.skill_low, worse.skill_high) == pytest.approx((-math.inf, -math.inf, 0.5))
    better = skill([0.2, 0.1], [math.inf, 0.2], ["a", "b"])
    assert (better.skill, better.gain) == (1.0, math.inf)
    assert better.skill_low == pytest.approx(0.5)


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
