"""Keep the event log of a game in one SQLite file, committed before anything is acknowledged.

The journal is a write-ahead log with full synchronisation, so what `append` returned is on the disk: a kill, a crash
or a loss of power after it loses nothing, and one before it leaves no trace.

Each row carries a hash of itself and of the row before it, and the file's head the hash of the last one. A file that
a failing disk, a half-copied folder or an editor changed is refused; it is never read as another game.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import sqlite3
import time
from collections.abc import Callable, Sequence
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from threading import RLock
from typing import Any

from papertiger.wargame.log.records import Body, Record, RecordError, read_body, write_body
from papertiger.wargame.private import make_file, tighten

APPLICATION = 0x50544947
"""Marks the file as a game's, for whoever opens it."""

FORMAT = 2
UNHASHED = 1
"""The format of version 0.1.0, whose rows carry no hash; such a file gets them as it is opened."""

BUSY_SECONDS = 10.0

_LOG = """
CREATE TABLE log (
    seq INTEGER PRIMARY KEY CHECK (seq > 0),
    at TEXT NOT NULL,
    branch INTEGER NOT NULL,
    key TEXT NOT NULL UNIQUE,
    body TEXT NOT NULL,
    hash TEXT NOT NULL
) STRICT
"""
_HEAD = "CREATE TABLE head (one INTEGER PRIMARY KEY CHECK (one = 1), seq INTEGER NOT NULL, hash TEXT NOT NULL) STRICT"
_OBJECTS = {("table", "log"), ("index", "sqlite_autoindex_log_1"), ("table", "head")}
_COLUMNS = ("seq", "at", "branch", "key", "body", "hash")
_INSERT = "INSERT INTO log (seq, at, branch, key, body, hash) VALUES (?, ?, ?, ?, ?, ?)"

type Clock = Callable[[], str]
"""Gives the present, ISO 8601 in UTC."""


class StoreError(RuntimeError):
    """A file that is no game, or a write that did not happen."""


