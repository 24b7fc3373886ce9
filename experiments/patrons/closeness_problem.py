"""Set closeness up for the study: standardised readings of words and arms, whitened by the filter."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

import numpy as np
from scipy.linalg import cho_factor, cho_solve
from scipy.optimize import minimize

from papertiger.experiments.patrons.covariates import as_term
from papertiger.experiments.patrons.filtering import Filter, Scales, StateSpace, start
from papertiger.experiments.patrons.pooling import Column, Fit, Pool, Rows, best
from papertiger.experiments.patrons.problems import Design, OutcomeProblem, Places

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from papertiger.experiments.patrons.panel import Grid, Panel
    from papertiger.experiments.patrons.plan import ClosenessPlan, Mechanism, StudyPlan, Term
    from papertiger.experiments.patrons.pooling import Vector

PRIOR_SD = 1.5
"""Of the scales of the state space, on the scale without bounds, around where the search begins."""


@dataclass
class ClosenessProblem(OutcomeProblem):
    """Set closeness up: a row for each reading.

    Attributes
    ----------
    readings
        Dyads by years by indicators, standardised, up is closer; NaN where there is none.
    scales
        Of the state space; None until they are learned.
    same_year
        Whether an event counts in its own year.
    all_apart
        Whether every event shifts words and arms apart.
    """

    readings: NDArray[np.float64] = None  # type: ignore[assignment]
    scales: Scales | None = None
    same_year: bool = True
    all_apart: bool = False

    def __post_init__(self) -> None:
        self.seen = np.isfinite(self.readings) & self.at_risk[:, :, None]
        self.rows = Places.of(self.seen, self.panel, self.plan)
        if self.scales is not None:
            self.filter = Filter.of(StateSpace.of(self.scales, self.priors.arms_window), self.seen)
            self.y = self.filter.whiten(self.readings[..., None])[:, 0]

    @property
    def priors(self) -> ClosenessPlan:
        """Return the outcome's part of the plan."""
        return self.plan.closeness

    @property
    def known_scales(self) -> Scales:
        """Return the scales of the state space, which have to be learned by now."""
        if self.scales is None:
            raise ValueError("the scales of the state space were not learned")
        return self.scales

    @property
    def indicators(self) -> int:
        """Return how many indicators there are."""
        return int(self.readings.shape[2])

    def rate_columns(self, loadings: tuple[float, ...]) -> tuple[tuple[Column, ...], NDArray[np.float64]]:
        """Return the columns of the climatology on dyads, years and indicators, before they are whitened."""
        n = self.indicators
        grids = self.panel.grids
        pledge = np.nan_to_num(grids["pledge"]) > 0.0
        consult = pledge & (np.nan_to_num(grids["defense"]) <= 0.0)
        parts = [np.broadcast_to(np.eye(n)[i], self.readings.shape) for i in range(n)]
        parts += [kind[:, :, None] * np.array(loadings) for kind in (consult.astype(float), (~pledge).astype(float))]
        names = [Column(f"level_{i}", "intercept") for i in range(n)]
        names += [Column("consultation_only", "nuisance"), Column("arms_only", "nuisance")]
        return tuple(names), np.stack(parts, axis=-1)

    def rates(self) -> tuple[tuple[Column, ...], NDArray[np.float64]]:
        """Return the levels of the indicators, and the kind of tie."""
        key = ("", "rates")
        if key not in self._columns:
            names, columns = self.rate_columns(self.known_scales.loadings)
            self._columns[key] = names, self.filter.whiten(columns)
        return self._columns[key]

    def term(self, values: Grid, term: Term, mechanism: Mechanism, to_come: int) -> dict[str, NDArray[np.float64]]:
        """Return a term's column, or one for words and one for arms where they are shifted apart."""
        plan, loadings, n = self.priors, np.array(self.known_scales.loadings), self.indicators
        words = np.where(np.arange(n) < n - 1, loadings, 0.0)
        apart = mechanism.apart or (self.all_apart and term.kind == "event")

        def grid(memory: float) -> Grid:
            return as_term(values, term, memory, self.at_risk, same_year=self.same_year, to_come=to_come)

        if apart:
            slow = trailing_mean(grid(plan.memory_arms), plan.arms_window)
            arms = np.where(np.arange(n) == n - 1, 1.0, 0.0)
            columns = {
                f"{term.name} words": grid(plan.memory_words)[:, :, None] * words,
                f"{term.name} arms": slow[:, :, None] * arms,
            }
        else:
            shift = grid(self.known_scales.keep)
            slow = trailing_mean(shift, plan.arms_window)
            columns = {term.name: shift[:, :, None] * words}
            columns[term.name][:, :, n - 1] = slow * loadings[-1]
        white = self.filter.whiten(np.stack(list(columns.values()), axis=-1))
        return {name: white[:, place] for place, name in enumerate(columns)}

    def fit(self, design: Design, train: NDArray[np.bool_], scales: tuple[float, float] | None = None) -> Fit:
        """Return the posterior from some rows; it is exact."""
        rows, y = design.rows(train), self.y[train]
        mean = design.pool.mean()
        left = y - rows.linear(mean)
        gram, cross, square = rows.gram(), rows.pull(left), float(left @ left)
        return best(
            [
                ridge(gram, cross, square, mean, design.pool.sd(pair), pair)
                for pair in ([scales] if scales else design.pool.scales())
            ]
        )

    def scores(self, fitted: Fit, design: Design, test: NDArray[np.bool_]) -> Vector:
        """Return the log density of each reading given the dyad's own past, but for its spread, the same in all."""
        middle, variance = design.rows(test).predict(fitted)
        return normal_scores(self.y[test] - middle, 1.0 + variance)


