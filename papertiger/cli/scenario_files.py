"""Write scenario files for people: what `new` and `events` have in common."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from papertiger.cli.console import BadInput
from papertiger.cli.folder import write_whole

if TYPE_CHECKING:
    from collections.abc import Callable


def write_text(option: str, target: Path, text: str) -> None:
    """Write a file and the folders that lead to it."""
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise BadInput(f"{option} {target}: cannot write there: {error.strerror}") from None
    write_whole(option, target, lambda partial: partial.write_text(text, encoding="utf-8", newline="\n"))


def is_there(option: str, path: Path) -> bool:
    """Tell whether there is something of that name."""
    try:
        return path.exists()
    except OSError as error:
        raise BadInput(f"{option} {path}: cannot write there: {error.strerror}") from None


def text_of(write: Callable[[], str]) -> str:
    """Return the text of a scenario, or raise `BadInput` with all that is wrong with it."""
    from papertiger import scenarios

    try:
        return write()
    except scenarios.ScenarioError as error:
        raise BadInput(str(error)) from None


def as_seen_from(folder: Path, parent: str) -> str:
    """Return how a file in `folder` names its parent: a shipped name as it is, a file by a relative path."""
    from papertiger import scenarios

    if parent in scenarios.names(include_abstract=True):
        return parent
    path = Path(parent)
    if not path.is_file():
        return parent
    try:
        return Path(os.path.relpath(path.resolve(), folder.resolve())).as_posix()
    except ValueError:  # another drive, to which no relative path leads
        return path.resolve().as_posix()
