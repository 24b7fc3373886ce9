"""Hold a calibration against observations that came later, or that somebody else coded."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from papertiger.experiments.errors import ExperimentError
from papertiger.experiments.history.calibrate.calibration import NO_STEP
from papertiger.experiments.history.calibrate.likelihood import Match, MatchError
from papertiger.experiments.history.calibrate.plan import Span
from papertiger.experiments.history.calibrate.problem import tested_steps
from papertiger.experiments.history.observed.coding import code_postures
from papertiger.experiments.history.observed.periods import following, last_month, noun_of
from papertiger.scenarios import observed as observations
from papertiger.scenarios.additions import load_with
from papertiger.scenarios.errors import Problem, ScenarioError

if TYPE_CHECKING:
    from papertiger.experiments.history.calibrate.problem import CalibrationProblem
    from papertiger.experiments.history.forecast.archive import Forecast


def later_problem(problem: CalibrationProblem, observed: str | None, events: str | None) -> CalibrationProblem:
    """Return a calibration with later observations and events; what was learned stays as it was.

    Half-years after those that the plan tests become the test; observations that end with them, or before, only take
    the place of the plan's own, as another coder's.

    Parameters
    ----------
    problem
        What was learned.
    observed
        Path of a file of observations; blank keeps those of the plan.
    events
        Path of a file of further events; blank adds none.

    Raises
    ------
    ExperimentError
        With every mistake found, each with its file and line.
    """
    try:
        if events is not None:
            world = load_with(
                problem.handle or problem.plan.scenario,
                events,
                problem.plan.all_settings,
                last_month(problem.plan.training.last),
            )
            problem = replace(problem, worlds={world.name: world})
        if observed is None:
            return problem
        facts = observations.load(Path(observed))
    except ScenarioError as error:
        raise ExperimentError(error.problems) from None
    postures = code_postures(facts)
    plan = problem.plan
    ours = noun_of(plan.training.first)
    if noun_of(postures.periods[0]) != ours:
        message = (
            f"expected observations by {ours}, as the calibration's are, got some by {noun_of(postures.periods[0])}"
        )
        raise ExperimentError([Problem(observed, None, "every", message)])
    if postures.periods[0] > plan.training.first:
        # Baselines are fitted on the training span of the same observations.
        message = f"the observations begin with {postures.periods[0]}, after the training does, {plan.training.first}"
        raise ExperimentError([Problem(observed, None, "span", message)])
    if postures.periods[-1] > plan.testing.last:
        first = following(plan.testing.last)
        plan = plan.model_copy(update={"testing": Span(first=first, last=postures.periods[-1])})
    elif postures.periods[-1] < plan.testing.last:
        message = f"the observations end with {postures.periods[-1]}, before the test does, {plan.testing.last}"
        raise ExperimentError([Problem(observed, None, "span", message)])
    later = replace(problem, plan=plan, observed=facts, postures=postures)
    try:
        match = Match.of(problem.scenario, postures)
    except MatchError as error:
        raise ExperimentError([Problem(observed, None, "", str(error))]) from None
    if not tested_steps(match, later).any():
        message = f"nothing to score from {plan.testing.first} to {plan.testing.last}: {NO_STEP}"
        raise ExperimentError([Problem(observed, None, "", message)])
    return later


def check_archive(problem: CalibrationProblem, archive: Forecast, label: str) -> None:
    """Refuse an archived forecast that is not of the clients and half-years that are tested, or knew other ones.

    Raises
    ------
    ExperimentError
        Saying what it lacks.
    """
    plan = problem.plan
    tested = [period for period in problem.postures.periods if plan.testing.first <= period <= plan.testing.last]
    lacks = [period for period in tested if period not in archive.periods]
    if lacks:
        said = f"{archive.periods[0]} to {archive.periods[-1]}"
        message = f"forecasts {said}, but {', '.join(lacks)} is to be scored; give later observations (--observed)"
        raise ExperimentError([Problem(label, None, "", message)])
    origin = following(plan.testing.first, -1)
    if archive.origin != origin:
        message = f"knows the postures of {archive.origin}; what it is scored with begins from those of {origin}"
        raise ExperimentError([Problem(label, None, "", message)])
    unknown = [name for name in problem.postures.clients if name not in archive.clients]
    if unknown:
        raise ExperimentError([Problem(label, None, "", f"forecasts nothing for {', '.join(unknown)}")])
