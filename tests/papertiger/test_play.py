"""The command that serves a game takes in games that were exported."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from papertiger.scenarios.tables import format_rows
from papertiger.wargame.archive import export
from papertiger.wargame.engine import worker as engine
from papertiger.wargame.engine.worker import LocalEngine
from papertiger.wargame.folder import LOG_NAME
from papertiger.wargame.server import serve as start
from papertiger.wargame.session import Session
from tests.papertiger.conftest import Command
from tests.wargame.games import WEST, new_play, sheet

GAMES = Path("results") / "games"


@pytest.fixture
def served(monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """Note which folder would be served, instead of waiting for Ctrl-C."""
    found: list[Path] = []

    def serve(folder: Path, *_: Any) -> None:
        found.append(folder)

    monkeypatch.setattr(start, "serve", serve)
    # The worker is a process that imports everything anew; here it is not the point.
    monkeypatch.setattr(engine, "Worker", lambda **_: LocalEngine())
    return found


def exported(folder: Path) -> tuple[bytes, str]:
    """Return a game in which somebody sits as a file, and a name for all that happened in it."""
    session = new_play(folder, name="first")
    session.claim(WEST, "Anna")
    session.submit(sheet(WEST, 1, {"do": "offer", "client": "Open"}))
    session.resolve(1)
    return export(session), session.replay().digest


def test_an_exported_game_is_played_on_in_a_folder_of_its_own(
    papertiger: Command, tmp_path: Path, served: list[Path]
) -> None:
    file, digest = exported(tmp_path)
    Path("friday.json").write_bytes(file)
    for folder in (GAMES / "friday", GAMES / "friday-2"):
        answer = papertiger("play", "friday.json", "--no-browser")
        assert answer.code == 0
        assert answer.out.startswith(f"The game of friday.json is now in {folder}; ")
        assert answer.out.endswith(f": papertiger play {folder.name}\n")
        assert served[-1] == folder
        again = Session.open(folder / LOG_NAME, engine=LocalEngine())
        assert again.replay().digest == digest
        assert not again.game.holders  # or nobody could sit there
        again.close()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (None, "there is no such file; expected a scenario, or a game that was exported"),
        ("{", "this file is no exported game:1: not JSON: EOF while parsing an object"),
        ("[]", "this file is no exported game: expected an object, got a list"),
        (json.dumps({"format": "papertiger game", "version": 1, "rows": []}), "this file holds no rows"),
    ],
)
def test_what_is_no_game_is_refused_in_one_line(
    papertiger: Command, served: list[Path], text: str | None, said: str
) -> None:
    if text is not None:
        Path("friday.json").write_text(text, encoding="utf-8")
    answer = papertiger("play", "friday.json", "--no-browser")
    assert (answer.code, answer.error) == (2, f"friday.json: {said}\n")
    assert not GAMES.exists()
    assert not served


def test_a_game_that_cannot_have_been_played_names_the_row(
    papertiger: Command, tmp_path: Path, served: list[Path]
) -> None:
    said = json.loads(exported(tmp_path)[0])
    said["rows"][2]["body"]["sheet"]["orders"][0]["client"] = "Opem"
    Path("friday.json").write_text(json.dumps(said), encoding="utf-8")
    answer = papertiger("play", "friday.json", "--no-browser")
    assert answer.code == 2
    assert "row 3: " in answer.error
    assert "'Open'" in answer.error
    assert not list(GAMES.glob("*/*"))


def test_tables_of_a_served_game_are_for_the_spreadsheet_that_was_named(
    papertiger: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    said: list[str] = []
    monkeypatch.setattr(start, "serve", lambda *_: said.append(format_rows(("a", "b"), [(1, 0.5)])))
    assert papertiger("play", "venezuela_2026", "--no-browser", "--excel", "de").code == 0
    assert said == ["\ufeffa;b\r\n1;0,5\r\n"]
    refused = papertiger("play", "venezuela_2026", "--no-browser", "--excel", "fr")
    assert refused.code == 2
    assert "--excel: expected one of de, en, got 'fr'" in refused.error
