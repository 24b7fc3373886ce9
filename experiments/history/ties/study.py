"""Carry out a study of ties: learn with and without trust, forecast the test years, and score."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from papertiger.experiments.history.calibrate.importance import (
    Evidence,
    evidence,
    learned_row,
    prior_points,
    resample,
)
from papertiger.experiments.history.ties import forecasters
from papertiger.experiments.history.ties.forecasters import BASELINES, Forecaster
from papertiger.experiments.history.ties.likelihood import error_grids
from papertiger.experiments.history.ties.paths import TiePaths
from papertiger.experiments.history.ties.readings import KINDS
from papertiger.experiments.history.ties.scores import Gain, crps, gain, median
from papertiger.experiments.run.manifest import hash_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from papertiger.experiments.history.ties.loader import TieProblem

WITH, WITHOUT = "with trust", "without trust"
WORLDS = (WITH, WITHOUT)
READS = ("the model's path", "last share and the model's change")
"""Two ways of reading a forecast off the model: its tie as it is, or only what it changed since the last share."""
SCORES = ("absolute error", "CRPS")
BOTH = "both"
BETWEEN_REPORTS = 32
BAND = (0.05, 0.5, 0.95)


@dataclass(frozen=True)
class Learned:
    """Hold the points of one world, with or without trust.

    Attributes
    ----------
    world
        One of `WORLDS`.
    paths
        Of the free parameters, length D.
    values
        K x D.
    yearly
        The model's ties at each point, K x Y x N x 2.
    sequence
        Number of the sequence that each point is of, K.
    """

    world: str
    paths: tuple[str, ...]
    values: NDArray[np.float64]
    yearly: NDArray[np.float64]
    sequence: NDArray[np.intp]


class TieStudy:
    """Hold a study that was carried out.

    Parameters
    ----------
    problem
        What was asked.
    worlds
        What was learned with and without trust.
    entry, first
        Shares at entry, N x 2, and the first year of the model's ties.
    """

    def __init__(
        self, problem: TieProblem, worlds: dict[str, Learned], entry: NDArray[np.float64], first: int
    ) -> None:
        self.problem, self.worlds, self.entry, self.first = problem, worlds, entry, first

    @cached_property
    def trained(self) -> NDArray[np.bool_]:
        """Return which shares are learned from, R."""
        years = self.problem.plan.training
        return self.problem.readings.of_years(years.first, years.last)

    @cached_property
    def tested(self) -> NDArray[np.bool_]:
        """Return which shares are scored, R."""
        years = self.problem.plan.testing
        return self.problem.readings.of_years(years.first, years.last)

    @cached_property
    def forecasters(self) -> dict[str, Forecaster]:
        """Return all forecasters by name, each learned from the training years and nothing else."""
        plan, readings = self.problem.plan, self.problem.readings
        origin, grids = plan.training.last, error_grids(plan.reading_error)
        centres = {
            forecasters.PERSISTENCE: forecasters.persistence_centres(readings, origin, self.entry)[None],
            forecasters.TREND: forecasters.trend_centres(readings, origin, self.entry, plan.trend_from)[None],
            forecasters.ENTRY: forecasters.entry_centres(readings, self.entry)[None],
        }
        for world, learned in self.worlds.items():
            path = forecasters.path_centres(readings, learned.yearly, self.first, self.entry)
            change = forecasters.change_centres(readings, origin, learned.yearly, self.first, self.entry)
            centres |= {named(READS[0], world): path, named(READS[1], world): change}
        return {name: forecasters.learn(name, readings, self.trained, rows, grids) for name, rows in centres.items()}

    @cached_property
    def learned_hash(self) -> str:
        """Hash what was learned, which no share of a test year is part of."""
        said = {name: round(float(one.log_likelihood.max()), 6) for name, one in self.forecasters.items()}
        means = {f"{row['world']} {row['parameter']}": round(float(str(row["mean"])), 6) for row in self.parameters()}
        return hash_of({"study": self.problem.fingerprint, "learned": said, "means": means})

    @cached_property
    def forecasts(self) -> dict[str, list[tuple[NDArray[np.float64], NDArray[np.float64]]]]:
        """Return each forecaster's equally likely centres and spreads of each scored share."""
        plan, readings = self.problem.plan, self.problem.readings
        bands = forecasters.usual_bands(readings, plan.training.last)
        return {
            name: [
                one.draws(place, int(readings.kind[place]), int(bands[place]), plan.draws)
                for place in np.flatnonzero(self.tested).tolist()
            ]
            for name, one in self.forecasters.items()
        }

    @cached_property
    def losses(self) -> dict[str, NDArray[np.float64]]:
        """Return each forecaster's losses by `SCORES`, 2 x the scored shares."""
        shares = self.problem.readings.share[self.tested].tolist()
        return {
            name: np.array(
                [[abs(median(*one) - share), crps(share, *one)] for one, share in zip(draws, shares, strict=True)]
            ).T
            for name, draws in self.forecasts.items()
        }

    def of_kind(self, kind: str | None) -> NDArray[np.bool_]:
        """Return which scored shares are of a kind of tie, or all."""
        kinds = self.problem.readings.kind[self.tested]
        return np.ones(len(kinds), dtype=bool) if kind is None else kinds == KINDS.index(kind)

    def gain(self, name: str, reference: str, score: str, kind: str | None = None) -> Gain | None:
        """Return what a forecaster gains over another, or None where no share of a kind is scored."""
        row, chosen = SCORES.index(score), self.of_kind(kind)
        if not chosen.any():
            return None
        client = self.problem.readings.client[self.tested][chosen]
        ours, theirs = (self.losses[one][row][chosen] for one in (name, reference))
        return gain(ours, theirs, client, self.problem.plan.seed)

    def table(self) -> list[dict[str, object]]:
        """Return a row for each kind of tie and forecaster: how much is scored, and the mean losses."""
        rows: list[dict[str, object]] = []
        for kind in (*KINDS, None):
            chosen = self.of_kind(kind)
            if not chosen.any():
                continue
            clients = len(np.unique(self.problem.readings.client[self.tested][chosen]))
            for name, losses in self.losses.items():
                means = dict(zip(SCORES, losses[:, chosen].mean(axis=1).tolist(), strict=True))
                rows.append(
                    {"kind": kind or BOTH, "forecaster": name, "shares": int(chosen.sum()), "clients": clients}
                    | means
                )
        return rows

    def comparisons(self) -> Iterator[tuple[str, str, str, str, Gain]]:
        """Yield a kind of tie, a forecaster, another, a score, and the gain with its interval over clients.

        With trust is compared with without, and the model, with trust, with every baseline.
        """
        pairs = [(named(read, WITH), named(read, WITHOUT)) for read in READS]
        pairs += [(named(read, WITH), baseline) for read in READS for baseline in BASELINES]
        for kind in (*KINDS, None):
            for name, reference in pairs:
                for score in SCORES:
                    compared = self.gain(name, reference, score, kind)
                    if compared is not None:
                        yield kind or BOTH, name, reference, score, compared

    def scored(self) -> list[dict[str, object]]:
        """Return a row for each scored share: what came, and every forecaster's median and CRPS."""
        readings, rows = self.problem.readings, []
        for number, place in enumerate(np.flatnonzero(self.tested)):
            row: dict[str, object] = {
                "client": readings.clients[readings.client[place]],
                "kind": KINDS[readings.kind[place]],
                "year": int(readings.year[place]),
                "share": float(readings.share[place]),
            }
            for name, draws in self.forecasts.items():
                row[name] = median(*draws[number])
                row[f"{name}: CRPS"] = float(self.losses[name][1][number])
            rows.append(row)
        return rows

    def evidence(self, read: str, world: str) -> Evidence:
        """Return the evidence of the training years under a reading of a world."""
        return evidence(self.forecasters[named(read, world)].log_likelihood, self.worlds[world].sequence)

    def parameters(self, read: str = READS[0]) -> list[dict[str, object]]:
        """Return a row for each world and parameter: prior and posterior mean, and quantiles."""
        rows: list[dict[str, object]] = []
        for world, learned in self.worlds.items():
            weight = self.forecasters[named(read, world)].points
            for path, values in zip(learned.paths, learned.values.T, strict=True):
                row = learned_row(values, weight, BAND)
                rows.append({"world": world, "parameter": path.partition(".")[2], **row})
        return rows

    def bands(self, world: str, read: str = READS[0]) -> NDArray[np.float64]:
        """Return quantiles of the tie that was learned, 3 x Y x N x 2, as `BAND` says."""
        weight = self.forecasters[named(read, world)].points
        taken = resample(weight, self.problem.plan.draws)
        return np.quantile(self.worlds[world].yearly[taken], BAND, axis=0)


