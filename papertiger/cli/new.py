"""Run the command `new`: write a commented scenario file to start from."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from papertiger.cli.console import BadInput, printable, say
from papertiger.cli.options import Parent
from papertiger.cli.scenario_files import as_seen_from, is_there, text_of, write_text


def new_command(
    name: Annotated[str, typer.Argument(metavar="NAME", help="Name of the new scenario; its file is NAME.yaml.")],
    parent: Parent,
    out: Annotated[Path, typer.Option("--out", metavar="DIR", help="Folder to write it into.")] = Path(),
) -> None:
    """Write a commented scenario that extends another one, to start from."""
    from papertiger import scenarios

    stem = name.removesuffix(".yaml").removesuffix(".yml")
    target = out / f"{stem}.yaml"
    if is_there("--out", out) and not out.is_dir():
        raise BadInput(f"--out {out}: this is a file, expected a folder")
    text = text_of(lambda: scenarios.template(stem, parent))
    if is_there("--out", target):
        raise BadInput(f"{target}: this file is already there; choose another name or move it away")
    seen = as_seen_from(out, parent)
    if seen != parent:
        from papertiger.scenarios.reading.yaml_writer import scalar

        text = text.replace(f"\nextends: {scalar(parent)}\n", f"\nextends: {scalar(seen)}\n", 1)
    write_text("--out", target, text)
    say(printable(f"Written to {target}; check it with: papertiger check {target}"))
