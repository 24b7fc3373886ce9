"""Two games that differ only in what one seat keeps to itself send everybody else the same bytes."""

from __future__ import annotations

import io
import json
import re
import zipfile
from pathlib import Path
from typing import Any

import pytest

from scenarios import Scenario
from tests.model.worlds import shipped
from tests.wargame.games import BORDER, small
from tests.wargame.server.crawl import look, spoil
from tests.wargame.server.drama import LAST, Drama
from tests.wargame.server.stage import Answer, Stage
from wargame import seats
from wargame.case import game_of

SECRET = "SECRET"
BORDERLAND = f"client:{BORDER}"
REVEALS = (("orders", LAST), ("beliefs", LAST), ("scores", LAST))
"""What the review reveals here: of what is kept secret in these games nothing."""


TELLING = "given 2|undone|in the branch|answered|revealed"
"""Moments at which to look where there is no time to look at all of them, and at what cannot be."""


class Hiding(Drama):
    """A drama in which one seat has much to hide, or nothing."""

    def __init__(self, stage: Stage, teams: tuple[str, ...], hider: str, *, hides: bool) -> None:
        super().__init__(stage, teams, REVEALS)
        self.hider, self.hides = hider, hides
        brief = seats.brief_of(stage.play.game.game, seats.parse(hider))
        if brief is not None and any(goal.measure == "forecasts" for goal in brief.objectives.values()):
            self.reveals = REVEALS[:2]  # its score says how good its forecasts were

    letters = 0

    def write(self, seat: str, turn: int, friend: str) -> None:
        super().write(seat, turn, friend)
        self.letters += seat == self.hider

    def word(self, who: str, what: str, turn: int = 0) -> str:
        if who == self.hider and self.hides and what != "message":
            return f"{SECRET} of {what} in {turn}, which is {'very ' * turn}long"
        return f"{what} {turn}"

    def send(self, who: str, path: str, **fields: str) -> Any:
        answer = self.cast[who].send(path, **fields)
        if who != self.hider:  # what somebody hides takes no time
            self.stage.later()
        return answer

    def give(self, seat: str, turn: int, friend: str) -> None:
        if seat != self.hider:
            super().give(seat, turn, friend)
        elif self.hides:
            super().give(seat, turn, friend)
            self.send(seat, "/desk/withdraw", turn=str(turn))
            self.send(seat, "/desk/orders", turn=str(turn), posture="realigned", **{"as": "orders"})
            self.order(seat, turn, "orders", "second thought")
            self.cast[seat].get("/outlook")
        else:
            self.order(seat, turn, "orders", "why")

    def answer(self, seat: str) -> None:
        if seat != self.hider or self.hides:
            super().answer(seat)

    def fields(self, seat: str, turn: int, what: str) -> dict[str, str]:
        told = super().fields(seat, turn, what)
        if seat == self.hider and not self.hides:
            told = {name: value for name, value in told.items() if not re.match(r"ask\d|client\d|chance|until", name)}
            told.pop("hedge", None)
        return told

    # What the facilitator hides

    def inject(self) -> None:
        if self.hider != "facilitator" or self.hides:
            super().inject()
            if self.hider == "facilitator":
                self.staff_sends("/room/branch", turn="1", name=self.word("facilitator", "branch"), luck="same")
                said = {
                    "kind": "offer",
                    "rival": next(iter(self.stage.play.game.scenario.rivals)),
                    "what": "Nothing.",
                }
                client = next(iter(self.stage.play.game.scenario.clients))
                month = self.stage.play.game.month(self.stage.play.game.schedule.last)
                self.stage.play.inject("recalled", {**said, "client": client}, when=month)
                self.stage.play.recall("recalled")


