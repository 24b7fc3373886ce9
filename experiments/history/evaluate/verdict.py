"""The verdict in words: whether the model tells more than its baselines, whichever way it falls."""

from __future__ import annotations

import math
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
from papertiger.experiments.report.phrases import counted

if TYPE_CHECKING:
    from papertiger.experiments.history.evaluate.skill import Skill

LEAST_SKILL = -2.0
"""Skill below this is a division by next to nothing: the gain is given in place of it."""
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
        f"The test has {counted(some.cases, 'client-half-year')} of {counted(some.clients, 'client')}, and "
        f"{counted(_changes(examination), 'change')} of posture."
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
        lines.append(
            f"The forecast of {archive.made} ({name.partition(', ')[2]}) {_standing(found)} climatology in {span}: "
            f"{_percent(found)}."
        )
    return lines


def _standing(skill: Skill) -> str:
    """Say how a forecaster stands to its reference, by the interval of its gain."""
    if skill.verdict == "higher":
        return "beats"
    if skill.verdict == "lower":
        return "is clearly behind"
    if skill.verdict == "no difference" or skill.gain == 0:
        return "does as well as"
    return f"is {'ahead of' if skill.gain > 0 else 'behind'}, but not clearly,"


def _of_model(examination: Examination, span: str) -> str:
    found = {
        (kind, reference): examination.skill(FULL, reference, ALL, kind, "RPS")
        for kind in (ONE_STEP, ORIGIN)
        for reference in SHOWN
    }
    clear = [key for key, skill in found.items() if skill.verdict == "higher"]
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
            f"against {names} only"
        )
    return (
        f"Given the events, the full model is ahead of {baselines} in {span}, but no interval is clear of zero: "
        "with so few changes of posture, luck is not ruled out"
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
    if not math.isfinite(skill.skill) or skill.skill < LEAST_SKILL:
        gains = (skill.gain, skill.gain_low, skill.gain_high)
        gain, low, high = (f"{value:+.4f}" for value in gains)
        return (
            f"gain {gain} (95 % interval {low} to {high}) in units of the score, since the reference is near perfect"
        )
    if skill.skill_low < -9.995:
        return f"{100 * skill.skill:+.0f} % (95 % interval from below -999 to {100 * skill.skill_high:+.0f})"
    return f"{100 * skill.skill:+.0f} % (95 % interval {100 * skill.skill_low:+.0f} to {100 * skill.skill_high:+.0f})"


def _changes(examination: Examination) -> int:
    postures = examination.postures.posture
    rows = list(examination.periods)
    moved = postures[rows] != postures[[row - 1 for row in rows]]
    return int((moved & examination.cases(ALL)).sum())
