"""Say the verdict in words: whether the model tells more than its baselines, whichever way it falls."""

from __future__ import annotations

from typing import TYPE_CHECKING

from papertiger.experiments.history.calibrate.plan import BASELINE, FULL
from papertiger.experiments.history.evaluate.scoring import (
    ALL,
    CLIMATOLOGY,
    MIXTURE,
    ONE_STEP,
    ORIGIN,
    PERSISTENCE,
    Examination,
    splits,
)
from papertiger.experiments.history.observed.periods import noun_of
from papertiger.experiments.phrases import counted, listed

if TYPE_CHECKING:
    from collections.abc import Mapping

    from papertiger.experiments.history.evaluate.skill import Skill

LEAST_SKILL = -2.0
"""Skill below this is a division by next to nothing: the gain is given alone."""
FEW_CHANGES = 20
"""Up to so many changes of posture in the test are called few."""
SHOWN = (PERSISTENCE, CLIMATOLOGY, BASELINE)


def verdict(examination: Examination) -> list[str]:
    """Return the verdict, the most important sentence first.

    An archived forecast comes before all else: it alone did not know the events.

    Parameters
    ----------
    examination
        Of the full model and its baselines, and perhaps of an archive.
    """
    plan = examination.problem.plan
    span = f"{plan.testing.first} to {plan.testing.last}"
    lines = [*_of_archive(examination, span), f"{_of_model(examination, span)}{_apart(examination)}"]
    for kind in (ONE_STEP, ORIGIN):
        said = "; ".join(
            f"{gain_in_words(examination.skill(FULL, name, ALL, kind, 'RPS'))} over {_named(name)}" for name in SHOWN
        )
        lines.append(f"Gain in the ranked probability score, {kind}: {said}.")
    some = examination.skill(FULL, CLIMATOLOGY, ALL, ONE_STEP, "RPS")
    lines.append(
        f"The test has {counted(some.steps, f'client-{noun_of(plan.testing.first)}')} of "
        f"{counted(some.clients, 'client')}, and "
        f"{counted(_changes(examination), 'change')} of posture."
    )
    return lines


def _of_archive(examination: Examination, span: str) -> list[str]:
    """Return how the archived forecast did: the mixture that was declared, or that none was; its paths beside it."""
    archive = examination.archive
    if archive is None:
        return []
    skills = {name: examination.skill(name, CLIMATOLOGY, ALL, ORIGIN, "RPS") for name in examination.archived}
    paths = "; ".join(
        f"{name.partition(', ')[2]} {gain_in_words(skill)}" for name, skill in skills.items() if name != MIXTURE
    )
    if (skill := skills.get(MIXTURE)) is None:
        return [
            f"The forecast of {archive.made} declared no weights of the war's paths, so that none of them is its "
            f"score in {span}; gains over climatology: {paths}."
        ]
    return [
        f"The forecast of {archive.made} {standing_of(skill)} climatology in {span}: a gain of "
        f"{gain_in_words(skill)}.",
        f"Beside it, each path of the war by itself: {paths}; the forecast is their mixture.",
    ]


def standing_of(skill: Skill) -> str:
    """Say how a forecaster stands to its reference, by the interval of its gain."""
    if skill.verdict == "higher":
        return "beats"
    if skill.verdict == "lower":
        return "is clearly behind"
    if skill.verdict == "no difference" or skill.gain == 0:
        return "does as well as"
    return f"is {'ahead of' if skill.gain > 0 else 'behind'}, but not clearly,"


def _standings(skills: Mapping[tuple[str, str], Skill]) -> str:
    """Say how the full model stands to some references, those to which it stands alike together."""
    groups: dict[str, list[str]] = {}
    for (kind, reference), skill in skills.items():
        groups.setdefault(standing_of(skill), []).append(f"{_named(reference)} {kind}")
    return "; it ".join(f"{standing} {listed(names)}" for standing, names in groups.items())


def _of_model(examination: Examination, span: str) -> str:
    skills = {
        (kind, reference): examination.skill(FULL, reference, ALL, kind, "RPS")
        for kind in (ONE_STEP, ORIGIN)
        for reference in SHOWN
    }
    clear = [key for key, skill in skills.items() if skill.verdict == "higher"]
    behind = {key: skill for key, skill in skills.items() if skill.gain <= 0}
    baselines = "persistence, climatology and structure alone"
    if len(clear) == len(skills):
        return f"Given the events, the full model beats {baselines} in {span}, one step ahead and from the origin"
    if behind:
        rest = {key: skills[key] for key in clear}
        return f"The full model does not beat its baselines in {span}: it {_standings(behind | rest)}"
    if clear:
        names = "; ".join(f"{_named(reference)} {kind}" for kind, reference in clear)
        return (
            f"Given the events, the full model is ahead of {baselines} in {span}; the interval is clear of zero "
            f"against {names} only"
        )
    few = "with so few changes of posture, " if _changes(examination) <= FEW_CHANGES else ""
    return (
        f"Given the events, the full model is ahead of {baselines} in {span}, but no interval is clear of zero: "
        f"{few}luck is not ruled out"
    )


def _apart(examination: Examination) -> str:
    """Return what becomes of it without the clients that a repetition leaves out."""
    split = next((one for one in splits(examination.problem) if one.name == "apart"), None)
    if split is None:
        return "."
    skills = {
        (kind, reference): examination.skill(FULL, reference, split, kind, "RPS")
        for kind in (ONE_STEP, ORIGIN)
        for reference in SHOWN
    }
    named = " and ".join(split.unscored)
    behind = {key: skill for key, skill in skills.items() if skill.gain <= 0}
    if behind:
        return f"; without {named} it {_standings(behind)}."
    with_all = [examination.skill(FULL, reference, ALL, kind, "RPS").gain for kind, reference in skills]
    clear = [f"{_named(reference)} {kind}" for (kind, reference), one in skills.items() if one.verdict == "higher"]
    how = "" if len(clear) == len(skills) else f", clearly of {listed(clear)} only" if clear else ", but not clearly"
    return f"; it {'stays' if min(with_all) > 0 else 'is'} ahead without {named}{how}."


def _named(name: str) -> str:
    return name.replace(BASELINE, f"structure alone ({BASELINE})")


def gain_in_words(skill: Skill) -> str:
    """Return a gain with its interval, and as a share of the reference's score where that is not next to nothing."""
    share = f", {100 * skill.skill:+.0f} %" if skill.skill >= LEAST_SKILL else ""
    if skill.without_interval:
        return f"{skill.gain:+.4f} ({skill.without_interval}{share})"
    return f"{skill.gain:+.4f} (95 % interval {skill.gain_low:+.4f} to {skill.gain_high:+.4f}{share})"


def _changes(examination: Examination) -> int:
    postures = examination.postures.posture
    rows = list(examination.periods)
    moved = postures[rows] != postures[[row - 1 for row in rows]]
    return int((moved & examination.scored_steps(ALL)).sum())
