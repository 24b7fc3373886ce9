"""Run the command `data`: list the data sets that there are readers for, and which of them a folder holds."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from papertiger.cli.console import BadInput, document, printable, say
from papertiger.cli.options import AsJson


def data_command(
    name: Annotated[
        str | None, typer.Argument(metavar="[NAME]", help="A data set; without it all are listed.")
    ] = None,
    folder: Annotated[
        Path | None,
        typer.Option("--data", metavar="DIR", help="Folder of data files, which are read and checked."),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """List the field's data sets: version, citation, terms, what each gives, and which file to put where.

    Nothing is downloaded. With --data the folder's files are read and checked.
    """
    from papertiger.scenarios.datasets.catalogue import CATALOGUE
    from papertiger.scenarios.errors import nearest

    if name is not None and name not in CATALOGUE:
        hint = nearest(name, CATALOGUE)
        raise BadInput(
            f"no data set is called {printable(name)}"
            + (f" (did you mean '{hint}'?)" if hint else "; papertiger data lists those that there are")
        )
    chosen = [CATALOGUE[name]] if name else list(CATALOGUE.values())
    rows = [_description(data_set) for data_set in chosen]
    failed = False
    if folder is not None:
        for row, data_set in zip(rows, chosen, strict=True):
            row["found"] = _found(data_set, folder)
            failed = failed or row["found"]["problems"] != []
    if as_json:
        document(rows)
    else:
        for row in rows:
            _print(row)
    if failed:
        raise typer.Exit(2)


def _description(data_set: Any) -> dict[str, Any]:
    return {
        "name": data_set.name,
        "title": data_set.title,
        "versions": list(data_set.versions),
        "citation": data_set.citation,
        "terms": data_set.terms,
        "gives": data_set.gives,
        "files": list(data_set.files),
        "home": data_set.home,
        "states": data_set.states,
        "columns": [list(column.names) for column in data_set.columns],
    }


def _found(data_set: Any, folder: Path) -> dict[str, Any]:
    """Return which file of a folder holds a data set, how many rows, and what is wrong with it."""
    from papertiger.scenarios.datasets.data_set import find_data_file, read_data_set
    from papertiger.scenarios.errors import ScenarioError

    if not folder.is_dir():
        raise BadInput(f"--data {folder}: this is no folder")
    try:
        path = find_data_file(data_set, folder)
        if path is None:
            return {"file": None, "rows": 0, "version": "", "problems": []}
        table = read_data_set(data_set, path)
    except ScenarioError as error:
        return {"file": None, "rows": 0, "version": "", "problems": str(error).splitlines()}
    return {"file": path.name, "rows": len(table.rows), "version": table.version, "problems": []}


def _print(row: dict[str, Any]) -> None:
    say(printable(f"{row['name']}: {row['title']} ({', '.join(row['versions'])})"))
    say("  gives   " + printable(f"{row['gives']}"))
    say("  file    " + printable(f"{' or '.join(row['files'])}, from: {row['home']}"))
    say("  cite    " + printable(f"{row['citation']}"))
    say("  terms   " + printable(f"{row['terms']}"))
    here = row.get("found")
    if here is None:
        return
    if here["problems"]:
        for line in here["problems"]:
            say("  REFUSED " + printable(f"{line}"))
    elif here["file"] is None:
        say("  here    no such file")
    else:
        say(
            "  here    "
            + printable(
                f"{here['file']}: {here['rows']} rows" + (f", version {here['version']}" if here["version"] else "")
            )
        )