def normal_scores(error: Vector, variance: Vector) -> Vector:
    """Return normal log densities."""
    return np.asarray(-0.5 * (np.log(2.0 * np.pi * variance) + error**2 / variance))


def ridge(
    gram: NDArray[np.float64], cross: Vector, square: float, mean: Vector, sd: Vector, scales: tuple[float, float]
) -> Fit:
    """Return the posterior of a regression with errors of variance 1 and normal priors, and its evidence.

    Parameters
    ----------
    gram, cross, square
        Products of the rows with themselves and with what is left of the outcome beside the prior mean, and its
        sum of squares.
    mean, sd
        Of the priors.
    scales
        Noted in the fit.
    """
    precision = gram.copy()
    precision[np.diag_indices_from(precision)] += sd**-2.0
    factor = cho_factor(precision)
    shift = cho_solve(factor, cross)
    determinant = 2.0 * float(np.log(np.diag(factor[0])).sum())
    evidence = -0.5 * (square - float(cross @ shift)) - float(np.log(sd).sum()) - 0.5 * determinant
    return Fit(mean + shift, cho_solve(factor, np.eye(sd.size)), evidence, scales)


def trailing_mean(values: Grid, window: int) -> Grid:
    """Return the mean over the year and those before it, as many as the window has; before the first it is 0."""
    padded = np.concatenate([np.zeros((values.shape[0], window)), np.cumsum(values, axis=1)], axis=1)
    return np.asarray((padded[:, window:] - padded[:, :-window]) / window)


def learn_scales(problem: ClosenessProblem, progress: Callable[[], None] = lambda: None) -> Scales:
    """Return the scales of the state space that the climatology's marginal likelihood is largest at, all patrons.

    Parameters
    ----------
    problem
        Readings; its own scales do not matter.
    progress
        Called after each step of the search.
    """
    n = problem.indicators
    middle = start(n).free()
    pair = next(iter(Pool((), 0, problem.priors).scales()))
    data = problem.readings[..., None]

    def loss(free: Vector) -> float:
        scales = Scales.bound(free, n)
        names, columns = problem.rate_columns(scales.loadings)
        filtered = Filter.of(StateSpace.of(scales, problem.priors.arms_window), problem.seen)
        white = filtered.whiten(np.concatenate([data, columns], axis=-1))
        pool = Pool(names, len(problem.plan.codes), problem.priors)
        rows, y = Rows.of(pool, white[:, 1:], problem.rows.patron), white[:, 0]
        left = y - rows.linear(pool.mean())
        fitted = ridge(rows.gram(), rows.pull(left), float(left @ left), pool.mean(), pool.sd(pair), pair)
        prior = 0.5 * float((((free - middle) / PRIOR_SD) ** 2).sum())
        return 0.5 * filtered.log_determinant() - fitted.evidence + prior

    def tell(_: Any) -> None:
        progress()

    optimum: Any = minimize(
        loss,
        middle,
        method="L-BFGS-B",
        bounds=[(one - 5.0, one + 5.0) for one in middle],
        options={"maxiter": 60, "ftol": 1e-6},
        callback=cast("Any", tell),
    )
    return Scales.bound(np.round(optimum.x, 4), n)


def readings_of(
    panel: Panel, plan: StudyPlan, at_risk: NDArray[np.bool_], words: dict[str, float]
) -> NDArray[np.float64]:
    """Return the indicators standardised over the dyad-years that count, words first and arms last, up is closer."""
    signs = {**words, plan.closeness.arms: 1.0}
    parts = []
    for name, sign in signs.items():
        values = np.where(at_risk, panel.grids[name], np.nan) * sign
        known = values[np.isfinite(values)]
        spread = float(known.std()) if known.size else 0.0
        parts.append((values - known.mean()) / spread if spread > 0.0 else np.full(values.shape, np.nan))
    return np.stack(parts, axis=-1)


def ties_at_risk(panel: Panel, *, arms: bool = True) -> NDArray[np.bool_]:
    """Return the dyad-years with a pledge in force or, if `arms`, a client for arms."""
    tie = np.nan_to_num(panel.grids["pledge"]) > 0.0
    if arms:
        tie |= np.nan_to_num(panel.grids["arms_client"]) > 0.0
    return np.asarray(panel.present & tie)


def closeness_problem(plan: StudyPlan, panel: Panel, scales: Scales | None = None) -> ClosenessProblem:
    """Return the plan's own problem of closeness."""
    at_risk = ties_at_risk(panel)
    readings = readings_of(panel, plan, at_risk, plan.closeness.words)
    return ClosenessProblem(
        plan,
        panel,
        at_risk,
        readings=readings,
        scales=scales,
        same_year=plan.closeness.same_year,
    )
