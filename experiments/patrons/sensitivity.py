"""Change one rule of coding at a time, and fit and score anew."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from papertiger.experiments.patrons.break_problem import BreakProblem, pledges_at_risk
from papertiger.experiments.patrons.closeness_problem import ClosenessProblem, readings_of, ties_at_risk
from papertiger.experiments.patrons.power import leading
from papertiger.experiments.patrons.scores import held_out

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from numpy.typing import NDArray

    from papertiger.experiments.patrons.loader import StudyFiles
    from papertiger.experiments.patrons.panel import Panel
    from papertiger.experiments.patrons.problems import OutcomeProblem

DEADLY = {"att_none": "att_none_fatal", "att_help": "att_help_fatal"}
OF_CRISES = {"att_none": "icb_none", "att_help": "icb_mil_fav"}
LAST_RUNG = 4.0


def broken_by(files: StudyFiles, panel: Panel, broke: NDArray[np.bool_], *, client: bool) -> NDArray[np.bool_]:
    """Return which breaks were the client's own doing by the readings, or which were not."""
    chosen = np.zeros(broke.shape, dtype=bool)
    for one in files.readings.pledges:
        dyad, year = panel.dyad(one.patron, one.client), one.end - int(panel.years[0])
        if dyad >= 0 and 0 <= year < broke.shape[1] and (one.ended_by == "client") is client:
            chosen[dyad, year] = True
    return chosen & broke


def steps_away(panel: Panel, rule: str) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Return where a step away on a ladder could be seen, and where one was."""
    ladder = panel.grids[rule]
    before = np.full(ladder.shape, np.nan)
    before[:, 1:] = ladder[:, :-1]
    at_risk = panel.present & np.isfinite(ladder) & np.isfinite(before) & (before < LAST_RUNG)
    with np.errstate(invalid="ignore"):
        return at_risk, at_risk & (ladder > before)


def of_patrons_with(panel: Panel, columns: Sequence[str]) -> NDArray[np.bool_]:
    """Return the dyads of the patrons that any of some columns says anything of."""
    known = np.zeros(len(panel.names), dtype=bool)
    for name in columns:
        known |= (np.nan_to_num(panel.grids[name]) > 0.0).any(axis=1)
    return np.isin(panel.patrons, np.unique(panel.patrons[known]))


def breaks_by(rule: str, files: StudyFiles, panel: Panel, main: BreakProblem) -> BreakProblem:
    """Return the problem of breaks under another rule of coding."""
    calendar = panel.years[None, :]

    def fewer(keep: NDArray[np.bool_]) -> BreakProblem:
        return replace(main, at_risk=main.at_risk & keep, _columns={})

    def again(**changes: Any) -> BreakProblem:
        return replace(main, _columns={}, **changes)

    def steps(name: str) -> BreakProblem:
        at_risk, away = steps_away(panel, name)
        return again(at_risk=at_risk, broke=away)

    def defence() -> BreakProblem:
        held, broke, _ = pledges_at_risk(panel, files.plan.breaks.ends, "defense")
        return again(at_risk=held, broke=broke)

    rules: Mapping[str, Callable[[], BreakProblem]] = {
        "ended_by_client": lambda: again(broke=broken_by(files, panel, main.broke, client=True)),
        "not_by_client": lambda: again(broke=broken_by(files, panel, main.broke, client=False)),
        "same_year": lambda: again(same_year=not main.same_year),
        "memory_0": lambda: again(memory=0.0),
        "memory_0.8": lambda: again(memory=0.8),
        "defence_only": defence,
        "to_disputes_seen": lambda: fewer(calendar <= files.plan.disputes_seen_to),
        "deadly_attacks": lambda: again(renamed=DEADLY),
        "crises_of_states": lambda: replace(
            fewer(of_patrons_with(panel, list(OF_CRISES.values()))[:, None]), renamed=OF_CRISES, _columns={}
        ),
        "steps_A": lambda: steps("postureA"),
        "steps_As": lambda: steps("postureAs"),
        "steps_C": lambda: steps("postureC"),
        "without_1989_1991": lambda: fewer((calendar < 1989) | (calendar > 1991)),
    }
    return rules[rule]()


def closeness_by(rule: str, files: StudyFiles, panel: Panel, main: ClosenessProblem) -> ClosenessProblem:
    """Return the problem of closeness under another rule of coding; the scales of the state space stay."""

    def again(**changes: Any) -> ClosenessProblem:
        return replace(main, _columns={}, **changes)

    def fewer(keep: NDArray[np.bool_]) -> ClosenessProblem:
        at_risk = main.at_risk & keep
        return again(at_risk=at_risk, readings=np.where(at_risk[..., None], main.readings, np.nan))

    def one_word(name: str) -> ClosenessProblem:
        place = list(files.plan.closeness.words).index(name)
        keep = [place, main.indicators - 1]
        learned = main.known_scales
        scales = replace(
            learned,
            loadings=tuple(learned.loadings[i] for i in keep),
            noise=tuple(learned.noise[i] for i in keep),
            offsets=tuple(learned.offsets[i] for i in keep),
        )
        words = {name: files.plan.closeness.words[name]}
        return again(readings=readings_of(panel, files.plan, main.at_risk, words), scales=scales)

    rules: Mapping[str, Callable[[], ClosenessProblem]] = {
        "earlier_years_only": lambda: again(same_year=not main.same_year),
        "pledges_only": lambda: fewer(ties_at_risk(panel, arms=False)),
        "to_disputes_seen": lambda: fewer(panel.years[None, :] <= files.plan.disputes_seen_to),
        "deadly_attacks": lambda: again(renamed=DEADLY),
        "crises_of_states": lambda: replace(
            fewer(of_patrons_with(panel, list(OF_CRISES.values()))[:, None]), renamed=OF_CRISES, _columns={}
        ),
        "votes_only": lambda: one_word(next(iter(files.plan.closeness.words))),
        "ideal_points_only": lambda: one_word(list(files.plan.closeness.words)[-1]),
        "all_apart": lambda: again(all_apart=True),
    }
    return rules[rule]()


def effects_under(problem: OutcomeProblem, scales: tuple[float, float]) -> dict[str, Any]:
    """Return leading effects and gains of all mechanisms under a rule of coding.

    Parameters
    ----------
    problem
        As the rule makes it.
    scales
        Over patrons, of intercepts and effects, which the fits take.
    """
    patrons = sum(1 for _ in np.unique(problem.rows.patron))
    scored: dict[tuple[str, ...], Any] = {}

    def scores_of(keys: tuple[str, ...]) -> Any:
        if keys not in scored:
            scored[keys] = held_out(problem, problem.design(keys), [scales] * patrons)[0]
        return scored[keys]

    rows = {}
    everything = np.ones(problem.rows.patron.size, dtype=bool)
    for mechanism in problem.plan.mechanisms:
        design = problem.design([*mechanism.over, mechanism.key])
        fitted = problem.fit(design, everything, scales)
        places = leading(design, mechanism)
        rows[mechanism.key] = {
            "mean": fitted.mean[places].tolist(),
            "sd": np.sqrt(np.diag(fitted.cov)[places]).tolist(),
            "gain": float((scores_of((*mechanism.over, mechanism.key)) - scores_of(mechanism.over)).sum()),
        }
    breaks = int(problem.y.sum()) if isinstance(problem, BreakProblem) else 0
    return {"rows": int(everything.size), "breaks": breaks, "mechanisms": rows}
