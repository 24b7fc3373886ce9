"""What a game's folder holds is its owner's alone, and a file that was changed is refused and never misread."""

from __future__ import annotations

import os
import random
import shutil
import sqlite3
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest

from papertiger.wargame.archive import export, save_copy, take_in
from papertiger.wargame.log import records as r
from papertiger.wargame.log.store import FORMAT, UNHASHED, Store, StoreError
from papertiger.wargame.private import make_file, make_folder, owner_only, tighten
from papertiger.wargame.rules.refusals import RefusalError
from papertiger.wargame.server.auth import Authenticator
from tests.wargame.games import new_play

posix = pytest.mark.skipif(os.name != "posix", reason="modes say little here")
BODIES = [r.Paced(by_itself=True), r.Ended(), r.Claimed(seat="patron", holder="Anna #1")]


@pytest.fixture(params=[0o000, 0o022, 0o277])
def mask(request: pytest.FixtureRequest) -> Iterator[int]:
    before = os.umask(request.param)
    yield request.param
    os.umask(before)


def modes(folder: Path) -> set[int]:
    return {stat.S_IMODE(path.lstat().st_mode) for path in folder.rglob("*") if not path.is_dir()}


@posix
def test_files_of_a_game_are_the_owners_alone_under_any_mask(tmp_path: Path, mask: int) -> None:
    folder = tmp_path / "game"
    make_folder(folder)
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    store = Store(folder / "game.game", create=True)
    for number, body in enumerate(BODIES, start=1):
        store.append(body, branch=0, key=str(number), seq=number)
    store.copy_to(folder / "copy.game")
    Authenticator(folder)
    assert modes(folder) == {0o600}  # with the files that SQLite keeps beside
    assert len(list(folder.glob("game.game*"))) == 3
    store.close()


@posix
def test_files_that_were_open_are_closed_as_a_game_is_opened(tmp_path: Path) -> None:
    made(tmp_path / "a.game").close()
    (tmp_path / "a.game").chmod(0o644)
    Store(tmp_path / "a.game").close()
    assert modes(tmp_path) == {0o600}
    (tmp_path / "review").mkdir(mode=0o755)
    (tmp_path / "review" / "review.html").write_text("secret")
    (tmp_path / "link").symlink_to("/etc/hostname")
    outside = Path("/etc/hostname").stat().st_mode
    assert tighten(tmp_path)
    assert stat.S_IMODE((tmp_path / "review" / "review.html").stat().st_mode) == 0o600
    assert stat.S_IMODE((tmp_path / "review").stat().st_mode) == 0o700
    assert Path("/etc/hostname").stat().st_mode == outside


@posix
def test_what_is_written_meanwhile_is_the_owners_alone(tmp_path: Path) -> None:
    with owner_only():
        (tmp_path / "cards.html").write_text("x")
    assert modes(tmp_path) == {0o600}
    make_file(tmp_path / "one")
    with pytest.raises(FileExistsError):
        make_file(tmp_path / "one")


@posix
def test_a_game_that_is_taken_in_or_copied_is_the_owners_alone(tmp_path: Path) -> None:
    play = new_play(tmp_path, name="first")
    save_copy(play, tmp_path / "second.game")
    take_in(export(play), tmp_path / "taken")
    play.close()
    assert modes(tmp_path) == {0o600}


# A file that was changed


def made(path: Path, rows: int = 12) -> Store:
    store = Store(path, create=True, clock=lambda: "2026-11-01T12:00:00+00:00")
    for number in range(1, rows + 1):
        store.append(BODIES[number % len(BODIES)], branch=0, key=f"key {number}", seq=number)
    return store


def told(path: Path) -> list[tuple[object, ...]] | None:
    """Return what a file holds, or nothing if it is refused in words."""
    try:
        store = Store(path)
        try:
            return [(row.seq, row.at, row.branch, row.key, row.text) for row in store.records()]
        finally:
            store.close()
    except (StoreError, RefusalError) as error:
        assert str(path) in str(error)
        return None


