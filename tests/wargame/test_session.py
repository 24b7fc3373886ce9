"""A game is acted on row by row: nothing acknowledged is lost, and no turn is resolved twice."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from papertiger import scenarios
from papertiger.wargame.log import records
from papertiger.wargame.log.state import GameError, LateError
from papertiger.wargame.log.store import Store, StoreError
from papertiger.wargame.rules.conditions import ShareReached
from papertiger.wargame.rules.objections import OrderError
from papertiger.wargame.rules.seats import Seat
from papertiger.wargame.session import Session
from papertiger.wargame.views.plain import as_bytes
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


def everything(session: Session) -> list[bytes]:
    """Return what every seat sees."""
    return [as_bytes(session.view(seat)) for seat in session.game.everybody]


def test_a_game_goes_on_where_it_was(tmp_path: Path) -> None:
    session = new_play(tmp_path)
    session.claim(OPENLAND, "anna")
    session.submit(AWAY)
    session.message(OPENLAND, (PATRON,), "Where are you?")
    session.resolve(1)
    session.draft(OPENLAND, 2, "perhaps")
    again = reopened(session)
    assert everything(again) == everything(session)
    assert again.verify() == ()
    assert again.replay().digest == session.replay().digest


def test_the_log_is_a_write_ahead_log_that_is_synchronised_in_full(tmp_path: Path) -> None:
    session = new_play(tmp_path)
    run = session.store._connection.execute
    assert run("PRAGMA journal_mode").fetchone() == ("wal",)
    assert run("PRAGMA synchronous").fetchone() == (2,)


def test_the_last_orders_count_and_the_receipt_says_so(tmp_path: Path) -> None:
    session = new_play(tmp_path)
    assert not session.submit(AWAY).replaced
    assert session.submit(CLOSER).replaced
    session.resolve(1)
    assert session.replay().now.clients[2].posture == 0


def test_a_form_that_is_sent_twice_counts_once(tmp_path: Path) -> None:
    session = new_play(tmp_path)
    first = session.submit(AWAY, key="form")
    rows = session.game.seq
    assert session.submit(AWAY, key="form").at == first.at
    assert session.game.seq == rows
    with pytest.raises(GameError, match="another content"):
        session.submit(CLOSER, key="form")
    session.submit(sheet(PATRON, 1), key="form")  # another seat's keys are its own
    session.resolve(1)
    assert session.submit(AWAY, key="form").turn == 1  # even late: it was acknowledged


def test_withdrawn_orders_are_left_to_the_rule(tmp_path: Path) -> None:
    session, other = new_play(tmp_path), new_play(tmp_path, name="other")
    session.submit(AWAY)
    session.withdraw(OPENLAND, 1)
    assert session.resolve(1).digest == other.resolve(1).digest


def test_late_orders_are_refused(tmp_path: Path) -> None:
    session = new_play(tmp_path)
    session.close_turn(1)
    with pytest.raises(LateError, match="turn 1 is closed"):
        session.submit(AWAY)
    session.reopen_turn(1)
    session.submit(AWAY)
    session.resolve(1)
    with pytest.raises(LateError, match="turn 2 is"):
        session.submit(CLOSER)
    for turn in range(2, 7):
        session.resolve(turn)
    with pytest.raises(LateError, match="6 turns"):
        session.submit(sheet(OPENLAND, 7))
    assert session.view(OPENLAND).phase == "over"


def test_a_turn_is_resolved_once_by_however_many(tmp_path: Path) -> None:
    session = new_play(tmp_path)
    with ThreadPoolExecutor(8) as pool:
        digests = {replay.digest for replay in pool.map(session.resolve, [1] * 8)}
    assert len(digests) == 1
    assert sum(isinstance(row.body, records.Resolved) for row in session.store.records()) == 1
    with pytest.raises(LateError):
        session.resolve(3)


def test_concurrent_orders_all_count_in_the_order_of_the_log(tmp_path: Path) -> None:
    session = new_play(tmp_path)
    given = [AWAY, CLOSER] * 8
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(session.submit, given))
    orders = [row.body.sheet for row in session.store.records() if isinstance(row.body, records.Ordered)]
    assert len(orders) == 16
    assert session.view(OPENLAND).sheet == orders[-1]


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
    session, straight = new_play(tmp_path), new_play(tmp_path, name="straight")
    session.submit(AWAY)
    session.resolve(1)
    undone = session.replay().digest
    session.message(PATRON, (OPENLAND,), "So that is how it is.")
    session.submit(sheet(OPENLAND, 2, {"do": "posture", "posture": "hedging"}))
    session.undo(1)
    assert session.view(OPENLAND).sheet == AWAY
    assert session.view(OPENLAND).messages == ()
    session.submit(CLOSER)
    session.resolve(1)
    straight.submit(CLOSER)
    straight.resolve(1)
    assert session.replay().digest == straight.replay().digest != undone
    assert [mark.what for mark in session.game.marks] == ["resolved", "undone", "resolved"]
    assert undone.encode() not in b"".join(everything(session))
    with pytest.raises(GameError):
        session.undo(2)


def test_branches_tell_decision_from_luck(tmp_path: Path) -> None:
    session = new_play(tmp_path)
    session.submit(AWAY)
    for turn in (1, 2, 3):
        session.resolve(turn)
    trunk = session.replay()
    luck = session.branch_off("other luck", 2, luck="other")
    assert session.play_out(luck, 3).months[0] == trunk.months[0]
    assert session.replay(luck).months[1:] != trunk.months[1:]
    order = session.branch_off("other order", 1)
    session.submit(CLOSER, by=FACILITATOR, branch=order)
    assert session.play_out(order, 3).now.clients[2] != trunk.now.clients[2]
    same = session.branch_off("the same", 1)
    assert session.play_out(same, 3).digest == trunk.digest
    assert session.replay().digest == trunk.digest
    assert reopened(session).verify() == ()


def test_a_branch_is_played_out_after_play_has_ended(tmp_path: Path) -> None:
    session = new_play(tmp_path)
    for turn in (1, 2):
        session.resolve(turn)
    session.end()
    branch = session.branch_off("Other luck", 1, luck="other")
    session.play_out(branch, 2)
    assert session.game.branches[branch].resolved == 2
    assert session.snapshot().over
    with pytest.raises(LateError, match="play is over"):
        session.resolve(3)


def test_teams_can_go_on_in_a_branch(tmp_path: Path) -> None:
    session = new_play(tmp_path)
    for turn in (1, 2):
        session.resolve(turn)
    branch = session.branch_off("again", 1)
    before = everything(session)
    session.submit(AWAY, by=FACILITATOR, branch=branch)
    session.resolve(1, branch=branch)
    staff = session.game.everybody.index(FACILITATOR)
    after = everything(session)
    assert before[:staff] + before[staff + 1 :] == after[:staff] + after[staff + 1 :]
    session.activate(branch)
    assert session.view(OPENLAND).turn == 2
    session.submit(sheet(OPENLAND, 2, {"do": "posture", "posture": "hedging"}))


def test_injects_happen_now_later_or_once_something_is_seen(tmp_path: Path) -> None:
    session = new_play(tmp_path)
    session.inject(
        "now", {"kind": "attack", "client": OPEN, "adversary": "Foe", "what": "An attack."}, news="Attack!"
    )
    assert [(item.kind, item.text) for item in session.view(PATRON).public.coming if item.kind == "attack"] == [
        ("attack", (("en", "Attack!"), ("de", "Attack!")))
    ]
    later = {"kind": "offer", "client": BORDER, "rival": "East", "what": "An offer."}
    session.inject("later", later, when="2020-12", news="secret so far")
    session.inject("never", later, when=ShareReached(share=1.0), news="secret so far")
    session.inject("soon", later, when=ShareReached(share=0.0), news="secret so far")
    assert all(b"secret so far" not in seen for seen in everything(session))
    session.resolve(1)
    assert any(item.kind == "attack" and item.text for item in session.view(PATRON).public.news)
    assert any(item.text[0][1] == "secret so far" for item in session.view(PATRON).public.coming if item.text)
    with pytest.raises(GameError, match="has happened"):
        session.recall("now")
    session.recall("later")
    with pytest.raises(GameError, match="already"):
        session.inject("soon", later)
    with pytest.raises(scenarios.ScenarioError, match="did you mean"):
        session.inject("bad", {**later, "client": "Bordr"})
    with pytest.raises(GameError, match="expected a month"):
        session.inject("too early", later, when="2020-02")
    with pytest.raises(scenarios.ScenarioError, match="outside the scenario's span"):
        session.inject("too late", later, when="2031-02")
    assert reopened(session).replay().digest == session.replay().digest


def test_a_seat_is_claimed_once(tmp_path: Path) -> None:
    session = new_play(tmp_path)
    session.claim(OPENLAND, "anna")
    session.claim(OPENLAND, "anna")
    with pytest.raises(GameError, match="is taken"):
        session.claim(OPENLAND, "bert")
    session.release(OPENLAND)
    session.claim(OPENLAND, "bert")
    with pytest.raises(GameError, match="did you mean"):
        session.claim(Seat("client", "Opne"), "anna")


def test_orders_are_checked_before_they_are_written(tmp_path: Path) -> None:
    session = new_play(tmp_path)
    rows = session.game.seq
    with pytest.raises(OrderError):
        session.submit(sheet(OPENLAND, 1, {"do": "posture", "posture": "realigned"}))
    with pytest.raises(GameError, match="gives no orders for"):
        session.submit(AWAY, by=PATRON)
    with pytest.raises(GameError, match="no seat"):
        session.submit(sheet(Seat("rival", "North"), 1))
    assert session.game.seq == rows == len(session.store.records())


def test_a_file_that_is_no_game_is_refused_and_left_alone(tmp_path: Path) -> None:
    text, other = tmp_path / "text.game", tmp_path / "other.game"
    text.write_text("hello")
    with sqlite3.connect(other) as connection:
        connection.execute("CREATE TABLE t (x)")
    connection.close()
    for path in (text, other, tmp_path / "none.game"):
        with pytest.raises(StoreError):
            Session.open(path)
    assert text.read_text() == "hello"
    with pytest.raises(StoreError, match="exists already"):
        new_play(tmp_path, name="text")
    with pytest.raises(scenarios.ScenarioError):
        Session.create(tmp_path / "new.game", "venezuela_2062")
    assert not (tmp_path / "new.game").exists()


def test_a_full_disk_loses_nothing_acknowledged(tmp_path: Path) -> None:
    session = new_play(tmp_path)
    session.submit(AWAY)
    pages = session.store._connection.execute("PRAGMA page_count").fetchone()[0]
    session.store._connection.execute(f"PRAGMA max_page_count = {pages}")
    seen = everything(session)

    def fill() -> None:
        nonlocal seen
        for number in range(50):
            session.draft(PATRON, 1, f"{number}" + "x" * 15_000)
            seen = everything(session)

    with pytest.raises(StoreError, match="full"):
        fill()
    assert everything(session) == seen
    assert everything(reopened(session)) == seen
    session.store._connection.execute("PRAGMA max_page_count = 1000000")
    session.draft(PATRON, 1, "there is room again")
    assert everything(reopened(session)) == everything(session)


def test_a_clock_that_jumps_changes_no_result(tmp_path: Path) -> None:
    times = iter(["2026-11-01T12:00:00+00:00", "1999-01-01T00:00:00+00:00", "2040-01-01T00:00:00+00:00"] * 4)
    session, other = new_play(tmp_path, clock=lambda: next(times)), new_play(tmp_path, name="other")
    for one in (session, other):
        one.submit(AWAY)
        one.resolve(1)
    assert session.replay().digest == other.replay().digest


class PulledPlugError(BaseException):
    """The process ends here."""


STEPS: tuple[Callable[[Session], Any], ...] = (
    lambda session: session.claim(OPENLAND, "anna", key="1"),
    lambda session: session.submit(AWAY, key="2"),
    lambda session: session.submit(sheet(WEST, 1, {"do": "offer", "client": OPEN}), key="3"),
    lambda session: session.message(OPENLAND, (WEST,), "Hello", key="4"),
    lambda session: session.resolve(1),
    lambda session: session.inject(
        "now", {"kind": "claim", "client": BORDER, "news": "bad", "what": "A claim."}, key="5"
    ),
    lambda session: session.submit(sheet(FOE, 2, {"do": "press", "client": SHIELDED, "intensity": 2}), key="6"),
    lambda session: session.resolve(2),
)


class Faulty(Store):
    """A store that fails just before or just after one of its commits."""

    fails_at = (0, "before")
    appended = 0

    def append(self, *arguments: Any, **more: Any) -> records.Record:
        self.appended += 1
        number, when = self.fails_at
        if self.appended == number and when == "before":
            raise PulledPlugError
        row = super().append(*arguments, **more)
        if self.appended == number:
            raise PulledPlugError
        return row


def walk(session: Session, acknowledged: list[int]) -> None:
    """Take all steps, and note the row after each that was answered."""
    for step in STEPS:
        step(session)
        acknowledged.append(session.game.seq)


def finished(folder: Path) -> tuple[list[bytes], int]:
    session = new_play(folder, name="straight")
    for step in STEPS:
        step(session)
    return everything(session), session.game.seq


def test_a_fault_at_any_commit_loses_nothing_and_resolves_no_turn_twice(tmp_path: Path) -> None:
    wanted, rows = finished(tmp_path)
    for when in ("before", "after"):
        for number in range(1, rows):
            session = new_play(tmp_path, name=f"{when}-{number}")
            session.close()
            store = Faulty(session.store.path, clock=lambda: NOON)
            store.fails_at = (number, when)
            broken = Session(store)
            acknowledged: list[int] = []
            with pytest.raises(PulledPlugError):
                walk(broken, acknowledged)
            again = reopened(session)
            assert again.game.seq >= max(acknowledged, default=1)
            for step in STEPS:  # whoever was not answered asks once more
                step(again)
            assert again.game.seq == rows
            assert everything(again) == wanted
            resolved = [row.body.turn for row in again.store.records() if isinstance(row.body, records.Resolved)]
            assert resolved == [1, 2]
            store.close()


def test_all_seats_can_play_a_whole_game(tmp_path: Path) -> None:
    session = new_play(tmp_path, small(2))
    for turn in range(1, session.game.schedule.turns + 1):
        for seat in TEAMS:
            session.submit(sheet(seat, turn))
            session.ready(seat, turn)
        session.resolve(turn)
    session.end()
    assert len(session.replay().months) == 6
    bots = new_play(tmp_path, small(2), name="bots")
    for turn in (1, 2, 3):
        bots.resolve(turn)
    assert session.replay().months == bots.replay().months
