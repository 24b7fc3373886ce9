"""Read off the rows of an experiment: comparisons, levels, and responses to what was varied, all as tables.

A measure of time is read as a restricted mean throughout: where the event has not happened by the horizon, or the
regime was lost first, all months up to the horizon count. The horizon is the last month that all scenarios have. What
the rows hold of such runs, the month at which nobody looked any more, is nowhere averaged as a time.
"""

from __future__ import annotations

import math
from dataclasses import asdict, replace
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from papertiger.experiments.design.horizon import horizon_of
from papertiger.experiments.measures.base import other_reading
from papertiger.experiments.report.counting import TimeCounts, count_times
from papertiger.experiments.report.labels import Vocabulary
from papertiger.experiments.report.sentences import Contrast, Waiting
from papertiger.experiments.statistics.intervals import LEVEL, adjusted
from papertiger.experiments.statistics.paired import PairedDifference, paired_difference
from papertiger.experiments.statistics.sensitivity import block_size
from papertiger.experiments.statistics.survival import restricted_times
from papertiger.scenarios.schema.values import POSTURES

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from papertiger.experiments.design.schema import Comparison
    from papertiger.experiments.run.results import Results

    type Matrix = NDArray[np.float64]
    """One number for each design point (down) and replicate (across); not a number where a run is missing."""

SAMPLED = ("random", "latin-hypercube", "sobol", "morris")
"""Designs whose points stand for others that might have been drawn."""
MAX_CELLS = 30_000_000
"""Numbers that are held in memory at once; beyond, columns are read one by one."""
MAX_LEVELS = 12
"""More levels of a factor than this are no longer drawn one by one."""
WAITING_COLUMNS = {
    "horizon": "horizon",
    "baseline": "happens_baseline",
    "against": "happens_against",
    "lost_baseline": "lost_first_baseline",
    "lost_against": "lost_first_against",
}
"""What a table of comparisons says of a measure of time, and in which columns."""


NEVER = "never in either"
"""Verdict on two scenarios in neither of which the event of a time happens."""