STATEMENTS = [
    "DELETE FROM log WHERE seq = 12",
    "DELETE FROM log WHERE seq = 5",
    "DELETE FROM log",
    "UPDATE log SET body = replace(body, 'Anna', 'Otto') WHERE seq = 2",
    "UPDATE log SET at = '2026-11-02T12:00:00+00:00' WHERE seq = 3",
    "UPDATE log SET branch = 1 WHERE seq = 3",
    "UPDATE log SET key = 'other' WHERE seq = 3",
    "UPDATE log SET hash = '' WHERE seq = 3",
    "UPDATE log SET seq = 99 WHERE seq = 12",
    "UPDATE head SET seq = 11",
    "UPDATE head SET hash = 'x'",
    "DELETE FROM head",
    "INSERT INTO log VALUES (13, '', 0, 'k', '{}', '')",
    "DROP TABLE head",
    "DROP TABLE log",
    "ALTER TABLE log ADD COLUMN more TEXT",
    "ALTER TABLE log RENAME TO gol",
    "CREATE TABLE more (x)",
    "CREATE VIEW more AS SELECT * FROM log",
    "CREATE TRIGGER t AFTER INSERT ON log BEGIN DELETE FROM log WHERE seq = 1; END",
    "CREATE INDEX i ON log (body)",
    "PRAGMA user_version = 3",
    "PRAGMA user_version = 0",
    "PRAGMA application_id = 1",
]


@pytest.mark.parametrize("statement", STATEMENTS)
def test_a_log_that_was_changed_is_refused(tmp_path: Path, statement: str) -> None:
    path = tmp_path / "a.game"
    made(path).close()
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute(statement)
    connection.close()
    assert told(path) is None


def tampered(data: bytes, chance: random.Random) -> bytes:
    """Return a file with some of it changed."""
    changed = bytearray(data)
    match chance.randrange(5):
        case 0:
            for _ in range(chance.randint(1, 8)):
                changed[chance.randrange(len(changed))] ^= 1 << chance.randrange(8)
        case 1:
            del changed[chance.randrange(len(changed)) :]
        case 2:
            place, length = chance.randrange(len(changed)), chance.randint(1, 4096)
            changed[place : place + length] = bytes(len(changed[place : place + length]))
        case 3:
            first, second = (4096 * chance.randrange(len(changed) // 4096) for _ in range(2))
            changed[first : first + 4096] = changed[second : second + 4096]
        case _:
            place = chance.randrange(len(changed))
            changed[place:place] = chance.randbytes(chance.randint(1, 64))
    return bytes(changed)


@pytest.mark.parametrize("variants", [40, pytest.param(500, marks=pytest.mark.slow)])
def test_a_file_whose_bytes_were_changed_is_refused_or_says_the_same(tmp_path: Path, variants: int) -> None:
    path, other = tmp_path / "a.game", tmp_path / "b.game"
    made(path, 60).close()
    data, wanted, refused = path.read_bytes(), told(path), 0
    for seed in range(variants):
        for leftover in tmp_path.glob("b.game*"):
            leftover.unlink()
        other.write_bytes(tampered(data, random.Random(seed)))
        said = told(other)
        refused += said is None
        assert said in (None, wanted), seed
    assert refused > variants // 4


def test_a_game_of_the_version_before_gets_its_hashes_once(tmp_path: Path) -> None:
    path = tmp_path / "old.game"
    made(path).close()
    wanted = told(path)
    old = sqlite3.connect(path, isolation_level=None)
    old.execute("ALTER TABLE log DROP COLUMN hash")
    old.execute("DROP TABLE head")
    old.execute(f"PRAGMA user_version = {UNHASHED}")
    old.close()
    shutil.copy(path, tmp_path / "again.game")
    assert told(path) == wanted
    assert told(path) == wanted
    connection = sqlite3.connect(path)
    with connection:
        assert connection.execute("PRAGMA user_version").fetchone() == (FORMAT,)
    connection.close()
    store = Store(tmp_path / "again.game")
    store.append(r.Ended(), branch=0, key="more", seq=13)
    assert len(store.records(12)) == 1
    assert len(store.records(13)) == 0
    store.close()
