"""Read off what measures do, and differences of scenarios, as factors go through their levels."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from papertiger.experiments.report.numbers import or_nan
from papertiger.experiments.statistics.intervals import all_alike, min_alike_share, normal_quantile

if TYPE_CHECKING:
    from papertiger.experiments.report.numbers import Findings, Matrix


def response(findings: Findings, measures: list[str]) -> pd.DataFrame:
    """Return the mean of measures over the levels of factors, scenario by scenario, with intervals.

    Parameters
    ----------
    findings, measures
        The numbers, and names of measures.

    Returns
    -------
    pandas.DataFrame
        ``measure``, ``scenario``, ``factor``, ``level``, ``mean``, ``low``, ``high``, ``alike``; of a time also
        ``happens``, ``lost_first`` and ``horizon``, and no mean where it happens in no run.
    """
    rows = []
    for measure in measures:
        for name, matrix in findings.matrices(measure).items():
            for factor in findings.stepped:
                for level, here in findings.at_level(factor).items():
                    place = {"measure": measure, "scenario": name, "factor": factor, "level": level}
                    numbers = interval_of_mean(matrix[here], findings.level)
                    if findings.is_time(measure):
                        happens, lost = findings.happens(measure, name, here)
                        if happens == 0.0:
                            numbers = dict.fromkeys(numbers, math.nan)
                        numbers |= {"happens": happens, "lost_first": lost, "horizon": findings.horizon}
                    rows.append({**place, **numbers})
    return pd.DataFrame(rows)


def differences(findings: Findings, measures: list[str]) -> pd.DataFrame:
    """Return paired differences over the levels of factors, comparison by comparison; of times that come."""
    rows = []
    for pair in findings.experiment.pairs:
        for measure in (name for name in measures if name in pair.measures):
            matrices = findings.matrices(measure)
            for factor in findings.stepped:
                for level, here in findings.at_level(factor).items():
                    paired = findings.paired(matrices[pair.baseline][here], matrices[pair.against][here])
                    if paired is None:
                        continue
                    if findings.is_time(measure) and not any(
                        findings.happens(measure, name, here)[0] for name in (pair.baseline, pair.against)
                    ):
                        continue
                    place = {"measure": measure, "baseline": pair.baseline, "against": pair.against}
                    numbers = {"mean": paired.difference, "low": paired.low, "high": paired.high}
                    numbers["alike"] = or_nan(paired.alike)
                    rows.append({**place, "factor": factor, "level": level, **numbers})
    return pd.DataFrame(rows)


def interval_of_mean(values: Matrix, level: float) -> dict[str, float]:
    """Return the mean over points and replicates with the interval that other luck would give.

    Parameters
    ----------
    values, level
        Points down and replicates across, and the coverage.

    Returns
    -------
    dict
        ``mean``, ``low``, ``high`` and ``alike``. One replicate gives no interval, nor do those that all come to the
        same: of these ``alike`` says how many of all would.
    """
    per_replicate = np.array([column[np.isfinite(column)].mean() for column in values.T if np.isfinite(column).any()])
    if len(per_replicate) == 0:
        return dict.fromkeys(("mean", "low", "high", "alike"), math.nan)
    mean, count = float(per_replicate.mean()), len(per_replicate)
    if count == 1:
        return {"mean": mean, "low": math.nan, "high": math.nan, "alike": math.nan}
    if all_alike(per_replicate):
        return {"mean": mean, "low": math.nan, "high": math.nan, "alike": min_alike_share(count, level)}
    half = normal_quantile(level) * float(per_replicate.std(ddof=1)) / math.sqrt(count)
    return {"mean": mean, "low": mean - half, "high": mean + half, "alike": math.nan}
