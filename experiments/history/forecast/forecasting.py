"""Forecast what nobody has seen yet, in a file that can be archived and scored when time has passed.

History drives the runs up to the last observed half-year, with every client held at the posture that was observed.
From then on crises are drawn and everybody acts by rule, under each path of the war, each run with a draw of the
posterior. What is published is the share of runs on each rung, floored, so that nothing is called impossible.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import numpy as np
from pydantic import ConfigDict, Field

from papertiger import scenarios
from papertiger.experiments.errors import FolderError
from papertiger.experiments.files import write_files
from papertiger.experiments.history.calibrate.likelihood import Likelihood
from papertiger.experiments.history.evaluate.scores import publishable
from papertiger.experiments.history.observed.ceiling import coded_chances
from papertiger.experiments.history.observed.periods import (
    first_month,
    last_month,
    period_name,
    period_number,
    periods_between,
)
from papertiger.experiments.run.provenance import model_hash, scenario_hash, version
from papertiger.model.calendar import month_name, month_number
from papertiger.model.decisions import Decision, Decisions
from papertiger.model.ensemble.ensemble import ensemble
from papertiger.scenarios.errors import listing
from papertiger.scenarios.files import reason_of
from papertiger.scenarios.knowledge import known_by
from papertiger.scenarios.reading.json_reader import JsonError, JsonShape, parse_json, read_json
from papertiger.scenarios.schema.events import NOT_INPUTS
from papertiger.scenarios.schema.values import POSTURES

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from numpy.typing import NDArray

    from papertiger.experiments.history.calibrate.posterior import Posterior
    from papertiger.experiments.history.calibrate.problem import CalibrationProblem
    from papertiger.experiments.history.observed.coding import Postures
    from papertiger.scenarios.schema.scenario import Scenario

FORMAT = 1
NOTE = (
    "Forecast of an agent-based model, with feedback, covert hedging and drawn successions, which the calibration of "
    "its parameters had switched off. The model is an argument, not evidence."
)
PATHS: dict[str, dict[str, object]] = {
    "continues": {"war.after": "continues"},
    "ends": {"war.after": "ends"},
    "escalates": {"war.after": "escalates"},
}
"""Paths of the war after the last known month, as settings of a scenario."""
RUNS_PER_DRAW = 20
DIGITS = 4
ROUNDED = 0.001
"""How far five probabilities of so many digits may be from a sum of 1."""
LARGEST_FILE = 5_000_000


type Probabilities = Annotated[tuple[float, ...], Field(min_length=len(POSTURES), max_length=len(POSTURES))]


class SpanError(ValueError):
    """Refuse half-years that cannot be forecast; the text says why."""


@dataclass(frozen=True)
class Forecast:
    """Hold a published forecast.

    Attributes
    ----------
    made
        Date on which it was made, YYYY-MM-DD.
    origin
        The last half-year whose postures it knows.
    clients, periods
        Names, lengths N and Q.
    probabilities
        By path of the war, Q x N x 5.
    provenance
        What it was made with.
    """

    made: str
    origin: str
    clients: tuple[str, ...]
    periods: tuple[str, ...]
    probabilities: dict[str, NDArray[np.float64]]
    provenance: dict[str, str]

    def to_json(self) -> str:
        """Return the text of the file, with the SHA-256 of all it says."""
        content = self._content()
        content["sha256"] = _digest(content)
        return json.dumps(content, ensure_ascii=True, allow_nan=False, indent=1) + "\n"

    def _content(self) -> dict[str, Any]:
        return {
            "format": FORMAT,
            "made": self.made,
            "origin": self.origin,
            "postures": list(POSTURES),
            "provenance": self.provenance,
            "note": NOTE,
            "forecast": {
                path: {
                    client: {
                        period: [round(float(value), DIGITS) for value in values[row, column]]
                        for row, period in enumerate(self.periods)
                    }
                    for column, client in enumerate(self.clients)
                }
                for path, values in self.probabilities.items()
            },
        }

    @property
    def sha256(self) -> str:
        """Return the hash that the file carries."""
        return _digest(self._content())


def _digest(content: dict[str, Any]) -> str:
    said = {key: value for key, value in content.items() if key != "sha256"}
    text = json.dumps(said, sort_keys=True, ensure_ascii=True, allow_nan=False)
    return hashlib.sha256(text.encode("ascii")).hexdigest()


def forecast(
    problem: CalibrationProblem,
    draws: Posterior,
    made: str,
    *,
    last: str = "2027H2",
    runs: int = 10_000,
    progress: Callable[[str, int, int], None] | None = None,
) -> Forecast:
    """Return a forecast from the last observed half-year on.

    Parameters
    ----------
    problem
        Scenario and observations.
    draws
        Posterior draws of the full model.
    made
        Today's date; what happened or came out after its month has no part.
    last
        The last half-year to forecast.
    runs
        How many for each path of the war, in whole draws of the posterior of `RUNS_PER_DRAW` each.
    progress
        Is told the path, and how many of its runs are done.

    Raises
    ------
    SpanError
        If the half-years do not follow each other, or the scenario does not reach that far.
    """
    postures = problem.postures
    origin = postures.periods[-1]
    try:
        periods = periods_between(period_name(period_number(origin) + 1), last)
    except ValueError as error:
        raise SpanError(str(error)) from None
    if not periods:
        raise SpanError(f"expected a half-year after {origin}, the last observed one, got {last}")
    if last_month(last) > problem.scenario.span.end:
        raise SpanError(f"{problem.scenario.name} ends with {problem.scenario.span.end}, before {last} does")
    shares_by_path: dict[str, NDArray[np.float64]] = {}
    hashes: dict[str, str] = {}
    every = [values for _, values in draws.each()]
    wanted = -(-runs // RUNS_PER_DRAW)
    taken = [every[index * len(every) // wanted % len(every)] for index in range(wanted)]
    columns = [list(problem.scenario.clients).index(name) for name in postures.clients]
    record = known_by(problem.scenario, made[:7])
    likelihood = Likelihood(problem.match(draws.model))
    standing = [
        standing_of(likelihood, values, np.random.default_rng([problem.plan.seed, number]))
        for number, values in enumerate(taken)
    ]
    for path, settings in PATHS.items():
        world = future(record, origin, settings)
        hashes[f"scenario_sha256 {path}"] = scenario_hash(world)
        start = month_number(world.span.start)
        rows = [month_number(last_month(period)) - start for period in periods]
        counts = np.zeros((len(periods), len(columns), len(POSTURES)))
        for number, values in enumerate(taken):
            part = ensemble(
                world,
                RUNS_PER_DRAW,
                problem.plan.seed,
                first_run=number * RUNS_PER_DRAW,
                values=values,
                decisions=observed_decisions(world, standing[number]),
            )
            counts += part.kept.counts[rows][:, columns]
            if progress is not None:
                progress(path, (number + 1) * RUNS_PER_DRAW, len(taken) * RUNS_PER_DRAW)
        shares_by_path[path] = publishable(
            coded_chances(counts / counts.sum(axis=2, keepdims=True), likelihood.match.ceiling)
        )
    provenance = {
        "papertiger": version(),
        "calibration": problem.plan.name,
        "model": draws.model,
        "model_sha256": model_hash(),
        "runs": str(len(taken) * RUNS_PER_DRAW),
        "seed": str(problem.plan.seed),
        **hashes,
    }
    return Forecast(made, origin, postures.clients, periods, shares_by_path, provenance)


def future(scenario: Scenario, origin: str, settings: dict[str, object]) -> Scenario:
    """Return the scenario that goes on by rule once its record of events ends, without what was not known by then.

    Parameters
    ----------
    scenario
        The replay.
    origin
        The last observed half-year.
    settings
        A path of the war.
    """
    inputs = [event.date[:7] for event in scenario.events.values() if event.kind not in NOT_INPUTS]
    after = max([last_month(origin), *inputs])
    following = month_number(after) + 1
    known = f"{following // 12:04d}-{following % 12 + 1:02d}"
    following_period = period_name(period_number(origin) + 1)
    begins = max(first_month(following_period), known)
    record = known_by(scenario, month_name(month_number(begins) - 1))
    return scenarios.change(record, {**settings, "generative_from": begins})


def standing_of(likelihood: Likelihood, values: Mapping[str, float], rng: np.random.Generator) -> Postures:
    """Return the observed postures, the last of which is drawn where a client may stand beyond its ceiling.

    Parameters
    ----------
    likelihood
        Of what was observed.
    values
        One draw of the posterior, by path.
    rng
        Where the luck comes from.
    """
    match = likelihood.match
    reached = match.known(likelihood.matrices(values), len(match.postures.periods) - 1).cumsum(axis=1)
    drawn = (rng.random(len(reached))[:, None] >= reached).sum(axis=1)
    posture = match.postures.posture.copy()
    posture[-1] = np.minimum(drawn, len(POSTURES) - 1)
    return replace(match.postures, posture=posture)


def observed_decisions(scenario: Scenario, postures: Postures) -> Decisions:
    """Return the decisions that hold every client at its observed posture until the last observed half-year.

    A change is put in the last month of its half-year, since only its end was coded. Clients that lost their regime
    are held, too: the draw of a successor is no forecast of what is known. Nobody is let hedge in secret meanwhile:
    the record shows no such contacts, and while a client is held in place they would grow beyond what a free one has.

    Parameters
    ----------
    scenario
        What is run.
    postures
        What was observed.
    """
    start, names = month_number(scenario.span.start), list(scenario.clients)
    decisions = Decisions()
    for column, client in enumerate(postures.clients):
        for row, period in enumerate(postures.periods):
            last = month_number(last_month(period)) - start
            before = postures.posture[max(0, row - 1), column]
            for month in range(last - 5, last + 1):
                rung = int(postures.posture[row, column] if month == last else before)
                decisions.decisions[month, names.index(client), Decision.POSTURE] = rung
                decisions.decisions[month, names.index(client), Decision.COVERT] = 0
    return decisions


def write_forecast(result: Forecast, file: Path) -> None:
    """Write a forecast, whole or not at all.

    Raises
    ------
    FolderError
        If it cannot be written, or not be read again, or another forecast lies there: an archive is not overwritten.
    """
    text = result.to_json().encode("ascii")
    try:
        parse_json(text, _Written, str(file), max_bytes=LARGEST_FILE)
    except JsonError as error:
        raise FolderError(f"{error}; the forecast could not be read again, so it is not written") from None
    try:
        check_free(file, text)
        write_files(file.parent, {file.name: text})
    except OSError as error:
        raise FolderError(f"{file}: cannot write there: {reason_of(error)}") from None


def check_free(file: Path, text: bytes | None = None) -> None:
    """Refuse a place where no forecast can be put, before the runs are spent on one.

    Parameters
    ----------
    file
        Where it is to be written.
    text
        What may lie there already; blank allows any file, which may be the same forecast made before.

    Raises
    ------
    FolderError
        If something else lies there, or a forecast that differs: an archive is not overwritten.
    """
    try:
        if file.is_dir():
            raise FolderError(f"{file}: this is a folder, expected a file")
        if file.exists() and not file.is_file():
            raise FolderError(f"{file}: is not an ordinary file")
        if text is not None and file.exists() and (file.stat().st_size != len(text) or file.read_bytes() != text):
            raise FolderError(f"{file}: another forecast lies there; forecasts are kept, take another name (--out)")
    except OSError as error:
        raise FolderError(f"{file}: cannot write there: {reason_of(error)}") from None


class _Form(JsonShape):
    """Read the format of a file, whatever else it says."""

    model_config = ConfigDict(extra="ignore")
    format: Any = FORMAT


class _Written(JsonShape):
    """Read the file of a forecast, key by key."""

    format: int
    made: str
    origin: str
    postures: tuple[str, ...]
    provenance: dict[str, str]
    note: str
    forecast: Annotated[dict[str, dict[str, dict[str, Probabilities]]], Field(min_length=1)]
    sha256: str


def read_forecast(file: Path) -> Forecast:
    """Return an archived forecast.

    Raises
    ------
    FolderError
        If it cannot be read, is no forecast, or is not what was written.
    """
    try:
        # Another version's file has another shape, so its format is read before the rest.
        form = read_json(file, _Form, max_bytes=LARGEST_FILE).format
        if form != FORMAT or form is True:
            raise FolderError(f"{file}: written in format {json.dumps(form)}, this version reads {FORMAT}")
        written = read_json(file, _Written, max_bytes=LARGEST_FILE)
    except JsonError as error:
        raise FolderError(f"{error}; this is not a forecast that can be read") from None
    if written.sha256 != _digest(written.model_dump(mode="json")):
        raise FolderError(f"{file}: its hash does not fit what it says, so it has been changed since it was made")
    if written.postures != POSTURES:
        raise FolderError(f"{file}: expected probabilities of {', '.join(POSTURES)}, in this order")
    paths = written.forecast
    try:
        clients = tuple(next(iter(paths.values())))
        periods = tuple(next(iter(next(iter(paths.values())).values())))
        if periods_between(periods[0], periods[-1]) != periods or period_number(written.origin) >= period_number(
            periods[0]
        ):
            raise FolderError(f"{file}: expected half-years that follow each other, after the origin")
        if not set(paths) <= set(PATHS):
            raise FolderError(f"{file}: expected paths of the war among {listing(PATHS)}")
        probabilities = {}
        for path, said in paths.items():
            rows = np.array([[said[client][period] for client in clients] for period in periods], dtype=float)
            total = rows.sum(axis=-1, keepdims=True)
            if not ((rows >= 0) & (rows <= 1) & (np.abs(total - 1.0) <= ROUNDED)).all():
                raise FolderError(
                    f"{file}: expected five probabilities for each client and half-year, which sum to 1"
                )
            if len(said) != len(clients) or any(len(rows_of) != len(periods) for rows_of in said.values()):
                raise FolderError(f"{file}: expected the same clients and half-years under each path")
            probabilities[path] = rows / total
        return Forecast(written.made, written.origin, clients, periods, probabilities, written.provenance)
    except (LookupError, TypeError, ValueError, AttributeError, StopIteration, OverflowError):
        raise FolderError(f"{file}: this is not a forecast") from None
