"""Run the command `calibrate`: learn the free parameters of the nested models from observed postures."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from papertiger.cli.console import BadInput, document, printable, say, table_of, tell
from papertiger.cli.options import AsJson, CalibrationName, Excel, NoImports, Quiet
from papertiger.cli.progress import progress

if TYPE_CHECKING:
    from papertiger.experiments.history.calibrate.abc import Learned
    from papertiger.experiments.history.calibrate.calibration import Calibration
    from papertiger.experiments.history.calibrate.posterior import Posterior
    from papertiger.experiments.history.calibrate.problem import CalibrationProblem

LEARNED = "abc"
"""Folder of what is learned by simulation, beside the results of the exact likelihood."""


def calibrate_command(
    file: CalibrationName = "partners_2020",
    out: Annotated[
        Path | None, typer.Option("--out", metavar="DIR", help="Folder of results [default: results/calibrate_NAME].")
    ] = None,
    points: Annotated[
        int | None, typer.Option("--points", metavar="N", help="Points of each sequence, in place of the file's.")
    ] = None,
    data: Annotated[
        Path | None,
        typer.Option("--data", metavar="DIR", help="Folder of data files, if patrons are cases of them; see 'data'."),
    ] = None,
    fresh: Annotated[
        bool, typer.Option("--fresh", help="Remove what a calibration left in the folder, and begin anew.")
    ] = False,
    abc: Annotated[
        bool,
        typer.Option(
            "--abc",
            help="Learn the mechanisms under 'patterns' by simulation instead; needs the extra 'abc'. Minutes.",
        ),
    ] = False,
    quiet: Quiet = False,
    as_json: AsJson = False,
    _excel: Excel = None,
    _imports: NoImports = None,
) -> None:
    """Learn the free parameters of the nested models from observed postures; the likelihood is exact.

    A file with the key 'patrons' fits several scenarios together.

    Stopped or killed, it goes on when it is started again: what is finished stays.
    """
    if abc and points is not None:
        raise BadInput("--points: --abc has no sequences of points; the file's 'patterns' say how much is simulated")
    from papertiger.experiments.errors import ExperimentError, FolderError
    from papertiger.experiments.history.calibrate.loader import load_problem
    from papertiger.experiments.history.pooled.loader import is_pooled
    from papertiger.scenarios import ScenarioError

    folder = out or Path("results")
    try:
        if is_pooled(file):
            if abc:
                raise BadInput("--abc: this calibration fits several patrons together, by the exact likelihood alone")
            from papertiger.cli.pooled import fit_together

            fit_together(file, out, data=data, points=points, fresh=fresh, quiet=quiet, as_json=as_json)
            return
        if data is not None:
            raise BadInput("--data: this calibration has a scenario of its own, and no patrons that are cases")
        problem = load_problem(file, points=points)
        folder = out or Path("results") / f"calibrate_{problem.plan.name}"
        if abc:
            _learn(problem, folder, fresh=fresh, quiet=quiet, as_json=as_json)
        else:
            _calibrate(problem, folder, fresh=fresh, quiet=quiet, as_json=as_json)
    except (ExperimentError, FolderError, ScenarioError) as error:
        raise BadInput(str(error)) from None
    except BrokenPipeError:
        raise
    except OSError as error:
        raise BadInput(f"{folder}: cannot write there: {error.strerror}") from None


def _calibrate(problem: CalibrationProblem, out: Path, *, fresh: bool, quiet: bool, as_json: bool) -> None:
    """Learn by the exact likelihood."""
    from papertiger.experiments.history.calibrate.calibration import calibrate
    from papertiger.experiments.history.calibrate.outputs import write_outputs

    with progress(f"calibrating {problem.plan.name}", quiet=quiet or as_json) as show:
        calibration = calibrate(
            problem,
            out,
            fresh=fresh,
            progress=lambda now: show(f"points of {now.model}", now.done, now.total),
        )
        show("tables and figures")
        files = write_outputs(calibration)
    if as_json:
        document(
            {
                "evidence": calibration.evidences(),
                "posterior": calibration.summary(),
                "files": [str(file) for file in files],
            }
        )
    elif not quiet:
        _tell(calibration, out)


def _learn(problem: CalibrationProblem, beside: Path, *, fresh: bool, quiet: bool, as_json: bool) -> None:
    """Learn mechanisms that no exact likelihood holds, by simulating histories."""
    from papertiger.experiments.history.calibrate.abc import MissingExtraError, learn

    out = beside / LEARNED
    exact = _exact(problem, beside)
    with progress("simulating histories, generation 1", quiet=quiet or as_json) as show:
        try:
            learned = learn(
                problem,
                exact,
                out,
                fresh=fresh,
                progress=lambda done, total: show("simulating histories, generations", done, total),
            )
        except MissingExtraError as error:
            raise BadInput(str(error)) from None
        files = _write(learned, out)
    if as_json:
        document(
            {
                "parameters": learned.summary(),
                "patterns": learned.compared(),
                "simulations": learned.simulations,
                "files": [str(file) for file in files],
            }
        )
    elif not quiet:
        _tell_learned(learned, problem, out)


def _tell(calibration: Calibration, out: Path) -> None:
    from papertiger.experiments.history.calibrate.calibration import FEW

    plan = calibration.problem.plan
    table_of(
        f"{plan.title}: {plan.training.first} to {plan.training.last}",
        [
            ("model", "left", "{model}"),
            ("", "left", "{title}"),
            ("log evidence", "right", "{log_evidence:.2f}"),
            ("± s.e.", "right", "{error:.2f}"),
            ("clients left out", "right", "{log_left_out:.2f}"),
            ("effective points", "right", "{effective_points:,.0f}"),
        ],
        calibration.evidences(),
        caption="In nats, nearer to 0 is better; 'clients left out' foretells each client from all others.",
    )
    table_of(
        "What the data say of the parameters",
        [
            ("model", "left", "{model}"),
            ("parameter", "left", "{parameter}"),
            ("prior", "right", "{prior_mean:.3f} ± {prior_sd:.3f}"),
            ("posterior", "right", "{mean:.3f} ± {sd:.3f}"),
            ("90 % interval", "right", "{q05:.3f} to {q95:.3f}"),
            ("variance taken away", "right", "{percent:.0f} %"),
        ],
        [{**row, "percent": 100 * float(str(row["moved"]))} for row in calibration.summary()],
    )
    for row in calibration.evidences():
        if float(str(row["effective_points"])) < FEW:
            tell(f"{row['model']}: only {row['effective_points']:.0f} points count; ask for more with --points")
    say(printable(f"Tables, figures and draws in {out}"))
    say("The model is an argument, not evidence.")


def _exact(problem: CalibrationProblem, folder: Path) -> Posterior:
    """Return the draws of the exact likelihood: those that 'calibrate' left in the folder, or the shipped ones."""
    from papertiger.experiments.history.calibrate.plan import FULL
    from papertiger.experiments.history.calibrate.posterior import posterior_of, shipped_name

    left = (folder / "posteriors" / f"{shipped_name(problem.plan.name, FULL)}.csv").exists()
    return posterior_of(problem, FULL, folder if left else None)


def _write(learned: Learned, out: Path) -> list[Path]:
    import pandas as pd

    from papertiger.experiments.files import write_files
    from papertiger.scenarios.tables import format_frame

    draws = pd.DataFrame(learned.values, columns=list(learned.paths))
    draws["weight"] = learned.weight
    tables = {
        "parameters.csv": pd.DataFrame(learned.summary()),
        "patterns.csv": pd.DataFrame(learned.compared()),
        "draws.csv": draws,
    }
    return write_files(out, {f"tables/{name}": format_frame(rows).encode() for name, rows in tables.items()})


def _tell_learned(learned: Learned, problem: CalibrationProblem, out: Path) -> None:
    table_of(
        f"{problem.plan.title}: what patterns say of mechanisms outside the exact likelihood",
        [
            ("parameter", "left", "{parameter}"),
            ("90 % of the prior", "right", "{prior_q05:.3f} to {prior_q95:.3f}"),
            ("90 % of what was kept", "right", "{q05:.3f} to {q95:.3f}"),
            ("mean", "right", "{mean:.3f}"),
        ],
        learned.summary(),
        caption=f"{learned.simulations} simulated histories in {learned.generations} generations; an approximation.",
    )
    table_of(
        "Patterns: observed, and in the histories that were kept",
        [
            ("pattern", "left", "{pattern}"),
            ("observed", "right", "{observed:.2f}"),
            ("90 % of histories", "right", "{q05:.2f} to {q95:.2f}"),
            ("", "left", "{what}"),
        ],
        learned.compared(),
        caption="Votes are compared with postures in their place: a vote is cheaper, so take that pattern as weak.",
    )
    say(printable(f"Tables and generations in {out}"))
    say("The model is an argument, not evidence.")
