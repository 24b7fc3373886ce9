"""The lessons fit the games that they play: their minutes, their seats, and what tends to happen."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import pytest

from papertiger import scenarios
from papertiger.wargame.balance.grid import play_grid, scored_seats
from papertiger.wargame.balance.verdict import bounds
from papertiger.wargame.engine.tendency import HEADINGS
from papertiger.wargame.rules import seats
from papertiger.wargame.rules.setup import schedule_of
from tests.docs.pages import script, text_of
from tests.wargame.conftest import closed_games, compiled_code
from tests.wargame.games import new_play

__all__ = ["closed_games", "compiled_code"]

LESSONS = ("havana", "caracas", "south_caucasus", "eastern_europe", "whole_network")
MINUTES = {
    "havana": [25],
    "caracas": [45],
    "south_caucasus": [90],
    "eastern_europe": [90],
    "whole_network": [435, 775],
}
POINTS = {
    "havana": "four points",
    "caracas": "four points",
    "south_caucasus": "six points",
    "eastern_europe": "four points",
    "whole_network": "ten points",
}
NUMBERS = {4: "four", 6: "six", 8: "eight", 10: "ten"}
GROUPS = ("3", "5", "8", "12", "25")


@cache
def scenario_of(lesson: str) -> scenarios.Scenario:
    return scenarios.load(script("measure_lessons").LESSONS[lesson].scenario)


def tables(lesson: str) -> list[list[list[str]]]:
    """Return the tables of a lesson's page: rows of cells, the headings first."""
    found = re.findall(r"(?:^\|.*\|\n)+", text_of(f"docs/teaching/{lesson}.md"), re.MULTILINE)
    rows = [[[cell.strip() for cell in line.strip("|").split("|")] for line in one.splitlines()] for one in found]
    return [[table[0], *table[2:]] for table in rows]


def starting(lesson: str, *headings: str) -> list[list[list[str]]]:
    return [table[1:] for table in tables(lesson) if tuple(table[0][: len(headings)]) == headings]


@pytest.mark.parametrize("lesson", LESSONS)
def test_the_minutes_of_a_timetable_add_up_and_hold_the_game(lesson: str) -> None:
    game = scenario_of(lesson).game
    assert game is not None
    play = schedule_of(scenario_of(lesson)).turns * game.minutes_per_turn
    timetables = starting(lesson, "from", "minutes", "part", "what", "projector")
    assert [int(table[-1][0]) for table in timetables] == MINUTES[lesson]
    for number, table in enumerate(timetables):
        clock = 0
        spent: dict[str, int] = {}
        for start, minutes, part, *_ in table[:-1]:
            assert int(start) == clock
            clock += int(minutes)
            spent[part] = spent.get(part, 0) + int(minutes)
        assert int(table[-1][0]) == clock
        assert table[-1][2] == "end"
        assert set(spent) <= {"start", "play", "break", "debrief"}
        if number == 0:  # the first is the one that the room's clock is set for
            assert spent["play"] == play
        assert spent["debrief"] >= min(90, 0.9 * spent["play"])


@pytest.mark.parametrize("lesson", LESSONS)
def test_every_seat_is_there_and_every_group_fits(lesson: str) -> None:
    (table,) = starting(lesson, "seat", "has to decide", *GROUPS)
    game = scenario_of(lesson).game
    assert game is not None
    assert [row[0] for row in table] == [str(seat) for seat in seats.offered(game)]
    for column, people in enumerate(GROUPS, start=2):
        taken = [int(row[column]) for row in table]
        assert sum(taken) == int(people)
        assert taken[0] >= 1, "somebody has to be the patron"


@pytest.mark.parametrize("lesson", LESSONS)
def test_the_patron_has_the_points_that_the_page_says(lesson: str, tmp_path: Path) -> None:
    play = new_play(tmp_path, scenario_of(lesson))
    points = play.view(seats.THE_PATRON).points
    assert POINTS[lesson] == f"{NUMBERS[points]} points"
    assert POINTS[lesson] in text_of(f"docs/teaching/{lesson}.md").replace("\n", " ")


