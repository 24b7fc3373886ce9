"""Set breaks up for the study: pledges at risk by year, and whether one broke."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from papertiger.experiments.patrons.breaks import fit, log_scores
from papertiger.experiments.patrons.covariates import as_term
from papertiger.experiments.patrons.pooling import Column
from papertiger.experiments.patrons.problems import Design, OutcomeProblem, Places

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from papertiger.experiments.patrons.panel import Grid, Panel
    from papertiger.experiments.patrons.plan import BreaksPlan, Mechanism, StudyPlan, Term
    from papertiger.experiments.patrons.pooling import Fit, Vector


@dataclass
class BreakProblem(OutcomeProblem):
    """Set breaks up: a row for each dyad-year at risk.

    Attributes
    ----------
    broke
        On the grid, where a pledge broke.
    memory, same_year
        Of the stocks.
    """

    broke: NDArray[np.bool_] = None  # type: ignore[assignment]
    memory: float = 0.5
    same_year: bool = False

    def __post_init__(self) -> None:
        self.rows = Places.of(self.at_risk, self.panel, self.plan)
        self.y = self.broke[self.at_risk].astype(np.float64)

    @property
    def priors(self) -> BreaksPlan:
        """Return the outcome's part of the plan."""
        return self.plan.breaks

    def rates(self) -> tuple[tuple[Column, ...], NDArray[np.float64]]:
        """Return an intercept, whether the pledge is to consult alone, and whether disputes are no longer seen."""
        grids = self.panel.grids
        consult = (np.nan_to_num(grids["defense"]) <= 0.0)[self.at_risk]
        unseen = self.rows.calendar > self.plan.disputes_seen_to
        names = (Column("rate", "intercept"), Column("consultation_only", "nuisance"), Column("unseen", "nuisance"))
        return names, np.column_stack([np.ones(consult.size), consult, unseen]).astype(np.float64)

    def term(self, values: Grid, term: Term, mechanism: Mechanism, to_come: int) -> dict[str, NDArray[np.float64]]:
        """Return a term's column."""
        del mechanism
        grid = as_term(values, term, self.memory, self.at_risk, same_year=self.same_year, to_come=to_come)
        return {term.name: grid[self.at_risk]}

    def fit(self, design: Design, train: NDArray[np.bool_], scales: tuple[float, float] | None = None) -> Fit:
        """Return the posterior from some rows."""
        return fit(design.rows(train), self.y[train], design.pool, scales)

    def scores(self, fitted: Fit, design: Design, test: NDArray[np.bool_]) -> Vector:
        """Return the log of the chance that was given to what happened."""
        return log_scores(fitted, design.rows(test), self.y[test])


def pledges_at_risk(
    panel: Panel, ends: tuple[str, ...], kind: str = "pledge"
) -> tuple[NDArray[np.bool_], NDArray[np.bool_], list[str]]:
    """Return the dyad-years with a pledge in force, where one broke, and what does not fit.

    Parameters
    ----------
    panel
        The tables.
    ends
        Words of the endings that are breaks.
    kind
        Of the pledge, as endings name it: ``pledge`` or ``defense``.
    """
    held = panel.present & (np.nan_to_num(panel.grids[kind]) > 0.0)
    broke = np.zeros(held.shape, dtype=bool)
    wrong = []
    for end in panel.endings:
        if end.kind == kind and end.how in ends:
            at = (end.dyad, end.year - int(panel.years[0]))
            if not held[at]:
                place = f"{panel.patrons[end.dyad]} and {panel.clients[end.dyad]}"
                wrong.append(f"the {kind} of {place} that ended in {end.year} was not in force then")
            broke[at] = True
    return held, broke & held, wrong


def break_problem(plan: StudyPlan, panel: Panel) -> BreakProblem:
    """Return the plan's own problem of breaks."""
    held, broke, _ = pledges_at_risk(panel, plan.breaks.ends)
    return BreakProblem(plan, panel, held, broke=broke, memory=plan.breaks.memory, same_year=plan.breaks.same_year)
