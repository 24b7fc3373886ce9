"""Keep parallel games: up to twelve copies of one world with the same luck, each in a log of its own.

A class is a folder with a small record of which games belong together and one folder for each group, which holds what
a single game's folder holds. So a kill, a replay, an export and an undo of a group are those of a single game. All
groups have one scenario and one seed: until two of them differ in an order, nothing differs.
"""

from __future__ import annotations

import json
import os
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from threading import RLock
from typing import TYPE_CHECKING, Literal

from pydantic import Field

from papertiger.scenarios.reading.json_reader import JsonError, JsonShape, read_json
from papertiger.wargame.folder import open_game
from papertiger.wargame.log.records import DRAWN_SEEDS
from papertiger.wargame.private import make_file, make_folder

if TYPE_CHECKING:
    from papertiger.scenarios import Scenario
    from papertiger.wargame.engine.worker import Engine
    from papertiger.wargame.session import Session

MAX_GROUPS = 12
FILE = "class.json"
FOLDER = "groups"


class ParallelError(RuntimeError):
    """Groups that do not belong together, or a record of them that cannot be read or written."""


class _GroupShape(JsonShape):
    name: str = Field(default="", max_length=80)
    formed: bool = False


class _ClassShape(JsonShape):
    format: Literal[1]
    seed: int = Field(ge=0, lt=2**63)
    version: str = ""
    groups: list[_GroupShape] = Field(min_length=1, max_length=MAX_GROUPS)


@dataclass
class Group:
    """One group's game.

    Attributes
    ----------
    number
        From 1.
    session
        Its game.
    folder
        Where the game is kept.
    name
        What its first member called it; blank leaves it with its number.
    formed
        Whether somebody formed it; what all groups do leaves one out that nobody did.
    """

    number: int
    session: Session
    folder: Path
    name: str = ""
    formed: bool = False


class ParallelGames:
    """Hold the games of a class. Safe to use from several threads.

    Parameters
    ----------
    folder
        Of the class; made if it is missing.
    scenario
        Gives what is played, asked only for a new class.
    engine
        Computes the turns of all groups.
    groups
        How many; of a class that was begun before, blank or as many as it has.
    version
        Of the program.
    seed
        Key of the draws of a new class; blank takes a random one.

    Raises
    ------
    ParallelError
        If the record of the class cannot be read, or says something else.
    """

    def __init__(
        self,
        folder: Path,
        scenario: Callable[[], Scenario],
        engine: Engine,
        *,
        groups: int = 0,
        version: str = "",
        seed: int | None = None,
    ) -> None:
        self.folder, self.engine = folder, engine
        self.lock = RLock()
        self.edition = 0
        """How often groups were formed, added or taken away since the program began."""
        make_folder(folder)
        make_folder(folder / FOLDER)
        path = folder / FILE
        if path.exists():
            said = _read(path)
            if groups not in (0, len(said.groups)):
                raise ParallelError(
                    f"{folder}: this class was begun with {len(said.groups)} groups; "
                    "change their number on the facilitator's page, before play begins"
                )
        else:
            # The record comes first: of whatever a kill leaves unmade, it says how to make it.
            said = _ClassShape(
                format=1,
                seed=secrets.randbelow(DRAWN_SEEDS) if seed is None else seed,
                version=version,
                groups=[_GroupShape()] * groups,
            )
            _write(path, said)
        self.seed, self._version = said.seed, said.version
        self._scenario = scenario
        self.groups: list[Group] = []
        try:
            for one in said.groups:
                self._open(one.name, one.formed)
        except BaseException:
            self.close()
            raise

    def _open(self, name: str = "", formed: bool = False) -> Group:
        number = len(self.groups) + 1
        # A copy of the first group's world, whatever became of the scenario's file since.
        world = (lambda: self.groups[0].session.game.scenario) if self.groups else self._scenario
        folder = self.folder / FOLDER / f"{number:02}"
        session = open_game(folder, world, self.engine, self._version, self.seed)
        first = self.groups[0].session if self.groups else session
        is_copy = session.game.created.scenario == first.game.created.scenario
        if session.game.created.seed != self.seed or not is_copy:
            session.close()
            raise ParallelError(f"{folder}: this game is no copy of the others of its class")
        self.groups.append(Group(number, session, folder, name, formed))
        return self.groups[-1]

    def close(self) -> None:
        """Close all logs; the engine is its owner's."""
        for group in self.groups:
            group.session.close()

    @property
    def formed(self) -> list[Group]:
        """The groups that somebody formed."""
        return [group for group in self.groups if group.formed]

    @property
    def has_begun(self) -> bool:
        """Whether a turn was played in any group."""
        return any(group.session.game.branch.turn > 1 or group.session.game.ended for group in self.groups)

    def form(self, name: str) -> Group | None:
        """Form the next group, or return nothing if all are formed.

        Parameters
        ----------
        name
            What its members call it; blank leaves it with its number.
        """
        with self.lock:
            group = next((one for one in self.groups if not one.formed), None)
            if group is not None:
                group.name, group.formed = name, True
                try:
                    self._keep()
                except ParallelError:
                    group.name, group.formed = "", False
                    raise
            return group

    def resize(self, count: int) -> list[Group]:
        """Let there be more or fewer groups, and return those that were added; none that is formed goes.

        The folder of a group that goes is left where it is, and taken up again if the group comes back.
        """
        with self.lock:
            fewest = max((group.number for group in self.formed), default=1)
            if not fewest <= count <= MAX_GROUPS or self.has_begun:
                raise ValueError(count)
            before = len(self.groups)
            gone, self.groups[count:] = self.groups[count:], []
            for group in gone:
                group.session.close()
            added = [self._open() for _ in range(before, count)]
            self._keep()
            return added

    def _keep(self) -> None:
        groups = [_GroupShape(name=one.name, formed=one.formed) for one in self.groups]
        _write(self.folder / FILE, _ClassShape(format=1, seed=self.seed, version=self._version, groups=groups))
        self.edition += 1


def _read(path: Path) -> _ClassShape:
    try:
        return read_json(path, _ClassShape)
    except JsonError as error:
        raise ParallelError(str(error)) from None


def _write(path: Path, said: _ClassShape) -> None:
    """Put the record in the place of the earlier one, whole or not at all."""
    part = path.with_suffix(".part")
    try:
        part.unlink(missing_ok=True)
        make_file(part)
        with part.open("w", encoding="utf-8") as file:
            json.dump(said.model_dump(), file, indent=1)
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
    except OSError as error:
        raise ParallelError(f"{path}: nothing was written: {error.strerror}") from None
