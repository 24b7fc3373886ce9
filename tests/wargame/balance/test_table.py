"""The table of a balance plays the games that a replay plays, and strategies order what seats may."""

from __future__ import annotations

import pytest

from papertiger.wargame.balance.strategies import STRATEGIES, Strategy
from papertiger.wargame.balance.table import Play, Table, Turn
from papertiger.wargame.engine.replay import run_replay
from papertiger.wargame.rules.request import ReplayRequest
from papertiger.wargame.rules.seats import Seat
from tests.wargame.conftest import compiled_code
from tests.wargame.games import BORDER, FOE, PATRON, SHIELDED, TEAMS, WEST, small

__all__ = ["compiled_code"]

SHIELDLAND, BORDERLAND = Seat("client", SHIELDED), Seat("client", BORDER)


def strategy(seat: Seat, name: str) -> Strategy:
    return next(one for one in STRATEGIES[seat.kind] if one.name == name)


def played(play: Play, seed: int = 3) -> tuple[Turn, ...]:
    return Table(small(2), seed).play(play, check=True)


@pytest.mark.parametrize("seed", [3, 4])
def test_a_game_at_the_table_is_the_replay_of_its_sheets(seed: int) -> None:
    play = {
        PATRON: strategy(PATRON, "help all"),
        SHIELDLAND: strategy(SHIELDLAND, "repay"),
        WEST: strategy(WEST, "woo all"),
        FOE: strategy(FOE, "probe"),
    }
    turns = played(play, seed)
    sheets = tuple(tuple(turn.sheets.values()) for turn in turns)
    replay = run_replay(ReplayRequest(small(2), seed, ((1, 0),), len(turns), sheets))
    months = [month for turn in turns for month in turn.months]
    assert [tuple(month.clients) for month in months] == [month.clients for month in replay.months]
    assert [month.crises for month in months] == [month.crises for month in replay.months]
    assert [month.credibility for month in months] == [month.credibility for month in replay.months]
    assert tuple(turn.standing for turn in turns) == replay.standings[:-1]


def test_games_at_one_table_do_not_touch_each_other() -> None:
    table = Table(small(2), 3)
    alone = table.play({})
    table.play({FOE: strategy(FOE, "hit"), WEST: strategy(WEST, "woo all")})
    again = table.play({})
    assert [month.credibility for turn in alone for month in turn.months] == [
        month.credibility for turn in again for month in turn.months
    ]


@pytest.mark.parametrize("seat", TEAMS, ids=str)
def test_every_strategy_orders_only_what_its_seat_may(seat: Seat) -> None:
    assert len({one.name for one in STRATEGIES[seat.kind]}) >= 6
    table = Table(small(2), 5)
    for one in STRATEGIES[seat.kind]:
        turns = table.play({seat: one}, check=True)
        assert all(0.0 <= table.score(turns, other) <= 1.0 for other in TEAMS)


def test_what_a_strategy_says_is_what_it_does() -> None:
    loyal = played({BORDERLAND: strategy(BORDERLAND, "loyal, asks")})
    assert loyal[-1].months[-1].clients[1].posture == 0
    left = played({BORDERLAND: strategy(BORDERLAND, "leave")})
    assert left[-1].months[-1].clients[1].posture == 4
    quiet = played({FOE: strategy(FOE, "hold back")})
    pressed = [crisis for turn in quiet for month in turn.months for crisis in month.crises]
    assert {crisis.event for crisis in pressed if crisis.client < 3} <= {"raid"}
