"""Hold every sentence of the debrief against the log and the model, over games at random."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from papertiger.wargame.engine.fan import Fan, FanRequest
from papertiger.wargame.engine.worker import LocalEngine
from papertiger.wargame.i18n import catalogue
from papertiger.wargame.i18n.debrief import say_sentence
from papertiger.wargame.i18n.translate import Translator
from papertiger.wargame.log import records
from papertiger.wargame.log.state import GameError
from papertiger.wargame.rules import seats
from papertiger.wargame.rules.conditions import ShareReached
from papertiger.wargame.rules.pledges import Pledge
from papertiger.wargame.session import Session
from papertiger.wargame.views import debrief_end as end
from papertiger.wargame.views.client_desk import ClientDesk
from papertiger.wargame.views.debrief import Step, step_now, steps_of, tell, turning_points
from tests.wargame.games import (
    BORDER,
    CLIENTS,
    EAST,
    FOE,
    OPEN,
    PATRON,
    WEST,
    new_play,
    reopened,
    sheet,
    small,
)
from tests.wargame.random_games import Author
from tests.wargame.views.debrief_checks import CHECKS
from tests.wargame.views.debrief_truth import Truth

QUICK, MANY = range(3), range(100)


class Quick(LocalEngine):
    """An engine with few continuations."""

    def fan(self, request: FanRequest) -> Fan:
        return super().fan(replace(request, runs=60))


UI = ("group_", "title.", "key_", "own_", "next", "back", "step", "page", "point", "soon", "end", "in_turn", "make_")


def test_every_sentence_of_the_catalogue_is_checked() -> None:
    keys = {key.removeprefix("debrief.") for key in catalogue.names() if key.startswith("debrief.")}
    assert {key for key in keys if not key.startswith(UI)} == set(CHECKS)


def played(folder: Path, seed: int) -> Session:
    """Return a game at random that is over, with some turns in which teams play in earnest."""
    session = new_play(
        folder, small(1 + seed % 2, covert_discovery=0.5 * (seed % 5 == 0)), seed=seed + 10, engine=Quick()
    )
    author = Author(session, seed)
    author.write(25)
    session.activate(session.game.active)  # so that play goes on where it was ended
    for _ in range(2):
        if session.game.branch.turn <= session.game.schedule.turns and not session.game.branch.closed:
            in_earnest(session, seed)
    author.write(10 if seed % 3 else 0)
    session.end()
    return session


def in_earnest(session: Session, seed: int) -> None:
    """Let teams play the open turn: they move, answer, hedge in secret, promise, and expect things."""
    turn, last, border = session.game.branch.turn, session.game.schedule.turns, seats.Seat("client", BORDER)
    rival = (WEST, EAST)[seed % 2]
    for name in CLIENTS:
        seat = seats.Seat("client", name)
        desk = session.view(seat).desk
        assert isinstance(desk, ClientDesk)
        orders: list[dict[str, Any]] = [{"do": "ask", "ask": bool(seed % 3)}]
        if (seed + turn) % 3 == 0 and not desk.part_of_patron:
            orders.append({"do": "posture", "posture": desk.reachable[-1]})
        elif desk.posture == "hedging" or desk.part_of_patron:
            orders.append({"do": "hedge", "towards": rival.name, "why": "Nobody needs to know."})
        asked = {
            "ask": "crisis",
            "client": name,
            "turn": min(last, turn + seed % 2),
            "probability": 0.1 * (seed % 11),
        }
        session.submit(sheet(seat, turn, *orders, expects=[asked]))
    answer = ("help", "words", "nothing")[seed % 3]
    session.submit(sheet(PATRON, turn, *({"do": "respond", "client": name, "answer": answer} for name in CLIENTS)))
    session.submit(sheet(rival, turn, {"do": "offer", "client": OPEN}))
    pledge = Pledge(do="help", client=BORDER, until=min(last, turn + seed % 3))
    number = session.propose(PATRON, border, turn, gives=pledge, asks=Pledge(do="calm", until=turn))
    session.reply(border, number, turn, "accepted" if seed % 4 else "refused")
    session.resolve(turn)


def assert_true(session: Session) -> set[str]:
    """Check each sentence of a debrief, and return the names of all that were said."""
    said, contacts = set(), set()
    for step in steps_of(session):
        truth, told = Truth(session, step), tell(session, step)
        assert told.sentences, step
        for one in told.sentences:
            assert CHECKS[one.name](truth, **dict(one.values)), one
            said.add(one.name)
            for language in catalogue.languages():
                assert "{" not in say_sentence(Translator(language, session.game), one)
            if one.name.startswith("secret_contact"):
                contacts.add(tuple(dict(one.values).values()))
    truth = Truth(session, Step("secrets"))
    if session.game.branch.resolved:
        spans = {(who, whom) for who, whom, *_ in contacts}
        assert spans == {(who, whom) for who, whom, _ in truth.contacts}
    return said


@pytest.mark.parametrize("seed", QUICK)
def test_each_sentence_is_true_of_the_game_at_hand(tmp_path: Path, seed: int) -> None:
    assert_true(played(tmp_path, seed))


@pytest.mark.slow
def test_each_sentence_is_true_of_a_hundred_games(tmp_path: Path) -> None:
    said = set[str]()
    for seed in MANY:
        folder = tmp_path / str(seed)
        folder.mkdir()
        session = played(folder, seed)
        said |= assert_true(session)
        session.close()
    rare = {"plan_nobody", "what_if_none", "promise_freed", "promise_open", "goal_lines", "forecast_even"}
    assert set(CHECKS) - said <= rare | {"changes_unplayed", "forecast_no_model", "fan_flat"}


@pytest.mark.parametrize("seed", QUICK)
def test_a_what_if_says_what_the_client_would_believe_and_has_room_on_a_wall(tmp_path: Path, seed: int) -> None:
    session = played(tmp_path, seed)
    for step in steps_of(session):
        if step.name == "what_if":
            names = [one.name for one in tell(session, step).sentences]
            assert sum(name in ("what_if_belief", "what_if_belief_same") for name in names) == 1
            assert len(names) <= 6


@pytest.mark.parametrize("seed", QUICK)
def test_what_a_class_reads_of_the_causes_adds_up(tmp_path: Path, seed: int) -> None:
    session = played(tmp_path, seed)
    say, sums = Translator("en", session.game), 0
    for step in steps_of(session):
        if step.name == "why":
            total, *parts = (say_sentence(say, one) for one in tell(session, step).sentences)
            was, now = map(int, re.findall(r"(\d+)%", total)[-2:])
            moves = [re.search(r"(Up|Down|up|down) by (\d+) point", one) for one in parts[:-1]]
            points = [int(one[2]) * (1 if one[1].lower() == "up" else -1) for one in moves if one is not None]
            assert was + sum(points) == now, parts
            sums += bool(points)
    assert sums


def test_a_game_without_a_turn_has_a_debrief(tmp_path: Path) -> None:
    session = new_play(tmp_path)
    session.end()
    assert [step.name for step in steps_of(session)] == ["changes", "along"]
    assert assert_true(session) == {"changes_unplayed", "along", "along_again", "along_model"}


def test_what_was_known_comes_before_what_came(tmp_path: Path) -> None:
    session = played(tmp_path, 0)
    names = [step.name for step in steps_of(session)]
    assert names[0] == "changes"
    assert names[1:7] == ["plan", "view", "outcome", "why", "guess", "what_if"]
    assert names[-1] == "along"
    after = {"secrets", "forecasts", "fan", "goals"} & set(names)
    assert min(names.index(name) for name in after) > max(k for k, name in enumerate(names) if name == "what_if")


def test_the_first_turning_points_are_those_of_clients_with_a_seat_in_order(tmp_path: Path) -> None:
    for seed in QUICK:
        folder = tmp_path / str(seed)
        folder.mkdir()
        points = turning_points(played(folder, seed).snapshot())
        assert [(one.turn, one.client) for one in points] == sorted((one.turn, one.client) for one in points)
        assert len(points) <= 3


def test_what_the_facilitator_let_happen_is_named(tmp_path: Path) -> None:
    session = new_play(tmp_path, small(months_per_turn=1), engine=Quick())
    attack = {"kind": "attack", "client": OPEN, "adversary": "Foe", "what": "An attack."}
    offer = {"kind": "offer", "client": BORDER, "rival": "East", "what": "An offer."}
    session.inject("now", attack, news="Attack!")
    session.inject("soon", offer, when=ShareReached(share=0.0), news="All is offered. " * 20)
    session.inject("never", offer, when=ShareReached(share=1.0), news="Not to be read.")
    session.resolve(1)
    session.resolve(2)
    session.end()
    told = {one.name: one for one in tell(session, Step("changes")).sentences}
    said = say_sentence(Translator("en", session.game), told["changes_injects"])
    assert said.startswith("The facilitator let this happen: turn 1: Attack!; turn ")
    assert "Not to be read." not in said
    assert len(said) < 200
    assert CHECKS["changes_injects"](Truth(session, Step("changes")), **dict(told["changes_injects"].values))


@pytest.mark.parametrize(
    ("path", "band", "flat"),
    [
        ((0.2, 0.205, 0.199), (0.191, 0.209), True),
        ((0.2, 0.22, 0.2), (0.191, 0.209), False),  # what came back had moved
        ((0.2, 0.2, 0.2), (0.18, 0.209), False),
        ((0.2, 0.2, 0.2), (0.191, 0.22), False),
    ],
)
def test_where_nothing_moved_nobody_counts_games_that_end_lower(
    tmp_path: Path, path: tuple[float, ...], band: tuple[float, float], flat: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    low, high = band
    assert end.hardly_moved(path, [(value,) * 2 for value in (low, low, 0.2, high, high)]) is flat
    session = new_play(tmp_path, small(months_per_turn=1), engine=Quick())
    session.resolve(1)
    session.end()
    monkeypatch.setattr(end, "hardly_moved", lambda *_: flat)
    told = [one.name for one in tell(session, Step("fan")).sentences]
    assert told == ["fan_flat"] if flat else told[0] == "fan_placed"


# Its step


def test_there_is_no_step_before_play_is_over(tmp_path: Path) -> None:
    session = new_play(tmp_path)
    with pytest.raises(GameError, match="when play is over"):
        session.debrief(1)
    assert step_now(session) == 0
    session.end()
    session.debrief(1)
    assert step_now(session) == 1
    session.debrief(500)
    assert step_now(session) == len(steps_of(session))


def test_a_step_survives_a_restart_and_ends_with_the_review(tmp_path: Path) -> None:
    session = new_play(tmp_path)
    session.resolve(1)
    session.end()
    session.debrief(3, key="form")
    session.debrief(3, key="form")  # the same click
    assert [row.body.step for row in session.store.records() if isinstance(row.body, records.Debriefed)] == [3]
    assert step_now(reopened(session)) == 3
    session.undo(1)
    session.end()
    assert step_now(session) == 0
    session.debrief(2)
    session.activate(0)
    session.end()
    assert step_now(session) == 0


def test_everybody_hears_of_a_step_and_of_nothing_else(tmp_path: Path) -> None:
    session = new_play(tmp_path)
    session.end()
    before = dict(session.versions)
    session.debrief(1)
    after = session.versions
    assert all(after[str(seat)] == before[str(seat)] + 1 for seat in session.game.everybody)


def test_contacts_under_cover_are_no_part_of_a_plan(tmp_path: Path) -> None:
    session = new_play(tmp_path, small(months_per_turn=1, covert_start=0.0), engine=Quick())
    border, opened = seats.Seat("client", BORDER), seats.Seat("client", OPEN)
    session.submit(sheet(border, 1, {"do": "hedge", "towards": "West", "why": "In the dark."}))
    session.submit(sheet(opened, 1, {"do": "posture", "posture": "distancing", "why": "Away."}))
    session.submit(sheet(FOE, 1, {"do": "press", "client": BORDER, "intensity": 3}))
    for seat in (WEST, EAST):
        session.claim(seat, "holder")
    session.resolve(1)
    session.end()
    said = ""
    for step in steps_of(session):
        text = "\n".join(say_sentence(Translator("en", session.game), one) for one in tell(session, step).sentences)
        if step.name == "secrets":
            assert "Border had secret contacts with West" in text
            break
        said += text
    assert "Away." in said
    assert "secret" not in said
    assert "In the dark." not in said
