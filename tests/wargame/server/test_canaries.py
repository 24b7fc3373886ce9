"""Every secret of a game carries a mark of its own, and no byte that the server sends brings it to anybody else."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from papertiger.scenarios import Scenario
from papertiger.wargame.rules import seats
from papertiger.wargame.rules.setup import game_of
from papertiger.wargame.server.auth import PASS_LENGTH
from papertiger.wargame.views.debrief import step_now, steps_of
from tests.model.worlds import shipped
from tests.wargame.games import small
from tests.wargame.server.crawl import assert_is_safe, look, spoil
from tests.wargame.server.drama import BIT_BY_BIT, Drama, marked
from tests.wargame.server.stage import SEED, Stage

CANARY = re.compile(r"qzx\d{5}xzq")
FRAME = re.compile(r'accepted|closed \d+|\{"version": \d+, "place": \d+\}')


@dataclass
class Secret:
    """A text, who may read it at any time, and with which steps of the review everybody may."""

    who: str
    what: str
    turn: int
    knows: set[str]
    steps: tuple[str, ...] = ()
    seen_by: set[str] = field(default_factory=set)


STEPS = {
    "why": ("orders", "rationales"),
    "why/covert": ("orders", "rationales", "covert"),
    "letter": ("messages",),
    "request": ("messages",),
    "first word": ("messages",),
    "proposal": ("messages",),
    "message": ("messages",),
    "goal": ("scores",),
    "goal/why": ("scores",),
}
"""What the review reveals of each kind of secret; all others it never does."""

SEEN = (
    {"why", "draft", "letter", "request", "first word", "proposal", "answer", "briefing", "pass"},
    {"branch", "later", "condition"},
)
"""What teams and the facilitator are shown of their own."""


class Secretive(Drama):
    """A drama in which every secret is marked."""

    secrets: dict[str, Secret]
    debriefs = True
    keeps = ""
    """Whose pass is made next."""

    def __init__(self, stage: Stage, secrets: dict[str, Secret], teams: tuple[str, ...], *more: Any) -> None:
        super().__init__(stage, teams, *more)
        self.secrets, codes = secrets, stage.auth.codes
        self.told = set[str]()

        def code(length: int) -> str:
            return self.word(self.keeps, "pass").upper() if length == PASS_LENGTH else codes(length)

        stage.auth.codes = code

    def keep(self, seat: str) -> None:
        self.keeps = seat
        super().keep(seat)

    def hand_over(self, seat: str) -> None:
        self.keeps = seat
        super().hand_over(seat)

    def word(self, who: str, what: str, turn: int = 0) -> str:
        made = mark(self.secrets, who, what, turn)
        if what in ("letter", "first word", "proposal"):
            self.secrets[made].knows.add(self.teams[self.teams.index(who) - 1])
        if what == "message":
            self.secrets[made].knows.add(self.teams[0])
        return made

    def propose(self, seat: str, turn: int, friend: str) -> None:
        """Let the other team answer, too, and both mark what they read."""
        super().propose(seat, turn, friend)
        for thread in self.stage.session.view(seats.parse(friend)).threads:
            names = [entry.name for entry in thread.entries if entry.name and entry.sender == seat]
            if thread.other == seat and names:
                reply = ("accepted", "refused", "")[turn % 3]
                if reply:
                    self.send(friend, "/desk/reply", turn=str(turn), deal=f"{reply} {names[-1]} {seat}")
                self.send(friend, "/desk/read", read=f"{len(thread.entries)} {seat}", turn=str(turn))

    def undone(self, turn: int) -> None:
        self._forget(lambda one: one.turn > turn or (one.turn == turn and one.what.startswith("why")))

    def branched(self, turn: int) -> None:
        self._forget(lambda one: one.turn > turn and not one.what.startswith("why"))

    def _forget(self, gone: Callable[[Secret], bool]) -> None:
        """What is taken back or stays in another branch is not for the review, whatever is revealed."""
        for one in self.secrets.values():
            if one.turn and gone(one):
                one.steps = ()

    def is_told(self, secret: Secret) -> bool:
        """Tell whether the debrief's present step is the one that tells of a secret: no step before or after is."""
        session = self.stage.session
        now = step_now(session)
        if not now or not secret.steps:
            return False
        step = steps_of(session)[now - 1]
        if step.name == "plan" and step.point is not None:
            own = secret.who == f"client:{step.point.client}"
            return (secret.what == "goal" and own) or (secret.what == "why" and secret.turn == step.point.turn)
        return step.name == "goals" and secret.what == "goal"

    def is_open(self, secret: Secret) -> bool:
        line = self.stage.session.game.branch
        until = secret.turn or line.resolved
        return bool(secret.steps) and all(line.revealed.get(step, 0) >= until for step in secret.steps)

    def check(self) -> None:
        """Look for marks in all that was sent since the last time."""
        for name, visitor in self.cast.items():
            for answer in visitor.client.take():
                text = answer.everything.lower()
                for found in set(CANARY.findall(text)):
                    secret = self.secrets[found]
                    secret.seen_by.add(name)
                    known = name in secret.knows or self.is_open(secret) or self.is_told(secret)
                    assert known, f"{name} reads of {secret} at {answer.path}"
                assert str(SEED) not in text or name == "facilitator", answer.path


