"""Run the command `verify`: run the experiment of an archive again and name the first row that differs."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from papertiger.cli.console import BadInput, document, printable, say
from papertiger.cli.inputs import check_range
from papertiger.cli.options import AsJson, Imports
from papertiger.cli.progress import preparing_model, progress


def verify_command(
    archive: Annotated[Path, typer.Argument(metavar="ARCHIVE", help="An archive that 'publish' wrote.")],
    replicates: Annotated[
        int | None,
        typer.Option("--replicates", metavar="N", help="Only the first N of each scenario and point [default: all]."),
    ] = None,
    workers: Annotated[
        int | None, typer.Option("--workers", metavar="N", help="How many at a time [default: all cores].")
    ] = None,
    as_json: AsJson = False,
    _imports: Imports = None,
) -> None:
    """Run an archive's experiment again and compare every row; leave with 1 at the first that differs."""
    if replicates is not None:
        check_range("--replicates", replicates, 1, 10_000_000, "a number of replicates")
    if workers is not None:
        check_range("--workers", workers, 1, 1_000, "a number of workers")
    from papertiger.experiments.errors import BackendError, FolderError
    from papertiger.experiments.publish.verify import verify
    from papertiger.model.plugins import PluginError
    from papertiger.model.rules.own import RuleError
    from papertiger.model.theories import UnknownTheoryError

    try:
        with progress(preparing_model(), quiet=as_json) as show:
            verdict = verify(
                archive,
                replicates=replicates,
                workers=workers,
                progress=None if as_json else lambda now: show("runs", now.done, now.total),
            )
    except (FolderError, BackendError, RuleError, PluginError, UnknownTheoryError) as error:
        raise BadInput(str(error)) from None
    if as_json:
        document({"archive": str(archive), **verdict._asdict()})
    elif verdict.differing:
        if verdict.other_program:
            say(printable(verdict.other_program))
        say(printable(f"{verdict.differing:,} of {verdict.rows:,} rows differ. The first: {verdict.first}"))
    else:
        if verdict.other_program:
            say(printable(f"{verdict.other_program}; yet it makes the same rows"))
        say(f"All {verdict.rows:,} rows are the same to the last bit.")
    if verdict.differing:
        raise typer.Exit(1)
