"""What the rows of an experiment say: comparisons, levels, and responses to what was varied, all as tables."""

from __future__ import annotations

import math
from dataclasses import asdict, replace
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from papertiger.experiments.report.labels import Vocabulary
from papertiger.experiments.report.sentences import Found
from papertiger.experiments.statistics.paired import LEVEL, PairedDifference, paired_difference
from papertiger.experiments.statistics.sensitivity import block_size
from papertiger.scenarios.schema.values import POSTURES

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from papertiger.experiments.design.schema import Comparison
    from papertiger.experiments.run.results import Results

    type Matrix = NDArray[np.float64]
    """One number for each design point (down) and replicate (across); not a number where a run is missing."""

SAMPLED = ("random", "latin-hypercube", "sobol", "morris")
"""Designs whose points stand for others that might have been drawn."""
MOST_CELLS = 30_000_000
"""Numbers that are held in memory at once; beyond, columns are read one by one."""
MOST_LEVELS = 12
"""More levels of a factor than this are no longer drawn one by one."""


class Findings:
    """The numbers of a report, worked out when they are asked for.

    Parameters
    ----------
    results
        An opened folder of results.
    level
        Coverage of the intervals.
    """

    def __init__(self, results: Results, level: float = LEVEL) -> None:
        self.results, self.level = results, level
        self.experiment = results.experiment
        self.words = Vocabulary(self.experiment, results.worlds)
        self.size = results.manifest.points, results.manifest.replicates
        self._alone = lru_cache(maxsize=4)(lambda column: self._read([column]))

    @cached_property
    def points(self) -> pd.DataFrame:
        """Return the values of the factors, one row a design point."""
        return pd.DataFrame(self.results.points.values, columns=list(self.results.points.names))

    @property
    def sampled(self) -> bool:
        """Tell whether the design points are a sample."""
        return self.experiment.design is not None and self.experiment.design.kind in SAMPLED

    @property
    def one_at_a_time(self) -> bool:
        """Tell whether the design steps from a first point, one factor after the other."""
        return self.experiment.design is not None and self.experiment.design.kind == "one-at-a-time"

    def matrices(self, column: str) -> dict[str, Matrix]:
        """Return the matrix of a column of numbers for each scenario; see `Matrix`."""
        if column in self._together:
            return self._together[column]
        return self._alone(column)[column]

    @cached_property
    def _together(self) -> dict[str, dict[str, Matrix]]:
        """Every column of numbers, read in one go where that takes little memory."""
        columns = [
            column
            for name, part in self.experiment.measures.items()
            for column, kind in part.columns(name).items()
            if kind != "text"
        ]
        cells = len(columns) * len(self.experiment.labels) * self.size[0] * self.size[1]
        return self._read(columns) if cells <= MOST_CELLS else {}

    def _read(self, columns: list[str]) -> dict[str, dict[str, Matrix]]:
        labels = self.experiment.labels
        found = {column: {name: np.full(self.size, np.nan) for name in labels} for column in columns}
        for rows in self.results.batches(["scenario", "point", "replicate", *columns]):
            for name, part in rows.groupby("scenario", sort=False, observed=True):
                place = part["point"].to_numpy(), part["replicate"].to_numpy()
                for column in columns:
                    found[column][str(name)][place] = part[column].to_numpy(dtype=float, na_value=np.nan)
        return found

    @cached_property
    def comparisons(self) -> list[Found]:
        """Return every comparison on every measure, the headline first."""
        pairs = sorted(self.experiment.pairs, key=lambda pair: not pair.headline)
        # Measure by measure, so that each column is read once; told comparison by comparison.
        found = {
            (measure, number): self.compare(pair, measure)
            for measure in self.experiment.number_measures
            for number, pair in enumerate(pairs)
            if measure in pair.measures
        }
        return [found[measure, number] for number, pair in enumerate(pairs) for measure in pair.measures]

    @cached_property
    def headline(self) -> Found | None:
        """Return the comparison that the first sentence is about."""
        if not self.experiment.pairs:
            return None
        pair = min(self.experiment.pairs, key=lambda pair: not pair.headline)
        return self.compare(pair, pair.measures[0])

    def compare(self, pair: Comparison, measure: str) -> Found:
        """Compare two scenarios on one measure.

        Where design points are a sample, both other points and other luck could have been drawn. The interval then
        adds up the two uncertainties as squares, each measured by resampling one and keeping the other; that is a
        little too wide rather than too narrow.
        """
        found = self.matrices(measure)
        one, two = found[pair.baseline], found[pair.against]
        if self.one_at_a_time:  # the first point is the scenario as it is; the others are steps away from it
            one, two = one[:1], two[:1]
        return _found(pair.baseline, pair.against, measure, self._paired(one, two))

    def _paired(self, one: Matrix, two: Matrix) -> PairedDifference | None:
        points, replicates = one.shape
        there = np.isfinite(one) & np.isfinite(two)
        clusters = []
        if replicates > 1:
            clusters.append(np.broadcast_to(np.arange(replicates), one.shape)[there])
        if points > 1 and (self.sampled or replicates == 1):
            clusters.append(np.broadcast_to(self._blocks(points)[:, None], one.shape)[there])
        a, b = one[there], two[there]
        clusters = [labels for labels in clusters if len(np.unique(labels)) > 1]
        if not clusters:
            return None
        made = [paired_difference(a, b, seed=self.experiment.seed, level=self.level, cluster=c) for c in clusters]
        first = made[0]
        first = replace(first, changed=float(np.mean(a != b)), n=len(a))
        if len(made) == 1:
            return first
        # Unequal numbers of replicates per cluster give each way its own mean; the interval is laid around the first.
        below = math.hypot(*(part.difference - part.low for part in made))
        above = math.hypot(*(part.high - part.difference for part in made))
        return replace(first, low=first.difference - below, high=first.difference + above)

    def _blocks(self, points: int) -> NDArray[np.int64]:
        """Return which points were drawn together: those of a base sample or a trajectory share their values."""
        design, factors = self.experiment.design, len(self.points.columns)
        size = 1
        if design is not None and design.kind == "sobol":
            size = block_size(factors, design.second_order)
        elif design is not None and design.kind == "morris":
            size = factors + 1
        return np.arange(points) // size

    @cached_property
    def table(self) -> pd.DataFrame:
        """Return the comparisons as a table for machines, in the units of the rows."""
        return pd.DataFrame([{**asdict(found), "verdict": found.verdict} for found in self.comparisons])

    @cached_property
    def levels(self) -> pd.DataFrame:
        """Return mean and spread of each measure in each scenario."""
        rows = []
        for measure in self.experiment.number_measures:
            for name, matrix in self.matrices(measure).items():
                values = matrix[np.isfinite(matrix)]
                spread = float(values.std(ddof=1)) if len(values) > 1 else math.nan
                mean = float(values.mean()) if len(values) else math.nan
                rows.append({"measure": measure, "scenario": name, "mean": mean, "sd": spread, "runs": len(values)})
        return pd.DataFrame(rows)

    @cached_property
    def shares(self) -> pd.DataFrame:
        """Return in which share of the runs a client stands on each rung, for each measure of a posture."""
        rows = []
        for measure, part in self.experiment.measures.items():
            if type(part).kind_name != "posture":
                continue
            for name, matrix in self.matrices(measure).items():
                rungs = matrix[np.isfinite(matrix)].astype(int)
                counts = np.bincount(rungs, minlength=len(POSTURES)) / max(1, len(rungs))
                rows.append({"measure": measure, "scenario": name, **dict(zip(POSTURES, counts, strict=True))})
        return pd.DataFrame(rows)

    @cached_property
    def stepped(self) -> list[str]:
        """Return the factors that go through levels."""
        design = self.experiment.design
        if design is None or design.kind not in ("one-at-a-time", "grid", "points"):
            return []
        return [name for name in self.points.columns if 1 < self.points[name].nunique() <= MOST_LEVELS]

    def at_level(self, factor: str) -> dict[float, NDArray[np.bool_]]:
        """Return for each level of a factor which design points have it."""
        values = self.points[factor].to_numpy(dtype=float)
        return {float(level): values == level for level in sorted(set(values[np.isfinite(values)]))}

    def response(self, measures: list[str]) -> pd.DataFrame:
        """Return the mean of measures over the levels of factors, scenario by scenario, with intervals."""
        rows = []
        for measure in measures:
            for name, matrix in self.matrices(measure).items():
                rows += [
                    {"measure": measure, "scenario": name, "factor": factor, "level": level, **_mean(matrix[here])}
                    for factor in self.stepped
                    for level, here in self.at_level(factor).items()
                ]
        return pd.DataFrame(rows)

    def differences(self, measures: list[str]) -> pd.DataFrame:
        """Return paired differences over the levels of factors, comparison by comparison."""
        rows = []
        for pair in self.experiment.pairs:
            for measure in (name for name in measures if name in pair.measures):
                found = self.matrices(measure)
                for factor in self.stepped:
                    for level, here in self.at_level(factor).items():
                        made = self._paired(found[pair.baseline][here], found[pair.against][here])
                        if made is None:
                            continue
                        place = {"measure": measure, "baseline": pair.baseline, "against": pair.against}
                        numbers = {"mean": made.difference, "low": made.low, "high": made.high}
                        rows.append({**place, "factor": factor, "level": level, **numbers})
        return pd.DataFrame(rows)


def _found(baseline: str, against: str, measure: str, pair: PairedDifference | None) -> Found:
    if pair is None:
        nan = math.nan
        return Found(baseline, against, measure, nan, nan, nan, nan, nan, nan, nan, 0, False)
    return Found(
        baseline=baseline,
        against=against,
        measure=measure,
        mean_baseline=pair.mean_a,
        mean_against=pair.mean_b,
        difference=pair.difference,
        low=pair.low,
        high=pair.high,
        effect_size=pair.effect_size,
        variance_saved=pair.variance_saved,
        pairs=pair.n,
        identical=pair.changed == 0.0,
    )


def _mean(values: Matrix) -> dict[str, float]:
    """Return the mean over points and replicates with the interval that other luck would give."""
    per_replicate = np.array([column[np.isfinite(column)].mean() for column in values.T if np.isfinite(column).any()])
    if len(per_replicate) == 0:
        return {"mean": math.nan, "low": math.nan, "high": math.nan}
    mean = float(per_replicate.mean())
    half = 1.96 * float(per_replicate.std(ddof=1)) / math.sqrt(len(per_replicate)) if len(per_replicate) > 1 else 0.0
    return {"mean": mean, "low": mean - half, "high": mean + half}
