"""Write a folder of results: every file beside its place first, and renamed when all are whole."""

from __future__ import annotations

import contextlib
import json
import os
import re
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

from papertiger.cli.console import BadInput
from papertiger.scenarios.files import reason_of, remove, remove_leftovers, rename

if TYPE_CHECKING:
    from collections.abc import Callable

OURS = re.compile(r"^[a-z0-9_]+\.(csv|png)$")
"""How the data and figures of a run are named."""
MANIFEST = "run.json"


def safe_name(name: str) -> str:
    """Return a name that any file system takes."""
    return re.sub(r"[^A-Za-z0-9._-]+", "_", name).strip("._") or "unnamed"


def write_whole(option: str, target: Path, write: Callable[[Path], object]) -> None:
    """Write one file, whole or not at all.

    Parameters
    ----------
    option
        What named the file, for messages.
    target
        The file; another one of that name is replaced, but nothing that is no ordinary file.
    write
        Called with the path to write to, which is then renamed.

    Raises
    ------
    BadInput
        If it cannot be written.
    """
    try:
        if target.is_dir():
            raise BadInput(f"{option} {target}: this is a folder, expected a file")
        if target.exists() and not target.is_file():
            raise BadInput(f"{option} {target}: this is not an ordinary file")
        partial = target.with_name(f".{os.getpid()}.partial")
        try:
            write(partial)
            rename(partial, target)
        finally:
            with contextlib.suppress(OSError):
                partial.unlink(missing_ok=True)
    except OSError as error:
        raise BadInput(f"{option} {target}: cannot write there: {reason_of(error)}") from None


class ResultFolder:
    """Write a run's files into a folder, all or none.

    Parameters
    ----------
    path
        The folder; it is made if it is missing.
    manifest
        Name of the file that lists the others.

    Raises
    ------
    BadInput
        If it is a file or cannot be written.
    """

    def __init__(self, path: Path, manifest: str = MANIFEST) -> None:
        self.path = path
        self.manifest = manifest
        self.files: list[str] = []
        self._made: list[Path] = []

    def __enter__(self) -> Self:
        probe = self.path / f".write-test-{os.getpid()}"
        try:
            if self.path.exists() and not self.path.is_dir():
                raise BadInput(f"--out {self.path}: this is a file, expected a folder")  # noqa: TRY301 - one way out
            self._made = [folder for folder in (self.path, *self.path.parents) if not folder.exists()]
            self.path.mkdir(parents=True, exist_ok=True)
            probe.write_bytes(b"")
            probe.unlink()
        except BaseException as error:
            # Ctrl-C may come here too, and leaves nothing behind either.
            with contextlib.suppress(OSError):
                probe.unlink(missing_ok=True)
            self._remove_made()
            if not isinstance(error, OSError):
                raise
            raise BadInput(f"--out {self.path}: cannot write there: {reason_of(error)}") from None
        return self

    def place(self, name: str) -> Path:
        """Return where to write a file until all are whole."""
        if name not in self.files:
            self.files.append(name)
        return self._partial(name)

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if kind is None:
            self._keep()
            return
        self._remove_partial()
        self._remove_made()
        if isinstance(error, OSError) and not isinstance(error, BrokenPipeError):
            raise BadInput(f"--out {self.path}: cannot write there: {reason_of(error)}") from None

    def _partial(self, name: str) -> Path:
        return self.path / f".{name}.{os.getpid()}.partial"

    def _keep(self) -> None:
        try:
            earlier = self._earlier()
            if earlier:
                # Until all are in place no manifest may vouch for a mixture; this one only knows what to clear away.
                note = self._partial("unfinished")
                note.write_text(json.dumps({"unfinished": True, "files": sorted({*earlier, *self.files})}) + "\n")
                rename(note, self.path / self.manifest)
            # The manifest comes last: where it stands, the files it names are whole and of one run.
            for name in sorted(self.files, key=lambda name: name == self.manifest):
                rename(self._partial(name), self.path / name)
            for name in earlier.difference(self.files):
                remove(self.path / name)
            remove_leftovers(self.path)
        except OSError as error:
            raise BadInput(f"--out {self.path}: cannot write there: {reason_of(error)}") from None
        finally:
            self._remove_partial()

    def _remove_partial(self) -> None:
        for name in (*self.files, "unfinished"):
            with contextlib.suppress(OSError):
                self._partial(name).unlink(missing_ok=True)

    def _earlier(self) -> set[str]:
        """Return the files that the run now being replaced left here."""
        from papertiger.scenarios.reading.json_reader import JsonError, read_json

        try:
            manifest = read_json(self.path / self.manifest, dict[str, Any])
        except JsonError:
            return set()
        listed = manifest.get("files")
        if not isinstance(listed, list):
            return set()
        return {name for name in listed if isinstance(name, str) and OURS.match(name)}

    def _remove_made(self) -> None:
        for folder in self._made:
            with contextlib.suppress(OSError):
                folder.rmdir()
