"""Posture rules: known answers, and what holding a change for two years does."""

from __future__ import annotations

import math
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from papertiger.scenarios.datasets.panel.postures import Signs, band_of, held, rung_of
from papertiger.scenarios.datasets.panel.rules import load_rules

NAN = float("nan")
RULES = load_rules().postures
PLAIN = Signs(
    pledge=True,
    defence=True,
    arms_client=False,
    agreement=NAN,
    own_arms=NAN,
    rival_arms=NAN,
    rival_pledge=False,
    rival_defence=False,
)
LOST = PLAIN._replace(pledge=False, defence=False)


@pytest.mark.parametrize(
    ("now", "rung"),
    [
        (PLAIN, 0),  # what is missing is no sign
        (PLAIN._replace(agreement=-0.01), 1),
        (PLAIN._replace(agreement=0.01), 0),
        (PLAIN._replace(own_arms=0.2, rival_arms=0.25), 1),
        (PLAIN._replace(own_arms=0.2, rival_arms=0.2), 0),  # nobody has taken its place
        (PLAIN._replace(rival_pledge=True), 1),
        (PLAIN._replace(agreement=-0.1, own_arms=0.1, rival_arms=0.9, rival_pledge=True), 2),  # capped
        (PLAIN._replace(defence=False, rival_pledge=True, rival_defence=True), 4),  # a relic
        (PLAIN._replace(rival_pledge=True, rival_defence=True), 1),  # a defence pact is none
    ],
)
def test_signs_beside_a_pledge(now: Signs, rung: int) -> None:
    assert rung_of(now, RULES.A, was_pledged=False, was_client=False) == rung


@pytest.mark.parametrize(
    ("now", "rung"),
    [
        (LOST, 3),
        (LOST._replace(rival_pledge=True), 4),
        (LOST._replace(rival_arms=0.5), 4),
        (LOST._replace(own_arms=0.5, rival_arms=0.5, rival_pledge=True), 2),  # its arms go first
    ],
)
def test_after_a_pledge_was_lost(now: Signs, rung: int) -> None:
    assert rung_of(now, RULES.A, was_pledged=True, was_client=True) == rung


@pytest.mark.parametrize(
    ("now", "rung"),
    [
        (LOST._replace(own_arms=0.5), 0),
        (LOST._replace(own_arms=0.5, agreement=-0.1), 1),
        (LOST._replace(own_arms=0.49), 2),
        (LOST._replace(own_arms=0.1), 2),
        (LOST._replace(own_arms=0.09), 3),
        (LOST, 3),
        (LOST._replace(own_arms=0.3, rival_arms=0.6), 4),
    ],
)
def test_clients_by_arms_alone(now: Signs, rung: int) -> None:
    assert rung_of(now, RULES.A, was_pledged=False, was_client=True) == rung


def test_nobody_is_on_the_ladder_before_being_a_client() -> None:
    assert math.isnan(rung_of(LOST, RULES.A, was_pledged=False, was_client=False))


@pytest.mark.parametrize(
    ("rungs", "steady"),
    [
        ([0, 1, 0, 0], [0, 0, 0, 0]),  # taken back
        ([0, 1, 1, 1], [0, 1, 1, 1]),
        ([3, 0, 1, 1], [3, 1, 1, 1]),  # both nearer: the nearer step of the two counts
        ([0, 1, 2, 2], [0, 1, 2, 2]),
        ([0, 0, 4], [0, 0, 0]),  # nobody knows whether it is held
        ([0, 4, NAN, 4, 4], [0, 0, NAN, 4, 4]),
        ([NAN, 2, 2], [NAN, 2, 2]),
    ],
)
def test_changes_that_are_held_count(rungs: list[float], steady: list[float]) -> None:
    assert held(rungs) == pytest.approx(steady, nan_ok=True)


@given(st.lists(st.sampled_from([0.0, 1.0, 2.0, 3.0, 4.0, NAN]), max_size=12))
def test_holding_keeps_gaps_and_invents_no_rung(rungs: list[float]) -> None:
    steady = held(rungs)
    assert [math.isnan(rung) for rung in steady] == [math.isnan(rung) for rung in rungs]
    known = [rung for rung in rungs if not math.isnan(rung)]
    assert {rung for rung in steady if not math.isnan(rung)} <= set(known)
    changes = [a != b for a, b in pairwise(known)]
    mine = [rung for rung in steady if not math.isnan(rung)]
    assert sum(a != b for a, b in pairwise(mine)) <= sum(changes)


def test_bands_of_votes() -> None:
    bands = RULES.C.bands
    assert [band_of(vote, bands) for vote in (0.2, 0.1, 0.05, 0.0, -0.05, -0.1, -0.2)] == [0, 0, 1, 2, 3, 3, 4]
    assert math.isnan(band_of(NAN, bands))
