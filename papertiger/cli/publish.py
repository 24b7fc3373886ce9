"""Run the command `publish`: write an archive of results that describes itself."""

from __future__ import annotations

import re
from datetime import date as date_type
from pathlib import Path
from typing import Annotated

import typer

from papertiger.cli.console import BadInput, document, printable, say
from papertiger.cli.options import AsJson, Imports
from papertiger.cli.progress import progress

DATE = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
ADDRESS = re.compile(r"https?://[^\s\"<>]+")


def publish_command(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="Folder of results of an experiment.")],
    out: Annotated[
        Path | None, typer.Option("--out", metavar="FILE", help="The archive [default: DIR.zip, beside the folder].")
    ] = None,
    author: Annotated[
        list[str] | None,
        typer.Option("--author", metavar="NAME", help="An author, as 'Name' or 'Name <ORCID>'. Repeatable."),
    ] = None,
    license_: Annotated[
        str | None,
        typer.Option("--license", metavar="URL", help="Address of the licence [default: left to the author]."),
    ] = None,
    date: Annotated[
        str | None,
        typer.Option("--date", metavar="YYYY-MM-DD", help="Of publication [default: when the rows were finished]."),
    ] = None,
    as_json: AsJson = False,
    _imports: Imports = None,
) -> None:
    """Write an archive of results: rows, report, a description, ODD and checklists; the same bytes each time."""
    if date is not None and not _is_date(date):
        raise BadInput(f"--date {date}: expected a date written YYYY-MM-DD")
    if license_ is not None and not ADDRESS.fullmatch(license_):
        raise BadInput(f"--license {license_}: expected an address, such as https://spdx.org/licenses/CC-BY-4.0")
    from papertiger.experiments.errors import FolderError
    from papertiger.experiments.publish.archive import publish
    from papertiger.experiments.run.results import open_results

    file = out or folder
    try:
        results = open_results(folder)
        # A folder that is called "." or ".." has no name to put ".zip" behind.
        place = folder if folder.name not in ("", "..") else folder.resolve()
        file = out or place.with_name(f"{place.resolve().name}.zip")
        with progress(f"publishing {folder}", quiet=as_json):
            contents = publish(results, file, authors=author or [], license_=license_, date=date)
    except FolderError as error:
        raise BadInput(str(error)) from None
    except OSError as error:
        raise BadInput(f"{file}: cannot write the archive there: {error.strerror}") from None
    if as_json:
        document({"archive": str(file), "files": contents.files, "imports": contents.imports})
        return
    say(printable(f"{len(contents.files)} files in {file}"))
    say("What only you can say is marked “For the author” in STRESS-ABS.md, TRACE.md and JOSS.md.")
    imports = "".join(f" --import {name}{'.py' if sha256 else ''}" for name, sha256 in contents.imports.items())
    say(printable(f"To verify it: papertiger verify {file}{imports}"))


def _is_date(text: str) -> bool:
    try:
        return DATE.fullmatch(text) is not None and bool(date_type.fromisoformat(text))
    except ValueError:
        return False
