"""The commands that write scenario files: `new` and `events`."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from papertiger.cli.console import BadInput, printable, say
from papertiger.cli.folder import write_whole

if TYPE_CHECKING:
    from collections.abc import Callable


def _written(option: str, target: Path, text: str) -> None:
    """Write a file and the folders that lead to it."""
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise BadInput(f"{option} {target}: cannot write there: {error.strerror}") from None
    write_whole(option, target, lambda partial: partial.write_text(text, encoding="utf-8", newline="\n"))


def _is_there(option: str, path: Path) -> bool:
    try:
        return path.exists()
    except OSError as error:
        raise BadInput(f"{option} {path}: cannot write there: {error.strerror}") from None


def _text(write: Callable[[], str]) -> str:
    from papertiger import scenarios  # noqa: PLC0415 - slow to import

    try:
        return write()
    except scenarios.ScenarioError as error:
        raise BadInput(str(error)) from None


def _as_seen_from(folder: Path, parent: str) -> str:
    """Return how a file in `folder` names its parent: a shipped name as it is, a file by a relative path."""
    from papertiger import scenarios  # noqa: PLC0415 - slow to import

    if parent in scenarios.names(include_abstract=True):
        return parent
    path = Path(parent)
    if not path.is_file():
        return parent
    try:
        return Path(os.path.relpath(path.resolve(), folder.resolve())).as_posix()
    except ValueError:  # another drive, to which no relative path leads
        return path.resolve().as_posix()


def new(name: str, parent: str, out: Path) -> None:
    """Write NAME.yaml into a folder; never over a file that is there."""
    from papertiger import scenarios  # noqa: PLC0415 - slow to import

    stem = name.removesuffix(".yaml").removesuffix(".yml")
    target = out / f"{stem}.yaml"
    if _is_there("--out", out) and not out.is_dir():
        raise BadInput(f"--out {out}: this is a file, expected a folder")
    text = _text(lambda: scenarios.template(stem, parent))
    if _is_there("--out", target):
        raise BadInput(f"{target}: this file is already there; choose another name or move it away")
    seen = _as_seen_from(out, parent)
    if seen != parent:
        from papertiger.scenarios.reading.yaml_writer import scalar  # noqa: PLC0415 - slow to import

        text = text.replace(f"\nextends: {scalar(parent)}\n", f"\nextends: {scalar(seen)}\n", 1)
    _written("--out", target, text)
    say(printable(f"Written to {target}; check it with: papertiger check {target}"))


def events(file: Path, parent: str, out: Path | None) -> None:
    """Print the scenario that a spreadsheet of events makes, or write it to a file."""
    from papertiger import scenarios  # noqa: PLC0415 - slow to import

    if out is not None and _is_there("--out", out) and out.is_dir():
        raise BadInput(f"--out {out}: this is a folder, expected a file such as {out / file.stem}.yaml")
    if out is not None and out.exists():
        raise BadInput(f"--out {out}: this file is already there; choose another name or move it away")
    # The parent is looked up from the spreadsheet's folder first, then written as seen from the new file.
    text = _text(lambda: scenarios.events_scenario(file, _as_seen_from(file.parent, parent)))
    if out is None:
        say(text.rstrip("\n"))
        return
    seen = _as_seen_from(out.parent, parent)
    from papertiger.scenarios.reading.yaml_writer import scalar  # noqa: PLC0415 - slow to import

    there = _as_seen_from(file.parent, parent)
    text = text.replace(f"\nextends: {scalar(there)}\n", f"\nextends: {scalar(seen)}\n", 1)
    _written("--out", out, text)
    say(printable(f"Written to {out}; check it with: papertiger check {out}"))
