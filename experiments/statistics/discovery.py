"""Discover scenarios: in which region of the uncertain space something happens.

The algorithm is PRIM, the patient rule induction method (Friedman & Fisher 1999, *Statistics and Computing* 9:123),
as the EMA Workbench has it, used for this by Bryant & Lempert 2010, *Technological Forecasting and Social Change*
77:34.
"""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from papertiger.experiments.statistics.arguments import AnalysisError, check_rows, check_truths
from papertiger.model.randomness import check_whole
from papertiger.scenarios.arguments import check_number

if TYPE_CHECKING:
    from numpy.typing import ArrayLike

MASS = 0.05
MAX_BOXES = 1_000
SIGNIFICANT = 0.05
COLUMNS = (
    "box", "factor", "low", "high", "lowest", "highest", "quasi_p_low", "quasi_p_high", "coverage", "density", "mass",
    "base_rate",
)  # fmt: skip


def prim(factors: pd.DataFrame, outcome: ArrayLike, *, boxes: int = 1, smallest: float = MASS) -> pd.DataFrame:
    """Find boxes in which the outcome is common.

    A box is peeled from its sides, five per cent of its points at a time. Among the boxes on the way the one is taken
    that best serves both aims, by the harmonic mean of coverage and density; then sides are let go whose
    quasi-p-value exceeds 0.05. That value is the chance (one-sided binomial) of so many cases in the box if the side
    did nothing; it is called quasi because the side was chosen by looking (Bryant & Lempert 2010).

    Parameters
    ----------
    factors
        One row per point, one column per factor.
    outcome
        Whether it happened at the point.
    boxes
        How many to look for at most; each looks at what the earlier ones left over. None is kept that is not denser
        than all points together.
    smallest
        The smallest share of all points that a box may hold.

    Returns
    -------
    pandas.DataFrame
        One row per box and restricted factor: ``box`` (from 1 on), ``factor``, ``low`` and ``high`` (the box),
        ``lowest`` and ``highest`` (the points), ``quasi_p_low`` and ``quasi_p_high`` (not a number on a side that is
        not restricted), ``coverage`` (share of all cases that are in it), ``density`` (share of its points that are
        cases), ``mass`` (share of all points) and ``base_rate`` (share of all points that are cases). No rows where
        no box stands out.

    Raises
    ------
    AnalysisError
        If values are missing, nothing varies, or the outcome happens everywhere or nowhere.
    """
    boxes = check_whole("boxes", boxes, 1, MAX_BOXES)
    smallest = check_number("smallest", smallest, 0.0, 1.0)
    check_rows("factors", factors, numbers=getattr(factors, "columns", ()), of="factors")
    truths = check_truths("outcome", outcome, "for each point whether it happened", missing=True)
    if truths.shape != (len(factors),):
        raise AnalysisError(f"expected an outcome for each of {len(factors)} points, got shape {truths.shape}")
    if np.isnan(truths).any() or factors.isna().to_numpy().any():
        raise AnalysisError("values are missing at some points: leave those points out first")
    happens = truths.astype(bool)
    if happens.all() or not happens.any():
        where = "every" if happens.all() else "no"
        raise AnalysisError(
            f"the outcome happens at {where} point: there is no region to tell apart; move the threshold"
        )
    varied = factors.astype(float).loc[:, factors.nunique() > 1].reset_index(drop=True)
    if varied.empty:
        raise AnalysisError("no factor varies, so there is no region to look for")
    # Numbered, since the algorithm gives some names of columns a meaning of its own.
    numbered = varied.set_axis([f"x{number}" for number in range(varied.shape[1])], axis=1)
    algorithm = _algorithm()(numbered, happens.astype(int), mass_min=smallest)
    base_rate = float(happens.mean())
    rows: list[tuple[Any, ...]] = []
    for number in range(1, boxes + 1):
        box = algorithm.find_box()
        if box is None:
            break
        _choose(box)
        if box.density <= base_rate or not box.p_values[box._cur_box]:
            break
        rows += _rows(number, box, list(varied.columns), base_rate)
    return pd.DataFrame(rows, columns=list(COLUMNS))


def _algorithm() -> Any:
    with warnings.catch_warnings():
        # It warns of optional backends for running models, which are not used here.
        warnings.filterwarnings("ignore", message="ipyparallel not installed", category=UserWarning)
        warnings.filterwarnings("ignore", message="altair based", category=ImportWarning)
        try:
            from ema_workbench.analysis.prim import Prim  # noqa: PLC0415 - takes seconds to import, and an extra
        except ModuleNotFoundError:
            raise AnalysisError(
                "scenario discovery needs the EMA Workbench, which is not installed: pip install "
                "'papertiger[discovery]', and 'papertiger report' adds it to a finished folder"
            ) from None
    return Prim


def _choose(box: Any) -> None:
    """Select the box on the way that serves coverage and density best, and let go of sides that do nothing."""
    way = box.peeling_trajectory
    score = 2.0 * way["coverage"] * way["density"] / (way["coverage"] + way["density"])
    box.select(int(score.to_numpy().argmax()))
    while True:
        idle = [
            (value, name, side)
            for name, sides in box.p_values[box._cur_box].items()
            for side, value in enumerate(sides)
            if value > SIGNIFICANT
        ]
        if not idle:
            return
        _release(box, *max(idle)[1:])


def _release(box: Any, name: str, side: int) -> None:
    """Move one side of a box back to the edge of all points."""
    limits = box.box_lims[box._cur_box].copy()
    limits.loc[side, name] = box.prim.box_init.loc[side, name]
    left = box.prim.x.loc[box.prim.yi_remaining, :]
    inside = ((left >= limits.loc[0]) & (left <= limits.loc[1])).all(axis=1).to_numpy()
    box.update(limits, box.prim.yi_remaining[inside])


def _rows(number: int, box: Any, names: list[str], base_rate: float) -> list[tuple[Any, ...]]:
    limits, sides, edges = box.box_lims[box._cur_box], box.p_values[box._cur_box], box.prim.box_init
    stats = (float(box.coverage), float(box.density), float(box.mass), base_rate)
    rows = []
    for key, name in zip(limits.columns, names, strict=True):
        if key in sides:
            (low, high), (lowest, highest) = map(float, limits[key]), map(float, edges[key])
            quasi_p = [float(value) if value >= 0.0 else np.nan for value in sides[key]]
            rows.append((number, name, low, high, lowest, highest, *quasi_p, *stats))
    return rows
