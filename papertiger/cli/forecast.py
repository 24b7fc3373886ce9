"""The command `forecast`: probabilities for half-years that nobody has seen, in a file to archive."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from papertiger.cli.console import BadInput, counting, document, printable, say, table
from papertiger.cli.inputs import check_place, check_range

if TYPE_CHECKING:
    from papertiger.experiments.history.forecast.forecasting import Forecast

FEWEST_RUNS, MOST_RUNS = 100, 1_000_000


@dataclass(frozen=True)
class Order:
    """What `forecast` was asked to do."""

    file: str
    out: Path | None = None
    last: str = "2027H2"
    runs: int = 10_000
    date: str | None = None
    posterior: Path | None = None
    as_json: bool = False


def forecast(order: Order) -> None:
    """Carry out the order, or raise `BadInput` with all that is wrong with it."""
    check_range("--runs", order.runs, FEWEST_RUNS, MOST_RUNS, "a number of runs")
    made = _date(order.date)
    from papertiger.experiments.errors import ExperimentError, FolderError  # noqa: PLC0415 - slow to import
    from papertiger.experiments.history.calibrate.loader import load_case  # noqa: PLC0415
    from papertiger.experiments.history.calibrate.plan import FULL  # noqa: PLC0415
    from papertiger.experiments.history.calibrate.posterior import posterior_of  # noqa: PLC0415
    from papertiger.experiments.history.forecast import forecasting  # noqa: PLC0415
    from papertiger.scenarios import ScenarioError  # noqa: PLC0415

    try:
        case = load_case(order.file)
        if order.date is not None:
            _check_date(made, case.postures.periods[-1], order.last)
        file = order.out or Path("results") / f"forecast_{case.plan.name}_{made}.json"
        forecasting.check_free(file)
        check_place(file.parent)
        draws = posterior_of(case, FULL, order.posterior)
        with counting("runs", quiet=order.as_json) as shown:

            def progress(path: str, done: int, total: int) -> None:
                if shown is not None:
                    shown(done, total, f"runs, the war {path}")

            found = forecasting.forecast(case, draws, made, last=order.last, runs=order.runs, progress=progress)
        forecasting.write_forecast(found, file)
    except (ExperimentError, FolderError, ScenarioError) as error:
        raise BadInput(str(error)) from None
    except forecasting.SpanError as error:
        raise BadInput(f"--last {printable(order.last)}: {error}") from None
    if order.as_json:
        document({"file": str(file), "sha256": found.sha256, "made": made})
        return
    _show(found)
    say(printable(f"Forecast of {made} in {file}"))
    say(f"SHA-256 {found.sha256}; publish it, and score the file later with: papertiger score --forecast FILE")
    say("The model is an argument, not evidence.")


def _date(given: str | None) -> str:
    if given is None:
        return datetime.datetime.now(tz=datetime.UTC).date().isoformat()
    try:
        if (date := datetime.date.fromisoformat(given).isoformat()) == given:  # weeks and other ISO forms are not
            return date
    except ValueError:
        pass
    raise BadInput(f"--date {printable(given)}: expected a date written YYYY-MM-DD")


def _check_date(made: str, origin: str, last: str) -> None:
    """Refuse a date at which the forecast's origin was not over, or its last half-year was."""
    from papertiger.experiments.history.observed.periods import period_number, period_of  # noqa: PLC0415 - slow to import

    period = period_of(made)
    if period <= origin:
        raise BadInput(f"--date {made}: expected a date after {origin}, the last observed half-year")
    try:
        over = period_number(period) > period_number(last) > period_number(origin)
    except ValueError:
        return  # what is wrong with the half-year itself is said by the forecast
    if over:
        raise BadInput(f"--date {made}: expected a date up to {last}, the last half-year that is forecast")


def _show(found: Forecast) -> None:
    from papertiger.scenarios.schema.values import POSTURES  # noqa: PLC0415

    for path, values in found.probabilities.items():
        table(
            f"The war {path}: probability of each posture at the end of {found.periods[-1]}",
            [("client", "left"), *((posture, "right") for posture in POSTURES)],
            [
                (client, *(f"{100 * float(value):.0f} %" for value in values[-1, column]))
                for column, client in enumerate(found.clients)
            ],
        )
