"""Draw in the report of a sampled sweep what its measures come to against the factors."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from papertiger.experiments.figures import scatter
from papertiger.experiments.phrases import counted
from papertiger.experiments.report.document import Picture

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from papertiger.experiments.report.numbers import Findings

MAX_PICTURES, MAX_FACTORS = 3, 6


def pictures(findings: Findings, origin: str) -> Iterator[Picture]:
    """Yield a figure for each of the first measures that the design points move.

    Parameters
    ----------
    findings, origin
        The numbers, and where figures say that they come from.
    """
    points = findings.points
    if findings.stepped or len(points) < 8 or not len(points.columns):
        return
    label, words = findings.experiment.labels[0], findings.words
    drawn = 0
    for name in findings.experiment.number_measures:
        matrix = findings.matrices(name)[label]
        there = np.isfinite(matrix).any(axis=1)
        values = np.array([row[np.isfinite(row)].mean() for row in matrix[there]])
        if drawn == MAX_PICTURES or len(values) < 8 or float(np.ptp(values)) == 0.0:
            continue
        columns = {str(factor): points[factor].to_numpy(dtype=float)[there] for factor in points.columns}
        strength = {factor: abs(_ranked(numbers, values)) for factor, numbers in columns.items()}
        order = sorted(strength, key=lambda factor: -strength[factor])[:MAX_FACTORS]
        measure = words.measure(name)
        shown = {words.factor(factor): columns[factor] for factor in order}
        some = ""
        if len(columns) > len(order):
            some = f" The {len(order)} of {len(columns)} factors with the largest rank correlations are drawn."
        unit = measure.unit.level or measure.unit.axis or "value"
        subtitle = f"{findings.experiment.title} — {words.scenario(label)}"
        figure = scatter.panels(shown, values * measure.unit.scale, unit, measure.short, subtitle, origin)
        several = counted(matrix.shape[1], "replicate")
        caption = (
            f"One dot a design point ({len(values):,}; the mean of {several}), against each factor as it was drawn; "
            f"the line is the mean of each level, or of equal groups of points, the other factors varying.{some}"
        )
        said = "; ".join(f"{words.factor(factor)} {_ranked(columns[factor], values):+.2f}" for factor in order)
        alt = f"Scatter plots of {measure.short} over {counted(len(order), 'factor')}. Rank correlations: {said}."
        drawn += 1
        yield Picture(f"scatter_{name}".replace(".", "_"), figure, caption, alt)


def _ranked(one: NDArray[np.float64], two: NDArray[np.float64]) -> float:
    """Return Spearman's rank correlation, 0 where either does not vary."""
    if float(np.ptp(one)) == 0.0 or float(np.ptp(two)) == 0.0:
        return 0.0
    from scipy.stats import rankdata  # noqa: PLC0415 - slow to import

    return float(np.corrcoef(rankdata(one), rankdata(two))[0, 1])
