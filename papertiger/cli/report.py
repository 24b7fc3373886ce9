"""The command `report`: one page, figures and tables from a folder of results."""

from __future__ import annotations

from pathlib import Path

from papertiger.cli.console import BadInput, document, printable, say


def report(folder: Path, as_json: bool) -> None:
    """Write the report of an experiment beside its rows."""
    from papertiger.experiments.errors import FolderError  # noqa: PLC0415 - slow to import
    from papertiger.experiments.report.page import answer, read_index, write_report  # noqa: PLC0415
    from papertiger.experiments.run.results import open_results  # noqa: PLC0415

    try:
        results = open_results(folder)
        page = write_report(results)
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
