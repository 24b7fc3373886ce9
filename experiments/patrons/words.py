"""Say what a study of patrons came to: one verdict a mechanism and outcome, by the plan's rule, and the answer."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from papertiger.experiments.patrons.placebos import LATER, OTHERS, PERMUTED
from papertiger.experiments.patrons.power import SIGNS, detectable, right_sign
from papertiger.experiments.patrons.scores import probability_of_zero
from papertiger.experiments.patrons.study import BREAKS, CLOSENESS, OUTCOMES
from papertiger.experiments.phrases import listed, signed

if TYPE_CHECKING:
    from papertiger.experiments.patrons.plan import Mechanism
    from papertiger.experiments.patrons.scores import Gain
    from papertiger.experiments.patrons.study import PatronStudy

QUANTILE = 1.959964
SUPPORTED, OPPOSITE, WEAK, NONE = "supported", "opposite sign", "cannot be told", "not supported"
WORDS = {BREAKS: "broken pledges", CLOSENESS: "closeness"}
PLACEBO_WORDS = {LATER: "later events", OTHERS: "other patrons' clients", PERMUTED: "permuted dates"}


@dataclass(frozen=True)
class Effect:
    """Hold a coefficient: what it is of, where it lies and how sure that is."""

    name: str
    mean: float
    sd: float

    @property
    def low(self) -> float:
        """Return the lower end of its interval of 95 %."""
        return self.mean - QUANTILE * self.sd

    @property
    def high(self) -> float:
        """Return the upper end."""
        return self.mean + QUANTILE * self.sd


@dataclass(frozen=True)
class Finding:
    """Hold what was found of a mechanism for an outcome.

    Attributes
    ----------
    mechanism, outcome
        What it is of.
    effects
        Of the leading term: one, or two where words and arms are shifted apart.
    right
        Whether they have the sign that the mechanism says.
    gain, alone, later
        On patrons that were left out, added as the plan says; alone over the climatology; and on the later years.
    placebos
        Gains by placebo, of permuted dates the mean.
    permuted_as_good
        Share of the permutations that gain at least as much.
    zero
        Probability that it does nothing.
    detectable
        The smallest effect that would have been found, None beyond those that were tried.
    verdict, why
        By the plan's rule, and what is missing where it is not supported.
    """

    mechanism: Mechanism
    outcome: str
    effects: tuple[Effect, ...]
    right: bool
    gain: Gain
    alone: Gain
    later: Gain | None
    placebos: dict[str, float]
    permuted_as_good: float
    zero: float
    detectable: float | None
    verdict: str
    why: tuple[str, ...]

    @property
    def worst_placebo(self) -> tuple[str, float]:
        """Return the placebo that gains most."""
        name = max(self.placebos, key=lambda one: self.placebos[one])
        return name, self.placebos[name]


def effects_of(study: PatronStudy, outcome: str, mechanism: Mechanism) -> tuple[Effect, ...]:
    """Return the coefficients of a mechanism's leading term."""
    model, _ = study.with_and_without(outcome, mechanism)
    name = mechanism.terms[0].name
    names = {name, f"{name} words", f"{name} arms"}
    places = [place for place, name in enumerate(model["columns"]) if name in names]
    return tuple(Effect(model["columns"][place], model["mean"][place], model["sd"][place]) for place in places)


