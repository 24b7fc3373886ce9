"""Keep a class list: who has a link of their own, and which seat it opens. Names stay in a file beside the game.

A personal code has twelve of 31 letters, one of 7.9e17, and is good for as long as the list is: it is compared as the
code to join with and passes are (see `papertiger.wargame.server.auth`), and its file is readable by its owner alone.
"""

from __future__ import annotations

import csv
import hmac
import io
import json
import os
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from threading import RLock
from typing import Literal

from papertiger.scenarios.reading.json_reader import JsonError, JsonShape, read_json
from papertiger.wargame.private import make_file
from papertiger.wargame.server.auth import AuthError, Codes, as_typed, fresh_code

CODE_LENGTH = 12
MAX_PEOPLE = 60
MAX_NAME = 40
MAX_BYTES = 200_000
FILE = "roster.json"
HEADINGS = ("name", "names", "namen")


@dataclass(frozen=True)
class Person:
    """Somebody on the list.

    Attributes
    ----------
    name
        As the facilitator wrote it.
    seat
        Which the link opens; blank lets the person choose among those that are free.
    code
        Of the link.
    """

    name: str
    seat: str
    code: str


@dataclass(frozen=True)
class Objection:
    """What is wrong with a line of the list: a text of the catalogue, and what was written there."""

    line: int
    text: str
    given: str


class _Person(JsonShape):
    name: str
    seat: str = ""
    code: str


class _RosterFile(JsonShape):
    format: Literal[1]
    people: list[_Person]


class Roster:
    """The class list of a game. Safe to use from several threads.

    Parameters
    ----------
    folder
        Of the game.
    codes
        Injected, so that tests have their own.
    """

    def __init__(self, folder: Path, *, codes: Codes = fresh_code) -> None:
        self.path, self.codes = folder / FILE, codes
        self._lock = RLock()
        self._people: tuple[Person, ...] = ()
        if self.path.exists():
            try:
                said = read_json(self.path, _RosterFile, max_bytes=MAX_BYTES)
            except JsonError as error:
                raise AuthError(f"{error}; remove this file, and give out new links") from None
            self._people = tuple(Person(one.name, one.seat, one.code) for one in said.people)

    @property
    def people(self) -> tuple[Person, ...]:
        """Everybody on the list, in its order."""
        return self._people

    def person(self, code: str) -> Person | None:
        """Return whose code a text is, however it was typed."""
        typed = as_typed(code).encode()
        with self._lock:
            matches = [one for one in self._people if hmac.compare_digest(one.code.encode(), typed)]
        return matches[0] if matches else None

    def team(self, seat: str) -> tuple[str, ...]:
        """Return the names of those who share a seat, in the order of the list."""
        return tuple(one.name for one in self._people if seat and one.seat == seat)

    def replace(self, wanted: Iterable[tuple[str, str]]) -> None:
        """Take another list, of names and seats; who was on the last one keeps the link."""
        with self._lock:
            known = {one.name: one.code for one in self._people}
            people = tuple(Person(name, seat, known.get(name) or self.codes(CODE_LENGTH)) for name, seat in wanted)
            self._write(people)
            self._people = people

    def _write(self, people: tuple[Person, ...]) -> None:
        part = self.path.with_suffix(".part")
        try:
            part.unlink(missing_ok=True)
            make_file(part)  # so that there is no moment in which others can read it
            with part.open("w", encoding="utf-8") as file:
                json.dump({"format": 1, "people": [asdict(one) for one in people]}, file)
                file.flush()
                os.fsync(file.fileno())
            part.replace(self.path)
        except OSError as error:
            raise AuthError(f"{self.path}: nothing was written: {error.strerror}") from None


def read_list(text: str, seats: Mapping[str, str]) -> tuple[list[tuple[str, str]], list[Objection]]:
    """Return the names and seats of a list, and what is wrong with it.

    Parameters
    ----------
    text
        A name a line, with a seat behind a comma, a semicolon or a tab if the person is to have that one.
    seats
        Names of seats in the log, by each way in which they may be written, folded.
    """
    people: list[tuple[str, str]] = []
    wrong: list[Objection] = []
    for line, cells in _rows(text):
        name, given = " ".join(cells[0].split()), " ".join(cells[1].split()) if len(cells) > 1 else ""
        seat = seats.get(given.casefold(), "")
        if len(name) > MAX_NAME:
            wrong.append(Objection(line, "roster.long", name[:MAX_NAME]))
        elif name in (one for one, _ in people):
            wrong.append(Objection(line, "roster.twice", name))
        elif given and not seat:
            wrong.append(Objection(line, "roster.no_seat", given[:MAX_NAME]))
        elif len(people) == MAX_PEOPLE:
            wrong.append(Objection(line, "roster.many", name))
            break
        else:
            people.append((name, seat))
    return people, wrong


def _rows(text: str) -> Iterator[tuple[int, list[str]]]:
    """Yield the lines that name somebody, with their numbers; spreadsheets write headings."""
    for number, line in enumerate(text.splitlines(), start=1):
        separator = next((one for one in ("\t", ";") if one in line), ",")
        cells = next(csv.reader(io.StringIO(line), delimiter=separator), [])
        if not cells or not cells[0].strip() or (number == 1 and cells[0].strip().casefold() in HEADINGS):
            continue
        yield number, cells