def mark(secrets: dict[str, Secret], who: str, what: str, turn: int = 0) -> str:
    """Return a text that stands nowhere else."""
    text = f"qzx{len(secrets):05}xzq"
    knows = {"facilitator"} if what == "holder" else {who, "facilitator"}
    secrets[text] = Secret(who, what, turn, knows, STEPS.get(what, ()))
    return text


def play(drama: Secretive, spoilers: dict[str, tuple[str, ...]]) -> None:
    """Play a drama. At each moment everybody looks at everything, and at some of them some also at what cannot be."""
    for moment in drama.moments():
        if moment.startswith("debrief"):
            for visitor in drama.others.values():
                for path in ("/wall", "/debrief", "/desk", "/review", "/edition"):
                    assert_is_safe(visitor.get(path))
            drama.told.add(steps_of(drama.stage.session)[step_now(drama.stage.session) - 1].name)
            drama.check()
            continue
        for name, visitor in drama.others.items():
            spoils = name in spoilers.get(moment, ())
            forms = look(visitor, drama.teams if spoils else ())
            if spoils:
                spoil(drama.stage, visitor, forms, drama.teams)
        for path in ("/room", "/review"):
            assert drama.staff.get(path).status_code == 200
        drama.check()


def assert_nothing_leaks(drama: Secretive, spoilers: dict[str, tuple[str, ...]]) -> None:
    secrets, stage = drama.secrets, drama.stage
    play(drama, spoilers)
    # The marks are there to be found: whoever may know of something has been sent it.
    for who in (*drama.teams, "facilitator"):
        own = [secret for secret in secrets.values() if secret.who == who]
        seen = {secret.what for secret in own if who in secret.seen_by}
        assert seen >= SEEN[who == "facilitator"]
        assert all("facilitator" in secret.seen_by for secret in own if secret.what in ("holder", "letter"))
    assert drama.told >= {
        "changes",
        "plan",
        "view",
        "outcome",
        "why",
        "guess",
        "what_if",
        "secrets",
        "goals",
        "along",
    }
    revealed = {one.what for one in secrets.values() if one.seen_by - one.knows}
    assert revealed >= {"why", "letter", "request", "proposal", "goal"}
    said = [frame for ear in stage.ears.values() for frame in ear.hang_up()]
    assert all(FRAME.fullmatch(frame) for frame in said)


@pytest.fixture
def staged(tmp_path: Path) -> Iterator[Callable[..., Secretive]]:
    opened: list[Stage] = []

    def make(scenario: Scenario, *more: Any) -> Secretive:
        secrets: dict[str, Secret] = {}
        opened.append(Stage(tmp_path, marked(scenario, lambda who, what: mark(secrets, who, what))))
        return Secretive(opened[-1], secrets, *more)

    yield make
    for stage in opened:
        stage.close()


def test_no_secret_of_a_small_game_reaches_anybody_else(staged: Callable[..., Secretive]) -> None:
    drama = staged(small(), ("client:Border", "patron"))
    assert_nothing_leaks(drama, {"answered": ("client:Border", "stranger")})


SPOILT = ("joined", "given 2", "undone", "in the branch", "answered")


@pytest.mark.slow
def test_no_secret_reaches_anybody_else_however_it_is_asked_for(staged: Callable[..., Secretive]) -> None:
    teams = ("client:Border", "client:Open", "patron", "rival:West", "rival:East", "adversary:Foe")
    drama = staged(small(), teams, BIT_BY_BIT)
    everybody = (*teams, "observer", "guest", "stranger")
    assert_nothing_leaks(drama, dict.fromkeys(SPOILT, everybody))


@pytest.mark.slow
@pytest.mark.parametrize("name", ["armenia_2020_2025"])  # with turns enough that what is planned never comes
def test_no_secret_of_a_shipped_game_reaches_anybody_else(name: str, staged: Callable[..., Secretive]) -> None:
    scenario = shipped(name)
    offered = [str(seat) for seat in seats.offered(game_of(scenario))]
    # One team of each kind, and one client more; bots play the others.
    teams = tuple(dict.fromkeys([*{seat.partition(":")[0]: seat for seat in offered}.values(), offered[1]]))
    drama = staged(scenario, teams)
    assert_nothing_leaks(drama, {"answered": (*teams, "observer", "guest", "stranger")})
