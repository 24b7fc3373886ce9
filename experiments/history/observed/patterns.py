"""Compute patterns of a history: the few numbers by which simulated and observed histories are compared.

They stand in for a likelihood where there is none to be had (Grimm et al. 2005, pattern-oriented modelling). Which
client a pattern is about is said by the calibration's file, never here.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from papertiger.experiments.errors import ExperimentError
from papertiger.experiments.history.calibrate.problem import trained_steps
from papertiger.experiments.history.observed.coding import only_half_years
from papertiger.experiments.history.observed.periods import period_of
from papertiger.scenarios import observed as observations
from papertiger.scenarios.errors import Problem, listing

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from papertiger.experiments.history.calibrate.plan import Patterns
    from papertiger.experiments.history.calibrate.problem import CalibrationProblem

LOYAL, HEDGING, DISTANCING = 0, 1, 2
WITH_PATRON = "no"

TITLES = {
    "fall of No votes": "share that left No in the year of the fall, less that of other years",
    "first step": "when the mover first hedges, as a share of the span; above 1 for never",
    "second step": "when the mover first distances itself, likewise",
    "hedging": "share of half-years in which the hedger hedges",
    "loyal": "share of half-years in which isolated clients are loyal",
    "changes": "changes of posture per client and half-year",
}


@dataclass(frozen=True)
class Sights:
    """Read patterns off postures.

    Attributes
    ----------
    clients, periods
        Names, lengths N and P; the periods are those of the training span.
    patterns
        Which clients they are about.
    counted
        P x N: steps that are the client's own choice.
    voters
        Indices of the clients whose votes are known in every year.
    years
        Indices of the half-years whose ends lie nearest to the votes, at least three.
    fall
        Which of the steps between those is the fall.
    """

    clients: tuple[str, ...]
    periods: tuple[str, ...]
    patterns: Patterns
    counted: NDArray[np.bool_]
    voters: tuple[int, ...]
    years: tuple[int, ...]
    fall: int

    def of(self, posture: NDArray[np.integer], with_patron: NDArray[np.bool_] | None = None) -> dict[str, float]:
        """Return the patterns of a history.

        Parameters
        ----------
        posture
            P x N.
        with_patron
            Years x voters: who voted with the patron. Blank takes postures in their place: who is loyal votes with
            the patron, who hedges or more does not. That is a weak stand-in: a vote is cheaper than a posture, so
            clients left their vote without leaving their posture, and some never voted with the patron though they
            were loyal. It is why the pattern is a difference between years, and one among several.
        """
        names, patterns = self.clients, self.patterns
        loyal = posture[np.ix_(self.years, self.voters)] == LOYAL
        voting: NDArray[np.bool_] = loyal if with_patron is None else with_patron
        mover = posture[:, names.index(patterns.mover)]
        isolated = posture[:, [names.index(name) for name in patterns.loyal]]
        moved = (posture[1:] != posture[:-1])[self.counted[1:]]
        return {
            "fall of No votes": self._fall(voting),
            "first step": _first(mover >= HEDGING),
            "second step": _first(mover >= DISTANCING),
            "hedging": float((posture[:, names.index(patterns.hedger)] == HEDGING).mean()),
            "loyal": float((isolated == LOYAL).mean()),
            "changes": float(moved.mean()),
        }

    def _fall(self, with_patron: NDArray[np.bool_]) -> float:
        before = with_patron[:-1].sum(axis=1)
        left = (with_patron[:-1] & ~with_patron[1:]).sum(axis=1) / np.maximum(before, 1)
        return float(left[self.fall] - np.delete(left, self.fall).mean())


def _first(reached: NDArray[np.bool_]) -> float:
    """Return when something first holds, from 0 to 1, and a step beyond if it never does."""
    last = len(reached) - 1
    return float(reached.argmax() if reached.any() else last + 1) / last


def sights_of(problem: CalibrationProblem) -> tuple[Sights, dict[str, float]]:
    """Return how patterns are read, and what they are in the observed history.

    Parameters
    ----------
    problem
        A calibration with patterns.

    Raises
    ------
    ExperimentError
        If the plan has no patterns, or they do not fit what was observed.
    """
    plan, patterns = problem.plan, problem.plan.patterns
    if patterns is None:
        message = "this calibration names no patterns; the key 'patterns' says what --abc compares"
        raise ExperimentError([Problem(plan.name, message=message)])
    match = problem.match(plan.models[-1])
    postures = match.postures
    only_half_years(postures, problem.observed.name, "learning from patterns")
    rows = slice(postures.period(plan.training.first), postures.period(plan.training.last) + 1)
    periods, counted = postures.periods[rows], trained_steps(match, problem)[rows]
    unknown = [name for name in (patterns.mover, patterns.hedger, *patterns.loyal) if name not in postures.clients]
    if unknown:
        raise ExperimentError([Problem(plan.name, None, "patterns", f"no client {listing(unknown)} was observed")])
    votes = observations.load_votes(patterns.votes)
    ballots = {
        period_of(ballot.date): ballot.votes
        for ballot in votes.ballots.values()
        if ballot.item == patterns.item and period_of(ballot.date) in periods
    }
    years = sorted(ballots)
    if patterns.fall not in years[1:] or len(years) < 3:
        message = f"expected a half-year with votes on {patterns.item} and some before and after, got {patterns.fall}"
        raise ExperimentError([Problem(plan.name, None, "patterns.fall", message)])
    always = counted[1:].all(axis=0)
    voters = tuple(
        column
        for column, name in enumerate(postures.clients)
        if always[column] and all(name in ballots[year] for year in years)
    )
    with_patron = np.array([[ballots[year][postures.clients[v]] == WITH_PATRON for v in voters] for year in years])
    sights = Sights(
        postures.clients,
        periods,
        patterns,
        counted,
        voters,
        tuple(periods.index(year) for year in years),
        years.index(patterns.fall) - 1,
    )
    posture = postures.posture[rows].astype(np.int64)
    return sights, sights.of(posture, with_patron)
