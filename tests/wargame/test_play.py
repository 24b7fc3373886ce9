"""A game is acted on row by row: nothing acknowledged is lost, and no turn is resolved twice."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier
from typing import Any

import pytest

from papertiger import scenarios
from papertiger.wargame.log import records as r
from papertiger.wargame.log.state import GameError, LateError
from papertiger.wargame.log.store import Store, StoreError
from papertiger.wargame.rules.conditions import ShareReached
from papertiger.wargame.rules.orders import OrderError
from papertiger.wargame.rules.seats import Seat
from papertiger.wargame.session import Play
from papertiger.wargame.views import seats as views
from tests.wargame.games import (
    BORDER,
    FACILITATOR,
    FOE,
    NOON,
    OPEN,
    PATRON,
    SHIELDED,
    TEAMS,
    WEST,
    new_play,
    reopened,
    sheet,
    small,
)

OPENLAND = Seat("client", OPEN)
AWAY = sheet(OPENLAND, 1, {"do": "posture", "posture": "distancing"})
CLOSER = sheet(OPENLAND, 1, {"do": "posture", "posture": "loyal"})


def everything(play: Play) -> list[bytes]:
    """Return what every seat sees."""
    return [views.as_bytes(play.view(seat)) for seat in play.game.everybody]


def test_a_game_goes_on_where_it_was(tmp_path: Path) -> None:
    play = new_play(tmp_path)
    play.claim(OPENLAND, "anna")
    play.submit(AWAY)
    play.message(OPENLAND, (PATRON,), "Where are you?")
    play.resolve(1)
    play.draft(OPENLAND, 2, "perhaps")
    again = reopened(play)
    assert everything(again) == everything(play)
    assert again.verify() == ()
    assert again.course().digest == play.course().digest


def test_the_log_is_a_write_ahead_log_that_is_synchronised_in_full(tmp_path: Path) -> None:
    play = new_play(tmp_path)
    run = play.store._connection.execute
    assert run("PRAGMA journal_mode").fetchone() == ("wal",)
    assert run("PRAGMA synchronous").fetchone() == (2,)


def test_the_last_orders_count_and_the_receipt_says_so(tmp_path: Path) -> None:
    play = new_play(tmp_path)
    assert not play.submit(AWAY).replaced
    assert play.submit(CLOSER).replaced
    play.resolve(1)
    assert play.course().now.clients[2].posture == 0


def test_a_form_that_is_sent_twice_counts_once(tmp_path: Path) -> None:
    play = new_play(tmp_path)
    first = play.submit(AWAY, key="form")
    rows = play.game.seq
    assert play.submit(AWAY, key="form").at == first.at
    assert play.game.seq == rows
    with pytest.raises(GameError, match="another content"):
        play.submit(CLOSER, key="form")
    play.submit(sheet(PATRON, 1), key="form")  # another seat's keys are its own
    play.resolve(1)
    assert play.submit(AWAY, key="form").turn == 1  # even late: it was acknowledged


def test_withdrawn_orders_are_left_to_the_rule(tmp_path: Path) -> None:
    play, other = new_play(tmp_path), new_play(tmp_path, name="other")
    play.submit(AWAY)
    play.withdraw(OPENLAND, 1)
    assert play.resolve(1).digest == other.resolve(1).digest


def test_late_orders_are_refused(tmp_path: Path) -> None:
    play = new_play(tmp_path)
    play.close_turn(1)
    with pytest.raises(LateError, match="turn 1 is closed"):
        play.submit(AWAY)
    play.reopen_turn(1)
    play.submit(AWAY)
    play.resolve(1)
    with pytest.raises(LateError, match="turn 2 is"):
        play.submit(CLOSER)
    for turn in range(2, 7):
        play.resolve(turn)
    with pytest.raises(LateError, match="6 turns"):
        play.submit(sheet(OPENLAND, 7))
    assert play.view(OPENLAND).phase == "over"


def test_a_turn_is_resolved_once_by_however_many(tmp_path: Path) -> None:
    play = new_play(tmp_path)
    with ThreadPoolExecutor(8) as pool:
        digests = {course.digest for course in pool.map(play.resolve, [1] * 8)}
    assert len(digests) == 1
    assert sum(isinstance(row.body, r.Resolved) for row in play.store.rows()) == 1
    with pytest.raises(LateError):
        play.resolve(3)


def test_concurrent_orders_all_count_in_the_order_of_the_log(tmp_path: Path) -> None:
    play = new_play(tmp_path)
    given = [AWAY, CLOSER] * 8
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(play.submit, given))
    orders = [row.body.sheet for row in play.store.rows() if isinstance(row.body, r.Ordered)]
    assert len(orders) == 16
    assert play.view(OPENLAND).sheet == orders[-1]


def test_two_programs_at_one_game_do_not_lose_rows(tmp_path: Path) -> None:
    one = new_play(tmp_path)
    other = reopened(one)
    one.submit(AWAY)
    other.submit(sheet(PATRON, 1))
    one.resolve(1)
    assert one.game.branch.sheets.keys() == {(1, str(OPENLAND)), (1, "patron")}
    other.ready(PATRON, 2)
    assert everything(other) == everything(reopened(one))


def test_an_undone_turn_can_be_played_otherwise_and_its_trace_stays(tmp_path: Path) -> None:
    play, straight = new_play(tmp_path), new_play(tmp_path, name="straight")
    play.submit(AWAY)
    play.resolve(1)
    undone = play.course().digest
    play.message(PATRON, (OPENLAND,), "So that is how it is.")
    play.submit(sheet(OPENLAND, 2, {"do": "posture", "posture": "hedging"}))
    play.undo(1)
    assert play.view(OPENLAND).sheet == AWAY
    assert play.view(OPENLAND).letters == ()
    play.submit(CLOSER)
    play.resolve(1)
    straight.submit(CLOSER)
    straight.resolve(1)
    assert play.course().digest == straight.course().digest != undone
    assert [mark.what for mark in play.game.marks] == ["resolved", "undone", "resolved"]
    assert undone.encode() not in b"".join(everything(play))
    with pytest.raises(GameError):
        play.undo(2)


def test_branches_tell_decision_from_luck(tmp_path: Path) -> None:
    play = new_play(tmp_path)
    play.submit(AWAY)
    for turn in (1, 2, 3):
        play.resolve(turn)
    trunk = play.course()
    luck = play.branch_off("other luck", 2, luck="other")
    assert play.play_out(luck, 3).months[0] == trunk.months[0]
    assert play.course(luck).months[1:] != trunk.months[1:]
    order = play.branch_off("other order", 1)
    play.submit(CLOSER, by=FACILITATOR, branch=order)
    assert play.play_out(order, 3).now.clients[2] != trunk.now.clients[2]
    same = play.branch_off("the same", 1)
    assert play.play_out(same, 3).digest == trunk.digest
    assert play.course().digest == trunk.digest
    assert reopened(play).verify() == ()


def test_a_branch_is_played_out_after_play_has_ended(tmp_path: Path) -> None:
    play = new_play(tmp_path)
    for turn in (1, 2):
        play.resolve(turn)
    play.end()
    branch = play.branch_off("Other luck", 1, luck="other")
    play.play_out(branch, 2)
    assert play.game.branches[branch].resolved == 2
    assert play.scene().over
    with pytest.raises(LateError, match="play is over"):
        play.resolve(3)


def test_teams_can_go_on_in_a_branch(tmp_path: Path) -> None:
    play = new_play(tmp_path)
    for turn in (1, 2):
        play.resolve(turn)
    branch = play.branch_off("again", 1)
    before = everything(play)
    play.submit(AWAY, by=FACILITATOR, branch=branch)
    play.resolve(1, branch=branch)
    staff = play.game.everybody.index(FACILITATOR)
    after = everything(play)
    assert before[:staff] + before[staff + 1 :] == after[:staff] + after[staff + 1 :]
    play.activate(branch)
    assert play.view(OPENLAND).turn == 2
    play.submit(sheet(OPENLAND, 2, {"do": "posture", "posture": "hedging"}))


def test_injects_happen_now_later_or_once_something_is_seen(tmp_path: Path) -> None:
    play = new_play(tmp_path)
    play.inject("now", {"kind": "attack", "client": OPEN, "adversary": "Foe", "what": "An attack."}, news="Attack!")
    assert [(item.kind, item.text) for item in play.view(PATRON).public.coming if item.kind == "attack"] == [
        ("attack", (("en", "Attack!"), ("de", "Attack!")))
    ]
    later = {"kind": "offer", "client": BORDER, "rival": "East", "what": "An offer."}
    play.inject("later", later, when="2020-12", news="secret so far")
    play.inject("never", later, when=ShareReached(share=1.0), news="secret so far")
    play.inject("soon", later, when=ShareReached(share=0.0), news="secret so far")
    assert all(b"secret so far" not in seen for seen in everything(play))
    play.resolve(1)
    assert any(item.kind == "attack" and item.text for item in play.view(PATRON).public.news)
    assert any(item.text[0][1] == "secret so far" for item in play.view(PATRON).public.coming if item.text)
    with pytest.raises(GameError, match="has happened"):
        play.recall("now")
    play.recall("later")
    with pytest.raises(GameError, match="already"):
        play.inject("soon", later)
    with pytest.raises(scenarios.ScenarioError, match="did you mean"):
        play.inject("bad", {**later, "client": "Bordr"})
    with pytest.raises(GameError, match="expected a month"):
        play.inject("too early", later, when="2020-02")
    with pytest.raises(scenarios.ScenarioError, match="outside the scenario's span"):
        play.inject("too late", later, when="2031-02")
    assert reopened(play).course().digest == play.course().digest


def test_a_seat_is_claimed_once(tmp_path: Path) -> None:
    play = new_play(tmp_path)
    play.claim(OPENLAND, "anna")
    play.claim(OPENLAND, "anna")
    with pytest.raises(GameError, match="is taken"):
        play.claim(OPENLAND, "bert")
    play.release(OPENLAND)
    play.claim(OPENLAND, "bert")
    with pytest.raises(GameError, match="did you mean"):
        play.claim(Seat("client", "Opne"), "anna")


def test_orders_are_checked_before_they_are_written(tmp_path: Path) -> None:
    play = new_play(tmp_path)
    rows = play.game.seq
    with pytest.raises(OrderError):
        play.submit(sheet(OPENLAND, 1, {"do": "posture", "posture": "realigned"}))
    with pytest.raises(GameError, match="gives no orders for"):
        play.submit(AWAY, by=PATRON)
    with pytest.raises(GameError, match="no seat"):
        play.submit(sheet(Seat("rival", "North"), 1))
    assert play.game.seq == rows == len(play.store.rows())


def test_a_file_that_is_no_game_is_refused_and_left_alone(tmp_path: Path) -> None:
    text, other = tmp_path / "text.game", tmp_path / "other.game"
    text.write_text("hello")
    with sqlite3.connect(other) as connection:
        connection.execute("CREATE TABLE t (x)")
    connection.close()
    for path in (text, other, tmp_path / "none.game"):
        with pytest.raises(StoreError):
            Play.open(path)
    assert text.read_text() == "hello"
    with pytest.raises(StoreError, match="exists already"):
        new_play(tmp_path, name="text")
    with pytest.raises(scenarios.ScenarioError):
        Play.create(tmp_path / "new.game", "venezuela_2062")
    assert not (tmp_path / "new.game").exists()


def test_a_full_disk_loses_nothing_acknowledged(tmp_path: Path) -> None:
    play = new_play(tmp_path)
    play.submit(AWAY)
    pages = play.store._connection.execute("PRAGMA page_count").fetchone()[0]
    play.store._connection.execute(f"PRAGMA max_page_count = {pages}")
    seen = everything(play)

    def fill() -> None:
        nonlocal seen
        for number in range(50):
            play.draft(PATRON, 1, f"{number}" + "x" * 15_000)
            seen = everything(play)

    with pytest.raises(StoreError, match="full"):
        fill()
    assert everything(play) == seen
    assert everything(reopened(play)) == seen
    play.store._connection.execute("PRAGMA max_page_count = 1000000")
    play.draft(PATRON, 1, "there is room again")
    assert everything(reopened(play)) == everything(play)


def test_a_clock_that_jumps_changes_no_result(tmp_path: Path) -> None:
    times = iter(["2026-11-01T12:00:00+00:00", "1999-01-01T00:00:00+00:00", "2040-01-01T00:00:00+00:00"] * 4)
    play, other = new_play(tmp_path, clock=lambda: next(times)), new_play(tmp_path, name="other")
    for one in (play, other):
        one.submit(AWAY)
        one.resolve(1)
    assert play.course().digest == other.course().digest


class PulledPlugError(BaseException):
    """The process ends here."""


STEPS: tuple[Callable[[Play], Any], ...] = (
    lambda play: play.claim(OPENLAND, "anna", key="1"),
    lambda play: play.submit(AWAY, key="2"),
    lambda play: play.submit(sheet(WEST, 1, {"do": "offer", "client": OPEN}), key="3"),
    lambda play: play.message(OPENLAND, (WEST,), "Hello", key="4"),
    lambda play: play.resolve(1),
    lambda play: play.inject("now", {"kind": "claim", "client": BORDER, "news": "bad", "what": "A claim."}, key="5"),
    lambda play: play.submit(sheet(FOE, 2, {"do": "press", "client": SHIELDED, "intensity": 2}), key="6"),
    lambda play: play.resolve(2),
)


class Faulty(Store):
    """A store that fails just before or just after one of its commits."""

    fails_at = (0, "before")
    appended = 0

    def append(self, *arguments: Any, **more: Any) -> r.Row:
        self.appended += 1
        number, when = self.fails_at
        if self.appended == number and when == "before":
            raise PulledPlugError
        row = super().append(*arguments, **more)
        if self.appended == number:
            raise PulledPlugError
        return row


def walk(play: Play, acknowledged: list[int]) -> None:
    """Take all steps, and note the row after each that was answered."""
    for step in STEPS:
        step(play)
        acknowledged.append(play.game.seq)


def finished(folder: Path) -> tuple[list[bytes], int]:
    play = new_play(folder, name="straight")
    for step in STEPS:
        step(play)
    return everything(play), play.game.seq


def test_a_fault_at_any_commit_loses_nothing_and_resolves_no_turn_twice(tmp_path: Path) -> None:
    wanted, rows = finished(tmp_path)
    for when in ("before", "after"):
        for number in range(1, rows):
            play = new_play(tmp_path, name=f"{when}-{number}")
            play.close()
            store = Faulty(play.store.path, clock=lambda: NOON)
            store.fails_at = (number, when)
            broken = Play(store)
            acknowledged: list[int] = []
            with pytest.raises(PulledPlugError):
                walk(broken, acknowledged)
            again = reopened(play)
            assert again.game.seq >= max(acknowledged, default=1)
            for step in STEPS:  # whoever was not answered asks once more
                step(again)
            assert again.game.seq == rows
            assert everything(again) == wanted
            resolved = [row.body.turn for row in again.store.rows() if isinstance(row.body, r.Resolved)]
            assert resolved == [1, 2]
            store.close()


def test_all_seats_can_play_a_whole_game(tmp_path: Path) -> None:
    play = new_play(tmp_path, small(2))
    for turn in range(1, play.game.schedule.turns + 1):
        for seat in TEAMS:
            play.submit(sheet(seat, turn))
            play.ready(seat, turn)
        play.resolve(turn)
    play.end()
    assert len(play.course().months) == 6
    bots = new_play(tmp_path, small(2), name="bots")
    for turn in (1, 2, 3):
        bots.resolve(turn)
    assert play.course().months == bots.course().months


def test_what_several_ask_for_at_once_is_made_once(tmp_path: Path) -> None:
    play, made, waiting = new_play(tmp_path), [], Barrier(4)

    def make() -> int:
        made.append(1)
        return len(made)

    def ask() -> int:
        waiting.wait()
        return play.once(("name",), make)

    with ThreadPoolExecutor(4) as pool:
        assert [job.result() for job in [pool.submit(ask) for _ in range(4)]] == [1, 1, 1, 1]


def test_what_could_not_be_made_is_tried_again(tmp_path: Path) -> None:
    play = new_play(tmp_path)
    with pytest.raises(ZeroDivisionError):
        play.once(("name",), lambda: 1 // 0)
    assert play.once(("name",), lambda: 1) == 1