class Findings:
    """Compute the numbers of a report, when they are asked for.

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
        self._counted = lru_cache(maxsize=None)(lambda measure: count_times(results, measure))
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
        """Return the matrix of a column of numbers for each scenario; of a measure of time the restricted times.

        Parameters
        ----------
        column
            Name of a measure, or of a column beside it.
        """
        if self.is_time(column):
            return self._restricted(column)
        return self.stored(column)

    def stored(self, column: str) -> dict[str, Matrix]:
        """Return the matrix of a column of numbers for each scenario as the rows hold it; see `Matrix`."""
        if column in self._together:
            return self._together[column]
        return self._alone(column)[column]

    def is_time(self, measure: str) -> bool:
        """Tell whether a measure is a time to an event that may not happen."""
        return self.experiment.is_time(measure)

    @cached_property
    def horizon(self) -> int:
        """Return how many months all scenarios have: so long every event is waited for."""
        return horizon_of(self.results.worlds.values())

    def _restricted(self, measure: str) -> dict[str, Matrix]:
        times, events = self.stored(measure), self.stored(f"{measure}:event")
        return {name: restricted_times(times[name], events[name], self.horizon) for name in times}

    def time_counts(self, measure: str) -> dict[str, TimeCounts]:
        """Return how often each time of a measure came, by scenario."""
        return self._counted(measure)

    def happens(self, measure: str, scenario: str, here: NDArray[np.bool_] | None = None) -> tuple[float, float]:
        """Return the share of runs in which the event of a measure of time happens, and in which it no longer can.

        Parameters
        ----------
        measure, scenario
            The measure, and the scenario's label.
        here
            Which design points to look at; blank takes all.
        """
        if here is None:
            counts = self.time_counts(measure)[scenario]
            all_runs = max(1.0, float(counts.runs.sum()))
            came = (counts.event == 1) & (counts.time <= self.horizon)
            gone = (counts.event == 0) & (counts.time < self.horizon)
            return float(counts.runs[came].sum()) / all_runs, float(counts.runs[gone].sum()) / all_runs
        times, events = (self.stored(name)[scenario][here] for name in (measure, f"{measure}:event"))
        there = np.isfinite(times) & np.isfinite(events)
        happened = there & (events == 1) & (times <= self.horizon)
        lost = there & (events == 0) & (times < self.horizon)
        runs = max(1, int(there.sum()))
        return float(happened.sum()) / runs, float(lost.sum()) / runs

    def has_other_reading(self, measure: str) -> bool:
        """Tell whether the rows hold a measure both with what successors do and without it."""
        part: Any = self.experiment.measures[measure]
        column = other_reading(measure, part.regime_loss) if hasattr(part, "regime_loss") else ""
        return bool(column) and column in part.columns(measure) and column in self._columns

    @cached_property
    def _columns(self) -> frozenset[str]:
        return self.results.columns

    @cached_property
    def _together(self) -> dict[str, dict[str, Matrix]]:
        """Return every column of numbers, read in one go where that takes little memory."""
        columns = [
            column
            for name, part in self.experiment.measures.items()
            for column, kind in part.columns(name).items()
            if kind != "text" and column in self._columns
        ]
        cells = len(columns) * len(self.experiment.labels) * self.size[0] * self.size[1]
        return self._read(columns) if cells <= MAX_CELLS else {}

    def _read(self, columns: list[str]) -> dict[str, dict[str, Matrix]]:
        labels = self.experiment.labels
        matrices = {column: {name: np.full(self.size, np.nan) for name in labels} for column in columns}
        for rows in self.results.batches(["scenario", "point", "replicate", *columns]):
            for name, part in rows.groupby("scenario", sort=False, observed=True):
                place = part["point"].to_numpy(), part["replicate"].to_numpy()
                for column in columns:
                    matrices[column][str(name)][place] = part[column].to_numpy(dtype=float, na_value=np.nan)
        return matrices

    @cached_property
    def comparisons(self) -> list[Contrast]:
        """Return every comparison on every measure, the headline first."""
        pairs = sorted(self.experiment.pairs, key=lambda pair: not pair.headline)
        # Measure by measure, so that each column is read once; told comparison by comparison.
        contrasts = {
            (measure, number): self.compare(pair, measure)
            for measure in self.experiment.number_measures
            for number, pair in enumerate(pairs)
            if measure in pair.measures
        }
        return [contrasts[measure, number] for number, pair in enumerate(pairs) for measure in pair.measures]

    @cached_property
    def headline(self) -> Contrast | None:
        """Return the comparison that the first sentence is about."""
        pair = self.headline_pair
        return None if pair is None else self.compare(pair, pair.measures[0])

    @property
    def headline_pair(self) -> Comparison | None:
        """Return the two scenarios that the first sentence is about."""
        return min(self.experiment.pairs, key=lambda pair: not pair.headline, default=None)

    def compare_other_reading(self, pair: Comparison, measure: str) -> Contrast | None:
        """Compare two scenarios on the other reading of a measure, where the two readings differ beyond chance.

        Returns
        -------
        Contrast or None
            None where the rows do not hold it, or the interval of what successors add to the difference includes
            zero.
        """
        if not self.has_other_reading(measure):
            return None
        part: Any = self.experiment.measures[measure]
        asked, other = self.matrices(measure), self.matrices(other_reading(measure, part.regime_loss))
        added = [other[name] - asked[name] for name in (pair.baseline, pair.against)]
        apart = self.paired(*self._first_points(*added))
        if apart is None or apart.verdict not in ("higher", "lower"):
            return None
        return self._contrast(pair, measure, *self._first_points(other[pair.baseline], other[pair.against]))

    @cached_property
    def readings(self) -> pd.DataFrame:
        """Return where what a measure counts and what it leaves out of successors differ beyond chance.

        Returns
        -------
        pandas.DataFrame
            ``measure``, ``scenario``, ``mean`` (as the measure reads), ``other`` (its other reading), and ``low`` and
            ``high`` of the latter less the former, which are blank where they differ by the same in every run, which
            ``alike`` then tells how sure it is of all.
        """
        rows = []
        for measure in filter(self.has_other_reading, self.experiment.number_measures):
            part: Any = self.experiment.measures[measure]
            asked, other = self.matrices(measure), self.matrices(other_reading(measure, part.regime_loss))
            for name in self.experiment.labels:
                apart = self.paired(asked[name], other[name])
                if apart is not None and apart.verdict in ("higher", "lower"):
                    rows.append(
                        (measure, name, apart.mean_a, apart.mean_b, apart.low, apart.high, or_nan(apart.alike))
                    )
        return pd.DataFrame(rows, columns=["measure", "scenario", "mean", "other", "low", "high", "alike"])

    def compare(self, pair: Comparison, measure: str) -> Contrast:
        """Compare two scenarios on one measure.

        Where design points are a sample, both other points and other luck could have been drawn. The interval then
        adds up the two uncertainties as squares, each measured by resampling one and keeping the other; that is a
        little too wide rather than too narrow.
        """
        matrices = self.matrices(measure)
        return self._contrast(pair, measure, *self._first_points(matrices[pair.baseline], matrices[pair.against]))

    def _first_points(self, *matrices: Matrix) -> tuple[Matrix, ...]:
        """Return the points at which scenarios are compared.

        The first point of a design one-at-a-time is the scenario as it is; the others are steps away from it.
        """
        return tuple(matrix[:1] if self.one_at_a_time else matrix for matrix in matrices)

    def _contrast(self, pair: Comparison, measure: str, one: Matrix, two: Matrix) -> Contrast:
        waiting = None
        if self.is_time(measure):
            (baseline, lost_baseline), (against, lost_against) = (
                self.happens(measure, name) for name in (pair.baseline, pair.against)
            )
            event = self.words.happens(measure)
            waiting = Waiting(event, self.horizon, baseline, against, lost_baseline, lost_against)
        paired = self.paired(one, two)
        there = np.isfinite(one) & np.isfinite(two)
        draws = len(self._clusters(one.shape, there)[0]) if paired is not None else 0
        names = (pair.baseline, pair.against, measure)
        if paired is None:
            pairs = int(there.sum())
            here, against_it = (float(matrix[there].mean()) if pairs else math.nan for matrix in (one, two))
            nan = math.nan
            return Contrast(*names, here, against_it, nan, nan, nan, nan, nan, pairs, False, None, waiting)
        return Contrast(
            *names,
            mean_baseline=paired.mean_a,
            mean_against=paired.mean_b,
            difference=paired.difference,
            low=paired.low,
            high=paired.high,
            effect_size=paired.effect_size,
            variance_saved=paired.variance_saved,
            pairs=paired.n,
            identical=paired.changed == 0.0,
            draws=draws,
            waiting=waiting,
            alike=paired.alike,
        )

    @cached_property
    def read(self) -> int:
        """Return how many comparisons have an interval that is read, and may miss by chance."""
        return sum(math.isfinite(contrast.low) for contrast in self.comparisons)

    def adjusted(self, contrast: Contrast) -> tuple[float, float]:
        """Return the interval of a comparison that holds for all comparisons of the report at once.

        Parameters
        ----------
        contrast
            One of the comparisons.
        """
        return adjusted(contrast.difference, contrast.low, contrast.high, max(1, self.read), self.level)

    def _clusters(
        self, shape: tuple[int, int], there: NDArray[np.bool_]
    ) -> tuple[NDArray[np.int64], list[NDArray[np.int64]]]:
        """Return the labels of the scarcest independent draws, and all the ways in which pairs hang together."""
        points, replicates = shape
        clusters = []
        if replicates > 1:
            clusters.append(np.broadcast_to(np.arange(replicates), shape)[there])
        if points > 1 and (self.sampled or replicates == 1):
            clusters.append(np.broadcast_to(self.blocks(points)[:, None], shape)[there])
        clusters = [labels for labels in clusters if len(np.unique(labels)) > 1]
        fewest = min((np.unique(labels) for labels in clusters), key=len, default=np.zeros(0, dtype=np.int64))
        return fewest, clusters

    def paired(self, one: Matrix, two: Matrix) -> PairedDifference | None:
        """Compare two matrices; None where chance cannot be told."""
        there = np.isfinite(one) & np.isfinite(two)
        a, b = one[there], two[there]
        _, clusters = self._clusters((one.shape[0], one.shape[1]), there)
        if not clusters:
            return None
        ways = [paired_difference(a, b, seed=self.experiment.seed, level=self.level, cluster=c) for c in clusters]
        first = replace(ways[0], changed=float(np.mean(a != b)), n=len(a))
        if len(ways) == 1:
            return first
        # Unequal numbers of replicates per cluster give each way its own mean; the interval is laid around the first.
        # A way in which all come to the same adds no width; if none has any, the scarcest draws say how sure that is.
        spread = [part for part in ways if part.alike is None]
        if not spread:
            return replace(first, alike=min(part.alike for part in ways if part.alike is not None))
        below = math.hypot(*(part.difference - part.low for part in spread))
        above = math.hypot(*(part.high - part.difference for part in spread))
        return replace(first, low=first.difference - below, high=first.difference + above, alike=None)

    def blocks(self, points: int) -> NDArray[np.int64]:
        """Return which points were drawn together: those of a base sample or a trajectory share their values.

        Parameters
        ----------
        points
            How many there are.
        """
        design, factors = self.experiment.design, len(self.points.columns)
        size = 1
        if design is not None and design.kind == "sobol":
            size = block_size(factors, design.second_order)
        elif design is not None and design.kind == "morris":
            size = factors + 1
        return np.arange(points) // size

    @cached_property
    def table(self) -> pd.DataFrame:
        """Return the comparisons as a table for machines, in the units of the rows.

        A scenario in which the event never happens has no mean of times; where it happens in neither, nothing is
        compared.
        """
        rows = []
        for contrast in self.comparisons:
            row = {**asdict(contrast), "verdict": contrast.verdict, "alike": or_nan(contrast.alike)}
            row["low_adjusted"], row["high_adjusted"] = self.adjusted(contrast)
            del row["waiting"]
            waiting = contrast.waiting
            if waiting is not None:
                row |= {column: getattr(waiting, key) for key, column in WAITING_COLUMNS.items()}
                never = [name for name in ("baseline", "against") if getattr(waiting, name) == 0.0]
                row |= {f"mean_{name}": math.nan for name in never}
                if waiting.never and contrast.pairs:
                    row |= {
                        **dict.fromkeys(("difference", "low", "high", "low_adjusted", "high_adjusted"), math.nan),
                        "verdict": NEVER,
                    }
            rows.append({**row, "draws": contrast.draws or contrast.pairs})
        return pd.DataFrame(rows)

    @cached_property
    def levels(self) -> pd.DataFrame:
        """Return mean and spread of each measure in each scenario; blank of a time that never comes."""
        rows = []
        for measure in self.experiment.number_measures:
            for name, matrix in self.matrices(measure).items():
                values = matrix[np.isfinite(matrix)]
                spread = float(values.std(ddof=1)) if len(values) > 1 else math.nan
                mean = float(values.mean()) if len(values) else math.nan
                row = {"measure": measure, "scenario": name, "mean": mean, "sd": spread, "runs": len(values)}
                if self.is_time(measure):
                    happens, lost = self.happens(measure, name)
                    row |= {"happens": happens, "lost_first": lost, "horizon": self.horizon}
                    if happens == 0.0:
                        row |= {"mean": math.nan, "sd": math.nan}
                rows.append(row)
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
        return [name for name in self.points.columns if 1 < self.points[name].nunique() <= MAX_LEVELS]

    def at_level(self, factor: str) -> dict[float, NDArray[np.bool_]]:
        """Return for each level of a factor which design points have it."""
        values = self.points[factor].to_numpy(dtype=float)
        return {float(level): values == level for level in sorted(set(values[np.isfinite(values)]))}


def or_nan(value: float | None) -> float:
    """Return a number for a table, which knows no other word for none."""
    return math.nan if value is None else value
