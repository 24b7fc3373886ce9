"""Tell who is who: cookies, the code to join with and the facilitator's key, kept beside the game's log.

A cookie holds a random name and nothing else, and the file only its hash, so a copy of the file opens nobody's
session. It does hold the code and the passes, which pages show as long as they are good. The file is written whole
and readable by its owner alone. The facilitator's key comes of the file's secret, so that her link stays good for
the game whatever ends the program; it is never written itself.

Who knows the code, a pass or the key is never turned away because somebody else is guessing, perhaps at the same
address of a school: all are compared, always, and only what was wrong is counted. So what keeps a guesser out is the
size of the space and not a lock. A code of eight out of 31 letters is one of 8.5e11. A server that answers a thousand
guesses a second, several times what a laptop does, compares 1.4e7 of them in the four hours that a code lives: a
chance of 2e-5. A pass of nine lives a quarter of an hour: 4e-8. The key has 192 bits.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import os
import secrets
import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from threading import RLock
from typing import Literal

from pydantic import Field

from papertiger.scenarios.reading.json_reader import JsonError, JsonShape, read_json
from papertiger.wargame.private import make_file
from papertiger.wargame.server.clock import seconds

STRANGER, GUEST, TEAM, OBSERVER, FACILITATOR = "stranger", "guest", "team", "observer", "facilitator"
ROLES = (STRANGER, GUEST, TEAM, OBSERVER, FACILITATOR)

ALPHABET = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"
"""Letters of a code, without those that are taken for another one: 0 and O, 1, I and L."""

CODE_LENGTH = 8
CODE_SECONDS = 4 * 3600
PASS_LENGTH = 9
PASS_SECONDS = 15 * 60
COOKIE_SECONDS = 14 * 24 * 3600
MAX_SESSIONS = 600
MAX_FACILITATORS = 20
FILE = "access.json"
MAX_BYTES = 4_000_000
FORMAT = 1

type Tokens = Callable[[], str]
type Codes = Callable[[int], str]
type Seconds = Callable[[], float]


class AuthError(RuntimeError):
    """A file of sessions that cannot be read or written."""


def fresh_token() -> str:
    """Return a name of 192 random bits that stands in a cookie."""
    return secrets.token_urlsafe(24)


def fresh_code(length: int = CODE_LENGTH) -> str:
    """Return a code to join with."""
    return "".join(secrets.choice(ALPHABET) for _ in range(length))


@dataclass(frozen=True)
class Identity:
    """What is known of whoever holds a cookie.

    Attributes
    ----------
    role
        One of ``ROLES``, never a stranger.
    name
        What they call themselves.
    language
        Of the pages.
    seat, holder
        Of a team: its seat, and by which name the log knows who sits there.
    since
        Seconds of the injected clock.
    """

    role: str
    name: str = ""
    language: str = "en"
    seat: str = ""
    holder: str = ""
    since: float = 0.0


class _Session(JsonShape):
    role: Literal["guest", "team", "observer", "facilitator"]
    name: str = ""
    language: str = "en"
    seat: str = ""
    holder: str = ""
    since: float = 0.0


class _AccessFile(JsonShape):
    format: Literal[1]
    secret: str
    code: str
    until: float
    shown: str = ""
    passes: dict[str, tuple[str, float, bool]] = Field(default_factory=dict)
    sessions: dict[str, _Session]


class Authenticator:
    """Sessions, the code and the key. Safe to use from several threads.

    Parameters
    ----------
    folder
        Of the game.
    tokens, codes, clock
        Injected, so that tests have their own.
    """

    def __init__(
        self,
        folder: Path,
        *,
        tokens: Tokens = fresh_token,
        codes: Codes = fresh_code,
        clock: Seconds = seconds,
    ) -> None:
        self.path, self.tokens, self.codes, self.clock = folder / FILE, tokens, codes, clock
        self._lock = RLock()
        self._sessions: dict[str, Identity] = {}
        self._secret = tokens()
        self._code, self._until = "", 0.0
        self._shown = ""
        self._passes: dict[str, tuple[str, float, bool]] = {}
        if self.path.exists():
            self._read()
        self._key = hmac.new(self._secret.encode(), b"facilitator", "sha384").hexdigest()[:48]
        if not self.code:
            self.rotate()

    # The facilitator's key

    @property
    def key(self) -> str:
        """The facilitator's key, for the line that the program prints, and for nothing else."""
        return self._key

    def opens(self, key: str) -> bool:
        """Tell whether a text is the facilitator's key, in a time that tells nothing."""
        return hmac.compare_digest(self._key.encode(), key.encode("utf-8", "replace"))

    # The code

    @property
    def code(self) -> str:
        """The code to join with, blank once it has expired."""
        with self._lock:
            return self._code if self._is_within(self._until - CODE_SECONDS, CODE_SECONDS) else ""

    def rotate(self) -> str:
        """Give out another code; the earlier one opens nothing any more."""
        with self._lock:
            with self._changing():
                self._code, self._until = self.codes(CODE_LENGTH), self.clock() + CODE_SECONDS
            return self._code

    def admits(self, code: str) -> bool:
        """Tell whether a text is the code, however it was typed."""
        with self._lock:
            right = hmac.compare_digest(self._code.encode(), as_typed(code).encode())
            return right and bool(self.code)

    # The address on the wall

    @property
    def shown(self) -> str:
        """The address that the facilitator chose for the wall; blank lets the program choose."""
        return self._shown

    def show(self, host: str) -> None:
        """Keep the address that the facilitator chose for the wall."""
        with self._changing():
            self._shown = host

    # Passes: who has one takes a seat over, once

    def hand_over(self, seat: str, *, own: bool = False) -> str:
        """Give out a pass for a seat, to be typed in place of the code; an earlier one of that seat is void.

        Parameters
        ----------
        seat
            Which one.
        own
            Whether whoever sits there asked for it. One that the facilitator asked for is not theirs to see.
        """
        with self._changing():
            self._passes = {one: known for one, known in self._passes.items() if known[0] != seat}
            code = self.codes(PASS_LENGTH)
            self._passes[code] = seat, self.clock() + PASS_SECONDS, own
            return code

    def pass_for(self, seat: str, *, own: bool = False) -> str:
        """Return the pass for a seat, or only one that whoever sits there asked for; blank where there is none."""
        with self._lock:
            passes = [one for one, (name, _, asked) in self._passes.items() if name == seat and (asked or not own)]
            return next((one for one in passes if self._is_good(one)), "")

    def seat_of(self, code: str) -> str:
        """Return the seat that a pass is for; blank if it is none."""
        typed = as_typed(code).encode()
        with self._lock:
            matches = [one for one in self._passes if hmac.compare_digest(one.encode(), typed)]
            return self._passes[matches[0]][0] if matches and self._is_good(matches[0]) else ""

    def void(self, seat: str) -> None:
        """Let the pass for a seat open nothing any more."""
        with self._changing():
            self._passes = {one: known for one, known in self._passes.items() if known[0] != seat}

    def _is_good(self, one: str) -> bool:
        return self._is_within(self._passes[one][1] - PASS_SECONDS, PASS_SECONDS)

    # Sessions

    def identity(self, cookie: str) -> Identity | None:
        """Return what is known of a cookie's holder."""
        with self._lock:
            holder = self._sessions.get(digest(cookie)) if cookie else None
            return holder if holder is None or self._is_within(holder.since, COOKIE_SECONDS) else None

    def begin(self, identity: Identity, instead_of: str = "") -> str:
        """Begin a session and return its cookie; an earlier cookie of the same person ends."""
        with self._changing():
            cookie = self.tokens()
            self._sessions.pop(digest(instead_of), None)
            self._make_room(identity.role)
            self._sessions[digest(cookie)] = replace(identity, since=self.clock())
            return cookie

    def change(self, cookie: str, identity: Identity) -> None:
        """Change what is known of a cookie's holder, but never what they may do."""
        with self._changing():
            known = self._sessions[digest(cookie)]
            if (known.role, known.seat, known.holder) != (identity.role, identity.seat, identity.holder):
                raise AuthError("a change of role needs a new cookie")
            self._sessions[digest(cookie)] = identity

    def end(self, cookie: str) -> None:
        """End a session."""
        with self._changing():
            self._sessions.pop(digest(cookie), None)

    def is_shared(self, holder: str, cookie: str) -> bool:
        """Tell whether somebody besides a cookie's owner holds a seat under the same name."""
        with self._lock:
            return any(one.holder == holder for name, one in self._sessions.items() if name != digest(cookie))

    def end_seat(self, seat: str, but: str = "") -> None:
        """End all sessions of a seat, but for those of a holder, and void its pass."""
        with self._changing():
            self._sessions = {
                name: one for name, one in self._sessions.items() if one.seat != seat or (but and one.holder == but)
            }
            self._passes = {one: known for one, known in self._passes.items() if known[0] != seat}

    def form_token(self, cookie: str) -> str:
        """Return the token that a form of this cookie's pages carries."""
        return hmac.new(self._secret.encode(), f"form\0{cookie}".encode(), "sha256").hexdigest()

    def is_form_token(self, cookie: str, token: str) -> bool:
        """Tell whether a form came from one of this cookie's own pages."""
        return bool(cookie) and hmac.compare_digest(
            self.form_token(cookie).encode(), token.encode("utf-8", "replace")
        )

    # Inside

    def _is_within(self, since: float, span: float) -> bool:
        """Tell whether something of a moment still holds; a clock that was set far back lets nothing live on."""
        return abs(self.clock() - since) < span

    def _make_room(self, role: str) -> None:
        """Drop the oldest sessions that nobody plays with, so that no crowd fills the disk."""
        self._sessions = {
            name: one for name, one in self._sessions.items() if self._is_within(one.since, COOKIE_SECONDS)
        }
        staff = [name for name, one in self._sessions.items() if one.role == FACILITATOR]
        if role == FACILITATOR and len(staff) >= MAX_FACILITATORS:
            del self._sessions[staff[0]]
        while len(self._sessions) >= MAX_SESSIONS:
            # Who only came in, and may be one person many times, before whoever looks on, such as the wall.
            idle = [name for kind in (GUEST, OBSERVER) for name, one in self._sessions.items() if one.role == kind]
            if not idle:
                raise AuthError("too many people are here already")
            del self._sessions[idle[0]]

    def _read(self) -> None:
        try:
            said = read_json(self.path, _AccessFile, max_bytes=MAX_BYTES)
        except JsonError as error:
            raise AuthError(f"{error}; remove this file, and everybody joins anew") from None
        self._secret, self._code, self._until = said.secret, said.code, said.until
        self._shown, self._passes = said.shown, dict(said.passes)
        self._sessions = {name: Identity(**dict(one)) for name, one in said.sessions.items()}

    @contextmanager
    def _changing(self) -> Iterator[None]:
        """Write what is changed here to the disk, or change nothing."""
        with self._lock:
            before = dict(self._sessions), dict(self._passes), self._code, self._until, self._shown
            try:
                yield
                self._write()
            except AuthError:
                self._sessions, self._passes, self._code, self._until, self._shown = before
                raise

    def _write(self) -> None:
        said = {
            "format": FORMAT,
            "secret": self._secret,
            "code": self._code,
            "until": self._until,
            "shown": self._shown,
            "passes": self._passes,
            "sessions": {name: asdict(one) for name, one in self._sessions.items()},
        }
        part = self.path.with_suffix(".part")
        try:
            part.unlink(missing_ok=True)
            make_file(part)  # so that there is no moment in which others can read it
            with part.open("w", encoding="utf-8") as file:
                json.dump(said, file)
                file.flush()
                os.fsync(file.fileno())
            part.replace(self.path)
        except OSError as error:
            raise AuthError(f"{self.path}: nothing was written: {error.strerror}") from None


