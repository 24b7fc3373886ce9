"""Groups in the lab: equal orders differ in no fate, other orders in their mean, and the same pages come twice."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from papertiger.wargame.engine.worker import LocalEngine
from papertiger.wargame.parallel import ParallelGames
from papertiger.wargame.rules.seats import Seat
from papertiger.wargame.session import Session
from papertiger.wargame.views.parallel_lab import compare_orders, ensemble_of
from tests.wargame.games import sheet, small

BORDER, RUNS = Seat("client", "Border"), 6


@pytest.fixture
def games(tmp_path: Path) -> Iterator[list[Session]]:
    """Three copies of one world; in the third a client leaves, rung by rung."""
    made = ParallelGames(tmp_path, small, LocalEngine(), groups=3, seed=3)
    sessions = [group.session for group in made.groups]
    for session, posture in zip(sessions, ("hedging", "hedging", "suspended"), strict=True):
        session.submit(sheet(BORDER, 1, {"do": "posture", "posture": "distancing"}))
        session.resolve(1)
        session.submit(sheet(BORDER, 2, {"do": "posture", "posture": posture}))
        session.resolve(2)
    yield sessions
    made.close()


def test_equal_orders_differ_in_no_fate_and_are_set_beside_a_baseline(games: list[Session]) -> None:
    compared = compare_orders(games, 0, 2, RUNS)
    assert [one.difference for one in compared[0]] == [None, None]
    assert [one.difference.verdict for one in compared[1] if one.difference] == ["no difference"] * 2
    other = compared[2][1]
    assert other.difference is not None
    assert other.difference.n == RUNS
    assert other.difference.difference == pytest.approx(other.mean - compared[0][1].mean)
    assert other.difference.difference > 0.0
    for one in (measure for group in compared for measure in group):
        assert one.low <= one.mean <= one.high


def test_an_ensemble_has_other_luck_than_the_class_and_is_the_same_each_time(games: list[Session]) -> None:
    first, again, other = (ensemble_of(game, 2, RUNS) for game in (games[0], games[1], games[2]))
    assert first == again != other
    assert len(set(first.credibility)) > 1
    assert len(first.credibility) == len(first.defected) == RUNS
