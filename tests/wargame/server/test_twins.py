"""Two games that differ only in what one seat keeps to itself send everybody else the same bytes."""

from __future__ import annotations

import io
import json
import re
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from papertiger.scenarios import Scenario
from papertiger.wargame.rules import seats
from papertiger.wargame.rules.setup import game_of
from tests.model.worlds import shipped
from tests.wargame.games import BORDER, small
from tests.wargame.server.crawl import look, spoil
from tests.wargame.server.drama import LAST, Drama
from tests.wargame.server.stage import Answer, Stage

SECRET = "SECRET"
BORDERLAND = f"client:{BORDER}"
THREAD = r'<details class="thread" data-other="[^"]*"[^>]*>(?:(?!</details>).)*SECRET(?:(?!</details>).)*</details>\n'
"""A thread with the one who hides something: there is none where nothing is hidden."""
REVEALS = (("orders", LAST), ("beliefs", LAST), ("scores", LAST))
"""What the review reveals here: of what is kept secret in these games nothing."""


TELLING = "given 2|undone|in the branch|answered|revealed"
"""Moments at which to look where there is no time to look at all of them, and at what cannot be."""


class Hiding(Drama):
    """A drama in which one seat has much to hide, or nothing."""

    def __init__(self, stage: Stage, teams: tuple[str, ...], hider: str, *, hides: bool) -> None:
        super().__init__(stage, teams, REVEALS)
        self.hider, self.hides = hider, hides
        brief = seats.brief_of(stage.session.game.game, seats.parse(hider))
        if brief is not None and any(goal.measure == "forecasts" for goal in brief.objectives.values()):
            self.reveals = REVEALS[:2]  # its score says how good its forecasts were

    messages = 0

    def write(self, seat: str, turn: int, friend: str) -> None:
        super().write(seat, turn, friend)
        self.messages += 4 * (seat == self.hider)  # a letter, two proposals and a withdrawal

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

    def keep(self, seat: str) -> None:
        if seat != self.hider or self.hides:
            super().keep(seat)

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
                self.staff_sends("/room/recall", name=next(iter(self.stage.session.game.branch.injects)))
                self.staff_sends("/room/pass", seat=self.teams[-1])


def without_messages(answer: Answer) -> Any:
    """Return an answer without messages that hold the secret, and without what counts them to whoever got them."""
    kind = answer.headers.get("content-type", "")
    if kind == "application/json":
        said = json.loads(answer.content)
        if "turns" not in said:  # which version of a page is the newest: a letter makes another
            return answer.status_code, said | {"version": 0}
        for turn in said["turns"]:
            turn["promises"] = [one for one in turn["promises"] if SECRET not in one["text"]]
            turn["messages"] = [one | {"number": 0} for one in turn["messages"] if SECRET not in one["text"]]
        return answer.status_code, said
    if kind == "application/zip":
        with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
            tables = {name: archive.read(name).decode().splitlines() for name in archive.namelist()}
        return answer.status_code, {name: [row for row in rows if SECRET not in row] for name, rows in tables.items()}
    text = re.sub(rf"<li>[^\n]*{SECRET}[^\n]*</li>\n", "", answer.text)
    # What is new is counted, also for all threads together.
    text = re.sub(r' <a class="unread"[^>]*>\d+ new</a>', "", re.sub(THREAD, "", text, flags=re.DOTALL))
    text = re.sub(r"<h3>Who promised what to whom</h3>.*?</p>", "", text, flags=re.DOTALL)
    headers = [pair for pair in answer.raw if pair[0] != b"content-length"]
    return answer.status_code, headers, re.sub(r' data-version="\d+"', "", text)


@contextmanager
def twins(folder: Path, scenario: Scenario, teams: tuple[str, ...], hider: str) -> Iterator[tuple[Hiding, Hiding]]:
    """Begin two games of which only one holds something that is hidden."""
    stages: list[Stage] = []
    try:
        for name in ("plain", "hiding"):
            (folder / name).mkdir()
            stages.append(Stage(folder / name, scenario))
        yield Hiding(stages[0], teams, hider, hides=False), Hiding(stages[1], teams, hider, hides=True)
    finally:
        for stage in stages:
            stage.close()


def assert_nothing_shows(
    folder: Path, scenario: Scenario, teams: tuple[str, ...], hider: str, *, spoils: bool = True
) -> None:
    """Play twins side by side, in which everybody asks for everything each time, and hold all answers together."""
    friend = teams[teams.index(hider) - 1] if hider in teams else ""
    with twins(folder, scenario, teams, hider) as (plain, hiding):
        for moment, same in zip(plain.moments(), hiding.moments(), strict=True):
            assert moment == same
            for name in [name for name in plain.others if name != hider]:
                if spoils or re.match(TELLING, moment):
                    for drama in (plain, hiding):
                        forms = look(drama.cast[name])
                        if spoils and moment in ("given 3", "undone", "answered"):
                            spoil(drama.stage, drama.cast[name], forms, teams)
                assert_same(plain.cast[name].client.take(), hiding.cast[name].client.take(), name == friend)
        assert_told_the_same(plain, hiding, friend)
        assert hiding.stage.session.game.seq > plain.stage.session.game.seq + 3
        if hider == BORDERLAND:  # it had contacts, which nobody else saw
            border = list(scenario.clients).index(BORDER)
            contacts = [drama.stage.session.replay().now.clients[border].covert_rival for drama in (plain, hiding)]
            assert contacts == [-1, 0]


def assert_same(plain: list[Answer], hiding: list[Answer], is_friend: bool) -> None:
    for one, other in zip(plain, hiding, strict=True):
        if is_friend:
            assert without_messages(one) == without_messages(other), one.path
        else:
            assert one == other, one.path


def assert_told_the_same(plain: Hiding, hiding: Hiding, friend: str) -> None:
    """Hold together what open pages heard, and in which order: a frame more for each letter to whoever got it."""
    heard, told = ({name: ear.hang_up() for name, ear in one.stage.ears.items()} for one in (plain, hiding))
    messages = 0
    for name in heard.keys() - {plain.hider, "facilitator"}:
        if name in (friend, f"heir of {friend}"):
            messages += len(told[name]) - len(heard[name])
        else:
            assert heard[name] == told[name], name
    assert messages == hiding.messages


def test_nobody_else_sees_a_byte_of_what_one_client_hides(tmp_path: Path) -> None:
    assert_nothing_shows(tmp_path, small(), ("patron", "rival:West", BORDERLAND), BORDERLAND, spoils=False)


@pytest.mark.slow
@pytest.mark.parametrize("hider", ["facilitator", "patron", BORDERLAND, "rival:West", "adversary:Foe"])
def test_nobody_else_sees_a_byte_of_what_anybody_hides(hider: str, tmp_path: Path) -> None:
    teams = ("client:Open", "patron", BORDERLAND, "rival:West", "adversary:Foe")
    # Asking for what cannot be takes a minute for each, and who hides the most hides it from such requests, too.
    assert_nothing_shows(tmp_path, small(), teams, hider, spoils=hider in ("facilitator", BORDERLAND))


@pytest.mark.slow
@pytest.mark.parametrize("name", ["venezuela_2026"])
def test_nobody_else_sees_a_byte_in_a_shipped_game(name: str, tmp_path: Path) -> None:
    scenario = shipped(name)
    offered = [str(seat) for seat in seats.offered(game_of(scenario))]
    assert_nothing_shows(tmp_path, scenario, tuple(offered[:3]), offered[1], spoils=False)
