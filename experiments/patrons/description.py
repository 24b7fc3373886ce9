"""Describe what happened around events: readings in the years around them, and breaks by years since them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from papertiger.experiments.patrons.break_problem import BreakProblem
    from papertiger.experiments.patrons.closeness_problem import ClosenessProblem
    from papertiger.experiments.patrons.panel import Grid, Panel
    from papertiger.experiments.patrons.plan import StudyPlan


def event_studies(problem: ClosenessProblem) -> list[dict[str, Any]]:
    """Return the change of each reading around each event, from the year before it.

    From each change the mean change of the same patron's other clients in the same years is taken away. Standard
    errors are clustered by client.
    """
    plan, panel = problem.plan, problem.panel
    names = [*plan.closeness.words, plan.closeness.arms]
    points = []
    for event in plan.event_study.events:
        happened = (np.nan_to_num(panel.grids[event]) > 0.0) & problem.at_risk
        for place, name in enumerate(names):
            for k in range(-plan.event_study.before, plan.event_study.after + 1):
                mean, error, count = _change(panel, problem.readings[:, :, place], happened, k)
                points.append({"event": event, "reading": name, "k": k, "mean": mean, "se": error, "n": count})
    return points


def _change(panel: Panel, reading: Grid, happened: NDArray[np.bool_], k: int) -> tuple[float, float, int]:
    """Return mean, standard error and number of the changes from the year before an event to k years after it."""
    years = reading.shape[1]
    changes, clients = list[float](), list[int]()
    for t in range(1, years):
        if not 0 <= t + k < years:
            continue
        change = reading[:, t + k] - reading[:, t - 1]
        for patron in np.unique(panel.patrons):
            mine = (panel.patrons == patron) & np.isfinite(change)
            hit, rest = mine & happened[:, t], mine & ~happened[:, t]
            if hit.any() and rest.any():
                changes += (change[hit] - change[rest].mean()).tolist()
                clients += panel.clients[hit].tolist()
    if not changes:
        return 0.0, 0.0, 0
    values = np.array(changes)
    _, member = np.unique(clients, return_inverse=True)
    sums = np.bincount(member, weights=values - values.mean())
    return float(values.mean()), float(np.sqrt((sums**2).sum()) / values.size), values.size


def hazards(problem: BreakProblem) -> list[dict[str, Any]]:
    """Return breaks and dyad-years by the number of years since each event: 0 its own, None those without one."""
    plan, panel = problem.plan, problem.panel
    points = []
    for event in plan.event_study.events:
        since = years_since(np.nan_to_num(panel.grids[event]) > 0.0)
        last = plan.event_study.after
        for k in (*range(last + 1), None):
            where = problem.at_risk & ((since == k) if k is not None else (since > last))
            points.append(
                {"event": event, "since": k, "rows": int(where.sum()), "breaks": int((where & problem.broke).sum())}
            )
    return points


def years_since(happened: NDArray[np.bool_]) -> NDArray[np.int64]:
    """Return how many years ago an event last was, 0 in its own; a large number where there was none."""
    since = np.full(happened.shape, 10_000)
    for t in range(happened.shape[1]):
        before = since[:, t - 1] + 1 if t else since[:, 0]
        since[:, t] = np.where(happened[:, t], 0, before)
    return since


def counts(plan: StudyPlan, breaks: BreakProblem, closeness: ClosenessProblem) -> dict[str, Any]:
    """Return what there is: dyads, dyad-years and breaks by patron, events among the years that count."""
    panel = breaks.panel
    rows = []
    for one in plan.patrons:
        mine = panel.patrons == one.code
        rows.append(
            {
                "patron": one.name,
                "dyads": int(mine.sum()),
                "pledge_years": int(breaks.at_risk[mine].sum()),
                "breaks": int(breaks.broke[mine].sum()),
                "readings": int(closeness.seen[mine].sum()),
            }
        )
    events = {
        name: [
            int(((np.nan_to_num(panel.grids[name]) > 0.0) & at_risk).sum())
            for at_risk in (breaks.at_risk, closeness.at_risk)
        ]
        for name in plan.event_study.events
    }
    decades = []
    for decade in np.unique(panel.years // 10 * 10):
        inside = (panel.years // 10 * 10 == decade)[None, :]
        decades.append(
            {
                "decade": int(decade),
                "rows": int((breaks.at_risk & inside).sum()),
                "breaks": int((breaks.broke & inside).sum()),
            }
        )
    return {
        "dyads": len(panel.names),
        "dyad_years": int(panel.present.sum()),
        "patrons": rows,
        "events": events,
        "decades": decades,
    }
