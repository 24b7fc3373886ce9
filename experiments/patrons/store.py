"""Keep every finished piece of a study in a folder, so that a study that was stopped goes on where it was."""

from __future__ import annotations

import ast
import hashlib
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from papertiger.scenarios.files import remove_leftovers, write_file

if TYPE_CHECKING:
    from collections.abc import Callable

DECIDES_NOTHING = {"loader.py", "page.py", "store.py", "tables.py", "words.py"}
"""Modules that no number comes from: they read, keep and tell."""


def code_hash() -> str:
    """Return the SHA-256 of the code that decides what a study comes to, whatever its comments and line breaks."""
    digest = hashlib.sha256()
    for path in sorted(Path(__file__).parent.glob("*.py")):
        if path.name not in DECIDES_NOTHING:
            digest.update(path.name.encode())
            digest.update(ast.dump(ast.parse(path.read_bytes())).encode())
    return digest.hexdigest()


def fingerprint_of(*hashes: str) -> str:
    """Return one hash of several."""
    return hashlib.sha256("".join(hashes).encode("ascii")).hexdigest()


class Store:
    """Keep pieces by name, each with the fingerprint of what it was made of.

    Parameters
    ----------
    folder
        Where; it is made if it is missing. None keeps nothing.
    fingerprint
        Of plan, readings, tables and code: a piece of another one is made anew.
    """

    def __init__(self, folder: Path | None, fingerprint: str) -> None:
        self.folder, self.fingerprint = folder, fingerprint
        if folder is not None:
            folder.mkdir(parents=True, exist_ok=True)
            remove_leftovers(folder)

    def piece(self, name: str, make: Callable[[], Any]) -> Any:
        """Return a piece, from the folder if it is there.

        It always passes through its text, so that a study in one go and one with stops have the same bytes.

        Parameters
        ----------
        name
            Of the piece; a file of the folder has it.
        make
            Makes it.
        """
        path = None if self.folder is None else self.folder / f"{name}.json"
        if path is not None and path.is_file():
            try:
                held = json.loads(path.read_bytes())
            except ValueError:
                held = {}
            if isinstance(held, dict) and held.get("fingerprint") == self.fingerprint and "content" in held:
                return held["content"]
        text = json.dumps({"fingerprint": self.fingerprint, "content": make()}, allow_nan=False, sort_keys=True)
        if path is not None:
            write_file(path, text.encode("ascii"))
        return json.loads(text)["content"]
