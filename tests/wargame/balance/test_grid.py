"""The grid pairs lucks, counts stakes and crises, and does not hang on the number of processes."""

from __future__ import annotations

from functools import cache

import pytest

from papertiger.experiments.figures import style
from papertiger.scenarios import Scenario
from papertiger.scenarios.schema.game import Background, GameSeats, Limits
from papertiger.wargame.balance.figure import balance_figure
from papertiger.wargame.balance.grid import RULES, Grid, Luck, play_grid
from papertiger.wargame.balance.strategies import STRATEGIES
from papertiger.wargame.balance.verdict import Bound, bounds, seat_balance
from papertiger.wargame.balance.words import HEADINGS, conclusion, lines, rows
from tests.wargame.conftest import compiled_code
from tests.wargame.games import BORDER, small

__all__ = ["compiled_code"]


@cache
def two_seats(quiet: bool = False) -> Scenario:
    """Return the small game with a patron and one client to play."""
    scenario = small(6)
    game = scenario.game
    assert game is not None
    seats = GameSeats(patron=game.seats.patron, clients={BORDER: game.seats.clients[BORDER]})
    background = Background(crises="none", why="For a test.") if quiet else None
    return scenario.model_copy(update={"game": game.model_copy(update={"seats": seats, "background": background})})


def made_up(scores: dict[str, dict[tuple[str, str], list[float]]], *, stakes: int = 6, played: int = 7) -> Grid:
    """Return a grid of one seat whose scores by strategy, column and luck are given."""
    count = len(next(iter(next(iter(scores.values())).values())))
    lucks = tuple(
        Luck(
            {("patron", name, column): values[luck] for name, by in scores.items() for column, values in by.items()},
            {"patron": (stakes, 10)},
            (played, 10),
        )
        for luck in range(count)
    )
    return Grid("made_up", "Made up", {"patron": tuple(scores)}, lucks)


FOE = ("adversary:Foe", "hit")


def failed(grid: Grid) -> list[str]:
    return [one.asks for one in bounds(grid) if not one.holds]


def test_a_game_of_which_each_decision_counts_holds_all_bounds() -> None:
    grid = made_up(
        {
            "help all": {RULES: [0.3, 0.32], FOE: [0.6, 0.61]},
            "nothing": {RULES: [0.5, 0.51], FOE: [0.2, 0.22]},
        }
    )
    assert failed(grid) == []
    one = seat_balance(grid, "patron")
    assert one.spread == pytest.approx(0.195)
    assert one.strategies == ("nothing", "help all")
    assert one.best_against == {"help all": 1, "nothing": 1}
    beaten = one.beaten_by["nothing"]
    assert beaten is not None
    assert beaten[:2] == (FOE, "help all")
    assert beaten[2] == pytest.approx(0.395)
    assert conclusion(bounds(grid)) == "All 5 bounds hold: decisions count in this game."


def test_each_bound_fails_for_its_own_reason() -> None:
    same = made_up({"help all": {RULES: [0.5, 0.5]}, "nothing": {RULES: [0.5001, 0.5001]}}, stakes=4, played=5)
    assert failed(same) == [
        "patron: best and worst differ by 0.15",
        "patron: no strategy is best against everything",
        "patron: no two strategies are equal",
        "own evidence or a decision with a price in 50% of the seat-turns",
        "60% of the crises come to states in play",
    ]
    dominant = made_up(
        {"help all": {RULES: [0.5, 0.5], FOE: [0.4, 0.4]}, "nothing": {RULES: [0.1] * 2, FOE: [0.2] * 2}}
    )
    assert failed(dominant) == ["patron: no strategy is best against everything"]
    assert seat_balance(dominant, "patron").dominant == ("help all",)
    assert conclusion(bounds(dominant)).startswith("1 of 5 bounds fail")


def test_luck_alone_beats_nobody() -> None:
    noisy = made_up(
        {
            "help all": {RULES: [0.5] * 4, FOE: [0.5] * 4},
            "nothing": {RULES: [0.1] * 4, FOE: [0.9, 0.2, 0.9, 0.2]},
        }
    )
    assert seat_balance(noisy, "patron").dominant == ("help all",)


def test_the_grid_plays_every_pair_with_every_luck_and_says_so() -> None:
    grid = play_grid(two_seats(), 2, seed=4)
    client, patron = (STRATEGIES[kind] for kind in ("client", "patron"))
    assert set(grid.seats) == {"patron", f"client:{BORDER}"}
    assert len(grid.lucks[0].scores) == len(client) + len(patron) + 2 * len(client) * len(patron)
    assert len(grid.columns("patron")) == 1 + len(client)
    assert all(0.0 <= score <= 1.0 for luck in grid.lucks for score in luck.scores.values())
    told = rows(grid)
    assert len(told) == len(client) + len(patron)
    assert all(len(row) == len(HEADINGS) for row in told)
    assert len(lines(bounds(grid))) == 2 * 3 + 2
    assert all(isinstance(bound, Bound) for bound in bounds(grid))
    assert play_grid(two_seats(), 1, seed=5).lucks == grid.lucks[1:]
    alone = play_grid(two_seats(), 1, seed=5, pairs=False).lucks[0].scores
    assert alone.items() <= grid.lucks[1].scores.items()


@pytest.mark.slow
def test_the_figure_has_a_panel_a_seat_and_is_the_same_each_time() -> None:
    grid = play_grid(two_seats(), 2)
    assert len(balance_figure(grid).axes) == 2
    assert style.png(balance_figure(grid)) == style.png(balance_figure(grid))


def test_a_quiet_background_leaves_crises_to_those_in_play() -> None:
    seated, everybody = play_grid(two_seats(), 1, pairs=False).crises
    assert seated < everybody
    seated, everybody = play_grid(two_seats(quiet=True), 1, pairs=False).crises
    assert seated == everybody > 0


@pytest.mark.slow
def test_the_number_of_processes_changes_nothing() -> None:
    assert play_grid(two_seats(), 3, workers=2).lucks == play_grid(two_seats(), 3).lucks


def test_limits_price_orders() -> None:
    game = two_seats().game
    assert game is not None
    assert Limits(prices={"help": 2}, why="For a test.").prices == {"help": 2}
