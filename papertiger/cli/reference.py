"""The command `reference`: frozen results of the shipped experiments, and which of them moved."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import typer

from papertiger.cli.console import BadInput, printable, say


def reference(names: Sequence[str], where: Path, write: bool) -> None:
    """Compare shipped experiments with their frozen tables, or freeze them anew."""
    from papertiger.experiments.design.sources import experiment_names  # noqa: PLC0415
    from papertiger.experiments.errors import FolderError  # noqa: PLC0415 - slow to import
    from papertiger.experiments.run import baselines as frozen  # noqa: PLC0415 - slow to import
    from papertiger.scenarios.errors import nearest  # noqa: PLC0415

    shipped = experiment_names()
    for name in names:
        if name not in shipped:
            hint = nearest(name, shipped)
            question = "" if hint is None else f" (did you mean '{hint}'?)"
            raise BadInput(f"no shipped experiment '{name}'{question}; there are {', '.join(shipped)}")
    if not write and not where.is_dir():
        raise BadInput(f"--in {where}: no such folder; frozen tables lie in results/reference of the source tree")
    moved = 0
    for name in names or shipped:
        file = where / f"{name}.csv"
        new = frozen.small_run(name)
        try:
            old = frozen.read(file) if file.is_file() else []
            found = frozen.moves(name, old, new)
            if write and (found or not file.is_file()):
                frozen.write(file, new)
        except (OSError, ValueError, KeyError, FolderError) as error:
            raise BadInput(f"{file}: cannot be read or written: {error}") from None
        moved += len(found)
        for move in found:
            say(printable(str(move)))
        if not found:
            say(f"{name}: nothing moved")
    if moved and write:
        say(f"{moved} numbers rewritten in {printable(str(where))}; say in CHANGELOG.md what moved and why.")
    elif moved:
        say(f"{moved} numbers moved. If that is meant: papertiger reference --write, and say why in CHANGELOG.md.")
        raise typer.Exit(1)