def as_typed(code: str) -> str:
    """Return the letters of a code, however they were typed."""
    return "".join(char for char in code.upper() if char.isalnum())[:40]


def digest(cookie: str) -> str:
    """Return the name under which a cookie is kept."""
    return hashlib.sha256(cookie.encode("utf-8", "replace")).hexdigest()


class Throttle:
    """Count what happened lately, by whom and in all.

    Parameters
    ----------
    each, everybody
        How often within the span.
    seconds
        The span.
    clock
        Injected.
    """

    def __init__(self, each: int, everybody: int, seconds: float, clock: Seconds = time.monotonic) -> None:
        self.each, self.everybody, self.seconds, self.clock = each, everybody, seconds, clock
        self._lock = RLock()
        self._seen: deque[tuple[float, str]] = deque()

    def is_full(self, who: str) -> bool:
        """Tell whether somebody has to wait."""
        with self._lock:
            self._forget()
            mine = sum(1 for _, name in self._seen if name == who)
            return mine >= self.each or len(self._seen) >= self.everybody

    def count(self, who: str) -> None:
        """Take note of one more."""
        with self._lock:
            self._forget()
            if len(self._seen) < self.everybody:
                self._seen.append((self.clock(), who))

    def _forget(self) -> None:
        while self._seen and self._seen[0][0] <= self.clock() - self.seconds:
            self._seen.popleft()
