"""Run the command `learned`: try constants of other patrons on one that nothing was learned from."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from papertiger.cli.console import BadInput, document, printable, say, table
from papertiger.cli.inputs import check_page
from papertiger.cli.options import AsJson
from papertiger.cli.progress import progress

if TYPE_CHECKING:
    from papertiger.experiments.history.learned.speaking import Constant
    from papertiger.experiments.history.learned.trial import Trial

PATRONS, TRIED_ON = "patrons", "partners_2020"


def learned_command(
    file: Annotated[
        str, typer.Argument(metavar="FILE", help="Pooled calibration: its path, or name of a shipped one.")
    ] = PATRONS,
    draws: Annotated[
        str | None,
        typer.Option(
            "--draws", metavar="FILE", help="Its posterior: a CSV, or name of a shipped one [default: that name]."
        ),
    ] = None,
    on: Annotated[
        str, typer.Option("--on", metavar="FILE", help="Calibration whose test they are scored on.")
    ] = TRIED_ON,
    write: Annotated[
        Path | None, typer.Option("--write", metavar="FILE.md", help="Write a page; its figure goes beside it.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Score constants that were learned from other patrons, and say of which constants the data speak."""
    if write is not None:
        check_page("--write", write)
    from papertiger.experiments.errors import ExperimentError
    from papertiger.experiments.history.calibrate.loader import load_problem
    from papertiger.experiments.history.learned.speaking import constants_of
    from papertiger.experiments.history.learned.trial import carry_out
    from papertiger.experiments.history.learned.words import headline, particulars
    from papertiger.experiments.history.pooled.loader import plan_of_file
    from papertiger.scenarios import ScenarioError, posteriors

    try:
        plan = plan_of_file(file)
        known = posteriors.load(draws or plan.name)
        with progress(f"trying {known.name} on {on}", quiet=as_json) as show:
            problem = load_problem(on)
            constants = constants_of(plan, known, problem.scenario)
            trial = carry_out(problem, known, show=show)
            show("intervals of the scores")
            lines = [headline(trial), *particulars(trial, constants)]
            if write is not None:
                show("drawing the figure")
                from papertiger.experiments.files import write_files
                from papertiger.experiments.history.learned.page import PICTURE, page, picture

                given = "".join(f" {one}" for one in (file,) if one != PATRONS)
                command = (
                    f"papertiger learned{given} --write {write.name if write.is_absolute() else write.as_posix()}"
                )
                pictures = {f"figures/{PICTURE}": picture(trial, constants, plan, known)}
                text = page(trial, constants, plan, known, command)
                write_files(write.parent, pictures | {write.name: text.encode()})
    except (ExperimentError, ScenarioError) as error:
        raise BadInput(str(error)) from None
    except BrokenPipeError:
        raise
    except OSError as error:
        raise BadInput(f"--write {printable(str(write))}: cannot write there: {error.strerror}") from None
    if as_json:
        document(_content(trial, constants, lines))
        return
    for line in lines:
        say(printable(line))
    _show(trial, constants)
    if write is not None:
        say(printable(f"Page in {write}"))
    say("The model is an argument, not evidence.")


def _show(trial: Trial, constants: list[Constant]) -> None:
    from papertiger.experiments.history.learned.page import constant_table, score_table

    for title, one in (("What the data say", constant_table(constants)), ("Mean scores", score_table(trial))):
        table(title, [(heading, "left") for heading in one.headings], [tuple(row) for row in one.rows])


def _content(trial: Trial, constants: list[Constant], lines: list[str]) -> dict[str, object]:
    means = trial.means()
    return {
        "answer": lines,
        "constants": [
            {**asdict(one), "narrowed": one.narrowed, "speaks": one.speaks, "against_shipped": one.against_shipped}
            for one in constants
        ],
        "scores": [
            {"forecast": kind, "score": score, "forecaster": name, "mean": mean}
            for (kind, score, name), mean in means.items()
        ],
    }
