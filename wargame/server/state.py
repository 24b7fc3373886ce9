"""Hold one game that is being served, with everything that its pages stand on."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import copy_context
from dataclasses import dataclass, field
from datetime import UTC, datetime
from threading import Lock
from typing import TYPE_CHECKING

from papertiger.wargame.kit.shipped import minutes_for
from papertiger.wargame.log.journal import fresh_id
from papertiger.wargame.rules import seats
from papertiger.wargame.rules.seats import Seat
from papertiger.wargame.server.auth import FACILITATOR, TEAM, Identity, Throttle
from papertiger.wargame.server.clock import seconds
from papertiger.wargame.server.connections import Connections
from papertiger.wargame.server.live import Hub
from papertiger.wargame.server.network import Places
from papertiger.wargame.server.roster import Roster

if TYPE_CHECKING:
    from papertiger.wargame.server.auth import Authenticator
    from papertiger.wargame.session import Session

GUESSES_EACH, GUESSES_ALL, GUESS_SECONDS = 30, 200, 60.0
"""Wrong codes of one address and of all in a minute, after which the next wrong one is answered in a word."""

FORMS_EACH, FORMS_ALL, FORM_SECONDS = 60, 2000, 10.0
"""Forms of one session and of all in ten seconds; the facilitator's are counted apart."""


@dataclass
class ServerState:
    """Hold one game that is being served.

    Attributes
    ----------
    session, auth, hub, connections
        The game, who is who, the open pages and what they came by.
    language
        Of whoever has not chosen.
    places
        Where a class joins.
    at
        Where the game's pages begin, such as ``/group/3``; blank for a game that has the server to itself.
    homes
        Page of a role, where it is another than a single game's.
    films
        How often the facilitator has let the wall show the last turn step by step.
    ids, clock
        Names of forms, and seconds since 1970; injected.
    """

    session: Session
    auth: Authenticator
    language: str = "en"
    places: Places = field(default_factory=Places)
    at: str = ""
    homes: Mapping[str, str] = field(default_factory=dict)
    films: int = 0
    ids: Callable[[], str] = fresh_id
    clock: Callable[[], float] = seconds
    hub: Hub = field(default_factory=Hub)
    connections: Connections = field(default_factory=Connections)
    guesses: Throttle = field(default_factory=lambda: Throttle(GUESSES_EACH, GUESSES_ALL, GUESS_SECONDS))
    forms: Throttle = field(default_factory=lambda: Throttle(FORMS_EACH, FORMS_ALL, FORM_SECONDS))
    staff_forms: Throttle = field(default_factory=lambda: Throttle(FORMS_EACH, FORMS_ALL, FORM_SECONDS))

    def __post_init__(self) -> None:
        self.taking = Lock()
        self.roster = Roster(self.auth.path.parent, codes=self.auth.codes)
        self.resumed: tuple[int, ...] = ()
        self._context = copy_context()
        self.session.on_change = self.hub.tell

    def as_started[T](self, make: Callable[[], T]) -> T:
        """Return what is made under the settings of the command line, such as the spreadsheet that tables are for."""
        return self._context.copy().run(make)

    def resume(self) -> None:
        """Go on with what a kill cut short, and keep a word about it for the facilitator's page."""
        self.resumed = tuple(turn for _, turn in self.session.game.cut_short)
        self.session.resume()

    def called(self, language: str) -> str:  # noqa: ARG002 - a group's is another in each language
        """Return what tells the game from others beside it; blank for one that has the server to itself."""
        return ""

    def is_debriefing(self, identity: Identity | None) -> bool:
        """Tell whether a page shows the way to the debrief: once it has begun, or once play is over for staff."""
        game = self.session.game
        over = game.ended or game.branch.turn > game.schedule.turns
        staff = identity is not None and identity.role == FACILITATOR
        return over and (staff or game.debrief > 0)

    def neighbours(self) -> list[tuple[int, ServerState]]:
        """Return the other groups of a class by number; none for a game that has the server to itself."""
        return []

    @property
    def address(self) -> str:
        """Where a class joins, such as ``http://192.168.0.7:8000``."""
        return f"http://{self.places.host}"

    def identity(self, cookie: str) -> Identity | None:
        """Return who holds a cookie; a team whose seat was taken away is nobody any more."""
        holder = self.auth.identity(cookie)
        if holder is not None and holder.role == TEAM and self.session.game.holders.get(holder.seat) != holder.holder:
            return None
        return holder

    def seat_of(self, identity: Identity | None) -> Seat:
        """Return as which seat somebody looks at the game."""
        if identity is not None and identity.role == TEAM:
            return seats.parse(identity.seat)
        if identity is not None and identity.role == FACILITATOR:
            return seats.THE_FACILITATOR
        return seats.THE_OBSERVER

    def version(self, identity: Identity | None) -> int:
        """Return the version of what somebody may see."""
        return self.session.versions.get(str(self.seat_of(identity)), 0)

    def edition(self, identity: Identity | None) -> dict[str, int]:
        """Return what tells a page that it is old: the versions of what it may see and of the wall."""
        _ = self.places.host  # looks whether another address is the one to show
        return {"version": self.version(identity), "place": self.places.edition + self.films}

    def free_seats(self) -> tuple[Seat, ...]:
        """Return the seats that nobody holds, and that no pass keeps for somebody."""
        held = self.session.game.holders
        return tuple(
            seat for seat in self.session.game.seats if str(seat) not in held and not self.auth.pass_for(str(seat))
        )

    def seconds_left(self) -> int | None:
        """Return what the room's clock shows, or ``None`` where it was never set or play is over."""
        game = self.session.game
        timer = game.timer
        if game.ended or game.branch.turn > game.schedule.turns:
            return None
        if timer.until:
            left = max(0, round(datetime.fromisoformat(timer.until).timestamp() - self.clock()))
            # Never more than it was set to, whatever was done to the machine's clock between two starts.
            return left if timer.left is None else min(left, timer.left)
        return timer.left

    def start_timer(self, left: int, key: str = "") -> None:
        """Let the clock run down from so many seconds."""
        until = datetime.fromtimestamp(self.clock() + left, UTC).isoformat(timespec="seconds")
        self.session.time(until=until, left=left, key=key)

    def minutes(self) -> int:
        """Return how long the open turn takes, in minutes, as the lesson plans it."""
        game = self.session.game
        turn = min(game.branch.turn, game.schedule.turns)
        return self.session.once(("minutes", turn), lambda: minutes_for(game.scenario, turn))

    @contextmanager
    def turning(self) -> Iterator[None]:
        """Start the clock anew if another turn is open afterwards; a clock that nobody set stays off."""
        before = self.session.game.active, self.session.game.branch.turn
        yield
        game = self.session.game
        if (game.active, game.branch.turn) != before and self.seconds_left() is not None:
            self.start_timer(60 * self.minutes())

    def stop_timer(self, key: str = "") -> None:
        """Let the clock stand where it is."""
        self.session.time(left=self.seconds_left() or 0, key=key)
