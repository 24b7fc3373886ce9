"""Run the command `forecast`: give probabilities for half-years nobody has seen, in a file to archive."""

from __future__ import annotations

import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from papertiger.cli.console import BadInput, document, printable, say, table
from papertiger.cli.inputs import check_place, check_range, use_dialect
from papertiger.cli.options import AsJson, CalibrationName, DrawsFolder, NoImports
from papertiger.cli.progress import preparing_model, progress

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from papertiger.experiments.history.calibrate.problem import CalibrationProblem
    from papertiger.experiments.history.forecast.archive import Forecast

MIN_RUNS, MAX_RUNS = 100, 1_000_000
LAST = "2027H2"
"""The last half-year, where a calibration declares none."""
MIXTURE = "mixture"
TABLE = ".csv"
"""Ending of the table for Excel, which lies beside the forecast."""


def forecast_command(
    file: CalibrationName = "partners_2020",
    out: Annotated[
        Path | None,
        typer.Option("--out", metavar="FILE", help="File to write [default: results/forecast_NAME_DATE.json]."),
    ] = None,
    publish: Annotated[
        Path | None,
        typer.Option(
            "--publish",
            metavar="DIR",
            help="Put it on record in a folder of published forecasts, such as forecasts, and append its hash there.",
        ),
    ] = None,
    last: Annotated[
        str | None,
        typer.Option(
            "--last",
            metavar="HALF-YEAR",
            help=f"The last half-year to forecast [default: that which the calibration declares, or {LAST}].",
        ),
    ] = None,
    runs: Annotated[int, typer.Option("--runs", metavar="N", help="Runs for each path of the war.")] = 10_000,
    date: Annotated[
        str | None, typer.Option("--date", metavar="YYYY-MM-DD", help="Date of the forecast [default: today].")
    ] = None,
    posterior: DrawsFolder = None,
    as_json: AsJson = False,
    excel: Annotated[
        str | None,
        typer.Option("--excel", metavar="LANGUAGE", help="Also write a table, for Excel of a language."),
    ] = None,
    _imports: NoImports = None,
) -> None:
    """Forecast each client's posture in half-years that nobody has seen, into a file to archive and score later."""
    if excel is not None:
        use_dialect(excel)
    check_range("--runs", runs, MIN_RUNS, MAX_RUNS, "a number of runs")
    if publish is not None:
        _check_alone(out, date, excel)
    day = _day(date)
    from papertiger.experiments.errors import ExperimentError, FolderError
    from papertiger.experiments.history.calibrate.loader import load_problem
    from papertiger.experiments.history.calibrate.plan import FULL
    from papertiger.experiments.history.calibrate.posterior import posterior_of
    from papertiger.experiments.history.forecast import archive, forecasting, published
    from papertiger.scenarios import ScenarioError

    try:
        problem = load_problem(file)
        declared = problem.plan.forecast
        last = last or (LAST if declared is None else declared.last)
        if date is not None:
            _check_date(day, problem.postures.periods[-1], last)
        if publish is None:
            target = out or Path("results") / f"forecast_{problem.plan.name}_{day}.json"
        else:
            target = _published_place(problem, publish, day, last)
        archive.check_free(target)
        if excel is not None:
            _check_beside(target)
        check_place(target.parent)
        draws = posterior_of(problem, FULL, posterior)
        with progress(preparing_model(), quiet=as_json) as show:
            result = forecasting.forecast(
                problem,
                draws,
                day,
                last=last,
                runs=runs,
                progress=lambda path, done, total: show(f"runs, the war {path}", done, total),
            )
        if publish is not None:
            result = published.publish(result, publish)
        else:
            archive.write_forecast(result, target)
        if excel is not None:
            _write_table(result, target.with_suffix(TABLE))
    except (ExperimentError, FolderError, ScenarioError) as error:
        raise BadInput(str(error)) from None
    except forecasting.SpanError as error:
        raise BadInput(f"--last {printable(str(last))}: {error}") from None
    if as_json:
        document({"file": str(target), "sha256": result.sha256, "made": day})
        return
    _show(result)
    say(printable(f"Forecast of {day} in {target}"))
    _say_next(result, publish)
    say("The model is an argument, not evidence.")