def test_the_turns_of_the_whole_network_are_those_of_its_page() -> None:
    (table,) = starting("whole_network", "turn", "from", "what comes", "watch for")
    scenario = scenario_of("whole_network")
    schedule, game = schedule_of(scenario), scenario.game
    assert game is not None
    months = [f"{year}-{month:02d}" for year in range(2020, 2027) for month in range(1, 13)]
    firsts = {turn: months[schedule.months(turn)[0]] for turn in range(1, schedule.turns + 1)}
    assert [(row[0], row[1]) for row in table] == [(str(turn), month) for turn, month in firsts.items()]
    dates = [scenario.events[name].date[:7] for name in game.record] + [
        inject.event.date for inject in game.injects.values()
    ]
    busy = {schedule.turn_of(months.index(date)) for date in dates}
    assert busy == {int(row[0]) for row in table if row[2] != "nothing of the record"}


@pytest.mark.parametrize("lesson", LESSONS)
def test_what_tends_to_happen_is_near_to_what_few_games_come_to(lesson: str) -> None:
    measure = script("measure_lessons")
    games = 24
    few = measure.tendency(scenario_of(lesson), games)
    (rows,) = starting(lesson, *HEADINGS)
    told = {row[0]: row[1:] for row in rows}
    for one in few.clients:
        if one.client in told:
            *shares, protection, moved, crises, _ = told[one.client]
            for said, value in zip([*shares, moved], [*one.after, one.moved], strict=True):
                share = float(said.strip("<% -") or 0) / 100.0
                assert abs(share - value) <= 0.05 + 4.0 * (share * (1.0 - share) / games) ** 0.5
            assert abs(float(protection) - one.protection) < 0.05
            assert abs(float(crises) - one.crises) < 0.3 + 4.0 * (float(crises) / games) ** 0.5


@pytest.mark.slow
@pytest.mark.parametrize("lesson", LESSONS)
def test_what_tends_to_happen_is_what_the_command_prints(lesson: str) -> None:
    measure = script("measure_lessons")
    said = next(
        found for found in measure.BLOCK.finditer(text_of(f"docs/teaching/{lesson}.md")) if found["lesson"] == lesson
    )
    fresh = measure.measured(measure.LESSONS[lesson])
    assert fresh in said[0], "run uv run python docs/measure_lessons.py"


@pytest.mark.parametrize("lesson", LESSONS)
def test_the_balance_of_a_lesson_holds_on_its_page(lesson: str) -> None:
    measure = script("measure_lessons")
    (block,) = measure.BALANCE.finditer(text_of(f"docs/teaching/{lesson}.md"))
    told = [line for line in block[0].splitlines() if line.startswith("- ")]
    seats_told = {line.split(":")[0] for line in told}
    assert f"{measure.LUCKS} lucks" in block[0]
    assert len(told) == 3 * len(scored_seats(scenario_of(lesson))) + 2
    assert all(line.startswith("- holds  ") for line in told)
    assert "- holds  patron" in seats_told


@pytest.mark.slow
def test_decisions_count_in_the_first_lesson_whatever_the_others_play() -> None:
    grid = play_grid(scenario_of("caracas"), 2)
    assert [bound.asks for bound in bounds(grid) if not bound.holds] == []


@pytest.mark.slow
@pytest.mark.parametrize("lesson", ["south_caucasus", "whole_network"])
def test_decisions_count_in_the_larger_lessons_when_the_rules_play_the_others(lesson: str) -> None:
    grid = play_grid(scenario_of(lesson), 30, pairs=False)
    failed = [bound.asks for bound in bounds(grid) if not bound.holds]
    assert [one for one in failed if "best against everything" not in one] == []


@pytest.mark.slow
@pytest.mark.parametrize(("first", "lucks"), [(1, 20), (50, 12)])
def test_decisions_count_in_the_shortest_lesson_whatever_the_others_play(first: int, lucks: int) -> None:
    grid = play_grid(scenario_of("havana"), lucks, first)
    assert [bound.asks for bound in bounds(grid) if not bound.holds] == []


@pytest.mark.slow
def test_decisions_count_in_the_lesson_on_eastern_europe_whatever_the_others_play() -> None:
    grid = play_grid(scenario_of("eastern_europe"), 12)
    assert [bound.asks for bound in bounds(grid) if not bound.holds] == []
