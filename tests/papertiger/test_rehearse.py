"""The command `rehearse`: a whole game with nobody in any seat, and what it leaves."""

from __future__ import annotations

import csv
import json
import re
from pathlib import Path

import pytest

from papertiger.scenarios.schema.values import POSTURES
from papertiger.wargame.archive import take_in
from papertiger.wargame.engine.worker import LocalEngine
from papertiger.wargame.i18n.formats import month
from papertiger.wargame.rules.seats import Seat
from papertiger.wargame.rules.setup import played_scenario
from papertiger.wargame.session import Session
from tests.model.worlds import shipped
from tests.papertiger.conftest import Command
from tests.wargame.engine.test_replay import assert_is_run

LEFT = {
    "game.game", "game.json", "rehearsal.json", "review.html", "review.json", "answers.csv", "cards.html",
    "beliefs.csv", "forecasts.csv", "left_to_the_rules.csv", "messages.csv", "orders.csv",
    "postures.csv", "press.csv", "promises.csv", "scores.csv", "why.csv",
}  # fmt: skip
DEFAULT = Path("results/games/venezuela_2026-rehearsal-seed1")


def test_it_is_a_run_of_the_model_and_leaves_what_a_played_game_leaves(papertiger: Command) -> None:
    answer = papertiger("rehearse", "venezuela_2026", "--seed", "5", "--out", "x")
    assert (answer.code, answer.error) == (0, "")
    assert {file.name for file in Path("x").iterdir()} == LEFT
    session = Session.open(Path("x/game.game"))
    try:
        replay = session.replay()
        assert session.snapshot().over
        assert session.verify() == ()
        assert_is_run(replay, played_scenario(shipped("venezuela_2026")), seed=5)
        news = session.view(Seat("observer")).public.news
    finally:
        session.close()
    with Path("x/postures.csv").open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["client"] == "Venezuela"]
    i, game = list(shipped("venezuela_2026").clients).index("Venezuela"), shipped("venezuela_2026").game
    assert game is not None
    rungs = ("loyal", "hedging", "distancing", "suspended", "realigned")
    ends = replay.months[game.months_per_turn - 1 :: game.months_per_turn]
    assert [row["posture"] for row in rows] == [rungs[month.clients[i].posture] for month in ends]
    for item in news:
        assert month(item.month, "en") in answer.out
        # What came of it is said in the same sentence.
        assert not item.text or item.text[0][1].rstrip(".").lower() in answer.out.lower()
    copy = take_in(Path("x/game.json").read_bytes(), Path("taken"), engine=LocalEngine())
    again = Session.open(copy)
    assert again.replay().digest == replay.digest
    again.close()


def test_its_pages_need_nothing_else_and_speak_the_language(papertiger: Command) -> None:
    answer = papertiger("rehearse", "venezuela_2026", "--language", "de")
    assert answer.code == 0
    assert "Runde" in answer.out
    assert "US-Schläge und ein Hubschrauberüberfall treffen Caracas; Russland" in answer.out
    assert f"papertiger play venezuela_2026 --name {DEFAULT.name}" in answer.out
    for name, said in (("review.html", "Rückblick"), ("cards.html", "Was ihr in jeder Runde entscheidet")):
        page = (DEFAULT / name).read_text(encoding="utf-8")
        assert said in page
        assert "default-src 'none'" in page
        assert re.findall(r"<(?:script|link|img|form|iframe)\b|https?://|/room|/static", page) == []
    cards = (DEFAULT / "cards.html").read_text(encoding="utf-8")
    # Of an odd number of seats the last page is filled with what all need on the table.
    assert len(re.findall('class="sheet', cards)) == 7 + 1


def test_a_rehearsal_is_replaced_and_a_game_that_is_played_is_not(papertiger: Command) -> None:
    rehearse = ("rehearse", "venezuela_2026")
    for _ in range(2):
        assert papertiger(*rehearse).code == 0
    assert {file.name for file in DEFAULT.iterdir()} == LEFT
    session = Session.open(DEFAULT / "game.game")
    session.claim(Seat("patron"), "Anna")
    open_still = papertiger(*rehearse)
    session.close()
    for answer in (open_still, papertiger(*rehearse)):
        assert answer.code == 2
        assert answer.error == f"{DEFAULT}: a game that somebody plays lies there; give another folder with --out\n"
    session = Session.open(DEFAULT / "game.game")
    assert session.game.holders == {"patron": "Anna"}
    session.close()
    (DEFAULT / "rehearsal.json").unlink()
    assert papertiger(*rehearse).code == 2


def test_many_games_are_counted_and_the_first_is_kept(papertiger: Command) -> None:
    answer = papertiger("rehearse", "venezuela_2026", "--games", "3", "--seed", "7", "--out", "x")
    assert answer.code == 0
    assert "3 games with nobody in any seat (seeds 7 to 9)" in answer.out
    assert json.loads(Path("x/rehearsal.json").read_text(encoding="utf-8"))["games"] == 3
    with Path("x/tendency.csv").open(encoding="utf-8", newline="") as file:
        rows = {row["client"]: row for row in csv.DictReader(file)}
    assert sum(float(rows["Cuba"][f"after_{rung}"]) for rung in POSTURES) == pytest.approx(1.0)
    assert float(rows["Cuba"]["crises"]) >= 1.0


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("venezuela_2062",), "'venezuela_2026'"),
        (("partners_2020",), "has no part 'game'"),
        (("venezuela_2026", "--language", "fr"), "--language: expected one of en, de, got 'fr'"),
        (("venezuela_2026", "--seed", "-1"), "--seed -1: expected a seed"),
        (("venezuela_2026", "--games", "0"), "--games 0: expected a number of games"),
        (("venezuela_2026", "--out", "file/in"), "cannot write to file: expected a folder"),
    ],
)
def test_what_cannot_be_rehearsed_is_refused_before_anything_is_written(
    papertiger: Command, words: tuple[str, ...], said: str
) -> None:
    Path("file").write_text("x", encoding="utf-8")
    answer = papertiger("rehearse", *words)
    assert answer.code == 2
    assert said in answer.error
    assert answer.out == ""
    assert [entry.name for entry in Path().iterdir()] == ["file"]


def test_ctrl_c_in_the_middle_leaves_nothing(papertiger: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    resolve = Session.resolve

    def stopped(session: Session, turn: int, **more: int | None) -> object:
        if turn == 3:
            raise KeyboardInterrupt
        return resolve(session, turn, **more)

    monkeypatch.setattr(Session, "resolve", stopped)
    answer = papertiger("rehearse", "venezuela_2026")
    assert answer.code == 130
    assert not DEFAULT.exists()
