"""Run the command `study`: carry a study of patrons and clients out by its plan, and write its page."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from papertiger.cli.console import BadInput, document, printable, say
from papertiger.cli.inputs import check_page, check_place
from papertiger.cli.options import AsJson
from papertiger.cli.progress import progress

if TYPE_CHECKING:
    from papertiger.experiments.patrons.study import PatronStudy

DEFAULT = "patrons"


def study_command(
    file: Annotated[
        str, typer.Argument(metavar="FILE", help="Path of a study's plan, or name of a shipped one.")
    ] = DEFAULT,
    data: Annotated[
        Path | None, typer.Option("--data", metavar="DIR", help="Folder of the panel's tables; has to be given.")
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option("--out", metavar="FOLDER", help="Keep each finished piece there; the same command goes on."),
    ] = None,
    write: Annotated[
        Path | None, typer.Option("--write", metavar="FILE.md", help="Write a page; its figures go beside it.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Test what the model says of patrons and clients on a panel of dyads, by a plan that is fixed beforehand.

    Half an hour at most on two cores for seventy years of five patrons.
    """
    if data is None:
        raise BadInput("expected --data DIR, the folder with dyad_years.csv, endings.csv and postures.csv")
    if not data.is_dir():
        raise BadInput(f"--data {printable(str(data))}: this is no folder")
    if write is not None:
        check_page("--write", write)
    if out is not None:
        check_place(out)
    from papertiger.experiments.errors import ExperimentError
    from papertiger.experiments.patrons.loader import load_patron_study
    from papertiger.experiments.patrons.panel import load_panel
    from papertiger.experiments.patrons.study import carry_out
    from papertiger.experiments.patrons.words import answer

    try:
        files = load_patron_study(file)
        if not as_json:
            say(printable(f"Plan: {files.plan_hash}"))
        with progress(f"reading {files.plan.name}", quiet=as_json) as show:
            study = carry_out(files, load_panel(data, files.plan), out, show)
            if write is not None:
                show("drawing the figures", 0, 0)
                _write(study, write, file)
    except ExperimentError as error:
        raise BadInput(str(error)) from None
    except OSError as error:
        raise BadInput(f"--out {printable(str(out))}: cannot write there: {error.strerror}") from None
    lines = answer(study)
    if as_json:
        document({"answer": lines, "plan_sha256": files.plan_hash, "pieces": study.pieces})
        return
    for line in lines:
        say(printable(line))
    if write is not None:
        say(printable(f"Page in {write}"))
    say("The model is an argument, not evidence.")


def _write(study: PatronStudy, target: Path, file: str) -> None:
    from papertiger.experiments.files import write_files
    from papertiger.experiments.patrons.page import page, pictures

    named = "papertiger study" if file == DEFAULT else f"papertiger study {file}"
    place = target.name if target.is_absolute() else target.as_posix()
    files = {f"figures/{name}": data for name, data in pictures(study).items()}
    text = page(study, f"{named} --data DIR --write {place}")
    try:
        write_files(target.parent, files | {target.name: text.encode()})
    except OSError as error:
        raise BadInput(f"--write {printable(str(target))}: cannot write there: {error.strerror}") from None
