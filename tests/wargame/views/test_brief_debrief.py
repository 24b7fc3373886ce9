"""The brief debrief: about eight steps, the same each time, of which the whole one tells more."""

from __future__ import annotations

from pathlib import Path

import pytest

from papertiger.scenarios.reading.sources import LESSONS
from papertiger.wargame.kit.shipped import plans_brief_debrief
from papertiger.wargame.rules import seats
from papertiger.wargame.session import Session
from papertiger.wargame.views.debrief import is_brief, same_step, steps_of, turning_points
from tests.model.worlds import shipped
from tests.wargame.games import BORDER, FOE, PATRON, new_play, sheet

BORDERLAND = seats.Seat("client", BORDER)
MOST = 9


def played(folder: Path, turns: int) -> Session:
    session = new_play(folder)
    for turn in range(1, turns + 1):
        crisis = {"ask": "crisis", "client": BORDER, "turn": turn, "probability": 0.7}
        rung = ("hedging", "distancing", "distancing")[turn - 1]
        session.submit(sheet(BORDERLAND, turn, {"do": "posture", "posture": rung}, expects=[crisis]))
        session.submit(sheet(PATRON, turn, {"do": "respond", "client": BORDER, "answer": "words"}))
        session.submit(sheet(FOE, turn, {"do": "press", "client": BORDER, "intensity": 3}))
        session.resolve(turn)
    session.end()
    return session


def test_only_lessons_without_time_for_more_plan_the_brief_one() -> None:
    assert {name for name in LESSONS.names() if plans_brief_debrief(shipped(name))} == {"havana_2026"}


@pytest.mark.parametrize("turns", [1, 2, 3])
def test_it_has_few_steps_all_of_them_steps_of_the_whole_one(tmp_path: Path, turns: int) -> None:
    session = played(tmp_path, turns)
    brief, whole = steps_of(session, brief=True), steps_of(session, brief=False)
    assert steps_of(session) == whole  # a lesson that nobody wrote plans for the whole one
    assert 7 <= len(brief) <= MOST < len(whole)
    assert brief == steps_of(session, brief=True)
    told = [(one.name, one.point, one.page) for one in whole]
    places = [told.index((one.name, one.point, one.page)) for one in brief]
    assert places == sorted(places)
    assert [one.name for one in brief][:4] == ["changes", "plan", "view", "outcome"]
    assert [one.name for one in brief][-2:] == ["forecasts", "along"]
    session.close()


def test_its_turning_point_is_the_weightiest_move(tmp_path: Path) -> None:
    session = played(tmp_path, 3)
    [point] = {step.point for step in steps_of(session, brief=True) if step.point is not None}
    moves = [one for one in turning_points(session.snapshot()) if one.rungs]
    assert (point in moves) or not moves
    session.close()


def test_the_length_is_in_the_log_and_the_step_stays_what_it_was(tmp_path: Path) -> None:
    session = played(tmp_path, 2)
    whole = steps_of(session)
    for number, step in enumerate(whole, start=1):
        there = same_step(step, steps_of(session, brief=True))
        again = steps_of(session, brief=True)[there - 1]
        assert (again.name, again.point, again.page) == (step.name, step.point, step.page) or again not in whole[
            number:
        ]
    session.debrief(3, length="brief", key="k" * 12)
    assert is_brief(session)
    session.debrief(4)
    assert is_brief(session)
    session.debrief(4, length="whole")
    assert not is_brief(session)
    session.close()
