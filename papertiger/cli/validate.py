"""Run the command `validate`: write the page on validation, from the shipped draws and all checks."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from papertiger.cli.console import BadInput, printable, say
from papertiger.cli.inputs import check_page, check_range
from papertiger.cli.options import CalibrationName, DrawsFolder
from papertiger.cli.progress import progress
from papertiger.cli.score import MAX_PLACEBOS, examine, robustness_of

DEFAULT = "partners_2020"
MIN_POINTS, MAX_POINTS = 16, 65_536
MIN_HISTORIES, MAX_HISTORIES = 2, 10_000


def validate_command(
    file: CalibrationName = DEFAULT,
    out: Annotated[
        Path, typer.Option("--out", metavar="FILE.md", help="The page to write; its figures go beside it.")
    ] = Path("results/validation/validation.md"),
    placebos: Annotated[
        int, typer.Option("--placebos", metavar="N", help="Worlds that are wrong on purpose, of each kind.")
    ] = 39,
    posterior: DrawsFolder = None,
    points: Annotated[
        int | None,
        typer.Option(
            "--points",
            metavar="N",
            help="Points of the prior on which each placebo world and alternative stands, a power of 2; simulated "
            "histories stand on four times as many [default: 512].",
        ),
    ] = None,
    histories: Annotated[
        int | None,
        typer.Option(
            "--histories",
            metavar="N",
            help="Histories to simulate, for the calibration and for the coverage of the intervals "
            "[default: 300 and 500].",
        ),
    ] = None,
) -> None:
    """Write the page on validation: the verdict first, then all that it rests on. Takes some minutes."""
    _check_numbers(placebos, points, histories)
    check_page("--out", out)
    from papertiger.experiments.errors import ExperimentError, FolderError
    from papertiger.experiments.files import write_files
    from papertiger.experiments.history.calibrate import sbc
    from papertiger.experiments.history.calibrate.calibration import calibrate
    from papertiger.experiments.history.calibrate.plan import FULL
    from papertiger.experiments.history.calibrate.posterior import posterior_of
    from papertiger.experiments.history.calibrate.sbc import simulated_ranks
    from papertiger.experiments.history.evaluate import coverage, robustness
    from papertiger.experiments.history.evaluate.coverage import coverages
    from papertiger.experiments.history.evaluate.identification import belief_correlation
    from papertiger.experiments.history.evaluate.replay import replay
    from papertiger.experiments.history.observed.coding import only_half_years
    from papertiger.experiments.history.page.material import Material
    from papertiger.experiments.history.page.page import page, pictures
    from papertiger.scenarios import ScenarioError

    try:
        with progress(f"validating {file}") as show:
            examination, problem = examine(file, posterior=posterior)
            only_half_years(problem.postures, problem.observed.name, "the page on validation")
            calibration = calibrate(
                problem,
                posterior or Path("results") / f"calibrate_{problem.plan.name}",
                progress=lambda now: show(f"points of {now.model}", now.done, now.total),
            )
            outcomes = robustness_of(problem, show, placebos=placebos, multiverse=True, points=points)
            show("replaying what is known")
            replayed = replay(problem, posterior_of(problem, FULL, posterior), problem.plan.seed)
            show("calibrating simulated histories")
            ranks = simulated_ranks(
                problem,
                FULL,
                histories=sbc.HISTORIES if histories is None else histories,
                points=sbc.POINTS if points is None else 4 * points,
            )
            show("measuring the intervals")
            material = Material(
                examination,
                calibration,
                outcomes,
                replayed,
                ranks,
                belief_correlation(problem, posterior_of(problem, FULL, posterior)),
                coverages(examination, coverage.HISTORIES if histories is None else histories),
                robustness.POINTS if points is None else points,
            )
            show("drawing the figures")
            drawn = pictures(material)
    except (ExperimentError, FolderError, ScenarioError) as error:
        raise BadInput(str(error)) from None
    text = page(material, _command(file, points, histories))
    try:
        write_files(out.parent, {f"figures/{name}": data for name, data in drawn.items()} | {out.name: text.encode()})
    except OSError as error:
        raise BadInput(f"--out {printable(str(out))}: cannot write there: {error.strerror}") from None
    say(printable(text.split("\n")[2].strip("*")))
    say(printable(f"Page in {out}"))


def _check_numbers(placebos: int, points: int | None, histories: int | None) -> None:
    check_range("--placebos", placebos, 1, MAX_PLACEBOS, "a number of placebo worlds of each kind")
    if points is not None:
        check_range("--points", points, MIN_POINTS, MAX_POINTS, "a number of points")
        if points & (points - 1):
            raise BadInput(f"--points {points}: expected a power of 2")
    if histories is not None:
        check_range("--histories", histories, MIN_HISTORIES, MAX_HISTORIES, "a number of histories")


def _command(file: str, points: int | None, histories: int | None) -> str:
    """Return how to make the page anew, with the options that change what it rests on."""
    words = ["papertiger validate"]
    words += [file] if file != DEFAULT else []
    words += [f"--points {points}"] if points is not None else []
    words += [f"--histories {histories}"] if histories is not None else []
    return " ".join(words)
