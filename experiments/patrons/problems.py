"""Set an outcome up for the study: rows, rates, columns of mechanisms and their placebos, fits and scores."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from papertiger.experiments.patrons.placebos import placebo
from papertiger.experiments.patrons.pooling import Column, Pool, Rows

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from papertiger.experiments.patrons.panel import Grid, Panel
    from papertiger.experiments.patrons.plan import Mechanism, Outcome, StudyPlan, Term
    from papertiger.experiments.patrons.pooling import Fit, Vector

REAL = "real"


@dataclass(frozen=True)
class Places:
    """Hold where each row of a design comes from.

    Attributes
    ----------
    dyad, year
        Places in the panel's grids.
    patron
        Place of the patron in the plan.
    client
        The client's number.
    period
        A number for each patron and period.
    calendar
        The year itself.
    """

    dyad: NDArray[np.int64]
    year: NDArray[np.int64]
    patron: NDArray[np.int64]
    client: NDArray[np.int64]
    period: NDArray[np.int64]
    calendar: NDArray[np.int64]

    @classmethod
    def of(cls, where: NDArray[np.bool_], panel: Panel, plan: StudyPlan) -> Places:
        """Return the rows of dyads and years (and indicators, if there is a third axis) in their order."""
        places = np.nonzero(where)
        dyad, year = places[0], places[1]
        patron = np.searchsorted(np.array(sorted(plan.codes)), panel.patrons[dyad])
        calendar = panel.years[year]
        period = np.searchsorted(np.array(plan.scores.periods), calendar, side="right")
        return cls(
            dyad, year, patron, panel.clients[dyad], patron * (len(plan.scores.periods) + 1) + period, calendar
        )


@dataclass(frozen=True)
class Design:
    """Hold the columns of a model with the layout of its coefficients.

    Attributes
    ----------
    pool
        The layout.
    values
        Rows by columns.
    patron
        Place of each row's patron, rising.
    """

    pool: Pool
    values: NDArray[np.float64]
    patron: NDArray[np.int64]

    def rows(self, where: NDArray[np.bool_] | slice = slice(None)) -> Rows:
        """Return some of the rows."""
        return Rows.of(self.pool, self.values[where], self.patron[where])


@dataclass
class OutcomeProblem(ABC):
    """Set an outcome up: what is fitted, and how forecasts of it are scored.

    Attributes
    ----------
    plan, panel
        What is given.
    at_risk
        Dyad-years that count.
    renamed
        Terms that another rule of coding puts in place of the plan's.
    """

    plan: StudyPlan
    panel: Panel
    at_risk: NDArray[np.bool_]
    renamed: dict[str, str] = field(default_factory=dict)
    _columns: dict[tuple[str, str], tuple[tuple[Column, ...], NDArray[np.float64]]] = field(default_factory=dict)
    rows: Places = field(init=False)

    @property
    @abstractmethod
    def priors(self) -> Outcome:
        """Return the outcome's part of the plan."""

    @abstractmethod
    def rates(self) -> tuple[tuple[Column, ...], NDArray[np.float64]]:
        """Return the columns of the climatology."""

    @abstractmethod
    def term(self, values: Grid, term: Term, mechanism: Mechanism, to_come: int) -> dict[str, NDArray[np.float64]]:
        """Return a term's columns by name, of its values in each year."""

    @abstractmethod
    def fit(self, design: Design, train: NDArray[np.bool_], scales: tuple[float, float] | None = None) -> Fit:
        """Return the posterior from some rows."""

    @abstractmethod
    def scores(self, fitted: Fit, design: Design, test: NDArray[np.bool_]) -> Vector:
        """Return the log score of each of some rows."""

    def mechanism_columns(
        self, mechanism: Mechanism, source: str = REAL
    ) -> tuple[tuple[Column, ...], NDArray[np.float64]]:
        """Return the columns of a mechanism, real or a placebo's.

        Parameters
        ----------
        mechanism
            Of the plan.
        source
            ``real``, ``later``, ``others`` or ``permuted-`` and a number.
        """
        key = (mechanism.key, source)
        if key not in self._columns:
            columns: list[Column] = []
            parts: list[NDArray[np.float64]] = []
            for term in mechanism.terms:
                values = placebo(self.panel, self.plan, self.at_risk, self.renamed.get(term.name, term.name), source)
                later = self.plan.placebos.later if source == "later" else 0
                for name, part in self.term(values, term, mechanism, later).items():
                    columns.append(Column(name, term.kind))
                    parts.append(part)
            both = (tuple(columns), np.column_stack(parts))
            if source.startswith("permuted"):
                return both
            self._columns[key] = both
        return self._columns[key]

    def design(self, keys: Sequence[str], swapped: tuple[str, str] | None = None) -> Design:
        """Return the design of the climatology with some mechanisms.

        Parameters
        ----------
        keys
            Of the mechanisms.
        swapped
            A mechanism, and the placebo that stands in its place.
        """
        rates, part = self.rates()
        columns, parts = [*rates], [part]
        for key in keys:
            source = swapped[1] if swapped and swapped[0] == key else REAL
            more, part = self.mechanism_columns(self.plan.mechanism(key), source)
            columns += more
            parts.append(part)
        pool = Pool(tuple(columns), len(self.plan.codes), self.priors)
        return Design(pool, np.hstack(parts), self.rows.patron)
