"""Keep what takes long to work out of files, in the user's cache folder, keyed by their content.

A value is plain JSON beside its own hash: what is broken, cut off or changed is not there, and no value can name
code. The key holds the content of all that the value comes from, the sources of the program included, so nothing
outlives its definition. Where there is no folder to keep it in, everything is worked out anew.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Any

CACHE_VARIABLE = "PAPERTIGER_CACHE"
"""Environment variable that names another folder; empty keeps nothing."""
FOLDER = "parsed"
MAX_FILES = 512
"""The newest that are kept."""
MAX_BYTES = 20_000_000
"""Of one value; a larger one is not read."""


_everything = False


def keep_everything() -> None:
    """Keep what comes of any file from now on: each command about the same files starts a process anew."""
    global _everything  # noqa: PLW0603 - a choice of the process
    _everything = True


def is_kept(*, shipped: bool) -> bool:
    """Tell whether to keep what comes of a file: of those that come with the project always."""
    return shipped or _everything


def key_of(kind: str, *parts: bytes) -> str:
    """Return the key of a value that comes from some contents.

    Parameters
    ----------
    kind
        What is worked out of them.
    *parts
        The contents.
    """
    digest = hashlib.sha256(kind.encode())
    for part in parts:
        digest.update(hashlib.sha256(part).digest())
    return digest.hexdigest()


def contents(files: Iterable[Path]) -> bytes:
    """Return a hash of files, of their names and of what they hold.

    Raises
    ------
    OSError
        If one cannot be read.
    """
    digest = hashlib.sha256()
    for file in sorted(files):
        digest.update(f"{file.name}\0".encode("utf-8", "surrogateescape"))
        digest.update(hashlib.sha256(file.read_bytes()).digest())
    return digest.digest()


@cache
def folder() -> Path | None:
    """Return where values are kept, or None if nowhere."""
    named = os.environ.get(CACHE_VARIABLE)
    if named == "":
        return None
    with contextlib.suppress(Exception):  # no home, no name for it: then nothing is kept
        if named is None:
            from platformdirs import user_cache_dir  # noqa: PLC0415 - only where it is asked

            named = user_cache_dir("papertiger")
        return Path(named) / FOLDER
    return None


def recall(key: str) -> Any:
    """Return what was kept under a key, or None where nothing whole is.

    Parameters
    ----------
    key
        As `key_of` makes it.
    """
    where = folder()
    if where is None:
        return None
    try:
        with (where / f"{key}.json").open("rb") as stream:
            data = stream.read(MAX_BYTES + 1)
        digest, _, text = data.partition(b"\n")
        if digest.decode("ascii") != hashlib.sha256(text).hexdigest():
            return None
        return json.loads(text)
    except (OSError, ValueError, RecursionError):
        return None


def remember(key: str, value: Any) -> None:
    """Keep a value under a key; where that cannot be done, nothing is.

    Parameters
    ----------
    key
        As `key_of` makes it.
    value
        Plain data.
    """
    where = folder()
    if where is None:
        return
    partial = where / f"{key}.{os.getpid()}.partial"
    try:
        text = json.dumps(value, ensure_ascii=True, allow_nan=False, separators=(",", ":")).encode("ascii")
        where.mkdir(parents=True, exist_ok=True)
        partial.write_bytes(hashlib.sha256(text).hexdigest().encode("ascii") + b"\n" + text)
        partial.replace(where / f"{key}.json")
        _remove_oldest(where)
    except (OSError, ValueError, TypeError, RecursionError):
        pass
    finally:
        with contextlib.suppress(OSError):
            partial.unlink(missing_ok=True)


def _remove_oldest(where: Path) -> None:
    files = list(where.iterdir())
    if len(files) > MAX_FILES:
        dated = []
        for file in files:
            with contextlib.suppress(OSError):
                dated.append((file.stat().st_mtime, file.name, file))
        for _, _, file in sorted(dated)[: len(dated) - MAX_FILES // 2]:
            with contextlib.suppress(OSError):
                file.unlink()
