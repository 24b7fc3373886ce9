"""Run the command `report`: write one page, figures and tables from a folder of results."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from papertiger.cli.console import BadInput, document, printable, say
from papertiger.cli.options import AsJson, Excel, Imports, Light
from papertiger.cli.progress import progress


def report_command(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="Folder of results of an experiment.")],
    light: Light = False,
    as_json: AsJson = False,
    _excel: Excel = None,
    _imports: Imports = None,
) -> None:
    """Write the report of an experiment: one page that opens anywhere, with figures and tables beside it."""
    from papertiger.experiments.errors import FolderError
    from papertiger.experiments.report.page import answer, read_index, write_report
    from papertiger.experiments.run.results import open_results

    try:
        with progress(f"report of {folder}", quiet=as_json):
            results = open_results(folder)
            page = write_report(results, light=light)
    except FolderError as error:
        raise BadInput(str(error)) from None
    except OSError as error:
        raise BadInput(f"{folder}: cannot write the report there: {error.strerror}") from None
    lines = answer(results)
    if as_json:
        document({"report": str(page), "answer": lines, "files": sorted(read_index(folder).files)})
        return
    for line in lines:
        say(printable(line))
    say(f"Written to {printable(str(page))}; open it in any browser.")
    say("The model is an argument, not evidence.")
