"""Run the command `audit`: work out anew what a critic of the model found."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from papertiger.cli.console import BadInput, document, printable, say, table
from papertiger.cli.inputs import check_place
from papertiger.cli.options import AsJson
from papertiger.cli.progress import progress


def audit_command(
    file: Annotated[str, typer.Argument(metavar="[AUDIT]", help="A shipped audit, or a file.")] = "referee",
    out: Annotated[Path | None, typer.Option("--out", metavar="FILE.md", help="Also write the page.")] = None,
    root: Annotated[
        Path,
        typer.Option("--root", metavar="DIR", help="Top of the repository, where tests and files lie."),
    ] = Path(),
    as_json: AsJson = False,
) -> None:
    """Work out anew what a critic of the model found: each figure of then, of now, and whether its sign holds."""
    if out is not None:
        if out.suffix.lower() != ".md":
            raise BadInput(f"--out {printable(str(out))}: expected a file that ends in .md")
        check_place(out.parent)
    from papertiger.experiments.audits.loader import load_audit
    from papertiger.experiments.audits.page import answers, page, verdict
    from papertiger.experiments.errors import ExperimentError
    from papertiger.experiments.files import write_files
    from papertiger.scenarios import ScenarioError

    try:
        audit = load_audit(file)
        with progress(f"auditing {audit.name}", quiet=as_json) as show:
            given = answers(audit, root, lambda done, total: show("rows", done, total))
    except (ExperimentError, ScenarioError) as error:
        raise BadInput(str(error)) from None
    command = "papertiger audit" if file == "referee" else f"papertiger audit {file}"
    if out is not None:
        text = page(audit, given, f"{command} --out {out.name if out.is_absolute() else out.as_posix()}")
        try:
            write_files(out.parent, {out.name: text.encode()})
        except OSError as error:
            raise BadInput(f"--out {printable(str(out))}: cannot write there: {error.strerror}") from None
    if as_json:
        document(
            {
                "verdict": verdict(given),
                "rows": [
                    {
                        "number": answer.row.number,
                        "question": answer.row.question,
                        "before": answer.row.before,
                        "now": [outcome.figure for outcome in answer.outcomes],
                        "holds": answer.holds,
                        "against": [line for outcome in answer.outcomes for line in outcome.against],
                    }
                    for answer in given
                ],
            }
        )
        return
    say(printable(verdict(given)))
    table(
        printable(audit.title),
        [("", "right"), ("question", "left"), ("0.1.0", "left"), ("now", "left"), ("sign", "left")],
        [
            (
                str(answer.row.number),
                answer.row.question,
                answer.row.before,
                " / ".join(outcome.figure for outcome in answer.outcomes),
                answer.verdict,
            )
            for answer in given
        ],
    )
    for answer in given:
        for outcome in answer.outcomes:
            for line in outcome.against[:3]:
                say(printable(f"Row {answer.row.number}: {line}"))
    if out is not None:
        say(printable(f"Page in {out}"))
