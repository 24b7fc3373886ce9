"""Random games, with faults wherever something is written or computed: nothing is lost, and nothing happens twice."""

from __future__ import annotations

from pathlib import Path
from random import Random
from typing import Any

import pytest

from papertiger.wargame.archive import export, tables_of, take_in
from papertiger.wargame.engine.fan import Fan, FanRequest
from papertiger.wargame.engine.replay import Replay
from papertiger.wargame.engine.worker import LocalEngine
from papertiger.wargame.log import records
from papertiger.wargame.log.store import Store, StoreError
from papertiger.wargame.rules.request import ReplayRequest
from papertiger.wargame.rules.seats import THE_FACILITATOR
from papertiger.wargame.session import Session
from papertiger.wargame.views.facilitator import white_cell
from papertiger.wargame.views.plain import as_bytes
from papertiger.wargame.views.review import review_of, side_by_side, view_then
from tests.wargame.games import NOON, OPENED, TEAMS, WEST, new_play, reopened
from tests.wargame.random_games import Author, Step


class PulledPlugError(BaseException):
    """The process ends here."""


class Faults:
    """Says where something goes wrong: at every so many writes and computations, in all the ways there are."""

    KINDS = ("before", "within", "after", "refused")

    def __init__(self, seed: int, chance: float = 0.3) -> None:
        self.random, self.chance, self.happened = Random(seed), chance, list[str]()

    def next(self, *kinds: str) -> str:
        if self.random.random() >= self.chance:
            return ""
        self.happened.append(self.random.choice(kinds))
        return self.happened[-1]


class Cut:
    """A connection that is cut off when it is about to commit."""

    def __init__(self, connection: Any) -> None:
        self.connection = connection

    def execute(self, text: str, *more: Any) -> Any:
        if text == "COMMIT":
            raise PulledPlugError
        return self.connection.execute(text, *more)

    def __getattr__(self, name: str) -> Any:
        return getattr(self.connection, name)


class Frail(Store):
    """A store that fails before, within or after a commit, or whose disk refuses a write."""

    faults: Faults

    def append(self, *arguments: Any, **more: Any) -> records.Record:
        kind = self.faults.next(*Faults.KINDS)
        if kind == "before":
            raise PulledPlugError
        if kind == "refused":
            raise StoreError("the disk is full")
        whole = self._connection
        if kind == "within":
            self._connection = Cut(whole)  # type: ignore[assignment]
        try:
            row = super().append(*arguments, **more)
        finally:
            self._connection = whole
        if kind == "after":
            raise PulledPlugError
        return row


class Mortal(LocalEngine):
    """An engine that dies at work, before or after the work is done; its answer is lost then."""

    def __init__(self, faults: Faults) -> None:
        self.faults = faults

    def replay(self, request: ReplayRequest) -> Replay:
        kind = self.faults.next("no engine", "no answer")
        if kind == "no engine":
            raise PulledPlugError
        replay = super().replay(request)
        if kind == "no answer":
            raise PulledPlugError
        return replay


class Few(LocalEngine):
    """An engine with few continuations, since here their number says nothing."""

    def fan(self, request: FanRequest) -> Fan:
        from dataclasses import replace

        return super().fan(replace(request, runs=10))


def all_bytes(session: Session) -> dict[str, bytes]:
    """Return everything that anybody can be shown or can carry away."""
    session.engine = Few()
    snapshot = session.snapshot()
    found = {f"view {seat}": as_bytes(session.view(seat)) for seat in session.game.everybody}
    found["white cell"] = as_bytes(white_cell(snapshot))
    found["sides"] = as_bytes(side_by_side(session))
    for seat in (WEST, THE_FACILITATOR):
        review = review_of(session, seat)
        found[f"review {seat}"] = as_bytes(review)
        found[f"tables {seat}"] = as_bytes(tables_of(review))
    for turn in range(1, snapshot.line.resolved + 1):
        found[f"then {turn}"] = as_bytes([view_then(session, seat, turn) for seat in TEAMS])
    found["export"] = export(session)
    return found


def log_of(session: Session) -> list[tuple[int, str, int, str]]:
    """Return the rows; those without a form have a name that was drawn."""
    return [(row.seq, row.at, row.branch, row.text) for row in session.store.records()]


def assert_resolved_once(session: Session) -> None:
    """Hold the log against the rule: a turn is resolved again only if it was undone."""
    resolved = {line.number: line.since - 1 for line in session.game.branches}
    for row in session.store.records():
        if isinstance(row.body, records.Resolved):
            assert row.body.turn == resolved[row.branch] + 1, row
            resolved[row.branch] = row.body.turn
        elif isinstance(row.body, records.Undone):
            assert row.body.turn == resolved[row.branch], row
            resolved[row.branch] -= 1


def frail(path: Path, faults: Faults) -> Session:
    store = Frail(path, clock=lambda: NOON)
    store.faults = faults
    OPENED.append(Session(store, Mortal(faults)))
    return OPENED[-1]


def played_through(path: Path, steps: list[Step], faults: Faults) -> tuple[Session, list[str]]:
    """Play a game in which things go wrong: whoever got no answer asks once more, and nothing else is repeated."""
    session, said, answered = frail(path, faults), list[str](), list[Any]()
    for step in steps:
        while True:
            try:
                said.append(step.take(session))
            except PulledPlugError:
                session.close()
                session = frail(path, faults)
            except StoreError:
                pass  # the disk was full, and the same program goes on
            else:
                answered = log_of(session)
                break
            assert log_of(session)[: len(answered)] == answered, step.name
    return session, said


def assert_survives(folder: Path, seed: int, length: int = 30) -> list[str]:
    straight = new_play(folder, name=f"straight-{seed}")
    author = Author(straight, seed)
    author.write(length)
    broken = new_play(folder, name=f"broken-{seed}")
    broken.close()
    faults = Faults(seed)
    session, said = played_through(broken.store.path, author.steps, faults)
    assert said == author.said
    assert log_of(session) == log_of(straight)
    assert_resolved_once(session)
    assert all_bytes(session) == all_bytes(straight)
    assert_comes_back(folder, straight)
    return [*faults.happened, *(step.name.split()[0] for step in author.steps)]


def assert_comes_back(folder: Path, session: Session) -> None:
    """Hold a game against its replay from the log, and against the game that its export becomes elsewhere."""
    wanted = all_bytes(session)
    again = reopened(session)
    assert again.verify() == ()
    assert all_bytes(again) == wanted
    path = take_in(wanted["export"], folder / "taken in", clock=lambda: NOON)
    OPENED.append(Session.open(path, clock=lambda: NOON))
    taken = all_bytes(OPENED[-1])
    assert [name for name in wanted if taken[name] != wanted[name]] in ([], ["white cell"])  # names of holders


KINDS = frozenset({*Faults.KINDS, "no engine", "no answer"})


@pytest.mark.slow
def test_random_games_survive_faults_wherever_they_strike(tmp_path: Path) -> None:
    happened = {kind for seed in range(4) for kind in assert_survives(tmp_path, seed)}
    assert happened >= KINDS


@pytest.mark.slow
@pytest.mark.parametrize("part", range(10))
def test_two_hundred_random_games_survive_faults(part: int, tmp_path: Path) -> None:
    happened = {kind for seed in range(100 + 20 * part, 120 + 20 * part) for kind in assert_survives(tmp_path, seed)}
    steps = {name for name, member in vars(Author).items() if callable(member) and not name.startswith("_")}
    assert happened >= KINDS | (steps - {"write", "again", "end"})
