"""Measure inertness: how far a constant moves each outcome when it goes over its whole range and all else stands.

Runs of one figure at different numbers share their luck, so that they are compared in pairs. A figure *moves* an
outcome where the means at two of its numbers lie `LEAST` apart and the difference is `LUCK` standard errors from 0;
so many comparisons are made that less would now and then be luck. A figure that moves nothing anywhere is *inert*.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations
from typing import TYPE_CHECKING

from papertiger import scenarios
from papertiger.experiments.inertness.outcomes import KEPT, outcomes_of
from papertiger.experiments.inertness.plan import InertnessPlan, Judgement, View
from papertiger.model.ensemble.ensemble import ensemble
from papertiger.model.sampling import quantile

if TYPE_CHECKING:
    from papertiger.experiments.inertness.outcomes import Numbers
    from papertiger.scenarios.schema.figures import Distribution
    from papertiger.scenarios.schema.scenario import Scenario

LEAST = 0.01
"""The least difference that counts: a hundredth of a share or a belief, or of a rung."""
LUCK = 4.0
DOUBT = 2.0
"""How many standard errors are added to a difference to say how large it may be."""
TAIL = 0.05
"""Where the range of a distribution without ends is cut on each side."""


@dataclass(frozen=True)
class Effect:
    """Hold the largest difference of one outcome in one view between two numbers of a figure.

    Attributes
    ----------
    change
        The mean outcome at the higher number less that at the lower one.
    error
        Its standard error, of paired runs.
    """

    figure: str
    view: View
    outcome: str
    low: float
    high: float
    change: float
    error: float
    runs: int

    @property
    def moves(self) -> bool:
        """Tell whether the outcome moves, beyond luck."""
        return abs(self.change) >= LEAST and abs(self.change) >= LUCK * self.error

    @property
    def open(self) -> bool:
        """Tell whether more runs could show that the outcome moves."""
        return not self.moves and abs(self.change) + DOUBT * self.error >= LEAST


def range_of(distribution: Distribution) -> tuple[float, float]:
    """Return the ends of a distribution; of one without ends what holds the middle nine tenths of it."""
    if distribution.family in ("uniform", "loguniform"):
        low, high = distribution.numbers
        return low, high
    if distribution.family == "choice":
        return min(distribution.numbers), max(distribution.numbers)
    return quantile(distribution, TAIL), quantile(distribution, 1.0 - TAIL)


def numbers_of(judgement: Judgement) -> list[float]:
    """Return the numbers that a figure is given: both ends of its range, its middle, and its value."""
    given: list[float] = []
    for number in (judgement.value, *range_of(judgement.prior), quantile(judgement.prior, 0.5)):
        if not any(math.isclose(number, other, abs_tol=1e-12) for other in given):
            given.append(number)
    return sorted(given)


@dataclass
class Laboratory:
    """Run figures at numbers of their ranges, and remember the runs at which all stands at its value.

    Attributes
    ----------
    plan
        Seed, and how many runs.
    views
        Where outcomes are read.
    """

    plan: InertnessPlan
    views: Sequence[View]
    _worlds: dict[str, Scenario] = field(default_factory=dict, init=False)
    _base: dict[tuple[str, int], dict[View, dict[str, Numbers]]] = field(default_factory=dict, init=False)

    def effects(self, judgement: Judgement, runs: int, views: Iterable[View] | None = None) -> list[Effect]:
        """Return the largest difference that a figure makes to each outcome in each view.

        Parameters
        ----------
        judgement
            The figure with its range.
        runs
            How many at each number.
        views
            Some of the views; blank takes all.
        """
        wanted = set(self.views if views is None else views)
        effects = []
        for scenario in dict.fromkeys(view.scenario for view in self.views if view in wanted):
            by_number = {
                number: self._outcomes(scenario, judgement, number, runs) for number in numbers_of(judgement)
            }
            for view in by_number[judgement.value]:
                if view in wanted:
                    effects += [
                        _largest(
                            judgement.path,
                            view,
                            outcome,
                            {number: of[view][outcome] for number, of in by_number.items()},
                        )
                        for outcome in by_number[judgement.value][view]
                    ]
        return effects

    def finds_movement(self, judgement: Judgement) -> bool:
        """Tell whether a figure moves anything, and look no further than the first view in which it does.

        Parameters
        ----------
        judgement
            The figure with its range.
        """
        doubtful: list[View] = []
        for scenario in dict.fromkeys(view.scenario for view in self.views):
            effects = self.effects(
                judgement, self.plan.runs, (view for view in self.views if view.scenario == scenario)
            )
            if not is_inert(effects):
                return True
            doubtful += dict.fromkeys(effect.view for effect in effects if effect.open)
        return any(not is_inert(self.effects(judgement, self.plan.more_runs, [view])) for view in doubtful)

    def measure(self, judgement: Judgement) -> list[Effect]:
        """Return a figure's effects; of one that moves nothing with more runs, where fewer leave that open.

        Parameters
        ----------
        judgement
            The figure with its range.
        """
        first = self.effects(judgement, self.plan.runs)
        doubtful = dict.fromkeys(effect.view for effect in first if effect.open)
        if any(effect.moves for effect in first) or not doubtful:
            return first
        again = self.effects(judgement, self.plan.more_runs, doubtful)
        return [effect for effect in first if effect.view not in doubtful] + again

    def _outcomes(
        self, scenario: str, judgement: Judgement, number: float, runs: int
    ) -> dict[View, dict[str, Numbers]]:
        at_value = number == judgement.value
        if at_value and (scenario, runs) in self._base:
            return self._base[scenario, runs]
        simulated = ensemble(self._world(scenario), runs, self.plan.seed, keep=KEPT, values={judgement.path: number})
        outcomes = {view: outcomes_of(simulated, view) for view in self.views if view.scenario == scenario}
        if at_value:
            self._base[scenario, runs] = outcomes
        return outcomes

    def _world(self, name: str) -> Scenario:
        if name not in self._worlds:
            self._worlds[name] = scenarios.load(name)
        return self._worlds[name]


def _largest(figure: str, view: View, outcome: str, by_number: Mapping[float, Numbers]) -> Effect:
    """Return the pair of numbers between which an outcome moves most, or comes nearest to moving."""
    effects = []
    for low, high in combinations(sorted(by_number), 2):
        differences = by_number[high] - by_number[low]
        runs = len(differences)
        error = float(differences.std(ddof=1)) / math.sqrt(runs)
        effects.append(Effect(figure, view, outcome, low, high, float(differences.mean()), error, runs))
    return largest(effects)


def largest(effects: Iterable[Effect]) -> Effect:
    """Return the effect that moves most; of those that move none the one that comes nearest."""
    return max(effects, key=lambda effect: (effect.moves, abs(effect.change)))


def is_inert(effects: Iterable[Effect]) -> bool:
    """Tell whether no effect of a figure moves anything."""
    return not any(effect.moves for effect in effects)


def survey(plan: InertnessPlan, judgements: Iterable[Judgement]) -> Iterator[tuple[Judgement, list[Effect]]]:
    """Measure figures one after the other.

    Parameters
    ----------
    plan
        Views, seed and runs.
    judgements
        Figures with their ranges, see `papertiger.experiments.inertness.plan.judgements`.
    """
    laboratory = Laboratory(plan, plan.views)
    for judgement in judgements:
        yield judgement, laboratory.measure(judgement)
