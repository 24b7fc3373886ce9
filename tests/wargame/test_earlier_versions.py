"""Open a game that an earlier version exported: it reads the same, verifies, and goes on."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from papertiger.wargame.archive import export, take_in
from papertiger.wargame.engine.worker import LocalEngine
from papertiger.wargame.rules.seats import Seat
from papertiger.wargame.session import Session
from tests.wargame.games import NOON, sheet

DATA = Path(__file__).parent / "data"
CUBA, PATRON = Seat("client", "Cuba"), Seat("patron")


@pytest.fixture
def earlier(tmp_path: Path) -> Iterator[Session]:
    """Give a game of two turns that version 0.1.0 exported: orders, messages, an undo, injects and a branch."""
    path = take_in((DATA / "game_0_1_0.json").read_bytes(), tmp_path, ids=lambda: "earlier", clock=lambda: NOON)
    session = Session.open(path, engine=LocalEngine(), clock=lambda: NOON)
    yield session
    session.close()


TURNS = ("branch 0, turn 1", "branch 0, turn 2", "branch 1, turn 1")
OTHERWISE = tuple(f"{turn}: this version comes to other numbers" for turn in TURNS)
"""What the second version of the model, in which the excuse takes weight and the ladder is free, says of these."""


def test_a_game_of_an_earlier_version_opens_and_says_which_turns_come_out_otherwise(earlier: Session) -> None:
    assert earlier.verify() == OTHERWISE
    assert earlier.game.created.version == "0.1.0"
    assert [(line.name, line.resolved) for line in earlier.game.branches] == [("", 2), ("otherwise", 1)]
    assert [message.text for message in earlier.view(CUBA).messages] == ["Will you come?", "Wir kommen – bestimmt."]


def test_a_game_of_an_earlier_version_goes_on(earlier: Session) -> None:
    earlier.submit(sheet(CUBA, 3, {"do": "ask", "ask": True}))
    earlier.undo(2)
    earlier.resolve(2)
    earlier.resolve(3)
    assert earlier.game.branch.resolved == 3
    # What is played now is played by this version, and comes to the same numbers again.
    assert earlier.verify() == (OTHERWISE[0], OTHERWISE[2])


def test_what_is_exported_is_still_what_the_earlier_version_wrote(earlier: Session) -> None:
    """Kinds, keys and values of the log are a format: no name in the code may change them."""
    before = json.loads((DATA / "game_0_1_0.json").read_bytes())
    now = json.loads(export(earlier))
    assert now.keys() == before.keys()
    assert now["rows"] == before["rows"]
