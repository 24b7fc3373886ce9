"""Run the command `reference`: freeze results of the shipped experiments, and tell which of them moved."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from papertiger.cli.console import BadInput, printable, say
from papertiger.cli.progress import progress


def reference_command(
    names: Annotated[
        list[str] | None, typer.Argument(metavar="[NAME]...", help="Shipped experiments [default: all].")
    ] = None,
    write: Annotated[
        bool, typer.Option("--write", help="Replace the frozen tables by what the model gives now.")
    ] = False,
    where: Annotated[Path, typer.Option("--in", metavar="DIR", help="Folder of the frozen tables.")] = Path(
        "results/reference"
    ),
) -> None:
    """Compare the shipped experiments, at few replicates, with their frozen tables, and say which results moved."""
    from papertiger.experiments.design.sources import experiment_names
    from papertiger.experiments.errors import FolderError
    from papertiger.experiments.run import baselines
    from papertiger.scenarios.errors import nearest

    shipped = experiment_names()
    for name in names or ():
        if name not in shipped:
            hint = nearest(name, shipped)
            question = "" if hint is None else f" (did you mean '{hint}'?)"
            raise BadInput(f"no shipped experiment '{name}'{question}; there are {', '.join(shipped)}")
    if not write and not where.is_dir():
        raise BadInput(f"--in {where}: no such folder; frozen tables lie in results/reference of the source tree")
    moved = 0
    for name in names or shipped:
        file = where / f"{name}.csv"
        with progress(f"{name}: a small run"):
            new = baselines.small_run(name)
        try:
            old = baselines.read(file) if file.is_file() else []
            moves = baselines.moves(name, old, new)
            if write and (moves or not file.is_file()):
                baselines.write(file, new)
        except (OSError, ValueError, KeyError, FolderError) as error:
            raise BadInput(f"{file}: cannot be read or written: {error}") from None
        moved += len(moves)
        for move in moves:
            say(printable(str(move)))
        if not moves:
            say(f"{name}: nothing moved")
    if moved and write:
        say(f"{moved} numbers rewritten in {printable(str(where))}; say in CHANGELOG.md what moved and why.")
    elif moved:
        say(f"{moved} numbers moved. If that is meant: papertiger reference --write, and say why in CHANGELOG.md.")
        raise typer.Exit(1)
