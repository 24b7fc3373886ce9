"""Append records to a game's log, each once for its idempotency key, and hold the state that they come to."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping
from threading import RLock

from papertiger.wargame.log import records
from papertiger.wargame.log.branch import Branch
from papertiger.wargame.log.state import GameError, GameState
from papertiger.wargame.log.store import ConflictError, Store
from papertiger.wargame.rules.refusals import refusal

FACILITATOR = "facilitator"
MAX_TRIES = 5

type Ids = Callable[[], str]
"""Gives a name that nobody guesses."""

type OnChange = Callable[[Mapping[str, int]], None]
"""Takes the new versions of the seats that may know of a record."""


def fresh_id() -> str:
    """Return a name of 128 random bits."""
    return secrets.token_hex(16)


class Journal:
    """Append records to a log. Safe to use from several threads, and beside other programs that write to the file.

    Parameters
    ----------
    store
        The log.
    ids
        Names records whose writer gives no key.
    on_change
        Called after each record with the versions of the seats that may know of it.

    Attributes
    ----------
    game
        What the log comes to.
    lock
        Held while a record is checked and written; whoever decides by the state and then writes holds it meanwhile.

    Raises
    ------
    papertiger.wargame.log.state.GameError
        If the log is empty, or a record cannot follow on those before it.
    """

    def __init__(self, store: Store, *, ids: Ids = fresh_id, on_change: OnChange | None = None) -> None:
        self.store, self.ids, self.on_change = store, ids, on_change
        self.lock = RLock()
        self.game = GameState(store.records())
        if not self.game.seq:
            raise GameError(refusal("log.empty", given=str(store.path)))

    def line(self, branch: int | None) -> Branch:
        """Return a branch by its number; blank means where the teams play."""
        number = self.game.active if branch is None else branch
        if not 0 <= number < len(self.game.branches):
            raise GameError(refusal("no.branch", branch=number))
        return self.game.branches[number]

    def sent(self, key: str) -> records.Body | None:
        """Return what the facilitator sent before under the key of a form."""
        record = self.store.find(_owned(key, FACILITATOR)) if key else None
        return record.body if record is not None else None

    def known(self, body: records.Body, key: str, *, owner: str, branch: int) -> records.Record | None:
        """Return the record that was written with a key, or refuse to use the key for something else."""
        record = self.store.find(_owned(key, owner)) if key else None
        if record is not None and (record.text != records.write_body(body) or record.branch != branch):
            raise GameError(refusal("field.resent"))
        return record

    def commit(
        self, body: records.Body, key: str = "", *, owner: str = FACILITATOR, branch: int | None = None
    ) -> records.Record:
        """Write a record and return it once it is on the disk; sent again with its key, it is written once.

        Parameters
        ----------
        body
            What happened.
        key
            Idempotency key of the form; blank takes a new one.
        owner
            Whose key it is: a seat can neither use up another one's keys nor learn that one was used.
        branch
            Blank means where the teams play.

        Raises
        ------
        papertiger.wargame.log.state.GameError
            If it cannot happen now, or the key was used for something else.
        papertiger.wargame.log.store.StoreError
            If the disk refuses; nothing is written.
        """
        with self.lock:
            self.catch_up()
            for _ in range(MAX_TRIES):
                number = self.game.active if branch is None else branch
                known = self.known(body, key, owner=owner, branch=number)
                if known is not None:
                    return known
                self.game.check(records.Record(self.game.seq + 1, "", number, "", body))
                unique = _owned(key or self.ids(), owner)
                try:
                    record = self.store.append(body, branch=number, key=unique, seq=self.game.seq + 1)
                except ConflictError:
                    self.catch_up()
                    continue
                before = dict(self.game.versions)
                self.game.apply(record)
                self._tell(before)
                return record
        raise ConflictError(f"{self.store.path}: another program writes to this game")

    def catch_up(self) -> None:
        """Take in records that another program wrote."""
        if self.store.last() == self.game.seq:
            return
        for record in self.store.records(self.game.seq):
            self.game.check(record)
            self.game.apply(record)

    def _tell(self, before: Mapping[str, int]) -> None:
        if self.on_change is not None:
            changed = {seat: number for seat, number in self.game.versions.items() if before.get(seat) != number}
            self.on_change(changed)


def _owned(key: str, owner: str) -> str:
    return f"{owner}/{key}"
