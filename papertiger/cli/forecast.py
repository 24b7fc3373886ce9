"""Run the command `forecast`: give probabilities for half-years nobody has seen, in a file to archive."""

from __future__ import annotations

import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from papertiger.cli.console import BadInput, document, printable, say, table
from papertiger.cli.inputs import check_place, check_range, use_dialect
from papertiger.cli.options import AsJson, CalibrationName, DrawsFolder
from papertiger.cli.progress import preparing_model, progress

if TYPE_CHECKING:
    from papertiger.experiments.history.forecast.forecasting import Forecast

MIN_RUNS, MAX_RUNS = 100, 1_000_000
TABLE = ".csv"
"""Ending of the table for Excel, which lies beside the forecast."""


def forecast_command(
    file: CalibrationName = "partners_2020",
    out: Annotated[
        Path | None,
        typer.Option("--out", metavar="FILE", help="File to write [default: results/forecast_NAME_DATE.json]."),
    ] = None,
    last: Annotated[
        str, typer.Option("--last", metavar="HALF-YEAR", help="The last half-year to forecast.")
    ] = "2027H2",
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
) -> None:
    """Forecast each client's posture in half-years that nobody has seen, into a file to archive and score later."""
    if excel is not None:
        use_dialect(excel)
    check_range("--runs", runs, MIN_RUNS, MAX_RUNS, "a number of runs")
    day = _day(date)
    from papertiger.experiments.errors import ExperimentError, FolderError
    from papertiger.experiments.history.calibrate.loader import load_problem
    from papertiger.experiments.history.calibrate.plan import FULL
    from papertiger.experiments.history.calibrate.posterior import posterior_of
    from papertiger.experiments.history.forecast import forecasting
    from papertiger.scenarios import ScenarioError

    try:
        problem = load_problem(file)
        if date is not None:
            _check_date(day, problem.postures.periods[-1], last)
        target = out or Path("results") / f"forecast_{problem.plan.name}_{day}.json"
        forecasting.check_free(target)
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
        forecasting.write_forecast(result, target)
        if excel is not None:
            _write_table(result, target.with_suffix(TABLE))
    except (ExperimentError, FolderError, ScenarioError) as error:
        raise BadInput(str(error)) from None
    except forecasting.SpanError as error:
        raise BadInput(f"--last {printable(last)}: {error}") from None
    if as_json:
        document({"file": str(target), "sha256": result.sha256, "made": day})
        return
    _show(result)
    say(printable(f"Forecast of {day} in {target}"))
    say(f"SHA-256 {result.sha256}; publish it, and score the file later with: papertiger score --forecast FILE")
    say("The model is an argument, not evidence.")


def _check_beside(target: Path) -> None:
    """Refuse a place where the table would take that of the forecast itself, or cannot be put."""
    from papertiger.experiments.history.forecast.forecasting import check_free

    if target.suffix.lower() == TABLE:
        said = f"expected another ending, since the table for Excel has {TABLE}"
        raise BadInput(f"--out {printable(str(target))}: {said}")
    check_free(target.with_suffix(TABLE))


def _write_table(result: Forecast, file: Path) -> None:
    """Write the probabilities as a table: a row for each path of the war, client and half-year."""
    from papertiger.experiments.files import write_files
    from papertiger.scenarios.schema.values import POSTURES
    from papertiger.scenarios.tables import format_rows

    rows = [
        (path, client, period, *map(float, values[row, column]))
        for path, values in result.probabilities.items()
        for column, client in enumerate(result.clients)
        for row, period in enumerate(result.periods)
    ]
    try:
        write_files(file.parent, {file.name: format_rows(("path", "client", "period", *POSTURES), rows).encode()})
    except OSError as error:
        raise BadInput(f"{file}: cannot write there: {error.strerror}") from None


def _day(given: str | None) -> str:
    if given is None:
        return datetime.datetime.now(tz=datetime.UTC).date().isoformat()
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


def _show(result: Forecast) -> None:
    from papertiger.scenarios.schema.values import POSTURES

    for path, values in result.probabilities.items():
        table(
            f"The war {path}: probability of each posture at the end of {result.periods[-1]}",
            [("client", "left"), *((posture, "right") for posture in POSTURES)],
            [
                (client, *(f"{100 * float(value):.0f} %" for value in values[-1, column]))
                for column, client in enumerate(result.clients)
            ],
        )
