"""Say what could have been seen: breaks and readings simulated on the real columns, put to the plan's own rule."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from papertiger.experiments.patrons.break_problem import BreakProblem
from papertiger.experiments.patrons.breaks import fit_given, log_scores
from papertiger.experiments.patrons.closeness_problem import ClosenessProblem, normal_scores, ridge
from papertiger.experiments.patrons.scores import gain, patron_splits

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

    from papertiger.experiments.patrons.plan import Mechanism
    from papertiger.experiments.patrons.pooling import Fit, Vector
    from papertiger.experiments.patrons.problems import Design, OutcomeProblem

SIGNS = {"+": 1.0, "-": -1.0, "0": 1.0}


def leading(design: Design, mechanism: Mechanism) -> list[int]:
    """Return the places of the columns of a mechanism's leading term: two where words and arms are shifted apart."""
    name = mechanism.terms[0].name
    return [
        place for place, one in enumerate(design.pool.columns) if one.name in {name, f"{name} words", f"{name} arms"}
    ]


def right_sign(means: Sequence[float], mechanism: Mechanism, outcome: str) -> bool:
    """Tell whether the leading term's coefficients have the sign that the mechanism says; one without a sign has it.

    Parameters
    ----------
    means
        Of its coefficients.
    mechanism
        Of the plan, whose signs are of leaving.
    outcome
        ``breaks``, or ``closeness``, which falls where clients leave.
    """
    sign = mechanism.terms[0].sign
    toward = 1.0 if outcome == "breaks" else -1.0
    return sign == "0" or all(SIGNS[sign] * toward * one > 0.0 for one in means)


def powers(problem: OutcomeProblem, mechanism: Mechanism, scales: tuple[float, float]) -> list[dict[str, Any]]:
    """Return how often a mechanism of each size is found, alone over the climatology.

    Parameters
    ----------
    problem
        The outcome; its columns are real and its outcome is simulated.
    mechanism
        Of the plan; its leading term works and its others do not.
    scales
        Over patrons, of intercepts and effects, which the fits take.

    Returns
    -------
    list
        For each size: ``size``, ``rule`` (sign right and gain clear of zero in both bootstraps) and ``interval`` (the
        effect's own interval leaves out zero on the right side), shares of the simulations.
    """
    plan = problem.plan
    outcome = "breaks" if isinstance(problem, BreakProblem) else "closeness"
    sizes = plan.power.breaks if outcome == "breaks" else plan.power.closeness
    small, large = problem.design([]), problem.design([mechanism.key])
    places = leading(large, mechanism)
    sign = SIGNS[mechanism.terms[0].sign] * (1.0 if outcome == "breaks" else -1.0)
    everything = np.ones(problem.rows.patron.size, dtype=bool)
    base = problem.fit(small, everything, scales)
    shares = []
    for number, size in enumerate(sizes):
        effect = sign * (np.log(size) if outcome == "breaks" else size)
        shift = effect * large.values[:, places].sum(axis=1)
        rule = interval = 0
        for simulation in range(plan.power.simulations):
            rng = np.random.default_rng([plan.seed, number, simulation])
            simulate = simulated_breaks if isinstance(problem, BreakProblem) else simulated_readings
            y = simulate(small.rows().linear(base.mean), shift, rng)
            clear, beyond = _found(problem, (small, large), y, scales, places, sign)
            rule += clear
            interval += beyond
        share = plan.power.simulations
        shares.append({"size": size, "rule": rule / share, "interval": interval / share})
    return shares


def simulated_breaks(eta: Vector, shift: Vector, rng: np.random.Generator) -> Vector:
    """Return breaks of a hazard with an effect, as many to be expected as without it."""
    expected = float(-np.expm1(-np.exp(eta)).sum())
    low, high = -20.0, 5.0
    for _ in range(60):
        middle = 0.5 * (low + high)
        if float(-np.expm1(-np.exp(np.minimum(eta + shift + middle, 5.0))).sum()) > expected:
            high = middle
        else:
            low = middle
    chance = -np.expm1(-np.exp(np.minimum(eta + shift + low, 5.0)))
    return (rng.random(eta.size) < chance).astype(np.float64)


def simulated_readings(middle: Vector, shift: Vector, rng: np.random.Generator) -> Vector:
    """Return whitened readings with an effect."""
    return np.asarray(middle + shift + rng.standard_normal(middle.size))


def _found(
    problem: OutcomeProblem,
    designs: tuple[Design, Design],
    y: Vector,
    scales: tuple[float, float],
    places: list[int],
    sign: float,
) -> tuple[bool, bool]:
    """Tell whether the rule, and whether the effect's interval, finds the mechanism in a simulated outcome."""
    fitters = [_fitter(problem, design, y, scales) for design in designs]
    everything = np.ones(y.size, dtype=bool)
    whole = fitters[1](everything)
    mean, spread = whole.mean[places], np.sqrt(np.diag(whole.cov)[places])
    quantile = 1.959964
    beyond = bool((sign * mean - quantile * spread > 0.0).all())
    if not (sign * mean > 0.0).all():
        return False, False
    scores = [np.zeros(y.size), np.zeros(y.size)]
    for split in patron_splits(problem):
        for which, design in enumerate(designs):
            fitted = fitters[which](split.train)
            rows, seen = design.rows(split.test), y[split.test]
            if isinstance(problem, ClosenessProblem):
                middle, variance = rows.predict(fitted)
                scores[which][split.test] = normal_scores(seen - middle, 1.0 + variance)
            else:
                scores[which][split.test] = log_scores(fitted, rows, seen)
    return gain(problem, scores[1], scores[0]).clear, beyond


def _fitter(
    problem: OutcomeProblem, design: Design, y: Vector, scales: tuple[float, float]
) -> Callable[[NDArray[np.bool_]], Fit]:
    """Return what fits a design to a simulated outcome."""
    mean, sd = design.pool.mean(), design.pool.sd(scales)
    if isinstance(problem, ClosenessProblem):
        left = y - design.rows().linear(mean)

        def exact(train: NDArray[np.bool_]) -> Fit:
            rows, mine = design.rows(train), left[train]
            return ridge(rows.gram(), rows.pull(mine), float(mine @ mine), mean, sd, scales)

        return exact
    start = mean.copy()

    def laplace(train: NDArray[np.bool_]) -> Fit:
        nonlocal start
        fitted = fit_given(design.rows(train), y[train], mean, sd, scales, start)
        start = fitted.mean
        return fitted

    return laplace


def detectable(rows: Sequence[dict[str, Any]], target: float, which: str = "rule") -> float | None:
    """Return the smallest size that is found as often as wanted, between sizes by a straight line; None beyond.

    Parameters
    ----------
    rows
        As `powers` returns them, sizes rising.
    target
        The power that is wanted.
    which
        ``rule`` or ``interval``.
    """
    before: tuple[float, float] | None = None
    for row in rows:
        size, share = float(row["size"]), float(row[which])
        if share >= target:
            if before is None:
                return size
            return before[0] + (size - before[0]) * (target - before[1]) / (share - before[1])
        before = size, share
    return None
