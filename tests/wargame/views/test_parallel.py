"""Parallel games: the same orders give the same bytes to the end, another order another game from there on."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from papertiger.wargame.engine.worker import LocalEngine
from papertiger.wargame.parallel import ParallelGames
from papertiger.wargame.rules import seats
from papertiger.wargame.rules.seats import Seat
from papertiger.wargame.session import Session
from papertiger.wargame.views.parallel import (
    INJECT,
    LUCK,
    ORDER,
    compare_scores,
    compare_turn,
    differ_by_orders_alone,
    first_difference,
    played_together,
    sides_of,
    unlike,
)
from papertiger.wargame.views.plain import as_bytes
from papertiger.wargame.views.review import review_of
from tests.wargame.games import FOE, NOON, TEAMS, sheet, small

BORDER = Seat("client", "Border")
LEAVE = {"do": "posture", "posture": "distancing"}
STAY = {"do": "posture", "posture": "hedging"}
PRESS = {"do": "press", "client": "Shielded", "intensity": 2}


@pytest.fixture
def games(tmp_path: Path) -> Iterator[list[Session]]:
    """Three copies of one world."""
    made = ParallelGames(tmp_path, small, LocalEngine(), groups=3, seed=3)
    for group in made.groups:
        group.session.store.clock = lambda: NOON
    yield [group.session for group in made.groups]
    made.close()


def bytes_of(session: Session) -> list[bytes]:
    """Return all that anybody can be shown of a game: each seat's view, and the review with every secret."""
    everybody = (*TEAMS, seats.THE_OBSERVER, seats.THE_FACILITATOR)
    views = [replace(session.view(seat), version=0) for seat in everybody]
    review = replace(review_of(session, seats.THE_FACILITATOR), traces=())
    return [*map(as_bytes, views), as_bytes(review)]


def test_equal_orders_stay_equal_to_the_byte_and_one_other_order_tells_from_there_on(games: list[Session]) -> None:
    turns = games[0].game.schedule.turns
    for turn in range(1, turns + 1):
        for number, game in enumerate(games):
            order = LEAVE if number == 2 and turn == 3 else STAY
            game.submit(sheet(BORDER, turn, {**order, "why": f"turn {turn}"}))
            game.submit(sheet(FOE, turn, PRESS))
        if turn == 3:
            # Until the turn is played, the two differ in this sheet alone.
            assert bytes_of(games[0])[0] == bytes_of(games[2])[0]
        for game in games:
            game.resolve(turn)
        said = [bytes_of(game) for game in games]
        assert said[0] == said[1]
        assert (said[0] == said[2]) is (turn < 3)
    assert differ_by_orders_alone(games)
    assert first_difference(games[0], games[1]) is None
    parted = first_difference(games[0], games[2])
    assert parted is not None
    assert (parted.turn, parted.kind, parted.seat) == (3, ORDER, str(BORDER))
    assert (parted.one, parted.other) == (STAY, LEAVE)
    sides = sides_of(games)
    for turn in (1, 2):
        assert not any(any(row.unlike) for row in compare_turn(games, sides, turn))
    assert any(row.unlike == (False, False, True) for row in compare_turn(games, sides, 3))


def test_a_reason_and_an_expectation_are_no_difference_and_an_empty_sheet_is_none(games: list[Session]) -> None:
    games[0].submit(sheet(BORDER, 1, {**STAY, "why": "one"}))
    games[1].submit(sheet(BORDER, 1, {**STAY, "why": "two"}))
    games[0].submit(sheet(FOE, 1))
    for game in games:
        game.resolve(1)
    assert first_difference(games[0], games[1]) is None
    parted = first_difference(games[1], games[2])
    assert parted is not None
    assert (parted.one, parted.other) == (STAY, None)


def test_other_luck_and_an_inject_of_one_group_are_told_from_orders(games: list[Session]) -> None:
    event = {"kind": "attack", "client": "Shielded", "intensity": 3, "what": "A raid", "adversary": "Foe"}
    games[1].inject("a raid", event)
    games[2].activate(games[2].branch_off("other luck", 1, luck="other"))
    for game in games:
        game.resolve(1)
    assert not differ_by_orders_alone(games)
    kinds = [first_difference(games[0], other) for other in games[1:]]
    assert [(one.turn, one.kind) for one in kinds if one is not None] == [(1, INJECT), (1, LUCK)]


def test_only_turns_that_all_have_played_are_compared(games: list[Session]) -> None:
    games[0].submit(sheet(BORDER, 1, LEAVE))
    games[0].resolve(1)
    assert played_together(games) == 0
    assert played_together(()) == 0
    assert first_difference(games[0], games[1]) is None
    games[1].resolve(1)
    assert first_difference(games[0], games[1]) is not None


def test_a_seat_that_nobody_plays_has_no_score(games: list[Session]) -> None:
    games[1].claim(BORDER, "Anna")
    for game in games:
        game.resolve(1)
    (score,) = compare_scores(games)
    assert score.seat == str(BORDER)
    assert [value is None for value in score.values] == [True, False, True]
    assert 0.0 <= (score.values[1] or 0.0) <= 1.0


@given(st.lists(st.sampled_from("abc"), min_size=1, max_size=12))
def test_what_more_than_half_have_is_never_marked_and_a_lone_difference_always_is(values: list[str]) -> None:
    marks = unlike(values)
    for value, marked in zip(values, marks, strict=True):
        count = values.count(value)
        assert marked is (count < len(values) and 2 * count <= len(values))


def test_of_two_groups_that_differ_both_are_marked() -> None:
    assert unlike(("loyal", "hedging")) == (True, True)
    assert unlike(("loyal", "loyal", "hedging")) == (False, False, True)
    assert unlike(("loyal",) * 3) == (False,) * 3