def played(
    folder: Path, scenario: Scenario, teams: tuple[str, ...], hider: str, *, hides: bool, spoils: bool
) -> Hiding:
    """Play one of two twins, in which everybody asks for everything at each moment."""
    folder.mkdir()
    stage = Stage(folder, scenario)
    try:
        drama = Hiding(stage, teams, hider, hides=hides)
        for moment in drama.moments():
            for name, visitor in drama.others.items():
                if name != hider and (spoils or re.match(TELLING, moment)):
                    forms = look(visitor)
                    if spoils and moment in ("given 3", "undone", "answered"):
                        spoil(stage, visitor, forms, teams)
        for ear in stage.ears.values():
            ear.hang_up()
        return drama
    finally:
        stage.close()


def without_letters(answer: Answer) -> Any:
    """Return an answer without letters that hold the secret, and without what counts them to whoever got them."""
    kind = answer.headers.get("content-type", "")
    if kind == "application/json":
        said = json.loads(answer.content)
        for turn in said["turns"]:
            turn["letters"] = [one | {"number": 0} for one in turn["letters"] if SECRET not in one["text"]]
        return answer.status_code, said
    if kind == "application/zip":
        with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
            tables = {name: archive.read(name).decode().splitlines() for name in archive.namelist()}
        return answer.status_code, {name: [row for row in rows if SECRET not in row] for name, rows in tables.items()}
    text = re.sub(rf"<li>[^\n]*{SECRET}[^\n]*</li>\n", "", answer.text)
    headers = [pair for pair in answer.raw if pair[0] != b"content-length"]
    return answer.status_code, headers, re.sub(r' data-version="\d+"', "", text)


def assert_same(one: Hiding, other: Hiding, friend: str) -> None:
    for name in one.others:
        if name == one.hider:
            continue
        left, right = (drama.cast[name].client.answers for drama in (one, other))
        assert len(left) > 100
        for mine, theirs in zip(left, right, strict=True):
            if name == friend:
                assert without_letters(mine) == without_letters(theirs), f"{name}: {mine.path}"
            else:
                assert mine == theirs, f"{name}: {mine.path}"
        heard, told = (drama.stage.ears[name].heard for drama in (one, other))
        if name == friend:
            assert len(told) == len(heard) + other.letters
        else:
            assert heard == told, name


def assert_nothing_shows(
    folder: Path, scenario: Scenario, teams: tuple[str, ...], hider: str, *, spoils: bool = True
) -> None:
    """Hold two games against each other, and see that there was something to hide."""
    one, other = (
        played(folder / str(hides), scenario, teams, hider, hides=hides, spoils=spoils) for hides in (False, True)
    )
    assert_same(one, other, teams[teams.index(hider) - 1] if hider in teams else "")
    rows = [drama.stage.play.game.seq for drama in (one, other)]
    assert rows[1] > rows[0] + 3
    if hider == BORDERLAND:  # it had contacts, which nobody else saw
        border = list(scenario.clients).index(BORDER)
        contacts = [drama.stage.play.course().now.clients[border].covert_rival for drama in (one, other)]
        assert contacts == [-1, 0]


def test_nobody_else_sees_a_byte_of_what_one_client_hides(tmp_path: Path) -> None:
    assert_nothing_shows(tmp_path, small(), ("patron", "rival:West", BORDERLAND), BORDERLAND, spoils=False)


@pytest.mark.slow
@pytest.mark.parametrize("hider", ["facilitator", "patron", BORDERLAND, "rival:West", "adversary:Foe"])
def test_nobody_else_sees_a_byte_of_what_anybody_hides(hider: str, tmp_path: Path) -> None:
    teams = ("client:Open", "patron", BORDERLAND, "rival:West", "adversary:Foe")
    assert_nothing_shows(tmp_path, small(), teams, hider)


@pytest.mark.slow
@pytest.mark.parametrize("name", ["venezuela_2026", "armenia_2020_2025"])
def test_nobody_else_sees_a_byte_in_a_shipped_game(name: str, tmp_path: Path) -> None:
    scenario = shipped(name)
    offered = [str(seat) for seat in seats.offered(game_of(scenario))]
    assert_nothing_shows(tmp_path, scenario, tuple(offered[:3]), offered[1], spoils=False)
