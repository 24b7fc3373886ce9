"""The verdict in words: whether the model tells more than its baselines, whichever way it falls."""

from __future__ import annotations

from typing import TYPE_CHECKING

from papertiger.experiments.history.calibrate.plan import BASELINE, FULL
from papertiger.experiments.history.evaluate.scoring import (
    ALL,
    CLIMATOLOGY,
    ONE_STEP,
    ORIGIN,
    PERSISTENCE,
    Examination,
    splits,
)

if TYPE_CHECKING:
    from papertiger.experiments.history.evaluate.skill import Skill

SHOWN = (PERSISTENCE, CLIMATOLOGY, BASELINE)


def verdict(examination: Examination) -> list[str]:
    """Return the verdict, the most important sentence first.

    An archived forecast comes before all else: it alone did not know the events.

    Parameters
    ----------
    examination
        Of the full model and its baselines, and perhaps of an archive.
    """
    plan = examination.case.plan
    span = f"{plan.testing.first} to {plan.testing.last}"
    lines = [*_of_archive(examination, span), f"{_of_model(examination, span)}{_apart(examination)}"]
    for kind in (ONE_STEP, ORIGIN):
        said = ", ".join(
            f"{_percent(examination.skill(FULL, name, ALL, kind, 'RPS'))} against {_named(name)}" for name in SHOWN
        )
        lines.append(f"Skill by the ranked probability score, {kind}: {said}.")
    some = examination.skill(FULL, CLIMATOLOGY, ALL, ONE_STEP, "RPS")
    lines.append(
        f"The test has {some.cases} client-half-years of {some.clients} clients, and {_changes(examination)} "
        f"changes of "
        "posture."
    )
    return lines


def _of_archive(examination: Examination, span: str) -> list[str]:
    """Return how the archived forecast did, under each path of the war."""
    archive = examination.archive
    if archive is None:
        return []
    lines = []
    for name in examination.archived:
        found = examination.skill(name, CLIMATOLOGY, ALL, ORIGIN, "RPS")
        does = "beats" if found.gain_low > 0 else "is ahead of" if found.gain > 0 else "does not beat"
        lines.append(
            f"The forecast of {archive.made} ({name.partition(', ')[2]}) {does} climatology in {span}: "
            f"{_percent(found)}."
        )
    return lines


def _of_model(examination: Examination, span: str) -> str:
    found = {
        (kind, reference): examination.skill(FULL, reference, ALL, kind, "RPS")
        for kind in (ONE_STEP, ORIGIN)
        for reference in SHOWN
    }
    clear = [key for key, skill in found.items() if skill.gain_low > 0]
    behind = [key for key, skill in found.items() if skill.gain <= 0]
    baselines = "persistence, climatology and structure alone"
    if len(clear) == len(found):
        return f"Given the events, the full model beats {baselines} in {span}, one step ahead and from the origin"
    if behind:
        names = "; ".join(f"{_named(reference)} {kind}" for kind, reference in behind)
        return f"The full model does not beat its baselines in {span}: it is behind {names}"
    if clear:
        names = "; ".join(f"{_named(reference)} {kind}" for kind, reference in clear)
        return (
            f"Given the events, the full model is ahead of {baselines} in {span}; the interval is clear of zero "
            f"against "
            f"{names} only"
        )
    return (
        f"Given the events, the full model is ahead of {baselines} in {span}, but no interval is clear of zero: "
        f"with so few "
        "changes of posture, luck is not ruled out"
    )


def _apart(examination: Examination) -> str:
    """Return what becomes of it without the clients that a repetition leaves out."""
    split = next((one for one in splits(examination.case) if one.name == "apart"), None)
    if split is None:
        return "."
    found = {
        (kind, reference): examination.skill(FULL, reference, split, kind, "RPS")
        for kind in (ONE_STEP, ORIGIN)
        for reference in SHOWN
    }
    named = " and ".join(split.unscored)
    behind = [key for key, skill in found.items() if skill.gain <= 0]
    if not behind:
        return f"; it stays ahead without {named}."
    names = ", ".join(f"{_named(reference)} {kind}" for kind, reference in behind)
    return f"; without {named} it is behind {names}."


def _named(name: str) -> str:
    return name.replace(BASELINE, f"structure alone ({BASELINE})")


def _percent(skill: Skill) -> str:
    if skill.skill_low < -9.995:
        return f"{100 * skill.skill:+.0f} % (95 % interval from below -999 to {100 * skill.skill_high:+.0f})"
    return f"{100 * skill.skill:+.0f} % (95 % interval {100 * skill.skill_low:+.0f} to {100 * skill.skill_high:+.0f})"


def _changes(examination: Examination) -> int:
    postures = examination.postures.posture
    rows = list(examination.periods)
    moved = postures[rows] != postures[[row - 1 for row in rows]]
    return int((moved & examination.cases(ALL)).sum())
