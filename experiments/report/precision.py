"""Tell how narrow the intervals are that an experiment asks for, with what an exact chain adds to them."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from papertiger.experiments.design.schema import Comparison
from papertiger.experiments.phrases import counted, listed, signed
from papertiger.experiments.report.document import Chapter, Table
from papertiger.experiments.report.exact_means import ExactMeans
from papertiger.experiments.report.numbers import Findings
from papertiger.experiments.statistics.intervals import normal_quantile

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from papertiger.experiments.run.results import Results

HEADING = "Precision"
LEAST_CONTROLLED = 10
"""Pairs without which no slope on a control is worth anything."""


@dataclass(frozen=True)
class Reached:
    """Hold how precisely one comparison, or one mean, is known.

    Attributes
    ----------
    measure, baseline, against
        The measure and the scenarios; the last is blank where a mean is meant.
    wanted
        Half the width that is asked for, in the units of the rows.
    estimate, half_width
        What sampling gives, with half the width of its interval.
    controlled
        Half the width where exact means of other measures serve as control variates; not a number without any.
    exact
        What the exact chain gives; not a number where there is none.
    """

    measure: str
    baseline: str
    against: str
    wanted: float
    estimate: float
    half_width: float
    controlled: float
    exact: float

    @property
    def best(self) -> float:
        """Return half the width of the narrowest interval; 0 where the number is exact."""
        if math.isfinite(self.exact):
            return 0.0
        widths = [width for width in (self.half_width, self.controlled) if math.isfinite(width)]
        return min(widths, default=math.inf)

    @property
    def enough(self) -> bool:
        """Tell whether it is as narrow as was asked for."""
        return self.best <= self.wanted


class Precisely:
    """Look at how precise the numbers of an experiment are.

    Parameters
    ----------
    results
        An opened folder of an experiment that asks for a precision.
    """

    def __init__(self, results: Results) -> None:
        self.findings = Findings(results)
        self.exact = ExactMeans(results)

    @cached_property
    def reached(self) -> list[Reached]:
        """Return how precise each number is that is asked for."""
        experiment, words = self.findings.experiment, self.findings.words
        asked = experiment.precision
        if asked is None:
            return []
        pairs = list(experiment.pairs)
        names = asked.measures or tuple(
            name
            for name in experiment.number_measures
            if (asked.unit and words.measure(name).unit.axis == asked.unit)
            or (not asked.unit and (not pairs or name == pairs[0].measures[0]))
        )
        rows = []
        for name in names:
            wanted = asked.number / (words.measure(name).unit.scale if asked.unit else 1.0)
            mine = [pair for pair in pairs if name in pair.measures]
            rows += [self._difference(pair, name, wanted) for pair in mine]
            if not mine:
                rows += [self._mean(label, name, wanted) for label in experiment.labels]
        return rows

    def _difference(self, pair: Comparison, name: str, wanted: float) -> Reached:
        contrast = self.findings.compare(pair, name)
        half = (contrast.high - contrast.low) / 2.0
        if contrast.alike is not None:
            half = 0.0  # every pair differs by the same: more of them would make nothing narrower
        means = [self.exact.mean(name, label) for label in (pair.against, pair.baseline)]
        exact = math.nan
        if means[0] is not None and means[1] is not None:
            exact = float((means[0] - means[1])[: 1 if self.findings.one_at_a_time else None].mean())
        controlled = self._controlled(pair, name)
        return Reached(name, pair.baseline, pair.against, wanted, contrast.difference, half, controlled, exact)

    def _controlled(self, pair: Comparison, name: str) -> float:
        """Return half the width of the interval with exact means of other measures as control variates."""
        if len(self.findings.points) > 1:
            return math.nan
        one, two = (self.findings.matrices(name)[label][0] for label in (pair.baseline, pair.against))
        controls = []
        for other in self.findings.experiment.number_measures:
            means = [self.exact.mean(other, label) for label in (pair.against, pair.baseline)]
            if other == name or means[0] is None or means[1] is None:
                continue
            a, b = (self.findings.matrices(other)[label][0] for label in (pair.baseline, pair.against))
            controls.append(b - a - float(means[0][0] - means[1][0]))
        return controlled_half_width(two - one, controls, self.findings.level)

    def _mean(self, label: str, name: str, wanted: float) -> Reached:
        matrix = self.findings.matrices(name)[label]
        per_replicate = np.nanmean(matrix, axis=0)
        per_replicate = per_replicate[np.isfinite(per_replicate)]
        half = math.inf
        if len(per_replicate) > 1:
            spread = float(per_replicate.std(ddof=1)) / math.sqrt(len(per_replicate))
            half = normal_quantile(self.findings.level) * spread
        exact = self.exact.mean(name, label)
        known = math.nan if exact is None else float(exact.mean())
        return Reached(name, label, "", wanted, float(per_replicate.mean()), half, math.nan, known)


def controlled_half_width(
    difference: NDArray[np.float64], controls: list[NDArray[np.float64]], level: float
) -> float:
    """Return half the width of the interval of a mean whose controls have the known mean 0.

    The controls' slopes are those of least squares, and the residuals' spread makes the interval (control variates:
    Law 2015, *Simulation Modeling and Analysis*, 5th ed., section 11.4).

    Parameters
    ----------
    difference, controls
        One number a pair, and of each control its distance from the known mean.
    level
        Coverage.
    """
    usable = [control for control in controls if np.isfinite(control).all() and control.std() > 0]
    there = np.isfinite(difference)
    if not usable or int(there.sum()) < LEAST_CONTROLLED + len(usable):
        return math.nan
    design = np.column_stack([np.ones(int(there.sum())), *(control[there] for control in usable)])
    slopes, *_ = np.linalg.lstsq(design, difference[there], rcond=None)
    rest = difference[there] - design @ slopes
    freedom = max(1, len(rest) - design.shape[1])
    return normal_quantile(level) * math.sqrt(float(rest @ rest) / freedom / len(rest))


def chapter(findings: Findings) -> Chapter | None:
    """Return how precise the numbers are, or None where the experiment asks for no precision.

    Parameters
    ----------
    findings
        The numbers.
    """
    asked = findings.experiment.precision
    if asked is None:
        return None
    precisely = Precisely(findings.results)
    rows = precisely.reached
    words, replicates = findings.words, findings.results.manifest.replicates
    lacking = [row for row in rows if not row.enough]
    history = [stage.replicates for stage in findings.results.manifest.history]
    stages = f", after {listed([f'{number:,}' for number in history])}" if history else ""
    text = (
        f"Asked for was half an interval of {asked.within}, with at most {counted(asked.most, 'replicate')}. "
        f"{counted(replicates, 'replicate')} were run{stages}, the same luck in every scenario. "
    )
    if lacking:
        text += f"{len(lacking)} of {len(rows)} are not as narrow as that."
    else:
        text += "All are as narrow as that."
    exact = [row for row in rows if math.isfinite(row.exact)]
    if exact:
        text += (
            f" {len(exact)} of them {'is' if len(exact) == 1 else 'are'} exact: in replay the chain of postures is "
            "worked out without sampling, so that no run was added for them."
        )
    why = list(dict.fromkeys(precisely.exact.reasons.values()))
    told = [text, *([f"No exact chain: {why[0]}."] if why else [])]
    cells, data = [], []
    for row in rows:
        unit = words.measure(row.measure).unit
        who = words.scenario(row.baseline)
        if row.against:
            who = f"{words.scenario(row.against)} − {who}"

        def written(value: float, scale: float = unit.scale) -> str:
            return f"{value * scale:.3g}" if math.isfinite(value) else "–"

        cells.append(
            [
                words.measure(row.measure).short, who, signed(row.estimate * unit.scale, unit.digits + 1),
                written(row.half_width), written(row.controlled), signed(row.exact * unit.scale, unit.digits + 1)
                if math.isfinite(row.exact) else "–",
                written(row.wanted), unit.axis, "yes" if row.enough else "no",
            ]
        )  # fmt: skip
        data.append(
            {
                "measure": row.measure, "baseline": row.baseline, "against": row.against, "estimate": row.estimate,
                "half_width": row.half_width, "half_width_controlled": row.controlled, "exact": row.exact,
                "tolerance": row.wanted, "enough": row.enough,
            }
        )  # fmt: skip
    headings = (
        "Measure", "Scenario", "Estimate", "Half width", "Half width with controls", "Exact", "Aimed at", "In",
        "Enough?",
    )  # fmt: skip
    table = Table("precision", "How precise the numbers are", headings, cells, pd.DataFrame(data))
    return Chapter(HEADING, told, [], [table])
