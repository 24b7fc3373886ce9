"""The store: a game's log in one SQLite file, committed before anything is acknowledged.

The journal is a write-ahead log with full synchronisation, so what `append` returned is on the disk: a kill, a crash
or a loss of power after it loses nothing, and one before it leaves no trace.
"""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable, Sequence
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from threading import RLock
from typing import Any

from papertiger.wargame.log.records import Body, Record, RecordError, read_body, write_body

APPLICATION = 0x50544947
"""Marks the file as a game's, for whoever opens it."""

FORMAT = 1
BUSY_SECONDS = 10.0

_SCHEMA = """
CREATE TABLE log (
    seq INTEGER PRIMARY KEY CHECK (seq > 0),
    at TEXT NOT NULL,
    branch INTEGER NOT NULL,
    key TEXT NOT NULL UNIQUE,
    body TEXT NOT NULL
) STRICT;
"""

type Clock = Callable[[], str]
"""Gives the present, ISO 8601 in UTC."""


class StoreError(RuntimeError):
    """A file that is no game, or a write that did not happen."""


def now() -> str:
    """Return the present by the machine's clock."""
    return datetime.fromtimestamp(time.time(), UTC).isoformat(timespec="seconds")


class Store:
    """A game's log on disk. Safe to use from several threads.

    Parameters
    ----------
    path
        The file.
    clock
        Injected, so that tests and replays have their own.
    create
        Make a new file; it must not exist.

    Raises
    ------
    StoreError
        If the file is not a game, is missing, or exists already.
    """

    def __init__(self, path: Path, *, clock: Clock = now, create: bool = False) -> None:
        self.path, self.clock = path, clock
        self._lock = RLock()
        if create and path.exists():
            raise StoreError(f"{path}: a game of this name exists already")
        if not create and not path.is_file():
            raise StoreError(f"{path}: no such game")
        try:
            self._connection = sqlite3.connect(
                path, timeout=BUSY_SECONDS, isolation_level=None, check_same_thread=False
            )
        except sqlite3.Error as error:
            raise StoreError(f"{path}: {error}") from None
        try:
            self._prepare(create)
        except BaseException as error:
            self._connection.close()
            if isinstance(error, sqlite3.Error):
                raise StoreError(f"{path}: {error}") from None
            raise

    def _prepare(self, create: bool) -> None:
        run = self._connection.execute
        run("PRAGMA trusted_schema = OFF")
        if create:
            run("PRAGMA journal_mode = WAL")
            run("BEGIN IMMEDIATE")
            run(_SCHEMA)
            run(f"PRAGMA application_id = {APPLICATION}")
            run(f"PRAGMA user_version = {FORMAT}")
            run("COMMIT")
        mark, form = run("PRAGMA application_id").fetchone()[0], run("PRAGMA user_version").fetchone()[0]
        if mark != APPLICATION:
            raise StoreError(f"{self.path}: this file is no game")
        if form != FORMAT:
            raise StoreError(f"{self.path}: a game of format {form}, this program reads {FORMAT}")
        run("PRAGMA journal_mode = WAL")
        run("PRAGMA synchronous = FULL")

    def close(self) -> None:
        """Close the file."""
        with self._lock:
            self._connection.close()

    def records(self, after: int = 0) -> list[Record]:
        """Return the rows after a number, in order.

        Raises
        ------
        StoreError
            If a row cannot be read.
        """
        with self._lock, closing(self._connection.cursor()) as cursor:
            try:
                found = cursor.execute(
                    "SELECT seq, at, branch, key, body FROM log WHERE seq > ? ORDER BY seq", (after,)
                ).fetchall()
                return [Record(seq, at, branch, key, read_body(body)) for seq, at, branch, key, body in found]
            except (sqlite3.Error, RecordError) as error:
                raise StoreError(f"{self.path}: {error}") from None

    def last(self) -> int:
        """Return the number of the last row, 0 without any."""
        (last,) = self._one("SELECT coalesce(max(seq), 0) FROM log")
        return int(last)

    def find(self, key: str) -> Record | None:
        """Return the row with an idempotency key."""
        found = self._one("SELECT seq, at, branch, body FROM log WHERE key = ?", key)
        if found is None:
            return None
        seq, at, branch, body = found
        return Record(seq, at, branch, key, read_body(body))

    def _one(self, query: str, *values: str) -> Any:
        with self._lock, closing(self._connection.cursor()) as cursor:
            try:
                return cursor.execute(query, values).fetchone()
            except sqlite3.Error as error:
                raise StoreError(f"{self.path}: {error}") from None

    def append(self, body: Body, *, branch: int, key: str, seq: int) -> Record:
        """Write a row and return it once it is on the disk.

        Parameters
        ----------
        body, branch, key
            The row.
        seq
            The number that it must get: one more than the last row that its writer knows of.

        Raises
        ------
        ConflictError
            If another writer was quicker; nothing is written.
        StoreError
            If the disk refuses; nothing is written.
        """
        record = Record(seq, self.clock(), branch, key, body)
        with self._lock:
            run = self._connection.execute
            try:
                run("BEGIN IMMEDIATE")
                try:
                    last = run("SELECT coalesce(max(seq), 0) FROM log").fetchone()[0]
                    self._expect(seq, last + 1)
                    values: tuple[Any, ...] = (seq, record.at, branch, key, write_body(body))
                    run("INSERT INTO log (seq, at, branch, key, body) VALUES (?, ?, ?, ?, ?)", values)
                    run("COMMIT")
                except BaseException:
                    if self._connection.in_transaction:
                        run("ROLLBACK")
                    raise
            except sqlite3.Error as error:
                raise StoreError(f"{self.path}: nothing was written: {error}") from None
        return record

    def _expect(self, seq: int, following: int) -> None:
        if seq != following:
            raise ConflictError(f"{self.path}: row {seq} was taken meanwhile")

    def write_all(self, records: Sequence[Record]) -> None:
        """Write the rows of another log to this new one, all or none."""
        with self._lock:
            run = self._connection.execute
            try:
                run("BEGIN IMMEDIATE")
                try:
                    for record in records:
                        values = (record.seq, record.at, record.branch, record.key, record.text)
                        run("INSERT INTO log (seq, at, branch, key, body) VALUES (?, ?, ?, ?, ?)", values)
                    run("COMMIT")
                except BaseException:
                    if self._connection.in_transaction:
                        run("ROLLBACK")
                    raise
                run("PRAGMA wal_checkpoint(TRUNCATE)")
            except sqlite3.Error as error:
                raise StoreError(f"{self.path}: nothing was written: {error}") from None

    def copy_to(self, path: Path) -> None:
        """Write a copy of the log as it is now to another file.

        Raises
        ------
        StoreError
            If it cannot be written.
        """
        with self._lock:
            try:
                with closing(sqlite3.connect(path)) as other:
                    self._connection.backup(other)
            except sqlite3.Error as error:
                path.unlink(missing_ok=True)
                raise StoreError(f"{path}: {error}") from None


class ConflictError(StoreError):
    """Another writer wrote first."""