def named(read: str, world: str) -> str:
    """Return what a forecaster is called that reads a world in a way."""
    return f"{read}, {world}"


def carry_out(problem: TieProblem, tell: Callable[[str, int, int], None] | None = None) -> TieStudy:
    """Learn with and without trust.

    Parameters
    ----------
    problem
        What is asked.
    tell
        Is told the world, the points that are done, and how many there are.
    """
    paths = TiePaths(problem.scenario)
    worlds = {world: _points(problem, paths, world, tell) for world in WORLDS}
    return TieStudy(problem, worlds, paths.entry(), paths.years[0])


def _points(
    problem: TieProblem, paths: TiePaths, world: str, tell: Callable[[str, int, int], None] | None
) -> Learned:
    plan = problem.plan
    trusting = world == WITH
    free = (*plan.paths, plan.trust_path) if trusting else plan.paths
    fixed = {} if trusting else {plan.trust_path: 0.0}
    priors = [prior for prior in (paths.figures[path].prior for path in free) if prior is not None]
    values = np.concatenate(
        [prior_points(priors, plan.points, plan.seed, number) for number in range(plan.sequences)]
    )
    last = paths.years.index(min(plan.testing.last, paths.years[-1])) + 1
    yearly = np.empty((len(values), last, len(paths.clients), len(KINDS)))
    for number, row in enumerate(values):
        yearly[number] = paths.yearly(dict(zip(free, map(float, row), strict=True)) | fixed)[:last]
        if tell is not None and number % BETWEEN_REPORTS == 0:
            tell(world, number, len(values))
    sequence = np.repeat(np.arange(plan.sequences), plan.points)
    return Learned(world, free, values, yearly, sequence)
