"""Run the command `events`: make a scenario of a spreadsheet of events."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from papertiger.cli.console import BadInput, printable, say
from papertiger.cli.options import Parent
from papertiger.cli.scenario_files import as_seen_from, is_there, text_of, write_text


def events_command(
    file: Annotated[Path, typer.Argument(metavar="FILE.csv", help="Spreadsheet of events, one a row, saved as CSV.")],
    parent: Parent = "partners_2020",
    out: Annotated[
        Path | None, typer.Option("--out", metavar="FILE.yaml", help="Scenario to write; else it is printed.")
    ] = None,
) -> None:
    """Turn a spreadsheet of events into a scenario.

    The columns are id and the keys of an event: date, kind, client, news, intensity, what, source and so on.
    Rows are checked like a scenario file.
    """
    from papertiger import scenarios

    if out is not None and is_there("--out", out) and out.is_dir():
        raise BadInput(f"--out {out}: this is a folder, expected a file such as {out / file.stem}.yaml")
    if out is not None and out.exists():
        raise BadInput(f"--out {out}: this file is already there; choose another name or move it away")
    # The parent is looked up from the spreadsheet's folder first, then written as seen from the new file.
    text = text_of(lambda: scenarios.events_scenario(file, as_seen_from(file.parent, parent)))
    if out is None:
        say(text.rstrip("\n"))
        return
    seen = as_seen_from(out.parent, parent)
    from papertiger.scenarios.reading.yaml_writer import scalar

    there = as_seen_from(file.parent, parent)
    text = text.replace(f"\nextends: {scalar(there)}\n", f"\nextends: {scalar(seen)}\n", 1)
    write_text("--out", out, text)
    say(printable(f"Written to {out}; check it with: papertiger check {out}"))
