"""Forecast what nobody has seen yet, in a file that can be archived and scored when time has passed.

History drives the runs up to the last observed half-year, with every client held at the posture that was observed.
From then on crises are drawn and everybody acts by rule, under each path of the war, each run with a draw of the
posterior. What is published is the share of runs on each rung, floored, so that nothing is called impossible.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from papertiger import scenarios
from papertiger.experiments.history.calibrate.likelihood import Likelihood
from papertiger.experiments.history.calibrate.models import EVIDENCE
from papertiger.experiments.history.evaluate.scores import publishable
from papertiger.experiments.history.forecast.archive import Forecast, rounded
from papertiger.experiments.history.forecast.declaration import PATHS
from papertiger.experiments.history.forecast.questions import FROZEN, declared
from papertiger.experiments.history.observed.ceiling import coded_chances
from papertiger.experiments.history.observed.coding import only_half_years
from papertiger.experiments.history.observed.periods import first_month, following, last_month, periods_between
from papertiger.experiments.run.provenance import model_hash, scenario_hash, version
from papertiger.model.calendar import month_name, month_number
from papertiger.model.decisions import Decision, Decisions
from papertiger.model.ensemble.ensemble import ensemble
from papertiger.scenarios.bonds import bonds_of
from papertiger.scenarios.knowledge import known_by
from papertiger.scenarios.schema.events import NOT_INPUTS
from papertiger.scenarios.schema.values import POSTURES

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from numpy.typing import NDArray

    from papertiger.experiments.history.calibrate.posterior import Posterior
    from papertiger.experiments.history.calibrate.problem import CalibrationProblem
    from papertiger.experiments.history.observed.coding import Postures
    from papertiger.scenarios.schema.scenario import Scenario

RUNS_PER_DRAW = 20


class SpanError(ValueError):
    """Refuse half-years that cannot be forecast; the text says why."""


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
    only_half_years(postures, problem.observed.name, "a forecast for later")
    origin = postures.periods[-1]
    try:
        periods = periods_between(following(origin), last)
    except ValueError as error:
        raise SpanError(str(error)) from None
    if not periods:
        raise SpanError(f"expected a half-year after {origin}, the last observed one, got {last}")
    if last_month(last) > problem.scenario.span.end:
        raise SpanError(f"{problem.scenario.name} ends with {problem.scenario.span.end}, before {last} does")
    recorded = last_month(origin)
    shares_by_path: dict[str, NDArray[np.float64]] = {}
    hashes: dict[str, str] = {}
    every = [values for _, values in draws.each()]
    wanted = -(-runs // RUNS_PER_DRAW)
    taken = [every[index * len(every) // wanted % len(every)] for index in range(wanted)]
    columns = [list(bonds_of(problem.scenario)).index(name) for name in postures.clients]
    record = known_by(problem.scenario, made[:7])
    likelihood = Likelihood(problem.match(draws.model))
    standing = [
        standing_of(likelihood, values, np.random.default_rng([problem.plan.seed, number]))
        for number, values in enumerate(taken)
    ]
    frozen: dict[str, NDArray[np.float64]] = {}
    for path, settings in PATHS.items():
        world = future(record, origin, settings)
        hashes[f"scenario_sha256 {path}"] = scenario_hash(world)
        start = month_number(world.span.start)
        recorded = month_name(month_number(str(world.generative_from)) - 1)
        rows = [month_number(last_month(period)) - start for period in periods]

        def shares(
            what: str,
            changed: Mapping[str, float],
            world: Scenario = world,
            rows: list[int] = rows,
        ) -> NDArray[np.float64]:
            counts = np.zeros((len(periods), len(columns), len(POSTURES)))
            for number, values in enumerate(taken):
                part = ensemble(
                    world,
                    RUNS_PER_DRAW,
                    problem.plan.seed,
                    first_run=number * RUNS_PER_DRAW,
                    values={**values, **changed},
                    decisions=observed_decisions(world, standing[number]),
                )
                counts += part.kept.counts[rows][:, columns]
                if progress is not None:
                    progress(what, (number + 1) * RUNS_PER_DRAW, len(taken) * RUNS_PER_DRAW)
            each = coded_chances(counts / counts.sum(axis=2, keepdims=True), likelihood.match.ceiling)
            return rounded(publishable(each))

        shares_by_path[path] = shares(path, {})
        if problem.plan.forecast is not None:
            frozen[path] = shares(f"{path}, {FROZEN}", {EVIDENCE: 0.0})
    provenance = {
        "papertiger": version(),
        "calibration": problem.plan.name,
        "model": draws.model,
        "model_sha256": model_hash(),
        "runs": str(len(taken) * RUNS_PER_DRAW),
        "seed": str(problem.plan.seed),
        "calibration_sha256": problem.fingerprint,
        "draws_sha256": draws.sha256,
        "observed": problem.observed.name,
        **hashes,
    }
    result = Forecast(made, origin, postures.clients, periods, shares_by_path, provenance)
    return result if problem.plan.forecast is None else declared(result, problem, recorded, frozen)


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
    known = month_name(month_number(after) + 1)
    begins = max(first_month(following(origin)), known)
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
    start, names = month_number(scenario.span.start), list(bonds_of(scenario))
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
