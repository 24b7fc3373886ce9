"""Keep a game's files to their owner: logs with every secret, the key to the facilitator's page, reviews and cards.

On Windows a folder of a user is closed to others by what it inherits, and modes say little.
"""

from __future__ import annotations

import contextlib
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

FOLDER, FILE = 0o700, 0o600
OTHERS = 0o077


def make_folder(path: Path) -> None:
    """Make a folder, and close it to everybody else; folders above it that are missing are made as usual."""
    path.mkdir(parents=True, exist_ok=True)
    _close(path, FOLDER)


def make_file(path: Path) -> None:
    """Make an empty file that nobody else can read, at no moment and under no mask.

    Raises
    ------
    FileExistsError
        If there is one of that name.
    """
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, FILE)
    os.close(handle)
    _close(path, FILE)


def write_file(path: Path, text: str) -> None:
    """Write a file that nobody else can read, in place of an earlier one."""
    path.unlink(missing_ok=True)
    make_file(path)
    path.write_text(text, encoding="utf-8")


def tighten(path: Path) -> bool:
    """Close a file, or a folder with all that lies in it, to everybody else; tell whether that is so now.

    Links are left alone, with what they point to.
    """
    places = [path]
    if path.is_dir() and not path.is_symlink():
        _close(path, FOLDER)
        with contextlib.suppress(OSError):
            places += path.rglob("*")
    for one in places:
        with contextlib.suppress(OSError):
            mode = one.lstat().st_mode
            if stat.S_ISDIR(mode) or stat.S_ISREG(mode):
                _close(one, FOLDER if stat.S_ISDIR(mode) else FILE)
    return not any(_is_open(one) for one in places)


def _close(path: Path, mode: int) -> None:
    with contextlib.suppress(OSError):  # of somebody else, or on a disk that knows no modes
        path.chmod(mode)


def _is_open(path: Path) -> bool:
    try:
        mode = path.lstat().st_mode
    except OSError:
        return False
    return os.name == "posix" and not stat.S_ISLNK(mode) and bool(mode & OTHERS)


@contextmanager
def owner_only() -> Iterator[None]:
    """Let all files that are made meanwhile be the owner's alone; of this process, in all of its threads."""
    before = os.umask(OTHERS)
    try:
        yield
    finally:
        os.umask(before)
