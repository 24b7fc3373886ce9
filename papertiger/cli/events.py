"""Run the command `events`: make a scenario of a spreadsheet of events, or of the field's event data by a mapping."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from papertiger.cli.console import BadInput, printable, say, tell
from papertiger.cli.options import Parent
from papertiger.cli.scenario_files import as_seen_from, is_there, text_of, write_text


def events_command(
    file: Annotated[
        Path | None,
        typer.Argument(metavar="FILE", help="Spreadsheet of events saved as CSV, or event data with --map."),
    ] = None,
    parent: Parent = "partners_2020",
    out: Annotated[
        Path | None, typer.Option("--out", metavar="FILE.yaml", help="Scenario to write; else it is printed.")
    ] = None,
    mapping: Annotated[
        str | None,
        typer.Option(
            "--map",
            metavar="MAPPING",
            help="How event data become events: acled, gdelt, polecat, ucdp_ged, or the path of your own.",
        ),
    ] = None,
    title: Annotated[
        str | None, typer.Option("--title", metavar="TEXT", help="Title of the new scenario [default: its sources].")
    ] = None,
    show: Annotated[bool, typer.Option("--show", help="Print the mapping itself, to be copied and changed.")] = False,
) -> None:
    """Turn a spreadsheet of events, or the field's event data, into a scenario.

    A spreadsheet has the columns id and the keys of an event: date, kind, client, news, intensity, what, source and
    so on; its rows are checked like a scenario file. Event data are read as their makers offer them, and a mapping
    file says which rows become which events; what becomes none is counted by reason.
    """
    if show:
        from papertiger.scenarios.datasets.mappings.loader import mapping_text

        if mapping is None:
            raise BadInput("--show prints a mapping: say which one with --map")
        say(text_of(lambda: mapping_text(mapping)).rstrip("\n"))
        return
    if file is None:
        raise BadInput("expected a FILE of events")
    if out is not None and is_there("--out", out) and out.is_dir():
        raise BadInput(f"--out {out}: this is a folder, expected a file such as {out / file.stem}.yaml")
    if out is not None and out.exists():
        raise BadInput(f"--out {out}: this file is already there; choose another name or move it away")
    # The parent is looked up from the spreadsheet's folder first, then written as seen from the new file.
    there = as_seen_from(file.parent, parent)
    text = text_of(lambda: _scenario(file, there, mapping, title))
    if out is None:
        say(text.rstrip("\n"))
        return
    seen = as_seen_from(out.parent, parent)
    from papertiger.scenarios.reading.yaml_writer import scalar

    text = text.replace(f"\nextends: {scalar(there)}\n", f"\nextends: {scalar(seen)}\n", 1)
    write_text("--out", out, text)
    say(printable(f"Written to {out}; check it with: papertiger check {out}"))


def _scenario(file: Path, parent: str, mapping: str | None, title: str | None) -> str:
    """Return the text of the new scenario; what became of the rows of event data goes to standard error."""
    if mapping is None:
        from papertiger import scenarios

        return scenarios.events_scenario(file, parent, title=title)
    from papertiger.scenarios.datasets.mappings.scenario import mapped_scenario

    written = mapped_scenario(file, mapping, parent, title=title)
    for line in written.report():
        tell(printable(line))
    return written.text
