"""Set the machine's clock back and forth by hours, days and decades while a class plays: nothing is lost."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from papertiger.wargame.folder import LOG_NAME
from papertiger.wargame.log import records
from papertiger.wargame.server.app import make_app
from papertiger.wargame.server.auth import CODE_SECONDS, Authenticator, Throttle
from papertiger.wargame.server.clock import EvenClock
from papertiger.wargame.server.network import Places
from papertiger.wargame.server.state import FORM_SECONDS, FORMS_ALL, FORMS_EACH, GUESS_SECONDS, ServerState
from papertiger.wargame.session import Session
from tests.wargame.games import small
from tests.wargame.server.stage import Quick
from tests.wargame.server.visitors import House, Visitor

HOUR, DAY, YEAR = 3600.0, 86_400.0, 365.25 * 86_400.0
MOMENTS = {
    "the present": datetime(2026, 11, 28, 14, tzinfo=UTC),
    "the end of summer time": datetime(2026, 10, 25, 0, 59, 59, tzinfo=UTC),
    "the beginning of summer time": datetime(2027, 3, 28, 0, 59, 59, tzinfo=UTC),
    "an empty battery": datetime(1970, 1, 1, tzinfo=UTC),
    "before all seconds": datetime(1969, 12, 31, 23, 59, tzinfo=UTC),
    "the last second of 32 bits": datetime(2038, 1, 19, 3, 14, 7, tzinfo=UTC),
    "a far future": datetime(2262, 4, 11, tzinfo=UTC),
}
JUMPS = (HOUR, -HOUR, 5 * HOUR, -5 * HOUR, DAY, -DAY, 13 * DAY, -15 * DAY, 60.0, -60.0, 12 * YEAR, -12 * YEAR)


@dataclass
class Machine:
    """A machine's two clocks: one that anybody may set, and one that goes on evenly."""

    wall: float = MOMENTS["the present"].timestamp()
    even: float = 1000.0

    def pass_by(self, seconds: float) -> None:
        self.wall, self.even = self.wall + seconds, self.even + seconds

    def stamp(self) -> str:
        # Some systems know no moment before 1970.
        return (datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=self.wall)).isoformat(timespec="seconds")


class Leaping(House):
    """A served game whose clocks are a machine's that somebody sets."""

    def __init__(self, folder: Path) -> None:
        self.machine = Machine()
        super().__init__(folder)

    def open(self) -> None:
        path, machine = self.folder / LOG_NAME, self.machine
        if not path.exists():
            Session.create(path, small(), seed=3, clock=machine.stamp).close()
        self.session = Session.open(path, engine=Quick(), clock=machine.stamp)
        clock = EvenClock(lambda: machine.wall, lambda: machine.even)
        self.auth = Authenticator(self.folder, clock=clock)
        self.state = ServerState(self.session, self.auth, places=Places(8000), clock=clock)
        for name, (each, everybody, seconds) in {
            "guesses": (3, 6, GUESS_SECONDS),
            "forms": (FORMS_EACH, FORMS_ALL, FORM_SECONDS),
            "staff_forms": (FORMS_EACH, FORMS_ALL, FORM_SECONDS),
        }.items():
            setattr(self.state, name, Throttle(each, everybody, seconds, lambda: machine.even))
        self.app = make_app(self.state)


@pytest.fixture
def house(tmp_path: Path) -> Iterator[Leaping]:
    made = Leaping(tmp_path)
    yield made
    with suppress(Exception):
        made.close()


