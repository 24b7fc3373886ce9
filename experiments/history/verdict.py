"""The verdict in words: whether the model tells more than its baselines, whichever way it falls."""

from __future__ import annotations

from typing import TYPE_CHECKING

from experiments.history.plan import BASELINE, FULL
from experiments.history.scoring import ALL, CLIMATOLOGY, ONE_STEP, ORIGIN, PERSISTENCE, Examination, Split

if TYPE_CHECKING:
    from experiments.history.skill import Skill

SHOWN = (PERSISTENCE, CLIMATOLOGY, BASELINE)
CLEAR, LEANING, WORSE = "beats", "is ahead of", "does not beat"


def verdict(examination: Examination, split: Split = ALL) -> list[str]:
    """Return the verdict on the full model, the most important sentence first.

    Parameters
    ----------
    examination
        Of the full model and its baselines.
    split
        Who is learned from and scored.
    """
    plan = examination.case.plan
    found = {
        (kind, reference): examination.skill(FULL, reference, split, kind, "RPS")
        for kind in (ONE_STEP, ORIGIN)
        for reference in (CLIMATOLOGY, BASELINE)
    }
    clear = [key for key, skill in found.items() if skill.gain_low > 0]
    behind = [key for key, skill in found.items() if skill.gain <= 0]
    span = f"{plan.testing.first} to {plan.testing.last}"
    if len(clear) == len(found):
        first = f"The full model beats climatology and structure alone in {span}, one step ahead and from the origin."
    elif behind:
        names = "; ".join(f"{reference} {kind}" for kind, reference in behind)
        first = f"The full model does not beat its baselines in {span}: it is behind {_named(names)}."
    elif clear:
        names = "; ".join(f"{reference} {kind}" for kind, reference in clear)
        first = (
            f"The full model is ahead of climatology and of structure alone in {span}; the interval is clear of zero "
            f"against {_named(names)} only."
        )
    else:
        first = (
            f"The full model is ahead of climatology and of structure alone in {span}, but no interval is clear of "
            "zero: with so few changes of posture, luck is not ruled out."
        )
    lines = [first]
    for kind in (ONE_STEP, ORIGIN):
        said = ", ".join(f"{_percent(found[kind, name])} against {_named(name)}" for name in (CLIMATOLOGY, BASELINE))
        lines.append(f"Skill by the ranked probability score, {kind}: {said}.")
    some = next(iter(found.values()))
    changes = _changes(examination, split)
    lines.append(
        f"The test has {some.cases} client-half-years of {some.clients} clients, and {changes} changes of posture."
    )
    return lines


def _named(name: str) -> str:
    return name.replace(BASELINE, f"structure alone ({BASELINE})")


def _percent(skill: Skill) -> str:
    if skill.skill_low < -9.995:
        return f"{100 * skill.skill:+.0f} % (95 % interval from below -999 to {100 * skill.skill_high:+.0f})"
    return f"{100 * skill.skill:+.0f} % (95 % interval {100 * skill.skill_low:+.0f} to {100 * skill.skill_high:+.0f})"


def _changes(examination: Examination, split: Split) -> int:
    postures = examination.postures.posture
    rows = list(examination.periods)
    moved = postures[rows] != postures[[row - 1 for row in rows]]
    return int((moved & examination.cases(split)).sum())
