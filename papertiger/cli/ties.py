"""Run the command `ties`: learn ties from observed shares, and say what trust adds to a forecast of them."""

from __future__ import annotations

import math
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from papertiger.cli.console import BadInput, document, printable, say, table
from papertiger.cli.inputs import check_page
from papertiger.cli.options import AsJson
from papertiger.cli.progress import progress

if TYPE_CHECKING:
    from papertiger.experiments.history.ties.study import TieStudy

DEFAULT = "partners_2020"


def ties_command(
    file: Annotated[
        str, typer.Argument(metavar="FILE", help="Path of a study of ties, or name of a shipped one.")
    ] = DEFAULT,
    write: Annotated[
        Path | None, typer.Option("--write", metavar="FILE.md", help="Write a page; its figure goes beside it.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Learn ties from yearly shares, with and without trust, and score both on years they were not learned from."""
    if write is not None:
        check_page("--write", write)
    from papertiger.experiments.errors import ExperimentError
    from papertiger.experiments.history.ties.loader import load_ties_study
    from papertiger.experiments.history.ties.study import carry_out
    from papertiger.experiments.history.ties.words import answer

    try:
        problem = load_ties_study(file)
    except ExperimentError as error:
        raise BadInput(str(error)) from None
    with progress(f"learning {problem.plan.name}", quiet=as_json) as show:
        if not as_json:
            say(printable(f"Plan and shares up to {problem.plan.training.last}: {problem.fingerprint}"))
        study = carry_out(problem, show)
        if not as_json:
            say(printable(f"What was learned from them: {study.learned_hash}"))
        show("scoring")
        lines = answer(study)
        if write is not None:
            show("drawing the figure")
            _write(study, write, file)
    if as_json:
        document(_content(study, lines))
        return
    for line in lines:
        say(printable(line))
    _show(study)
    if write is not None:
        say(printable(f"Page in {write}"))
    say("The model is an argument, not evidence.")


def _write(study: TieStudy, target: Path, file: str) -> None:
    from papertiger.experiments.files import write_files
    from papertiger.experiments.history.ties.page import page, pictures

    named = "papertiger ties" if file == DEFAULT else f"papertiger ties {file}"
    files = {f"figures/{name}": data for name, data in pictures(study).items()}
    place = target.name if target.is_absolute() else target.as_posix()
    text = page(study, f"{named} --write {place}")
    try:
        write_files(target.parent, files | {target.name: text.encode()})
    except OSError as error:
        raise BadInput(f"--write {printable(str(target))}: cannot write there: {error.strerror}") from None


def _show(study: TieStudy) -> None:
    from papertiger.experiments.history.ties.study import SCORES
    from papertiger.experiments.history.ties.words import interval

    plan = study.problem.plan
    table(
        f"Mean losses, {plan.testing.first} to {plan.testing.last}",
        [("ties", "left"), ("forecaster", "left"), ("shares", "right"), *((score, "right") for score in SCORES)],
        [
            (str(row["kind"]), str(row["forecaster"]), str(row["shares"]), *(f"{row[score]:.3f}" for score in SCORES))
            for row in study.table()
        ],
    )
    table(
        "Gains in CRPS",
        [("ties", "left"), ("forecaster", "left"), ("over", "left"), ("gain", "right"), ("covered", "right")],
        [
            (kind, name, over, interval(compared), f"{compared.coverage:.0%}")
            for kind, name, over, score, compared in study.comparisons()
            if score == SCORES[1]
        ],
        caption="Above 0 the forecaster is better; 'covered' says how often such an interval covers the mean.",
    )


def _content(study: TieStudy, lines: list[str]) -> dict[str, Any]:
    return {
        "answer": lines,
        "study_sha256": study.problem.fingerprint,
        "learned_sha256": study.learned_hash,
        "scores": study.table(),
        "gains": [
            {"ties": kind, "forecaster": name, "over": over, "score": score}
            | {key: None if math.isnan(value) else value for key, value in asdict(compared).items()}
            for kind, name, over, score, compared in study.comparisons()
        ],
        "shares": study.scored(),
        "parameters": [{key: _plain(value) for key, value in row.items()} for row in study.parameters()],
    }


def _plain(value: object) -> object:
    return value if isinstance(value, str) else float(str(value))
