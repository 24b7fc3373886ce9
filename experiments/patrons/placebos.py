"""Make placebos: events that come later, of another patron's client, or on permuted dates."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from papertiger.experiments.patrons.covariates import raw

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from papertiger.experiments.patrons.panel import Grid, Panel
    from papertiger.experiments.patrons.plan import Mechanism, StudyPlan

LATER, OTHERS, PERMUTED = "later", "others", "permuted"


def sources(plan: StudyPlan, mechanism: Mechanism) -> Iterator[str]:
    """Yield the names of a mechanism's placebos."""
    if mechanism.later:
        yield LATER
    yield OTHERS
    for number in range(plan.placebos.permutations):
        yield f"{PERMUTED}-{number}"


def placebo(panel: Panel, plan: StudyPlan, at_risk: NDArray[np.bool_], name: str, source: str) -> Grid:
    """Return a term's values in each year, or a placebo's; what comes later is taken when stocks are made.

    Parameters
    ----------
    panel, plan
        What is given.
    at_risk
        Dyad-years that count: dates are permuted among them, partners overlap in them.
    name
        Of the term.
    source
        ``real``, ``later``, ``others`` or ``permuted-`` and a number.
    """
    values = raw(panel, name)
    if source == OTHERS:
        return of_others(values, partners(panel, plan, at_risk))
    if source.startswith(PERMUTED):
        return permuted(values, at_risk, plan.seed, int(source.partition("-")[2]))
    return values


def permuted(values: Grid, at_risk: NDArray[np.bool_], seed: int, number: int) -> Grid:
    """Return values with their dates permuted within each dyad, among the years that count and have one.

    All terms are permuted alike by one number, so that events that came together stay together.
    """
    shuffled = values.copy()
    order = np.random.default_rng([seed, number]).random(values.shape)
    for dyad in range(values.shape[0]):
        years = np.flatnonzero(at_risk[dyad] & np.isfinite(values[dyad]))
        shuffled[dyad, years] = values[dyad, years[np.argsort(order[dyad, years], kind="stable")]]
    return shuffled


def partners(panel: Panel, plan: StudyPlan, at_risk: NDArray[np.bool_]) -> NDArray[np.int64]:
    """Return for each dyad one of another patron and another client, of the same region where there is one.

    Of those with the longest overlap in the years that count, which one is drawn; without any overlap it is -1.
    """
    rng = np.random.default_rng([plan.seed, 1_000_003])
    luck = rng.random(len(panel.names))
    overlap = at_risk.astype(np.int64) @ at_risk.T.astype(np.int64)
    regions = np.array(panel.regions)
    chosen = np.full(len(panel.names), -1)
    for dyad in range(chosen.size):
        other = (panel.patrons != panel.patrons[dyad]) & (panel.clients != panel.clients[dyad])
        for group in (other & (regions == regions[dyad]), other):
            shared = np.where(group, overlap[dyad], 0)
            if shared.max(initial=0) > 0:
                ties = np.flatnonzero(shared == shared.max())
                chosen[dyad] = ties[np.argmax(luck[ties])]
                break
    return chosen


def of_others(values: Grid, partner: NDArray[np.int64]) -> Grid:
    """Return the values of each dyad's partner."""
    taken = values[partner].copy()
    taken[partner < 0] = np.nan
    return taken
