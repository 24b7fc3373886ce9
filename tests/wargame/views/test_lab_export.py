"""What the groups did, taken back to the lab: its run 0 is the game that the class played, and others compare."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import pytest

from papertiger.experiments.design.decisions import book_of
from papertiger.experiments.design.loader import load_study
from papertiger.experiments.run.runner import run_experiment
from papertiger.scenarios.schema.values import POSTURES
from papertiger.wargame.engine.worker import LocalEngine
from papertiger.wargame.parallel import ParallelGames
from papertiger.wargame.rules.seats import Seat
from papertiger.wargame.session import Session
from papertiger.wargame.views.lab_export import files_of, packed
from tests.wargame.games import OPEN, PATRON, WEST, sheet, small

BORDER = Seat("client", "Border")


@pytest.fixture
def games(tmp_path: Path) -> Iterator[list[tuple[int, str, Session]]]:
    """Two copies of one world; in the second a client leaves, and a rival takes its offer back."""
    made = ParallelGames(tmp_path / "class", small, LocalEngine(), groups=2, seed=3)
    sessions = [group.session for group in made.groups]
    sessions[1].submit(sheet(BORDER, 1, {"do": "posture", "posture": "distancing", "why": "Because: {x} # y"}))
    sessions[1].submit(sheet(PATRON, 1, {"do": "respond", "client": "Border", "answer": "nothing"}))
    sessions[1].submit(sheet(WEST, 1, {"do": "offer", "client": OPEN}))
    for session in sessions:
        session.resolve(1)
    sessions[1].submit(sheet(BORDER, 2, {"do": "posture", "posture": "suspended"}))
    for session in sessions:
        session.resolve(2)
    yield [(number, f"Group: {number}", session) for number, session in enumerate(sessions, start=1)]
    made.close()


def unpacked(folder: Path, games: list[tuple[int, str, Session]]) -> Path:
    turns = games[0][2].game.branch.resolved
    data = packed(files_of(games, 1, turns))
    assert data == packed(files_of(games, 1, turns))
    zipfile.ZipFile(BytesIO(data)).extractall(folder)
    return folder / "lab" / "class.yaml"


def test_the_experiment_holds_the_orders_and_no_more(tmp_path: Path, games: list[tuple[int, str, Session]]) -> None:
    study = load_study(unpacked(tmp_path, games))
    assert list(study.worlds) == ["group_1", "group_2"]
    for number, _, session in games:
        entry = study.experiment.scenarios[number - 1]
        replay = session.replay()
        setting = session.snapshot().setting
        last = session.game.schedule.months(2)[-1]
        book = book_of(entry.decisions or (), setting)
        assert book.decisions == {key: value for key, value in replay.book.decisions.items() if key[0] <= last}
        assert book.offers == {key: value for key, value in replay.book.offers.items() if key[0] <= last}
        assert study.worlds[entry.name].events.keys() == replay.scenario.events.keys()


def test_run_0_is_the_game_that_the_class_played(tmp_path: Path, games: list[tuple[int, str, Session]]) -> None:
    study = load_study(unpacked(tmp_path, games), replicates=3)
    rows = run_experiment(study, tmp_path / "results").frame()
    for number, _, session in games:
        now = session.replay().months[-1]
        row = rows[(rows["scenario"] == f"group_{number}") & (rows["replicate"] == 0)].iloc[0]
        assert row["credibility"] == now.credibility
        names = [own.name for own in session.snapshot().setting.clients]
        client = now.clients[names.index("Border")]
        assert row["rung_border"] == client.posture
        assert row["trust_border"] == client.protection
    mine = rows[rows["scenario"] == "group_2"]["rung_border"]
    assert set(mine) == {POSTURES.index("suspended")}  # ordered, so in every run


def test_the_seed_of_a_game_that_draws_one_fits_into_a_file(tmp_path: Path) -> None:
    made = ParallelGames(tmp_path / "class", small, LocalEngine(), groups=1)
    session = made.groups[0].session
    session.resolve(1)
    study = load_study(unpacked(tmp_path, [(1, "One", session)]))
    assert study.experiment.seed == session.game.created.seed < 10**18
    made.close()