def finding(study: PatronStudy, outcome: str, mechanism: Mechanism) -> Finding:
    """Return what was found of a mechanism for an outcome, and the verdict by the plan's rule."""
    plan = study.files.plan
    keys = (*mechanism.over, mechanism.key)
    model, reference = study.with_and_without(outcome, mechanism)
    effects = effects_of(study, outcome, mechanism)
    gained = study.gain(outcome, keys, mechanism.over)
    stored = study.pieces[f"{outcome}-placebos-{mechanism.key}"]
    permuted = [value for name, value in stored.items() if name.startswith(PERMUTED)]
    placebos = {name: value for name, value in stored.items() if not name.startswith(PERMUTED)}
    placebos[PERMUTED] = float(np.mean(permuted))
    right = right_sign([one.mean for one in effects], mechanism, outcome)
    found = detectable(study.pieces[f"{outcome}-power-{mechanism.key}"], plan.power.target)
    why = []
    if not right:
        why.append("wrong sign")
    if not gained.clear:
        why.append("no clear gain")
    elif max(placebos.values()) >= plan.support.placebo_share * gained.total:
        name = max(placebos, key=lambda one: placebos[one])
        why.append(f"{PLACEBO_WORDS[name]} gain too")
    if not why:
        verdict = SUPPORTED
    elif _opposite(effects, mechanism, outcome):
        verdict = OPPOSITE
    else:
        verdict = WEAK if found is None else NONE
    return Finding(
        mechanism, outcome, effects, right, gained, study.gain(outcome, (mechanism.key,), ()),
        study.gain_later(outcome, keys, mechanism.over), placebos,
        float(np.mean(np.array(permuted) >= gained.total)),
        probability_of_zero(model, reference, plan.zero_prior), found, verdict, tuple(why),
    )  # fmt: skip


def _opposite(effects: tuple[Effect, ...], mechanism: Mechanism, outcome: str) -> bool:
    """Tell whether an interval of the leading term lies wholly on the wrong side."""
    if mechanism.terms[0].sign == "0":
        return False
    sign = SIGNS[mechanism.terms[0].sign] * (1.0 if outcome == BREAKS else -1.0)
    return any(max(sign * one.low, sign * one.high) < 0.0 for one in effects)


def findings(study: PatronStudy) -> list[Finding]:
    """Return what was found of every mechanism, for both outcomes."""
    return [finding(study, outcome, mechanism) for mechanism in study.files.plan.mechanisms for outcome in OUTCOMES]


def gain_in_words(gained: Gain) -> str:
    """Return a gain with the wider ends of both intervals."""
    return f"{signed(gained.total, 1)} nats [{signed(gained.low, 1)}, {signed(gained.high, 1)}]"


def headline(study: PatronStudy) -> str:
    """Say whether the whole model forecasts patrons that it was not learned from better than climatology."""
    whole = study.files.plan.whole
    gains = {outcome: study.gain(outcome, whole, ()) for outcome in OUTCOMES}
    parts = listed([f"{WORDS[outcome]} {gain_in_words(gains[outcome])}" for outcome in OUTCOMES])
    clear = [outcome for outcome in OUTCOMES if gains[outcome].clear]
    if len(clear) == len(OUTCOMES):
        return f"The model of both outcomes forecasts patrons that were left out better than climatology: {parts}."
    worse = [outcome for outcome in OUTCOMES if gains[outcome].clients[1] < 0 and gains[outcome].periods[1] < 0]
    if clear:
        begun = f"Only for {WORDS[clear[0]]} does the whole model forecast patrons that were left out better than"
    elif worse:
        begun = f"The whole model forecasts patrons that were left out no better, for {WORDS[worse[0]]} worse, than"
    else:
        begun = "The whole model does not clearly forecast patrons that were left out better than"
    return f"{begun} climatology: {parts}."


def answer(study: PatronStudy) -> list[str]:
    """Return the answer: the headline, and what stands of each verdict."""
    found = findings(study)
    lines = [headline(study)]
    for verdict, begun in (
        (SUPPORTED, "Supported by the plan's rule"),
        (OPPOSITE, "Against what the mechanism says"),
        (NONE, "Not supported"),
        (WEAK, "Cannot be told, since no effect that was tried would have been found"),
    ):
        named = [
            f"{one.mechanism.title} ({WORDS[one.outcome]}{': ' + ', '.join(one.why) if one.why else ''})"
            for one in found
            if one.verdict == verdict
        ]
        lines.append(f"{begun}: {'; '.join(named) if named else 'nothing'}.")
    return lines
