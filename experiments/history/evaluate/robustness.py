"""Test what hangs on what: placebo worlds, other codings, weights of signals, and choices of parameters.

Each alternative is calibrated anew on the training span, with few points of the prior, and held against the test like
the model itself. What is chosen among is chosen by the training span alone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from papertiger import scenarios
from papertiger.experiments.history.calibrate.importance import effective
from papertiger.experiments.history.calibrate.models import MODELS
from papertiger.experiments.history.calibrate.plan import FULL
from papertiger.experiments.history.evaluate import placebo
from papertiger.experiments.history.evaluate.scoring import ALL, CLIMATOLOGY, ONE_STEP, ORIGIN, Examination
from papertiger.experiments.history.forecast.predictions import Predictions, predict_from_prior
from papertiger.experiments.history.observed.coding import code_postures
from papertiger.experiments.history.observed.periods import last_month

if TYPE_CHECKING:
    from papertiger.experiments.history.calibrate.problem import CalibrationProblem
    from papertiger.experiments.history.observed.coding import Postures
    from papertiger.scenarios.schema.scenario import Scenario

POINTS = 512
EDGES = (0.05, 0.95)
"""Quantiles of a signal's prior that the multiverse steps to."""

PLACEBOS: dict[str, str] = {
    "dates": "each client's events exchange their dates",
    "dates anywhere": "each client's events happen at any time",
    "lag": "each client's whole record comes earlier or later",
    "witnesses": "clients witness what happens to others than those like them",
    "clients": "each client lives through the events of another",
}


@dataclass(frozen=True)
class Outcome:
    """Hold what an alternative comes to.

    Attributes
    ----------
    kind, name
        What was changed.
    log_evidence
        Of the training span, in nats.
    log_left_out
        Sum over clients of the log probability of its training steps, learned from all others.
    one_step, from_origin
        Mean ranked probability score of the test; less is better.
    reference_one_step, reference_from_origin
        The same of climatology under the same observations.
    effective
        Effective number of points.
    """

    kind: str
    name: str
    log_evidence: float
    log_left_out: float
    one_step: float
    from_origin: float
    reference_one_step: float
    reference_from_origin: float
    effective: float


def assess(
    problem: CalibrationProblem,
    kind: str,
    name: str,
    *,
    scenario: Scenario | None = None,
    postures: Postures | None = None,
    model: str = FULL,
    points: int = POINTS,
) -> Outcome:
    """Calibrate an alternative on the training span, and hold it against the test.

    Parameters
    ----------
    problem
        Spans, parameters and seed.
    kind, name
        What tables call the alternative.
    scenario, postures
        What takes the place of those of the problem.
    model
        Name of the nested model.
    points
        Of the prior, a power of 2.
    """
    built = MODELS[model].build(problem.scenario if scenario is None else scenario)
    match = problem.match_with(built, postures)
    predictions = predict_from_prior(problem, model, match, points)
    examination = Examination(problem, {model: predictions})

    def score(who: str, when: str) -> float:
        return float(examination.scored(who, ALL, when, "RPS")[0].mean())

    evidence, left_out = _fit(predictions)
    return Outcome(
        kind,
        name,
        evidence,
        left_out,
        score(model, ONE_STEP),
        score(model, ORIGIN),
        score(CLIMATOLOGY, ONE_STEP),
        score(CLIMATOLOGY, ORIGIN),
        effective(predictions.weight),
    )


def _fit(predictions: Predictions) -> tuple[float, float]:
    """Return the log evidence, and the sum over clients of what the others make of each."""
    total = predictions.log_clients.sum(axis=1)
    full = _log_mean(total)
    return full, sum(full - _log_mean(total - own) for own in predictions.log_clients.T)


def _log_mean(logs: np.ndarray[tuple[int, ...], np.dtype[np.float64]]) -> float:
    top = float(logs.max())
    return top + float(np.log(np.mean(np.exp(logs - top))))


def placebos(problem: CalibrationProblem, each: int, points: int = POINTS) -> Iterator[Outcome]:
    """Yield the model in worlds that are wrong on purpose.

    Parameters
    ----------
    problem
        The true world.
    each
        How many worlds of each kind; their seeds follow that of the problem.
    points
        Of the prior.
    """
    last = last_month(problem.plan.testing.last)
    makers: dict[str, Callable[[int], Scenario]] = {
        "dates": lambda seed: placebo.permute_dates(problem.scenario, seed, last),
        "dates anywhere": lambda seed: placebo.permute_dates(problem.scenario, seed, last, anywhere=True),
        "lag": lambda seed: placebo.shift_records(problem.scenario, seed, last),
        "witnesses": lambda seed: placebo.rewire_witnesses(problem.scenario, seed),
        "clients": lambda seed: placebo.permute_clients(problem.scenario, seed),
    }
    for kind, make in makers.items():
        for number in range(each):
            yield assess(problem, kind, str(number), scenario=make(problem.plan.seed + number), points=points)


def chance(outcomes: list[Outcome], true: Outcome, of: Callable[[Outcome], float], *, high: bool) -> float:
    """Return how often a placebo does at least as well as the true world, (1 + count) / (1 + worlds).

    Parameters
    ----------
    outcomes, true
        The placebos of one kind, and the true world.
    of
        What is compared.
    high
        Whether more of it is better.
    """
    limit = of(true)
    better = sum((of(one) >= limit) if high else (of(one) <= limit) for one in outcomes)
    return (1 + better) / (1 + len(outcomes))


def codings(problem: CalibrationProblem, points: int = POINTS) -> Iterator[Outcome]:
    """Yield the model under observations coded without one indicator each."""
    for name in problem.observed.indicators:
        postures, changed = code_postures(problem.observed, frozenset({name})), problem
        if problem.plan.measurement == "readings":
            left = {key: one for key, one in problem.observed.readings.items() if key != name}
            changed = replace(problem, observed=problem.observed.model_copy(update={"readings": left}))
            if not left:
                continue  # nothing would be read at all
        yield assess(changed, "coding", f"without {name}", postures=postures, points=points)


def loadings(problem: CalibrationProblem, points: int = POINTS) -> Iterator[Outcome]:
    """Yield the model with one signal at a time at the edges of its weight's and its loading's range."""
    from papertiger.model.sampling import quantile  # noqa: PLC0415

    for name, signal in problem.scenario.signals.items():
        for part in ("weight", "loading"):
            prior = getattr(signal, part).prior
            if prior is None:
                continue
            for edge in EDGES:
                value = quantile(prior, edge)
                changed = scenarios.change(problem.scenario, {f"signals.{name}.{part}": value})
                yield assess(problem, "signal", f"{name} {part} {value:.2f}", scenario=changed, points=points)


def variants(problem: CalibrationProblem, points: int = POINTS) -> Iterator[Outcome]:
    """Yield the variants that the calibration lists, so that the search itself is on record."""
    for name, variant in problem.plan.variants.items():
        plan = problem.plan.model_copy(update={"free": variant.free or problem.plan.free})
        scenario = scenarios.change(problem.scenario, variant.settings) if variant.settings else problem.scenario
        changed = replace(problem, plan=plan, worlds={scenario.name: scenario})
        yield assess(changed, "variant", name, model=variant.model, points=points)
