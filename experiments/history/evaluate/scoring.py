"""Hold the nested models against half-years that they were not learned from.

Every forecaster gives, for each client and half-year of the test, the probability of each posture: one step ahead,
from the posture half a year before, and from a fixed origin, the last half-year before the test. All are published
the same way (floored and renormalised) before they are scored, so that none is infinitely wrong.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from papertiger.experiments.history.calibrate.importance import effective
from papertiger.experiments.history.calibrate.likelihood import Match
from papertiger.experiments.history.calibrate.plan import BASELINE
from papertiger.experiments.history.calibrate.problem import tested_steps
from papertiger.experiments.history.evaluate import scores
from papertiger.experiments.history.evaluate.baselines import Climatology, Persistence
from papertiger.experiments.history.evaluate.reach import gains_by_outcome, reach_of_gains
from papertiger.experiments.history.evaluate.skill import Skill, skill
from papertiger.experiments.history.evaluate.static_landscape import StaticLandscape
from papertiger.experiments.history.forecast.predictions import KINDS, Predictions
from papertiger.scenarios.bonds import bonds_of

if TYPE_CHECKING:
    from collections.abc import Collection

    from numpy.typing import NDArray

    from papertiger.experiments.history.calibrate.problem import CalibrationProblem
    from papertiger.experiments.history.evaluate.baselines import Forecaster
    from papertiger.experiments.history.forecast.archive import Forecast
    from papertiger.experiments.history.observed.coding import Postures

ONE_STEP, ORIGIN = KINDS
MIXTURE = "archived, mixture"
PERSISTENCE, CLIMATOLOGY, LANDSCAPE = "persistence", "climatology", "static landscape"

SCORES: dict[str, Callable[[NDArray[np.float64], NDArray[np.intp]], NDArray[np.float64]]] = {
    "RPS": scores.ranked_probability,
    "Brier": scores.brier,
    "log": scores.logarithmic,
}
TIME = "CRPS"
"""Of the time at which a client first leaves its posture of the origin, in half-years."""


@dataclass(frozen=True)
class Split:
    """Say who is learned from and who is scored.

    Attributes
    ----------
    name, title
        As tables call it.
    left_out
        Each client is forecast from all others.
    unseen
        Clients that nothing is learned from.
    unscored
        Clients that are not scored.
    """

    name: str
    title: str
    left_out: bool = False
    unseen: tuple[str, ...] = ()
    unscored: tuple[str, ...] = ()


ALL = Split("all", "all clients")


def splits(problem: CalibrationProblem) -> tuple[Split, ...]:
    """Return the splits of a calibration: all, each client left out, without some, and pact members for the rest."""
    observed = [name for name in bonds_of(problem.scenario) if name in problem.postures.clients]
    apart = tuple(name for name in problem.plan.apart if name in observed)
    members = tuple(name for name in observed if bonds_of(problem.scenario)[name].treaty == "defence_pact")
    others = tuple(name for name in observed if name not in members)
    several = [
        ALL,
        Split("left out", "each client learned from all others", left_out=True),
    ]
    if apart:
        named = " and ".join(apart)
        several.append(Split("apart", f"without {named}", False, apart, apart))
    if members and others:
        several.append(Split("transfer", "the rest, learned from pact members", False, others, members))
    match = Match.of(problem.scenario, problem.postures)
    tested = tested_steps(match, problem)
    # Late observations may be of a few clients only.
    return tuple(
        split for split in several if tested[:, [name not in split.unscored for name in match.postures.clients]].any()
    )


@dataclass(frozen=True)
class Forecasts:
    """Hold what one forecaster says under one split.

    Attributes
    ----------
    by_kind
        Q x N x 5 for each of `predictions.KINDS`.
    lasting
        Q x N: probability of being at the posture of the origin at every end of a half-year up to then.
    effective
        The smallest effective number of draws behind any of it; infinite for a baseline.
    """

    by_kind: Mapping[str, NDArray[np.float64]]
    lasting: NDArray[np.float64]
    effective: float = np.inf


@dataclass
class Examination:
    """Score all forecasters on the same cases.

    Parameters
    ----------
    problem
        Spans, scenario and observations.
    predictions
        By name of the model.
    archive
        A forecast that was published before, which is scored beside them; it knows no later events.
    """

    problem: CalibrationProblem
    predictions: Mapping[str, Predictions]
    archive: Forecast | None = None
    _known: dict[tuple[str, str], Forecasts] = field(default_factory=dict)

    @property
    def postures(self) -> Postures:
        """Return what was observed."""
        return self._any.match.postures

    @property
    def _any(self) -> Predictions:
        return next(iter(self.predictions.values()))

    @cached_property
    def origin(self) -> int:
        """Return the index of the half-year that fixed-origin forecasts start from."""
        return self.periods[0] - 1

    @cached_property
    def learned(self) -> int:
        """Return the index of the last half-year that anything is learned from."""
        return self.postures.period(self.problem.plan.training.last)

    @cached_property
    def periods(self) -> tuple[int, ...]:
        """Return the indices of the half-years of the test."""
        return self._any.periods

    @cached_property
    def tested(self) -> NDArray[np.bool_]:
        """Return which steps are scored, Q x N."""
        return tested_steps(self._any.match, self.problem)[list(self.periods)]

    @property
    def names(self) -> tuple[str, ...]:
        """Return the forecasters, the baselines first."""
        return (PERSISTENCE, CLIMATOLOGY, LANDSCAPE, *self.predictions, *self.archived)

    @property
    def archived(self) -> dict[str, NDArray[np.float64]]:
        """Return what the archived forecast says, by its name as a forecaster: the mixture of its paths, and each."""
        if self.archive is None:
            return {}
        mixture = {} if self.archive.mixture is None else {MIXTURE: self.archive.mixture}
        return mixture | {f"archived, war {path}": one for path, one in self.archive.probabilities.items()}

    def says(self, name: str, split: Split, kind: str, score: str) -> bool:
        """Tell whether a forecaster has something to be scored: an archive is of all clients from its own origin."""
        return name not in self.archived or (split.name == ALL.name and kind == ORIGIN and score != TIME)

    def forecasts(self, name: str, split: Split) -> Forecasts:
        """Return what a forecaster says under a split, as published.

        Parameters
        ----------
        name
            A baseline or a model.
        split
            Who is learned from.
        """
        key = (name, split.name)
        if key not in self._known:
            if name in self.archived:
                forecasts = self._of_archive(self.archived[name])
            else:
                forecasts = (
                    self._of_model(name, split) if name in self.predictions else self._of_baseline(name, split)
                )
            # An archived forecast was published long ago, and is scored as it was.
            floor = 0.0 if name in self.archived else scores.FLOOR
            published = {kind: scores.publishable(values, floor) for kind, values in forecasts.by_kind.items()}
            self._known[key] = Forecasts(published, forecasts.lasting, forecasts.effective)
        return self._known[key]

    def _of_model(self, name: str, split: Split) -> Forecasts:
        predictions = self.predictions[name]
        if split.left_out:
            by_kind = {kind: predictions.left_out(kind) for kind in KINDS}
            lasting = np.empty(predictions.lasting.shape[1:])
            for column, client in enumerate(predictions.clients):
                lasting[:, column] = predictions.weight_without([client]) @ predictions.lasting[:, :, column]
            return Forecasts(by_kind, lasting, min(predictions.effective_left_out().values()))
        weight = predictions.weight_without(split.unseen)
        by_kind = {kind: predictions.forecast(kind, weight) for kind in KINDS}
        return Forecasts(by_kind, np.tensordot(weight, predictions.lasting, axes=1), effective(weight))

    def _of_archive(self, said: NDArray[np.float64]) -> Forecasts:
        assert self.archive is not None
        archive = self.archive
        rows = [archive.periods.index(self.postures.periods[period]) for period in self.periods]
        columns = [archive.clients.index(name) for name in self.postures.clients]
        values = said[np.ix_(rows, columns)]
        return Forecasts({ORIGIN: values}, np.empty(0))

    def _of_baseline(self, name: str, split: Split) -> Forecasts:
        clients = self.postures.clients
        if not split.left_out:
            return self._by(self._baseline(name, [one for one in clients if one not in split.unseen]))
        each = [self._by(self._baseline(name, [one for one in clients if one != own])) for own in clients]
        columns = range(len(clients))
        by_kind = {
            kind: np.stack([each[column].by_kind[kind][:, column] for column in columns], axis=1) for kind in KINDS
        }
        return Forecasts(by_kind, np.stack([each[column].lasting[:, column] for column in columns], axis=1))

    def _baseline(self, name: str, clients: Collection[str]) -> Forecaster:
        if name == PERSISTENCE:
            return Persistence()
        if name == CLIMATOLOGY:
            return Climatology.fit(self.postures, self.learned, clients)
        if name == LANDSCAPE:
            return StaticLandscape.fit(self.problem.scenario, self.postures, self.learned, clients)
        raise ValueError(f"no forecaster {name}, expected one of {', '.join(self.names)}")

    def _by(self, forecaster: Forecaster) -> Forecasts:
        postures, origin = self.postures, self.origin
        one_step = [forecaster.forecast(postures, period - 1, period) for period in self.periods]
        ahead = [forecaster.forecast(postures, origin, period) for period in self.periods]
        # A chain that is the same in every half-year: staying all along is staying once, again and again.
        here = postures.posture[origin].astype(int)
        once = forecaster.forecast(postures, origin, origin + 1)[np.arange(len(here)), here]
        lasting = np.stack([once ** (period - origin) for period in self.periods])
        return Forecasts({ONE_STEP: np.stack(one_step), ORIGIN: np.stack(ahead)}, lasting)

    def scored_steps(self, split: Split) -> NDArray[np.bool_]:
        """Return which steps a split scores, Q x N."""
        dropped = np.isin(self.postures.clients, split.unscored)
        return np.asarray(self.tested & ~dropped[None, :])

    def scored(self, name: str, split: Split, kind: str, score: str) -> tuple[NDArray[np.float64], NDArray[np.str_]]:
        """Return the score of every case, and whose case it is.

        Parameters
        ----------
        name
            Of the forecaster.
        split, kind
            Which forecasts.
        score
            One of `SCORES`, or `TIME` with one case per client, from the origin only.
        """
        said = self.forecasts(name, split)
        clients = np.array(self.postures.clients)
        scored_steps = self.scored_steps(split)
        if score == TIME:
            watched, time = self._first_departures()
            first_scored = scored_steps[0] & self.postures.seen[self.origin]
            values = self._of_time(said, time, watched)
            return values[first_scored], clients[first_scored]
        outcome = self.postures.posture[list(self.periods)].astype(int)
        values = SCORES[score](said.by_kind[kind], outcome)
        whose = np.broadcast_to(clients, scored_steps.shape)
        return values[scored_steps], whose[scored_steps]

    def _first_departures(self) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Return for each client how many half-years it was watched, and in which one it left its first posture.

        Watching ends with the first gap: when a client left that nobody looked at is not known. Who was not seen at
        the origin has no first posture and is not asked about.
        """
        moved = self.postures.posture[list(self.periods)] != self.postures.posture[self.origin]
        watched = np.cumprod(self.tested, axis=0).sum(axis=0)
        never = len(self.periods) + 1
        time = np.where(moved.any(axis=0), moved.argmax(axis=0) + 1, never)
        return watched.astype(np.int64), time.astype(np.int64)

    def skill(self, name: str, reference: str, split: Split, kind: str, score: str) -> Skill:
        """Return the skill of a forecaster against another one, with the interval of its gain."""
        ours, whose = self.scored(name, split, kind, score)
        theirs, _ = self.scored(reference, split, kind, score)
        reach = self.reach(name, reference, split, kind, score)
        return skill(ours, theirs, list(whose), reach=reach, seed=self.problem.plan.seed)

    def reach(self, name: str, reference: str, split: Split, kind: str, score: str) -> tuple[float, float]:
        """Return the least and the largest mean gain that the forecasts of any client could have come to."""
        ours, theirs = self.forecasts(name, split), self.forecasts(reference, split)
        scored = self.scored_steps(split)
        if score == TIME:
            watched, _ = self._first_departures()
            here = scored[0] & self.postures.seen[self.origin]
            least = np.concatenate(
                [
                    self._of_time(theirs, np.full(len(watched), step), watched)[here]
                    - self._of_time(ours, np.full(len(watched), step), watched)[here]
                    for step in range(1, len(self.periods) + 2)
                ]
            )
            return float(least.min()), float(least.max())
        gains = gains_by_outcome(ours.by_kind[kind], theirs.by_kind[kind], SCORES[score])
        came = self.postures.posture[list(self.periods)].astype(int)
        start = self.postures.posture[self.origin].astype(int) if kind == ORIGIN else None
        return reach_of_gains(gains, came, scored, start)

    def _of_time(self, said: Forecasts, time: NDArray[np.int64], watched: NDArray[np.int64]) -> NDArray[np.float64]:
        left = np.clip(1.0 - np.minimum.accumulate(said.lasting, axis=0), 0.0, 1.0).T
        return scores.time_to_event(left, time, watched)

    def table(self, chosen: tuple[Split, ...] | None = None) -> Iterator[dict[str, object]]:
        """Yield a row for each split, kind, score, forecaster and reference, for people and for a file."""
        references = [name for name in (PERSISTENCE, CLIMATOLOGY, LANDSCAPE, BASELINE) if name in self.names]
        for split in chosen or splits(self.problem):
            for kind in KINDS:
                for score in (*SCORES, *((TIME,) if kind == ORIGIN else ())):
                    for name in self.names:
                        if not self.says(name, split, kind, score):
                            continue
                        for reference in references:
                            if name == reference:
                                continue
                            gain = self.skill(name, reference, split, kind, score)
                            yield {
                                "split": split.name,
                                "forecast": kind,
                                "score": score,
                                "forecaster": name,
                                "against": reference,
                                "mean": gain.score,
                                "reference": gain.reference,
                                "skill": gain.skill,
                                "gain": gain.gain,
                                "gain_low": gain.gain_low,
                                "gain_high": gain.gain_high,
                                "alike": math.nan if gain.alike is None else gain.alike,
                                "cases": gain.steps,
                                "clients": gain.clients,
                                "effective_draws": self.forecasts(name, split).effective,
                            }
