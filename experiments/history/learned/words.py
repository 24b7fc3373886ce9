"""Say in sentences what constants of other patrons foretell, and of which of them the data speak."""

from __future__ import annotations

from typing import TYPE_CHECKING

from papertiger.experiments.history.calibrate.plan import BASELINE
from papertiger.experiments.history.evaluate.scoring import ONE_STEP, ORIGIN
from papertiger.experiments.history.evaluate.verdict import gain_in_words, standing_of
from papertiger.experiments.history.learned.trial import BY_HAND, LEARNED, REFERENCES, STRUCTURE, trained_count
from papertiger.experiments.history.page.material import parameter_label
from papertiger.experiments.phrases import counted, listed, signed

if TYPE_CHECKING:
    from papertiger.experiments.history.learned.speaking import Constant
    from papertiger.experiments.history.learned.trial import Trial

ENOUGH_NATS = 1.0
"""A difference of evidence in nats below which it is hardly worth a mention (Jeffreys 1961)."""


def named(reference: str) -> str:
    """Return what sentences call a forecaster."""
    if reference == STRUCTURE:
        return f"structure alone ({BASELINE})"
    return f"the {reference}" if reference == BY_HAND else reference


def headline(trial: Trial) -> str:
    """Return how constants of other patrons stand, in one sentence."""
    plan, patron = trial.problem.plan, trial.problem.scenario.patron.name
    groups: dict[str, list[str]] = {}
    for kind in (ONE_STEP, ORIGIN):
        for reference in REFERENCES:
            groups.setdefault(standing_of(trial.against(reference, kind)), []).append(f"{named(reference)} {kind}")
    if set(groups) == {"beats"}:
        told = "they beat persistence, climatology, structure alone and the priors made by hand"
    else:
        told = "; ".join(f"what they say {standing} {listed(names)}" for standing, names in groups.items())
    return (
        f"Constants that were learned from other patrons, and never fitted to {patron}, on {plan.testing.first} to "
        f"{plan.testing.last}: {told}."
    )


def short(trial: Trial) -> str:
    """Return the same for the top of a figure."""
    patron = trial.problem.scenario.patron.name
    skills = [trial.against(reference, kind) for kind in (ONE_STEP, ORIGIN) for reference in REFERENCES]
    better = sum(standing_of(one) == "beats" for one in skills)
    worse = sum(standing_of(one) == "is clearly behind" for one in skills)
    if better == len(skills):
        told = "better than anything they are held against"
    elif better or worse:
        told = f"clearly better in {better} of {len(skills)} comparisons, clearly worse in {worse}"
    else:
        told = "neither clearly better nor clearly worse than what they are held against"
    return f"What other patrons taught, tried on {patron}: {told}"


def particulars(trial: Trial, constants: list[Constant]) -> list[str]:
    """Return what the headline rests on."""
    plan = trial.problem.plan
    lines = []
    for kind in (ONE_STEP, ORIGIN):
        told = "; ".join(
            f"{gain_in_words(trial.against(reference, kind))} over {named(reference)}" for reference in REFERENCES
        )
        lines.append(f"Gain in the ranked probability score, {kind}: {told}.")
    nats = trial.log_evidence(LEARNED) - trial.log_evidence(BY_HAND)
    weight = (
        "which is hardly worth a mention"
        if abs(nats) < ENOUGH_NATS
        else f"which speaks for the {LEARNED if nats > 0 else BY_HAND}"
    )
    lines.append(
        f"To the {counted(trained_count(trial.problem), 'step')} up to {plan.training.last}, of which neither has "
        f"seen anything, the {LEARNED} give {trial.log_evidence(LEARNED):.1f} nats and the {BY_HAND} "
        f"{trial.log_evidence(BY_HAND):.1f}: {signed(nats, 1)}, {weight}."
    )
    speaks = [one for one in constants if one.speaks]
    moved = [one for one in speaks if one.against_shipped]
    silent = [one for one in constants if not one.speaks]
    lines.append(
        f"The data speak of {len(speaks)} of {counted(len(constants), 'constant')}: "
        f"{listed([parameter_label(one.name) for one in speaks]) if speaks else 'none'}. For another value than the "
        f"one that ships they speak of {listed([parameter_label(one.name) for one in moved]) if moved else 'none'}."
    )
    if silent:
        lines.append(f"They say little or nothing of {listed([parameter_label(one.name) for one in silent])}.")
    narrow = [one for one in silent if one.narrow_in_logarithms]
    if narrow:
        told = listed([f"{parameter_label(one.name)} ({one.narrowed_in_logarithms:.0%})" for one in narrow])
        lines.append(
            f"The rule measures plain widths, and was not changed after the result; in logarithms less than half is "
            f"left of {told} as well, far from what ships."
        )
    lines += [
        f"That {parameter_label(one.name)} is 0 had a probability of {one.zero_before:.2f} before the data and has "
        f"{one.zero:.2f} after them."
        for one in constants
        if one.zero_before > 0.0
    ]
    return lines
