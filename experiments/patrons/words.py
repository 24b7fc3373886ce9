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
    from collections.abc import Iterator

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
    smallest = detectable(study.pieces[f"{outcome}-power-{mechanism.key}"], plan.power.target)
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
        verdict = WEAK if smallest is None else NONE
    return Finding(
        mechanism, outcome, effects, right, gained, study.gain(outcome, (mechanism.key,), ()),
        study.gain_later(outcome, keys, mechanism.over), placebos,
        float(np.mean(np.array(permuted) >= gained.total)),
        probability_of_zero(model, reference, plan.zero_prior), smallest, verdict, tuple(why),
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
    """Return the answer: the headline, what stands of each verdict, and what is seen in the sample alone."""
    every = findings(study)
    lines = [headline(study), f"Supported by the plan's rule: {_named(every, SUPPORTED) or 'nothing'}."]
    if opposite := _named(every, OPPOSITE):
        lines.append(f"Against what the mechanism says, with an interval clear of zero: {opposite}.")
    for outcome in OUTCOMES:
        mine = [one for one in every if one.outcome == outcome]
        if refused := _named(mine, NONE, of=False):
            lines.append(f"Not supported, though an effect could have been found, for {WORDS[outcome]}: {refused}.")
        if weak := _named(mine, WEAK, of=False):
            sizes = getattr(study.files.plan.power, outcome)
            unit = "a hazard ratio of" if outcome == BREAKS else "a shift of"
            lines.append(
                f"Cannot be told for {WORDS[outcome]}, since the rule would not have found {unit} {sizes[-1]:g} in "
                f"{study.files.plan.power.target:.0%} of simulations: {weak}."
            )
    seen = in_sample(study)
    lines.append(
        "In the sample alone, with an interval clear of zero (forecasts of other patrons are another question): "
        + ("; ".join(seen) if seen else "nothing")
        + "."
    )
    return lines


def _named(several: list[Finding], verdict: str, *, of: bool = True) -> str:
    """Name the mechanisms with a verdict, with what is missing."""
    parts = []
    for one in several:
        if one.verdict == verdict:
            about = ", ".join([*([WORDS[one.outcome]] if of else []), *one.why])
            parts.append(f"{one.mechanism.title} ({about})")
    return "; ".join(parts)


def in_sample(study: PatronStudy) -> list[str]:
    """Name the events whose interval leaves out zero in the fit to all patrons."""
    seen = []
    for outcome in OUTCOMES:
        for shared, _ in constants(study, outcome, events=True):
            if shared.low > 0.0 or shared.high < 0.0:
                seen.append(
                    f"{term_label(shared.name.partition(' ')[0])} ({WORDS[outcome]}, {effect_text(shared, outcome)})"
                )
    return seen


def constants(study: PatronStudy, outcome: str, *, events: bool = False) -> Iterator[tuple[Effect, list[Effect]]]:
    """Yield each term's shared effect with what each patron says, from the model where the term comes in last.

    Parameters
    ----------
    study
        Carried out.
    outcome
        ``breaks`` or ``closeness``.
    events
        Leave out terms that are states.
    """
    plan = study.files.plan
    for mechanism in plan.mechanisms:
        keys = plan.whole if mechanism.key in plan.whole else (*mechanism.over, mechanism.key)
        model = study.model(outcome, keys)
        terms = {term.name for term in mechanism.terms if term.kind == "event" or not events}
        for place, name in enumerate(model["columns"]):
            if name.partition(" ")[0] in terms:
                own = [Effect(name, mean, sd) for mean, sd in model["patrons"][name]]
                yield Effect(name, model["mean"][place], model["sd"][place]), own


TERMS = {
    "capability_ratio": "capability, client to patron",
    "distance": "distance",
    "rivalries": "rivalries",
    "pledge_age": "age of the pledge",
    "bilateral": "bilateral pledge",
    "irregular_exit": "irregular exit of the ruler",
    "sols_change": "change of the source of support",
    "mid_patron": "dispute with the patron",
    "sanction_onset": "sanction of the patron",
    "att_none": "left alone",
    "att_help": "helped",
    "wit_region_att_none": "others left alone",
    "patron_war": "patron at war",
    "att_none_in_war": "left alone, patron at war",
    "rival_new": "a rival's pledge",
}
"""What pages call the terms of the plan; a term without a name of its own has the column's."""


def term_label(name: str) -> str:
    """Return what a page calls a term."""
    base, _, part = name.partition(" ")
    return " ".join(filter(None, (TERMS.get(base, base.replace("_", " ")), f"({part})" if part else "")))


def hazard_ratio(effect: Effect) -> str:
    """Return a log hazard ratio as a ratio with its interval."""
    return f"{np.exp(effect.mean):.2f} [{np.exp(effect.low):.2f}, {np.exp(effect.high):.2f}]"


def effect_text(effect: Effect, outcome: str) -> str:
    """Return an effect as a hazard ratio, or as a shift in standard deviations."""
    if outcome == BREAKS:
        return f"HR {hazard_ratio(effect)}"
    part = effect.name.partition(" ")[2]
    text = f"{signed(effect.mean, 3)} [{signed(effect.low, 3)}, {signed(effect.high, 3)}]"
    return f"{part} {text}" if part else text