def _say_next(result: Forecast, publish: Path | None) -> None:
    from papertiger.experiments.history.forecast.published import LIST

    if publish is None:
        say(f"SHA-256 {result.sha256}; publish it, and score the file later with: papertiger score FILE")
    else:
        say(printable(f"Its hash is in {publish / LIST}; score it later with: papertiger score {publish}"))


def _published_place(problem: CalibrationProblem, folder: Path, day: str, last: str) -> Path:
    """Return where a published forecast goes; refuse what cannot be put on record there."""
    from papertiger.experiments.history.forecast import published

    declared, name = problem.plan.forecast, problem.plan.name
    if declared is not None and last != declared.last:
        raise BadInput(f"--last {printable(last)}: --publish answers what is declared, up to {declared.last}")
    published.check_declared(None if declared is None else declared.declared, day, name)
    published.check_publishable(folder, published.name_of(day, name))
    return folder / published.name_of(day, name)


def _check_alone(out: Path | None, date: str | None, excel: str | None) -> None:
    """Refuse what has no use, or would be false, of a forecast that is put on record."""
    if out is not None:
        raise BadInput("--publish: names the file itself, so that --out has no use")
    if date is not None:
        raise BadInput(f"--date {printable(date)}: with --publish a forecast bears the day on which it is made")
    if excel is not None:
        raise BadInput("--excel: with --publish nothing but the forecast is written")


def _check_beside(target: Path) -> None:
    """Refuse a place where the table would take that of the forecast itself, or cannot be put."""
    from papertiger.experiments.history.forecast.archive import check_free

    if target.suffix.lower() == TABLE:
        said = f"expected another ending, since the table for Excel has {TABLE}"
        raise BadInput(f"--out {printable(str(target))}: {said}")
    check_free(target.with_suffix(TABLE))


def _write_table(result: Forecast, file: Path) -> None:
    """Write the probabilities as a table: a row for each path of the war and their mixture, client and half-year."""
    from papertiger.experiments.files import write_files
    from papertiger.scenarios.schema.values import POSTURES
    from papertiger.scenarios.tables import format_rows

    rows = [
        (path, client, period, *map(float, values[row, column]))
        for path, values in _mixture_first(result)
        for column, client in enumerate(result.clients)
        for row, period in enumerate(result.periods)
    ]
    try:
        write_files(file.parent, {file.name: format_rows(("path", "client", "period", *POSTURES), rows).encode()})
    except OSError as error:
        raise BadInput(f"{file}: cannot write there: {error.strerror}") from None


def today() -> str:
    """Return the date, in universal time."""
    return datetime.datetime.now(tz=datetime.UTC).date().isoformat()


def _day(given: str | None) -> str:
    if given is None:
        return today()
    try:
        if (day := datetime.date.fromisoformat(given).isoformat()) == given:  # weeks and other ISO forms are not
            return day
    except ValueError:
        pass
    raise BadInput(f"--date {printable(given)}: expected a date written YYYY-MM-DD")


def _check_date(day: str, origin: str, last: str) -> None:
    """Refuse a date at which the forecast's origin was not over, or its last half-year was."""
    from papertiger.experiments.history.observed.periods import period_number, period_of

    period = period_of(day)
    if period <= origin:
        raise BadInput(f"--date {day}: expected a date after {origin}, the last observed half-year")
    try:
        over = period_number(period) > period_number(last) > period_number(origin)
    except ValueError:
        return  # what is wrong with the half-year itself is said by the forecast
    if over:
        raise BadInput(f"--date {day}: expected a date up to {last}, the last half-year that is forecast")


def _mixture_first(result: Forecast) -> list[tuple[str, NDArray[np.float64]]]:
    """Return the mixture of the war's paths, where their weights were declared, and the paths."""
    mixture = [] if result.mixture is None else [(MIXTURE, result.mixture)]
    return [*mixture, *result.probabilities.items()]


def _show(result: Forecast) -> None:
    from papertiger.scenarios.schema.values import POSTURES

    for path, values in _mixture_first(result):
        world = "All paths of the war, by their weights" if path == MIXTURE else f"The war {path}"
        table(
            f"{world}: probability of each posture at the end of {result.periods[-1]}",
            [("client", "left"), *((posture, "right") for posture in POSTURES)],
            [
                (client, *(f"{100 * float(value):.0f} %" for value in values[-1, column]))
                for column, client in enumerate(result.clients)
            ],
        )