def hash_row(before: str, seq: int, at: str, branch: int, key: str, body: str) -> str:
    """Return the hash of a row that follows another one's."""
    return hashlib.sha256(json.dumps([before, seq, at, branch, key, body]).encode()).hexdigest()


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
            if create:
                make_file(path)  # with the right mode at once; SQLite gives it to its own files beside it
            self._connection = sqlite3.connect(
                path, timeout=BUSY_SECONDS, isolation_level=None, check_same_thread=False
            )
        except FileExistsError:
            raise StoreError(f"{path}: a game of this name exists already") from None
        except (OSError, sqlite3.Error) as error:
            raise StoreError(f"{path}: {error}") from None
        try:
            self._prepare(create)
        except BaseException as error:
            self._connection.close()
            if create:
                path.unlink(missing_ok=True)
            if isinstance(error, sqlite3.Error):
                raise StoreError(f"{path}: {error}") from None
            raise

    def _prepare(self, create: bool) -> None:
        run = self._connection.execute
        run("PRAGMA trusted_schema = OFF")
        if create:
            run("PRAGMA journal_mode = WAL")
            run("BEGIN IMMEDIATE")
            run(_LOG)
            run(_HEAD)
            run("INSERT INTO head (one, seq, hash) VALUES (1, 0, '')")
            run(f"PRAGMA application_id = {APPLICATION}")
            run(f"PRAGMA user_version = {FORMAT}")
            run("COMMIT")
        mark, form = run("PRAGMA application_id").fetchone()[0], run("PRAGMA user_version").fetchone()[0]
        if mark != APPLICATION:
            raise StoreError(f"{self.path}: this file is no game")
        if form not in (FORMAT, UNHASHED):
            raise StoreError(f"{self.path}: a game of format {form}, this program reads {FORMAT}")
        if not create:
            _tighten(self.path)
            said = run("PRAGMA integrity_check(1)").fetchone()[0]
            if said != "ok":
                raise self._damaged(str(said).splitlines()[0][:200])
        run("PRAGMA journal_mode = WAL")
        run("PRAGMA synchronous = FULL")
        if form == UNHASHED:
            self._add_hashes()
        if set(run("SELECT type, name FROM sqlite_master").fetchall()) != _OBJECTS:
            raise self._damaged("expected the tables log and head and nothing else")
        if tuple(row[1] for row in run("PRAGMA table_xinfo(log)")) != _COLUMNS:
            raise self._damaged(f"expected the columns {', '.join(_COLUMNS)}")

    def _add_hashes(self) -> None:
        """Bring a file of version 0.1.0 to the format of today, whole or not at all."""
        run = self._connection.execute
        run("BEGIN IMMEDIATE")
        try:
            if run("PRAGMA user_version").fetchone()[0] == UNHASHED:
                rows = run("SELECT seq, at, branch, key, body FROM log ORDER BY seq").fetchall()
                run("DROP TABLE log")
                run(_LOG)
                run(_HEAD)
                run("INSERT INTO head (one, seq, hash) VALUES (1, 0, '')")
                self._insert(rows)
                run(f"PRAGMA user_version = {FORMAT}")
            run("COMMIT")
        except BaseException:
            if self._connection.in_transaction:
                run("ROLLBACK")
            raise

    def _insert(self, rows: Sequence[tuple[Any, ...]]) -> None:
        """Add rows with their hashes, inside a transaction."""
        run = self._connection.execute
        seq, before = self._head()
        for row in rows:
            seq, before = row[0], hash_row(before, *row)
            run(_INSERT, (*row, before))
        run("UPDATE head SET seq = ?, hash = ?", (seq, before))

    def _head(self) -> tuple[int, str]:
        head = self._connection.execute("SELECT seq, hash FROM head").fetchone()
        if head is None:
            raise self._damaged("its head is missing")
        return int(head[0]), str(head[1])

    def _damaged(self, why: str) -> StoreError:
        return StoreError(
            f"{self.path}: this game was changed or damaged outside of the program ({why}); "
            "restore a copy of it, or take in the file of an earlier export"
        )

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
        with self._lock:
            run = self._connection.execute
            try:
                run("BEGIN")  # rows and head of one moment
                try:
                    rows = run(
                        "SELECT seq, at, branch, key, body, hash FROM log WHERE seq >= ? ORDER BY seq", (after,)
                    ).fetchall()
                    head = self._head()
                finally:
                    if self._connection.in_transaction:
                        run("COMMIT")
                return self._checked(rows, after, head)
            except (sqlite3.Error, RecordError) as error:
                raise StoreError(f"{self.path}: {error}") from None

    def _checked(self, rows: Sequence[tuple[Any, ...]], after: int, head: tuple[int, str]) -> list[Record]:
        """Return the rows after a number, if they follow one another up to the head."""
        seq, before = 0, ""
        if after:  # the row itself is read along, for its hash
            if not rows or rows[0][0] != after:
                raise self._damaged(f"row {after} is missing")
            (seq, *_, before), rows = rows[0], rows[1:]
        for one in rows:
            if one[0] != seq + 1 or one[5] != hash_row(before, *one[:5]):
                raise self._damaged(f"row {one[0]} is not as it was written")
            seq, before = one[0], one[5]
        if (seq, before) != head:
            raise self._damaged(f"it holds {seq} of {head[0]} rows")
        return [Record(number, at, branch, key, read_body(body)) for number, at, branch, key, body, _ in rows]

    def last(self) -> int:
        """Return the number of the last row, 0 without any."""
        (last,) = self._one("SELECT coalesce(max(seq), 0) FROM log")
        return int(last)

    def find(self, key: str) -> Record | None:
        """Return the row with an idempotency key."""
        row = self._one("SELECT seq, at, branch, body FROM log WHERE key = ?", key)
        if row is None:
            return None
        seq, at, branch, body = row
        try:
            return Record(seq, at, branch, key, read_body(body))
        except RecordError as error:
            raise StoreError(f"{self.path}: row {seq}: {error}") from None

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
                    self._expect(seq, self._head()[0] + 1)
                    self._insert([(seq, record.at, branch, key, write_body(body))])
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
                    self._insert([(one.seq, one.at, one.branch, one.key, one.text) for one in records])
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
                path.unlink(missing_ok=True)
                make_file(path)
                with closing(sqlite3.connect(path)) as other:
                    self._connection.backup(other)
            except (OSError, sqlite3.Error) as error:
                path.unlink(missing_ok=True)
                raise StoreError(f"{path}: {error}") from None


def _tighten(path: Path) -> None:
    for one in (path, path.with_name(f"{path.name}-wal"), path.with_name(f"{path.name}-shm")):
        with contextlib.suppress(OSError):
            tighten(one)


class ConflictError(StoreError):
    """Another writer wrote first."""