class Lesson:
    """A class that plays on while somebody sets the clock, and what must have come of it."""

    SEATS = ("patron", "client:Border")

    def __init__(self, house: Leaping, draw: random.Random) -> None:
        self.house, self.draw, self.machine = house, draw, house.machine
        self.teams = {seat: house.team(seat) for seat in self.SEATS}
        self.staff = house.facilitator()
        self.turns = 0
        self.resolutions: list[int] = []

    def jump(self) -> None:
        if self.draw.random() < 0.5:
            self.machine.wall += self.draw.choice(JUMPS)
        else:
            self.machine.wall = self.draw.choice(list(MOMENTS.values())).timestamp()

    def wait(self) -> None:
        self.machine.pass_by(self.draw.choice((1.0, 61.0, HOUR, 3 * HOUR)))

    def restart(self) -> None:
        self.house.restart(self.staff, *self.teams.values())
        # The key is a new one, and the link with it; who joined long ago by the new clock joins anew by a pass.
        self.staff = self.house.facilitator()
        for seat, team in self.teams.items():
            if team.get("/desk").status_code != 200:
                self.take_over(seat)

    def take_over(self, seat: str) -> None:
        given = self.staff.send("/room/pass", seat=seat, do="give")
        assert given.status_code == 303
        self.teams[seat] = Visitor(self.house)
        taking = self.teams[seat].send("/join", code=self.house.auth.pass_for(seat), name="Anna", language="en")
        assert taking.headers["location"] == "/desk"

    def order(self) -> None:
        turn = self.house.session.game.branch.turn
        if turn <= self.house.session.game.schedule.turns:
            ask = self.draw.choice(("yes", "no"))
            sent = {"turn": str(turn), "as": "orders", "ask": ask}
            assert self.teams["client:Border"].send("/desk/orders", **sent).status_code == 303

    def resolve(self) -> None:
        turn = self.house.session.game.branch.turn
        if turn <= self.house.session.game.schedule.turns:
            assert self.staff.send("/room/resolve", turn=str(turn)).status_code == 303
            self.turns, self.resolutions = turn, [*self.resolutions, turn]

    def undo(self) -> None:
        if self.turns:
            assert self.staff.send("/room/undo", turn=str(self.turns)).status_code == 303
            self.turns -= 1

    def time(self) -> None:
        do = self.draw.choice(("start", "stop"))
        assert self.staff.send("/room/timer", do=do, minutes="5").status_code == 303

    def guess(self) -> None:
        guesser = self.house.stranger()
        for number in range(self.draw.randrange(1, 8)):
            assert guesser.send("/join", code=f"WRNG{number:04}", name="x", language="en").status_code != 303

    def check(self) -> None:
        """Refuse a lesson in which anything was lost, or in which anybody is locked out."""
        session, state = self.house.session, self.house.state
        assert session.game.branch.resolved == self.turns
        rows = session.store.records()
        assert [row.body.turn for row in rows if isinstance(row.body, records.Resolved)] == self.resolutions
        for path in ("/room", "/wall", "/review"):
            assert self.staff.get(path).status_code == 200, path
        for team in self.teams.values():
            assert team.get("/desk").status_code == 200
        left = state.seconds_left()
        # Five minutes as the facilitator sets it, or what the lesson plans for a turn that has just begun.
        assert left is None or 0 <= left <= max(300, 60 * state.minutes())
        if not self.house.auth.code:  # four hours by the even clock, or by the one at the start
            assert self.staff.send("/room/rotate").status_code == 303
        assert self.house.guest("Newcomer").get("/lobby").status_code == 200


STEPS = ("jump", "jump", "jump", "wait", "restart", "order", "order", "resolve", "undo", "time", "guess")


def play(house: Leaping, seed: int, steps: int) -> None:
    draw = random.Random(seed)
    lesson = Lesson(house, draw)
    for _ in range(steps):
        getattr(lesson, draw.choice(STEPS))()
        lesson.check()
    digests = dict(house.session.game.branch.digests)
    lesson.restart()
    lesson.check()
    assert dict(house.session.game.branch.digests) == digests
    assert house.session.verify() == ()


@pytest.mark.parametrize("seed", [1, 2])
def test_a_lesson_survives_a_clock_that_jumps(house: Leaping, seed: int) -> None:
    play(house, seed, 5)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(10, 18))
def test_many_lessons_survive_a_clock_that_jumps(house: Leaping, seed: int) -> None:
    play(house, seed, 40)


@pytest.mark.parametrize("moment", MOMENTS)
def test_nothing_that_lasts_ends_or_begins_anew_by_a_jump(house: Leaping, moment: str) -> None:
    team, staff, code = house.team("patron"), house.facilitator(), house.auth.code
    staff.send("/room/timer", do="start", minutes="5")
    house.machine.pass_by(60.0)
    house.machine.wall = MOMENTS[moment].timestamp()
    assert house.state.seconds_left() == 240
    assert team.get("/desk").status_code == staff.get("/room").status_code == 200
    assert house.auth.code == code
    house.machine.pass_by(CODE_SECONDS)
    assert house.auth.code == ""
    assert house.state.seconds_left() == 0


def test_only_one_place_reads_the_clock_that_anybody_may_set() -> None:
    root = Path(__file__).parents[3] / "wargame"
    reads = re.compile(r"\btime\.time\b|\bdatetime\.(?:now|utcnow|today)\b|\btime\.(?:localtime|ctime)\b")
    found = [file for file in root.rglob("*.py") if reads.search(file.read_text("utf-8"))]
    readers = {file.relative_to(root).as_posix() for file in found}
    assert readers == {
        "log/store.py",
        "server/clock.py",
    }  # what is written beside a record, and where a start counts from
