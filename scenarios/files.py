"""Write files whole or not at all, with patience, and say what a refusal of the system means.

A virus scanner, a search index or a synchronised folder may hold a file for some milliseconds after it was written,
and a rename that comes meanwhile is refused. That is no full disk: it is tried again, for about three seconds in all.
"""

from __future__ import annotations

import contextlib
import errno
import os
import re
import time
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

PARTIAL = ".partial"
"""Ending of a file that is being written."""
WAITS = (0.01, 0.02, 0.05, 0.1, 0.2, 0.4, 0.8, 1.4)
"""Seconds between tries."""
HELD_ERRORS = frozenset({errno.EBUSY, errno.ETXTBSY, errno.EAGAIN, errno.EDEADLK})
HELD_WINDOWS_ERRORS = frozenset({5, 32, 33})
"""Access denied, sharing violation, lock violation: what Windows says while another program holds a file."""

_LEFTOVER = re.compile(r"\.(\d{1,9})\.partial$")
_DAY = 86_400

type Sleep = Callable[[float], None]

sleep: Sleep = time.sleep
"""How a process waits between tries; a test puts a clock of its own here."""


class Cause(NamedTuple):
    """Why the system refused, and when the same command goes on."""

    reason: str
    mend: str


_MENDS = {
    errno.ENOSPC: "once there is room",
    errno.EFBIG: "once larger files are allowed there (ulimit -f)",
    errno.EROFS: "once the disk can be written again",
    errno.EACCES: "once you may write there",
    errno.EPERM: "once you may write there",
    errno.EMFILE: "once fewer files are open, or more are allowed (ulimit -n)",
    errno.ENFILE: "once fewer files are open on this machine",
    errno.ENAMETOOLONG: "from a folder with a shorter path",
    errno.EIO: "once the disk can be relied on",
    errno.ENOENT: "once the folder is there again",
    errno.ENOTDIR: "once the folder is there again",
}
if hasattr(errno, "EDQUOT"):
    _MENDS[errno.EDQUOT] = "once there is room within your quota"


def is_held(error: OSError, path: Path) -> bool:
    """Return whether a refusal may be over in a moment: another program holds the file.

    Parameters
    ----------
    error
        What the system said.
    path
        The file; where its folder cannot be written at all, waiting is of no use.
    """
    code = getattr(error, "winerror", None)
    if code is not None:
        return code in HELD_WINDOWS_ERRORS
    if error.errno in (errno.EACCES, errno.EPERM):
        return os.access(path.parent, os.W_OK | os.X_OK)
    return error.errno in HELD_ERRORS


def patiently[T](action: Callable[[], T], path: Path, *, wait: Sleep | None = None) -> T:
    """Carry out an action on a file, again and again while another program holds the file.

    Parameters
    ----------
    action
        What to do.
    path
        The file that it changes.
    wait
        Waits some seconds; blank takes `sleep`.

    Raises
    ------
    OSError
        The last refusal.
    """
    for seconds in WAITS:
        try:
            return action()
        except OSError as error:
            if not is_held(error, path):
                raise
        (wait or sleep)(seconds)
    return action()


def rename(source: Path, target: Path, *, wait: Sleep | None = None) -> None:
    """Give a file the name of another, which it replaces, with patience."""
    patiently(lambda: source.replace(target), target, wait=wait)


def remove(file: Path, *, wait: Sleep | None = None) -> None:
    """Remove a file if it is there, with patience."""
    patiently(lambda: file.unlink(missing_ok=True), file, wait=wait)


def write_file(target: Path, data: bytes, *, wait: Sleep | None = None) -> None:
    """Write a file whole or not at all: under another name in its folder, forced to disk, then renamed.

    Parameters
    ----------
    target
        The file; one that is there is replaced.
    data
        Its bytes.
    wait
        Waits between tries; blank takes `sleep`.
    """
    partial = target.with_name(f"{target.name}.{os.getpid()}{PARTIAL}")

    def write() -> None:
        with partial.open("wb") as stream:
            stream.write(data)
            stream.flush()
            os.fsync(stream.fileno())

    try:
        patiently(write, partial, wait=wait)
        rename(partial, target, wait=wait)
    except BaseException:
        with contextlib.suppress(OSError):  # what stopped the writing is what counts
            remove(partial, wait=wait)
        raise


def remove_leftovers(folder: Path) -> None:
    """Remove what processes that were killed had not finished writing into a folder.

    Files of processes that still run stay: they may be writing them right now.

    Parameters
    ----------
    folder
        Where to look, but not beneath.
    """
    for file in folder.glob(f"*{PARTIAL}"):
        named = _LEFTOVER.search(file.name)
        if named is not None and not _may_run(int(named[1]), file):
            with contextlib.suppress(OSError):  # it is no longer anybody's; it may stay where it cannot be removed
                file.unlink(missing_ok=True)


def _may_run(process: int, file: Path) -> bool:
    """Return whether a process still runs; on Windows, where asking would end it, whether its file is of today."""
    if process == os.getpid():
        return True
    try:
        if os.name == "nt":
            return time.time() - file.stat().st_mtime < _DAY
        os.kill(process, 0)
    except (ProcessLookupError, FileNotFoundError, OverflowError):
        return False
    except OSError:  # somebody else's process
        return True
    return True


def cause_of(error: OSError) -> Cause:
    """Return why the system refused, and when the same command goes on.

    Parameters
    ----------
    error
        What the system said.
    """
    if getattr(error, "winerror", None) in HELD_WINDOWS_ERRORS or error.errno in HELD_ERRORS:
        reason = f"another program holds the file ({error.strerror or 'busy'})"
        return Cause(reason, "once that program (a virus scanner, a synchronised folder) lets go of it")
    reason = error.strerror or (os.strerror(error.errno) if error.errno else type(error).__name__)
    return Cause(reason, _MENDS.get(error.errno or 0, "once that is mended"))


def reason_of(error: OSError) -> str:
    """Return why the system refused, in a few words."""
    return cause_of(error).reason
